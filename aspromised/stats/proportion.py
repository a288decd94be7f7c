"""Shares of a whole: their interval, and comparisons that floating point cannot turn."""

import numpy as np
from numpy.typing import ArrayLike

DIGITS = 12
"""A target has fewer digits than this, a sum of floating-point products has not."""
Z2 = 1.959963984540054**2
"""The square of the normal's 97.5 % quantile."""

NOISE = 10.0**-DIGITS


def wilson(kept: ArrayLike, decided: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return the Wilson 95 % interval of shares, NaN where nothing is decided (Newcombe 1998).

    The upper bound is 1 where all are kept, the lower 0 where none is: exactly, as the formula has it.

    >>> low, high = wilson([90, 0, 7], [100, 0, 7])
    >>> f"{low[0]:.4f} {high[0]:.4f} {low[1]} {high[2]}"
    '0.8256 0.9448 nan 1.0'
    """
    k, n = np.asarray(kept, float), np.asarray(decided, float)
    n = np.where(n > 0, n, np.nan)
    middle, half = k + Z2 / 2, np.sqrt(Z2 * (k * (n - k) / n + Z2 / 4))
    low = np.where(k == 0, 0 * n, (middle - half) / (n + Z2))
    return low, np.where(k == n, 1.0, (middle + half) / (n + Z2))


def newcombe(
    kept: ArrayLike, decided: ArrayLike, other_kept: ArrayLike, other_decided: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % interval of a share less another: Newcombe's hybrid score (Stat Med 17:873, 1998, method 10).

    >>> low, high = newcombe([56, 9], [70, 10], [48, 3], [80, 10])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0524, 0.1705], [0.3339, 0.809])
    """
    one, other = (
        np.asarray(k, float) / np.asarray(n, float) for k, n in ((kept, decided), (other_kept, other_decided))
    )
    (low, high), (other_low, other_high) = wilson(kept, decided), wilson(other_kept, other_decided)
    below = np.sqrt((one - low) ** 2 + (other_high - other) ** 2)
    above = np.sqrt((high - one) ** 2 + (other - other_low) ** 2)
    return one - other - below, one - other + above


def is_below(share: ArrayLike, target: ArrayLike) -> np.ndarray:
    """Return whether a share is below a target, not by the noise of floating point.

    >>> bool(is_below(1 - 1e-16, 1.0)), bool(is_below(0.9499, 0.95))
    (False, True)
    """
    return np.asarray(np.asarray(share, float) < np.asarray(target, float) - NOISE)


def items_required(decided: ArrayLike, target: ArrayLike) -> np.ndarray:
    """Return how many of the decided items have to be kept to meet a target.

    >>> items_required([100, 60, 0], 0.95).tolist()
    [95.0, 57.0, 0.0]
    """
    exact: np.ndarray = np.round(np.asarray(decided, float) * np.asarray(target, float), 6)
    return np.asarray(np.ceil(exact))
