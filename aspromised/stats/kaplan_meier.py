"""How long things last where some are not over yet: the product-limit estimate of Kaplan and Meier (JASA 53, 1958)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class SurvivalCurve:
    """The share not over yet after each time at which something ended, with the log-log band of Kalbfleisch and Prentice."""

    times: np.ndarray
    at_risk: np.ndarray
    ended: np.ndarray
    survival: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def at(self, time: float) -> float:
        """Return the share not over at a time; 1 before anything ended."""
        found = int(np.searchsorted(self.times, time, side="right"))
        return float(self.survival[found - 1]) if found else 1.0

    def first_at_most(self, share: float) -> float:
        """Return the first time by which at most a share is left, infinity where it never came to that."""
        reached = np.flatnonzero(self.survival <= share + 1e-12)
        return float(self.times[reached[0]]) if len(reached) else float("inf")


def kaplan_meier(times: Sequence[float], is_over: Sequence[bool], level: float = 0.95) -> SurvivalCurve:
    """Return the curve of lengths, of which those not over were looked at last at their time: still open then.

    Who was looked at last when another ended had not ended by then and counts as at risk. The band is Greenwood's variance
    on the scale of log(−log S), which stays between 0 and 1.

    >>> curve = kaplan_meier([1, 2, 2, 4], [True, True, False, True])
    >>> curve.times.tolist(), curve.at_risk.tolist(), curve.survival.tolist()
    ([1.0, 2.0, 4.0], [4, 3, 1], [0.75, 0.5, 0.0])
    """
    from scipy.stats import norm

    lasted, over = np.asarray(times, dtype=float), np.asarray(is_over, dtype=bool)
    ends, ended = np.unique(lasted[over], return_counts=True)
    at_risk = len(lasted) - np.searchsorted(np.sort(lasted), ends, side="left")
    survival = np.cumprod(1 - ended / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(ended / (at_risk * (at_risk - ended)))
        spread = norm.ppf((1 + level) / 2) * np.sqrt(greenwood) / np.log(survival)
        low, high = survival ** np.exp(-spread), survival ** np.exp(spread)
    is_known = (survival > 0) & (survival < 1)
    return SurvivalCurve(
        ends, at_risk, ended, survival, np.where(is_known, low, np.nan), np.where(is_known, high, np.nan)
    )
