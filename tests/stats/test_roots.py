"""Brent's method, against the one that everybody uses."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from aspromised.stats.roots import root

SHAPES = (
    lambda x, a, b: x**3 + a * x * x + b * x - 1,
    lambda x, a, b: math.exp(a * x / 4) - b - 2,
    lambda x, a, b: math.atan(5 * x + a) + b / 3,
    lambda x, a, b: 1 / (x * x + abs(a) + 0.001) - abs(b),
    lambda x, a, b: float(x > a) - 0.5,
)
NUMBERS = st.floats(-4, 4)


@given(st.sampled_from(SHAPES), NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_it_is_scipys_to_the_last_bit(shape, a, b, low, high):
    def f(x):
        return shape(x, a, b)

    ends = (f(low), f(high))
    if 0 not in ends and (ends[0] < 0) == (ends[1] < 0):
        with pytest.raises(ValueError, match="one sign"):
            root(f, low, high)
    else:
        assert root(f, low, high) == brentq(f, low, high)
