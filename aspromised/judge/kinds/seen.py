"""What authors' expressions see of an item: when it was done and cancelled as its clock sees them, nothing before that is known."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from sqlglot import exp

from aspromised.judge.kinds.kind import instant, known_by
from aspromised.judge.planning.plan import Plan
from aspromised.words.names import folded

ENDS = ("done", "cancelled")
"""The moments of an item that its authors' expressions may name before they have come."""


def seen(plan: Plan, authored: exp.Expr, as_of: int, ends: Collection[str] = ENDS) -> exp.Expr:
    """Return an author's expression of what was known at the moment; what is not among `ends` had not come by then."""
    named = _columns(plan)

    def known(node: exp.Expr) -> exp.Expr:
        roles = named.get(folded(node.name)) if isinstance(node, exp.Column) else None
        if roles is None:
            return node
        if roles.isdisjoint(ends):
            return exp.Case(ifs=[exp.If(this=exp.false(), true=node.copy())])
        return known_by(node, instant(plan, getattr(plan.measure, min(roles))), as_of)

    return authored.copy().transform(known) if _named(plan, [authored]) else authored


def as_seen(plan: Plan, as_of: int, ends: Collection[str] = ENDS) -> Plan:
    """Return the plan with all that its authors ask of an item asked of what was known at the moment (`seen`)."""
    if not _named(plan, _of_items(plan) + _told(plan)):
        return plan
    return replace(
        plan,
        only=None if plan.only is None else seen(plan, plan.only, as_of, ends),
        segments={name: seen(plan, each, as_of, ends) for name, each in plan.segments.items()},
        exempt=tuple((seen(plan, when, as_of, ends), because) for when, because in plan.exempt),
        corrections=tuple(
            replace(rule, only=None if rule.only is None else seen(plan, rule.only, as_of, ends))
            for rule in plan.corrections
        ),
        own={key: seen(plan, each, as_of, ends) for key, each in plan.own.items()},
        brought=tuple((name, seen(plan, only, as_of, ends)) for name, only in plan.brought),
    )


def ends_asked(plan: Plan) -> tuple[str, ...]:
    """Return which of `ENDS` decide, by what authors ask, whether an item is promised and counts."""
    return _named(plan, _of_items(plan))


def fewer_ends(plan: Plan) -> Sequence[tuple[str, ...]]:
    """Return the ends asked that had come at an earlier moment, were it not all of them: most first, last none."""
    asked = ends_asked(plan)
    return [some for size in reversed(range(len(asked))) for some in combinations(asked, size)]


def _of_items(plan: Plan) -> list[exp.Expr]:
    corrected = [rule.only for rule in plan.corrections if rule.only is not None]
    return [
        *([plan.only] if plan.only is not None else []),
        *(when for when, _ in plan.exempt),
        *plan.own.values(),
        *corrected,
    ]


def _told(plan: Plan) -> list[exp.Expr]:
    return [*plan.segments.values(), *(only for _, only in plan.brought)]


def _named(plan: Plan, authored: Iterable[exp.Expr]) -> tuple[str, ...]:
    columns = _columns(plan)
    if not columns:
        return ()
    found = {folded(node.name) for each in authored for node in each.find_all(exp.Column)}
    roles = {role for column in found & columns.keys() for role in columns[column]}
    return tuple(role for role in ENDS if role in roles)


def _columns(plan: Plan) -> dict[str, set[str]]:
    """Return the columns that tell the ends, by their names as they are compared, each with which it tells."""
    found: dict[str, set[str]] = {}
    for role in ENDS:
        if column := getattr(plan.measure, role, None):
            found.setdefault(folded(column), set()).add(role)
    return found
