"""A capacity's units counted day by day from its sources: what is available, and what came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlglot import exp, select

from aspromised.declare.model import Capacity
from aspromised.declare.model.promotion import Load
from aspromised.declare.workspace import Workspace
from aspromised.judge.clocks.local_days import LocalDays
from aspromised.judge.planning.arrivals import ALWAYS_KNOWN, arrivals, arrived_by
from aspromised.judge.planning.attribution import brought_by_source
from aspromised.judge.planning.plan import Arrival, Columns, instant_us
from aspromised.sql.authored.guard import guard
from aspromised.sql.authored.nothing import EMPTY_TYPE
from aspromised.sql.engine import Engine
from aspromised.sql.templates import identifier, quoted, render, tree
from aspromised.words.moments import microseconds
from aspromised.words.names import folded
from aspromised.words.vocabulary import KNOWN_FROM, KNOWN_UNTIL

_Tables = Mapping[str, Columns]


class NotKnownError(Exception):
    """Why a capacity cannot be told."""


@dataclass(frozen=True)
class Available:
    """Units available by day: as they are known at the moment, and as they were known on the evening of the day."""

    units: dict[date, float]
    known_then: dict[date, float]


def available_units(
    con: Engine, workspace: Workspace, capacity: Capacity, tables: _Tables, as_of: datetime
) -> Available:
    """Return the units available each day, of days ahead too where they are planned, as known of by a moment."""
    columns = _columns(workspace, capacity.source, tables)
    rows, arrival = _versions(workspace, capacity.source, tables, as_of)
    day = local_date(con, workspace, rows, capacity.day, columns)
    parts = [day.as_("day"), guard(capacity.available, columns).as_("units")]
    told = select(*parts, *_stood(arrival)).from_(rows).subquery("told")
    moment = microseconds(as_of)
    is_now = tree("coalesce(ended > :moment, true)", moment=moment)
    evening = tree("least(ap_end_of_date_us(day), :moment)", moment=moment)
    was_then = tree("coalesce(begun <= :at, true) and coalesce(ended > :at, true)", at=evening)
    sums = [
        tree("cast(sum(case when :is_so then units end) as double)", is_so=each)
        for each in (is_now, was_then)
    ]
    query = select("day", *sums).from_(told).where(tree("not day is null")).group_by(exp.convert(1))
    found = con.run(render(query))
    return Available(
        {day: units for day, units, _ in found if units is not None},
        {day: units for day, _, units in found if units is not None},
    )


@dataclass(frozen=True)
class Came:
    """Units that came on a day: all, and those of items that promotions brought.

    `known` is the day they became known (None: not told, or always), `ended` the day they were told otherwise (None: they stand).
    """

    day: date
    known: date | None
    ended: date | None
    units: float
    brought: float


def units_that_came(
    con: Engine, workspace: Workspace, load: Load, tables: _Tables, as_of: datetime
) -> list[Came]:
    """Return the units that came each day by a moment, in every version of their rows that was known by then."""
    columns = _columns(workspace, load.source, tables)
    rows, arrival = _versions(workspace, load.source, tables, as_of)
    day = local_date(con, workspace, rows, load.at, columns, arrival)
    parts = {
        "day": day,
        "units": guard(load.units, columns) if load.units else exp.convert(1),
        "brought": _brought(workspace, load.source, columns),
        "come": _come(workspace, load, columns, as_of),
    }
    told = select(*(part.as_(name) for name, part in parts.items()), *_stood(arrival)).from_(rows)
    no_day = tree("cast(null as date)")
    of_day = "case when not :at is null then ap_date(ap_local_day(:at)) end"
    known, ended = no_day, no_day
    if arrival:
        is_over = tree("case when ended <= :moment then ended end", moment=microseconds(as_of))
        known, ended = tree(of_day, at=exp.column("begun")), tree(of_day, at=is_over)
    sums = ("units", "case when brought then units end")
    totals = [tree(f"cast(coalesce(sum({each}), 0) as double)") for each in sums]
    keys = [exp.convert(number) for number in (1, 2, 3)]
    query = (
        select(exp.column("day"), known.as_("known"), ended.as_("until"), *totals)
        .from_(told.subquery("told"))
        .where(tree("come and not day is null"))
        .group_by(*keys)
        .order_by(*keys)
    )
    return [Came(*row) for row in con.run(render(query))]


def _versions(
    workspace: Workspace, source: str, tables: _Tables, as_of: datetime
) -> tuple[exp.Table | exp.Subquery, Arrival | None]:
    """Return what to read a source from: its table, or every version of its rows that had arrived by a moment."""
    arrival = arrivals(workspace, tables).get(source)
    if arrival is None:
        return exp.table_(source, db="source", quoted=True), None
    moment = exp.convert(microseconds(as_of))
    return arrived_by(moment, source, arrival, tables[source], is_history=True), arrival


def _stood(arrival: Arrival | None) -> list[exp.Expr]:
    """Return from when (`begun`; null: always) until when (`ended`; null: still) a row stood, in µs."""
    if arrival is None:
        never = tree("cast(null as bigint)")
        return [never.as_("begun"), never.copy().as_("ended")]
    begun = tree(f"case when :at > {ALWAYS_KNOWN} then :at end", at=quoted(KNOWN_FROM))
    return [begun.as_("begun"), quoted(KNOWN_UNTIL).as_("ended")]


def _brought(workspace: Workspace, source: str, columns: Columns) -> exp.Expr:
    """Return whether a promotion brought a row; one that says no `only` tells no row from another."""
    promoted = [only for _, only in brought_by_source(workspace, source, columns) if only != exp.true()]
    return exp.or_(*promoted) if promoted else exp.false()


def _come(workspace: Workspace, load: Load, columns: Columns, as_of: datetime) -> exp.Expr:
    """Return whether a row had come by a moment."""
    if columns[_known(columns, load.at)] == "DATE":
        today = as_of.astimezone(workspace.timezone).date().isoformat()
        return tree(":at <= cast(:today as date)", at=quoted(load.at), today=today)
    at = instant_us(columns, _known(columns, load.at))
    return tree(":at <= :moment", at=at, moment=microseconds(as_of))


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


def local_date(
    con: Engine,
    workspace: Workspace,
    rows: exp.Table | exp.Subquery,
    column: str,
    columns: Columns,
    arrival: Arrival | None = None,
) -> exp.Expr:
    """Return the local day of a column of days or instants.

    The macros of local days are made for the years that the column spans and, where asked for, the rows' arrivals.
    """
    kind = columns[_known(columns, column)]
    if kind not in ("DATE", EMPTY_TYPE, "TIMESTAMP WITH TIME ZONE"):
        raise NotKnownError(f"'{column}' is {kind.lower()}, not a day or an instant")
    spans = [column] if kind == "TIMESTAMP WITH TIME ZONE" else []
    spans += [arrival.column] if arrival else []
    if spans:
        ends = [f"{end}(year({identifier(each)}))" for each in spans for end in ("min", "max")]
        years = [year or 2000 for year in con.run(render(select(*map(tree, ends)).from_(rows.copy())))[0]]
        for macro in LocalDays(
            workspace.timezone, max(min(years) - 1, 1800), min(max(years) + 1, 2300)
        ).macros():
            con.run(macro)
    if kind == "DATE":
        return quoted(column)
    if kind == EMPTY_TYPE:
        return tree("cast(null as date)")
    return tree("ap_date(ap_local_day(ap_instant_us(:at)))", at=quoted(column))
