"""When a level changed: a published series, planted changes, and stable worlds in which nothing is found."""

import numpy as np
import pytest
from statsmodels.datasets import nile

from aspromised.stats.change_point import SHORTEST, level_shifts, pettitt

NILE = nile.load_pandas().data["volume"].to_numpy()
"""The yearly flow of the Nile at Aswan from 1871; it fell from 1899 on (Cobb, Biometrika 65:243, 1978)."""


def test_the_nile_fell_from_1899_on():
    found = pettitt(NILE)
    assert 1871 + found.place == 1899
    assert found.p < 1e-6
    assert [1871 + each.place for each in level_shifts(NILE)] == [1899]


def test_k_is_the_largest_mann_whitney_sum_of_signs():
    rng = np.random.default_rng(1)
    x = rng.integers(0, 9, 30)
    sums = [
        abs(sum(np.sign(x[i] - x[j]) for i in range(t) for j in range(t, len(x)))) for t in range(1, len(x))
    ]
    assert pettitt(x).statistic == max(sums)


def test_in_a_hundred_stable_worlds_hardly_any_change_is_found():
    found = sum(
        bool(level_shifts(np.random.default_rng(seed).normal(0.93, 0.01, 104))) for seed in range(100)
    )
    assert found <= 7


def test_weeks_of_few_items_and_weeks_that_stray_find_no_more():
    found = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        items = rng.integers(20, 200, 60)
        rate = (0.9 + rng.normal(0, 0.02, 60)).clip(0, 1)
        found += bool(level_shifts(rng.binomial(items, rate) / items))
    assert found <= 7


def test_two_planted_changes_are_found_where_they_are():
    rng = np.random.default_rng(5)
    weeks = np.concatenate([rng.normal(level, 0.01, 30) for level in (0.95, 0.91, 0.94)])
    assert [each.place for each in level_shifts(weeks)] == [
        pytest.approx(30, abs=1),
        pytest.approx(60, abs=2),
    ]


@pytest.mark.parametrize(
    "values", [[], [1.0], [1.0] * 40, list(range(2 * SHORTEST - 1)), [0.0] * 30 + [1.0] * (SHORTEST - 1)]
)
def test_nothing_too_little_and_too_late_is_no_change(values):
    assert level_shifts(values) == []


def test_the_order_within_a_level_does_not_matter():
    rng = np.random.default_rng(6)
    before, after = rng.normal(0.95, 0.01, 20), rng.normal(0.9, 0.01, 20)
    one = pettitt(np.concatenate([before, after]))
    other = pettitt(np.concatenate([np.sort(before), np.sort(after)]))
    assert one.place == other.place == 20
    assert one.statistic == other.statistic
