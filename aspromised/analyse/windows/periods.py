"""Periods as a company counts them: weeks from its day on, fiscal years from its month on, the days up to now."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import Window, WindowKind, parsed_day, week_number
from aspromised.words.moments import MOST_DAYS, YEAR, last_day_over
from aspromised.words.problems import MisuseError
from aspromised.words.vocabulary import MONDAY_FIRST, MONTHS


@dataclass(frozen=True)
class Periods:
    """The newest day (`today`), the day weeks start on and the month fiscal years start in."""

    today: date
    week_starts: str = "monday"
    fiscal_year_starts: str = "january"

    @classmethod
    def of(cls, meta: Mapping[str, str]) -> "Periods":
        """Return how the company of a snapshot counts, from what its `meta` says."""
        return cls(
            date.fromisoformat(meta["as_of_day"]),
            meta.get("week_starts", "monday"),
            meta.get("fiscal_year_starts", "january"),
        )

    def holding(self, kind: str, day: date | None = None) -> Window:
        """Return the window of a `kind`, as a promise declares it, that holds `day` (default: today).

        A rolling window ends on the day.

        >>> count = Periods(date(2026, 10, 31), fiscal_year_starts="april")
        >>> count.holding("fiscal quarter").label, count.holding("rolling 28 days").label
        ('fiscal Q3 2026/27 (Oct to Dec 2026)', 'the 28 days to 31 Oct 2026')
        """
        day = day or self.today
        match kind:
            case "week":
                first = day - timedelta(days=(day.weekday() - MONDAY_FIRST.index(self.week_starts)) % 7)
                return Window(first, first + timedelta(days=6), "week")
            case "month":
                return Window.of_months(day.year, day.month, 1, "month")
            case "quarter":
                return Window.of_months(day.year, (day.month - 1) // 3 * 3 + 1, 3, "quarter")
            case "year":
                return Window.of_months(day.year, 1, 12, "year")
            case "fiscal quarter":
                return self._fiscal(day, 3, "fiscal quarter")
            case "fiscal year":
                return self._fiscal(day, 12, "fiscal year")
        return self.rolling(kind.removeprefix("rolling").removeprefix("last"), day)

    def _fiscal(self, day: date, months: int, kind: WindowKind) -> Window:
        into = (day.month - self._starts) % 12 % months
        return Window.of_months(day.year, day.month - into, months, kind, self._starts)

    @property
    def _starts(self) -> int:
        return MONTHS.index(self.fiscal_year_starts) + 1

    def newest(self, kind: str, number: int, day: date | None = None) -> list[Window]:
        """Return `number` windows of a kind one behind the other, oldest first; the last holds `day`."""
        windows = [self.holding(kind, day)]
        while len(windows) < number:
            windows.append(windows[-1].before)
        return windows[::-1]

    def rolling(self, text: str, day: date | None = None) -> Window:
        """Return the days written "28 days" (or "4 weeks") up to `day` (default: today)."""
        shape = re.fullmatch(r"([1-9]\d{0,5}) (day|week)s?", text.strip())
        days = int(shape[1]) * (7 if shape[2] == "week" else 1) if shape else 0
        if not 1 <= days <= MOST_DAYS:
            raise MisuseError(
                f"'{text.strip()}' is not a number of days: write it as in '28 days', {MOST_DAYS} at most"
            )
        last = day or self.today
        return Window(last - timedelta(days=days - 1), last, "rolling")

    def week(self, text: str) -> Window:
        """Return the week written "2026-W41", or that of a day written "2026-10-08".

        Weeks start on the company's day and belong to the year of their fourth day: from Monday on, they are those of
        ISO 8601.

        >>> Periods(date(2026, 10, 31), week_starts="sunday").week("2026-W41").label
        'week 41 of 2026 (11 Oct to 17 Oct)'
        """
        shape = re.fullmatch(rf"({YEAR})-?[Ww](\d{{1,2}})", text.strip())
        if not shape:
            try:
                return self.holding("week", parsed_day(text))
            except MisuseError:
                raise MisuseError(
                    f"'{text}' is not a week: write it as in 2026-W41, or a day in it"
                ) from None
        year, number = int(shape[1]), int(shape[2])
        first = self.holding("week", date(year, 1, 4)).first
        assert first
        window = self.holding("week", first + timedelta(weeks=number - 1))
        if not number or week_number(window.first or first) != (year, number):
            raise MisuseError(f"there is no week {number} in {year}: they are numbered from 1 to 52 or 53")
        return window

    def quarter(self, text: str) -> Window:
        """Return the calendar quarter written "2026-Q3"."""
        shape = re.fullmatch(rf"({YEAR})-?[Qq]([1-4])", text.strip())
        if not shape:
            raise MisuseError(f"'{text}' is not a quarter: write it as in 2026-Q3")
        return Window.of_months(int(shape[1]), 3 * int(shape[2]) - 2, 3, "quarter")

    def year(self, text: str) -> Window:
        """Return the calendar year written "2026"."""
        if not re.fullmatch(YEAR, text.strip()):
            raise MisuseError(f"'{text}' is not a year: write it as in 2026")
        return Window.of_months(int(text), 1, 12, "year")

    def fiscal_year(self, text: str) -> Window:
        """Return the fiscal year written "2027" (the calendar year in which it ends) or "2026/27".

        >>> Periods(date(2026, 10, 31), fiscal_year_starts="april").fiscal_year("2027").label
        'fiscal year 2026/27 (Apr 2026 to Mar 2027)'
        """
        first = self._fiscal_first(text.strip())
        if first is None:
            raise MisuseError(f"'{text}' is not a fiscal year: {self._as_written('')}")
        return Window.of_months(first.year, first.month, 12, "fiscal year", self._starts)

    def fiscal_quarter(self, text: str) -> Window:
        """Return the fiscal quarter written "2027-Q2" or "2026/27-Q2".

        >>> Periods(date(2026, 10, 31), fiscal_year_starts="april").fiscal_quarter("2026/27-Q2").label
        'fiscal Q2 2026/27 (Jul to Sep 2026)'
        """
        shape = re.fullmatch(r"(.+?)[- ]?[Qq]([1-4])", text.strip())
        first = self._fiscal_first(shape[1]) if shape else None
        if shape is None or first is None:
            raise MisuseError(f"'{text}' is not a fiscal quarter: {self._as_written('-Q2')}")
        month = first.month + 3 * (int(shape[2]) - 1)
        return Window.of_months(first.year, month, 3, "fiscal quarter", self._starts)

    def _fiscal_first(self, text: str) -> date | None:
        """The first day of a fiscal year as written, None where it is not written as one."""
        shape = re.fullmatch(rf"(?:FY ?)?({YEAR})(?:[/-](\d\d))?", text, re.IGNORECASE)
        if not shape or (shape[2] and (self._starts == 1 or int(shape[2]) != (int(shape[1]) + 1) % 100)):
            return None
        ended_in = int(shape[1]) + (1 if shape[2] else 0)
        return date(ended_in - (self._starts > 1), self._starts, 1)

    def _as_written(self, quarter: str) -> str:
        if self._starts == 1:
            return f"write it as in 2026{quarter}"
        return f"write it as in 2026/27{quarter}, or 2027{quarter} by the year in which it ends"

    def around(self, month: str, kind: str = "month") -> Window:
        """Return the window of a `kind` that holds the end of a month, as far as it is known.

        The month is the window of the kind "month"; a rolling one ends with the month, or today where that is earlier.
        """
        window = Window.month(month)
        assert window.last
        day = max(window.first or window.last, min(window.last, self.today))
        return self.holding(kind, day) if kind != "month" else window


def known_months(snapshot: Queryable) -> list[Window]:
    """Return the months with items due, up to the snapshot's moment, newest first."""
    found = snapshot.query(
        "select distinct date_trunc('month', day)::date as month from verdict_daily"
        " where segment = '(all)' and day <= $as_of order by month desc",
        {"as_of": snapshot.meta["as_of_day"]},
    )["month"]
    return [Window.of_months(month.year, month.month, 1, "month") for month in found]


def latest_month_window(snapshot: Queryable) -> Window:
    """Return the month to tell of where nobody chose one: the last that is over, or else the newest with items due."""
    after = last_day_over(snapshot.meta["as_of"]) + timedelta(days=1)
    full = Window.of_months(after.year, after.month - 1, 1, "month")
    known = known_months(snapshot)
    return full if full in known or not known else known[0]
