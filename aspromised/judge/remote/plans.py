"""A plan whose authors' expressions are in operations that Spark has, and the local days its trees call for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlglot import exp

from aspromised.declare.workspace import Workspace
from aspromised.judge.clocks.local_days import LocalDays
from aspromised.judge.clocks.opening_hours import zone_of
from aspromised.judge.planning.authored import authored
from aspromised.judge.planning.plan import Columns, Plan
from aspromised.sql.authored.guard import guard
from aspromised.sql.authored.parse import ExpressionError
from aspromised.sql.on_spark.authored import kind_of_column, on_spark
from aspromised.sql.on_spark.rendering import Macros, NotOnSparkError
from aspromised.words.problems import Problem


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


def not_on_spark(workspace: Workspace, tables: Mapping[str, Columns]) -> Iterator[Problem]:
    """Yield what authors say that Spark does not judge, each at its place: of promises, their corrections and promotions."""
    for each in authored(workspace):
        columns = tables.get(each.source)
        if each.at[0] not in ("promises", "corrections", "promotions") or columns is None:
            continue
        is_text = each.at[-1] == "segments"
        try:
            on_spark(guard(each.text, columns), columns, workspace.company.timezone, is_text)
        except NotOnSparkError as error:
            yield workspace.problem("engine", f"{error} (in '{each.text}')", each.at)
        except ExpressionError:
            continue  # told already
