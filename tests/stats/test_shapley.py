"""Late minutes shared out: published games, every order of small ones by hand, and sums that are exact."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspromised.stats.shapley import lateness_shared, shapley


def by_orders(overruns: list[int], slack: int) -> list[Fraction]:
    """Return what each stage adds, averaged over every order in which stages may be let run: the definition itself."""
    sums = [Fraction(0)] * len(overruns)
    orders = list(permutations(range(len(overruns))))
    for order in orders:
        so_far = -slack
        for stage in order:
            sums[stage] += max(0, so_far + overruns[stage]) - max(0, so_far)
            so_far += overruns[stage]
    return [each / len(orders) for each in sums]


def test_a_promise_of_ten_days_with_a_stage_that_recovered_time():
    budgets, actual, unit = np.array([2, 4, 2, 1]), np.array([5, 4, 1, 3]), 86_400_000_000
    slack = np.array([(10 - budgets.sum()) * unit])
    shared = lateness_shared((actual - budgets)[None, :] * unit, slack)
    assert (shared / unit).round(9).tolist() == [[round(7 / 3, 9), 0, round(-2 / 3, 9), round(4 / 3, 9)]]
    assert shared.sum() == 3 * unit


def test_airport_costs_are_shared_as_published():
    costs = [8, 11, 13, 18]
    worth = [max([costs[i] for i in range(4) if group >> i & 1], default=0) for group in range(16)]
    assert shapley(np.array([worth])).tolist() == [[2, 3, 4, 9]]


def test_what_cannot_be_divided_goes_to_the_largest_remainder_and_then_to_the_earlier():
    assert lateness_shared(np.array([[1, 1, 1]]), np.array([1])).tolist() == [[1, 1, 0]]


def test_a_plan_that_is_late_by_itself_is_nobodys():
    """Budgets of 12 for a promise of 10: two late without anybody's doing, and only three are shared."""
    assert lateness_shared(np.array([[3, 0]]), np.array([-2])).tolist() == [[3, 0]]


def test_more_stages_than_can_be_looked_at_are_refused():
    with pytest.raises(ValueError, match="at most 9"):
        lateness_shared(np.zeros((1, 10), dtype=np.int64), np.zeros(1, dtype=np.int64))


OVERRUNS = st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=5)


@given(OVERRUNS, st.integers(-(10**15), 10**15))
def test_it_is_the_average_over_all_orders_and_adds_up_exactly(overruns, slack):
    shared = lateness_shared(np.array([overruns], dtype=np.int64), np.array([slack], dtype=np.int64))[0]
    assert int(shared.sum()) == max(0, sum(overruns) - slack) - max(0, -slack)
    assert all(abs(Fraction(int(a)) - b) < 1 for a, b in zip(shared, by_orders(overruns, slack), strict=True))


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_stages_that_overran_alike_have_made_as_much_of_it(over, slack):
    shared = lateness_shared(np.array([[over, 0, over]]), np.array([slack]))[0]
    assert shared[1] == 0 and 0 <= shared[0] - shared[2] <= 1


def test_many_items_are_shared_as_each_alone():
    rng = np.random.default_rng(7)
    overruns, slack = rng.integers(-100, 100, (3000, 9)), rng.integers(-50, 50, 3000)
    together = lateness_shared(overruns, slack)
    for n in range(0, 3000, 500):
        assert (lateness_shared(overruns[n : n + 1], slack[n : n + 1]) == together[n]).all()
