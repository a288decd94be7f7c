"""Mix and performance: the published example, one to count by hand, and that both always add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspromised.stats.kitagawa import kitagawa, kitagawa_rates

WEB_PHONE_STORE = ([30, 30, 5], [25, 66, 5]), ([600, 300, 100], [500, 600, 100])


SIZES = (
    [12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9],
    [10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5],
)
RATES = (
    [1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8],
    [2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2],
)
"""Household headship by thirteen ages, 1970 and 1985 (Das Gupta 1993, example 5.1)."""


def test_das_guptas_households_by_age():
    shares, rates = (tuple(np.array(each) for each in pair) for pair in (SIZES, RATES))
    found = kitagawa_rates(tuple(each / 100 for each in shares), rates)
    assert (found.before, found.after) == pytest.approx((44.7268, 47.6940), abs=5e-5)
    assert found.mix.sum() == pytest.approx(1.2269, abs=5e-5)
    assert found.performance.sum() == pytest.approx(1.7403, abs=5e-5)


def test_three_quarters_of_the_fall_is_customers_moving_to_phone():
    found = kitagawa(*WEB_PHONE_STORE)
    assert (found.before, found.after) == pytest.approx((0.065, 0.08))
    assert 100 * found.mix == pytest.approx([0.412, 0.65, 0.038], abs=0.001)
    assert 100 * found.performance == pytest.approx([0, 0.4, 0], abs=0.001)
    assert 100 * found.mix.sum() == pytest.approx(1.1, abs=0.01)
    assert found.mix.sum() / found.difference == pytest.approx(11 / 15, abs=0.001)


def test_a_product_of_a_share_and_a_rate_is_split_as_das_gupta_does():
    """(.6 x .5) to (.3 x .45): -.1425 and -.0225; the other group has no rate and takes no part."""
    found = kitagawa_rates(
        (np.array([0.6, 0.4]), np.array([0.3, 0.7])), (np.array([0.5, 0]), np.array([0.45, 0]))
    )
    assert found.performance.sum() == pytest.approx(-0.0225)
    assert found.mix.sum() == pytest.approx(-0.1425)


def test_a_group_that_comes_or_goes_is_all_mix():
    found = kitagawa(([10, 0], [10, 30]), ([100, 0], [100, 100]))
    assert found.performance.tolist() == [0, 0]
    assert found.mix.sum() == pytest.approx(found.difference) == pytest.approx(0.1)


def test_nothing_counted_has_no_rate():
    with pytest.raises(ValueError, match="before, and after"):
        kitagawa(([0], [1]), ([0], [2]))


@given(st.lists(st.tuples(*[st.integers(0, 500)] * 4), min_size=1, max_size=8))
def test_mix_and_performance_add_up_to_the_difference(rows):
    n0, k0, n1, k1 = (np.array(each) for each in zip(*rows, strict=True))
    if not n0.sum() or not n1.sum():
        return
    m0, m1 = np.minimum(k0, n0), np.minimum(k1, n1)
    found = kitagawa((m0, m1), (n0, n1))
    assert found.difference == pytest.approx(m1.sum() / n1.sum() - m0.sum() / n0.sum(), abs=1e-12)
    assert found.mix.sum() + found.performance.sum() == pytest.approx(found.difference, abs=1e-12)
    other_way = kitagawa((m1, m0), (n1, n0))
    assert other_way.mix == pytest.approx(-found.mix, abs=1e-12)
