"""Work that a resource did in one go: a batch, and when its last item had come.

Several instances of one activity by one resource, at once or one directly after another, all of which could have begun
when the first did (Martin, Pufahl & Mannhardt, "Detection of batch activities from event logs", Information Systems 95,
2021: parallel, sequential and concurrent batches of one activity).
"""

import numpy as np

from aspromised.stats.waiting.activity_log import ActivityLog, group_starts

SMALLEST_BATCH = 2


def batch_ready(log: ActivityLog, enabled: np.ndarray, smallest: int = SMALLEST_BATCH) -> np.ndarray:
    """Return for each instance when its batch was complete: the last moment at which one of it was enabled.

    What is in no batch, or was done by nobody knows whom, was ready when it was enabled itself.
    """
    ready = enabled.copy()
    order = np.lexsort((log.end, log.start, log.activity, log.resource))
    order = order[log.resource[order] >= 0]
    if not len(order):
        return ready
    begins = _batch_begins(log, enabled, order)
    batch = np.cumsum(begins) - 1
    last = np.full(batch[-1] + 1, np.iinfo(np.int64).min)
    np.maximum.at(last, batch, enabled[order])
    large = np.bincount(batch)[batch] >= smallest
    ready[order[large]] = last[batch][large]
    return ready


def _batch_begins(log: ActivityLog, enabled: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return where a batch begins: after a pause, and with the first that had not come when the batch was begun."""
    start, end = log.start[order], log.end[order]
    keys = group_starts(log.resource[order], log.activity[order])
    run = np.cumsum(keys) - 1
    begins = keys | (start > _largest_before(run, end))
    island = np.cumsum(begins) - 1
    moments, codes = np.unique(np.concatenate([enabled[order], start]), return_inverse=True)
    came, begun = codes[: len(order)], codes[len(order) :]
    latest = np.maximum.accumulate(island * len(moments) + came)
    following = np.searchsorted(latest, island * len(moments) + begun, side="right")
    return _reached(begins, following)


def _reached(heads: np.ndarray, following: np.ndarray) -> np.ndarray:
    """Return all that is reached from `heads` by stepping from each position to the `following` one, by doubling."""
    number = len(heads)
    reached, step = np.append(heads, False), np.append(following, number)
    while (step < number).any():
        reached[step[reached]] = True
        reached[number] = False
        step = step[step]
    return reached[:number]


def _largest_before(group: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the largest value before each position within its group; the smallest number there is at a group's first."""
    moments, codes = np.unique(values, return_inverse=True)
    keys = np.maximum.accumulate(group * len(moments) + codes)
    before = np.concatenate(([-1], keys[:-1]))
    same = before // len(moments) == group
    return np.where(same, moments[before % len(moments)], np.iinfo(np.int64).min)
