"""Sign-offs of launch gates: what a person claims, and when it was written down."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal

from aspromised.declare.model import Gate
from aspromised.declare.workspace import Workspace
from aspromised.store.ledger.book import LedgerBook
from aspromised.store.ledger.chain import DamagedLedger, Event
from aspromised.store.ledger.legible import NOTE, refuse_odd
from aspromised.words.moments import end_of_day, local_moment
from aspromised.words.problems import AsPromisedError, MisuseError, did_you_mean, no_such

SIGN_OFF = "sign-off"
"""The kind of a ledger event that signs a gate off; its subject is the promotion."""


@dataclass(frozen=True)
class SignOff:
    """That a team signed a gate off: `on` is the day claimed, `written_at` when it was written (None: in the YAML)."""

    promotion: str
    gate: str
    team: str
    who: str
    on: date
    written_at: datetime | None
    source: Literal["declared", "ledger"]
    note: str = ""
    wording: tuple[tuple[str, str], ...] = ()
    """What was signed for, as it was declared then: the promotion ("") and the promises it leans on, each with its words."""

    def counts_from(self, zone: tzinfo) -> datetime:
        """Return the moment from which the sign-off holds, in the company's zone.

        A day says no hour, so one that was declared holds from its end: the prudent reading. One of the ledger holds
        from when it was written, however early a day it claims; one that claims a later day, from that day's end.
        """
        if self.written_at is not None and self.on <= self.written_at.astimezone(zone).date():
            return self.written_at.astimezone(zone)
        return end_of_day(self.on, zone)

    def is_back_dated(self, zone: tzinfo) -> bool:
        """Whether it claims a day before the one on which it was written."""
        return self.written_at is not None and self.on < self.written_at.astimezone(zone).date()


def sign_off(
    ledger: LedgerBook,
    workspace: Workspace,
    promotion: str,
    gate: str,
    *,
    team: str,
    who: str,
    on: date,
    note: str = "",
) -> SignOff:
    """Write that a team signs a gate off, and return it; AsPromisedError where the gate is not theirs to sign."""
    needed = _gate(workspace, promotion, gate)
    if needed.kind != "sign-off":
        raise AsPromisedError(
            f"the gate '{gate}' is judged by data ({needed.needed_in_words}): nobody signs it off"
        )
    if team != needed.signed_off_by:
        raise AsPromisedError(f"the gate '{gate}' is signed off by {needed.signed_off_by}, not by {team}")
    refuse_odd("the team", team)
    if note:
        refuse_odd("the note", note, NOTE)
    body = {
        "gate": gate,
        "team": team,
        "on": on.isoformat(),
        "note": note,
        "wording": _wording(workspace, promotion),
    }
    return _read(ledger.append(SIGN_OFF, promotion, body, who))


def _wording(workspace: Workspace, promotion: str) -> dict[str, str]:
    """Return what customers read on the day of a launch: of the promotion ("") and of the promises it leans on, by their ids."""
    signed = workspace.promotions[promotion]
    launch = local_moment(signed.launched, workspace.timezone)
    assert launch, "a launch has a day"
    promises = {name: workspace.promises[name] for name in signed.leans_on if name in workspace.promises}
    return {
        "": signed.says,
        **{name: each.standing_on(launch.date()).claim for name, each in promises.items()},
    }


def signed_off(ledger: LedgerBook, promotion: str, gate: str, until: datetime | None = None) -> list[SignOff]:
    """Return the sign-offs of a gate that were written (by a moment, included), in the order they were written."""
    return [each for each in sign_offs(ledger, until) if (each.promotion, each.gate) == (promotion, gate)]


def sign_offs(ledger: LedgerBook, until: datetime | None = None) -> list[SignOff]:
    """Return every sign-off that was written (by a moment, included); DamagedLedger where one is not as they are written."""
    return [_read(event) for event in ledger.events(SIGN_OFF, until=until)]


def declared_sign_off(promotion: str, gate: Gate) -> SignOff | None:
    """Return what the YAML says of a gate: `signed_off_by` a team, `on` a day; None where it says no day."""
    if gate.signed_off_by is None or gate.on is None:
        return None
    return SignOff(promotion, gate.gate, gate.signed_off_by, gate.signed_off_by, gate.on, None, "declared")


def _read(event: Event) -> SignOff:
    said = {name: event.body.get(name, "") for name in ("gate", "team", "on", "note")}
    try:
        if not all(isinstance(word, str) for word in said.values()) or not said["gate"] or not said["team"]:
            raise ValueError
        on = date.fromisoformat(said["on"])
    except ValueError:
        raise DamagedLedger(f"event {event.id} is no sign-off: it needs a gate, a team and a day") from None
    wording = event.body.get("wording", {})
    words = (
        tuple((str(name), str(said)) for name, said in wording.items()) if isinstance(wording, dict) else ()
    )
    return SignOff(
        event.subject, said["gate"], said["team"], event.who, on, event.at, "ledger", said["note"], words
    )


def _gate(workspace: Workspace, promotion: str, gate: str) -> Gate:
    if promotion not in workspace.promotions:
        raise no_such("promotion", promotion, workspace.promotions)
    gates = {each.gate: each for each in workspace.promotions[promotion].ready_when}
    if gate not in gates:
        near = did_you_mean(gate, gates) or (f" It has: {', '.join(gates)}." if gates else " It has none.")
        raise MisuseError(f"'{promotion}' has no gate '{gate}'.{near}")
    return gates[gate]
