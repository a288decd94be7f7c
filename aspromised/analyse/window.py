"""Windows: spans of local days, both ends included."""

import re
from calendar import month_name, monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from aspromised.words.problems import MisuseError


@dataclass(frozen=True)
class Window:
    """Local days from `first` to `last`, both included; None is unbounded."""

    first: date | None = None
    last: date | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out, not even items without a day."""
        return self.first is None and self.last is None

    @property
    def condition(self) -> str:
        """SQL over a column `day`; parameters are in `parameters`."""
        if self.is_whole:
            return "true"
        bounds = ["day >= $first"] if self.first else []
        return " and ".join(bounds + (["day <= $last"] if self.last else []))

    @property
    def parameters(self) -> dict[str, date]:
        """The named parameters of `condition`."""
        return {name: day for name, day in (("first", self.first), ("last", self.last)) if day}

    def is_closed(self, as_of: date) -> bool:
        """Whether the whole window had passed by the end of the day `as_of`."""
        return self.last is not None and self.last <= as_of

    @property
    def label(self) -> str:
        """The window as a reader says it.

        >>> Window.month("2026-10").label
        'October 2026'
        >>> Window(date(2026, 10, 5), date(2026, 10, 11)).label
        '5 Oct 2026 to 11 Oct 2026'
        """
        if self.first and self.last and self == Window.month(f"{self.first:%Y-%m}"):
            return f"{month_name[self.first.month]} {self.first.year}"
        if self.is_whole:
            return "all days"
        return f"{_day(self.first) or 'the beginning'} to {_day(self.last) or 'the end'}"

    @classmethod
    def month(cls, text: str) -> "Window":
        """Return the month written "2026-10"; MisuseError says what a month looks like."""
        shape = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text.strip())
        if not shape:
            raise MisuseError(f"'{text}' is not a month: write it as in 2026-10")
        year, month = int(shape[1]), int(shape[2])
        return cls(date(year, month, 1), date(year, month, monthrange(year, month)[1]))

    @classmethod
    def days(cls, first: str | None, last: str | None) -> "Window":
        """Return the window between two days as written; MisuseError says what a day looks like."""
        window = cls(_parsed(first), _parsed(last))
        if window.first and window.last and window.first > window.last:
            raise MisuseError(f"the window ends ({window.last}) before it begins ({window.first})")
        return window

    @classmethod
    def weeks_before(cls, last: date, weeks: int) -> "Window":
        """Return the `weeks` times seven days that end with `last`."""
        return cls(last - timedelta(days=7 * weeks - 1), last)

    @property
    def before(self) -> "Window":
        """The window of the same kind just before: the month before a month, else as many days."""
        assert self.first and self.last, "only a bounded window has one before it"
        end = self.first - timedelta(days=1)
        if self == Window.month(f"{self.first:%Y-%m}"):
            return Window.month(f"{end:%Y-%m}")
        return Window(end - (self.last - self.first), end)


def _parsed(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise MisuseError(f"'{text}' is not a day: write it as in 2026-10-31") from None


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else ""
