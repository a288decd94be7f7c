"""Risks side by side: the numbers published, like with like, and edges that have no ratio."""

from math import inf, isnan

import numpy as np
import pytest
from scipy.stats import fisher_exact
from statsmodels.stats.contingency_tables import StratifiedTable

from aspromised.stats.relative_risk import Exposed, attributable_share, risk_ratio, risk_ratio_within


def test_the_snowball_and_the_physicians():
    found = risk_ratio(Exposed(45, 100, 36, 900))
    assert (round(found.ratio, 2), round(found.low, 2), round(found.high, 2)) == (11.25, 7.64, 16.56)
    found = risk_ratio(Exposed(189, 11034, 104, 11037))
    assert (round(found.ratio, 4), round(found.low, 4), round(found.high, 4)) == (1.8178, 1.4330, 2.3059)


def test_the_share_of_all_misses_behind_it():
    assert attributable_share(Exposed(45, 100, 36, 900), 11.25) == pytest.approx(0.506, abs=5e-4)
    assert attributable_share(Exposed(30, 200, 40, 1800), 6.75) == pytest.approx(0.365, abs=5e-4)


def test_like_with_like_undoes_what_hard_cases_make_of_it():
    """Hard cases are late and missed; within the hard and within the easy, being late doubles nothing."""
    hard, easy = Exposed(50, 100, 10, 20), Exposed(1, 20, 5, 100)
    together = Exposed(51, 120, 15, 120)
    assert risk_ratio(together).ratio == pytest.approx(3.4)
    assert risk_ratio_within([hard, easy]).ratio == pytest.approx(1.0)


def test_it_is_the_pooled_ratio_of_statsmodels():
    rng = np.random.default_rng(3)
    strata = []
    for _ in range(6):
        exposed, without = rng.integers(20, 200, 2)
        strata.append(
            Exposed(int(rng.integers(1, exposed)), int(exposed), int(rng.integers(1, without)), int(without))
        )
    tables = [
        [[s.harmed, s.exposed - s.harmed], [s.harmed_without, s.without - s.harmed_without]] for s in strata
    ]
    assert risk_ratio_within(strata).ratio == pytest.approx(StratifiedTable(tables).riskratio_pooled)


def test_without_harm_or_without_anybody_to_compare_nothing_is_told():
    for table in (Exposed(0, 10, 0, 10), Exposed(3, 10, 0, 0), Exposed(0, 0, 3, 10)):
        assert isnan(risk_ratio(table).ratio) and isnan(risk_ratio_within([table]).ratio)
    assert risk_ratio(Exposed(3, 10, 0, 10)).ratio == inf
    assert risk_ratio_within([Exposed(3, 10, 0, 10), Exposed(0, 0, 3, 10)]).ratio == inf
    assert risk_ratio(Exposed(0, 10, 3, 10)).ratio == 0
    assert isnan(attributable_share(Exposed(0, 10, 0, 10), float("nan")))
    assert isnan(risk_ratio_within([]).ratio)


@pytest.mark.parametrize(
    "table", [Exposed(30, 647, 0, 8903), Exposed(20, 40, 0, 160), Exposed(2, 100, 0, 100)]
)
def test_where_only_the_exposed_came_to_harm_the_ratio_is_at_least_so_much(table: Exposed) -> None:
    """It agrees with Fisher's exact test on whether chance could do that, and nothing ends it above."""
    found, within = risk_ratio(table), risk_ratio_within([table])
    counts = [[table.harmed, table.exposed - table.harmed], [0, table.without]]
    assert (found.ratio, found.high) == (inf, inf) and (found.low > 1) == (fisher_exact(counts).pvalue < 0.05)
    assert (within.ratio, within.low, within.high) == pytest.approx((found.ratio, found.low, found.high))
    turned = risk_ratio(Exposed(0, table.without, table.harmed, table.exposed))
    assert (turned.ratio, turned.low, turned.high) == pytest.approx((0, 0, 1 / found.low))


def test_parts_without_harm_in_time_are_one_where_they_are_alike() -> None:
    whole = risk_ratio_within([Exposed(20, 40, 0, 160)])
    parts = risk_ratio_within([Exposed(10, 20, 0, 80), Exposed(10, 20, 0, 80)])
    assert parts.ratio == inf and parts.low == pytest.approx(whole.low, rel=0.01)
