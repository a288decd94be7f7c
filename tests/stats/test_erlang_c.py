"""Agents who answer at once: a published case, its neighbours, and work that is more than the agents."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspromised.stats.erlang_c import Queue, most_calls, service_level

PUBLISHED = Queue(calls=100 / 1800, handling=180, within=20)
"""100 calls in half an hour, 3 minutes each, answered within 20 seconds (README of pyworkforce)."""


def test_the_published_case():
    found = service_level(PUBLISHED, 14)
    assert found.in_time == pytest.approx(0.8883500191794669, abs=1e-12)
    assert found.waiting == pytest.approx(0.1741319335950498, abs=1e-12)
    assert found.occupancy == pytest.approx(0.7143, abs=1e-4)


@pytest.mark.parametrize(("agents", "in_time"), [(13, 0.7956), (12, 0.6402)])
def test_one_agent_fewer_and_two(agents, in_time):
    assert service_level(PUBLISHED, agents).in_time == pytest.approx(in_time, abs=5e-5)


@pytest.mark.parametrize(("times", "in_time"), [(1.1, 0.7829), (1.2, 0.6143), (1.3, 0.3613)])
def test_the_same_agents_with_more_calls(times, in_time):
    assert service_level(PUBLISHED.busier(times), 14).in_time == pytest.approx(in_time, abs=5e-5)


def test_more_work_than_agents_cannot_be_answered_at_all():
    assert service_level(PUBLISHED.busier(1.4), 14) is None
    assert service_level(PUBLISHED, 10) is None


def test_the_most_calls_are_those_at_which_the_share_is_just_kept():
    times = most_calls(PUBLISHED, 14, 0.8)
    assert 1.0 < times < 1.1
    assert service_level(PUBLISHED.busier(times), 14).in_time == pytest.approx(0.8, abs=1e-3)


def test_a_share_that_no_number_of_calls_allows_cannot_be_kept():
    assert most_calls(PUBLISHED, 14, 1.0) is None or most_calls(PUBLISHED, 14, 1.0) < 0.5


def by_the_sum(work: float, agents: int) -> float:
    """The chance to wait, from the textbook sum."""
    last = work**agents / math.factorial(agents) * agents / (agents - work)
    return last / (sum(work**k / math.factorial(k) for k in range(agents)) + last)


@given(st.floats(0.1, 20), st.integers(1, 40))
def test_the_chance_to_wait_is_that_of_the_textbook_sum(work, agents):
    found = service_level(Queue(work / 60, 60, 10), agents)
    if agents <= work / 60 * 60:
        assert found is None
    else:
        assert found.waiting == pytest.approx(by_the_sum(work, agents), rel=1e-6)


def test_a_simulated_desk_agrees():
    """Events by hand: calls take the agent that is free first."""
    rng = np.random.default_rng(1)
    arrivals = np.cumsum(rng.exponential(18, 60_000))
    free = np.zeros(14)
    waits = []
    for at, length in zip(arrivals, rng.exponential(180, len(arrivals)), strict=True):
        agent = free.argmin()
        begun = max(at, free[agent])
        waits.append(begun - at)
        free[agent] = begun + length
    assert np.mean(np.array(waits) <= 20) == pytest.approx(0.888, abs=0.02)
    assert np.mean(np.array(waits) > 0) == pytest.approx(0.174, abs=0.02)
