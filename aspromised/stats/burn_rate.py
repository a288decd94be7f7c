"""What a target forgives, how fast that is used up, and what is to be expected if things go on as they went."""

import math
from dataclasses import dataclass

from aspromised.stats.proportion import wilson

EDGE = 1e-6


@dataclass(frozen=True)
class BurnRate:
    """How many times as fast as the target allows misses come, with its 95 % interval; NaN where nothing is decided."""

    times: float
    low: float
    high: float
    decided: int = 0
    broken: int = 0
    at_least: int = 0

    @property
    def is_fast(self) -> bool:
        """Whether chance does not explain it: the lower bound is above 1, on as many items as the promise asks for."""
        return self.low > 1 and self.decided >= self.at_least


def burn_rate(broken: int, decided: int, target: float, at_least: int = 0) -> BurnRate:
    """Return the miss rate ÷ (1 − target), with Wilson's interval of the miss rate divided alike.

    The burn rate of service levels (Google, *The Site Reliability Workbook*, ch. 5), counted in items: a share of
    minutes says nothing where an hour has three orders.

    >>> week = burn_rate(20, 250, 0.95)
    >>> f"{week.times:.2f} {week.low:.3f} {week.is_fast}"
    '1.60 1.048 True'
    """
    if not decided or target >= 1:
        return BurnRate(math.nan, math.nan, math.nan, decided, broken, at_least)
    bounds = wilson([broken], [decided])
    low, high = (float(bound[0]) / (1 - target) for bound in bounds)
    return BurnRate(broken / decided / (1 - target), low, high, decided, broken, at_least)


def allowed(items: float, target: float) -> int:
    """Return how many of `items` may be broken with the target still met.

    >>> allowed(1200, 0.95), allowed(10, 0.95), allowed(500, 1)
    (60, 0, 0)
    """
    return whole_misses(items * (1 - target))


def whole_misses(misses: float) -> int:
    """Return the whole misses in a number that came of shares: 1200 × (1 − 0.95) is not quite 60.

    >>> whole_misses(59.99999999), whole_misses(60.4)
    (60, 60)
    """
    return math.floor(misses + EDGE)


def probability_of_more(left: int, items: int, miss_rate: float) -> float:
    """Return the chance that more than `left` of `items` are broken: the tail of the binomial.

    >>> round(probability_of_more(20, 500, 0.06), 4)
    0.9687
    """
    from scipy.stats import binom

    return 1.0 if left < 0 else float(binom.sf(left, items, miss_rate))


def probability_of_meeting(items: int, target: float, kept_rate: float) -> float:
    """Return the chance that the kept rate of `items` is at or above the target, each kept with `kept_rate`.

    >>> round(probability_of_meeting(200, 0.95, 0.96), 3)
    0.82
    """
    from scipy.stats import binom

    return float(binom.cdf(allowed(items, target), items, 1 - kept_rate))


def critical_misses(items: int, target: float, level: float = 0.05) -> int:
    """Return the fewest misses of `items` that chance alone would bring with at most `level` at the target itself.

    >>> critical_misses(40, 0.95)
    5
    """
    from scipy.stats import binom

    return int(binom.isf(level, items, 1 - target)) + 1
