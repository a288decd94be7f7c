"""Causes of gaps, as people name them: never changed, only superseded by another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aspromised.declare.workspace import Workspace
from aspromised.store.ledger.book import LedgerBook
from aspromised.store.ledger.chain import DamagedLedger, Event
from aspromised.store.ledger.legible import NOTE, refuse_odd
from aspromised.words.problems import AsPromisedError, no_such

CAUSE = "cause"
"""The kind of a ledger event that names the cause of a gap; its subject is the promise."""


@dataclass(frozen=True)
class NamedCause:
    """That somebody says why a part of a promise breaks: `where` is the part (empty: all of it)."""

    event: int
    promise: str
    where: Mapping[str, str]
    cause: str
    who: str
    written_at: datetime
    window: str
    """The days that were looked at, in words."""
    supersedes: int | None
    superseded_by: int | None = None
    """The event that took its place, None where it stands."""


def name_cause(
    ledger: LedgerBook,
    workspace: Workspace,
    promise: str,
    where: Mapping[str, str],
    cause: str,
    *,
    who: str,
    window: str,
    supersedes: int | None = None,
) -> NamedCause:
    """Write the cause of a gap for good, and return it; AsPromisedError where it supersedes none that stands."""
    if promise not in workspace.promises:
        raise no_such("promise", promise, workspace.promises)
    refuse_odd("the cause", cause, NOTE)
    standing = {each.event for each in named_causes(ledger, promise) if each.superseded_by is None}
    if supersedes is not None and supersedes not in standing:
        raise AsPromisedError(
            f"event {supersedes} is no cause of '{promise}' that stands, so nothing can take its place"
        )
    body = {"where": dict(where), "cause": cause.strip(), "window": window, "supersedes": supersedes}
    return _cause(ledger.append(CAUSE, promise, body, who))


def named_causes(ledger: LedgerBook, promise: str) -> list[NamedCause]:
    """Return every cause that was named of a promise, in the order they were written, superseded ones too."""
    found = [_cause(event) for event in ledger.events(CAUSE, promise)]
    later = {each.supersedes: each.event for each in reversed(found) if each.supersedes is not None}
    return [NamedCause(**{**vars(each), "superseded_by": later.get(each.event)}) for each in found]


def _cause(event: Event) -> NamedCause:
    body = event.body
    where, supersedes = body.get("where", {}), body.get("supersedes")
    is_whole = isinstance(where, dict) and isinstance(body.get("cause"), str) and body["cause"]
    if not is_whole or not (supersedes is None or type(supersedes) is int):
        raise DamagedLedger(f"event {event.id} is no cause: it needs a part and what is said of it")
    part = {str(name): str(value) for name, value in where.items()}
    return NamedCause(
        event.id,
        event.subject,
        part,
        body["cause"],
        event.who,
        event.at,
        str(body.get("window", "")),
        supersedes,
    )
