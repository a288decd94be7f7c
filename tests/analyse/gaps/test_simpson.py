"""Simpson's guard, on the kidney stones (Charig 1986) and on what must not be called a reversal."""

import pandas as pd
from statsmodels.stats.contingency_tables import StratifiedTable

from aspromised.analyse.gaps.simpson import STRATA_COLUMNS, reversal, reversals
from aspromised.analyse.rates.scope import Scope
from aspromised.analyse.windows.window import Window
from tests.analyse.shelf import shelf

STONES = [("A", "small", 81, 87), ("A", "large", 192, 263), ("B", "small", 234, 270), ("B", "large", 55, 80)]


def found(rows, at_least=30):
    return list(reversals(pd.DataFrame(rows, columns=list(STRATA_COLUMNS)), "treatment", "stone", at_least))


def test_a_ranking_that_turns_round_in_every_stratum_is_found():
    [one] = found(STONES)
    assert (one.worse, one.better, round(one.worse_rate, 3), round(one.better_rate, 3)) == (
        "A",
        "B",
        0.78,
        0.826,
    )


def test_the_odds_pooled_over_strata_point_the_same_way():
    """Mantel and Haenszel's odds ratio 1.447 against the crude 0.748: the second, independent way."""
    tables = [[[81, 6], [234, 36]], [[192, 71], [55, 25]]]
    pooled = StratifiedTable([pd.DataFrame(table, dtype=float) for table in tables])
    assert round(pooled.oddsratio_pooled, 3) == 1.447
    assert round((273 / 77) / (289 / 61), 3) == 0.748
    assert len(found(STONES)) == 1


def test_no_reversal_where_one_stratum_agrees_with_the_whole():
    assert found([("A", "small", 70, 87), *STONES[1:]]) == []


def test_no_reversal_where_a_stratum_has_too_few_to_say():
    assert found(STONES, at_least=100) == []


def test_no_reversal_where_the_whole_hardly_differs():
    rows = [("A", "x", 96, 100), ("A", "y", 850, 1000), ("B", "x", 951, 1000), ("B", "y", 84, 100)]
    assert len(found(rows)) == 1
    nearly = [("A", "x", 480, 500), ("A", "y", 427, 500), ("B", "x", 479, 500), ("B", "y", 426, 500)]
    assert found(nearly) == []


def test_the_snapshots_own_cells_are_compared():
    cells = [
        {"day": "2026-10-05", "version": 1, "treatment": t, "stone": s, "kept": kept, "broken": n - kept}
        for t, s, kept, n in STONES
    ]
    segments = ["treatment", "stone"]
    snapshot = shelf(promise=[{"segments": segments}], segments=segments, verdict_cell=cells)
    scope = Scope("p", Window.month("2026-10"))
    assert reversal(snapshot, scope, 30) == (
        "Do not rank treatment A below B on the whole (78.0 % against 82.6 % kept): inside every stone compared it keeps more, "
        "and only has more of the stones that are hard."
    )
    assert reversal(snapshot, Scope("p", Window.month("2026-09")), 30) == ""
    assert reversal(snapshot, Scope("p", Window.month("2026-10"), (("stone", "small"),)), 30) == ""
