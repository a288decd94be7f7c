"""How a promise has gone on days of more and less work, and so how much more work it would bear: break-even from what was seen."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from aspromised.stats.fluid_queue import left_over

PRESSED_COLUMNS = ("day", "load", "available", "items", "broken")
LEAST_DAYS = 60
"""With fewer days of items and load nothing is said of how one goes with the other."""
MOST_TRIED = 4.0
TIMES = np.round(np.arange(0.2, MOST_TRIED + 0.001, 0.01), 2)
DRAWS, SEED = 1000, 8
KNOTS = (0.05, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3)
"""Pressures up to which nothing may change; from there on it may."""
RARELY = 7
"""Pressure met on fewer days than this has hardly been seen."""
HOLDS, BELOW, NO_RELATION, TOO_FEW = (
    "holds so far", "does not hold even now", "no relation seen", "too few days",
)  # fmt: skip


@dataclass(frozen=True)
class BreakEven:
    """The largest multiple of usual demand at which the promise holds, with its 95 % interval (1.12: 12 % more).

    `state` is HOLDS, or why there is no number: then `times` is None. `is_beyond` is whether the work it would take has hardly
    been seen; an end of the interval that lies beyond all multiples tried is infinite.
    """

    state: str
    times: float | None = None
    low: float | None = None
    high: float | None = None
    is_beyond: bool = False


def pressure(load: np.ndarray, available: np.ndarray) -> np.ndarray:
    """Return each day's work, what was left over from the day before with it, over what can be done.

    >>> pressure(np.array([10.0, 30.0, 10.0]), np.array([20.0, 20.0, 20.0])).tolist()
    [0.5, 1.5, 1.0]
    """
    before = np.concatenate([[0.0], left_over(load, available)[:-1]])
    return np.asarray((before + load) / np.maximum(available, 1e-9))


@dataclass(frozen=True)
class Relation:
    """How the broken share went with pressure: level up to `knot`, from there a logistic regression on its logarithm."""

    knot: float
    values: np.ndarray
    covariance: np.ndarray
    met: np.ndarray
    """The pressures met, smallest first."""

    @cached_property
    def draws(self) -> np.ndarray:
        """Coefficients as they might be, given the doubt about them; the same ones every time."""
        rng = np.random.default_rng(SEED)
        return np.asarray(rng.multivariate_normal(self.values, self.covariance, DRAWS))

    @property
    def rises(self) -> bool:
        """Whether more pressure went with more broken, by more than chance."""
        return bool(self.values[1] > 1.96 * np.sqrt(self.covariance[1, 1]))

    def strain(self, pressed: np.ndarray) -> np.ndarray:
        """Return the logarithm of pressure above the knot, 0 below it."""
        return np.asarray(np.log(np.maximum(pressed, self.knot) / self.knot))


def relation(days: pd.DataFrame) -> Relation | None:
    """Return how the broken share of `days` (PRESSED_COLUMNS, all days in order) went with pressure, None where too few.

    A quasi-binomial regression: the doubt is widened by how far days stray beyond chance (McCullagh & Nelder 1989, 4.5).
    The knot is the one of KNOTS that fits best; the doubt about it is left out.
    """
    pressed = pressure(days["load"].to_numpy(dtype=float), days["available"].to_numpy(dtype=float))
    used = (days["items"] > 0).to_numpy() & (pressed > 0)
    if used.sum() < LEAST_DAYS or days.loc[used, "broken"].sum() < 1:
        return None
    broken, items = (days.loc[used, name].to_numpy(dtype=float) for name in ("broken", "items"))
    counts = np.column_stack([broken, items - broken])
    met = np.sort(pressed[used])
    tried = [_fit(counts, pressed[used], knot) for knot in KNOTS if knot < met[-RARELY]]
    knot, found = min(tried, key=lambda one: float(one[1].deviance))
    return Relation(knot, np.asarray(found.params), np.asarray(found.cov_params()), met)


def _fit(counts: np.ndarray, pressed: np.ndarray, knot: float) -> tuple[float, Any]:
    strain = np.log(np.maximum(pressed, knot) / knot)
    return knot, GLM(counts, np.column_stack([np.ones(len(strain)), strain]), family=Binomial()).fit(
        scale="X2"
    )


def break_even(known: Relation | None, load: np.ndarray, available: np.ndarray, target: float) -> BreakEven:
    """Return the largest multiple of `load`, day by day beside `available`, at which the share kept stays at `target`.

    What one day leaves over presses on the next. The interval is that of the regression: 1,000 draws of its coefficients.
    """
    if known is None or not len(load):
        return BreakEven(TOO_FEW)
    if not known.rises:
        return BreakEven(NO_RELATION)
    pressed = np.array([pressure(times * load, available) for times in TIMES])
    strains = known.strain(pressed)
    at = _holds_up_to(known.values[None, :], strains, load, target)[0]
    if at < 1:
        return BreakEven(BELOW)
    low, high = np.quantile(
        _holds_up_to(known.draws, strains, load, target), [0.025, 0.975], method="nearest"
    )
    hardest = float(pressed[np.searchsorted(TIMES, min(at, TIMES[-1]))].max())
    is_beyond = int((known.met >= hardest).sum()) < RARELY
    return BreakEven(HOLDS, float(at), float(low), float(high), is_beyond)


def _holds_up_to(values: np.ndarray, strains: np.ndarray, load: np.ndarray, target: float) -> np.ndarray:
    """Return of each row of coefficients the last of TIMES before the kept share falls below the target, infinite where it
    never does, and nothing (0) where it is below at once."""
    weights = load / load.sum()
    kept = np.array([1 / (1 + np.exp(values[:, :1] + values[:, 1:] * row)) @ weights for row in strains]).T
    fails = kept < target
    first = np.where(fails.any(axis=1), fails.argmax(axis=1), len(TIMES))
    last = np.where(first == 0, 0.0, TIMES[np.clip(first - 1, 0, None)])
    return np.where(first == len(TIMES), np.inf, last)
