"""How a promise has gone on days of more and less work, and so how much more work it would bear: break-even from what was seen."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from aspromised.stats.fluid_queue import backlog

UTILISATION_COLUMNS = ("day", "load", "available", "items", "broken")
MIN_MODEL_DAYS = 60
"""With fewer days of items and load nothing is said of how one goes with the other."""
MAX_MULTIPLE_TRIED = 4.0
MULTIPLES_TRIED = np.round(np.arange(0.2, MAX_MULTIPLE_TRIED + 0.001, 0.01), 2)
DRAWS, SEED = 1000, 8
KNOTS = (0.05, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3)
"""Utilisations up to which nothing may change; from there on it may."""
MIN_DAYS_SEEN = 7
"""Utilisation met on fewer days than this has hardly been seen."""
HOLDS, BELOW, NO_RELATION, TOO_FEW = (
    "holds so far",
    "does not hold even now",
    "no relation seen",
    "too few days",
)


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


def utilisation(load: np.ndarray, available: np.ndarray) -> np.ndarray:
    """Return each day's work, what was left over from the day before with it, over what can be done.

    >>> utilisation(np.array([10.0, 30.0, 10.0]), np.array([20.0, 20.0, 20.0])).tolist()
    [0.5, 1.5, 1.0]
    """
    before = np.concatenate([[0.0], backlog(load, available)[:-1]])
    return np.asarray((before + load) / np.maximum(available, 1e-9))


@dataclass(frozen=True)
class UtilisationModel:
    """How the broken share went with utilisation: level up to `knot`, from there a logistic regression on its logarithm."""

    knot: float
    values: np.ndarray
    covariance: np.ndarray
    met: np.ndarray
    """The utilisations met, smallest first."""

    @cached_property
    def draws(self) -> np.ndarray:
        """Coefficients as they might be, given the doubt about them; the same ones every time."""
        rng = np.random.default_rng(SEED)
        return np.asarray(rng.multivariate_normal(self.values, self.covariance, DRAWS))

    @property
    def rises(self) -> bool:
        """Whether more utilisation went with more broken, by more than chance."""
        return bool(self.values[1] > 1.96 * np.sqrt(self.covariance[1, 1]))

    def log_utilisation(self, utilised: np.ndarray) -> np.ndarray:
        """Return the logarithm of utilisation above the knot, 0 below it."""
        return np.asarray(np.log(np.maximum(utilised, self.knot) / self.knot))


def utilisation_model(days: pd.DataFrame) -> UtilisationModel | None:
    """Return how the broken share of `days` (UTILISATION_COLUMNS, all days in order) went with utilisation, None where too few.

    A quasi-binomial regression: the doubt is widened by how far days stray beyond chance (McCullagh & Nelder 1989, 4.5).
    The knot is the one of KNOTS that fits best; the doubt about it is left out.
    """
    utilised = utilisation(days["load"].to_numpy(dtype=float), days["available"].to_numpy(dtype=float))
    used = (days["items"] > 0).to_numpy() & (utilised > 0)
    if used.sum() < MIN_MODEL_DAYS or days.loc[used, "broken"].sum() < 1:
        return None
    broken, items = (days.loc[used, name].to_numpy(dtype=float) for name in ("broken", "items"))
    counts = np.column_stack([broken, items - broken])
    met = np.sort(utilised[used])
    tried = [_fit(counts, utilised[used], knot) for knot in KNOTS if knot < met[-MIN_DAYS_SEEN]]
    knot, found = min(tried, key=lambda one: float(one[1].deviance))
    return UtilisationModel(knot, np.asarray(found.params), np.asarray(found.cov_params()), met)


def _fit(counts: np.ndarray, utilised: np.ndarray, knot: float) -> tuple[float, Any]:
    log_utilisation = np.log(np.maximum(utilised, knot) / knot)
    return knot, GLM(
        counts, np.column_stack([np.ones(len(log_utilisation)), log_utilisation]), family=Binomial()
    ).fit(scale="X2")


def break_even(
    known: UtilisationModel | None, load: np.ndarray, available: np.ndarray, target: float
) -> BreakEven:
    """Return the largest multiple of `load`, day by day beside `available`, at which the share kept stays at `target`.

    What one day leaves over presses on the next. The interval is that of the regression: 1,000 draws of its coefficients.
    """
    if known is None or not len(load):
        return BreakEven(TOO_FEW)
    if not known.rises:
        return BreakEven(NO_RELATION)
    utilised = np.array([utilisation(times * load, available) for times in MULTIPLES_TRIED])
    log_utilisations = known.log_utilisation(utilised)
    at = _holds_up_to(known.values[None, :], log_utilisations, load, target)[0]
    if at < 1:
        return BreakEven(BELOW)
    low, high = np.quantile(
        _holds_up_to(known.draws, log_utilisations, load, target), [0.025, 0.975], method="nearest"
    )
    hardest = float(utilised[np.searchsorted(MULTIPLES_TRIED, min(at, MULTIPLES_TRIED[-1]))].max())
    is_beyond = int((known.met >= hardest).sum()) < MIN_DAYS_SEEN
    return BreakEven(HOLDS, float(at), float(low), float(high), is_beyond)


def _holds_up_to(
    values: np.ndarray, log_utilisations: np.ndarray, load: np.ndarray, target: float
) -> np.ndarray:
    """Return of each row of coefficients the last of MULTIPLES_TRIED before the kept share falls below the target, infinite where it
    never does, and nothing (0) where it is below at once."""
    weights = load / load.sum()
    first = np.full(len(values), len(MULTIPLES_TRIED))
    holding = np.arange(len(values))
    for number, row in enumerate(log_utilisations):
        if number and (row == log_utilisations[number - 1]).all():
            continue  # below the knot all are alike
        fails = 1 / (1 + np.exp(values[holding, :1] + values[holding, 1:] * row)) @ weights < target
        first[holding[fails]] = number
        holding = holding[~fails]
    last = np.where(first == 0, 0.0, MULTIPLES_TRIED[np.clip(first - 1, 0, None)])
    return np.where(first == len(MULTIPLES_TRIED), np.inf, last)
