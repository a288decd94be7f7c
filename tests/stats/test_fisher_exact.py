"""Fisher's exact test of many parts at once, against scipy's of one table at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom

from aspromised.stats.fisher_exact import fisher_log_p


def by_scipy(broken, decided, all_broken, all_decided):
    rest, rest_broken = all_decided - decided, all_broken - broken
    return fisher_exact([[broken, decided - broken], [rest_broken, rest - rest_broken]]).pvalue


@st.composite
def parts(draw):
    size = draw(st.integers(2, 400))
    marked, n = draw(st.integers(0, size)), draw(st.integers(1, size - 1))
    return draw(st.integers(max(0, n - size + marked), min(n, marked))), n, marked, size


@given(parts())
@settings(max_examples=300)
def test_each_part_has_the_p_of_its_own_table(part):
    assert np.exp(fisher_log_p(*part))[0] == pytest.approx(by_scipy(*part), rel=1e-6, abs=1e-300)


def test_many_parts_of_one_whole_are_tested_at_once():
    rng = np.random.default_rng(5)
    decided = rng.integers(30, 4000, 60)
    broken = rng.binomial(decided, rng.choice([0.05, 0.1, 0.2], 60))
    found = np.exp(fisher_log_p(broken, decided, 5000, 50_000))
    wanted = [by_scipy(m, n, 5000, 50_000) for m, n in zip(broken, decided, strict=True)]
    assert found == pytest.approx(wanted, rel=1e-6)


def test_fishers_tea():
    """3 of 4 cups told right: p = 34/70 two-sided (Fisher, The Design of Experiments, 1935)."""
    assert np.exp(fisher_log_p(3, 4, 4, 8))[0] == pytest.approx(34 / 70)


def test_what_is_too_rare_for_a_number_is_still_told_apart():
    small, smaller = fisher_log_p([900, 950], [1000, 1000], 1000, 100_000)
    assert smaller < small < -800
    assert small == pytest.approx(hypergeom.logsf(899, 100_000, 1000, 1000), rel=1e-6)


def test_nothing_and_everything_broken_says_nothing():
    assert fisher_log_p([0, 0], [5, 10], 0, 20).tolist() == [0, 0]
    assert fisher_log_p([5, 10], [5, 10], 20, 20).tolist() == [0, 0]
