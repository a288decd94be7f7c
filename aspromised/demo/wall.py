"""Time as the generator sees it: microseconds of the company's wall clock, and back to instants."""

from datetime import date, datetime

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


def instants(moments: Ints) -> pd.Series:
    """Return wall moments as UTC instants; hours that do not exist move on, doubled hours are the later one."""
    index = pd.DatetimeIndex(moments.view("datetime64[us]"))
    later = np.zeros(len(index), dtype=bool)
    local = index.tz_localize(ZONE, ambiguous=later, nonexistent="shift_forward")
    return pd.Series(local.tz_convert("UTC"))


def dates(days: Ints) -> pd.Series:
    """Return day numbers as dates at midnight without zone; NEVER becomes null."""
    moments = np.where(days == NEVER, NEVER, np.where(days == NEVER, 0, days) * DAY)
    return pd.Series(pd.DatetimeIndex(moments.view("datetime64[us]")))


def wall_of(moments: pd.Series) -> Ints:
    """Return UTC instants as wall microseconds; NEVER where null."""
    local = moments.dt.tz_convert(ZONE).dt.tz_localize(None)
    return np.asarray(local.astype("datetime64[us]").to_numpy().view(np.int64))


def local_days(moments: pd.Series) -> pd.Series:
    """Return the local midnight (without zone) of UTC instants."""
    return moments.dt.tz_convert(ZONE).dt.tz_localize(None).dt.floor("D")


def clear_of_clock_changes(moments: Ints) -> Ints:
    """Return the moments with those in the hour that a clock change skips or repeats put an hour later.

    For files that hold local time without a zone, where such a moment could not be read back.
    """
    days = moments // DAY
    calendar = pd.DatetimeIndex((days * DAY).view("datetime64[us]"))
    change = (weekday(days) == 6) & (calendar.day.to_numpy() >= 25) & np.isin(calendar.month, (3, 10))
    return np.where(change & (hour_of(moments) == 1), moments + HOUR, moments)
