"""Local days in integer arithmetic: what a time zone does to an instant, as a short case over its transitions.

A database's own time-zone functions cost about ten times as much a row and differ between engines. The offsets
come from the IANA database (zoneinfo), for the span of years that the data touches.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlglot import exp

from aspromised.sql.templates import first_match, render, tree

EPOCH = date(1970, 1, 1)
DAY_US = 86_400_000_000


@dataclass(frozen=True)
class LocalDays:
    """The days of a time zone, for instants from the first to the last year (both included)."""

    zone: ZoneInfo
    first_year: int
    last_year: int
    suffix: str = ""
    """Ends the macros' names, where a second zone stands beside the company's."""

    def macros(self) -> tuple[str, ...]:
        """Return the statements that define `utc_offset(us)`, `local_day(us)` and `day_start(n)` in DuckDB.

        Instants are microseconds since 1970-01-01 UTC, days are counted from 1970-01-01, offsets are microseconds.
        """
        return _macros(self)

    def bodies(self) -> dict[str, tuple[str, exp.Expr]]:
        """Return the functions of `macros` by name, each its parameter and what it means."""
        offset = _by_steps("us", self.offsets())
        midnight = _by_steps("n", _midnights(self.zone, self.first_year, self.last_year))
        day = tree(f"ap_day_number(us + utc_offset{self.suffix}(us))")
        return {
            f"utc_offset{self.suffix}": ("us", offset),
            f"local_day{self.suffix}": ("us", day),
            f"day_start{self.suffix}": ("n", tree("n * 86400000000 - :offset", offset=midnight)),
        }

    def offsets(self) -> list[tuple[int, int]]:
        """Return from which instant (µs) the clock is how far (µs) from UTC; the first stands for all that came before."""
        return _transitions(self.zone, self.first_year, self.last_year)

    def start_of(self, day: date) -> int:
        """Return the instant (µs UTC) at which a local day begins."""
        begins = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return (day - EPOCH).days * DAY_US - _micro(begins.utcoffset())


@cache
def _macros(days: LocalDays) -> tuple[str, ...]:
    return tuple(
        f"create or replace temp macro {name}({parameter}) as {render(body, pretty=False)}"
        for name, (parameter, body) in days.bodies().items()
    )


def _by_steps(name: str, steps: list[tuple[int, int]]) -> exp.Expr:
    """Return the offset of the last step at or before `name`; the first stands for all that came before."""
    before = zip(steps[1:], steps, strict=False)
    branches = [(tree(f"{name} < :at", at=at), offset) for (at, _), (_, offset) in before]
    return first_match(branches, steps[-1][1])


@cache
def _transitions(zone: ZoneInfo, first_year: int, last_year: int) -> list[tuple[int, int]]:
    """Return (instant µs, offset µs from there on), the first standing for all that came before."""
    begin, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 2, tzinfo=UTC)
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    changes = [change_between(zone, a, b) for a, b in pairwise(days) if _offset(zone, a) != _offset(zone, b)]
    return [(0, _offset(zone, begin))] + [(to_us(at), _offset(zone, at)) for at in changes]


def change_between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the instant in (low, high] from which the zone's offset is another, to the second."""
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


@cache
def _midnights(zone: ZoneInfo, first_year: int, last_year: int) -> list[tuple[int, int]]:
    """Return (day number, offset µs of that local day's beginning and of those after it).

    Where a clock skips midnight, the day begins at the transition; where it repeats it, at the first.
    """
    steps: list[tuple[int, int]] = []
    for number in range((date(first_year, 1, 1) - EPOCH).days, (date(last_year + 1, 1, 2) - EPOCH).days):
        day = EPOCH + timedelta(days=number)
        offset = _micro(datetime(day.year, day.month, day.day, tzinfo=zone).utcoffset())
        if not steps or steps[-1][1] != offset:
            steps.append((number, offset))
    return steps


def _offset(zone: ZoneInfo, instant: datetime) -> int:
    return _micro(instant.astimezone(zone).utcoffset())


def to_us(instant: datetime) -> int:
    """Return microseconds since 1970-01-01 UTC of an instant on a whole second."""
    return round(instant.timestamp()) * 1_000_000


def _micro(offset: timedelta | None) -> int:
    assert offset is not None, "a zone always has an offset"
    return round(offset.total_seconds() * 1_000_000)
