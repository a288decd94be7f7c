"""The events of a ledger as `aspromised ledger show` lists them; of a damaged one, as far as they can be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from aspromised.cli.answers.writing import EventAnswer
from aspromised.store.ledger.chain import Event, StoredEvent, Verified

MARKS = {True: "", False: "! ", None: "? "}
"""Before an event as it was written, before the first that is not, and before those after it, of which nothing is known."""


@dataclass(frozen=True)
class Listed:
    """An event as it is listed: `fits` in its JSON says whether it is as it was written, None where that cannot be told."""

    kind: str
    subject: str
    line: str
    json: EventAnswer


def as_written(events: Iterable[Event]) -> list[Listed]:
    """Return the events of a ledger that is as it was written."""
    return [_event(each, f"{each.at:%Y-%m-%d %H:%M:%S} UTC", True) for each in events]


def as_found(rows: Sequence[StoredEvent], state: Verified) -> list[Listed]:
    """Return the events of a damaged ledger, whatever was done to them: `state` tells how many are as they were written."""
    return [
        _found(row, True if place < state.events else False if place == state.events else None, state)
        for place, row in enumerate(rows)
    ]


def _found(row: StoredEvent, fits: bool | None, state: Verified) -> Listed:
    why = f"  ({state.problem})" if fits is False else ""
    try:
        event = row.event()
        listed = _event(event, f"{event.at:%Y-%m-%d %H:%M:%S} UTC", fits)
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        parts = {name: part if isinstance(part, int) else _text(part) for name, part in vars(row).items()}
        told = "  ".join(str(parts[name]) for name in ("id", "at", "who", "kind", "subject", "body"))
        json = cast(EventAnswer, {**parts, "fits": fits})
        listed = Listed(str(row.kind), str(row.subject), f"{MARKS[fits]}{told}", json)
    return Listed(listed.kind, listed.subject, f"{listed.line}{why}", listed.json)


_LONGEST = 200


def _text(part: object) -> str:
    text = str(part)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _said(value: object) -> str:
    """Return a value of an event as words: parts with what they are called, where they are called anything.

    >>> _said({"": "In 2 days", "spring": "Here"}), _said(["a", 2]), _said(True)
    ('“In 2 days”; spring “Here”', 'a; 2', 'yes')
    """
    if isinstance(value, dict):
        return "; ".join(f"{name} “{said}”".strip() for name, said in value.items())
    if isinstance(value, list):
        return "; ".join(map(_said, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _event(event: Event, at: str, fits: bool | None) -> Listed:
    body = ", ".join(
        f"{name}: {_said(value)}" for name, value in event.body.items() if value not in ("", None)
    )
    line = f"{MARKS[fits]}{event.id}  {at}  {event.who}  {event.kind}  {event.subject}  {body}"
    json = cast(
        EventAnswer, {**vars(event), "at": event.at.isoformat(), "body": dict(event.body), "fits": fits}
    )
    return Listed(event.kind, event.subject, line, json)
