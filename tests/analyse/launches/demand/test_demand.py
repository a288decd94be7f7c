"""Demand of a promotion by hand: uplift, capacity used, promotions beside it, and what would be borne."""

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspromised.analyse.launches.demand.demand import demand
from aspromised.analyse.launches.demand.headroom import at_desk
from aspromised.stats.break_even import BELOW, HOLDS, NO_RELATION, TOO_FEW, break_even, utilisation_model
from aspromised.stats.fluid_queue import backlog, max_load, share_in_time
from tests.analyse.shelf import shelf

FIRST = date(2026, 1, 1)
LAUNCHED = (date(2026, 5, 1) - FIRST).days


def days_of(count: int = 240):
    return [FIRST + timedelta(days=number) for number in range(count)]


def is_run(number: int) -> bool:
    return LAUNCHED <= number < LAUNCHED + 10


def snapshot_of(load: list[dict], came: list[dict], usual: list[dict] | None = None, **more):
    """A snapshot with a promotion of ten days from 1 May 2026 that leans on p, expected to bring 20 % more."""
    promotions = [
        {"promotion_id": "spring", "says": "Spring", "launched": "2026-05-01 07:00", "ends": "2026-05-10 22:59",
         "leans_on": ["p"], "expects_demand": 0.2, "basis": "a guess"},
        *more.pop("promotions", []),
    ]  # fmt: skip
    found = shelf(
        more.pop("as_of", "2026-08-28"),
        promotion=promotions,
        promise=[{"target": 0.9}],
        promise_version=[{"target": 0.9}],
        **more,
    )
    for table, rows in (("load_daily", load), ("demand_daily", came), ("usual_daily", usual or [])):
        if rows:
            found.con.register("rows", pa.Table.from_pandas(pd.DataFrame(rows), preserve_index=False))
            found.con.execute(f"insert into {table} by name from rows")
    return found


def steady_load(available: float = 100.0) -> list[dict]:
    return [
        {"capacity": "picking", "day": day, "available": available, "load": 104.0 if is_run(number) else 80.0,
         "promoted": 24.0 if is_run(number) else 0.0, "usual": 80.0, "expected_uplift": 0.2 if is_run(number) else 0.0}
        for number, day in enumerate(days_of())
    ]  # fmt: skip


def steady_demand() -> list[dict]:
    rows = [{"source": "orders", "day": day, "brought": None, "items": 80} for day in days_of()]
    mine = [
        {"source": "orders", "day": day, "brought": "spring", "items": 24}
        for number, day in enumerate(days_of())
        if is_run(number)
    ]
    return rows + mine


def test_80_a_day_and_then_104_are_30_percent_more():
    found = demand(snapshot_of(steady_load(), steady_demand()), "spring").seen
    assert (found.items, found.brought) == (1040, 240)
    assert found.usual == pytest.approx(800, rel=1e-3)
    assert found.share == pytest.approx(0.3, abs=0.01)
    assert 0.15 < found.low < 0.3 < found.high < 0.45


def test_items_of_another_promotion_are_not_this_ones_uplift():
    others = [
        {**row, "brought": "other", "items": 50} for row in steady_demand() if row["brought"] == "spring"
    ]
    found = demand(snapshot_of(steady_load(), steady_demand() + others), "spring").seen
    assert found.items == 1040


def until(rows: list[dict], last: date, first: date = FIRST) -> list[dict]:
    return [row for row in rows if first <= row["day"] <= last]


def test_a_day_that_is_still_running_is_compared_with_no_whole_one():
    """At nine in the morning of the second day 5 have come: the first day alone tells."""
    load, came = until(steady_load(), date(2026, 5, 2)), until(steady_demand(), date(2026, 5, 1))
    load[-1] |= {"load": 5.0}
    came.append({"source": "orders", "day": date(2026, 5, 2), "brought": None, "items": 5})
    found = demand(snapshot_of(load, came, as_of="2026-05-02T09:00:00"), "spring")
    assert (found.seen.days, found.seen.items) == (1, 104)
    assert found.seen.share == pytest.approx(0.3, abs=0.01)
    assert "104 orders came in the 1 day it has run" in found.sentence
    assert (found.used.iloc[0]["days"], found.used.iloc[0]["used"]) == (1, pytest.approx(1.04))


def test_on_the_day_of_the_launch_nothing_is_told_of_what_came():
    load, came = (until(rows, date(2026, 5, 1)) for rows in (steady_load(), steady_demand()))
    found = demand(snapshot_of(load, came, as_of="2026-05-01T09:00:00"), "spring")
    assert found.seen is None and found.used.iloc[0]["days"] == 0
    assert "No whole day of it has passed yet, so what it brought cannot be told." in found.sentence


