"""Opening hours as tables of cumulative open time, so that a business clock costs a lookup and no row costs Python.

Time is cut into slots as wide as the calendar's opening times allow (30 minutes where it opens and closes at full and
half hours): each slot is wholly open or wholly closed. Open time up to an instant is then one equality join; the
instant at which so much open time has passed is another. Opening hours become instants by the IANA database, so a
day on which the clock changes has the hours its walls say.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from zoneinfo import ZoneInfo

import holidays
import numpy as np
import pyarrow as pa

from aspromised.declare.model import Calendar, Holidays
from aspromised.declare.rules.opening import parse_days, parse_interval
from aspromised.judge.clocks.local_days import EPOCH, change_between, to_us
from aspromised.sql.columns import temporary_tables
from aspromised.sql.engine import Engine

MINUTE_US = 60_000_000


@dataclass(frozen=True)
class OpenTime:
    """A calendar's open intervals over a span of years (µs UTC, in order), and the slots they fall into."""

    zone: ZoneInfo
    opens: np.ndarray
    closes: np.ndarray
    days: np.ndarray
    """The local day number each interval belongs to."""
    first_day: int
    last_day: int
    day_ends: np.ndarray
    """Whether a local day, of the calendar or of the company, ends where each interval closes: at 24:00."""

    @property
    def slot_us(self) -> int:
        """The width of a slot: the largest that divides every opening and closing, at least a minute."""
        minutes = np.unique(np.concatenate([self.opens, self.closes]) // MINUTE_US)
        return int(np.gcd.reduce(minutes)) * MINUTE_US

    def digest(self) -> str:
        """Return what tells these hours from any others: opening or closing a minute later is another digest."""
        days = np.array([self.first_day, self.last_day])
        parts = (self.opens, self.closes, self.days, days, self.day_ends)
        return sha256(b"|".join(part.astype("<i8").tobytes() for part in parts)).hexdigest()

    def slots(self) -> pa.Table:
        """Return (slot, is_open, cum_us): each slot of the span, and the open time before it."""
        width = self.slot_us
        first = self.first_day * 86_400_000_000 // width - 2 * 86_400_000_000 // width
        last = self.last_day * 86_400_000_000 // width + 2 * 86_400_000_000 // width
        numbers = np.arange(first, last)
        steps = np.zeros(len(numbers) + 1, dtype=np.int64)
        np.add.at(steps, self.opens // width - first, 1)
        np.add.at(steps, self.closes // width - first, -1)
        is_open = np.cumsum(steps[:-1]) > 0
        before = np.concatenate([[0], np.cumsum(is_open)[:-1]]) * width
        return pa.table({"slot": numbers, "is_open": is_open, "cum_us": before.astype(np.int64)})

    def open_slots(self) -> pa.Table:
        """Return (open_slot, from_us, until_us, day_until_us): the open slots counted from the first, when each begins,
        and the last moment at which a clock of open time, or one of open days, runs out in it.

        That is where it ends. But a closing belongs to the day that closes: at 24:00 its last moment. Where a place stays open
        over midnight it closes for open days alone.
        """
        slots = self.slots()
        starts = slots["slot"].to_numpy()[slots["is_open"].to_numpy(zero_copy_only=False)] * self.slot_us
        ends = starts + self.slot_us
        closes_day = np.isin(ends, self.closes[self.day_ends])
        return pa.table(
            {
                "open_slot": np.arange(len(starts)),
                "from_us": starts,
                "until_us": ends - (closes_day & ~np.isin(ends, self.opens)),
                "day_until_us": ends - closes_day,
            }
        )

    def business_days(self) -> pa.Table:
        """Return (day, is_open, ordinal): each day, and how many open days there were up to it, itself included."""
        every, open_days = np.arange(self.first_day, self.last_day + 1), np.unique(self.days)
        ordinal = np.searchsorted(open_days, every, side="right")
        return pa.table({"day": every, "is_open": np.isin(every, open_days), "ordinal": ordinal})

    def closings(self) -> pa.Table:
        """Return (ordinal, cum_us): the open time up to the closing of each open day."""
        _, last = np.unique(self.days[::-1], return_index=True)
        open_us = np.cumsum(self.closes - self.opens)
        return pa.table({"ordinal": np.arange(1, len(last) + 1), "cum_us": open_us[::-1][last]})


@cache
def holiday_dates(country: str, subdivision: str | None, first_year: int, last_year: int) -> frozenset[date]:
    """Return the public holidays of a country, by the `holidays` package."""
    return frozenset(
        holidays.country_holidays(country, subdiv=subdivision, years=range(first_year, last_year + 1))
    )


def closed_days(closed: Holidays | None, first_year: int, last_year: int) -> frozenset[date]:
    """Return the days a calendar is closed besides its week."""
    if closed is None:
        return frozenset()
    public: frozenset[date] = frozenset()
    if closed.country:
        public = holiday_dates(closed.country, closed.subdivision, first_year, last_year)
    return (public - set(closed.except_)) | set(closed.extra)


def zone_of(calendar: Calendar, company_zone: ZoneInfo) -> ZoneInfo:
    """Return the time zone whose walls a calendar's hours are read off."""
    return ZoneInfo(calendar.timezone) if calendar.timezone else company_zone


def open_time(calendar: Calendar, company_zone: ZoneInfo, first_year: int, last_year: int) -> OpenTime:
    """Return a calendar's open intervals from the first to the last year, both included.

    ValueError, LookupError or NotImplementedError where its hours, its zone or its country cannot be read.
    """
    return _open_time(calendar.model_dump_json(by_alias=True), company_zone, first_year, last_year)


@cache
def _open_time(declared: str, company_zone: ZoneInfo, first_year: int, last_year: int) -> OpenTime:
    calendar = Calendar.model_validate_json(declared)
    assert calendar.open != "always", "a calendar that is always open needs no table"
    zone = zone_of(calendar, company_zone)
    week: dict[int, list[tuple[int, int]]] = {}
    for days, intervals in calendar.open.items():
        for weekday in parse_days(days):
            week[weekday] = [parse_interval(text) for text in intervals]
    closed = closed_days(calendar.holidays, first_year, last_year)
    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    rows = [
        (_instant(day, opens, zone), _instant(day, closes, zone), (day - EPOCH).days)
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        if day not in closed
        for opens, closes in week.get(day.weekday(), [])
    ]
    if not rows:
        raise ValueError("it is never open")
    table = np.array([row for row in rows if row[0] < row[1]], dtype=np.int64).reshape(-1, 3)
    ends = np.array(
        [any(_ends_a_day(at, each) for each in {zone, company_zone}) for at in table[:, 1].tolist()]
    )
    return OpenTime(
        zone, table[:, 0], table[:, 1], table[:, 2], (first - EPOCH).days, (last - EPOCH).days, ends
    )


def _ends_a_day(at_us: int, zone: ZoneInfo) -> bool:
    """Return whether a day of a zone ends at an instant on a whole second."""
    at = datetime.fromtimestamp(at_us // 1_000_000, UTC)
    return at.astimezone(zone).date() != (at - timedelta(seconds=1)).astimezone(zone).date()


def _instant(day: date, minutes: int, zone: ZoneInfo) -> int:
    """Return the instant at which the wall clock shows so many minutes after midnight of a day.

    A time the clock skips is the moment it skips; one it shows twice is the first.
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
    before, after = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    skipped = after < before
    return to_us(change_between(zone, after, before) if skipped else before)


def create_tables(con: Engine, prefix: str, table: OpenTime) -> None:
    """Make the temporary tables of a calendar, where they are not there yet: `<prefix>_slots`, `_open_slots`, …"""
    if f"{prefix}_slots" in temporary_tables(con):
        return
    for part, rows in {
        "open_slots": table.open_slots(),
        "days": table.business_days(),
        "closings": table.closings(),
        "slots": table.slots(),
    }.items():
        con.register("calendar_rows", rows)
        con.create(f'"{prefix}_{part}"', "select * from calendar_rows")
        con.unregister("calendar_rows")
