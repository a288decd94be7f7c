"""Events, each holding the hash of the one before it, so that a change in the past shows."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64
"""What the first event holds in place of a hash."""


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
class Row:
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
        return Event(self.id, at, self.who, self.kind, self.subject, json.loads(self.body), self.previous, self.hash)  # fmt: skip


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


def following(last: Row | None, at: str, who: str, kind: str, subject: str, body: str) -> Row:
    """Return the event that follows `last`; it is never earlier, whatever a clock says."""
    number, previous = (last.id + 1, last.hash) if last else (1, FIRST)
    at = max(at, last.at) if last else at
    return Row(number, at, who, kind, subject, body, previous, _hash(number, at, who, kind, subject, body, previous))  # fmt: skip


def verified(rows: Iterable[Row], last: Row | None = None) -> Verified:
    """Return whether rows follow one another (and `last`): numbers without gaps, moments in order, hashes that fit."""
    for row in rows:
        problem = _fault(row, last)
        if problem:
            return Verified(last.id if last else 0, last.hash if last else FIRST, problem)
        last = row
    return Verified(last.id if last else 0, last.hash if last else FIRST)


def _fault(row: Row, last: Row | None) -> str | None:
    expected = last.id + 1 if last else 1
    if row.id != expected:
        return f"event {expected} is missing: event {row.id} stands in its place"
    if row.previous != (last.hash if last else FIRST):
        return f"event {row.id} does not follow the event before it: one of them was changed"
    if row.hash != _hash(row.id, row.at, row.who, row.kind, row.subject, row.body, row.previous):
        return f"event {row.id} was changed after it was written"
    if last and row.at < last.at:
        return f"event {row.id} is earlier than the event before it"
    return None


def _hash(*parts: int | str) -> str:
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()
