"""Excess broken, counted by hand and a second time in pandas and statsmodels.

October      carrier A  carrier B  carrier C   whole
decided          100        100        100       300
broken            30         10         10        50
"""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from aspromised.analyse.gaps.excess import COUNTED, EXCESS_COLUMNS, excess, excess_of
from aspromised.analyse.rates.scope import Scope
from aspromised.analyse.windows.window import Window
from tests.analyse.shelf import shelf

OCTOBER = Window.month("2026-10")


def counted(*rows):
    return pd.DataFrame(rows, columns=list(COUNTED))


def by_value(table):
    return table.set_index("value")


CARRIERS = counted(("carrier", "A", 100, 30), ("carrier", "B", 100, 10), ("carrier", "C", 100, 10))


def test_excess_is_what_is_broken_beyond_the_rate_of_all_the_others():
    table = by_value(excess_of(CARRIERS, at_least=30))
    # A: 30 − 100 × 20/200; B and C: 10 − 100 × 40/200
    assert table["excess"].round(9).to_dict() == {"A": 20, "B": -10, "C": -10}
    assert table.loc["A", ["rate", "rest_rate"]].tolist() == [0.3, 0.1]


def test_the_worst_stands_first():
    assert excess_of(CARRIERS.iloc[::-1], at_least=30)["value"].tolist() == ["A", "B", "C"]


def test_the_interval_is_newcombes_times_the_items():
    """56/70 against 48/80 is .0524 to .3339 (Newcombe 1998)."""
    table = by_value(excess_of(counted(("s", "x", 70, 56), ("s", "y", 80, 48)), at_least=1))
    assert table.loc["x", ["low", "high"]].tolist() == pytest.approx([70 * 0.0524, 70 * 0.3339], abs=0.005)


def test_a_segment_with_one_value_has_nothing_to_be_compared_with():
    table = excess_of(counted(("site", "only", 100, 50)), at_least=1)
    assert tuple(table) == EXCESS_COLUMNS
    assert table.empty


def test_nothing_at_all_is_an_empty_table():
    snapshot = shelf(promise=[{"segments": ["region"]}], segments=["region"])
    table = excess(snapshot, Scope("p", OCTOBER), at_least=1)
    assert tuple(table) == EXCESS_COLUMNS
    assert table.empty


def test_too_few_come_last_and_are_not_tested():
    table = excess_of(counted(("s", "tiny", 4, 4), ("s", "x", 100, 10), ("s", "y", 100, 10)), at_least=30)
    assert table["value"].tolist()[-1] == "tiny"
    assert by_value(table)["standing"].to_dict()["tiny"] == "too few"
    assert np.isnan(by_value(table).loc["tiny", "adjusted"])


def test_a_part_whose_others_are_too_few_is_too_few_itself():
    table = by_value(excess_of(counted(("s", "all but three", 97, 5), ("s", "three", 3, 3)), at_least=30))
    assert table["standing"].to_dict() == {"all but three": "too few", "three": "too few"}


def test_what_stands_out_is_adjusted_over_all_segments_together():
    rng = np.random.default_rng(7)
    rows = [(f"s{i % 8}", f"v{i}", 200, int(rng.binomial(200, 0.1))) for i in range(40)]
    table = excess_of(counted(*rows, ("s0", "bad", 200, 60)), at_least=30)
    adjusted = multipletests(table["p"], method="fdr_bh")[1]
    assert table["adjusted"].to_numpy() == pytest.approx(adjusted)
    assert table.loc[table["standing"] == "more", "value"].tolist() == ["bad"]


def test_everything_broken_and_nothing_broken_can_be_compared():
    table = by_value(excess_of(counted(("s", "all", 50, 50), ("s", "none", 50, 0)), at_least=30))
    assert table["excess"].to_dict() == {"all": 50.0, "none": -50.0}
    assert table["standing"].to_dict() == {"all": "more", "none": "fewer"}


def _cells(seed=3, rows=60):
    rng = np.random.default_rng(seed)
    cells = pd.DataFrame(
        {
            "day": rng.choice(["2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01"], rows),
            "region": rng.choice(["north", "south", None], rows),
            "carrier": rng.choice(["A", "B"], rows),
            "kept": rng.integers(0, 9, rows),
            "broken": rng.integers(0, 3, rows),
            "open": rng.integers(0, 3, rows),
        }
    ).astype(object)
    return cells.where(cells.notna(), None)


def _snapshot(cells):
    daily = [
        {"day": row["day"], "segment": name, "value": row[name], "kept": row["kept"], "broken": row["broken"]}
        for row in cells.to_dict("records")
        for name in ("region", "carrier")
    ]
    return shelf(
        promise=[{"segments": ["region", "carrier"]}],
        segments=["region", "carrier"],
        verdict_cell=cells.assign(version=1).to_dict("records"),
        verdict_daily=daily,
    )


def test_pandas_comes_to_the_same_numbers():
    cells = _cells()
    found = excess(_snapshot(cells), Scope("p", OCTOBER), at_least=1)
    rows = cells[cells["day"].isin(["2026-10-01", "2026-10-31"])].fillna({"region": "(none)"})
    assert set(found["segment"]) == {"region", "carrier"}
    for row in found.itertuples():
        own = rows[rows[row.segment] == row.value]
        rest = rows[rows[row.segment] != row.value]
        n, other = (frame["kept"].sum() + frame["broken"].sum() for frame in (own, rest))
        assert (row.decided, row.broken) == (n, own["broken"].sum())
        assert row.excess == pytest.approx(own["broken"].sum() - n * rest["broken"].sum() / other)
        low, high = confint_proportions_2indep(
            own["broken"].sum(), n, rest["broken"].sum(), other, method="newcomb"
        )
        assert (row.low, row.high) == pytest.approx((n * low, n * high))


def test_the_order_of_rows_changes_nothing():
    cells = _cells()
    scope = Scope("p", OCTOBER)
    shuffled = cells.sample(frac=1, random_state=1)
    one, other = (excess(_snapshot(rows), scope, at_least=1) for rows in (cells, shuffled))
    pd.testing.assert_frame_equal(one, other)
