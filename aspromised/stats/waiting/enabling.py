"""Which activity instance enabled which, where activities of a case may run beside each other.

An instance is enabled by the last one of its case that had ended when it began and whose activity is not concurrent with
its own. Two activities are concurrent where, in cases that do each of them once, each follows the other directly,
neither way prevails and both are seen going on at once. Which way prevails is told by the dependency measure of the
Heuristics Miner (Weijters, van der Aalst & Alves de Medeiros, BETA working paper 166, 2006) with the threshold of "Why am
I waiting?" (Lashkevich, Milani, Chapela-Campa, Suvorau & Dumas, CAiSE 2023), which asks no more than that; but of what is
never done at once, whatever comes second waited for the first to end, and would be counted as waiting twice. Cases that do
one of them again tell nothing of it: what goes back and forth is a loop, and in sequence.
"""

from typing import NamedTuple

import numpy as np

from aspromised.stats.waiting.activity_log import ActivityLog, group_starts

CERTAIN = 0.9
"""From this dependency on, two activities are in sequence and not concurrent."""

AT_ONCE = (1 - CERTAIN) / 2
"""The share of cases that must do both at once: about that of the rarer way where neither is yet certain."""

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
    start, end = log.start[order], log.end[order]
    pairs = _concurrent_pairs(case, activity, start, end)
    found = _last_before(first, _ended_before(case, start, end), activity, pairs)
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


def _concurrent_pairs(case: np.ndarray, activity: np.ndarray, start: np.ndarray, end: np.ndarray) -> _Pairs:
    """Return the pairs of activities that are concurrent, of instances in order of their ends."""
    number = int(activity.max()) + 1 if len(activity) else 1
    codes = case.astype(np.int64) * number + activity
    _, places, times = np.unique(codes, return_inverse=True, return_counts=True)
    once = times[places] == 1
    follows = np.flatnonzero((case[1:] == case[:-1]) & once[1:] & once[:-1])
    pairs, which, there = np.unique(
        activity[follows].astype(np.int64) * number + activity[follows + 1],
        return_inverse=True,
        return_counts=True,
    )
    one, other = np.divmod(pairs, number)
    mirrored = other * number + one

    def both_ways(is_so: np.ndarray) -> np.ndarray:
        counts = np.bincount(which[is_so], minlength=len(pairs))
        total: np.ndarray = counts + _found(pairs, counts, mirrored)
        return total

    again = _found(pairs, there, mirrored)
    in_sequence = np.abs(there - again) / (there + again + 1) >= CERTAIN
    lasts = end > start
    seen = both_ways(lasts[follows] | lasts[follows + 1])
    at_once = both_ways(start[follows + 1] < end[follows])
    # of what has no length nobody can tell whether it was at once
    may_be_at_once = (seen == 0) | (at_once > AT_ONCE * seen)
    return _Pairs(pairs[(again > 0) & ~in_sequence & may_be_at_once], number)


def _found(codes: np.ndarray, counts: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Return the count of each code asked for, 0 of those that are not there."""
    if not len(codes):
        return np.zeros(len(asked), dtype=np.int64)
    at = np.minimum(np.searchsorted(codes, asked), len(codes) - 1)
    return np.where(codes[at] == asked, counts[at], 0)
