"""What was known about a promotion on the day that decides, as plain values that a ledger can hold and a hash can vouch for."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from aspromised.analyse.health import sources
from aspromised.analyse.launches.detail.opened import Opened, open_launch
from aspromised.analyse.launches.readiness.verdicts import CANCELLED, GateResult
from aspromised.declare.model import Gate
from aspromised.declare.workspace import Workspace
from aspromised.judge.readiness.launch import launch_of
from aspromised.judge.readiness.signing import sign_off_states
from aspromised.store.ledger import LedgerBook, SignOff, declared_sign_off, signed_off
from aspromised.store.ledger.chain import body_text
from aspromised.store.snapshot import Snapshot
from aspromised.words.moments import end_of_day
from aspromised.words.problems import AsPromisedError

FORM = 1
"""The shape of a record; another shape gets another number."""
READY, NOT_READY, CANNOT_TELL = "ready", "not ready", "cannot tell"
_VERDICT = {
    "ready": READY,
    "planned_ready": READY,
    "launched_before_ready": NOT_READY,
    "planned_not_ready": NOT_READY,
}


def readiness_record(
    workspace: Workspace, snapshot: Snapshot, ledger: LedgerBook, promotion_id: str
) -> dict[str, Any]:
    """Return what was known on the day that decides: of the launch, or the snapshot's where that is still to come.

    AsPromisedError where the promotion was called off or cannot be read: there is no launch to tell of.
    """
    one = open_launch(snapshot, promotion_id)
    if one.launch.launched is None or one.launch.verdict == CANCELLED or one.launch.judged_on is None:
        raise AsPromisedError(f"there is no record of '{promotion_id}': {one.launch.why}")
    signed = {
        name: [_sign_off(each) for each in known]
        for name, (_, known) in _known(workspace, ledger, promotion_id, one.launch.judged_on).items()
    }
    return {
        "form": FORM,
        "company": snapshot.meta.get("company", ""),
        "timezone": snapshot.meta["timezone"],
        "promotion": _promotion(one),
        "judged_on": one.launch.judged_on.isoformat(),
        "is_launch": one.went_out,
        "verdict": _VERDICT.get(one.launch.verdict, CANNOT_TELL),
        "missing": list(one.launch.missing),
        "gates": [_gate(gate, one.launch.judged_on, signed.get(gate.gate, [])) for gate in one.launch.gates],
        "data": _data(snapshot),
    }


def sha256(content: Mapping[str, Any]) -> str:
    """Return the hash of a record: of its one text, keys in order.

    >>> sha256({"b": 1, "a": 2}) == sha256({"a": 2, "b": 1})
    True
    """
    return hashlib.sha256(body_text(content).encode()).hexdigest()


def restated(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return what the numbers of today say otherwise than a record, a sentence each."""
    return [*_of_verdict(before, now), *_of_gates(before, now)]


