"""A window beside the same one a year before."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import Scope
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import count, day, percent, points_between, points_of, without_sign

SEASON_LEAST = 30
"""Items below which a year ago cannot be compared."""


@dataclass(frozen=True)
class Season:
    """Kept and decided now and a year ago, the difference's 95 % interval, and whether both were promised alike."""

    now: Window
    then: Window
    kept: tuple[int, int]
    decided: tuple[int, int]
    low: float
    high: float
    is_worded_alike: bool

    @property
    def rates(self) -> tuple[float, float]:
        """The shares kept now and then."""
        now, then = (k / n if n else np.nan for k, n in zip(self.kept, self.decided, strict=True))
        return now, then

    @property
    def sentence(self) -> str:
        """How it was a year ago, and whether that is a difference."""
        now, then = self.rates
        if not self.decided[1]:
            return f"A year ago, in {_label(self.then)}, nothing was decided: there is no same season to hold it against."
        was = f"A year ago, in {_label(self.then)}, {percent(then)} of {count(self.decided[1])} were kept"
        if min(self.decided) < SEASON_LEAST:
            return f"{was}: too few to compare."
        anew = (
            ""
            if self.is_worded_alike
            else " It was promised in other words then, so the two are no comparison of the work alone."
        )
        if self.low <= 0 <= self.high:
            return f"{was}: no difference that chance does not make.{anew}"
        way = "more" if now > then else "less"
        ends = sorted(abs(end) for end in (self.low, self.high))
        return f"{was}: {without_sign(points_between(now, then))} {way} now ({points_of(round(ends[0], 4), round(ends[1], 4))}).{anew}"


def _label(window: Window) -> str:
    if window.months == 1 and window.first:
        return f"{window.first:%B %Y}"
    return f"{day(window.first)} to {day(window.last)}"


def season(snapshot: Queryable, scope: Scope, dispersion: float = 1.0) -> Season | None:
    """Return the window of a scope beside the same days a year before; None where it has no two ends.

    The interval is Newcombe's hybrid score (Stat Med 17:873, 1998), widened where periods stray `dispersion` times as far as
    chance makes them.
    """
    now = scope.window
    if not now.first or not now.last:
        return None
    then = year_before(now)
    told = {window: _counted(snapshot, replace(scope, window=window)) for window in (now, then)}  # fmt: skip
    (kept, decided, versions), (kept_then, decided_then, versions_then) = told[now], told[then]
    low = high = np.nan
    if min(decided, decided_then) > 0:
        low, high = confint_proportions_2indep(
            kept, decided, kept_then, decided_then, method="newcomb", compare="diff"
        )
        middle = kept / decided - kept_then / decided_then
        low, high = (middle + (end - middle) * max(1.0, dispersion) for end in (low, high))
    return Season(now, then, (kept, kept_then), (decided, decided_then), low, high, versions == versions_then)


def _counted(snapshot: Queryable, scope: Scope) -> tuple[int, int, frozenset[int]]:
    """Return kept and decided items, and the versions that have most of them."""
    rows = scope.inside(snapshot).query(
        "select version, sum(kept)::bigint as kept, sum(kept + broken)::bigint as decided from verdict_daily"
        f" where {scope.of_daily} group by version having sum(kept + broken) > 0",
        scope.parameters,
    )
    most = rows[rows["decided"] * 2 >= rows["decided"].sum()]
    return int(rows["kept"].sum()), int(rows["decided"].sum()), frozenset(int(each) for each in most["version"])  # fmt: skip


def year_before(window: Window) -> Window:
    """Return the same days of the year before; whole months stay whole.

    >>> from datetime import date
    >>> year_before(Window.month("2024-02")).label, year_before(Window(date(2024, 2, 29), date(2024, 3, 6))).label
    ('February 2023', '28 Feb 2023 to 6 Mar 2023')
    """
    assert window.first and window.last
    if window.months:
        return Window.of_months(window.first.year - 1, window.first.month, window.months, window.kind if window.kind != "rolling" else "days")  # fmt: skip
    first, last = (
        (pd.Timestamp(each) - pd.DateOffset(years=1)).date() for each in (window.first, window.last)
    )
    return Window(first, last)
