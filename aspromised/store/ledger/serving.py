"""What people did about internal service: briefs handed over, chains reviewed. Written for good, and told by the next refresh."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aspromised.declare.workspace import Workspace
from aspromised.schema.snapshot import SERVICE_ACT
from aspromised.sql.engine import Engine as SqlEngine
from aspromised.sql.tables import insert
from aspromised.store.ledger.book import LedgerBook
from aspromised.store.ledger.chain import DamagedLedger, Event
from aspromised.store.ledger.kept import open_ledger
from aspromised.store.ledger.legible import NOTE, refuse_odd
from aspromised.words.moments import plain_utc
from aspromised.words.problems import AsPromisedError, no_such

BRIEFED, REVIEWED = "brief", "chain-review"
"""The kinds of ledger events by which a brief is handed over (its subject is the supplier), and a chain was reviewed (the chain)."""


@dataclass(frozen=True)
class ServiceAct:
    """What was done: a brief handed to `supplier` by `customer`, or `chain` reviewed; what is not so is ""."""

    kind: str
    chain: str
    supplier: str
    customer: str
    note: str
    who: str
    written_at: datetime


def hand_over(ledger: LedgerBook, supplier: str, customer: str, who: str, note: str = "") -> ServiceAct:
    """Write that a customer handed its brief to its supplier."""
    if note:
        refuse_odd("the note", note, NOTE)
    return _act_of(ledger.append(BRIEFED, supplier, {"customer": customer, "note": note}, who))


def record_review(
    ledger: LedgerBook, workspace: Workspace, chain: str, who: str, note: str = ""
) -> ServiceAct:
    """Write that a chain was reviewed; AsPromisedError where there is none of that name."""
    if chain not in workspace.chains:
        raise no_such("chain", chain, workspace.chains)
    if note:
        refuse_odd("the note", note, NOTE)
    return _act_of(ledger.append(REVIEWED, chain, {"note": note}, who))


def service_acts(ledger: LedgerBook, until: datetime | None = None) -> list[ServiceAct]:
    """Return what was done about internal service, of what was written by a moment (included), in order."""
    events = [event for kind in (BRIEFED, REVIEWED) for event in ledger.events(kind, until=until)]
    return [_act_of(event) for event in sorted(events, key=lambda event: event.id)]


def all_service_acts(workspace: Workspace, until: datetime) -> tuple[list[ServiceAct], str | None]:
    """Return what was done at a moment, and why the ledger was not read, if so; without chains and ratings it is not looked at."""
    if not workspace.chains and workspace.ratings is None:
        return [], None
    try:
        with open_ledger(workspace.root) as ledger:
            return service_acts(ledger, until), None
    except DamagedLedger as error:
        return [], str(error)
    except AsPromisedError as error:
        return [], f"the ledger cannot be read: {error}"


def tell_service_acts(con: SqlEngine, schema: str, acts: Iterable[ServiceAct]) -> None:
    """Write what was done into a snapshot's table."""
    for each in acts:
        con.run(
            insert(SERVICE_ACT, schema),
            [
                each.kind,
                each.chain or None,
                each.supplier or None,
                each.customer or None,
                each.note or None,
                each.who,
                plain_utc(each.written_at),
            ],
        )


def _act_of(event: Event) -> ServiceAct:
    customer, note = event.body.get("customer", ""), event.body.get("note", "")
    if not isinstance(customer, str) or not isinstance(note, str) or (event.kind == BRIEFED and not customer):
        raise DamagedLedger(
            f"event {event.id} is no {event.kind}: it needs whose it is, and a note that is text"
        )
    is_brief = event.kind == BRIEFED
    return ServiceAct(
        event.kind, "" if is_brief else event.subject, event.subject if is_brief else "", customer, note, event.who, event.at
    )  # fmt: skip
