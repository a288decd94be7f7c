"""A plan whose authors' expressions are in operations that Spark has, and the local days its trees call for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlglot import exp

from aspromised.declare.rules.there import queried_here, read_there_alone
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.judge.clocks.local_days import LocalDays
from aspromised.judge.clocks.opening_hours import zone_of
from aspromised.judge.planning.authored import authored
from aspromised.judge.planning.plan import Columns, Plan
from aspromised.sql.authored.guard import guard
from aspromised.sql.authored.parse import ExpressionError
from aspromised.sql.authored.reads import reads
from aspromised.sql.engine import Engine
from aspromised.sql.on_spark.authored import kind_of_column, on_spark
from aspromised.sql.on_spark.rendering import Macros, NotOnSparkError
from aspromised.sql.templates import identifier
from aspromised.words.problems import Problem

MOST_ROWS = 5_000_000
"""Rows of a source loaded here that are handed over; what is larger Spark reads itself."""


def plan_on_spark(plan: Plan, zone: ZoneInfo) -> Plan:
    """Return the plan for Spark; NotOnSparkError names what its authors say that has no sure meaning there."""

    def translated(tree: exp.Expr, is_text: bool = False) -> exp.Expr:
        return on_spark(tree, plan.columns, str(zone), is_text)

    _refuse_ids(plan)
    return replace(
        plan,
        only=None if plan.only is None else translated(plan.only),
        segments={name: translated(tree, is_text=True) for name, tree in plan.segments.items()},
        exempt=tuple((translated(when), because) for when, because in plan.exempt),
        corrections=tuple(
            replace(rule, only=None if rule.only is None else translated(rule.only))
            for rule in plan.corrections
        ),
        own={key: translated(tree) for key, tree in plan.own.items()},
        brought=tuple((name, translated(only)) for name, only in plan.brought),
    )


def _refuse_ids(plan: Plan) -> None:
    """Refuse an id that the engines write as different texts."""
    identity = getattr(plan.measure, "id", None)
    if identity and kind_of_column(plan.columns[identity]) not in ("text", "whole", "day", "nothing"):
        raise NotOnSparkError(
            f"'{identity}' is {plan.columns[identity].lower()}: an id on spark is a text or a whole number"
        )


def macros_of(plan: Plan, days: LocalDays, workspace: Workspace) -> Macros:
    """Return the local days of the company, and of each calendar that has a time zone of its own."""
    found = days.bodies()
    for name, ground in plan.calendars.items():
        if ground.suffix:
            zone = zone_of(workspace.calendars[name], workspace.timezone)
            found |= replace(days, zone=zone, suffix=ground.suffix).bodies()
    return found


def too_many(source: str, rows: int) -> str:
    """Return why the rows of a source are not handed over."""
    return (
        f"'{source}' has {rows:,} rows, and of a source loaded here at most {MOST_ROWS:,} are handed over: let spark read it"
        " itself, with `spark:` in place of `files:`"
    )


def too_large(con: Engine, workspace: Workspace, tables: Mapping[str, Columns]) -> Iterator[Problem]:
    """Yield the sources of promises that are loaded here and have more rows than are handed over."""
    named = {getattr(promise.measure, "items", "") for promise in workspace.promises.values()}
    for name in sorted(named & tables.keys()):
        if not workspace.sources[name].spark:
            rows = con.run(f"select count(*) from source.{identifier(name)}")[0][0]
            if rows > MOST_ROWS:
                yield workspace.problem("engine", too_many(name, rows), ("sources", name))


def not_on_spark(workspace: Workspace, tables: Mapping[str, Columns]) -> Iterator[Problem]:
    """Yield what authors say that Spark does not judge, each at its place: of promises, their corrections and promotions.

    Then what a source that Spark reads itself must be, and what would ask such a source here.
    """
    away = {name for name, source in workspace.sources.items() if source.spark}
    yield from _asked_here(workspace, away)
    for each in authored(workspace):
        columns = tables.get(each.source)
        is_judged = each.at[0] in ("promises", "corrections", "promotions")
        if not (is_judged or (each.at[0] == "sources" and each.source in away)) or columns is None:
            continue
        is_text = each.at[-1] == "segments"
        try:
            on_spark(guard(each.text, columns), columns, workspace.company.timezone, is_text)
        except NotOnSparkError as error:
            yield workspace.problem("engine", f"{error} (in '{each.text}')", each.at)
        except ExpressionError:
            continue  # told already


def _asked_here(workspace: Workspace, away: set[str]) -> Iterator[Problem]:
    """Yield the queries and capacities that read a source whose rows are not here."""
    queries: dict[KeyPath, str | None] = {("sources", n, "sql"): s.sql for n, s in workspace.sources.items()}
    for name, promotion in workspace.promotions.items():
        for number, gate in enumerate(promotion.ready_when):
            queries["promotions", name, "ready_when", number, "sql"] = gate.sql
    for at, text in queries.items():
        if read := away.intersection(reads(text or "", workspace.sources)):
            yield workspace.problem("engine", queried_here(min(read)), at)
    for name, capacity in workspace.capacity.items():
        named = {("source",): capacity.source} | (
            {("load", "source"): capacity.load.source} if capacity.load else {}
        )
        for key, source in named.items():
            if source in away:
                message = f"{read_there_alone(source)}: a capacity is counted here"
                yield workspace.problem("engine", message, ("capacity", name, *key))
