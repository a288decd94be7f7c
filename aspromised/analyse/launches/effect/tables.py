"""The tables that harm, demand and what came of changes are told from, filled by each refresh: `usual_daily`, `launch_harm`,
`demand_daily`, `answering`, `change_effect`."""

from collections.abc import Mapping
from datetime import datetime

from sqlglot import exp

from aspromised.analyse.changes.stored import write_change_effects
from aspromised.analyse.launches.effect.baseline import write_usual
from aspromised.analyse.launches.effect.stored import write_harm
from aspromised.declare.model import Promotion
from aspromised.declare.workspace import Workspace
from aspromised.judge.planning.arrivals import arrivals, arrived_by
from aspromised.judge.planning.attribution import Brought, brought_by_source
from aspromised.schema.snapshot import ANSWERING
from aspromised.sql.columns import source_columns
from aspromised.sql.engine import Engine, EngineError
from aspromised.sql.limits import stopped
from aspromised.sql.tables import insert
from aspromised.sql.templates import first_match, identifier, render, tree
from aspromised.store.formats.raw import first_line
from aspromised.words.moments import microseconds
from aspromised.words.problems import Problem

_DAY = """
insert into {schema}.demand_daily by name
select $source as source, cast({at} as date) as day, {brought} as brought, count(*) as items
from {rows} where cast({at} as timestamptz) <= $as_of group by all order by day
"""


def write_launch_tables(con: Engine, schema: str, workspace: Workspace, as_of: datetime) -> list[Problem]:
    """Fill the tables from what was judged into `schema` and from the sources, up to a moment; return what failed."""
    problems = [*write_usual(con, schema, workspace), *write_harm(con, schema, workspace, as_of)]
    columns = source_columns(con)
    for source, at in sorted(_timed_sources(workspace).items()):
        if at in columns.get(source, {}):
            brought = _who_brought(brought_by_source(workspace, source, columns[source]))
            arrival = arrivals(workspace, columns).get(source)
            known = f"source.{identifier(source)}"
            if arrival:
                known = str(
                    render(arrived_by(exp.convert(microseconds(as_of)), source, arrival, columns[source]))
                )
            problems += _write_demand(con, schema, workspace, (source, at, brought, known), as_of)
    _write_answering(con, schema, workspace)
    return [*problems, *write_change_effects(con, schema, workspace, as_of)]


def _timed_sources(workspace: Workspace) -> dict[str, str]:
    """Return the sources whose demand promotions speak of, each with the column that tells when an item came in."""
    found: dict[str, str] = {}
    for promotion in workspace.promotions.values():
        for source in _sources(promotion):
            at = _arrives(workspace, source, promotion)
            if at:
                found.setdefault(source, at)
    return found


def _sources(promotion: Promotion) -> list[str]:
    named = [promotion.expects and promotion.expects.on, promotion.items and promotion.items.source]
    return [source for source in named if source]


def _arrives(workspace: Workspace, source: str, promotion: Promotion) -> str | None:
    loads = [capacity.load for _, capacity in sorted(workspace.capacity.items()) if capacity.load]
    of_load = [load.at for load in loads if load.source == source]
    measures = [workspace.promises[name].measure for name in promotion.leans_on if name in workspace.promises]
    of_promise = [getattr(m, "started", None) for m in measures if getattr(m, "items", None) == source]
    return next((at for at in (*of_load, *of_promise) if at), None)


def _who_brought(brought: Brought) -> str:
    return str(render(first_match([(only, name) for name, only in brought], _nobody())))


def _nobody() -> exp.Expr:
    return tree("cast(null as varchar)")


def _write_demand(
    con: Engine, schema: str, workspace: Workspace, what: tuple[str, str, str, str], as_of: datetime
) -> list[Problem]:
    source, at, brought, known = what
    sql = _DAY.format(schema=schema, at=identifier(at), brought=brought, rows=known)
    told: Mapping[str, object] = {"source": source, "as_of": as_of}
    try:
        con.run(sql, told)
    except EngineError as error:
        con.run(f"delete from {schema}.demand_daily where source = ?", [source])
        message = (
            f"how many of '{source}' came each day could not be told: {stopped(error) or first_line(error)}"
        )
        return [workspace.problem("demand", message, ("promotions",), severity="warning")]
    return []


def _write_answering(con: Engine, schema: str, workspace: Workspace) -> None:
    for name, capacity in sorted(workspace.capacity.items()):
        if told := capacity.answering:
            lengths = [length.microseconds / 1e6 for length in (told.handling, told.within, told.open_for)]
            row = [name, told.agents, *lengths[:2], told.kept_at_least, lengths[2]]
            con.run(insert(ANSWERING, schema), row)
