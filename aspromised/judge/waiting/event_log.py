"""A chain's event log as arrays: read from its source as it was known at a moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from sqlglot import exp, select

from aspromised.declare.model import Chain, Events
from aspromised.declare.workspace import Workspace
from aspromised.judge.clocks.local_days import DAY_US, LocalDays
from aspromised.judge.planning.arrivals import arrivals, arrived_by
from aspromised.judge.planning.plan import Columns, instant_us
from aspromised.judge.readiness.counting import NotKnownError
from aspromised.sql.columns import source_columns
from aspromised.sql.engine import Engine
from aspromised.sql.templates import quoted, render, tree
from aspromised.stats.waiting.activity_log import ActivityLog
from aspromised.stats.waiting.weekly_hours import UTC_TIME, LocalTime
from aspromised.words.moments import microseconds
from aspromised.words.names import folded

MOST_EVENTS = 20_000_000
"""Rows of a log beyond which it is not read: they are held in memory, about a quarter of a kilobyte each."""

_YEAR_US = 365.2425 * DAY_US


@dataclass(frozen=True)
class EventLog:
    """The activities of a chain's cases that had begun by a moment, with the names behind the codes."""

    log: ActivityLog
    team: np.ndarray
    """The code of the team of each, -1 where it is not told."""
    is_open: np.ndarray
    """Whether it was still going on at the moment, which then stands for its end."""
    activities: list[str]
    resources: list[str]
    teams: list[str]
    left_out: int
    local: LocalTime

    def day(self, moments: np.ndarray) -> np.ndarray:
        """Return the local days of moments, counted from 1970."""
        days: np.ndarray = (moments + self.local.offset(moments)) // DAY_US
        return days


def read_events(con: Engine, workspace: Workspace, chain: Chain, as_of: datetime) -> EventLog:
    """Return a chain's event log as known at a moment; NotKnownError says why there is none."""
    assert chain.events is not None, "a chain of columns has no log"
    query = _query(con, workspace, chain.events, as_of)
    number = con.run(f"select count(*) from ({query})")[0][0]
    if number > MOST_EVENTS:
        raise NotKnownError(
            f"its log has {number:,} rows, more than the {MOST_EVENTS:,} of which it is told why cases waited: read it from a"
            " source that keeps the latest years"
        )
    rows = con.arrow(query)
    now = microseconds(as_of)
    end, start = (_moments(rows, name) for name in ("ended", "begun"))
    ends, starts = ~rows["ended"].is_null().to_numpy(), ~rows["begun"].is_null().to_numpy()
    start = np.where(starts, start, end)
    named = ~(rows["case"].is_null().to_numpy() | rows["activity"].is_null().to_numpy())
    readable = named & (ends | starts) & ~(ends & (end < start))
    is_open = ~ends | (end > now)
    kept = readable & (start <= now) & (starts | ~is_open)
    coded = {name: _coded(rows[name].filter(pa.array(kept))) for name in _NAMES}
    start, is_open = start[kept], is_open[kept]
    end = np.where(is_open, now, end[kept])
    log = ActivityLog(coded["case"][0], coded["activity"][0], coded["resource"][0], start, end)
    return EventLog(
        log,
        team=coded["team"][0],
        is_open=is_open,
        activities=coded["activity"][1],
        resources=coded["resource"][1],
        teams=coded["team"][1],
        left_out=int((~readable).sum()),
        local=_local(workspace, start, end),
    )


_NAMES = ("case", "activity", "resource", "team")


def _query(con: Engine, workspace: Workspace, events: Events, as_of: datetime) -> str:
    """Return the query of a log: who, what, when, as known at a moment."""
    tables = source_columns(con)
    if events.source not in tables:
        raise NotKnownError(f"the source '{events.source}' has no data: see Data health")
    columns = tables[events.source]
    arrival = arrivals(workspace, tables).get(events.source)
    rows: exp.Table | exp.Subquery = exp.table_(events.source, db="source", quoted=True)
    if arrival:
        rows = arrived_by(exp.convert(microseconds(as_of)), events.source, arrival, columns)
    named = {"case": events.id, "activity": events.activity, "resource": events.resource, "team": events.team}
    parts = {name: _word(column, columns) for name, column in named.items()}
    parts |= {"begun": _instant(events.started, columns), "ended": _instant(events.at, columns)}
    return render(select(*(part.as_(name, quoted=True) for name, part in parts.items())).from_(rows))


def _word(column: str | None, columns: Columns) -> exp.Expr:
    """Return a column of names without the blanks around them; null where there is none."""
    if column is None:
        return tree("cast(null as varchar)")
    return tree("nullif(trim(cast(:name as varchar)), '')", name=quoted(_name(columns, column)))


def _instant(column: str | None, columns: Columns) -> exp.Expr:
    if column is None:
        return tree("cast(null as bigint)")
    return instant_us(columns, _name(columns, column))


def _name(columns: Columns, name: str) -> str:
    found = next((each for each in columns if folded(each) == folded(name)), None)
    if found is None:
        raise NotKnownError(f"there is no column '{name}'")
    return found


def _moments(rows: pa.Table, name: str) -> np.ndarray:
    column: Any = rows[name].cast(pa.int64()).combine_chunks()
    filled: np.ndarray = column.fill_null(0).to_numpy(zero_copy_only=False)
    return filled


def _coded(column: Any) -> tuple[np.ndarray, list[str]]:
    """Return the codes of names in their alphabetical order, -1 of none, and the names."""
    encoded = column.combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    places = np.argsort(np.array(names, dtype=object), kind="stable") if names else np.array([], dtype=int)
    rank = np.empty(len(names) + 1, dtype=np.int64)
    rank[places], rank[-1] = np.arange(len(names)), -1
    codes = rank[encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    return codes, [names[place] for place in places]


def _local(workspace: Workspace, start: np.ndarray, end: np.ndarray) -> LocalTime:
    """Return the company's clock over the years of a log."""
    if not len(start):
        return UTC_TIME
    first, last = (1970 + int(moment // _YEAR_US) for moment in (start.min(), end.max()))
    steps = LocalDays(workspace.timezone, max(first - 1, 1800), min(last + 1, 2300)).offsets()
    return LocalTime(np.array([at for at, _ in steps]), np.array([offset for _, offset in steps]))