def _of_verdict(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if before["verdict"] != now["verdict"]:
        yield f"the verdict was “{before['verdict']}”, today's numbers say “{now['verdict']}”"


def _of_gates(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    today = {gate["gate"]: gate for gate in now["gates"]}
    for gate in before["gates"]:
        other = today.pop(gate["gate"], None)
        if other is None:
            yield f"“{gate['gate']}” is no longer a gate"
        elif (gate["met"], gate["evidence"], gate["needed"]) != (
            other["met"],
            other["evidence"],
            other["needed"],
        ):
            yield f"“{gate['gate']}” was: {gate['evidence']}; today's numbers say: {other['evidence']}"
    for name in today:
        yield f"“{name}” was not a gate then"


def _promotion(one: Opened) -> dict[str, Any]:
    each, declared = one.launch, one.declared
    moments = {name: getattr(declared, name) for name in ("announced", "launched", "ends")}
    claims = dict(zip(one.leaning["promise_id"], one.leaning["claim"], strict=True))
    return {
        "id": each.promotion_id,
        "says": each.says,
        "run_by": each.run_by,
        **{name: at.isoformat(timespec="minutes") if at else None for name, at in moments.items()},
        "expects_demand": each.expects_demand,
        "basis": declared.basis,
        "leans_on": [{"id": name, "claim": claims.get(name, name)} for name in each.leans_on],
    }


def _gate(gate: GateResult, judged_on: date, signed: list[dict[str, Any]]) -> dict[str, Any]:
    """A gate as it was known on that day: nothing that came after is told."""
    since = gate.met_on if gate.met and gate.met_on and gate.met_on <= judged_on else None
    return {
        "gate": gate.gate,
        "kind": gate.kind,
        "optional": gate.optional,
        "needed": gate.needed,
        "value": None if gate.value is None else round(gate.value, 10),
        "met": gate.met,
        "evidence": gate.evidence,
        "met_since": since.isoformat() if since else None,
        "lost_on": gate.lost_on.isoformat() if gate.lost_on else None,
        "sign_offs": signed,
        "not_known": list(gate.not_known),
    }


def refuse_unjudged(
    workspace: Workspace, ledger: LedgerBook, promotion_id: str, record: Mapping[str, Any]
) -> None:
    """Raise AsPromisedError where the sign-offs of now would make of a gate something else than the record tells of it."""
    judged_on, as_of = (
        date.fromisoformat(record["judged_on"]),
        datetime.fromisoformat(record["data"]["as_of"]),
    )
    known = _known(workspace, ledger, promotion_id, judged_on)
    for told in record["gates"]:
        if told["kind"] != "sign-off":
            continue
        state = None
        if told["gate"] in known:
            gate, signed = known[told["gate"]]
            launch = launch_of(promotion_id, workspace.promotions[promotion_id], as_of, workspace.timezone)
            state = sign_off_states(gate, signed, workspace.timezone, launch).get(judged_on)
        if state is None or (state.met, state.evidence) != (told["met"], told["evidence"]):
            raise AsPromisedError(
                f"nothing was frozen: what was signed or declared of “{told['gate']}” has changed since the last refresh, by"
                " which it is judged: run `aspromised refresh`, then freeze the record"
            )


def _known(
    workspace: Workspace, ledger: LedgerBook, promotion_id: str, judged_on: date
) -> dict[str, tuple[Gate, list[SignOff]]]:
    """The gates that are signed off, by name, each with the sign-offs that were known by the end of a day."""
    until = end_of_day(judged_on, workspace.timezone)
    promotion = workspace.promotions.get(promotion_id)
    found: dict[str, tuple[Gate, list[SignOff]]] = {}
    for gate in promotion.ready_when if promotion else ():
        if gate.kind == "sign-off":
            declared = declared_sign_off(promotion_id, gate)
            known = [declared] if declared and declared.on <= judged_on else []
            found[gate.gate] = gate, [*known, *signed_off(ledger, promotion_id, gate.gate, until)]
    return found


def _sign_off(one: SignOff) -> dict[str, Any]:
    return {
        "team": one.team,
        "who": one.who,
        "on": one.on.isoformat(),
        "written_at": one.written_at.isoformat(timespec="seconds") if one.written_at else None,
        "note": one.note,
    }


def _data(snapshot: Snapshot) -> dict[str, Any]:
    table = sources(snapshot).sort_values("source")
    rows = [
        {
            "source": row.source,
            "rows": int(row.rows_kept),
            "set_aside": int(row.rows_set_aside),
            "rows_in": int(row.rows_in),
            "rows_before": int(row.rows_before),
            "newest": row.newest.isoformat(timespec="minutes") if row.newest == row.newest else None,
            "freshness": row.freshness,
        }
        for row in table.itertuples()
    ]
    meta = snapshot.meta
    return {
        "snapshot": snapshot.id,
        "as_of": meta["as_of"],
        "refreshed_at": meta.get("refreshed_at"),
        "sources": rows,
    }
