"""The search for parts that break beyond their share: against brute force in pandas, in worlds with a story and without.

October      north Monday  north other  south Monday  south other
decided           100           300          100           300
broken             40            30           10            30
"""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control, fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from aspromised.analyse.gaps.lattice import PART_COLUMNS, lattice
from aspromised.analyse.rates.scope import Scope
from aspromised.analyse.windows.window import Window
from tests.analyse.shelf import shelf

OCTOBER = Window.month("2026-10")
SEGMENTS = ["carrier", "region", "weekday"]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def world(rate, seed=1, each=60, at_least=30):
    """A snapshot with `each` items in every cell of carrier, region and weekday, broken at `rate` of the cell."""
    rng = np.random.default_rng(seed)
    cells = [
        {"carrier": c, "region": r, "weekday": d, "day": "2026-10-07", "broken": int(rng.binomial(each, rate(c, r, d)))}
        for c in "ABC" for r in ("north", "south", None) for d in DAYS
    ]  # fmt: skip
    cells = [{**cell, "kept": each - cell["broken"]} for cell in cells]
    promise = [{"segments": SEGMENTS, "at_least": at_least}]
    return shelf(promise=promise, segments=SEGMENTS, verdict_cell=cells), pd.DataFrame(cells)


def planted(c, r, d):
    return 0.5 if (c, r, d) == ("A", "north", "Monday") else 0.08


def brute(cells, at_least):
    """Every combination of conditions by filtering, each tested by scipy, adjusted over all of them."""
    cells = cells.fillna({"region": "(none)"}).assign(decided=cells["kept"] + cells["broken"])
    all_n, all_m = cells["decided"].sum(), cells["broken"].sum()
    rows = {}
    for size in (1, 2, 3):
        for names in combinations(SEGMENTS, size):
            for values, own in cells.groupby(list(names)):
                n, m = own["decided"].sum(), own["broken"].sum()
                rest, rest_m = all_n - n, all_m - m
                low, high = confint_proportions_2indep(m, n, rest_m, rest, method="newcomb")
                rows[frozenset(zip(names, values, strict=True))] = {
                    "n": n, "m": m, "expected": n * rest_m / rest, "low": n * low, "high": n * high,
                    "p": fisher_exact([[m, n - m], [rest_m, rest - rest_m]]).pvalue,
                    "own": proportion_confint(m, n, method="wilson"),
                }  # fmt: skip
    table = pd.DataFrame(rows.values(), index=list(rows))
    table = table[(table["n"] >= at_least) & (all_n - table["n"] >= at_least)]
    return table.assign(adjusted=false_discovery_control(table["p"].astype(float)))


def kept_by_brute_force(table):
    """Single conditions, and those that stand out and do not overlap with all else in any part that holds them."""
    rows = dict(zip(table.index, table.to_dict("records"), strict=True))

    def is_apart(where):
        low, high = rows[where]["own"]
        wider = [rows[each] for each in rows if each < where]
        n, m = rows[where]["n"], rows[where]["m"]
        others = [proportion_confint(each["m"] - m, each["n"] - n, method="wilson") for each in wider]
        return all(low > other_high or high < other_low for other_low, other_high in others)

    return {w for w, row in rows.items() if len(w) == 1 or (row["adjusted"] < 0.05 and is_apart(w))}


@pytest.mark.parametrize("seed", range(4))
def test_brute_force_finds_the_same_parts_with_the_same_figures(seed):
    snapshot, cells = world(planted, seed)
    found = lattice(snapshot, Scope("p", OCTOBER), 30)
    wanted = brute(cells, 30)
    assert tuple(found) == PART_COLUMNS
    assert {frozenset(where) for where in found["where"]} == kept_by_brute_force(wanted)
    by_where = dict(zip(wanted.index, wanted.to_dict("records"), strict=True))
    for row in found.itertuples():
        own = by_where[frozenset(row.where)]
        assert (row.decided, row.broken) == (own["n"], own["m"])
        assert row.expected == pytest.approx(own["expected"])
        assert row.excess == pytest.approx(own["m"] - own["expected"])
        assert (row.low, row.high) == pytest.approx((own["low"], own["high"]))
        assert row.p == pytest.approx(own["p"], rel=1e-6)
        assert row.adjusted == pytest.approx(own["adjusted"], rel=1e-6)


def test_the_cell_that_was_planted_comes_first_and_what_it_makes_stand_out_is_said_to_be_in_it():
    """60 items at 50 % where 8 % are usual: some 25 more broken than the others would have."""
    snapshot, _ = world(planted)
    found = lattice(snapshot, Scope("p", OCTOBER), 30)
    first = found.iloc[0]
    cell = (("carrier", "A"), ("region", "north"), ("weekday", "Monday"))
    assert first["where"] == cell and first["standing"] == "more"
    assert first["low"] < 60 * (0.5 - 0.08) < first["high"]
    others = found[(found["standing"] == "more")].iloc[1:]
    assert len(others) and (others["covered_by"].map(lambda where: where == cell)).all()


