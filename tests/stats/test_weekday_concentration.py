"""What is done on a few weekdays only is found; what is done as it comes is not, however often one looks."""

import numpy as np
import pytest

from aspromised.stats.weekday_concentration import concentrated

WORKDAYS = np.array([0.2, 0.2, 0.2, 0.2, 0.2, 0, 0])


def weeks(rng: np.random.Generator, shares: list[float], number: int = 52, a_week: float = 15) -> np.ndarray:
    return rng.poisson(np.array(shares) * a_week, (number, 7))


def test_random_logs_have_no_days_of_their_own():
    """In 1,000 worlds without a story, of few things a week and of many, none is told."""
    rng = np.random.default_rng(5)
    told = [concentrated(weeks(rng, WORKDAYS, number=rng.integers(20, 104), a_week=rng.choice([1, 2, 15])), WORKDAYS)
            for _ in range(1000)]  # fmt: skip
    assert sum(each is not None for each in told) == 0


@pytest.mark.parametrize("a_week", [3, 40])
def test_two_days_a_week_are_found_with_some_done_on_others(a_week):
    done = weeks(np.random.default_rng(6), [0, 0.485, 0.01, 0.01, 0.485, 0.01, 0], a_week=a_week)
    found = concentrated(done, WORKDAYS)
    assert found.weekdays == (1, 4) and found.total == done.sum() and found.held == done[:, [1, 4]].sum()
    assert found.expected == pytest.approx(0.4)


def test_what_follows_at_once_is_not_held_for_its_days():
    done = weeks(np.random.default_rng(7), [0, 0.5, 0, 0, 0.5, 0, 0])
    assert concentrated(done, np.array([0, 0.5, 0, 0, 0.5, 0, 0])) is None


def test_a_few_weeks_prove_nothing():
    assert concentrated(np.tile([0, 9, 0, 0, 9, 0, 0], (19, 1)), WORKDAYS) is None
    assert concentrated(np.zeros((30, 7), dtype=int), WORKDAYS) is None


def test_working_on_workdays_is_no_finding():
    assert concentrated(weeks(np.random.default_rng(8), WORKDAYS), WORKDAYS) is None
