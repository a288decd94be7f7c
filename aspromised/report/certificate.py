"""Readiness certificates: a record of what was known, frozen in the ledger, printed from it, and checked against it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aspromised.declare.workspace import Workspace
from aspromised.report.paper import embedded, pdf, record_html
from aspromised.report.record import readiness_record, refuse_unjudged, restated, sha256
from aspromised.store.ledger import DamagedLedger, Event, LedgerBook
from aspromised.store.snapshot import Snapshot
from aspromised.words.filenames import file_name
from aspromised.words.problems import AsPromisedError

CERTIFICATE = "certificate"
"""The kind of a ledger event that freezes a record; its subject is the promotion."""
GENUINE, ALTERED, FOREIGN = "genuine", "altered", "not of this ledger"


@dataclass(frozen=True)
class Certificate:
    """A frozen record (`content`), the event that froze it, and what today's numbers say otherwise."""

    event: Event
    restated: tuple[str, ...] = ()

    @property
    def content(self) -> dict[str, Any]:
        """What was known."""
        return dict(self.event.body["content"])

    @property
    def sha256(self) -> str:
        """The hash of the record, as the ledger holds it."""
        return str(self.event.body["sha256"])

    @property
    def html(self) -> str:
        """The record as one HTML file that needs nothing from outside."""
        return record_html(self.content, self.sha256)

    @property
    def pdf(self) -> bytes:
        """The record on A4."""
        return pdf(self.content, self.sha256)

    @property
    def name(self) -> str:
        """What its files are called, without an ending."""
        return file_name(f"{self.event.subject}-{self.content['judged_on']}-readiness")


@dataclass(frozen=True)
class Checked:
    """What came of checking a file: one of GENUINE, ALTERED, FOREIGN, the sentence that says so, and the event."""

    state: str
    sentence: str
    event: Event | None = None


def frozen(ledger: LedgerBook, promotion_id: str) -> list[Certificate]:
    """Return the certificates of a promotion, the first written first: one for each day that was judged."""
    first: dict[str, Certificate] = {}
    for event in _events(ledger, promotion_id):
        first.setdefault(str(event.body["judged_on"]), Certificate(event))
    return list(first.values())


def _events(ledger: LedgerBook, promotion_id: str | None = None) -> list[Event]:
    """Return the events that froze a record; DamagedLedger where one holds none that can be printed."""
    events = ledger.events(CERTIFICATE, promotion_id)
    for event in events:
        try:
            body = event.body
            texts = (body["judged_on"], body["sha256"], *body["files"].values())
            record_html(body["content"], body["sha256"])
            is_whole = (
                all(isinstance(text, str) for text in texts)
                and body["content"]["judged_on"] == body["judged_on"]
            )
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            is_whole = False
        if not is_whole:
            raise DamagedLedger(
                f"event {event.id} is no certificate: it needs a record, the day it was judged on and its hashes"
            )
    return events


def certificate(
    workspace: Workspace, snapshot: Snapshot, ledger: LedgerBook, promotion_id: str, who: str | None = None
) -> Certificate:
    """Return the certificate of a promotion for the day that decides; where there is none yet, `who` freezes it.

    Asked again it is the same record, whatever the numbers have become; what they say otherwise is in `restated`.
    AsPromisedError where a gate was signed off since the snapshot: a record must not tell of it and count it as missing.
    """
    today = readiness_record(workspace, snapshot, ledger, promotion_id)
    found = _of_day(ledger, promotion_id, today["judged_on"])
    if found is None:
        if not who or not who.strip():
            raise AsPromisedError(f"no record of '{promotion_id}' was frozen yet: say who does, with --who")
        refuse_unjudged(workspace, ledger, promotion_id, today)
        _freeze(ledger, promotion_id, {**today, "exported_by": who.strip(), "exported_at": _now()}, who)
        found = _of_day(ledger, promotion_id, today["judged_on"])
        assert found, "it has just been written"
    return Certificate(found.event, tuple(restated(found.content, today)))


def _of_day(ledger: LedgerBook, promotion_id: str, judged_on: str) -> Certificate | None:
    """The first that was written for a day: of two written at once, both askers get the same."""
    return next(
        (each for each in frozen(ledger, promotion_id) if each.content["judged_on"] == judged_on), None
    )


def _freeze(ledger: LedgerBook, promotion_id: str, content: Mapping[str, Any], who: str) -> None:
    digest = sha256(content)
    files = {"html": _digest(record_html(content, digest).encode()), "pdf": _digest(pdf(content, digest))}
    body = {"judged_on": content["judged_on"], "content": content, "sha256": digest, "files": files}
    ledger.append(CERTIFICATE, promotion_id, body, who)


def check_certificate(ledger: LedgerBook, file: Path) -> Checked:
    """Return whether a file is a certificate as it was exported; AsPromisedError where the ledger itself was changed."""
    if problem := ledger.verify().problem:
        raise AsPromisedError(f"the ledger cannot vouch for anything: {problem}")
    data, events = file.read_bytes(), _events(ledger)
    for event in events:
        if _digest(data) in event.body["files"].values() or data in _printed(event, file.suffix):
            return Checked(GENUINE, _vouched(event), event)
    inside = embedded(data)
    for event in events:
        if inside in (event.body["sha256"], sha256(event.body["content"])):
            said = f"the file names the record of event {event.id}, but is not as it was exported: it was changed"
            return Checked(ALTERED, said, event)
    return Checked(FOREIGN, "no record of this ledger was exported as this file")


def _printed(event: Event, suffix: str) -> list[bytes]:
    """The record as this version prints it: an export by another version than the one that froze it is genuine too."""
    each = Certificate(event)
    return [each.pdf] if suffix == ".pdf" else [each.html.encode()]


def _vouched(event: Event) -> str:
    return (
        f"genuine: the record of {event.subject} for {event.body['judged_on']}, event {event.id} of the ledger, written"
        f" {event.at:%Y-%m-%d %H:%M:%S} UTC by {event.who}; SHA-256 {event.body['sha256']}"
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
