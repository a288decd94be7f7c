"""The chance to come to an end of one kind where others may come first, read off counts (Aalen and Johansen, Scand J Stat 5, 1978).

Time is told in steps, the last first: step 0 is the end, where whatever is left comes to the kind asked for.
"""

import numpy as np

ENDLESS = 1.0
"""What is left when time is over has come to it."""


def at_risk_by_step(entered: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Return how many were there at each step: who came at that step or a higher one, less those who left at a higher one.

    Rows are groups, columns steps. Who comes late is at risk from then on alone (left truncation).

    >>> at_risk_by_step(np.array([[0, 1, 4]]), np.array([[2, 2, 1]])).tolist()
    [[2, 4, 4]]
    """
    come = np.cumsum(entered[:, ::-1], axis=1)[:, ::-1]
    gone = np.cumsum(left[:, ::-1], axis=1)[:, ::-1] - left
    at_risk: np.ndarray = come - gone
    return at_risk


def chance_by_step(at_risk: np.ndarray, otherwise: np.ndarray, so: np.ndarray) -> np.ndarray:
    """Return, of who is there as a step begins, the chance to end `so`, at any lower step or by being left at the end.

    `otherwise` and `so` count who ended at each step in another way and in that; the rest of those who left were looked at
    last. With nobody censored it is the share itself. NaN where nobody was there to learn from.

    >>> some = np.array([[2, 4, 4]])
    >>> chance_by_step(some, np.array([[0, 2, 0]]), np.array([[2, 0, 0]])).tolist()
    [[1.0, 0.5, 0.5]]
    """
    found = np.full(at_risk.shape, np.nan)
    ahead = np.full(len(at_risk), ENDLESS)
    for step in range(at_risk.shape[1]):
        there = at_risk[:, step]
        with np.errstate(divide="ignore", invalid="ignore"):
            ends_so = so[:, step] / there
            stays = 1 - (otherwise[:, step] + so[:, step]) / there
        ahead = np.where(there > 0, ends_so + np.where(stays > 1e-15, stays * ahead, 0.0), np.nan)
        found[:, step] = ahead
    return found