@pytest.mark.parametrize("last", [date(2026, 4, 20), date(2026, 4, 30)])
def test_a_promotion_after_its_sources_last_day_is_told_unknown(last):
    found = demand(snapshot_of([], until(steady_demand(), last)), "spring")
    assert (found.seen.days, found.seen.share) == (0, None)
    assert f"from 1 Jan 2026 to {last.day} Apr 2026 only, and none of the 10 days it ran" in found.sentence


def test_a_promotion_before_its_sources_first_day_is_told_unknown():
    found = demand(snapshot_of([], until(steady_demand(), date.max, date(2026, 5, 11))), "spring")
    assert (found.seen.days, found.seen.items, found.seen.share) == (0, 0, None)


@pytest.mark.parametrize(
    ("first", "last", "days"), [(FIRST, date(2026, 5, 4), 4), (date(2026, 5, 8), date(2026, 8, 28), 3)]
)
def test_only_the_days_a_source_knows_are_counted_and_compared(first, last, days):
    found = demand(snapshot_of([], until(steady_demand(), last, first)), "spring")
    assert (found.seen.days, found.seen.items, found.seen.brought) == (days, days * 104, days * 24)
    assert found.seen.share == pytest.approx(0.3, abs=0.02)
    assert f"came on the {days} days that are known of the 10 days it ran" in found.sentence


def test_a_day_without_items_between_days_that_have_some_is_a_day_of_none():
    came = [row for row in steady_demand() if row["day"] != date(2026, 5, 3)]
    seen = demand(snapshot_of([], came), "spring").seen
    assert (seen.days, seen.items) == (10, 936)


def test_the_capacity_used_is_counted_over_the_days_of_the_promotion():
    row = demand(snapshot_of(steady_load(), steady_demand()), "spring").used.iloc[0]
    assert (row["days"], row["load"], row["available"], row["days_over"]) == (10, 1040, 1000, 10)
    assert row["used"] == pytest.approx(1.04) and row["busiest"] == pytest.approx(1.04)
    assert row["left_over"] == pytest.approx(40)


def test_promotions_on_the_same_days_are_named_and_told_together():
    beside = {"promotion_id": "summer", "says": "Summer", "launched": "2026-05-10 07:00", "ends": None,
              "leans_on": ["p"], "expects_demand": 0.15}  # fmt: skip
    load = [row | {"expected_uplift": row["expected_uplift"] and 0.35} for row in steady_load()]
    found = demand(snapshot_of(load, steady_demand(), promotions=[beside]), "spring")
    assert found.beside["promotion_id"].tolist() == ["summer"]
    assert "With the promotions beside it, 35 % more was to be expected together." in found.sentence


def test_a_promotion_that_starts_the_day_after_the_end_is_not_beside():
    after = {"promotion_id": "summer", "launched": "2026-05-11 07:00", "ends": None, "leans_on": ["p"]}
    assert demand(snapshot_of(steady_load(), steady_demand(), promotions=[after]), "spring").beside.empty


def test_a_planned_promotion_tells_what_is_expected_and_nothing_seen():
    planned = {
        "promotion_id": "later",
        "launched": "2026-09-10 07:00",
        "leans_on": ["p"],
        "expects_demand": 0.7,
    }
    found = demand(snapshot_of(steady_load(), steady_demand(), promotions=[planned]), "later")
    assert found.seen is None
    assert found.sentence == "70 % more is expected."


def test_the_demand_as_json_has_nulls_for_what_cannot_be_told():
    told = demand(snapshot_of(steady_load(), []), "spring").as_json()
    assert told["seen"] is None and told["expected"] == 0.2
    assert told["capacity"][0]["days"] == 10
    assert told["bears"][0]["seen"]["state"] == TOO_FEW


# -- what would be borne: the observed relation


def pressed_days(level: float = 0.03, slope: float = 6.0, seed: int = 1, most: float = 1.5) -> pd.DataFrame:
    """300 days of 500 items; more breaks on days with more work than can be done, or on none (slope 0)."""
    rng = np.random.default_rng(seed)
    load = rng.uniform(50, 100 * most, 300) * np.tile(
        [1, 0.2, 0.2], 100
    )  # two calm days after each, so nothing piles up
    odds = np.log(level / (1 - level)) + slope * np.log(np.maximum(load / 100, 1))
    broken = rng.binomial(500, 1 / (1 + np.exp(-odds)))
    return pd.DataFrame({"day": range(300), "load": load, "available": 100.0, "items": 500, "broken": broken})


