"""Agents who answer as calls come in: how many are answered in time, and how many more could come (Erlang C)."""

import math
from dataclasses import dataclass

from scipy.stats import poisson

CALLS_PRECISION = 1e-4
ROUNDING = 1 + 1e-9


@dataclass(frozen=True)
class Queue:
    """Calls a second, seconds a call, and the seconds within which one should be answered."""

    calls: float
    handling: float
    within: float

    @property
    def work(self) -> float:
        """Agents busy on average, were there always one free (erlangs)."""
        return self.calls * self.handling

    def busier(self, times: float) -> "Queue":
        """Return the desk with so many times the calls."""
        return Queue(self.calls * times, self.handling, self.within)


@dataclass(frozen=True)
class ServiceLevel:
    """The share answered in time, the share that wait at all, the share of time agents are busy."""

    in_time: float
    waiting: float
    occupancy: float


def service_level(desk: Queue, agents: int) -> ServiceLevel | None:
    """Return how so many agents answer, None where they cannot: work that exceeds them waits ever longer.

    Erlang C (A. K. Erlang, 1917), from Poisson probabilities: B = pmf(c; a) / cdf(c; a), P(wait) = B / (1 − ρ(1 − B)).
    It takes callers to be patient, calls to come evenly at random, and handling times to be exponential.

    >>> found = service_level(Queue(100 / 1800, 180, 20), 14)
    >>> f"{found.in_time:.5f} {found.waiting:.5f} {found.occupancy:.4f}"
    '0.88835 0.17413 0.7143'
    >>> print(service_level(Queue(140 / 1800, 180, 20), 14))
    None
    """
    work = desk.work
    if agents <= work * ROUNDING or agents < 1:
        return None
    if work == 0:
        return ServiceLevel(1.0, 0.0, 0.0)
    busy = work / agents
    blocked = float(poisson.pmf(agents, work) / poisson.cdf(agents, work))
    waiting = blocked / (1 - busy * (1 - blocked))
    in_time = 1 - waiting * math.exp(-(agents - work) * desk.within / desk.handling)
    return ServiceLevel(in_time, waiting, busy)


def most_calls(desk: Queue, agents: int, kept: float) -> float | None:
    """Return the largest multiple of the calls at which so many agents still answer the share `kept` in time.

    Below 1 they do not even today; None where they cannot at any.

    >>> round(most_calls(Queue(100 / 1800, 180, 20), 14, 0.8), 2)
    1.09
    """
    if desk.work == 0:
        return None
    low, high = 0.0, agents / desk.work
    if not _keeps(desk.busier(CALLS_PRECISION), agents, kept):
        return None
    while high - low > CALLS_PRECISION:
        middle = (low + high) / 2
        low, high = (middle, high) if _keeps(desk.busier(middle), agents, kept) else (low, middle)
    return low


def _keeps(desk: Queue, agents: int, kept: float) -> bool:
    found = service_level(desk, agents)
    return found is not None and found.in_time >= kept
