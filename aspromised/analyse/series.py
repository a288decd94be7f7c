"""A promise over time: counts, kept rate, interval and the target that was in force, week by week or month by month."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol

import numpy as np
import pandas as pd

from aspromised.analyse.period import MONDAY_FIRST
from aspromised.analyse.status import COUNTS, wilson
from aspromised.words.vocabulary import NONE_VALUE

SERIES_COLUMNS = ("first", "last", *COUNTS, "decided", "rate", "low", "high", "target", "closed")
EACH_COLUMNS = ("promise_id", *SERIES_COLUMNS)
ALL = "(all)"


class Snapshot(Protocol):
    """What a series needs of a snapshot."""

    @property
    def meta(self) -> Mapping[str, str]:
        """The snapshot's moment and the day on which weeks start."""

    def query(self, sql: str, params: dict[str, object] | None = None) -> pd.DataFrame:
        """Return the rows of a query."""


def weekly(
    snapshot: Snapshot,
    promise_id: str,
    last_day: date,
    weeks: int,
    segment: str | None = None,
    value: str | None = None,
) -> pd.DataFrame:
    """Return one row a week, the last being the week of `last_day`: SERIES_COLUMNS.

    Weeks start on the company's day and are whole; `first` and `last` are their days. `rate`, `low`, `high` (Wilson,
    95 %) and `target` are shares, NaN where nothing is decided but for the target: it is the mean of the versions'
    targets weighted by their decided items, else the one in force on the last day. `closed` is whether the week was
    over at the snapshot's moment. With `segment` and `value`, only the items that have this value are counted.
    """
    edges = week_edges(last_day, weeks, snapshot.meta.get("week_starts", "monday"))
    return _one(snapshot, promise_id, edges, segment, value)


def monthly(
    snapshot: Snapshot,
    promise_id: str,
    last_day: date,
    months: int,
    segment: str | None = None,
    value: str | None = None,
) -> pd.DataFrame:
    """Return one row a month, the last being the month of `last_day`: SERIES_COLUMNS, as `weekly` has them."""
    return _one(snapshot, promise_id, month_edges(last_day, months), segment, value)


def series(snapshot: Snapshot, promise_id: str, edges: list[date]) -> pd.DataFrame:
    """Return one row a span between neighbouring `edges` (first days; the last is the day after them all): SERIES_COLUMNS."""
    return _one(snapshot, promise_id, edges, None, None)


def weekly_each(snapshot: Snapshot, last_day: date, weeks: int) -> pd.DataFrame:
    """Return `weekly` of every promise, by promise and week: EACH_COLUMNS."""
    edges = week_edges(last_day, weeks, snapshot.meta.get("week_starts", "monday"))
    return _each(snapshot, edges)


def monthly_each(snapshot: Snapshot, last_day: date, months: int) -> pd.DataFrame:
    """Return `monthly` of every promise, by promise and month: EACH_COLUMNS."""
    return _each(snapshot, month_edges(last_day, months))


def week_edges(last_day: date, weeks: int, week_starts: str = "monday") -> list[date]:
    """Return the first days of `weeks` weeks, the last holding `last_day`, and the day after them all.

    >>> [f"{day:%a %d %b}" for day in week_edges(date(2026, 10, 31), 2)]
    ['Mon 19 Oct', 'Mon 26 Oct', 'Mon 02 Nov']
    >>> [f"{day:%a %d %b}" for day in week_edges(date(2026, 10, 31), 1, "sunday")]
    ['Sun 25 Oct', 'Sun 01 Nov']
    """
    into = (last_day.weekday() - MONDAY_FIRST.index(week_starts)) % 7
    newest = last_day - timedelta(days=into)
    return [newest + timedelta(weeks=n) for n in range(1 - weeks, 2)]


