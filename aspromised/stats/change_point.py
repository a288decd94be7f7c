"""When a series changed its level."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

SHORTEST = 8
"""Points that a level must have held to be told from another."""
SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class LevelShift:
    """The number of the first point of the new level, Pettitt's K, and how likely so large a one is without a change."""

    place: int
    statistic: float
    p: float


def pettitt(values: ArrayLike) -> LevelShift:
    """Return where a series is most likely to have changed its level (Pettitt, Applied Statistics 28:126, 1979).

    K = max |U_t|, U_t = 2 Σ ranks of the first t − t (n + 1), p ≈ 2 exp(−6 K² ÷ (n³ + n²)). It asks of ranks only, so that
    neither one strange point nor the shape of the values makes a change.

    >>> found = pettitt([5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 9, 10, 9, 10, 9, 10, 9, 10, 9, 10])
    >>> found.place, found.statistic, round(found.p, 4)
    (10, 100.0, 0.0016)
    """
    x = np.asarray(values, float)
    n = len(x)
    if n < 2:
        return LevelShift(0, 0.0, 1.0)
    u = 2 * np.cumsum(rankdata(x)) - np.arange(1, n + 1) * (n + 1)
    place = int(np.argmax(np.abs(u[:-1])))
    statistic = float(abs(u[place]))
    return LevelShift(place + 1, statistic, min(1.0, float(2 * np.exp(-6 * statistic**2 / (n**3 + n**2)))))


def level_shifts(values: Sequence[float] | np.ndarray, alpha: float = SIGNIFICANCE) -> list[LevelShift]:
    """Return the changes of level of a series, in their order: split at the likeliest, then each part again with half the doubt.

    Binary segmentation (Vostrikova, Soviet Math Doklady 24:55, 1981); where nothing changes, something is found in at
    most `alpha` of all series. Parts shorter than SHORTEST are no level.
    """
    x = np.asarray(values, float)
    if len(x) < 2 * SHORTEST:
        return []
    found = pettitt(x)
    if found.p > alpha or not SHORTEST <= found.place <= len(x) - SHORTEST:
        return []
    after = [
        LevelShift(each.place + found.place, each.statistic, each.p)
        for each in level_shifts(x[found.place :], alpha / 2)
    ]
    return [*level_shifts(x[: found.place], alpha / 2), found, *after]