def test_break_even_is_where_the_planted_relation_crosses_the_target():
    found = break_even(utilisation_model(pressed_days()), np.array([80.0]), np.array([100.0]), 0.9)
    at = np.exp((np.log(1 / 9) - np.log(0.03 / 0.97)) / 6) / 0.8
    assert found.state == HOLDS and not found.is_beyond
    assert found.times == pytest.approx(at, abs=0.03)
    assert found.low <= found.times <= found.high


def test_break_even_beyond_what_was_seen_says_so():
    found = break_even(utilisation_model(pressed_days(most=1.2)), np.array([80.0]), np.array([100.0]), 0.7)
    assert found.is_beyond


def test_a_promise_below_its_target_has_no_break_even():
    assert (
        break_even(utilisation_model(pressed_days()), np.array([80.0]), np.array([100.0]), 0.99).state
        == BELOW
    )


def test_where_lateness_does_not_go_with_load_no_number_is_given():
    found = break_even(utilisation_model(pressed_days(slope=0.0)), np.array([80.0]), np.array([100.0]), 0.9)
    assert (found.state, found.times) == (NO_RELATION, None)


def test_few_days_tell_nothing():
    assert utilisation_model(pressed_days().head(40)) is None
    assert break_even(None, np.array([80.0]), np.array([100.0]), 0.9).state == TOO_FEW


def test_a_promise_that_would_bear_everything_tried_is_told_without_a_number():
    found = break_even(utilisation_model(pressed_days(slope=1.0)), np.array([50.0]), np.array([100.0]), 0.2)
    assert math.isinf(found.times) and found.is_beyond


# -- what would be borne: the backlog


def test_work_of_three_days_waits_as_counted_by_hand():
    """10 can be done a day. 10, 30 and 5 come: 0, 20 and 15 are left; of the 30, 10 are done at once and 10 a day later."""
    load, able = np.array([10.0, 30.0, 5.0, 0.0, 0.0]), np.full(5, 10.0)
    assert backlog(load, able).tolist() == [0, 20, 15, 5, 0]
    assert share_in_time(load, able, 0) == pytest.approx(20 / 45)
    assert share_in_time(load, able, 1) == pytest.approx(30 / 45)
    assert share_in_time(load, able, 2) == pytest.approx(45 / 45)


def test_work_that_exceeds_what_can_be_done_is_never_said_to_fit():
    load, able = np.full(20, 10.0), np.full(20, 9.0)
    assert max_load(load, able, 2, 0.9) <= 0.9 + 1e-3
    assert max_load(np.zeros(5), np.full(5, 9.0), 1, 0.9) is None
    assert max_load(load, np.zeros(20), 1, 0.9) is None


@given(st.lists(st.integers(0, 30), min_size=3, max_size=25), st.integers(1, 20), st.integers(0, 3))
def test_units_one_by_one_in_a_queue_agree_with_the_backlog(load, able, days):
    came = [day for day, units in enumerate(load) for _ in range(units)]
    queue, done = [], {}
    waiting = []
    for day, units in enumerate(load):
        queue += [day] * units
        for _ in range(min(able, len(queue))):
            unit = queue.pop(0)
            done.setdefault(unit, []).append(day)
        waiting.append(len(queue))
    found = backlog(np.array(load, dtype=float), np.full(len(load), float(able)))
    assert found.tolist() == waiting
    early = [day for day in came if day < len(load) - days]
    share = share_in_time(np.array(load, dtype=float), np.full(len(load), float(able)), days)
    if not early:
        assert share is None
    else:
        in_time = sum(1 for day in set(early) for when in done.get(day, []) if when - day <= days)
        assert share == pytest.approx(in_time / len(early))


# -- what would be borne: agents


def desk_row(agents: int) -> pd.Series:
    return pd.Series({"capacity": "phones", "agents": agents, "handling_seconds": 180.0, "within_seconds": 20.0,
                      "kept_at_least": 0.8, "open_seconds": 1800.0, "usual": 100.0})  # fmt: skip


def test_agents_bear_nine_percent_more_calls_in_the_published_case():
    found = at_desk(desk_row(14))
    assert found.in_time == pytest.approx(0.88835, abs=1e-5)
    assert found.times == pytest.approx(1.09, abs=0.01)


def test_too_few_agents_cannot_and_no_number_is_given():
    found = at_desk(desk_row(9))
    assert (found.in_time, found.busy, found.times) == (None, None, None)
