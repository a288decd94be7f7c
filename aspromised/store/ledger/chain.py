"""Events, each holding the hash of the one before it, so that a change in the past shows."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aspromised.words.problems import AsPromisedError

FIRST = "0" * 64
"""What the first event holds in place of a hash."""


class DamagedLedger(AsPromisedError):  # noqa: N818 - the word the house uses for it
    """The ledger does not hold what was written: nothing is judged by it, and nothing is written to it."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"the ledger cannot be trusted: {problem}; put it aside and restore a backup (`aspromised ledger restore FILE`);"
            " `aspromised ledger show` lists what it holds"
        )


@dataclass(frozen=True)
class Event:
    """Something a person wrote: who, when, what kind of thing, about what. `at` is UTC."""

    id: int
    at: datetime
    who: str
    kind: str
    subject: str
    body: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True)
class StoredEvent:
    """An event as it is stored: moment and body as the text that was hashed."""

    id: int
    at: str
    who: str
    kind: str
    subject: str
    body: str
    previous: str
    hash: str

    def event(self) -> Event:
        """Return the event that the row holds."""
        at = datetime.fromisoformat(self.at)
        return Event(
            self.id, at, self.who, self.kind, self.subject, json.loads(self.body), self.previous, self.hash
        )


@dataclass(frozen=True)
class Verified:
    """What came of checking a ledger: how many events hold together, the last one's hash, and where the chain breaks."""

    events: int
    last_hash: str
    problem: str | None = None


def body_text(body: Mapping[str, Any]) -> str:
    """Return a body as text, one text for one body; TypeError or ValueError where it is not JSON.

    >>> body_text({"b": 1, "a": "é"})
    '{"a":"\\\\u00e9","b":1}'
    """
    return json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False)


def moment_text(moment: datetime) -> str:
    """Return a moment as UTC text that sorts as moments do.

    >>> moment_text(datetime(2026, 3, 1, 12, tzinfo=UTC))
    '2026-03-01T12:00:00.000000+00:00'
    """
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


CLOCK, CORRECTED = "clock", "corrected"
"""What the body of an event says of its moment, where it is far from the last event's and meant so."""
SKEW = timedelta(minutes=5)
"""How far clocks of the same team may differ: an event as much before the last is written at the last one's moment."""
IDLE = timedelta(days=366)
"""A longer time since the last event is as likely a clock that runs ahead."""


def following(last: StoredEvent | None, at: str, who: str, kind: str, subject: str, body: str) -> StoredEvent:
    """Return the event that follows `last`, not before it; AsPromisedError where the clock is far from the last event.

    An event that says `clock: corrected` is written at its moment, whatever the last one's.
    """
    number, previous = (last.id + 1, last.hash) if last else (1, FIRST)
    if last and not _is_corrected(body):
        _refuse_far(at, last)
        at = max(at, last.at)
    return StoredEvent(
        number, at, who, kind, subject, body, previous, _hash(number, at, who, kind, subject, body, previous)
    )


def _refuse_far(at: str, last: StoredEvent) -> None:
    apart = datetime.fromisoformat(at) - datetime.fromisoformat(last.at)
    if -SKEW <= apart <= IDLE:
        return
    way = "before" if apart < -SKEW else "more than a year after"
    raise AsPromisedError(
        f"nothing was written: the clock says {at[:16]} UTC, {way} the ledger's last event ({last.at[:16]} UTC): set the"
        " clock right; where it is right, `aspromised ledger clock --who NAME` says so for good"
    )


def as_known(rows: Sequence[StoredEvent], corrections: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Return rows with the latest moment at which each can have been written: an event stands before what follows it.

    The clock of an event ran ahead where one after it, that corrects the clock, has an earlier moment.
    """
    return [
        replace(row, at=min([row.at, *(each.at for each in corrections if each.id > row.id)])) for row in rows
    ]


def corrects(row: StoredEvent) -> bool:
    """Return whether an event says that its moment is right, whatever those before it say."""
    return _is_corrected(row.body)


def trusted(rows: Sequence[StoredEvent]) -> Sequence[StoredEvent]:
    """Return rows that are every event as it was written; DamagedLedger where they are not."""
    if problem := verified(rows).problem:
        raise DamagedLedger(problem)
    return rows


def _is_corrected(body: str) -> bool:
    return bool(json.loads(body).get(CLOCK) == CORRECTED)


def verified(rows: Iterable[StoredEvent], last: StoredEvent | None = None) -> Verified:
    """Return whether rows follow one another (and `last`): numbers without gaps, moments in order but where a clock was corrected, hashes that fit."""
    for row in rows:
        problem = _fault(row, last)
        if problem:
            return Verified(last.id if last else 0, last.hash if last else FIRST, problem)
        last = row
    return Verified(last.id if last else 0, last.hash if last else FIRST)


def _fault(row: StoredEvent, last: StoredEvent | None) -> str | None:
    expected = last.id + 1 if last else 1
    if not _is_whole(row):
        return f"event {expected} cannot be read"
    if row.id != expected:
        return f"event {expected} is missing: event {row.id} stands in its place"
    if row.previous != (last.hash if last else FIRST):
        return f"event {row.id} does not follow the event before it: one of them was changed"
    if row.hash != _hash(row.id, row.at, row.who, row.kind, row.subject, row.body, row.previous):
        return f"event {row.id} was changed after it was written"
    if not _says_when(row) or not _says_what(row):
        return f"event {row.id} is none: its moment or what it says cannot be read"
    if last and row.at < last.at and not corrects(row):
        return f"event {row.id} is earlier than the event before it"
    return None


def _is_whole(row: StoredEvent) -> bool:
    """Whether each part is of the kind that is written; a database, or a file, may hold anything."""
    return type(row.id) is int and all(
        isinstance(part, str) for name, part in vars(row).items() if name != "id"
    )


def _says_when(row: StoredEvent) -> bool:
    try:
        return moment_text(datetime.fromisoformat(row.at)) == row.at
    except (ValueError, OverflowError):
        return False


def _says_what(row: StoredEvent) -> bool:
    try:
        return isinstance(json.loads(row.body), dict)
    except (ValueError, RecursionError):
        return False


def _hash(*parts: int | str) -> str:
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()
