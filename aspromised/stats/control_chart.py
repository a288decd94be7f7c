"""Control charts: what a process does by itself, and which of its points tell that something else happened."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom, norm

from aspromised.stats.proportion import NOISE

MOVING_RANGE_TO_LIMITS = 2.66
"""3 ÷ 1.128, d2 of pairs."""
D2 = 1.128
SCREENED_FROM = 3.267
"""A moving range so many times the mean one is no part of what a process does by itself (D4 of pairs)."""
RUN = 7
"""So many points on one side of the mean, or each higher than the one before, are no chance."""
LOCKED_FROM = 12
"""Limits of fewer points are trial limits: the next points will move them (Wheeler, Understanding Variation, 1993)."""
TRIAL_FROM = 6
"""Of fewer points no limits are told."""
SIMILAR = 0.25
"""Counts that differ from their mean by no more than this share of it are alike (Montgomery, Introduction to SQC, 7.3)."""
OUTSIDE, TREND, TWO_OF_THREE, ONE_SIDE = "outside", "trend", "two of three", "one side"
MEETS, MISSES, HIT_OR_MISS = "reliably meets", "reliably misses", "hit and miss"
XMR, P_PRIME, BINOMIAL = "XmR", "p′", "binomial"


@dataclass(frozen=True)
class ControlLimits:
    """The middle and the limits of each point; `dispersion` is how much wider they are than chance among items makes them."""

    centre: np.ndarray
    low: np.ndarray
    high: np.ndarray
    dispersion: float = 1.0


def xmr_limits(values: ArrayLike, *, screened: bool = True) -> ControlLimits:
    """Return the limits of single values: the mean ± 2.66 times the mean moving range (Wheeler 1993).

    With `screened`, moving ranges of 3.267 times their mean or more do not count, as NHS England's "Making Data Count" has it.

    >>> told = xmr_limits([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1], screened=False)
    >>> f"{told.centre[0]:.2f} {told.low[0]:.2f} {told.high[0]:.2f}"
    '1.94 -3.06 6.95'
    """
    x = np.asarray(values, float)
    reach = MOVING_RANGE_TO_LIMITS * _mean_moving_range(x, screened)
    centre = np.full(len(x), x.mean() if len(x) else np.nan)
    return ControlLimits(centre, centre - reach, centre + reach)


def _mean_moving_range(values: np.ndarray, screened: bool) -> float:
    ranges = np.abs(np.diff(values))
    if screened and len(ranges):
        ranges = ranges[(ranges < SCREENED_FROM * ranges.mean()) | (ranges == 0)]
    return float(ranges.mean()) if len(ranges) else 0.0


def p_chart(kept: ArrayLike, items: ArrayLike) -> ControlLimits:
    """Return the limits of shares by chance among items alone: the mean share ± 3 binomial standard deviations (Shewhart).

    >>> told = p_chart([12, 15, 8, 10], [50, 50, 50, 50])
    >>> f"{told.centre[0]:.3f} {told.low[0]:.4f} {told.high[0]:.4f}"
    '0.225 0.0478 0.4022'
    """
    return _shares(kept, items, 1.0)


def laney_p_prime(kept: ArrayLike, items: ArrayLike, *, screened: bool = False) -> ControlLimits:
    """Return the limits of shares by chance and by how far periods stray by themselves (Laney, Quality Engineering 14:531, 2002).

    z = (p − p̄) ÷ σ of each period, σ_z = mean |Δz| ÷ 1.128, limits p̄ ± 3 σ_z σ. With large counts chance alone is so
    little that a p chart calls nearly every period an exception. With `screened`, as in `xmr_limits`: one strange period
    does not hide the next.

    >>> told = laney_p_prime([900, 940, 910, 950], [1000, 1000, 1000, 1000])
    >>> f"{told.dispersion:.2f} {told.low[0]:.3f} {told.high[0]:.3f}"
    '3.90 0.827 1.023'
    """
    k, n = np.asarray(kept, float), np.asarray(items, float)
    centre = k.sum() / n.sum() if n.sum() else np.nan
    sigma = np.sqrt(centre * (1 - centre) / n)
    if len(n) < 2 or not sigma.any():
        return _shares(kept, items, 1.0)
    z = (k / n - centre) / sigma
    return _shares(kept, items, _mean_moving_range(z, screened) / D2)


def _shares(kept: ArrayLike, items: ArrayLike, dispersion: float) -> ControlLimits:
    k, n = np.asarray(kept, float), np.asarray(items, float)
    centre = np.full(len(n), k.sum() / n.sum() if n.sum() else np.nan)
    reach = 3 * dispersion * np.sqrt(centre * (1 - centre) / n)
    return ControlLimits(centre, centre - reach, centre + reach, dispersion)


def extended(limits: ControlLimits, items: ArrayLike, *, is_share: bool) -> ControlLimits:
    """Return the limits of earlier points for later ones of so many items: those of shares are wider for fewer.

    >>> told = extended(laney_p_prime([900, 940, 910, 950], [1000] * 4), [250], is_share=True)
    >>> f"{told.low[0]:.3f} {told.high[0]:.3f}"
    '0.730 1.120'
    """
    n = np.asarray(items, float)
    centre = np.full(len(n), limits.centre[0])
    share = limits.centre[0] * (1 - limits.centre[0])
    reach = 3 * limits.dispersion * np.sqrt(share / n) if is_share else limits.high[0] - centre
    return ControlLimits(centre, centre - reach, centre + reach, limits.dispersion)


def binomial_limits(items: ArrayLike, target: ArrayLike) -> ControlLimits:
    """Return between which shares so many items lie by chance if each is kept with the chance `target`: the exact 99.73 %.

    >>> told = binomial_limits([100], [0.95])
    >>> float(told.low[0]), float(told.high[0])
    (0.87, 1.0)
    """
    n, p = np.asarray(items, float), np.asarray(target, float)
    tail = norm.sf(3)
    return ControlLimits(p + 0 * n, binom.ppf(tail, n, p) / n, binom.ppf(1 - tail, n, p) / n)


def fitting_chart(items: ArrayLike) -> str:
    """Return which chart fits periods of so many items: BINOMIAL against the target where they are few, XMR or P_PRIME.

    >>> fitting_chart([100] * 5), fitting_chart([100, 110] * 8), fitting_chart([100, 300] * 8)
    ('binomial', 'XmR', 'p′')
    """
    n = np.asarray(items, float)
    if len(n) < LOCKED_FROM:
        return BINOMIAL
    return XMR if (np.abs(n - n.mean()) <= SIMILAR * n.mean()).all() else P_PRIME


def special_causes(values: ArrayLike, limits: ControlLimits) -> np.ndarray:
    """Return of each point which rule calls it an exception, the first that does, or "": those of "Making Data Count".

    OUTSIDE the limits; part of 7 points each higher (or lower) than the one before; beyond two thirds of the way to a limit
    where two of three neighbours are so and all three lie on one side of the mean; part of 7 points on one side of the mean.

    >>> special_causes([1, 1, 9, 1], ControlLimits(*np.array([[2.0] * 4, [0.0] * 4, [4.0] * 4]))).tolist()
    ['', '', 'outside', '']
    """
    x = np.asarray(values, float)
    side = _signs(x - limits.centre)
    outside = (_signs(x - limits.high) > 0) | (_signs(x - limits.low) < 0)
    near = ~outside & (
        (_signs(x - limits.centre - (limits.high - limits.centre) * 2 / 3) > 0)
        | (_signs(x - limits.centre - (limits.low - limits.centre) * 2 / 3) < 0)
    )
    steps = _signs(np.diff(x))
    rising = _in_runs(steps, RUN - 1)
    trend = np.concatenate([rising, [False]]) | np.concatenate([[False], rising]) if len(x) else rising
    rules = (
        (outside, OUTSIDE),
        (trend, TREND),
        (near & _two_of_three(near, side), TWO_OF_THREE),
        (_in_runs(side, RUN), ONE_SIDE),
    )
    return np.select([found for found, _ in rules], [name for _, name in rules], default="").astype(object)


def _signs(differences: np.ndarray) -> np.ndarray:
    """-1, 0 or 1; what only floating point makes a difference is none."""
    return np.sign(np.where(np.abs(differences) <= NOISE, 0.0, differences))


def _in_runs(signs: np.ndarray, length: int) -> np.ndarray:
    """Whether each is part of so many or more equal signs after one another, none of them 0."""
    found = np.zeros(len(signs), bool)
    for start in range(len(signs) - length + 1):
        if abs(signs[start : start + length].sum()) == length:
            found[start : start + length] = True
    return found


def _two_of_three(near: np.ndarray, side: np.ndarray) -> np.ndarray:
    found = np.zeros(len(near), bool)
    for start in range(len(near) - 2):
        three = slice(start, start + 3)
        if near[three].sum() >= 2 and abs(side[three].sum()) == 3:
            found[three] = True
    return found


def assurance(low: float, high: float, target: float) -> str:
    """Return whether a process with these limits will meet a share to be reached: MEETS, MISSES, HIT_OR_MISS.

    >>> assurance(0.96, 0.99, 0.95), assurance(0.90, 0.94, 0.95), assurance(0.90, 0.97, 0.95)
    ('reliably meets', 'reliably misses', 'hit and miss')
    """
    if target < low - NOISE:
        return MEETS
    return MISSES if target > high + NOISE else HIT_OR_MISS
