"""Windows: spans of local days, both ends included."""

import re
from calendar import month_name, monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, Protocol

from aspromised.words.figures import day as day_words
from aspromised.words.moments import YEAR, out_of_range
from aspromised.words.problems import MisuseError

GONE_BY = "coalesce(day <= (select value::date from meta where key = 'as_of_day'), true)"
"""SQL over a column `day` of a snapshot's table: the days whose figures are told, up to the snapshot's own; and no day."""
WindowKind = Literal["days", "week", "month", "quarter", "year", "fiscal quarter", "fiscal year", "rolling"]


class CountedDays(Protocol):
    """The days that are counted: one window for all promises, or each promise's own."""

    @property
    def condition(self) -> str:
        """SQL over the columns `promise_id` and `day`: the days up to the snapshot's own, whose figures are told."""

    @property
    def bounds(self) -> str:
        """SQL over the same: all its days, also those to come, on which items are open."""

    @property
    def parameters(self) -> Mapping[str, object]:
        """The named parameters of both."""

    def window_of(self, promise_id: str) -> "Window":
        """The window that counts for a promise."""


@dataclass(frozen=True)
class Window:
    """Local days from `first` to `last`, both included; None is unbounded.

    `kind` and `year_starts` (the month a fiscal year begins in) say what to call it: two windows of the same days are
    the same window.
    """

    first: date | None = None
    last: date | None = None
    kind: WindowKind = field(default="days", compare=False)
    year_starts: int = field(default=1, compare=False)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out, not even items without a day."""
        return self.first is None and self.last is None

    @property
    def condition(self) -> str:
        """SQL over a column `day` of a snapshot's table; parameters are in `parameters`.

        Days after the snapshot's are left out: what was done early is known of them, and not what will be late.
        """
        return f"{self.bounds} and {GONE_BY}"

    @property
    def bounds(self) -> str:
        """SQL over the same: all its days, also those to come, on which items are open."""
        if self.is_whole:
            return "true"
        bounds = ["day >= $first"] if self.first else []
        return " and ".join(bounds + (["day <= $last"] if self.last else []))

    @property
    def parameters(self) -> dict[str, date]:
        """The named parameters of both."""
        return {name: day for name, day in (("first", self.first), ("last", self.last)) if day}

    def window_of(self, _promise_id: str) -> "Window":
        """The window that counts for a promise: one and the same for all."""
        return self

    def is_closed(self, over: date) -> bool:
        """Whether the whole window is past once the day `over` is."""
        return self.last is not None and self.last <= over

    def said(self, as_of: date, over: date | None = None) -> str:
        """The window in words, and that it is not over where it is not: on the day `as_of`, with `over` the last that is past.

        >>> Window.month("2026-10").said(date(2026, 10, 31), over=date(2026, 10, 30))
        'October 2026, not closed yet (to 31 Oct 2026)'

        >>> Window.month("2026-10").said(date(2026, 10, 31)), Window.month("2026-10").said(date(2026, 10, 9))
        ('October 2026', 'October 2026, not closed yet (to 9 Oct 2026)')
        >>> Window.month("2026-12").said(date(2026, 10, 9)), Window().said(date(2026, 10, 9))
        ('December 2026, not begun yet', 'all days')
        """
        if self.is_closed(over or as_of) or self.last is None:
            return self.label
        if self.first and self.first > as_of:
            return f"{self.label}, not begun yet"
        return f"{self.label}, not closed yet (to {day_words(as_of)})"

    @property
    def label(self) -> str:
        """The window as a reader says it.

        >>> Window.month("2026-10").label
        'October 2026'
        >>> Window(date(2026, 10, 5), date(2026, 10, 11)).label
        '5 Oct 2026 to 11 Oct 2026'
        """
        if self.is_whole:
            return "all days"
        if not self.first or not self.last:
            return f"{day_words(self.first) if self.first else 'the beginning'} to {day_words(self.last) if self.last else 'the end'}"
        if self.kind in ("days", "month") and self.months == 1:
            return f"{month_name[self.first.month]} {self.first.year}"
        return _NAMED[self.kind](self, self.first, self.last)

    @property
    def months(self) -> int:
        """How many whole calendar months it is, 0 where it is no whole number of them.

        >>> Window.month("2026-10").months, Window(date(2026, 4, 1), date(2027, 3, 31)).months
        (1, 12)
        >>> Window(date(2026, 4, 1), date(2026, 4, 29)).months
        0
        """
        if not self.first or not self.last or self.first.day > 1:
            return 0
        number = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return number if self.last.day == monthrange(self.last.year, self.last.month)[1] else 0

    @classmethod
    def month(cls, text: str) -> "Window":
        """Return the month written "2026-10"; MisuseError says what a month looks like."""
        shape = re.fullmatch(rf"({YEAR})-(0[1-9]|1[0-2])", text.strip())
        if not shape:
            raise MisuseError(f"'{text}' is not a month: write it as in 2026-10")
        return cls.of_months(int(shape[1]), int(shape[2]), 1, "month")

    @classmethod
    def of(cls, when: "Window | str") -> "Window":
        """Return the window itself, or the month where it is written as one."""
        return when if isinstance(when, Window) else cls.month(when)

    @classmethod
    def of_months(
        cls, year: int, month: int, number: int, kind: WindowKind, year_starts: int = 1
    ) -> "Window":
        """Return `number` months from the first of a month on; the month may lie outside 1 to 12.

        >>> Window.of_months(2026, 0, 3, "quarter").parameters
        {'first': datetime.date(2025, 12, 1), 'last': datetime.date(2026, 2, 28)}
        """
        begin, end = year * 12 + month - 1, year * 12 + month - 2 + number
        last = end // 12, end % 12 + 1
        return cls(date(begin // 12, begin % 12 + 1, 1), date(*last, monthrange(*last)[1]), kind, year_starts)

    @classmethod
    def days(cls, first: str | None, last: str | None) -> "Window":
        """Return the window between two days as written; MisuseError says what a day looks like."""
        window = cls(parsed_day(first), parsed_day(last))
        if window.first and window.last and window.first > window.last:
            raise MisuseError(f"the window ends ({window.last}) before it begins ({window.first})")
        return window

    @classmethod
    def weeks_before(cls, last: date, weeks: int) -> "Window":
        """Return the `weeks` times seven days that end with `last`."""
        return cls(last - timedelta(days=7 * weeks - 1), last)

    @property
    def before(self) -> "Window":
        """The window of the same kind just before: as many whole months before whole months, else as many days.

        >>> Window.month("2026-03").before.label
        'February 2026'
        """
        return self._moved(-1)

    @property
    def after(self) -> "Window":
        """The window of the same kind just after it."""
        return self._moved(1)

    def _moved(self, by: int) -> "Window":
        assert self.first and self.last, "only a bounded window has one beside it"
        if self.months and self.kind != "rolling":
            month = self.first.month + by * self.months
            return Window.of_months(self.first.year, month, self.months, self.kind, self.year_starts)
        length = (self.last - self.first + timedelta(days=1)) * by
        return Window(self.first + length, self.last + length, self.kind, self.year_starts)


def parsed_day(text: str | None) -> date | None:
    """Return a day as written, None for none; MisuseError says what a day looks like."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise MisuseError(f"'{text}' is not a day: write it as in 2026-10-31") from None
    if said := out_of_range(day):
        raise MisuseError(f"'{text}' {said}")
    return day


