"""Activity instances as arrays: what every step of the analysis reads."""

from dataclasses import dataclass

import numpy as np

NO_RESOURCE = -1
"""The code of an instance of which nobody knows who did it."""


@dataclass(frozen=True)
class ActivityLog:
    """One entry an activity instance: codes of case, activity and resource (-1: unknown), and when it began and ended.

    Moments are microseconds since 1970, UTC; no instance ends before it begins.
    """

    case: np.ndarray
    activity: np.ndarray
    resource: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def __len__(self) -> int:
        return len(self.case)


def cumulated(values: np.ndarray) -> np.ndarray:
    """Return the sums of the first 0, 1, 2, … values.

    >>> cumulated(np.array([3, 1, 2])).tolist()
    [0, 3, 4, 6]
    """
    return np.concatenate(([0], np.cumsum(values)))


def group_starts(*keys: np.ndarray) -> np.ndarray:
    """Return of sorted keys where a value begins that differs from the one before.

    >>> group_starts(np.array([4, 4, 7, 9, 9])).tolist()
    [True, False, True, True, False]
    """
    begins = np.ones(len(keys[0]), dtype=bool)
    if len(begins):
        begins[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    return begins
