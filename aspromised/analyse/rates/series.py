"""A promise over time: counts, kept rate, interval and the target that was in force, week by week or month by month."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.figures import COUNTS, FIGURES, SETTLED, figures
from aspromised.analyse.rates.versions import declared_versions, in_force, mean_of
from aspromised.analyse.windows.window import GONE_BY, month_edges
from aspromised.words.moments import last_day_over
from aspromised.words.vocabulary import MONDAY_FIRST, NONE_VALUE

SERIES_COLUMNS = ("first", "last", *COUNTS, *FIGURES, "closed")
EACH_COLUMNS = ("promise_id", *SERIES_COLUMNS)
ALL = "(all)"
Part = tuple[str | None, str | None]
"""A segment and one of its values; all items, where one of both is None."""
_PART = ("promise_id", "segment", "value")


def weekly(
    snapshot: Queryable,
    promise_id: str,
    last_day: date,
    weeks: int,
    segment: str | None = None,
    value: str | None = None,
) -> pd.DataFrame:
    """Return one row a week, the last being the week of `last_day`, up to that day: SERIES_COLUMNS.

    Weeks start on the company's day; `first` and `last` are their days. The figures are those of `rates.figures`: "too few"
    where the promise asks for more items. `target` is the mean of what the decided items were promised; where none is decided, that of
    the version in force on its `versions.told_day`, NaN before the first. `closed` is whether it is the whole week, and was over at
    the snapshot's moment. With `segment` and `value`, only the items that have this value are counted.
    """
    edges = week_edges(last_day, weeks, snapshot.meta.get("week_starts", "monday"))
    return _parts(snapshot, promise_id, edges, [(segment, value)], until=last_day)[0]


def monthly(
    snapshot: Queryable,
    promise_id: str,
    last_day: date,
    months: int,
    segment: str | None = None,
    value: str | None = None,
) -> pd.DataFrame:
    """Return one row a month, the last being that of `last_day`, as `weekly` does."""
    return _parts(snapshot, promise_id, month_edges(last_day, months), [(segment, value)], until=last_day)[0]


def series(snapshot: Queryable, promise_id: str, edges: list[date]) -> pd.DataFrame:
    """Return one row a span between neighbouring `edges` (first days; the last is the day after them all): SERIES_COLUMNS."""
    return _parts(snapshot, promise_id, edges, [_WHOLE])[0]


def weekly_each(snapshot: Queryable, last_day: date, weeks: int) -> pd.DataFrame:
    """Return `weekly` of every promise, by promise and week: EACH_COLUMNS."""
    edges = week_edges(last_day, weeks, snapshot.meta.get("week_starts", "monday"))
    return _each(snapshot, edges, last_day)


def monthly_each(snapshot: Queryable, last_day: date, months: int) -> pd.DataFrame:
    """Return one row a month, the last being that of `last_day`, of every promise: EACH_COLUMNS."""
    return _each(snapshot, month_edges(last_day, months), last_day)


def lately(
    snapshot: Queryable,
    promise_id: str,
    last_day: date,
    weeks: int,
    segment: str | None = None,
    value: str | None = None,
) -> pd.DataFrame:
    """Return `weekly`, or as many months as they are where the promise is counted by the month: `span_name` tells which."""
    return lately_parts(snapshot, promise_id, last_day, weeks, [(segment, value)])[0]


def lately_parts(
    snapshot: Queryable, promise_id: str, last_day: date, weeks: int, parts: Sequence[Part]
) -> list[pd.DataFrame]:
    """Return `lately` of each part, asked for at once."""
    edges = lately_edges(snapshot, promise_id, last_day, weeks)
    return _parts(snapshot, promise_id, edges, parts, until=last_day)


def lately_edges(snapshot: Queryable, promise_id: str, last_day: date, weeks: int) -> list[date]:
    """Return the first days of the weeks, or the months, of `lately`, and the day after them all."""
    if promise_id in counted_by_month(snapshot):
        return month_edges(last_day, max(weeks * 3 // 13, 2))
    return week_edges(last_day, weeks, snapshot.meta.get("week_starts", "monday"))


def lately_each(snapshot: Queryable, last_day: date, number: int) -> pd.DataFrame:
    """Return `number` weeks of every promise, or months of one that is counted by the month: EACH_COLUMNS."""
    weeks, by_month = weekly_each(snapshot, last_day, number), counted_by_month(snapshot)
    if not by_month:
        return weeks
    months = monthly_each(snapshot, last_day, number)
    parts = [weeks[~weeks["promise_id"].isin(by_month)], months[months["promise_id"].isin(by_month)]]
    return pd.concat(parts, ignore_index=True)


def counted_by_month(snapshot: Queryable) -> set[str]:
    """Return the promises whose figures come once a month: every day that counts anything is the first of one, or the last."""
    found = snapshot.query(
        """
        select promise_id from verdict_daily where segment = '(all)' and day is not null
        group by promise_id
        having count(distinct day) >= 3 and (bool_and(day(day) = 1) or bool_and(day = last_day(day)))
        """
    )
    return set(found["promise_id"])


def span_name(spans: pd.DataFrame) -> str:
    """Return what the rows of a series are: "week", or "month"."""
    longest = (spans["last"] - spans["first"]).dt.days.max() if len(spans) else 0
    return "month" if longest > 7 else "week"


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


def _parts(
    snapshot: Queryable,
    promise_id: str,
    edges: list[date],
    parts: Sequence[Part],
    *,
    until: date | None = None,
) -> list[pd.DataFrame]:
    """Return SERIES_COLUMNS of each part of a promise: all of it, where a part has no segment or no value."""
    named = [(segment, value) if segment and value is not None else _WHOLE for segment, value in parts]
    edges, is_cut = _up_to(edges, until)
    daily = _daily(snapshot, edges, "promise_id = $promise", named, {"promise": promise_id})
    found = _series(snapshot, daily, [(promise_id, *part) for part in named], edges, is_cut)
    spans = len(edges) - 1
    starts = range(0, len(found), spans)
    return [
        found.iloc[start : start + spans][list(SERIES_COLUMNS)].reset_index(drop=True) for start in starts
    ]


def _each(snapshot: Queryable, edges: list[date], until: date) -> pd.DataFrame:
    promises = snapshot.query("select promise_id from promise order by promise_id")["promise_id"]
    edges, is_cut = _up_to(edges, until)
    daily = _daily(snapshot, edges, "true", [_WHOLE], {})
    return _series(snapshot, daily, [(promise, *_WHOLE) for promise in promises], edges, is_cut)


def _up_to(edges: list[date], until: date | None) -> tuple[list[date], bool]:
    """The edges with the last span cut after the day `until`, and whether that took days from it."""
    after = edges[-1] if until is None else min(edges[-1], until + timedelta(days=1))
    return [*edges[:-1], after], after < edges[-1]


_WHOLE = (ALL, ALL)


def _daily(
    snapshot: Queryable,
    edges: Sequence[date],
    condition: str,
    parts: Sequence[tuple[str, str]],
    parameters: Mapping[str, object],
) -> pd.DataFrame:
    """Counts of parts by promise and day inside the edges as `rates.status` has them, and of days that are over, with targets added up."""
    every = " or ".join(
        f"segment = $segment{number} and coalesce(value, '{NONE_VALUE}') = $value{number}"
        for number, _ in enumerate(parts)
    )
    named = {
        f"{name}{number}": word
        for number, part in enumerate(parts)
        for name, word in zip(("segment", "value"), part, strict=True)
    }
    return snapshot.query(
        f"""
        select promise_id, segment, coalesce(value, '{NONE_VALUE}') as value, day, {", ".join(f"if({GONE_BY}, {name}, 0) as {name}" for name in COUNTS if name != "open")},
          d.open, if({GONE_BY}, d.open, 0) as due_open, if({GONE_BY}, v.target * (d.kept + d.broken), 0) as weighted,
          {", ".join(f"if(day <= $over, d.{name}, 0) as settled_{name}" for name in ("kept", "broken", "open"))},
          if(day <= $over, v.target * (d.kept + d.broken + d.open), 0) as settled_weighted
        from verdict_daily d
        left join promise_version v using (promise_id, version)
        where {condition} and ({every}) and day >= $first and day < $after
        """,
        {
            **parameters,
            **named,
            "first": edges[0],
            "after": edges[-1],
            "over": last_day_over(snapshot.meta["as_of"]),
        },
    )


_SUMS = (*COUNTS, "due_open", *SETTLED[:3])


def _series(
    snapshot: Queryable,
    daily: pd.DataFrame,
    parts: list[tuple[str, str, str]],
    edges: list[date],
    is_cut: bool,
) -> pd.DataFrame:
    """Return EACH_COLUMNS: one row a part (promise, segment, value) and span between edges, in their order."""
    table = _spans(parts, edges).merge(_added_up(daily, edges), on=[*_PART, "first"], how="left")
    table = table.fillna(dict.fromkeys(_SUMS, 0)).astype(dict.fromkeys(_SUMS, "int64"))
    declared = declared_versions(snapshot)
    at_least = declared.drop_duplicates("promise_id").set_index("promise_id")["at_least"]
    as_of = pd.Timestamp(snapshot.meta["as_of_day"])
    told = table["last"].clip(upper=as_of).where(table["first"] <= as_of, table["first"])
    standing = in_force(declared, table["promise_id"], told)
    told_to = pd.Timestamp(last_day_over(snapshot.meta["as_of"]))
    promised = standing["target"].astype("float64").where(standing["has_begun"].eq(True))
    table = table.assign(
        target=mean_of(table["weighted"], table["kept"] + table["broken"]).fillna(promised),
        settled_target=mean_of(table["settled_weighted"], table[list(SETTLED[:3])].sum(axis=1)),
        at_least=table["promise_id"].map(at_least).fillna(0),
        closed=(table["last"] <= told_to) & ~((table["last"] == table["last"].max()) & is_cut),
    )
    return figures(table)[list(EACH_COLUMNS)]


def _spans(parts: list[tuple[str, str, str]], edges: list[date]) -> pd.DataFrame:
    starts = pd.to_datetime(pd.Series(edges, dtype=object))
    spans = pd.DataFrame({"first": starts[:-1], "last": starts.shift(-1)[:-1] - timedelta(days=1)})
    return pd.DataFrame(parts, columns=list(_PART), dtype="str").merge(spans, how="cross")


def _added_up(daily: pd.DataFrame, edges: list[date]) -> pd.DataFrame:
    starts = pd.to_datetime(pd.Series(edges, dtype=object))
    days = pd.to_datetime(daily["day"])
    first = starts.iloc[np.searchsorted(starts, days, side="right") - 1].to_numpy()
    return (
        daily.assign(first=first)
        .groupby([*_PART, "first"], as_index=False)[[*_SUMS, "weighted", "settled_weighted"]]
        .sum()
    )
