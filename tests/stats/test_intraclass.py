"""Variance components of scores: the published tables, a second way in statsmodels, and what must always hold."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aspromised.stats.intraclass import components, mean_difference_p, mean_interval, rounding, shrout_fleiss

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
DYESTUFF = {
    "A": [1545, 1440, 1440, 1520, 1580],
    "B": [1540, 1555, 1490, 1560, 1495],
    "C": [1595, 1550, 1605, 1510, 1560],
    "D": [1445, 1440, 1595, 1465, 1545],
    "E": [1595, 1630, 1515, 1635, 1625],
    "F": [1520, 1455, 1450, 1480, 1445],
}  # fmt: skip
"""Yields of dyestuff by batch, Davies (1947): the table of lme4."""


def of_groups(groups, **more):
    arrays = [np.asarray(each, float) for each in groups]
    return components(
        [len(each) for each in arrays], [each.sum() for each in arrays], [(each**2).sum() for each in arrays], **more
    )  # fmt: skip


def test_the_table_of_shrout_and_fleiss():
    assert shrout_fleiss(SHROUT_FLEISS) == pytest.approx((0.1657, 0.2898, 0.7148), abs=5e-5)


def test_their_first_correlation_is_that_of_one_way_components():
    assert of_groups(SHROUT_FLEISS).icc == pytest.approx(shrout_fleiss(SHROUT_FLEISS)[0], abs=1e-12)


def test_the_yields_of_dyestuff_by_batch():
    found = of_groups(DYESTUFF.values())
    assert (np.sqrt(found.between), np.sqrt(found.within)) == pytest.approx((42.00, 49.51), abs=5e-3)
    long = pd.DataFrame([(batch, y) for batch, ys in DYESTUFF.items() for y in ys], columns=["batch", "y"])
    fitted = smf.mixedlm("y ~ 1", long, groups=long["batch"]).fit(reml=True)
    assert found.between == pytest.approx(float(fitted.cov_re.iloc[0, 0]), rel=1e-3)
    assert found.within == pytest.approx(fitted.scale, rel=1e-3)


def test_a_units_reliability_grows_with_its_scores():
    found = of_groups(DYESTUFF.values())
    assert found.reliability([0, 1, 5]) == pytest.approx([0, found.icc, 5 * found.icc / (1 + 4 * found.icc)])


def test_groups_of_unlike_sizes_by_hand():
    found = of_groups(
        [[1, 3], [5, 5, 5, 5]]
    )  # grand mean 4, among 2·4 + 4·1 = 12, within 2 / 4, n₀ = 6 − 20/6
    assert (found.mean, found.within, found.freedom) == (4.0, 0.5, 4)
    assert found.between == pytest.approx((12 - 0.5) / (6 - 20 / 6))


def test_the_chance_of_means_so_far_apart_is_that_of_scipy():
    groups = list(DYESTUFF.values())
    assert of_groups(groups).p == pytest.approx(stats.f_oneway(*groups).pvalue)
    one, other = np.array([1, 2, 3, 4.0]), np.array([2, 4, 4, 5, 3.0])
    pooled = (one.var(ddof=1) * 3 + other.var(ddof=1) * 4) / 7
    expected = stats.ttest_ind(one, other).pvalue
    assert mean_difference_p(one.mean() - other.mean(), 4, 5, pooled, 7) == pytest.approx(expected)
    assert mean_difference_p(0.0, 4, 5, 0.0, 7) == 1 and mean_difference_p(1.0, 4, 5, 0.0, 7) == 0


def test_where_nothing_can_be_told_nothing_is():
    assert of_groups([]) is None
    assert of_groups([[3], [4]]) is None
    same = of_groups([[4, 4], [4, 4, 4]])
    assert (same.between, same.within) == (0.0, 0.0) and np.isnan(same.icc)
    assert same.reliability([2]) == 0
    assert of_groups([[4, 4], [4, 4, 4]], least=rounding(1)).within == pytest.approx(1 / 12)
    assert of_groups([[1, 5]]).between == 0


def test_an_interval_of_a_mean_is_students():
    scores = np.array([3, 4, 4, 5, 2, 4.0])
    low, high = mean_interval([scores.mean()], [6], scores.var(ddof=1), 5)
    assert (low[0], high[0]) == pytest.approx(tuple(stats.ttest_1samp(scores, 0).confidence_interval()))
    assert np.isnan(mean_interval([4], [0], 1.0, 5)[0][0])


_GROUPS = st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=8), min_size=2, max_size=6)


@given(_GROUPS, st.randoms())
def test_neither_the_order_of_units_nor_a_shift_of_all_scores_changes_what_varies(groups, random):
    found = of_groups(groups)
    moved = [[score + 10 for score in each] for each in random.sample(groups, len(groups))]
    again = of_groups(moved)
    assert (found is None) == (again is None)
    if found:
        assert (found.between, found.within) == pytest.approx((again.between, again.within), abs=1e-9)
        assert found.between >= 0 and 0 <= found.reliability([7])[0] <= 1
