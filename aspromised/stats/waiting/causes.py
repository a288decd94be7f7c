"""Why cases waited between two activities, of those done by resources that are known: five causes that add up.

After "Why am I waiting? Data-driven analysis of waiting times in business processes" (Lashkevich, Milani, Chapela-Campa,
Suvorau & Dumas, CAiSE 2023), of each handoff from the instance that enabled to the one enabled, in this order:

- *batching*: until the last of its batch had come;
- *contention*: its resource worked on something that had come no later;
- *prioritisation*: its resource worked on something that had come later;
- *unavailability*: its resource did nothing, outside the hours in which it works: those that are declared for the activity,
  else those read from the log;
- *extraneous*: it did nothing, within them: the log tells no reason.

Where hours are declared for the activity, what lies outside them is unavailability before it is batching: what came in over
a weekend and is done on Monday in one go was not held for the others. The published order is kept where hours are read from
the log, since of somebody who works in batches alone only the batches are seen.

Work of a resource on several things at once is counted once, and as contention where any of them had come no later. The
time of each resource is cut where anything of it begins or ends and where a wait begins, so that all waits become sums
over ranges of pieces: no step takes longer than sorting.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from aspromised.stats.waiting.activity_log import ActivityLog, cumulated
from aspromised.stats.waiting.batches import batch_ready
from aspromised.stats.waiting.enabling import enabling
from aspromised.stats.waiting.range_sums import smallest_over, sums_at_most
from aspromised.stats.waiting.weekly_hours import LocalTime, WeeklyHours, discovered_hours

AT_A_TIME = 300_000
"""Instances of so many resources are looked at together: what bounds the memory."""
_NOBODY = np.iinfo(np.int64).max


class DeclaredHours(NamedTuple):
    """Opening hours of activities: which of `opened` each activity's code has (-1: none), and the open time until moments."""

    of_activity: np.ndarray
    opened: Sequence[Callable[[np.ndarray], np.ndarray]]


class Handoffs(NamedTuple):
    """Each handoff: positions of the two instances, and microseconds waited, in all and by cause.

    Without a known resource the causes are 0 and `told` is False.
    """

    source: np.ndarray
    target: np.ndarray
    waiting: np.ndarray
    batching: np.ndarray
    prioritisation: np.ndarray
    contention: np.ndarray
    unavailability: np.ndarray
    extraneous: np.ndarray
    told: np.ndarray


def waiting_causes(
    log: ActivityLog,
    local: LocalTime,
    hours: WeeklyHours | None = None,
    declared: DeclaredHours | None = None,
) -> Handoffs:
    """Return the handoffs of a log; by the hours declared for activities, else of each resource, else those read from the log."""
    source, enabled = enabling(log)
    ready = batch_ready(log, enabled)
    target = np.flatnonzero(source >= 0)
    held = np.where(log.resource >= 0, ready, enabled)
    number = int(log.resource.max(initial=-1)) + 1
    known = hours or discovered_hours(log, number, local)
    contention, busy, available = (np.zeros(len(log), dtype=np.int64) for _ in range(3))
    for part in _resources_at_a_time(log):
        waits = source[part] >= 0
        found = _over_pieces(log, part, waits, held, enabled, known, local, declared)
        contention[part[waits]], busy[part[waits]], available[part[waits]] = found
    waiting = log.start - enabled
    idle = log.start - held - busy
    closed = _closed_while_held(log, declared, enabled, held)
    parts = (
        waiting,
        held - enabled - closed,
        busy - contention,
        contention,
        idle - available + closed,
        available,
    )
    told = log.resource[target] >= 0
    total, *causes = (part[target] for part in parts)
    batching, prioritisation, contention, unavailability, extraneous = (
        np.where(told, cause, 0) for cause in causes
    )
    return Handoffs(
        source[target], target, total, batching, prioritisation, contention, unavailability, extraneous, told
    )


def _closed_while_held(
    log: ActivityLog, declared: DeclaredHours | None, enabled: np.ndarray, held: np.ndarray
) -> np.ndarray:
    """Return how much of the time that each instance was held lies outside the hours declared for its activity."""
    closed = np.zeros(len(log), dtype=np.int64)
    for number, opened in enumerate(declared.opened if declared else ()):
        mine = declared.of_activity[log.activity] == number  # type: ignore[union-attr]
        closed[mine] = (held - enabled)[mine] - (opened(held[mine]) - opened(enabled[mine]))
    return closed


def _resources_at_a_time(log: ActivityLog) -> list[np.ndarray]:
    """Return the instances of known resources, in parts that hold all of a resource."""
    order = np.argsort(log.resource, kind="stable")
    order = order[log.resource[order] >= 0]
    resource = log.resource[order]
    cuts, parts = 0, []
    while cuts < len(order):
        until = min(cuts + AT_A_TIME, len(order)) - 1
        following = int(np.searchsorted(resource, resource[until], side="right"))
        parts.append(order[cuts:following])
        cuts = following
    return parts


def _over_pieces(
    log: ActivityLog,
    part: np.ndarray,
    waits: np.ndarray,
    held: np.ndarray,
    enabled: np.ndarray,
    hours: WeeklyHours,
    local: LocalTime,
    declared: DeclaredHours | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, of each instance that waits, from when it was held no more until it began: the time of its resource on what
    had come no later, its time on anything, and the working time in which it did nothing."""
    resource, moment, begins, ends, since = _pieces(
        log, part, held[part[waits]], log.resource[part[waits]], local
    )
    length = np.append(np.where(resource[1:] == resource[:-1], np.diff(moment), 0), 0)
    came = smallest_over(len(moment), begins, ends, enabled[part])
    is_idle, until = came == _NOBODY, begins[waits]
    busy = cumulated(np.where(is_idle, 0, length))
    wall = moment + local.offset(moment)
    idle = cumulated(
        np.where(is_idle, hours.worked(resource, wall + length) - hours.worked(resource, wall), 0)
    )
    available = idle[until] - idle[since]
    for number, opened in enumerate(declared.opened if declared else ()):
        mine = declared.of_activity[log.activity[part[waits]]] == number  # type: ignore[union-attr]
        idle = cumulated(np.where(is_idle, opened(moment + length) - opened(moment), 0))
        available = np.where(mine, idle[until] - idle[since], available)
    contention = sums_at_most(came, length, since, until, enabled[part[waits]])
    return contention, busy[until] - busy[since], available


def _pieces(
    log: ActivityLog, part: np.ndarray, held: np.ndarray, holder: np.ndarray, local: LocalTime
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the pieces into which the time of resources is cut, by resource and moment they begin, and which of them
    begin where instances begin, where they end, and where waits are held no more.

    Clocks are put forward or back at a cut, so that no piece has two offsets.
    """
    start, end, resource = log.start[part], log.end[part], log.resource[part]
    codes = np.unique(resource)
    earliest = min(start.min(), held.min(initial=_NOBODY))
    changes = local.since[(local.since > earliest) & (local.since < end.max())]
    moments = np.concatenate([start, end, held, np.tile(changes, len(codes))])
    whose = np.concatenate([resource, resource, holder, np.repeat(codes, len(changes))]).astype(np.int64)
    values, ranks = np.unique(moments, return_inverse=True)
    cuts, places = np.unique(whose * len(values) + ranks, return_inverse=True)
    owner, rank = np.divmod(cuts, len(values))
    begins, ends, since, _ = np.split(places, np.cumsum([len(start), len(end), len(held)]))
    return owner, values[rank], begins, ends, since
