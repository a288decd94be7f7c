"""What was usual, day by day: the table `usual_daily` that the harm of a launch is told from, written by each refresh."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import pandas as pd
import pyarrow as pa

from aspromised.analyse.rates.scope import segment_value
from aspromised.analyse.rates.versions import in_force
from aspromised.declare.workspace import Workspace
from aspromised.schema.snapshot import USUAL_DAILY
from aspromised.sql.engine import Engine
from aspromised.stats.expected_rate import EXPECTED_COLUMNS, expected_broken
from aspromised.words.moments import local_moment
from aspromised.words.problems import Problem

SETTLE_DAYS = 7
"""Days after a promotion before a day counts as quiet again: what it left waiting has gone by then."""
QUIET_LEAST = 56
"""With fewer quiet days than this, only the promotions that lean on the promise are kept out."""
USUAL_COLUMNS = USUAL_DAILY.but("promise_id")


def write_usual(con: Engine, schema: str, workspace: Workspace) -> list[Problem]:
    """Fill `usual_daily` from `launch_cell`: of each promise that a promotion leans on, USUAL_COLUMNS.

    Return what could not be told: one promise that defeats the method keeps nothing else from being published.

    `outside` marks items with the segment values that a capacity's `outside` names, where its load is the promise's
    source; `expected` and `spread` are `stats.expected_rate.expected_broken` of the items decided, learnt from the quiet days.
    """
    launched = _launched(workspace)
    versions = con.frame(f"select promise_id, version, from_day from {schema}.promise_version")
    told = con.run(f"select promise_id, source, segments from {schema}.promise")
    leaned_on = {row[0] for row in con.run(f"select distinct promise_id from {schema}.launch_cell")}
    leaned_on &= {name for promotion in workspace.promotions.values() for name in promotion.leans_on}
    problems = []
    for promise_id, source, segments in sorted(told):
        if promise_id not in leaned_on:
            continue
        names = list(segments or [])
        cells = _cells(con, schema, promise_id, names)
        own_versions = versions[versions["promise_id"] == promise_id]
        looked = launched.assign(leans=[promise_id in leans for leans in launched["leans_on"]])
        try:
            usual = usual_days(cells, names, own_versions, looked, _outside(workspace, source))
        except (ValueError, ArithmeticError) as error:
            message = (
                f"what is usual of '{promise_id}' could not be told, nor what launches did to it: {error}"
            )
            problems.append(workspace.problem("harm", message, ("promises", promise_id), severity="warning"))
            continue
        _insert(con, schema, usual.assign(promise_id=promise_id))
    return problems


def _launched(workspace: Workspace) -> pd.DataFrame:
    """Return the local days of each promotion that was not called off, and what it leans on."""
    zone = workspace.timezone

    def local(moment: datetime | None) -> date | None:
        there = local_moment(moment, zone)
        return there.astimezone(zone).date() if there else None

    rows = [
        (local(promotion.launched), local(promotion.ends), promotion.leans_on)
        for promotion in workspace.promotions.values()
        if not promotion.cancelled
    ]
    return pd.DataFrame(rows, columns=["first", "last", "leans_on"])


def _cells(con: Engine, schema: str, promise_id: str, segments: Sequence[str]) -> pd.DataFrame:
    named = "".join(f', {segment_value(name)} as "{_quoted(name)}"' for name in segments)
    return con.frame(
        f"select day, brought{named}, kept, broken, open from {schema}.launch_cell"
        " where promise_id = ? and kept + broken + open > 0 and day is not null order by all",
        [promise_id],
    )


def _quoted(name: str) -> str:
    return name.replace('"', '""')


def _outside(workspace: Workspace, source: str | None) -> list[Mapping[str, str]]:
    return [
        capacity.outside
        for _, capacity in sorted(workspace.capacity.items())
        if capacity.outside and capacity.load and capacity.load.source == source
    ]


def usual_days(
    cells: pd.DataFrame,
    segments: Sequence[str],
    versions: pd.DataFrame,
    launched: pd.DataFrame,
    outside: Sequence[Mapping[str, str]] = (),
) -> pd.DataFrame:
    """Return USUAL_COLUMNS of `cells` (day, brought, segments, kept, broken, open): the one step without a database.

    `versions`: version and from_day (null: from the start). `launched`: first, last (null: no end) and leans.
    """
    days = pd.to_datetime(cells["day"])
    quiet = quiet_days(days, launched)
    table = cells.assign(
        day=days,
        version=_versions(versions, days),
        outside=_is_outside(cells, outside),
        quiet=quiet,
        is_quiet=quiet & cells["brought"].isna(),
    )
    table[list(EXPECTED_COLUMNS)] = expected_broken(table, segments)
    table = table.assign(items=table["kept"] + table["broken"])
    keys = ["day", "version", "brought", "outside", "quiet"]
    sums = table.groupby(keys, dropna=False, sort=True, as_index=False)[
        ["items", "broken", "open", "expected", "spread"]
    ].sum()
    return sums[list(USUAL_COLUMNS)]


def _versions(versions: pd.DataFrame, days: pd.Series) -> pd.Series:
    """The version in force on each day: that of the items that started on it."""
    if versions.empty:
        return pd.Series(1, index=days.index)
    distinct = days.drop_duplicates()
    found = in_force(versions.assign(promise_id=""), [""] * len(distinct), distinct)["version"]
    return days.map(dict(zip(distinct, found.astype(int), strict=True)))


def quiet_days(days: pd.Series, launched: pd.DataFrame) -> pd.Series:
    """Return of each day whether no promotion ran or had just ended; where hardly any such day is left, only those
    that lean on the promise count."""
    every = _free(days, launched)
    if days[every].nunique() >= QUIET_LEAST or launched.empty:
        return every
    return _free(days, launched[launched["leans"].astype(bool)])


def _free(days: pd.Series, launched: pd.DataFrame) -> pd.Series:
    free = pd.Series(True, index=days.index)
    for first, last in launched[["first", "last"]].itertuples(index=False):
        settled = pd.Timestamp.max if pd.isna(last) else pd.Timestamp(last) + pd.Timedelta(days=SETTLE_DAYS)
        free &= ~days.between(pd.Timestamp(first), settled)
    return free


def _is_outside(cells: pd.DataFrame, rules: Sequence[Mapping[str, str]]) -> pd.Series:
    """Return of each row whether it has all values of one of the rules; a rule of an unknown segment holds nowhere."""
    found = pd.Series(False, index=cells.index)
    for rule in rules:
        if set(rule) <= set(cells.columns):
            every = pd.Series(True, index=cells.index)
            for name, value in rule.items():
                every &= cells[name] == value
            found |= every
    return found


def _insert(con: Engine, schema: str, usual: pd.DataFrame) -> None:
    rows = pa.Table.from_pandas(usual, preserve_index=False)
    con.register("usual_rows", rows)
    con.run(
        f"insert into {schema}.usual_daily by name select * replace (cast(day as date) as day) from usual_rows"
    )
    con.unregister("usual_rows")
