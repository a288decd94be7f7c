"""What a snapshot keeps of the ledger: how many events it had and the last one's hash, so that a cut tail is found."""

from collections.abc import Mapping

from aspromised.store.ledger.book import Ledger
from aspromised.store.ledger.chain import FIRST, Event
from aspromised.words.figures import plural

COUNT, HASH, SINCE = "ledger_events", "ledger_hash", "ledger_since"
"""Under which names a snapshot's `meta` holds it; `SINCE` is when the snapshot was made."""
MEANT = "loss meant"
"""The kind of an event by which somebody says that a loss is meant: an older backup was restored."""


def to_keep(ledger: Ledger, before: Mapping[str, str], now: str) -> dict[str, str]:
    """Return what a new snapshot keeps: the ledger as it is; where it lost events, what the snapshot before kept."""
    if lost(ledger, before):
        return {name: before[name] for name in (COUNT, HASH, SINCE)}
    last = ledger.last()
    return {COUNT: str(last.id if last else 0), HASH: last.hash if last else FIRST, SINCE: now}


def lost(ledger: Ledger, kept: Mapping[str, str]) -> str:
    """Return the sentence that the ledger no longer holds what a snapshot knew of it; "" where it does, or it is meant."""
    count, digest = int(kept.get(COUNT, "0")), kept.get(HASH, FIRST)
    if digest == FIRST or ledger.holds(digest) or _is_meant(ledger, digest):
        return ""
    last = ledger.last()
    missing, since = count - (last.id if last else 0), kept[SINCE][:16].replace("T", " ")
    what = (
        f"has lost {plural(missing, 'event')}"
        if missing > 0
        else "holds other events than it did, some are lost"
    )
    return (
        f"the ledger {what} since the snapshot of {since} UTC: restore a backup (`aspromised ledger restore FILE`); if an"
        " older state is meant, `aspromised ledger accept-loss --who NAME` says so for good"
    )


def accept(ledger: Ledger, kept: Mapping[str, str], who: str) -> Event:
    """Write that the loss is meant, with what was lost, and return the event."""
    body = {"events": int(kept[COUNT]), "hash": kept[HASH], "since": kept[SINCE]}
    return ledger.append(MEANT, "ledger", body, who)


def _is_meant(ledger: Ledger, digest: str) -> bool:
    return any(event.body.get("hash") == digest for event in ledger.events(MEANT, "ledger"))
