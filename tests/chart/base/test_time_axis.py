"""A line of time names each day or month once, however long it is."""

from datetime import date, timedelta

import pytest

from aspromised.chart.base.time_axis import MOST_TICKS, time_ticks


@pytest.mark.parametrize("days", [*range(200), 365, 366, 500, 731, 1500, 4000, 10_000, 20_000])
@pytest.mark.parametrize("first", [date(2026, 9, 1), date(2026, 9, 28), date(2024, 12, 31)])
def test_no_tick_stands_twice_and_all_lie_on_the_line(first, days):
    last = first + timedelta(days=days)
    ticks, form = time_ticks(first, last)
    words = [tick.strftime(form) for tick in ticks]
    assert len(set(words)) == len(words) <= MOST_TICKS
    assert first <= min(ticks) and max(ticks) <= last
    assert len(ticks) >= 2 or days == 0 or days > 7000


def test_few_weeks_read_as_days_and_months_with_their_whole_year():
    days, form = time_ticks(date(2026, 9, 28), date(2026, 10, 19))
    assert [day.strftime(form) for day in days] == ["28 Sep", "5 Oct", "12 Oct", "19 Oct"]
    months, form = time_ticks(date(2025, 11, 20), date(2026, 5, 3))
    assert [month.strftime(form) for month in months][:2] == ["Dec 2025", "Jan 2026"]
