"""Sums over many ranges of one row of numbers, of those that are small enough; and the smallest over many ranges."""

import numpy as np

from aspromised.stats.waiting.activity_log import cumulated


def sums_at_most(
    keys: np.ndarray, weights: np.ndarray, low: np.ndarray, high: np.ndarray, bound: np.ndarray
) -> np.ndarray:
    """Return for each range [low, high) the sum of the weights whose key is at most `bound`.

    A wavelet matrix (Claude, Navarro & Ordóñez, Information Systems 47, 2015): the row is parted by the keys' bits, from
    the highest, and all ranges follow it at once; time (rows + ranges) × log₂ rows, and no more than a level is held.

    >>> keys, weights = np.array([5, 1, 9, 3]), np.array([10, 20, 30, 40])
    >>> sums_at_most(keys, weights, np.array([0, 1]), np.array([4, 3]), np.array([5, 0])).tolist()
    [70, 0]
    """
    values, ranks = np.unique(keys, return_inverse=True)
    below = np.searchsorted(values, bound, side="right")
    low, high, total = low.copy(), high.copy(), np.zeros(len(low), dtype=np.int64)
    for bit in reversed(range(len(values).bit_length())):
        ones = (ranks >> bit & 1).astype(bool)
        zeros, light = cumulated(~ones), cumulated(np.where(ones, 0, weights))
        above = (below >> bit & 1).astype(bool)
        total += np.where(above, light[high] - light[low], 0)
        low, high = (
            np.where(above, zeros[-1] + position - zeros[position], zeros[position])
            for position in (low, high)
        )
        parted = np.concatenate([np.flatnonzero(~ones), np.flatnonzero(ones)])
        ranks, weights = ranks[parted], weights[parted]
    return total


def smallest_over(length: int, low: np.ndarray, high: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Return for each of `length` places the smallest value of the ranges [low, high) it lies in; the largest int64 in none.

    A sparse table read backwards: each range is two overlapping ones whose length is a power of two, and these are halved.

    >>> smallest_over(4, np.array([0, 1]), np.array([3, 2]), np.array([7, 5]))[:3].tolist()
    [7, 5, 7]
    """
    wide = high > low
    low, high, value = low[wide], high[wide], value[wide]
    level = np.frexp((high - low).astype(float))[1] - 1
    found = np.full(length, np.iinfo(np.int64).max)
    for power in reversed(range(int(level.max()) + 1 if len(level) else 0)):
        at = level == power
        np.minimum.at(found, low[at], value[at])
        np.minimum.at(found, high[at] - (1 << power), value[at])
        if power:
            half = 1 << (power - 1)
            halved = found.copy()
            np.minimum(halved[half:], found[:-half], out=halved[half:])
            found = halved
    return found
