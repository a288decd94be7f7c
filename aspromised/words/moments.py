"""Moments and local days."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from aspromised.words.problems import MisuseError

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""The years that days and moments may lie in, so that weeks, months and zones beside them are days too."""
YEAR = r"(?:19|2\d)\d\d"
"""How such a year is written, as a pattern."""
MOST_DAYS = 3660
"""Ten years: a longer window is a slip of the hand."""

NO_END = date(9999, 12, 31)
"""The day that is commonly written where there is no end."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_of_moment(text: str | None, zone: tzinfo) -> datetime:
    """Return the moment `--as-of` names: a date is the end of that local day, nothing is now.

    >>> from zoneinfo import ZoneInfo
    >>> as_of_moment("2026-03-29", ZoneInfo("Europe/London")).isoformat()
    '2026-03-29T23:59:59.999999+01:00'
    >>> as_of_moment("2026-03-29T12:00", ZoneInfo("Europe/London")).isoformat()
    '2026-03-29T12:00:00+01:00'
    """
    if text is None:
        return datetime.now(zone)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise MisuseError(f"'{text}' is not a moment: write 2026-10-31 or 2026-10-31T18:00") from None
    if said := out_of_range(moment):
        raise MisuseError(f"'{text}' {said}")
    if len(text.strip()) <= len("2026-03-29"):
        return end_of_day(moment.date(), zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def out_of_range(day: date) -> str:
    """Return why a day or moment is none that can be judged; "" where it can.

    >>> out_of_range(date(1, 1, 2))
    'is not of the years 1900 to 2999: write the day that is meant'
    >>> out_of_range(date(2026, 3, 29))
    ''
    """
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return ""
    return f"is not of the years {FIRST_YEAR} to {LAST_YEAR}: write the day that is meant"


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the last microsecond of a local day."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
    return (midnight - timedelta(microseconds=1)).astimezone(zone)


def last_day_over(as_of: str) -> date:
    """Return the last local day that was over at a moment, written with its offset.

    >>> print(last_day_over("2026-10-31T23:59:59.999999+00:00"), last_day_over("2026-10-31T12:00:00+00:00"))
    2026-10-31 2026-10-30
    """
    return (datetime.fromisoformat(as_of) + timedelta(microseconds=1)).date() - timedelta(days=1)


def local_moment(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """Return a declared moment with its zone: without an offset it is the company's local time."""
    return moment.replace(tzinfo=zone) if moment is not None and moment.tzinfo is None else moment


def microseconds(moment: datetime) -> int:
    """Return microseconds since 1970-01-01 UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def plain_utc(moment: datetime | None) -> datetime | None:
    """Return the moment as a zoneless UTC timestamp, as snapshots store it."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment is not None else None
