"""A number's next days, from its last: the drift method, with its interval."""

import math
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from scipy import stats

MIN_RUN_DAYS = 28
"""Days of values below which no trend is told."""
MAX_RUN_DAYS = 56
"""Days looked back at most: what went before says less of what is to come."""


@dataclass(frozen=True)
class RandomWalk:
    """A number that was `last` on its newest day, changed by `step` a day on average, and how far that is from sure."""

    last: float
    step: float
    spread: float
    days: int
    """How many days of values it is told from; no further ahead is told."""

    def at(self, ahead: int) -> float:
        """Return the number to be expected so many days ahead."""
        return self.last + ahead * self.step

    def error(self, ahead: int) -> float:
        """Return the standard error of that: of the daily changes to come, and of the mean change itself."""
        return self.spread * math.sqrt(ahead * (1 + ahead / (self.days - 1)))

    def interval(self, ahead: int) -> tuple[float, float]:
        """Return the 95 % interval of the number so many days ahead."""
        half = float(stats.t.ppf(0.975, self.days - 2)) * self.error(ahead)
        return self.at(ahead) - half, self.at(ahead) + half

    def chance(self, ahead: int, low: float | None, high: float | None) -> float | None:
        """Return the chance that the number is then within bounds; None where it never changed, which says nothing."""
        if self.spread == 0 and ahead:
            return None
        share = stats.t(self.days - 2, self.at(ahead), self.error(ahead) or 1e-12)
        above = share.cdf(high) if high is not None else 1.0
        return float(above - (share.cdf(low) if low is not None else 0.0))


def random_walk(values: np.ndarray) -> RandomWalk | None:
    """Return the drift of the days' newest unbroken run of values; None where that is shorter than MIN_RUN_DAYS.

    A random walk with drift (Hyndman and Athanasopoulos, Forecasting: principles and practice, 3rd ed., 5.2): the mean
    daily change goes on, and the error grows with the days ahead, by chance and by what is not known of the mean.

    >>> found = random_walk(np.arange(30.0))
    >>> found.days, round(found.at(10), 6), found.error(10)
    (30, 39.0, 0.0)
    """
    gaps = np.flatnonzero(~np.isfinite(values))
    newest = values[gaps[-1] + 1 if len(gaps) else 0 :][-MAX_RUN_DAYS:].astype(float)
    if len(newest) < MIN_RUN_DAYS:
        return None
    changes = np.diff(newest)
    fitted = sm.OLS(changes, np.ones_like(changes)).fit()
    spread = math.sqrt(fitted.mse_resid) if np.ptp(changes) > 1e-12 else 0.0
    return RandomWalk(float(newest[-1]), float(fitted.params[0]), spread, len(newest))