def week_number(first: date) -> tuple[int, int]:
    """Return the year and number of a week by its first day: it belongs to the year of its fourth day, as in ISO 8601.

    >>> week_number(date(2026, 10, 5)), week_number(date(2024, 12, 30))
    ((2026, 41), (2025, 1))
    """
    fourth = first + timedelta(days=3)
    return fourth.year, (fourth.timetuple().tm_yday - 1) // 7 + 1


def _days(window: Window, first: date, last: date) -> str:
    return f"{day_words(first)} to {day_words(last)}"


def _week(window: Window, first: date, last: date) -> str:
    year, number = week_number(first)
    return f"week {number} of {year} ({first.day} {first:%b} to {last.day} {last:%b})"


def _quarter(window: Window, first: date, last: date) -> str:
    return f"Q{(first.month + 2) // 3} {first.year} ({first:%b} to {last:%b})"


def _fiscal_quarter(window: Window, first: date, last: date) -> str:
    number = (first.month - window.year_starts) % 12 // 3
    year = Window.of_months(first.year, first.month - 3 * number, 12, "fiscal year", window.year_starts)
    return f"fiscal Q{number + 1} {_fiscal(year)} ({first:%b} to {last:%b %Y})"


def _fiscal_year(window: Window, first: date, last: date) -> str:
    begin = f"{first:%b}" if first.year == last.year else f"{first:%b %Y}"
    return f"fiscal year {_fiscal(window)} ({begin} to {last:%b %Y})"


def _fiscal(year: Window) -> str:
    """A fiscal year by both calendar years it touches, so that nobody has to know which of them names it."""
    assert year.first and year.last
    both = f"{year.first.year}/{year.last.year % 100:02}"
    return both if year.first.year != year.last.year else str(year.first.year)


def _rolling(window: Window, first: date, last: date) -> str:
    return f"the {(last - first).days + 1} days to {day_words(last)}"


_NAMED: dict[WindowKind, Callable[[Window, date, date], str]] = {
    "days": _days, "month": _days, "week": _week, "quarter": _quarter, "fiscal quarter": _fiscal_quarter,
    "year": lambda window, first, last: f"the year {first.year}", "fiscal year": _fiscal_year, "rolling": _rolling,
}  # fmt: skip


def month_edges(last_day: date, months: int) -> list[date]:
    """Return the first days of `months` months, the last holding `last_day`, and the day after them all.

    >>> [str(day) for day in month_edges(date(2026, 1, 20), 2)]
    ['2025-12-01', '2026-01-01', '2026-02-01']
    """
    newest = last_day.year * 12 + last_day.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(newest - months + 1, newest + 2)]
