"""Weeks, quarters and fiscal years are the company's; each is written one way and read back the same."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspromised.analyse.windows.periods import Periods, latest_month_window
from aspromised.analyse.windows.window import Window, week_number
from aspromised.words.problems import MisuseError
from aspromised.words.vocabulary import MONDAY_FIRST, MONTHS
from tests.analyse.shelf import shelf

BRITISH = Periods(date(2026, 10, 31), "monday", "april")
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
KINDS = st.sampled_from(["week", "month", "quarter", "year", "fiscal quarter", "fiscal year"])


def periods(week_starts: str = "monday", fiscal: str = "january") -> Periods:
    return Periods(date(2026, 10, 31), week_starts, fiscal)


def days(window: Window) -> tuple[str, str]:
    return str(window.first), str(window.last)


def test_each_kind_is_read_as_it_is_written() -> None:
    assert days(BRITISH.week("2026-W41")) == ("2026-10-05", "2026-10-11")
    assert days(BRITISH.week("2026-10-08")) == ("2026-10-05", "2026-10-11")
    assert days(BRITISH.quarter("2026-Q3")) == ("2026-07-01", "2026-09-30")
    assert days(BRITISH.year("2026")) == ("2026-01-01", "2026-12-31")
    assert days(BRITISH.rolling("28 days")) == ("2026-10-04", "2026-10-31")
    assert BRITISH.rolling("4 weeks") == BRITISH.rolling("28 days")
    assert BRITISH.rolling("1 day") == Window(date(2026, 10, 31), date(2026, 10, 31))


def test_a_fiscal_year_is_named_by_the_year_it_ends_in_or_by_both() -> None:
    assert days(BRITISH.fiscal_year("2019")) == ("2018-04-01", "2019-03-31")
    assert BRITISH.fiscal_year("2018/19") == BRITISH.fiscal_year("FY2019") == BRITISH.fiscal_year("2018-19")
    assert days(BRITISH.fiscal_quarter("2018/19-Q2")) == ("2018-07-01", "2018-09-30")
    assert BRITISH.fiscal_quarter("2019-Q2") == BRITISH.fiscal_quarter("2018/19 Q2")
    assert days(BRITISH.fiscal_quarter("2019-Q4")) == ("2019-01-01", "2019-03-31")


def test_where_the_fiscal_year_is_the_calendar_year_it_has_one_name() -> None:
    assert periods().fiscal_year("2026") == periods().year("2026")
    assert periods().fiscal_year("2026").label == "fiscal year 2026 (Jan to Dec 2026)"
    with pytest.raises(MisuseError, match=r"write it as in 2026$"):
        periods().fiscal_year("2026/27")


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        ("week", "2026-W54", "there is no week 54 in 2026"),
        ("week", "2025-W53", "there is no week 53 in 2025"),
        ("week", "2026-W00", "there is no week 0 in 2026"),
        ("week", "week 3", "write it as in 2026-W41, or a day in it"),
        ("quarter", "2026-Q5", "write it as in 2026-Q3"),
        ("quarter", "0000-Q1", "is not a quarter"),
        ("year", "26", "write it as in 2026"),
        ("fiscal_year", "2018/20", "by the year in which it ends"),
        ("fiscal_quarter", "2018/19", "write it as in 2026/27-Q2, or 2027-Q2"),
        ("rolling", "a month", "write it as in '28 days'"),
        ("rolling", "0 days", "is not a number of days"),
        ("rolling", "99999 days", "3660 at most"),
    ],
)
def test_what_cannot_be_read_is_told_how_to_write_it(read: str, text: str, said: str) -> None:
    with pytest.raises(MisuseError, match=said):
        getattr(BRITISH, read)(text)


@pytest.mark.parametrize(
    ("window", "label"),
    [
        (BRITISH.week("2026-W41"), "week 41 of 2026 (5 Oct to 11 Oct)"),
        (BRITISH.quarter("2026-Q3"), "Q3 2026 (Jul to Sep)"),
        (BRITISH.year("2026"), "the year 2026"),
        (BRITISH.fiscal_quarter("2027-Q4"), "fiscal Q4 2026/27 (Jan to Mar 2027)"),
        (BRITISH.fiscal_year("2027"), "fiscal year 2026/27 (Apr 2026 to Mar 2027)"),
        (BRITISH.rolling("28 days"), "the 28 days to 31 Oct 2026"),
        (BRITISH.holding("month"), "October 2026"),
        (Window(date(2026, 10, 31), None), "31 Oct 2026 to the end"),
    ],
)
def test_a_window_is_called_what_a_reader_calls_it(window: Window, label: str) -> None:
    assert window.label == label


def test_a_period_has_its_neighbours_even_over_a_change_of_year() -> None:
    assert (
        BRITISH.holding("fiscal quarter", date(2026, 2, 3)).before.label
        == "fiscal Q3 2025/26 (Oct to Dec 2025)"
    )
    assert BRITISH.holding("quarter", date(2026, 11, 3)).after.label == "Q1 2027 (Jan to Mar)"
    assert BRITISH.week("2026-W01").before.label == "week 52 of 2025 (22 Dec to 28 Dec)"
    assert days(BRITISH.holding("rolling 28 days").before) == ("2026-09-06", "2026-10-03")


def test_the_newest_periods_come_oldest_first() -> None:
    labels = [window.label for window in BRITISH.newest("fiscal quarter", 3)]
    assert labels == ["fiscal Q1 2026/27 (Apr to Jun 2026)", "fiscal Q2 2026/27 (Jul to Sep 2026)", "fiscal Q3 2026/27 (Oct to Dec 2026)"]  # fmt: skip


def test_the_window_around_a_month_holds_its_end_as_far_as_it_is_known() -> None:
    early = Periods(date(2026, 10, 9), fiscal_year_starts="april")
    assert early.around("2026-09", "fiscal quarter").label == "fiscal Q2 2026/27 (Jul to Sep 2026)"
    assert early.around("2026-10", "rolling 28 days").label == "the 28 days to 9 Oct 2026"
    assert early.around("2026-09", "last 28 days").label == "the 28 days to 30 Sep 2026"
    assert early.around("2026-12", "week").label == "week 49 of 2026 (30 Nov to 6 Dec)"
    assert early.around("2026-10") == Window.month("2026-10")


@given(DAYS, KINDS, st.sampled_from(MONDAY_FIRST), st.sampled_from(MONTHS))
def test_periods_tile_the_days(day: date, kind: str, week_starts: str, fiscal: str) -> None:
    window = periods(week_starts, fiscal).holding(kind, day)
    assert window.first and window.last and window.first <= day <= window.last
    assert window.before.last == window.first - timedelta(days=1)
    assert window.after.first == window.last + timedelta(days=1)
    assert window.before.after == window
    assert periods(week_starts, fiscal).holding(kind, window.first) == window
    assert periods(week_starts, fiscal).holding(kind, window.last) == window


@given(DAYS, st.sampled_from(MONTHS))
def test_fiscal_quarters_and_years_are_those_of_pandas(day: date, fiscal: str) -> None:
    """pandas names a fiscal year by the year it ends in, too (frequency Q-MAR and its like)."""
    ends = pd.offsets.YearEnd(month=MONTHS.index(fiscal) or 12).rule_code[-3:]
    counted = periods("monday", fiscal)
    quarter = pd.Period(day, freq=f"Q-{ends}")
    expected = (quarter.start_time.date(), quarter.end_time.date())
    for window in (
        counted.holding("fiscal quarter", day),
        counted.fiscal_quarter(f"{quarter.qyear}-Q{quarter.quarter}"),
    ):
        assert (window.first, window.last) == expected
    assert f"fiscal Q{quarter.quarter}" in counted.holding("fiscal quarter", day).label
    year = pd.Period(day, freq=f"Y-{ends}")
    window = counted.fiscal_year(str(year.year))
    assert (window.first, window.last) == (year.start_time.date(), year.end_time.date())
    assert counted.holding("fiscal year", day) == window


@given(DAYS)
def test_weeks_from_monday_on_are_those_of_the_iso_calendar(day: date) -> None:
    year, number, _ = day.isocalendar()
    window = periods().week(f"{year}-W{number:02}")
    assert window.first and window.last and window.first <= day <= window.last
    assert week_number(window.first) == (year, number)


@given(DAYS, st.sampled_from(MONDAY_FIRST))
def test_a_week_read_by_its_number_is_the_week_that_has_it(day: date, week_starts: str) -> None:
    counted = periods(week_starts)
    window = counted.holding("week", day)
    assert window.first and MONDAY_FIRST[window.first.weekday()] == week_starts
    year, number = week_number(window.first)
    assert counted.week(f"{year}-W{number:02}") == window


@pytest.mark.parametrize(("moment", "label"), [
    ("2026-08-31", "August 2026"), ("2026-08-31T12:00:00", "July 2026"), ("2026-09-01T00:00:00", "August 2026"),
])  # fmt: skip
def test_the_month_told_where_nobody_chose_is_the_last_that_is_over(moment: str, label: str) -> None:
    daily = [{"day": f"2026-0{month}-10", "kept": 1} for month in (7, 8)]
    told = latest_month_window(shelf(moment, promise=[{}], verdict_daily=daily))
    assert told.label == label
