"""Whether something is done on a few days of the week only, though what it waits for comes on others too.

The weekdays are chosen on every other week and put to the test on the weeks between, so that choosing them proves nothing
(sample splitting: Cox, "A note on data-splitting for the evaluation of significance levels", Biometrika 62, 1975). The
weeks are what is counted, since what is done on one day is done together.
"""

from typing import NamedTuple

import numpy as np
from scipy.stats import binomtest

MOST_WEEKDAYS = 3
HELD = 0.9
"""The share that the chosen weekdays hold, at least."""
USUAL = 0.65
"""The share of what it waits for that comes on these days, at most: else nothing is held for them."""
LEAST_WEEKS = 20
CERTAIN_P = 0.001


class Concentration(NamedTuple):
    """Weekdays (0 is Monday) that hold nearly all of what is done, how much, and what was to be expected."""

    weekdays: tuple[int, ...]
    held: int
    total: int
    expected: float
    p: float


def concentrated(done: np.ndarray, expected: np.ndarray) -> Concentration | None:
    """Return the weekdays on which something is done; None where it is done as what it waits for comes.

    `done` counts by week and weekday (weeks × 7); `expected` is the share of each weekday in what it waits for.

    >>> weeks = np.tile([20, 0, 0, 18, 0, 0, 0], (26, 1))
    >>> found = concentrated(weeks, np.array([0.2, 0.2, 0.2, 0.2, 0.2, 0, 0]))
    >>> found.weekdays, found.held, found.total, round(found.p, 4)
    ((0, 3), 988, 988, 0.0001)
    """
    weeks = done[done.sum(axis=1) > 0]
    if len(weeks) < LEAST_WEEKS:
        return None
    chosen_on, tested_on = weeks[::2].sum(axis=0), weeks[1::2]
    order = np.argsort(-chosen_on, kind="stable")
    number = int(np.searchsorted(np.cumsum(chosen_on[order]) / chosen_on.sum(), HELD)) + 1
    days = np.sort(order[:number])
    usual = float(expected[days].sum())
    held, total = int(weeks[:, days].sum()), int(weeks.sum())
    if number > MOST_WEEKDAYS or usual > USUAL or held < HELD * total:
        return None
    full = tested_on[:, days].sum(axis=1) >= HELD * tested_on.sum(axis=1)
    p = float(binomtest(int(full.sum()), len(full), max(usual, 0.5), alternative="greater").pvalue)
    return Concentration(tuple(int(day) for day in days), held, total, usual, p) if p < CERTAIN_P else None
