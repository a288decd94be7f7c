"""What promotions have to do with a promise: which lean on it, which ask how it holds, which items each brought."""

from sqlglot import exp

from aspromised.declare.workspace import Workspace
from aspromised.judge.planning.plan import Columns, Plan
from aspromised.sql.authored.guard import guard
from aspromised.sql.authored.parse import ExpressionError
from aspromised.sql.templates import first_match, tree

Brought = tuple[tuple[str, exp.Expr], ...]
"""Promotions by launch, and which rows of a source each brought."""


def brought_by(workspace: Workspace, promise_id: str, source: str, columns: Columns) -> Brought:
    """Return which rows of a source each promotion brought, where a promotion leans on the promise; else nothing."""
    if not is_leaned_on(workspace, promise_id):
        return ()
    return brought_by_source(workspace, source, columns)


def brought_by_source(workspace: Workspace, source: str, columns: Columns) -> Brought:
    """Return which rows of a source each promotion brought, by launch."""
    ordered = sorted(workspace.promotions.items(), key=lambda entry: (str(entry[1].launched), entry[0]))
    found = []
    for name, promotion in ordered:
        if promotion.items and promotion.items.source == source and not promotion.cancelled:
            try:
                only = guard(promotion.items.only, columns) if promotion.items.only else exp.true()
            except ExpressionError:
                continue  # `check` tells it, at the promotion
            found.append((name, only))
    return tuple(found)


def is_leaned_on(workspace: Workspace, promise_id: str) -> bool:
    """Return whether a promotion leans on a promise."""
    return any(promise_id in promotion.leans_on for promotion in workspace.promotions.values())


def is_touched(workspace: Workspace, promise_id: str) -> bool:
    """Return whether a declared change touches values of segments that a promise has."""
    measure = workspace.promises[promise_id].measure
    segments = set(getattr(measure, "segment_expressions", {}))
    return any(set(each.touches) <= segments for each in workspace.changes.values() if each.touches)


def is_gated(workspace: Workspace, promise_id: str) -> bool:
    """Return whether a gate asks how a promise is holding."""
    gates = (gate for promotion in workspace.promotions.values() for gate in promotion.ready_when)
    return any(gate.promise == promise_id for gate in gates)


def brought_column(plan: Plan) -> exp.Expr:
    """Return the promotion that brought an item, null where none did."""
    return first_match([(only, name) for name, only in plan.brought], tree("cast(null as varchar)"))
