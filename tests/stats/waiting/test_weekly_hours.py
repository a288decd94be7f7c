"""The week of a resource, read from when it was seen at work: people who do little a day, with breaks and odd nights."""

import numpy as np
import pandas as pd
import pytest

from aspromised.stats.waiting.activity_log import ActivityLog
from aspromised.stats.waiting.weekly_hours import QUARTER, UTC_TIME, WEEK_LENGTH, discovered_hours

MONDAY = int(pd.Timestamp("2026-01-05").value // 1000)
DAY = 96 * QUARTER


def week(start: np.ndarray, minutes: int) -> np.ndarray:
    """Return which quarters of the week one resource works, told when it began things that take so long."""
    nothing = np.zeros(len(start), dtype=np.int64)
    log = ActivityLog(nothing, nothing, nothing, start, start + minutes * 60_000_000)
    return np.diff(discovered_hours(log, 1, UTC_TIME).before[0]).astype(bool).reshape(7, 96)


@pytest.mark.parametrize("a_day", [3, 5, 12])
def test_somebody_who_does_little_a_day_works_the_whole_day(a_day):
    """A year from 9 to 17, a break from 12 to 13: found to within three quarters of an hour at each end of the day."""
    rng = np.random.default_rng(a_day)
    day = np.repeat([day for day in range(364) if day % 7 < 5], a_day)
    at = rng.choice(np.r_[36 * 15 : 12 * 60 - 15, 13 * 60 : 17 * 60 - 15], len(day))
    works = week(MONDAY + day * DAY + at * 60_000_000, 15)
    assert works[5:].sum() == 0
    for each in works[:5]:
        assert each[39:47].all() and each[53:65].all()
        assert not each[:36].any() and not each[68:].any() and not each[49:51].any()


def test_one_night_in_a_year_is_no_working_night():
    day = np.repeat([day for day in range(364) if day % 7 < 5], 4)
    start = MONDAY + day * DAY + np.tile([37, 42, 50, 60], len(day) // 4) * QUARTER
    works = week(np.append(start, MONDAY + 40 * WEEK_LENGTH + 5 * DAY + 2 * 4 * QUARTER), 60)
    assert works[5].sum() == 0 and works[0].sum() == 16


def test_one_who_was_seen_once_worked_then():
    assert np.flatnonzero(week(np.array([MONDAY + 40 * QUARTER]), 30).ravel()).tolist() == [40, 41]


def test_a_night_shift_works_at_both_ends_of_the_day():
    evenings = MONDAY + np.repeat(np.arange(200), 2) * DAY + np.tile([88, 92], 200) * QUARTER
    mornings = MONDAY + np.repeat(np.arange(200), 2) * DAY + np.tile([2, 12], 200) * QUARTER
    works = week(np.concatenate([evenings, mornings]), 120)[2]
    assert works[4] and works[90] and not works[24:84].any()
