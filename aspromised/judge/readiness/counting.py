"""A capacity's units counted day by day from its sources: what is available, and what came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlglot import exp, select

from aspromised.declare.model import Capacity
from aspromised.declare.model.promotion import Load
from aspromised.declare.workspace import Workspace
from aspromised.judge.clocks.local_days import LocalDays
from aspromised.judge.planning.arrivals import arrivals, arrived_us
from aspromised.judge.planning.attribution import brought_by_source
from aspromised.judge.planning.plan import Arrival, Columns, instant_us
from aspromised.sql.authored.guard import guard
from aspromised.sql.authored.nothing import EMPTY_TYPE
from aspromised.sql.engine import Engine
from aspromised.sql.templates import identifier, quoted, render, tree
from aspromised.words.moments import microseconds
from aspromised.words.names import folded

_Tables = Mapping[str, Columns]


class NotKnownError(Exception):
    """Why a capacity cannot be told."""


def available_units(
    con: Engine, workspace: Workspace, capacity: Capacity, tables: _Tables
) -> dict[date, float]:
    """Return the units available each day, of days ahead too where they are planned."""
    columns = _columns(workspace, capacity.source, tables)
    day = _local_date(con, workspace, capacity.source, capacity.day, columns)
    total = tree("cast(sum(:units) as double)", units=guard(capacity.available, columns))
    query = select(day.as_("day"), total).from_(_table(capacity.source)).group_by(exp.convert(1))
    found = con.run(render(query))
    return {when: units for when, units in found if when is not None and units is not None}


@dataclass(frozen=True)
class Came:
    """Units that came on a day: all, and those of items that promotions brought; `known` is the day they became known."""

    day: date
    known: date | None
    units: float
    brought: float


def units_that_came(
    con: Engine, workspace: Workspace, load: Load, tables: _Tables, as_of: datetime
) -> list[Came]:
    """Return the units that came each day by a moment, by the day they became known (None: not told)."""
    columns = _columns(workspace, load.source, tables)
    day = _local_date(con, workspace, load.source, load.at, columns)
    arrival = arrivals(workspace, tables).get(load.source)
    known = tree("cast(:at as date)", at=quoted(arrival.column)) if arrival else tree("cast(null as date)")
    parts = {
        "day": day,
        "known": known,
        "units": guard(load.units, columns) if load.units else exp.convert(1),
        "brought": _brought(workspace, load.source, columns),
        "come": _come(workspace, load, columns, as_of, arrival),
    }
    arrived = select(*(part.as_(name) for name, part in parts.items())).from_(_table(load.source))
    sums = ("units", "case when brought then units end")
    totals = [tree(f"cast(coalesce(sum({each}), 0) as double)") for each in sums]
    query = select(exp.column("day"), exp.column("known"), *totals).from_(arrived.subquery("arrived"))
    query = (
        query.where(tree("come and not day is null"))
        .group_by(exp.convert(1), exp.convert(2))
        .order_by(exp.convert(1), exp.convert(2))
    )
    return [Came(*row) for row in con.run(render(query))]


def _brought(workspace: Workspace, source: str, columns: Columns) -> exp.Expr:
    """Return whether a promotion brought a row; one that says no `only` tells no row from another."""
    promoted = [only for _, only in brought_by_source(workspace, source, columns) if only != exp.true()]
    return exp.or_(*promoted) if promoted else exp.false()


def _come(
    workspace: Workspace, load: Load, columns: Columns, as_of: datetime, arrival: Arrival | None
) -> exp.Expr:
    """Return whether a row had come by a moment, and was known of."""
    if arrival:
        known = tree("coalesce(:at <= :moment, true)", at=arrived_us(arrival), moment=microseconds(as_of))
        return exp.and_(_come(workspace, load, columns, as_of, None), known)
    if columns[_known(columns, load.at)] == "DATE":
        today = as_of.astimezone(workspace.timezone).date().isoformat()
        return tree(":at <= cast(:today as date)", at=quoted(load.at), today=today)
    at = instant_us(columns, _known(columns, load.at))
    return tree(":at <= :moment", at=at, moment=microseconds(as_of))


def _table(source: str) -> exp.Table:
    return exp.table_(source, db="source", quoted=True)


def _columns(workspace: Workspace, source: str, tables: _Tables) -> Columns:
    if source not in tables:
        known = "has no data" if source in workspace.sources else "is not declared"
        raise NotKnownError(f"the source '{source}' {known}")
    return tables[source]


def _known(columns: Columns, name: str) -> str:
    found = next((each for each in columns if folded(each) == folded(name)), None)
    if found is None:
        raise NotKnownError(f"there is no column '{name}'")
    return found


def _local_date(con: Engine, workspace: Workspace, source: str, column: str, columns: Columns) -> exp.Expr:
    """Return the local day of a column of days or instants, whose macros it makes for the years it spans."""
    kind = columns[_known(columns, column)]
    if kind == "DATE":
        return quoted(column)
    if kind == EMPTY_TYPE:
        return tree("cast(null as date)")
    if kind != "TIMESTAMP WITH TIME ZONE":
        raise NotKnownError(f"'{column}' is {kind.lower()}, not a day or an instant")
    name = identifier(column)
    bounds = f"select year(min({name})), year(max({name})) from source.{identifier(source)}"
    first, last = (year or 2000 for year in con.run(bounds)[0])
    for macro in LocalDays(workspace.timezone, max(first - 1, 1800), min(last + 1, 2300)).macros():
        con.run(macro)
    return tree("ap_date(ap_local_day(ap_instant_us(:at)))", at=quoted(column))
