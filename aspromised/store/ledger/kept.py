"""What a snapshot keeps of the ledger: how many events it had and the last one's hash, so that a cut tail is found."""

from collections.abc import Mapping
from pathlib import Path

from aspromised.store.ledger.book import LedgerBook
from aspromised.store.ledger.chain import CLOCK, FIRST, Event
from aspromised.store.ledger.engine import ledger_url, make_engine
from aspromised.store.snapshot import served_meta
from aspromised.words.figures import plural
from aspromised.words.problems import AsPromisedError

COUNT, HASH, SINCE = "ledger_events", "ledger_hash", "ledger_since"
"""Under which names a snapshot's `meta` holds it; `SINCE` is when the snapshot was made."""
MEANT = "loss meant"
"""The kind of an event by which somebody says that a loss is meant: an older backup was restored."""


def open_ledger(root: Path) -> LedgerBook:
    """Return the ledger of a workspace: its file `ledger/ledger.db`, or the database of ASPROMISED_LEDGER_URL.

    It takes no event while those are gone that the snapshot being served knows: what is written over a gap would keep
    a backup from being restored.
    """

    def refuse(ledger: LedgerBook, kind: str) -> None:
        if kind not in (MEANT, CLOCK) and (loss := lost(ledger, served_meta(root))):
            raise AsPromisedError(f"nothing was written: {loss}")

    return LedgerBook(make_engine(ledger_url(root)), refuse)


def to_keep(ledger: LedgerBook, before: Mapping[str, str], now: str) -> dict[str, str]:
    """Return what a new snapshot keeps: the ledger as it is; where it lost events, what the snapshot before kept."""
    if lost(ledger, before):
        return {name: before[name] for name in (COUNT, HASH, SINCE)}
    rows = ledger.trusted()
    return {COUNT: str(len(rows)), HASH: rows[-1].hash if rows else FIRST, SINCE: now}


def lost(ledger: LedgerBook, kept: Mapping[str, str]) -> str:
    """Return the sentence that the ledger no longer holds what a snapshot knew of it; "" where it does, or it is meant.

    DamagedLedger where what it does hold is not as it was written.
    """
    rows = ledger.trusted()
    count, digest = int(kept.get(COUNT, "0")), kept.get(HASH, FIRST)
    if digest == FIRST or digest in {row.hash for row in rows} or _is_meant(ledger, digest):
        return ""
    missing, since = count - len(rows), kept[SINCE][:16].replace("T", " ")
    what = (
        f"has lost {plural(missing, 'event')}"
        if missing > 0
        else "holds other events than it did, some are lost"
    )
    return (
        f"the ledger {what} since the snapshot of {since} UTC: restore a backup (`aspromised ledger restore FILE`); if an"
        " older state is meant, `aspromised ledger accept-loss --who NAME` says so for good"
    )


def accept(ledger: LedgerBook, kept: Mapping[str, str], who: str) -> Event:
    """Write that the loss is meant, with what was lost, and return the event."""
    body = {"events": int(kept[COUNT]), "hash": kept[HASH], "since": kept[SINCE]}
    return ledger.append(MEANT, "ledger", body, who)


def _is_meant(ledger: LedgerBook, digest: str) -> bool:
    return any(event.body.get("hash") == digest for event in ledger.events(MEANT, "ledger"))
