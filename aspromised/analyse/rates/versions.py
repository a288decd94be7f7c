"""The version of a promise in force on a day, and the target of a pool of items: that of each item's own version.

An item is judged by the version in force when its clock started and is counted, as a rule, on the day it is due: so the
version of an item is read off the judge's tables (`verdict_daily.version`), never off the day it is counted on.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.figures import COUNTS
from aspromised.analyse.windows.window import GONE_BY, CountedDays, Window
from aspromised.stats.proportion import DIGITS

IN_FORCE_COLUMNS = ("version", "from_day", "claim", "target", "length", "has_begun")


def declared_versions(snapshot: Queryable) -> pd.DataFrame:
    """Return the versions of every promise, as `in_force` takes them, each with the promise's `at_least`."""
    return snapshot.query(
        "select v.promise_id, version, from_day, to_day, v.claim, v.target, length, at_least"
        " from promise_version v left join promise p using (promise_id)"
    )


def in_force(versions: pd.DataFrame, promises: Iterable[str], days: Iterable[Any]) -> pd.DataFrame:
    """Return the version of each promise in force on its day, a row each in the order asked: IN_FORCE_COLUMNS.

    It is the newest that had begun on that day (no day: the newest there is). Before the first has begun it is the first,
    with `has_begun` false: what is going to be promised. All is null where a promise has no version.

    >>> told = pd.DataFrame({"promise_id": "p", "version": [1, 2], "from_day": ["2026-01-01", "2026-03-01"], "target": [0.9, 0.95]})
    >>> found = in_force(told, ["p", "p", "p"], ["2026-02-28", "2026-03-01", "2025-12-31"])
    >>> found[["version", "target", "has_begun"]].values.tolist()
    [[1, 0.9, True], [2, 0.95, True], [1, 0.9, False]]
    """
    versions = versions.sort_values("version", kind="stable", ignore_index=True)
    asked = pd.to_datetime(pd.Series(list(days), dtype=object)).to_numpy()
    begins = pd.to_datetime(versions["from_day"]).to_numpy()
    where: defaultdict[object, list[int]] = defaultdict(list)
    for place, promise in enumerate(promises):
        where[promise].append(place)
    row, has_begun = np.full(len(asked), -1), np.zeros(len(asked), bool)
    for number, promise in enumerate(versions["promise_id"]):  # an older one gives way to one that has begun
        here = np.array(where.get(promise, []), int)
        begun = np.isnat(begins[number]) | np.isnat(asked[here]) | (begins[number] <= asked[here])
        row[here] = np.where(begun | (row[here] < 0), number, row[here])
        has_begun[here] |= begun
    found = versions.reindex(columns=list(IN_FORCE_COLUMNS)).reindex(row).reset_index(drop=True)
    return found.assign(has_begun=pd.Series(has_begun).where(row >= 0))


def claims_on(snapshot: Queryable, day: date | None) -> dict[str, str]:
    """Return the words of each promise in force on a day, by its id; no day: the newest there are."""
    versions = declared_versions(snapshot)
    ids = list(versions["promise_id"].unique())
    return dict(zip(ids, in_force(versions, ids, [day] * len(ids))["claim"], strict=True))


def told_day(window: Window, as_of: date) -> date | None:
    """Return the day in whose words a window is told: its last, or `as_of` while that is to come; its first where it has not begun.

    >>> told_day(Window.month("2026-10"), date(2026, 10, 9)), told_day(Window.month("2026-10"), date(2026, 9, 1))
    (datetime.date(2026, 10, 9), datetime.date(2026, 10, 1))
    """
    last = min(window.last or as_of, as_of)
    return max(window.first, last) if window.first else last


def standing(snapshot: Queryable, promises: Iterable[str], window: CountedDays) -> pd.DataFrame:
    """Return the version in whose words, target and length each promise is told over `window`: as `in_force` on its `told_day`.

    What is told of a promise is told in these, never in those of its newest version: that may begin only later, or only
    after the window.
    """
    ids, as_of = list(promises), date.fromisoformat(snapshot.meta["as_of_day"])
    return in_force(
        declared_versions(snapshot), ids, [told_day(window.window_of(each), as_of) for each in ids]
    )


def words_of_now(snapshot: Queryable) -> dict[str, str | None]:
    """Return the words of each promise on the snapshot's day by its id; None where it has none."""
    table = snapshot.query("select promise_id, claim from promise order by promise_id")
    told = claims_on(snapshot, date.fromisoformat(snapshot.meta["as_of_day"]))
    words = {row.promise_id: told.get(str(row.promise_id), row.claim) for row in table.itertuples()}
    return {str(promise): claim if isinstance(claim, str) else None for promise, claim in words.items()}


def promised_later(snapshot: Queryable, window: CountedDays) -> dict[str, date]:
    """Return the promises whose first day comes after their window, and that day."""
    found = snapshot.query(
        "select promise_id, min(from_day) as first from promise_version"
        " group by promise_id having count(*) = count(from_day) order by promise_id"
    )
    first = {row.promise_id: pd.Timestamp(row.first).date() for row in found.itertuples()}
    lasts = {promise: window.window_of(promise).last for promise in first}
    return {promise: day for promise, day in first.items() if (last := lasts[promise]) and last < day}


def mean_target(decided: str = "kept + broken", where: str = "true") -> str:
    """Return SQL for the mean of `v.target` over items, null where there are none: `v` is their `promise_version`.

    Rounded far below anything a target says, so that items of one target have it to the last digit.
    """
    items = f"sum({decided}) filter ({where})"
    return f"round(sum(v.target * ({decided})) filter ({where}) / nullif({items}, 0), {DIGITS})"


def mean_of(weighted: pd.Series, items: pd.Series) -> pd.Series:
    """Return the mean target of items from the targets of all of them added up, NaN where there are none."""
    return (weighted / items.where(items > 0)).round(DIGITS)


def told_sums() -> str:
    """Return SQL for COUNTS up to the snapshot's day, but for what is open: of all days, and as `due_open` up to that day.

    `ahead` are the items decided already that are counted on days to come.
    """
    told = (
        f"coalesce(sum({name}) filter ({GONE_BY}), 0)::bigint as {name}" for name in COUNTS if name != "open"
    )
    return f"{', '.join(told)}, sum(open)::bigint as open, coalesce(sum(open) filter ({GONE_BY}), 0)::bigint as due_open, coalesce(sum(kept + broken) filter (not {GONE_BY}), 0)::bigint as ahead"


def settled_sums() -> str:
    """Return SQL for `figures.SETTLED`: what is counted on days up to the parameter `over`, with `v` as in `mean_target`."""
    over = "day <= $over"
    sums = (
        f"coalesce(sum({name}) filter ({over}), 0)::bigint as settled_{name}"
        for name in ("kept", "broken", "open")
    )
    return f"{', '.join(sums)}, {mean_target('kept + broken + open', over)} as settled_target"
