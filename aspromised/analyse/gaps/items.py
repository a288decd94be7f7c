"""The items themselves: those broken in the window and those still open, and why others were left out."""

from datetime import datetime

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import Scope, segment_value, segments_of
from aspromised.schema.snapshot import segment_column

ITEM_COLUMNS = (
    "item_id",
    "verdict",
    "reason",
    "started",
    "due",
    "done",
    "late_seconds",
    "left_seconds",
    "clock_left_seconds",
)
_REASON_COLUMNS = ("verdict", "reason", "items")


def items(snapshot: Queryable, scope: Scope) -> pd.DataFrame:
    """Return what was broken in the window and what is open: ITEM_COLUMNS, then a column a segment (`segment_column`).

    Open ones come first, those due soonest first, then the broken ones, the latest first. They are those that
    `status` counts over the window, also on its days to come. Moments are in the company's
    time zone; a check has one moment, `started`. `late_seconds` counts to the snapshot's moment for what is not done.
    `clock_left_seconds` is what is left on the promise's own clock, negative where it is over.
    """
    names = segments_of(snapshot, scope.promise_id)
    values = "".join(f', {segment_value(name)} as "segment {number}"' for number, name in enumerate(names))
    found = scope.inside(snapshot).query(
        f"""
        select item_id, verdict, reason, started, due, done, late_seconds, clock_left_seconds{values}
        from item
        where {scope.of_items} and (verdict = 'broken' and {scope.window.condition} or verdict = 'open' and {scope.window.bounds})
        order by verdict desc, case when verdict = 'open' then due end, late_seconds desc nulls last, day, item_id
        """,
        scope.parameters,
    )
    return _read(found, snapshot).set_axis([*ITEM_COLUMNS, *map(segment_column, names)], axis=1)


def _read(found: pd.DataFrame, snapshot: Queryable) -> pd.DataFrame:
    """Say time left and late, and put moments into the company's time zone."""
    as_of = pd.Timestamp(datetime.fromisoformat(snapshot.meta["as_of"])).tz_convert("UTC").tz_localize(None)
    is_open = found["verdict"] == "open"
    left = (found["due"] - as_of).dt.total_seconds().where(is_open)
    late = found["late_seconds"].astype("float64").mask(is_open)
    zone = snapshot.meta["timezone"]
    local = {name: local_time(found[name], zone) for name in ("started", "due", "done")}
    place = list(found.columns).index("late_seconds") + 1
    table = found.assign(late_seconds=late, **local)
    table.insert(place, "left_seconds", left)
    return table


def local_time(instants: pd.Series, zone: str) -> pd.Series:
    """Return plain UTC instants as the wall clock of `zone` shows them, to the second.

    >>> local_time(pd.Series(pd.to_datetime(["2026-07-01 22:59:59.999999"])), "Europe/London").astype(str).tolist()
    ['2026-07-01 23:59:59']
    """
    stamped = pd.to_datetime(instants).dt.tz_localize("UTC").dt.tz_convert(zone)
    return stamped.dt.tz_localize(None).dt.floor("s")


def reasons(snapshot: Queryable, scope: Scope) -> pd.DataFrame:
    """Return how many items of the window were left out of the rate, by verdict and reason: _REASON_COLUMNS."""
    return scope.inside(snapshot).query(
        f"""
        select verdict, coalesce(reason, '') as reason, sum(items)::bigint as items
        from item
        where {scope.of_items} and verdict in ('exempt', 'unknown') and {scope.window.condition}
        group by all having sum(items) > 0 order by items desc, verdict, reason
        """,
        scope.parameters,
    )
