"""What came of a change, counted by hand, in stable worlds, and where nothing can be told.

before (60 days)   north   80 of 100 a day      since (40 days)   90 of 100
                   south  160 of 200 a day                       160 of 200
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from aspromised.analyse.changes.effect import (
    HELPED,
    NO_COMPARISON,
    NO_EVIDENCE,
    TOO_EARLY,
    TOO_FEW,
    WORSE,
    Spans,
    cell_column,
    effect_of,
)
from aspromised.analyse.changes.stored import effects_together

ON = date(2026, 6, 1)
NORTH = {"site": "north"}
SITE = cell_column("site")


def days(begin: str, number: int) -> pd.DatetimeIndex:
    return pd.date_range(begin, periods=number, freq="D")


def side(when: pd.DatetimeIndex, site: object, kept: int, broken: int, still: int = 0) -> pd.DataFrame:
    return pd.DataFrame({"day": when, SITE: site, "kept": kept, "broken": broken, "open": still})


BEFORE, SINCE = days("2026-04-02", 60), days("2026-06-01", 40)
WORLD = pd.concat([
    side(BEFORE, "north", 80, 20), side(BEFORE, "south", 160, 40),
    side(SINCE, "north", 90, 10), side(SINCE, "south", 160, 40),
], ignore_index=True)  # fmt: skip


def spans(over: date = date(2026, 7, 10), worded_from=None, worded_to=None) -> Spans:
    return Spans.around(ON, over, worded_from, worded_to)


def effect(cells: pd.DataFrame = WORLD, segments=("site",), touches=NORTH, around: Spans | None = None):
    return effect_of(cells, segments, touches, around or spans())


def test_what_was_kept_is_counted_on_both_sides_before_and_since():
    found = effect()
    assert found["touched_before_kept"], found["touched_before_items"] == (4800, 6000)
    assert (found["touched_since_kept"], found["touched_since_items"]) == (3600, 4000)
    assert (found["others_before_items"], found["others_since_items"]) == (12_000, 8_000)
    assert (str(found["before_first"]), str(found["since_last"])) == ("2026-04-02", "2026-07-10")


def test_ten_points_more_than_elsewhere_are_ten_points():
    found = effect()
    assert found["effect"] == pytest.approx(0.10, abs=1e-3)
    assert found["verdict"] == HELPED
    assert found["low"] <= found["effect"] <= found["high"]


def test_what_helps_one_is_worse_for_the_other_by_as_much():
    one, other = effect(), effect(touches={"site": "south"})
    assert other["effect"] == pytest.approx(-one["effect"], abs=1e-3)
    assert other["verdict"] == WORSE


def test_what_falls_on_both_sides_by_as_much_is_no_evidence():
    table = WORLD.copy()
    rng = np.random.default_rng(1)
    since = (table["day"] >= "2026-06-01").to_numpy()
    items = (table["kept"] + table["broken"]).to_numpy()
    table["kept"] = rng.binomial(items, np.where(since, 0.7, 0.8))
    table["broken"] = items - table["kept"]
    found = effect(table)
    assert found["verdict"] == NO_EVIDENCE
    assert abs(found["effect"]) < 0.02


def test_customers_who_move_to_the_hard_kind_are_not_taken_for_a_change():
    """North has the same two kinds, kept at 95 and 70 %, before and since; since, most are of the hard kind."""
    kind = cell_column("kind")
    rows = []
    for when, shares in ((BEFORE, (80, 20)), (SINCE, (20, 80))):
        for site, mix in (("north", shares), ("south", (100, 100))):
            for name, number, rate in (("easy", mix[0], 0.95), ("hard", mix[1], 0.70)):
                kept = round(number * rate)
                rows.append(side(when, site, kept, number - kept).assign(**{kind: name}))
    found = effect(pd.concat(rows, ignore_index=True), ["site", "kind"])
    raw = found["touched_since_kept"] / found["touched_since_items"] - (
        found["touched_before_kept"] / found["touched_before_items"]
    )
    assert raw < -0.14
    assert found["effect"] == pytest.approx(0, abs=0.005)


def stable_world(seed: int) -> pd.DataFrame:
    """A hundred and fifty days of three sites that stray together from day to day, and each by itself."""
    rng = np.random.default_rng(seed)
    when = days("2026-04-02", 100)
    together_ = rng.normal(0, 0.02, len(when))
    rows = []
    for site, level in (("north", 0.88), ("south", 0.93), ("west", 0.91)):
        items = rng.integers(40, 160, len(when))
        kept = rng.binomial(items, (level + together_ + rng.normal(0, 0.01, len(when))).clip(0, 1))
        rows.append(pd.DataFrame({"day": when, SITE: site, "kept": kept, "broken": items - kept, "open": 0}))
    return pd.concat(rows, ignore_index=True)


def test_in_a_hundred_worlds_where_nothing_happened_hardly_any_promise_changed():
    """Three promises of each world are asked, and told together."""
    false = 0
    for seed in range(100):
        rows = pd.DataFrame([effect(stable_world(3 * seed + n)) for n in range(3)])
        false += effects_together(rows)["verdict"].isin([HELPED, WORSE]).any()
    assert false <= 7


def test_a_change_that_helps_by_four_points_is_found_in_most_worlds():
    found = 0
    for seed in range(20):
        table = stable_world(seed)
        better = (table[SITE] == "north") & (table["day"] >= "2026-06-01")
        more = (table["broken"] * 0.4).round().astype(int)
        table.loc[better, "kept"] += more[better]
        table.loc[better, "broken"] -= more[better]
        found += effect(table)["verdict"] == HELPED
    assert found >= 18


def test_days_of_which_much_is_open_weigh_nothing_and_are_counted_all_the_same():
    table = pd.concat([WORLD, side(days("2026-07-11", 3), "north", 50, 0, 50)], ignore_index=True)
    around = spans(date(2026, 7, 13))
    found = effect(table, around=around)
    assert found["since_days"] == 40
    assert found["touched_since_items"] == 4150
    assert found["effect"] == pytest.approx(effect()["effect"])


def test_fewer_than_28_days_since_are_too_early():
    assert effect(WORLD[WORLD["day"] < "2026-06-28"])["verdict"] == TOO_EARLY
    assert effect(WORLD[WORLD["day"] < "2026-06-29"])["verdict"] == HELPED


def test_one_item_a_day_is_too_few():
    few = WORLD[(WORLD[SITE] == "south") | (WORLD["day"].dt.day == 1)].assign(kept=1, broken=0)
    assert effect(few)["verdict"] == TOO_FEW


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (WORLD[WORLD[SITE] == "south"], "no item has site north in those days"),
        (WORLD[WORLD[SITE] == "north"], "it touches every item, so nothing is left to compare them with"),
    ],
)
def test_where_one_side_is_missing_nothing_is_compared(cells, why):
    found = effect(cells)
    assert (found["verdict"], found["why"], found["effect"]) == (NO_COMPARISON, why, None)


def test_a_promise_worded_anew_that_week_is_not_held_against_its_old_words():
    found = effect(around=spans(worded_from=date(2026, 5, 25)))
    assert (found["verdict"], found["why"]) == (
        NO_COMPARISON,
        "the promise was worded anew in the days before",
    )


def test_days_under_other_words_are_left_out():
    found = effect(around=spans(worded_from=date(2026, 5, 2), worded_to=date(2026, 7, 1)))
    assert found["touched_before_items"] == 3000
    assert found["touched_since_items"] == 3000


def test_a_baseline_that_was_bad_by_chance_is_said():
    """North broke half as often in the 60 days before those it is held against."""
    earlier = days("2026-02-01", 60)
    table = pd.concat(
        [WORLD, side(earlier, "north", 90, 10), side(earlier, "south", 160, 40)], ignore_index=True
    )
    assert effect(table)["returned"] is True
    steady = pd.concat(
        [WORLD, side(earlier, "north", 80, 20), side(earlier, "south", 160, 40)], ignore_index=True
    )
    assert effect(steady)["returned"] is False
    assert effect()["returned"] is None


def test_items_without_the_segment_are_elsewhere():
    nameless = WORLD.assign(**{SITE: WORLD[SITE].where(WORLD[SITE] == "north", None)})
    assert effect(nameless)["others_since_items"] == 8_000


@pytest.mark.parametrize("name", ["touched", "span", "day", "kept", "expected", 'a "b"; drop table x'])
def test_a_segment_may_be_called_anything(name):
    named = WORLD.rename(columns={SITE: cell_column(name)})
    assert effect(named, [name], {name: "north"})["effect"] == pytest.approx(effect()["effect"])


def test_the_order_of_rows_changes_nothing():
    shuffled = WORLD.sample(frac=1, random_state=2).reset_index(drop=True)
    assert effect(shuffled)["effect"] == pytest.approx(effect()["effect"])


def test_no_rows_are_too_early_to_tell():
    assert effect(WORLD.head(0))["verdict"] == TOO_EARLY
