"""Harm by hand: what was expected, what was seen, and what may be said of a launch."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspromised.analyse.launches.detail.opened import open_launch
from aspromised.analyse.launches.effect.baseline import quiet_days, usual_days
from aspromised.analyse.launches.effect.excess import Usual, excess_rows
from aspromised.analyse.launches.effect.harm import HARM_COLUMNS, harm
from aspromised.analyse.launches.readiness.span import span
from aspromised.analyse.rates.versions import claims_on
from aspromised.stats.expected_rate import expected_broken
from aspromised.stats.overdispersion import History, prediction_interval, quiet_stretches
from aspromised.words.problems import MisuseError
from tests.analyse.shelf import shelf
from tests.analyse.small_world import LAUNCH, ONE_VERSION, small_world

FIRST = date(2026, 1, 1)


def plain_days(days: int, launched: int, harm: int, **more: object) -> list[dict[str, object]]:
    """100 items a day of which 10 break, `harm` more in the ten days from `launched`; quiet but for those and a week."""
    rows = []
    for number in range(days):
        inside = launched <= number < launched + 10
        quiet = not launched <= number < launched + 17
        broken = 10 + (harm if inside else 0)
        rows.append({"day": FIRST + timedelta(days=number), "version": 1, "outside": False, "quiet": quiet,
                     "items": 100, "broken": broken, "open": 0, "expected": 10.0, "spread": 9.0, **more})  # fmt: skip
    return rows


def on_the_shelf(rows: list[dict[str, object]], **promotion: object):
    """A snapshot with one promotion launched on 1 May 2026 that leans on p."""
    told = {"promotion_id": "spring", "says": "Spring", "launched": "2026-05-01 07:00", "leans_on": ["p"],
            "ends": "2026-05-10 22:59:59.999999", **promotion}  # fmt: skip
    snapshot = shelf("2026-08-31", promotion=[told], promise=[{"promise_id": "p"}])
    table = pa.Table.from_pandas(pd.DataFrame(rows).assign(promise_id="p"), preserve_index=False)
    snapshot.con.register("rows", table)
    snapshot.con.execute("insert into usual_daily by name from rows")
    return snapshot


LAUNCHED = (date(2026, 5, 1) - FIRST).days


def test_ten_days_with_five_more_broken_a_day_are_fifty_too_many():
    found = harm(on_the_shelf(plain_days(240, LAUNCHED, 5)), "spring")
    row = found.rows.set_index("who").loc["all"]
    assert (row["items"], row["broken"]) == (1000, 150)
    assert row["expected"] == pytest.approx(100, abs=0.1)
    assert row["excess"] == pytest.approx(50, abs=0.1)
    assert row["low"] > 0 and found.is_harmful
    assert (row["reference_days"], row["reference_last"]) == (84, date(2026, 4, 30))
    assert found.sentence.startswith(
        "Of 1,000 orders in the 10 days it ran, 150 broke “Here in 2 days”; 100 were to be expected: 50 too many ("
    )
    assert "coincided with the launch" in found.sentence


def test_days_of_which_nothing_is_known_are_not_days_it_was_looked_at():
    """The data stop after its fourth day; of the third too much is open."""
    rows = plain_days(LAUNCHED + 4, LAUNCHED, 5)
    assert harm(on_the_shelf(rows), "spring").sentence.startswith(
        "Of 400 orders on the 4 days that are known of the 10 days it ran, 60 broke"
    )
    rows[-2]["open"] = 50
    assert (
        "Of 300 orders on the 3 days that are known of the 10 days it ran"
        in harm(on_the_shelf(rows), "spring").sentence
    )


def test_a_launch_is_told_in_the_words_of_its_day_whatever_is_promised_later():
    snapshot = on_the_shelf(plain_days(240, LAUNCHED, 5))
    for version, begins, claim in ((1, None, "Here in 3 days"), (2, "2026-07-01", "Here in 2 days")):
        told = [version, begins, claim]
        snapshot.con.execute(
            "insert into promise_version by name select 'p' as promise_id, ? as version, ?::date as from_day, ? as claim",
            told,
        )
    assert harm(snapshot, "spring").sentence.startswith(
        "Of 1,000 orders in the 10 days it ran, 150 broke “Here in 3 days”"
    )
    snapshot.con.execute(
        "insert into readiness by name select 'spring' as promotion_id, 'ready' as verdict, date '2026-05-01' as launched_day"
    )
    opened = open_launch(snapshot, "spring")
    assert list(opened.leaning["claim"]) == ["Here in 3 days"]
    assert claims_on(snapshot, date(2026, 7, 1)) == {"p": "Here in 2 days"}


def test_what_is_not_decided_is_not_called_not_judged():
    found = harm(on_the_shelf(plain_days(LAUNCHED, LAUNCHED, 0)), "spring")
    assert (
        found.sentence
        == "Too little of what it leans on was decided in the 10 days it ran, so what it did cannot be told."
    )


def test_the_interval_of_days_that_never_stray_is_that_of_chance_and_the_doubt_about_the_level():
    row = harm(on_the_shelf(plain_days(240, LAUNCHED, 0)), "spring").rows.iloc[-1]
    by_hand = 1.96 * np.sqrt(90 + 100**2 * (84 * 9) / 840**2)
    assert row["high"] - row["low"] == pytest.approx(2 * by_hand, rel=0.15)
    assert row["standing"] == "no more than usual"


def test_who_the_promotion_brought_is_told_apart_from_all_others():
    brought = [
        {**row, "brought": "spring", "items": 20, "broken": 12, "expected": 2.0, "spread": 1.8}
        for row in plain_days(240, LAUNCHED, 0)[LAUNCHED : LAUNCHED + 10]
    ]
    rows = harm(on_the_shelf(plain_days(240, LAUNCHED, 0) + brought), "spring").rows.set_index("who")
    assert rows["items"].to_dict() == {"buyers": 200, "others": 1000, "all": 1200}
    assert rows["excess"].round().to_dict() == {"buyers": 100, "others": 0, "all": 100}
    assert rows["standing"].to_dict()["others"] == "no more than usual"


def test_buyers_of_another_promotion_launched_the_same_hour_are_others():
    brought = [
        {**row, "brought": "autumn", "items": 20, "broken": 2, "expected": 2.0}
        for row in plain_days(240, LAUNCHED, 0)[LAUNCHED : LAUNCHED + 10]
    ]
    rows = harm(on_the_shelf(plain_days(240, LAUNCHED, 0) + brought), "spring").rows.set_index("who")
    assert list(rows.index) == ["others", "all"]
    assert rows.loc["others", "items"] == 1200


def test_with_too_few_quiet_days_nothing_is_expected():
    found = harm(on_the_shelf(plain_days(240, LAUNCHED, 5, quiet=False)), "spring")
    row = found.rows.iloc[-1]
    assert row["broken"] == 150 and pd.isna(row["expected"]) and row["standing"] == "cannot tell"
    assert not found.is_harmful
    assert "too few quiet days to say" in found.sentence


def test_days_still_open_are_not_counted_and_said():
    rows = plain_days(240, LAUNCHED, 5)
    rows[LAUNCHED + 9]["open"] = 50
    row = harm(on_the_shelf(rows), "spring").rows.iloc[-1]
    assert (row["items"], row["undecided_days"]) == (900, 1)


def test_a_new_version_is_compared_with_its_own_days():
    rows = plain_days(240, LAUNCHED, 0)
    for number, row in enumerate(rows):
        if number >= LAUNCHED - 40:
            row |= {"version": 2, "broken": 30}
    row = harm(on_the_shelf(rows), "spring").rows.iloc[-1]
    assert row["expected"] == pytest.approx(300, rel=0.01)
    assert row["reference_days"] == 40


def test_where_a_version_is_too_young_the_days_after_help():
    rows = plain_days(240, LAUNCHED, 0)
    for row in rows[LAUNCHED - 5 :]:
        row |= {"version": 2, "broken": 30}
    row = harm(on_the_shelf(rows), "spring").rows.iloc[-1]
    assert (row["reference_days"], row["reference_last"]) == (84, FIRST + timedelta(days=LAUNCHED + 17 + 78))


def test_a_launch_worse_than_all_quiet_stretches_says_so():
    rng = np.random.default_rng(1)
    rows = plain_days(240, LAUNCHED, 20)
    for row in rows:
        row["broken"] += int(rng.integers(-4, 5))
    row = harm(on_the_shelf(rows), "spring").rows.iloc[-1]
    assert (
        row["placebo_rank"]
        == row["placebos"]
        == len(History(*_arrays(rows)).non_overlapping(10)) - _unjudged(rows)
    )


def test_a_launch_like_any_quiet_stretch_is_not_said_to_stand_out():
    rng = np.random.default_rng(2)
    rows = plain_days(240, LAUNCHED, 0)
    for row in rows:
        row["broken"] += int(rng.integers(-4, 5))
    found = harm(on_the_shelf(rows), "spring")
    row = found.rows.iloc[-1]
    further = int(row["placebos"] - row["placebo_rank"])
    assert row["low"] <= 0 < further
    assert (
        f"As far above, or further, were {further} of {row['placebos']} quiet stretches of 10 days."
        in found.sentence
    )
    assert "That is further" not in found.sentence


def _arrays(rows: list[dict[str, object]]) -> list[np.ndarray]:
    return [
        np.array([row[name] for row in rows]) for name in ("broken", "expected", "spread", "version", "quiet")
    ]


def _unjudged(rows: list[dict[str, object]]) -> int:
    history = History(*_arrays(rows))
    return sum(history.level(start, start + 10, 1) is None for start in history.non_overlapping(10))


def test_a_comparison_outside_the_shared_capacity_is_counted_in_items():
    rows = plain_days(240, LAUNCHED, 5) + [{**row, "outside": True} for row in plain_days(240, LAUNCHED, 2)]
    rng = np.random.default_rng(3)
    for row in rows:
        row["broken"] += int(rng.integers(-1, 2))
    row = harm(on_the_shelf(rows), "spring").rows.set_index("who").loc["all"]
    table = pd.DataFrame(rows).assign(excess=lambda t: t["broken"] - t["expected"])
    inside = table["day"].between(date(2026, 5, 1), date(2026, 5, 10))
    before = table["day"].between(date(2026, 2, 6), date(2026, 4, 30))
    means = {
        (outside, when): table.loc[rows_of & (table["outside"] == outside), "excess"].mean()
        for outside in (True, False)
        for when, rows_of in (("in", inside), ("before", before))
    }
    by_hand = 10 * (
        (means[False, "in"] - means[False, "before"]) - (means[True, "in"] - means[True, "before"])
    )
    assert row["control_items"] == 1000
    assert row["control_did"] == pytest.approx(by_hand)
    assert row["control_low"] < by_hand < row["control_high"]


def test_a_control_that_got_better_supports_that_the_launch_did_it():
    rng = np.random.default_rng(4)
    rows = plain_days(240, LAUNCHED, 8) + [{**row, "outside": True} for row in plain_days(240, LAUNCHED, 0)]
    for row in rows:
        row["broken"] += int(rng.integers(-1, 2))
    assert "supports that the launch did it" in harm(on_the_shelf(rows), "spring").sentence


def test_harm_ends_on_the_day_the_promotion_was_ready():
    snapshot = on_the_shelf(plain_days(240, LAUNCHED, 5))
    snapshot.con.execute(
        "insert into readiness by name select 'spring' as promotion_id, 'launched_before_ready' as verdict,"
        " date '2026-05-05' as ready_on"
    )
    found = harm(snapshot, "spring")
    assert (found.span.days, found.span.is_early) == (4, True)
    assert "in the 4 days before it was ready" in found.sentence


@pytest.mark.parametrize(
    ("verdict", "ready_on", "days", "early", "words"),
    [
        ("ready", "2026-05-01", 10, False, "it ran"),
        ("launched_before_ready", "2026-06-01", 10, True, "before it was ready"),
        ("launched_before_ready", None, 10, True, "it ran and never was ready"),
        ("cannot_tell", None, 10, False, "it ran"),
    ],
)
def test_a_promotion_that_ended_first_or_was_never_ready_is_looked_at_until_its_end(
    verdict, ready_on, days, early, words
):
    snapshot = on_the_shelf(plain_days(240, LAUNCHED, 0))
    snapshot.con.execute(
        "insert into readiness by name select 'spring' as promotion_id, ? as verdict, ?::date as ready_on",
        [verdict, ready_on],
    )
    found = span(snapshot, "spring")
    assert (found.days, found.is_early) == (days, early)
    assert found.in_words == f"in the 10 days {words}"


def test_a_promotion_called_off_or_still_to_come_did_nothing():
    called_off = harm(on_the_shelf(plain_days(240, LAUNCHED, 0), cancelled=True), "spring")
    planned = harm(
        on_the_shelf(plain_days(240, LAUNCHED, 0), launched="2026-10-01 07:00", ends=None), "spring"
    )
    for found in (called_off, planned):
        assert found.rows.empty and list(found.rows.columns) == list(HARM_COLUMNS)
        assert found.sentence == "No day of it has passed that could be looked at."


def test_a_launch_in_the_night_of_the_clock_change_starts_on_its_local_day():
    snapshot = on_the_shelf(plain_days(240, LAUNCHED, 0), launched="2026-03-29 23:30", ends=None)
    assert span(snapshot, "spring").first == date(2026, 3, 30)


def test_an_unknown_promotion_is_refused():
    with pytest.raises(MisuseError, match="no promotion 'winter'"):
        harm(on_the_shelf(plain_days(10, 5, 0)), "winter")


def test_the_harm_as_json_holds_plain_values_and_null_for_what_cannot_be_told():
    told = harm(on_the_shelf(plain_days(240, LAUNCHED, 5)), "spring").as_json()
    assert told["from"] == "2026-05-01" and told["until"] == "2026-05-11"
    assert told["rows"][-1]["control_did"] is None
    assert told["rows"][-1]["reference_last"] == "2026-04-30"


def test_expected_of_the_quiet_days_adds_up_to_what_broke_there():
    world = small_world(3, 0.0)
    days = usual_days(world.cells, ["region", "kind"], ONE_VERSION, LAUNCH)
    quiet = days[days["quiet"]]
    assert quiet["expected"].sum() == pytest.approx(quiet["broken"].sum(), rel=1e-3)


def test_expected_agrees_with_rates_counted_in_pandas_where_one_segment_says_all():
    world = small_world(4, 0.0)
    cells = world.cells.assign(weekday=pd.to_datetime(world.cells["day"]).dt.day_of_week)
    quiet = quiet_days(pd.to_datetime(cells["day"]), LAUNCH)
    rates = (
        cells[quiet].groupby("weekday")[["kept", "broken"]].sum().pipe(lambda t: t["broken"] / t.sum(axis=1))
    )
    by_hand = (cells["kept"] + cells["broken"]) * cells["weekday"].map(rates)
    found = expected_broken(cells.assign(version=1, is_quiet=quiet & cells["brought"].isna()), [])
    assert np.allclose(found["expected"], by_hand, rtol=0.01)


@settings(max_examples=5)
@given(st.integers(0, 10**6))
def test_shuffling_the_rows_changes_nothing(seed):
    cells = WORLD.cells
    order = np.random.default_rng(seed).permutation(cells.index)
    until = date(2026, 9, 1)
    shuffled = usual_days(cells.loc[order].reset_index(drop=True), ["region"], ONE_VERSION, LAUNCH)
    found = excess_rows(Usual.of(shuffled), "spring", date(2026, 8, 20), until)
    pd.testing.assert_frame_equal(found, AS_IT_IS, check_exact=False, rtol=1e-6)


WORLD = small_world(5, 0.02)
AS_IT_IS = excess_rows(
    Usual.of(usual_days(WORLD.cells, ["region"], ONE_VERSION, LAUNCH)),
    "spring",
    date(2026, 8, 20),
    date(2026, 9, 1),
)


def test_a_segment_that_only_names_the_promotion_is_left_out_of_what_is_expected():
    cells = WORLD.cells.assign(code=WORLD.cells["brought"].fillna("none"), version=1)
    quiet = quiet_days(pd.to_datetime(cells["day"]), LAUNCH) & cells["brought"].isna()
    table = cells.assign(is_quiet=quiet)
    assert expected_broken(table, ["region", "code"]).equals(expected_broken(table, ["region"]))


def test_quiet_days_leave_out_promotions_and_the_week_after_and_fall_back_on_those_that_lean():
    days = pd.Series(pd.date_range("2026-01-01", periods=100))
    short = pd.DataFrame({"first": [date(2026, 2, 1)], "last": [date(2026, 2, 3)], "leans": [False]})
    assert (~quiet_days(days, short)).sum() == 10
    endless = pd.DataFrame({"first": [date(2026, 1, 5)], "last": [None], "leans": [False]})
    assert quiet_days(days, endless).all()


def test_stretches_shorter_than_the_launch_stand_in_where_quiet_times_are_short():
    rng = np.random.default_rng(2)
    seen = rng.poisson(10, 120).astype(float)
    flat = np.full(120, 10.0)
    history = History(seen, flat, flat, np.ones(120, dtype=int), np.ones(120, dtype=bool))
    found = quiet_stretches(history, 40)
    assert found is not None and found.length == 10


def test_the_range_of_a_count_is_never_beyond_its_items():
    low, high = prediction_interval(1.0, 30.0, 12, 20)
    assert 0 <= low <= high <= 12


def test_a_weekday_that_only_the_launch_has_does_not_stop_the_rest():
    days = pd.to_datetime(["2026-04-13", "2026-05-02"])  # a quiet Monday, and a Saturday of the launch
    cells = pd.DataFrame({"day": days, "version": 1, "brought": None, "kept": [90, 60], "broken": [10, 40],
                          "is_quiet": [True, False]})  # fmt: skip
    assert expected_broken(cells, [])["expected"].to_numpy() == pytest.approx([10.0, 10.0])