def test_counted_by_hand():
    cells = [
        {"day": "2026-10-07", "region": region, "weekday": day, "kept": kept, "broken": broken}
        for region, day, kept, broken in (
            ("north", "Monday", 60, 40), ("north", "Tuesday", 270, 30), ("south", "Monday", 90, 10), ("south", "Tuesday", 270, 30),
        )
    ]  # fmt: skip
    segments = ["region", "weekday"]
    snapshot = shelf(promise=[{"segments": segments}], segments=segments, verdict_cell=cells)
    found = lattice(snapshot, Scope("p", OCTOBER), 30)
    first = found.iloc[0]
    assert first["where"] == (("region", "north"), ("weekday", "Monday"))
    assert first[["decided", "broken", "expected", "excess"]].tolist() == [
        100,
        40,
        10.0,
        30.0,
    ]  # the rest: 70 of 700


def test_in_a_hundred_worlds_without_a_story_at_most_seven_find_one():
    false = 0
    for seed in range(100):
        snapshot, _ = world(lambda *_: 0.1, seed, each=40)
        false += (lattice(snapshot, Scope("p", OCTOBER), 30)["standing"].isin(["more", "fewer"])).any()
    assert false <= 7


def test_inside_a_part_what_is_left_is_searched():
    snapshot, cells = world(planted)
    found = lattice(snapshot, Scope("p", OCTOBER, (("carrier", "A"), ("region", "north"))), 30)
    assert set(found["depth"]) == {1}
    [monday] = [row for _, row in found.iterrows() if row["where"] == (("weekday", "Monday"),)]
    inside = cells[(cells["carrier"] == "A") & (cells["region"] == "north")]
    assert monday["broken"] == inside.loc[inside["weekday"] == "Monday", "broken"].sum()
    rest = inside[inside["weekday"] != "Monday"]
    assert monday["expected"] == pytest.approx(60 * rest["broken"].sum() / 240)


def test_too_few_are_in_no_test_and_last():
    cells = [
        {"day": "2026-10-07", "region": "tiny", "broken": 4},
        {"day": "2026-10-07", "region": "north", "kept": 80, "broken": 20},
        {"day": "2026-10-07", "region": "south", "kept": 99, "broken": 1},
    ]
    snapshot = shelf(promise=[{"segments": ["region"]}], segments=["region"], verdict_cell=cells)
    found = lattice(snapshot, Scope("p", OCTOBER), 30)
    last = found.iloc[-1]
    assert (last["where"], last["standing"]) == ((("region", "tiny"),), "too few")
    assert np.isnan(last["adjusted"])


def test_the_weekday_an_item_is_counted_on_is_a_dimension_where_none_is_declared():
    cells = [
        {"day": day, "region": region, "kept": 50 - broken, "broken": broken}
        for day, broken in (("2026-10-05", 25), ("2026-10-06", 2), ("2026-10-07", 2))
        for region in ("north", "south")
    ]
    promise = {"segments": ["region"], "kind": "clock", "counted": "due"}
    snapshot = shelf(promise=[promise], segments=["region"], verdict_cell=cells)
    found = lattice(snapshot, Scope("p", OCTOBER), 30)
    assert found.iloc[0]["where"] == (("weekday due", "Monday"),)
    inside = lattice(snapshot, Scope("p", OCTOBER, found.iloc[0]["where"]), 10)
    assert inside["decided"].tolist() == [50, 50]


def test_hours_are_searched_as_times_of_day():
    cells = [
        {"day": "2026-10-07", "hour": str(hour), "kept": 20 - 9 * (hour >= 18), "broken": 9 * (hour >= 18)}
        for hour in range(24)
    ]
    snapshot = shelf(promise=[{"segments": ["hour"]}], segments=["hour"], verdict_cell=cells)
    first = lattice(snapshot, Scope("p", OCTOBER), 30).iloc[0]
    assert (first["where"], first["decided"], first["broken"]) == ((("time of day", "18 to 24"),), 120, 54)


@pytest.mark.parametrize("broken", [0, 50])
def test_nothing_and_everything_broken_stands_out_nowhere(broken):
    cells = [
        {"day": "2026-10-07", "region": region, "kept": 50 - broken, "broken": broken} for region in "abc"
    ]
    snapshot = shelf(promise=[{"segments": ["region"]}], segments=["region"], verdict_cell=cells)
    assert set(lattice(snapshot, Scope("p", OCTOBER), 30)["standing"]) == {"chance"}


def test_no_rows_no_segments_and_one_value_are_no_parts():
    assert lattice(shelf(promise=[{"segments": ["r"]}], segments=["r"]), Scope("p", OCTOBER), 30).empty
    assert lattice(shelf(promise=[{}]), Scope("p", OCTOBER), 30).empty
    one = shelf(
        promise=[{"segments": ["r"]}], segments=["r"],
        verdict_cell=[{"day": "2026-10-07", "r": "x", "kept": 90, "broken": 9}],
    )  # fmt: skip
    assert lattice(one, Scope("p", OCTOBER), 30).empty
    assert lattice(shelf(), Scope("nobody", OCTOBER), 30).empty


def test_the_order_of_rows_changes_nothing():
    snapshot, cells = world(planted)
    rows = [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in cells.sample(frac=1, random_state=2).to_dict("records")
    ]
    shuffled = shelf(promise=[{"segments": SEGMENTS}], segments=SEGMENTS, verdict_cell=rows)
    one, other = (lattice(each, Scope("p", OCTOBER), 30) for each in (snapshot, shuffled))
    pd.testing.assert_frame_equal(one, other)
