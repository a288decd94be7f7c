"""Shapley's value: what each of several made of a whole, so that the parts add up to it exactly."""

from collections.abc import Iterator
from math import comb, lcm

import numpy as np

MOST_PLAYERS = 9
"""Every coalition is looked at, so that each further player doubles the work: eight stages, and what lies outside them."""
_AT_ONCE = 1 << 22
"""Worths of coalitions held at one time."""


def shapley(worth: np.ndarray) -> np.ndarray:
    """Return each player's value in games of whole numbers, as whole numbers that add up to what all make of nothing.

    `worth` has a row a game and a column a coalition, whose number has a bit a player. A value is the player's marginal
    worth, averaged over every order in which the players may come (Shapley, A value for n-person games, 1953). What is left
    of rounding down goes to the largest remainders, the earlier player first.

    Runways for aircraft that cost 8, 11, 13 and 18 (Littlechild & Owen, Management Science 20:370, 1973):

    >>> costs = [8, 11, 13, 18]
    >>> runway = [max((c for i, c in enumerate(costs) if group >> i & 1), default=0) for group in range(16)]
    >>> shapley(np.array([runway])).tolist()
    [[2, 3, 4, 9]]
    """
    players = int(worth.shape[1]).bit_length() - 1
    groups = np.arange(worth.shape[1])
    sizes = np.array([int(group).bit_count() for group in groups])
    orders = [players * comb(players - 1, size) for size in range(players)]
    whole = lcm(*orders) if orders else 1
    weights = np.array([whole // each for each in orders], dtype=np.int64)
    sums = np.zeros((len(worth), players), dtype=np.int64)
    for player in range(players):
        without = groups[groups >> player & 1 == 0]
        gained = worth[:, without | 1 << player] - worth[:, without]
        sums[:, player] = gained @ weights[sizes[without]]
    return _rounded_to(sums, whole, worth[:, -1] - worth[:, 0])


def _rounded_to(sums: np.ndarray, whole: int, totals: np.ndarray) -> np.ndarray:
    """Return the sums divided by `whole`, rounded so that each row adds up to its total."""
    floors = sums // whole
    left = totals - floors.sum(axis=1)
    ranks = np.argsort(np.argsort(-(sums - floors * whole), axis=1, kind="stable"), axis=1, kind="stable")
    rounded: np.ndarray = floors + (ranks < left[:, None])
    return rounded


def lateness_shared(overruns: np.ndarray, slack: np.ndarray) -> np.ndarray:
    """Return what each stage made of the lateness: a row an item, a column a stage, in the unit given (whole numbers).

    An `overrun` is what a stage took less its budget, negative where it recovered time; `slack` is what was promised less
    all budgets. A group S of stages that ran as they did, the others on budget, made max(0, overruns of S − slack). The rows
    add up to what all made, less what the budgets alone made: that is the plan's own, and nobody's.

    >>> lateness_shared(np.array([[3, 0, -1, 2]]) * 3, np.array([1]) * 3).tolist()
    [[7, 0, -2, 4]]
    """
    if overruns.shape[1] > MOST_PLAYERS:
        raise ValueError(f"{overruns.shape[1]} stages: at most {MOST_PLAYERS} can share a lateness")
    parts = [shapley(_worths(*part)) for part in _parts(overruns, slack)]
    return np.concatenate(parts) if parts else np.zeros(overruns.shape, dtype=np.int64)


def _parts(overruns: np.ndarray, slack: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    rows = max(1, _AT_ONCE >> overruns.shape[1])
    for first in range(0, len(overruns), rows):
        yield overruns[first : first + rows], slack[first : first + rows]


def _worths(overruns: np.ndarray, slack: np.ndarray) -> np.ndarray:
    """Return the lateness of every group of stages, doubling the groups with each stage."""
    sums = -slack.astype(np.int64)[:, None]
    for stage in range(overruns.shape[1]):
        sums = np.concatenate([sums, sums + overruns[:, stage, None]], axis=1)
    return np.maximum(sums, 0)
