"""Broken rates by hour and weekday, where a promise declares both as segments."""

from calendar import day_name

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import HOUR_SEGMENTS, WEEKDAY_SEGMENTS, Scope, segment_value, segments_of
from aspromised.analyse.windows.window import Window

HOUR_COLUMNS = ("hour", "weekday", "decided", "broken", "rate")
HOUR_WEEKS = 26


def hours(snapshot: Queryable, scope: Scope) -> pd.DataFrame:
    """Return broken rates by hour and weekday in order of the clock and the week: HOUR_COLUMNS.

    Over the half year to the window's end: a month is too thin. Empty unless the promise declares a segment of
    each: the names are HOUR_SEGMENTS and WEEKDAY_SEGMENTS.
    """
    named = hour_segments(snapshot, scope.promise_id)
    if not named:
        return pd.DataFrame(columns=list(HOUR_COLUMNS))
    hour, weekday = named
    window = Window.weeks_before(scope.window.last, HOUR_WEEKS) if scope.window.last else scope.window
    found = scope.inside(snapshot).query(
        f"""
        select {segment_value(hour)} as hour, {segment_value(weekday)} as weekday,
            sum(kept + broken)::bigint as decided, sum(broken)::bigint as broken,
            sum(broken) / sum(kept + broken) as rate
        from verdict_cell where {scope.of_items} and {window.condition}
        group by all having sum(kept + broken) > 0
        """,
        {**scope.parameters, **window.parameters},
    )
    return _in_order(found)


def hour_segments(snapshot: Queryable, promise_id: str) -> tuple[str, str] | None:
    """Return which segments of a promise are its hour and its weekday; None unless it declares both."""
    names = segments_of(snapshot, promise_id)
    hour, weekday = (
        next((name for name in wanted if name in names), "") for wanted in (HOUR_SEGMENTS, WEEKDAY_SEGMENTS)
    )
    return (hour, weekday) if hour and weekday else None


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return rows by hour, then weekday: hours as numbers where they are, days of the week as in the week.

    >>> rows = pd.DataFrame({"hour": ["10", "9", "9"], "weekday": ["Monday", "Tuesday", "Monday"]})
    >>> _in_order(rows).values.tolist()
    [['9', 'Monday'], ['9', 'Tuesday'], ['10', 'Monday']]
    """
    return table.sort_values(["hour", "weekday"], key=lambda values: values.map(_rank), ignore_index=True)


def weekdays(table: pd.DataFrame) -> list[str]:
    """Return the weekdays of a table in the week's order.

    >>> weekdays(pd.DataFrame({"weekday": ["Tuesday", "Monday", "Tuesday"]}))
    ['Monday', 'Tuesday']
    """
    return sorted(set(table["weekday"]), key=_rank)


def _rank(value: str) -> tuple[float, str]:
    """Numbers before words, days of the week in their order."""
    if value in day_name:
        return list(day_name).index(value), ""
    return (float(value), "") if value.isdigit() else (float("inf"), value)
