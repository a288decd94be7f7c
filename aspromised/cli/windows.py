"""The options that name a window, and the window they name: one at most."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated

import typer

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.own_window import OwnWindows, own_windows
from aspromised.analyse.windows.periods import Periods, latest_month_window
from aspromised.analyse.windows.window import Window
from aspromised.words.problems import MisuseError

MonthText = Annotated[str | None, typer.Option("--month", help="A month, as in 2026-10.")]
WeekText = Annotated[str | None, typer.Option("--week", help="A week, as in 2026-W41, or a day in it.")]
QuarterText = Annotated[str | None, typer.Option("--quarter", help="A calendar quarter, as in 2026-Q3.")]
YearText = Annotated[str | None, typer.Option("--year", help="A calendar year, as in 2026.")]
FiscalQuarterText = Annotated[
    str | None,
    typer.Option(
        "--fiscal-quarter", help="A fiscal quarter, as in 2026/27-Q2, or 2027-Q2 by the year it ends in."
    ),
]
FiscalYearText = Annotated[
    str | None,
    typer.Option("--fiscal-year", help="A fiscal year, as in 2026/27, or 2027 by the year in which it ends."),
]
LastText = Annotated[
    str | None, typer.Option("--last", help="So many days up to the as-of day, as in '28 days' or '4 weeks'.")
]
FromText = Annotated[str | None, typer.Option("--from", help="First local day, included.")]
ToText = Annotated[str | None, typer.Option("--to", help="Last local day, included.")]
OwnWindow = Annotated[
    bool, typer.Option("--own", help="Each promise over its own window: the one that holds the as-of day.")
]

AllDays = Annotated[
    bool,
    typer.Option("--all", help="Every day there is, each wording told by itself. Default: the latest month."),
]


_ANY = Periods(date(2026, 1, 1), fiscal_year_starts="april")
"""A company whose fiscal years take every way of writing them."""


@dataclass(frozen=True)
class Asked:
    """What the options say; MisuseError where they name two windows, or one that cannot be read."""

    month: str | None = None
    week: str | None = None
    quarter: str | None = None
    year: str | None = None
    fiscal_quarter: str | None = None
    fiscal_year: str | None = None
    last: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    own: bool = False
    all: bool = False

    def __post_init__(self) -> None:
        if len(self._named) > 1:
            raise MisuseError(f"give one window, not {len(self._named)}: {' and '.join(self._named)}")
        self.window(_ANY)  # so that what cannot be read is told before anything is opened

    @property
    def _named(self) -> list[str]:
        days = (("--from" if self.first_day else "") + (" --to" if self.last_day else "")).strip()
        given = [
            each.name for each in fields(self) if getattr(self, each.name) and not each.name.endswith("_day")
        ]
        return [*(f"--{name.replace('_', '-')}" for name in given), *([days] if days else [])]

    @property
    def is_given(self) -> bool:
        """Whether a window is named at all."""
        return bool(self._named)

    def told(self, snapshot: Queryable) -> Window | OwnWindows:
        """Return the window to tell of: the one named, else the latest month, as on the pages."""
        if self.own:
            return own_windows(snapshot)
        return self.window(Periods.of(snapshot.meta)) if self.is_given else latest_month_window(snapshot)

    def window(self, periods: Periods) -> Window:
        """Return the window for all promises; with `own`, `all` or without any option, all days."""
        readers = {
            "month": Window.month, "week": periods.week, "quarter": periods.quarter, "year": periods.year,
            "fiscal_quarter": periods.fiscal_quarter, "fiscal_year": periods.fiscal_year, "last": periods.rolling,
        }  # fmt: skip
        for name, read in readers.items():
            if text := getattr(self, name):
                return read(text)
        return Window.days(self.first_day, self.last_day)
