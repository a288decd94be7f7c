"""Time as the generator sees it: microseconds of the company's wall clock, and back to instants."""

from datetime import date, datetime
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

ZONE = "Europe/London"
MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NEVER = int(np.iinfo(np.int64).min)
"""A moment that has not come: what pandas reads as NaT."""


def day_number(day: date) -> int:
    """Return the days from 1970-01-01 to `day`."""
    return (day - date(1970, 1, 1)).days


def wall(moment: date | datetime) -> int:
    """Return a local date or date-time as wall microseconds."""
    if isinstance(moment, datetime):
        return int(np.datetime64(moment, "us").astype(np.int64))
    return day_number(moment) * DAY


def weekday(days: Ints) -> Ints:
    """Return 0 for Monday to 6 for Sunday of day numbers (1970-01-01 was a Thursday)."""
    return (days + 3) % 7


def hour_of(moments: Ints) -> Ints:
    """Return the hour of the day of wall moments."""
    return moments % DAY // HOUR


@lru_cache(maxsize=1)
def _hours() -> tuple[int, Ints, Ints]:
    """Return the first hour tabled, each wall hour as UTC, and each UTC hour as wall; a lookup beats a conversion."""
    first, last = (int(np.datetime64(year, "h").astype(np.int64)) for year in ("2000", "2060"))
    index = pd.DatetimeIndex((np.arange(first, last) * HOUR).view("datetime64[us]"))
    later = np.zeros(len(index), dtype=bool)
    utc = index.tz_localize(ZONE, ambiguous=later, nonexistent="shift_forward").tz_convert("UTC")
    local = index.tz_localize("UTC").tz_convert(ZONE).tz_localize(None)
    return first, np.asarray(utc.as_unit("us").asi8), np.asarray(local.as_unit("us").asi8)


def _looked_up(table: Ints, first: int, moments: Ints) -> Ints:
    known = moments != NEVER
    slot = np.where(known, moments // HOUR - first, 0)
    return np.where(known, table[slot] + moments % HOUR, NEVER)


def instants(moments: Ints) -> pd.Series:
    """Return wall moments as UTC instants; hours that do not exist become the next that does, doubled hours are the later one."""
    first, utc, _ = _hours()
    after = np.where(moments == NEVER, 0, moments // HOUR - first + 1)
    looked_up = np.minimum(_looked_up(utc, first, moments), utc[after])
    return pd.Series(pd.DatetimeIndex(looked_up.view("datetime64[us]")).tz_localize("UTC"))


def dates(days: Ints) -> pd.Series:
    """Return day numbers as dates at midnight without zone; NEVER becomes null."""
    moments = np.where(days == NEVER, NEVER, np.where(days == NEVER, 0, days) * DAY)
    return pd.Series(pd.DatetimeIndex(moments.view("datetime64[us]")))


def wall_of(moments: pd.Series) -> Ints:
    """Return UTC instants as wall microseconds; NEVER where null."""
    first, _, local = _hours()
    return _looked_up(local, first, np.asarray(pd.DatetimeIndex(moments).as_unit("us").asi8))


def local_days(moments: pd.Series) -> pd.Series:
    """Return the local midnight (without zone) of UTC instants."""
    now = wall_of(moments)
    days = np.where(now == NEVER, NEVER, now - now % DAY)
    return pd.Series(pd.DatetimeIndex(days.view("datetime64[us]")), index=moments.index)


def clear_of_clock_changes(moments: Ints) -> Ints:
    """Return the moments with those in the hour that a clock change skips or repeats put an hour later.

    For files that hold local time without a zone, where such a moment could not be read back.
    """
    days = moments // DAY
    calendar = pd.DatetimeIndex((days * DAY).view("datetime64[us]"))
    change = (weekday(days) == 6) & (calendar.day.to_numpy() >= 25) & np.isin(calendar.month, (3, 10))
    return np.where(change & (hour_of(moments) == 1), moments + HOUR, moments)
