"""Control charts against published numbers, and what must hold of any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspromised.stats.control_chart import (
    BINOMIAL,
    HIT_OR_MISS,
    MEETS,
    MISSES,
    ONE_SIDE,
    OUTSIDE,
    P_PRIME,
    TREND,
    TWO_OF_THREE,
    XMR,
    ControlLimits,
    assurance,
    binomial_limits,
    fitting_chart,
    laney_p_prime,
    p_chart,
    special_causes,
    xmr_limits,
)
from aspromised.stats.hitting_target import p_of_hitting_target

VIGNETTE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
"""The worked example of NHSRplotthedots' vignette "number of points required"."""
WAFERS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]  # fmt: skip
"""Defects on 30 wafers of 50 chips: NIST/SEMATECH e-Handbook 6.3.3.2."""
AT_FOUR = {"centre": 4.0, "low": 0.0, "high": 8.0}


def rounded(limits: ControlLimits) -> list[float]:
    return [round(float(line[0]), 2) for line in (limits.centre, limits.low, limits.high)]


def around(values, centre=0.0, reach=3.0):
    flat = np.full(len(values), centre)
    return ControlLimits(flat, flat - reach, flat + reach)


def causes(values, limits=None):
    found = special_causes(values, limits or around(values))
    return {place + 1: str(rule) for place, rule in enumerate(found) if rule}


def test_xmr_limits_are_those_of_the_vignette_screened_or_not():
    assert rounded(xmr_limits(VIGNETTE, screened=False)) == [1.94, -3.06, 6.95]
    assert rounded(xmr_limits(VIGNETTE)) == [1.94, -0.72, 4.60]
    assert causes(VIGNETTE, xmr_limits(VIGNETTE)) == {5: OUTSIDE}


def test_xmr_limits_are_those_of_the_handbook():
    flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    assert rounded(xmr_limits(flow)) == pytest.approx([50.81, 45.82, 55.80], abs=0.02)


def test_two_far_points_on_either_side_are_no_two_of_three():
    values = [1, -1] * 8
    values[14], values[15] = 5.5, -5.5
    limits = around(values, reach=6.0)
    assert causes(values, limits) == {}
    assert causes(values, xmr_limits(values)) == {}


def test_two_of_three_beyond_two_thirds_on_one_side_are():
    assert causes([0.5, 2.5, 0.5, 2.5, -1]) == {2: TWO_OF_THREE, 4: TWO_OF_THREE}
    assert causes([0.5, 2.5, -0.1, 2.5, -1]) == {}


def test_seven_points_on_one_side_are_an_exception_and_six_are_not():
    assert causes([1, 1.5] * 3) == {}
    assert causes([1, 1.5, 1, 1.5, 1, 1.5, 1, -1]) == dict.fromkeys(range(1, 8), ONE_SIDE)


def test_seven_rising_points_are_an_exception_and_six_are_not():
    six = [-1.5, -1, -0.5, 0.5, 1, 1.5]
    assert causes(six) == {}
    assert causes([*six, 1.9]) == dict.fromkeys(range(1, 8), TREND)
    assert causes([-each for each in [*six, 1.9]]) == dict.fromkeys(range(1, 8), TREND)


def test_points_that_are_all_equal_are_no_exception_whatever_floating_point_makes_of_their_mean():
    same = [0.1 + 0.2] * 5 + [0.3] * 12
    assert causes(same, xmr_limits(same)) == {}
    assert causes([1.0] * 20, laney_p_prime([50] * 20, [50] * 20)) == {}


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0]])
def test_few_points_are_no_exception(values):
    assert causes(values, xmr_limits(values)) == {}


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=40))
def test_what_is_turned_upside_down_has_the_same_exceptions(values):
    mirrored = [-each for each in values]
    assert causes(values, xmr_limits(values)) == causes(mirrored, xmr_limits(mirrored))


@pytest.mark.parametrize(
    ("low", "high", "told"), [(1, 3, MISSES), (5, 7, MEETS), (1, 5, HIT_OR_MISS), (4, 5, HIT_OR_MISS)]
)
def test_assurance_of_a_target_of_4_that_is_to_be_reached(low, high, told):
    assert assurance(low, high, 4) == told


def test_limits_from_the_change_on_tell_otherwise_than_those_of_all_months():
    """Constructed: 14 months near 91, then 10 near 94, against 95."""
    months = np.array([91, 91.6, 90.5, 91.3, 90.7, 91.4, 90.8, 91.2, 90.6, 91.5, 90.9, 91.1, 90.4, 91.0,
                       94.2, 93.6, 94.4, 93.5, 94.1, 93.7, 94.3, 93.8, 94.0, 93.4])  # fmt: skip
    whole, since = xmr_limits(months), xmr_limits(months[14:])
    assert assurance(whole.low[-1], whole.high[-1], 95) == MISSES
    assert assurance(since.low[-1], since.high[-1], 95) == HIT_OR_MISS


