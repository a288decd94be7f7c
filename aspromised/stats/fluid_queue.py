"""Work counted in days: what waits when more comes than can be done, and how much more could come (a fluid backlog)."""

import numpy as np

LOAD_PRECISION = 1e-3
MAX_LOAD = 20.0
_Numbers = np.ndarray


def backlog(load: _Numbers, available: _Numbers) -> _Numbers:
    """Return the units still waiting at the end of each day, none at the beginning.

    >>> backlog(np.array([10.0, 30.0, 5.0]), np.array([20.0, 20.0, 20.0])).tolist()
    [0.0, 10.0, 0.0]
    """
    spare = np.cumsum(load - available)
    return np.asarray(spare - np.minimum(np.minimum.accumulate(spare), 0.0))


def share_in_time(load: _Numbers, available: _Numbers, days: int) -> float | None:
    """Return the share of the work done by the end of the day `days` after the one it came on, first come first served.

    None where there is no work, or none came early enough for its days to lie within the days known. The curve of what
    has come against the curve of what has been done (Newell, Applications of Queueing Theory, 1971).

    >>> load, able = np.array([30.0, 10.0, 0.0, 0.0]), np.array([10.0, 10.0, 10.0, 10.0])
    >>> share_in_time(load, able, 0), share_in_time(load, able, 1), share_in_time(load, able, 2)
    (0.25, 0.5, 1.0)
    """
    came = np.cumsum(load)
    done = came - backlog(load, available)
    last = len(load) - days
    if last <= 0 or came[last - 1] <= 0:
        return None
    before = np.concatenate([[0.0], came[: last - 1]])
    in_time = np.clip(done[days : days + last] - before, 0.0, load[:last])
    return float(in_time.sum() / came[last - 1])


def max_load(load: _Numbers, available: _Numbers, days: int, kept: float) -> float | None:
    """Return the largest multiple of the work at which the share `kept` is still done in time, None where none is.

    More than is available altogether is never kept up with, whatever the days known would still hide: such a multiple is
    not returned.

    >>> round(max_load(np.full(50, 10.0), np.full(50, 12.0), 1, 0.95), 2)
    1.2
    """
    total = load.sum()
    if total <= 0:
        return None

    def holds(times: float) -> bool:
        share = share_in_time(load * times, available, days)
        return share is not None and share >= kept and times * total <= available.sum()

    low, high = 0.0, min(MAX_LOAD, float(available.sum() / total)) + LOAD_PRECISION
    if not holds(LOAD_PRECISION):
        return None
    while high - low > LOAD_PRECISION:
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
