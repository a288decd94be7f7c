"""What was declared, as the tables a reader meets it in: promises, versions, promotions, gates, changes."""

import json
from collections.abc import Mapping, Sequence

from aspromised.declare.model import Promise
from aspromised.declare.rules.clock import limit_words
from aspromised.declare.rules.known_then import not_known_then
from aspromised.declare.workspace import Workspace
from aspromised.judge.planning.plan import placed_message
from aspromised.sql.engine import Engine
from aspromised.words.moments import local_moment, plain_utc


def describe(
    con: Engine,
    workspace: Workspace,
    schema: str,
    problems: Mapping[str, str | None],
    reads: Mapping[str, Sequence[str] | None],
) -> None:
    """Write promises and their versions, promotions, gates, corrections and changes.

    `problems` tells why a promise was not judged, `reads` from which sources it was.
    """
    _insert(
        con,
        schema,
        "promise",
        [{**_promise_row(workspace, id_, problem), "reads": reads[id_]} for id_, problem in problems.items()],
    )
    _insert(
        con,
        schema,
        "promise_version",
        [r for i, p in sorted(workspace.promises.items()) for r in _versions(i, p)],
    )
    _insert(con, schema, "promotion", _promotions(workspace))
    _insert(con, schema, "gate", _gates(workspace))
    _insert(con, schema, "correction", _corrections(workspace))
    _insert(con, schema, "change", [
        {"change_id": name, "on": change.on, "what": change.what, "touches": json.dumps(change.touches)}
        for name, change in sorted(workspace.changes.items())
    ])  # fmt: skip


def _insert(con: Engine, schema: str, table: str, rows: list[Mapping[str, object]]) -> None:
    for row in rows:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        con.run(f"insert into {schema}.{table} ({names}) values ({marks})", list(row.values()))


def _promise_row(workspace: Workspace, promise_id: str, problem: str | None) -> dict[str, object]:
    promise = workspace.promises.get(promise_id)
    if promise is None:
        return {
            "promise_id": promise_id,
            "claim": promise_id,
            "said_in": [],
            "segments": [],
            "problem": problem,
        }
    standing = promise.standings()[-1]
    return {
        "promise_id": promise_id, "claim": standing.claim, "about": promise.about, "made_by": promise.made_by,
        "kept_by": promise.kept_by, "said_in": promise.said_in, "subject": promise.subject,
        "target": standing.target, "window": promise.window, "counted": promise.counted,
        "at_least": promise.at_least, "kind": promise.measure.kind, "chain": promise.chain,
        "source": getattr(promise.measure, "items", None), "budget_policy": promise.budget_policy,
        "review_by": promise.review_by, "segments": list(getattr(promise.measure, "segment_expressions", {})),
        **promise.measure.compared, "problem": problem,
    }  # fmt: skip


def _corrections(workspace: Workspace) -> list[Mapping[str, object]]:
    """Return one row a promise and correction, with its approver."""
    return [
        {
            "promise_id": promise_id, "correction_id": name, "from_day": rule.from_, "to_day": rule.to,
            "reason": rule.because, "approved_by": rule.approved_by,
        }
        for name, rule in sorted(workspace.corrections.items())
        for promise_id in rule.promises
    ]  # fmt: skip


def _versions(promise_id: str, promise: Promise) -> list[dict[str, object]]:
    return [
        {
            "promise_id": promise_id, "version": s.number, "from_day": s.from_, "to_day": s.to, "claim": s.claim,
            "target": s.target, "length": limit_words(s.measure),
        }
        for s in promise.standings()
    ]  # fmt: skip


def _promotions(workspace: Workspace) -> list[Mapping[str, object]]:
    zone = workspace.timezone
    rows: list[Mapping[str, object]] = [
        {
            "promotion_id": name, "says": promotion.says, "run_by": promotion.run_by,
            "announced": plain_utc(local_moment(promotion.announced, zone)),
            "launched": plain_utc(local_moment(promotion.launched, zone)),
            "ends": plain_utc(local_moment(promotion.ends, zone)), "cancelled": promotion.cancelled,
            "leans_on": promotion.leans_on, "expects_demand": promotion.expects and promotion.expects.demand,
            "basis": promotion.expects and promotion.expects.basis,
        }
        for name, promotion in sorted(workspace.promotions.items())
    ]  # fmt: skip
    unreadable = [
        (str(path[1]), problems) for path, problems in workspace.unreadable.items() if path[0] == "promotions"
    ]
    return rows + [
        {
            "promotion_id": name,
            "says": name,
            "leans_on": [],
            "problem": "\n".join(map(placed_message, problems)),
        }
        for name, problems in unreadable
    ]


def _gates(workspace: Workspace) -> list[Mapping[str, object]]:
    return [
        {
            "promotion_id": name, "position": position, "gate": gate.gate, "kind": gate.kind,
            "needed": gate.needed_in_words, "optional": gate.optional, "asks_of": gate.asks_of,
            "at_least": gate.lowest, "at_most": gate.at_most, "not_known": not_known_then(workspace, gate),
        }
        for name, promotion in sorted(workspace.promotions.items())
        for position, gate in enumerate(promotion.ready_when, start=1)
    ]  # fmt: skip
