"""A stretch of days beside the quiet days around it: what was to be expected, how far quiet stretches themselves stray."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.stats import betabinom, binom, nbinom, norm, poisson, t

BASELINE_DAYS = 84
"""So many quiet days before a stretch, of the same version, set the level unless a history says otherwise; later ones
only where there are too few."""
SUFFICIENT_BASELINE_DAYS = 28
"""Fewer quiet days than this before a stretch are filled up with the first ones after it."""
MIN_BASELINE_DAYS = 14
"""With fewer quiet days in all nothing is expected of a stretch."""
MIN_STRETCHES = 8
"""With fewer quiet stretches of its length, shorter ones tell how far they stray."""
SIGNIFICANCE_LEVEL = 0.05
_Numbers = np.ndarray


@dataclass(frozen=True)
class History:
    """A row a day without gaps: `observed` of what is counted, `expected` of it and the `variance` of that by chance
    alone, the `version` in force, and whether the day is `quiet`: nothing was launched that could have moved it."""

    observed: _Numbers
    expected: _Numbers
    variance: _Numbers
    version: _Numbers
    quiet: _Numbers
    reference: int = BASELINE_DAYS

    def level(self, start: int, stop: int, version: int) -> "BaselineLevel | None":
        """Return how the quiet days around [start, stop) went beside what was expected of them; None where too few."""
        days = np.flatnonzero(self.quiet & (self.version == version))
        before, after = days[days < start][-self.reference :], days[days >= stop]
        if len(before) < SUFFICIENT_BASELINE_DAYS:
            before = np.concatenate([before, after[: self.reference - len(before)]])
        expected = self.expected[before].sum()
        if len(before) < MIN_BASELINE_DAYS or expected <= 0:
            return None
        factor = (self.observed[before].sum() + 0.5) / (expected + 0.5)
        return BaselineLevel(float(factor), float(self.variance[before].sum() / factor / expected**2), before)

    def starts(self, length: int) -> _Numbers:
        """Return the days from which `length` days are quiet and of one version."""
        if length > len(self.quiet):
            return np.array([], dtype=int)
        same = np.concatenate([[True], self.version[1:] == self.version[:-1]])
        bad = np.concatenate([[0], np.cumsum(~self.quiet)])
        turns = np.concatenate([[0], np.cumsum(~same)])
        first = np.arange(len(self.quiet) - length + 1)
        one = turns[first + length] - turns[first + 1] == 0
        return np.asarray(first[(bad[first + length] - bad[first] == 0) & one])

    def non_overlapping(self, length: int) -> _Numbers:
        """Return starts of quiet stretches that do not overlap."""
        chosen: list[int] = []
        for start in self.starts(length):
            if not chosen or start >= chosen[-1] + length:
                chosen.append(int(start))
        return np.array(chosen, dtype=int)


@dataclass(frozen=True)
class BaselineLevel:
    """How quiet days went: seen ÷ expected, the relative variance of that by chance, and the days themselves."""

    factor: float
    relative_variance: float
    days: _Numbers


@dataclass(frozen=True)
class QuietStretches:
    """Quiet stretches of one length: what was seen less what was expected, what was expected, the variance by chance."""

    length: int
    residuals: _Numbers
    expected: _Numbers
    variance: _Numbers
    non_overlapping: _Numbers
    """Which of them do not overlap."""

    @cached_property
    def between_variance(self) -> float:
        """The variance of a stretch's level beyond chance, as a share of what is expected squared.

        The value at which the mean of the squared standardised differences is 1 (Paule & Mandel, J Res NBS 87:377, 1982):
        an additive random effect (Spiegelhalter, Stat Med 24:1185, 2005), which takes in drift and days that hang together.
        """

        def surplus(between: float) -> float:
            return float(np.mean(self.residuals**2 / (self.variance + between * self.expected**2)) - 1)

        if surplus(0.0) <= 0:
            return 0.0
        top = 1.0
        while surplus(top) > 0:
            top *= 4
        return float(brentq(surplus, 0.0, top))

    def rank(self, beyond: float, expected: float, chance: float) -> int:
        """Return how many of the stretches that do not overlap strayed less far upwards."""
        here = beyond / np.sqrt(chance + self.between_variance * expected**2)
        there = self.residuals / np.sqrt(self.variance + self.between_variance * self.expected**2)
        return int((there[self.non_overlapping] < here).sum())


def quiet_stretches(history: History, length: int) -> QuietStretches | None:
    """Return the quiet stretches of `length` days, each judged as a launch would be; shorter ones where there are too few.

    How far short stretches stray, taken for long ones, is too much rather than too little: shocks of days even out.
    """
    while len(history.non_overlapping(length)) < MIN_STRETCHES:
        if length == 1:
            return None
        length = max(1, length // 2)
    found = [(start, _judged(history, start, length)) for start in history.starts(length)]
    kept = [(start, values) for start, values in found if values is not None]
    apart = set(history.non_overlapping(length).tolist())
    if sum(start in apart for start, _ in kept) < MIN_STRETCHES:
        return None
    beyond, expected, chance = np.array([values for _, values in kept]).T
    return QuietStretches(length, beyond, expected, chance, np.array([start in apart for start, _ in kept]))


def _judged(history: History, start: int, length: int) -> tuple[float, float, float] | None:
    inside = slice(start, start + length)
    level = history.level(start, start + length, int(history.version[start]))
    expected = history.expected[inside].sum()
    if level is None or expected <= 0:
        return None
    there = level.factor * expected
    chance = level.factor * history.variance[inside].sum() + level.relative_variance * there**2
    return history.observed[inside].sum() - there, there, chance


def prediction_interval(
    expected: float, variance: float, most: float | None, stretches: int
) -> tuple[float, float]:
    """Return the 95 % range of a count with this mean and variance; `most` is the number of items, None where there is none.

    >>> prediction_interval(5.0, 4.5, 50, 1000)
    (1.0, 9.0)
    """
    low, high = _law(expected, variance, most, stretches).ppf(
        [SIGNIFICANCE_LEVEL / 2, 1 - SIGNIFICANCE_LEVEL / 2]
    )
    return float(low), float(high)


def upper_tail_probability(
    count: float, expected: float, variance: float, most: float | None, stretches: int
) -> float:
    """Return how likely such a count, or a larger one, is.

    >>> round(upper_tail_probability(10, 5.0, 4.5, 50, 1000), 3)
    0.025
    """
    return float(_law(expected, variance, most, stretches).sf(count - 1))


def _law(expected: float, variance: float, most: float | None, stretches: int) -> Any:
    """Return the distribution of a count with this mean and variance, which was itself estimated from so many stretches:
    it is widened as the t distribution is. Counts out of `most` are beta-binomial, others negative binomial, so that a
    range near nothing or all does not go beyond."""
    wide = (
        variance
        * float(t.ppf(1 - SIGNIFICANCE_LEVEL / 2, stretches) / norm.ppf(1 - SIGNIFICANCE_LEVEL / 2)) ** 2
    )
    return _counts(expected, wide) if most is None else _shares(expected, wide, most)


def _shares(expected: float, variance: float, most: float) -> Any:
    share = min(max(expected / most, 1e-9), 1 - 1e-9)
    alone = most * share * (1 - share)
    linked = min((variance / alone - 1) / (most - 1), 0.999) if most > 1 else 0.0
    if linked <= 1e-9:
        return binom(most, share)
    return betabinom(most, share * (1 / linked - 1), (1 - share) * (1 / linked - 1))


def _counts(expected: float, variance: float) -> Any:
    if variance <= expected * (1 + 1e-9):
        return poisson(expected)
    return nbinom(expected**2 / (variance - expected), expected / variance)