def month_edges(last_day: date, months: int) -> list[date]:
    """Return the first days of `months` months, the last holding `last_day`, and the day after them all.

    >>> [str(day) for day in month_edges(date(2026, 1, 20), 2)]
    ['2025-12-01', '2026-01-01', '2026-02-01']
    """
    newest = last_day.year * 12 + last_day.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(newest - months + 1, newest + 2)]


def _one(
    snapshot: Snapshot, promise_id: str, edges: list[date], segment: str | None, value: str | None
) -> pd.DataFrame:
    part = {"segment": segment, "value": value} if segment and value is not None else _WHOLE
    daily = _daily(snapshot, edges, "promise_id = $promise", {"promise": promise_id, **part})
    return _series(snapshot, daily, [promise_id], edges)[list(SERIES_COLUMNS)]


def _each(snapshot: Snapshot, edges: list[date]) -> pd.DataFrame:
    promises = snapshot.query("select promise_id from promise order by promise_id")["promise_id"]
    return _series(snapshot, _daily(snapshot, edges, "true", _WHOLE), list(promises), edges)


_WHOLE = {"segment": ALL, "value": ALL}


def _daily(
    snapshot: Snapshot, edges: Sequence[date], condition: str, parameters: Mapping[str, object]
) -> pd.DataFrame:
    """Counts by promise and day inside the edges, with `weighted`: each decided item's target, added up."""
    return snapshot.query(
        f"""
        select promise_id, day, {", ".join(COUNTS)}, v.target * (kept + broken) as weighted
        from verdict_daily d
        left join promise_version v using (promise_id, version)
        where {condition} and segment = $segment and coalesce(value, '{NONE_VALUE}') = $value
          and day >= $first and day < $after
        """,
        {**parameters, "first": edges[0], "after": edges[-1]},
    )


def _series(snapshot: Snapshot, daily: pd.DataFrame, promises: list[str], edges: list[date]) -> pd.DataFrame:
    table = _spans(promises, edges).merge(_added_up(daily, edges), on=["promise_id", "first"], how="left")
    table = table.fillna(dict.fromkeys(COUNTS, 0)).astype(dict.fromkeys(COUNTS, "int64"))
    decided = table["kept"] + table["broken"]
    low, high = wilson(table["kept"], decided)
    as_of = pd.Timestamp(snapshot.meta["as_of_day"])
    table = table.assign(
        decided=decided,
        rate=table["kept"] / decided.where(decided > 0),
        low=low,
        high=high,
        target=(table["weighted"] / decided.where(decided > 0)).fillna(_in_force(snapshot, table)),
        closed=table["last"] <= as_of,
    )
    return table[list(EACH_COLUMNS)]


def _spans(promises: list[str], edges: list[date]) -> pd.DataFrame:
    starts = pd.to_datetime(pd.Series(edges, dtype=object))
    spans = pd.DataFrame({"first": starts[:-1], "last": starts.shift(-1)[:-1] - timedelta(days=1)})
    return pd.DataFrame({"promise_id": pd.Series(promises, dtype="str")}).merge(spans, how="cross")


def _added_up(daily: pd.DataFrame, edges: list[date]) -> pd.DataFrame:
    starts = pd.to_datetime(pd.Series(edges, dtype=object))
    days = pd.to_datetime(daily["day"])
    first = starts.iloc[np.searchsorted(starts, days, side="right") - 1].to_numpy()
    return (
        daily.assign(first=first)
        .groupby(["promise_id", "first"], as_index=False)[[*COUNTS, "weighted"]]
        .sum()
    )


def _in_force(snapshot: Snapshot, table: pd.DataFrame) -> pd.Series:
    """The target in force on each row's last day; NaN before the first version."""
    versions = snapshot.query("select promise_id, from_day, to_day, target from promise_version")
    rows = table[["promise_id", "last"]].reset_index().merge(versions, on="promise_id")
    begun = rows["from_day"].isna() | (rows["from_day"] <= rows["last"])
    going = rows["to_day"].isna() | (rows["to_day"] > rows["last"])
    return rows[begun & going].groupby("index")["target"].last().reindex(table.index).astype("float64")
