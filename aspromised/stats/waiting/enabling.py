"""Which activity instance enabled which, where activities of a case may run beside each other.

An instance is enabled by the last one of its case that had ended when it began and whose activity is not concurrent with
its own. Two activities are concurrent where each follows the other directly, neither way prevails, and they are no loop of
two: the dependency measures of the Heuristics Miner (Weijters, van der Aalst & Alves de Medeiros, BETA working paper 166,
2006), with the threshold 0.9 of "Why am I waiting?" (Lashkevich, Milani, Chapela-Campa, Suvorau & Dumas, CAiSE 2023).
"""

from typing import NamedTuple

import numpy as np

from aspromised.stats.waiting.activity_log import ActivityLog, group_starts

CERTAIN = 0.9
"""From this dependency on, two activities are in sequence, or a loop, and not concurrent."""

NOT_ENABLED = -1


class Enabling(NamedTuple):
    """For each instance: the position of the one that enabled it (-1: none), and when it was enabled.

    What nothing enabled could begin when its case began.
    """

    source: np.ndarray
    enabled: np.ndarray


def enabling(log: ActivityLog) -> Enabling:
    """Return who enabled whom, and since when each instance could have begun."""
    order = np.lexsort((log.activity, log.start, log.end, log.case))
    case, activity = log.case[order], log.activity[order]
    begins = group_starts(case)
    first = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
    pairs = _concurrent_pairs(case, activity)
    found = _last_before(first, _ended_before(case, log.start[order], log.end[order]), activity, pairs)
    source = np.full(len(log), NOT_ENABLED)
    there = found >= 0
    source[order[there]] = order[found[there]]
    enabled = np.where(source >= 0, log.end[source], _began(log))
    return Enabling(source, enabled)


def _began(log: ActivityLog) -> np.ndarray:
    """Return when the case of each instance began."""
    cases, codes = np.unique(log.case, return_inverse=True)
    began = np.full(len(cases), np.iinfo(np.int64).max)
    np.minimum.at(began, codes, log.start)
    return began[codes]


def _ended_before(case: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return of each instance the position of the last of its case that ends no later than it begins.

    Of those that end at one moment the earlier in order comes before the later.
    """
    moments, codes = np.unique(np.concatenate([end, start]), return_inverse=True)
    number = len(moments)
    ends = case.astype(np.int64) * number + codes[: len(case)]
    starts = case.astype(np.int64) * number + codes[len(case) :]
    return np.minimum(np.searchsorted(ends, starts, side="right") - 1, np.arange(len(case)) - 1)


def _last_before(
    first: np.ndarray, position: np.ndarray, activity: np.ndarray, concurrent: "_Pairs"
) -> np.ndarray:
    """Return `position`, or the nearest before it in the case whose activity is not concurrent; -1 where there is none."""
    found = np.where(position >= first, position, -1)
    looking = np.flatnonzero(found >= 0)
    while len(looking):
        looking = looking[concurrent.has(activity[found[looking]], activity[looking])]
        found[looking] -= 1
        gone = found[looking] < first[looking]
        found[looking[gone]] = -1
        looking = looking[~gone]
    return found


class _Pairs(NamedTuple):
    """Pairs of activities, as sorted codes."""

    codes: np.ndarray
    number: int

    def has(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return whether each pair is among them."""
        return np.isin(one.astype(np.int64) * self.number + other, self.codes)


def _concurrent_pairs(case: np.ndarray, activity: np.ndarray) -> _Pairs:
    """Return the pairs of activities that are concurrent, of instances in order of their ends."""
    number = int(activity.max()) + 1 if len(activity) else 1
    codes = activity.astype(np.int64)
    follows = case[1:] == case[:-1]
    ab = _Counts(codes[:-1][follows] * number + codes[1:][follows])
    back = (case[2:] == case[:-2]) & (activity[2:] == activity[:-2])
    aba = _Counts(codes[:-2][back] * number + codes[1:-1][back])
    one, other = np.divmod(ab.codes, number)
    there, again = ab.counts, ab.of(other * number + one)
    loops = aba.of(ab.codes) + aba.of(other * number + one)
    repeated = np.maximum(ab.of(one * number + one), ab.of(other * number + other))
    is_loop = (loops / (loops + 1) >= CERTAIN) & (repeated / (repeated + 1) < CERTAIN)
    in_sequence = np.abs(there - again) / (there + again + 1) >= CERTAIN
    return _Pairs(ab.codes[(one != other) & (again > 0) & ~is_loop & ~in_sequence], number)


class _Counts:
    """How often each code occurs."""

    def __init__(self, codes: np.ndarray) -> None:
        self.codes, self.counts = np.unique(codes, return_counts=True)

    def of(self, codes: np.ndarray) -> np.ndarray:
        """Return how often each of `codes` occurs."""
        if not len(self.codes):
            return np.zeros(len(codes), dtype=np.int64)
        at = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return np.where(self.codes[at] == codes, self.counts[at], 0)
