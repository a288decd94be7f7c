"""The axis of a line of time: round days or months by how long it is, each named once."""

from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd

from aspromised.chart.base.figure import as_date

MOST_TICKS = 7
"""So many ticks at most."""
_DAYS, _MONTHS = (1, 2, 7, 14), (1, 2, 3, 6, 12, 24, 60, 120)


def time_axis(first: pd.Timestamp, last: pd.Timestamp, **more: Any) -> alt.Axis:
    """Return the axis of the days from `first` to `last`, without a title."""
    ticks, form = time_ticks(first.date(), last.date())
    values = [as_date(pd.Timestamp(tick)) for tick in ticks]
    return alt.Axis(**{"title": None, "values": values, "format": form, "labelFlush": True, "labelOverlap": True, **more})  # fmt: skip


def time_ticks(first: date, last: date) -> tuple[list[date], str]:
    """Return the days that are named on a line of time, at most `MOST_TICKS`, and how: no two have the same words.

    >>> ticks, form = time_ticks(date(2026, 9, 28), date(2026, 10, 19))
    >>> [f"{tick:{form.replace('-', '')}}" for tick in ticks]
    ['28 Sep', '05 Oct', '12 Oct', '19 Oct']
    >>> ticks, form = time_ticks(date(2025, 11, 20), date(2026, 5, 3))
    >>> [f"{tick:{form}}" for tick in ticks]
    ['Dec 2025', 'Jan 2026', 'Feb 2026', 'Mar 2026', 'Apr 2026', 'May 2026']
    """
    span = (last - first).days
    step = next((days for days in _DAYS if span // days < MOST_TICKS), None)
    if step:
        return [first + timedelta(days=n) for n in range(0, span + 1, step)], "%-d %b"
    begin, end = first.year * 12 + first.month - (first.day == 1), last.year * 12 + last.month - 1
    for months in _MONTHS:
        named = [each for each in range(begin, end + 1) if each % months == 0]
        if len(named) <= MOST_TICKS:
            break
    return [date(each // 12, each % 12 + 1, 1) for each in named], "%b %Y"
