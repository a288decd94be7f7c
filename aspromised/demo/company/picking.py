"""The picking floor as a fluid queue: work that exceeds the day's capacity waits, for everyone."""

import numpy as np

from aspromised.demo.wall import DAY, Floats, Ints


def orders_waiting(load: Floats, capacity: Floats) -> Floats:
    """Return the units left over at the end of each day.

    >>> orders_waiting(np.array([10.0, 30.0, 5.0]), np.array([20.0, 20.0, 20.0])).tolist()
    [0.0, 10.0, 0.0]
    """
    left, over = 0.0, np.empty(len(load))
    for index, (units, able) in enumerate(zip(load.tolist(), capacity.tolist(), strict=True)):
        left = over[index] = max(0.0, left + units - able)
    return over


def waiting_hours(load: Floats, capacity: Floats, day_index: Ints, moment: Ints) -> Floats:
    """Return the hours an order waits to be picked: the backlog ahead of it, and a busy floor's slowness."""
    after = orders_waiting(load, capacity)
    before = np.concatenate([[0.0], after[:-1]])
    share = moment % DAY / DAY
    ahead = before[day_index] * (1 - share) + after[day_index] * share
    busy = np.clip(load / capacity - 0.85, 0, 0.4)
    return np.asarray(24 * ahead / capacity[day_index] + 6 * busy[day_index])
