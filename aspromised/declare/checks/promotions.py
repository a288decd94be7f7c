"""Promotions: dates in order, and gates that each say exactly one thing."""

from collections.abc import Iterator
from datetime import datetime, time

from aspromised.declare.model import Gate, Promotion
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.problems import Problem

_KINDS = {
    "promise": ("kept_at_least", "over"),
    "capacity": ("headroom_at_least",),
    "sql": ("at_least", "at_most"),
    "signed_off_by": ("on",),
}
"""The kinds of gate, each with the keys that go with it."""

_NEEDED = {"promise": ("kept_at_least",), "capacity": ("headroom_at_least",), "sql": ("at_least", "at_most")}
"""What a kind needs to be judged by: one of these."""


def check_promotions(workspace: Workspace) -> Iterator[Problem]:
    """Yield what is wrong with the promotions."""
    for name, promotion in workspace.promotions.items():
        at = ("promotions", name)
        yield from _dates(workspace, promotion, at)
        if not promotion.leans_on:
            yield workspace.problem("promotion", "'leans_on' names no promise", (*at, "leans_on"))
        for number, gate in enumerate(promotion.ready_when):
            yield from _gate(workspace, gate, (*at, "ready_when", number))


def _dates(workspace: Workspace, promotion: Promotion, at: KeyPath) -> Iterator[Problem]:
    launched = _local(workspace, promotion.launched)
    if promotion.ends is not None:
        ends = _local(workspace, promotion.ends)
        whole_day = ends.time() == time()
        if ends.date() < launched.date() or (ends <= launched and not whole_day):
            yield workspace.problem("promotion", "it ends before it is launched", (*at, "ends"))
    if promotion.announced is not None and _local(workspace, promotion.announced) > launched:
        message = "it is announced after it is launched"
        yield workspace.problem("promotion", message, (*at, "announced"), severity="warning")


def _local(workspace: Workspace, moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=workspace.timezone)
    return moment.astimezone(workspace.timezone)


def _gate(workspace: Workspace, gate: Gate, at: KeyPath) -> Iterator[Problem]:
    kinds = [kind for kind in _KINDS if getattr(gate, kind) is not None]
    if not kinds:
        message = "what the gate is judged by is not told: give promise, capacity, sql or signed_off_by"
        yield workspace.problem("gate", message, at)
    for second in kinds[1:]:
        message = f"a gate is of one kind, and has '{kinds[0]}' already"
        yield workspace.problem_at_key("gate", message, (*at, second))
    if len(kinds) == 1:
        yield from _companions(workspace, gate, kinds[0], at)
    yield from _doubtful(workspace, gate, at)


def _doubtful(workspace: Workspace, gate: Gate, at: KeyPath) -> Iterator[Problem]:
    """Yield what would leave a gate untold, or told of the wrong day."""
    if gate.over_days is None:
        message = f"a gate looks back over whole days, and '{gate.over}' are none: write it as in '28 days' or '4 weeks'"
        yield workspace.problem("gate", message, (*at, "over"))
    if gate.sql is not None and ":day" not in gate.sql:
        message = "the query does not ask for ':day': every day would have the same answer"
        yield workspace.problem("gate", message, (*at, "sql"), severity="warning")
    capacity = workspace.capacity.get(gate.capacity or "")
    if capacity is not None and capacity.load is None:
        message = f"the capacity '{gate.capacity}' has no 'load': its headroom cannot be told"
        yield workspace.problem("gate", message, (*at, "capacity"), severity="warning")


def _companions(workspace: Workspace, gate: Gate, kind: str, at: KeyPath) -> Iterator[Problem]:
    needed = _NEEDED.get(kind, ())
    if needed and all(getattr(gate, key) is None for key in needed):
        yield workspace.problem_at_key("gate", f"'{kind}' needs {' or '.join(needed)}", (*at, kind))
    for other, keys in _KINDS.items():
        for key in keys if other != kind else ():
            if getattr(gate, key) is not None:
                message = f"'{key}' goes with '{other}', and this gate is judged by '{kind}'"
                yield workspace.problem_at_key("gate", message, (*at, key))