def test_the_p_chart_of_the_wafers():
    limits = p_chart(WAFERS, [50] * 30)
    assert [round(float(line[0]), 4) for line in (limits.centre, limits.low, limits.high)] == [
        0.2313, 0.0524, 0.4102,
    ]  # fmt: skip
    shares = np.array(WAFERS) / 50
    assert [n + 1 for n in np.flatnonzero((shares > limits.high) | (shares < limits.low))] == [15, 23]


def straying(rng: np.random.Generator, weeks: int, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Weeks of thousands of items whose true rate strays by a point beyond chance; from the middle on, by `shift` too."""
    items = rng.integers(4_000, 12_000, weeks)
    rate = 0.93 + rng.normal(0, 0.01, weeks) + shift * (np.arange(weeks) >= weeks // 2)
    return rng.binomial(items, rate.clip(0, 1)), items


def beyond(shares: np.ndarray, limits: ControlLimits) -> int:
    return int(((shares > limits.high) | (shares < limits.low)).sum())


def test_weeks_that_stray_by_themselves_are_exceptions_to_chance_and_not_to_themselves():
    by_chance = by_themselves = 0
    for seed in range(100):
        kept, items = straying(np.random.default_rng(seed), 52)
        shares = kept / items
        by_chance += beyond(shares, p_chart(kept, items))
        by_themselves += beyond(shares, laney_p_prime(kept, items, screened=seed % 2 == 0))
    assert by_chance > 0.2 * 5200
    assert by_themselves < 0.01 * 5200


def test_a_real_shift_is_an_exception_to_what_went_before():
    found = 0
    for seed in range(100):
        kept, items = straying(np.random.default_rng(seed), 52, shift=0.03)
        limits = laney_p_prime(kept, items)
        found += ONE_SIDE in set(special_causes(kept / items, limits)[26:])
    assert found >= 95


def test_laneys_spread_is_one_where_chance_is_all_there_is():
    rng = np.random.default_rng(3)
    items = rng.integers(500, 1500, 2000)
    assert laney_p_prime(rng.binomial(items, 0.9), items).dispersion == pytest.approx(1, abs=0.05)


def test_one_strange_week_does_not_hide_the_next_where_it_is_screened():
    kept, items = straying(np.random.default_rng(7), 30)
    kept[10] = items[10] // 2
    assert laney_p_prime(kept, items, screened=True).dispersion < 0.5 * laney_p_prime(kept, items).dispersion


def test_all_kept_and_nothing_decided_have_limits_without_a_warning():
    assert laney_p_prime([5, 6], [5, 6]).low.tolist() == [1, 1]
    assert laney_p_prime([], []).low.tolist() == []


@pytest.mark.parametrize(
    ("items", "chart"),
    [
        ([100] * 11, BINOMIAL),
        ([100] * 12, XMR),
        ([80, 120] * 6, XMR),
        ([70, 130] * 6, P_PRIME),
        ([], BINOMIAL),
    ],
)
def test_the_chart_fits_the_counts(items, chart):
    assert fitting_chart(items) == chart


def test_binomial_limits_leave_out_the_rarest_27_in_10000():
    rng = np.random.default_rng(4)
    shares = rng.binomial(300, 0.95, 40_000) / 300
    limits = binomial_limits([300], [0.95])
    assert ((shares < limits.low[0]) | (shares > limits.high[0])).mean() < 0.0035


@pytest.mark.parametrize(
    ("share", "items", "chance"),
    [(0.96, 50, 0.677), (0.96, 200, 0.820), (0.96, 1000, 0.951), (0.95, 200, 0.583)],
)
def test_the_chance_of_reaching_95_per_cent(share, items, chance):
    assert p_of_hitting_target(share, 0.95, items) == pytest.approx(chance, abs=5e-4)


def test_periods_that_stray_reach_it_less_surely_and_never_beyond_certainty():
    assert 0.5 < p_of_hitting_target(0.96, 0.95, 1000, dispersion=3) < p_of_hitting_target(0.96, 0.95, 1000)
    assert p_of_hitting_target(1.0, 0.95, 10, dispersion=9) == 1
    assert p_of_hitting_target(0.5, 0.95, 1, dispersion=9) == pytest.approx(0.5)
