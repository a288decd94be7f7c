"""How far shares of units differ beyond chance: the between-unit variance, its interval, and each unit's reliability.

The units' true shares are taken to vary around one mean with variance σ², and each unit's count to be binomial around
its own share (beta-binomial), so that an observed share varies by σ² + (p(1−p) − σ²) / n.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aspromised.stats.roots import root

Array = npt.ArrayLike
MIN_RELIABILITY = 0.7
"""The reliability from which a unit may be told from the others (Adams, The Reliability of Provider Profiling, RAND 2009)."""


@dataclass(frozen=True)
class Heterogeneity:
    """How far units differ; deviations are shares (0.04 is four points)."""

    mean: float
    """The share over all items."""
    sd: float
    """Between units, after noise."""
    low: float
    high: float
    """The 95 % interval of `sd`."""
    raw_sd: float
    raw_range: float
    """The standard deviation and the range of the observed shares, noise and all."""

    def reliability(self, items: Array) -> npt.NDArray[np.float64]:
        """Return, of units with so many items, the part of their variance that is not noise: σ² / (σ² + p(1−p)/n)."""
        noise = self.mean * (1 - self.mean) / np.asarray(items, float)
        with np.errstate(invalid="ignore"):
            return np.nan_to_num(self.sd**2 / (self.sd**2 + noise))

    @property
    def items_needed(self) -> float:
        """How many items a unit needs to be of MIN_RELIABILITY; infinite where units do not differ beyond chance."""
        if self.sd == 0:
            return float("inf")
        return MIN_RELIABILITY / (1 - MIN_RELIABILITY) * self.mean * (1 - self.mean) / self.sd**2


def heterogeneity(kept: Array, items: Array) -> Heterogeneity | None:
    """Return how far the units' shares differ, one number of `kept` and `items` a unit; None of fewer than two units.

    >>> found = heterogeneity([188, 92, 465, 276], [200, 100, 500, 300])
    >>> f"{found.mean:.4f} {found.sd:.4f} {found.raw_range:.3f}"
    '0.9282 0.0000 0.020'
    """
    k, n = np.asarray(kept, float), np.asarray(items, float)
    k, n = k[n > 0], n[n > 0]
    if len(n) < 2:
        return None
    shares = k / n
    low, high = variance_interval(k, n)
    return Heterogeneity(
        mean=float(k.sum() / n.sum()),
        sd=float(np.sqrt(between_variance(k, n))),
        low=float(np.sqrt(low)),
        high=float(np.sqrt(high)),
        raw_sd=float(shares.std(ddof=1)),
        raw_range=float(np.ptp(shares)),
    )


def between_variance(kept: npt.NDArray[np.float64], items: npt.NDArray[np.float64]) -> float:
    """Return σ² by the method of moments, each unit weighted by its items; never below 0.

    Kleinman, Proportions with Extraneous Variance, JASA 68:46 (1973).
    """
    total = items.sum()
    p = kept.sum() / total
    scatter = (items * (kept / items - p) ** 2).sum()
    of_noise = (1 - items / total).sum()
    of_units = (items * (1 - items / total)).sum()
    if of_units <= of_noise:
        return 0.0  # one item a unit: nothing but noise can be seen
    return float(max(0.0, (scatter - p * (1 - p) * of_noise) / (of_units - of_noise)))


def variance_interval(
    kept: npt.NDArray[np.float64], items: npt.NDArray[np.float64], level: float = 0.95
) -> tuple[float, float]:
    """Return the interval of σ²: all values under which the units' scatter is no surprise.

    Where all items are kept, or none, the upper end is the one of the same units with one item turned, in whichever unit
    it makes most: no scatter is seen then, which of few items says little. The Q-profile of a random-effects model, Viechtbauer, Stat Med 26:37 (2007): the weighted sum of squares follows
    χ² with one degree of freedom less than there are units.
    """
    from scipy.special import gammaincinv

    p = kept.sum() / items.sum()
    shares, most = kept / items, p * (1 - p)
    if most == 0:
        turned = np.abs(kept[:, None] - np.eye(len(kept))).T
        return 0.0, max(
            variance_interval(one, items, level)[1] for one in turned
        ) if items.sum() > 1 else 0.25
    if (items <= 1).all():
        return 0.0, float(most)

    def scatter(variance: float) -> float:
        weights = 1 / (variance + (most - variance) / items)
        mean = (weights * shares).sum() / weights.sum()
        return float((weights * (shares - mean) ** 2).sum())

    def where(quantile: float) -> float:
        if scatter(0.0) <= quantile:
            return 0.0
        if scatter(most) >= quantile:
            return float(most)
        return root(lambda variance: scatter(variance) - quantile, 0.0, float(most))

    low, high = 2 * gammaincinv((len(items) - 1) / 2, [(1 + level) / 2, (1 - level) / 2])  # quantiles of χ²
    return where(low), where(high)
