"""A ledger as a file of text: a heading, then an event a line, each with its hash. It restores into either database."""

import json
from pathlib import Path

from aspromised.store import private
from aspromised.store.ledger.book import LedgerBook
from aspromised.store.ledger.chain import StoredEvent, Verified, verified
from aspromised.words.problems import AsPromisedError
from aspromised.words.trouble import translate_os_errors

_FORMAT = "aspromised ledger 1"


def backup(ledger: LedgerBook, file: Path, replace: bool = False) -> Verified:
    """Write every event to a file, all or nothing; return what was written.

    AsPromisedError where the ledger was tampered with, the file is there already, or it cannot be written.
    """
    if file.exists() and not replace:
        raise AsPromisedError(f"{file} is there already: name another file, or give --force")
    rows = ledger.rows()
    state = verified(rows)
    if state.problem:
        raise AsPromisedError(f"not backed up: {state.problem}")
    heading = {"format": _FORMAT, "events": state.events, "last_hash": state.last_hash}
    lines = [json.dumps(heading), *(json.dumps(vars(row), ensure_ascii=False) for row in rows)]
    with translate_os_errors(file):
        private.write(file, ("\n".join(lines) + "\n").encode())
    return state


def restore(ledger: LedgerBook, file: Path) -> tuple[Verified, int]:
    """Add a backup's events that the ledger does not hold yet; return what it holds and how many were added.

    The whole file is checked before anything is written. AsPromisedError where it is no backup, is cut short or was
    changed, or where the ledger holds other events.
    """
    rows = read_backup(file)
    added = ledger.restore(rows)
    return verified(rows), added


def read_backup(file: Path) -> list[StoredEvent]:
    """Return the events of a backup, every hash checked."""
    if not file.is_file():
        raise AsPromisedError(f"there is no file {file}")
    try:
        heading, *lines = file.read_text(encoding="utf-8").split("\n")[:-1]
        told = json.loads(heading)
        if told["format"] != _FORMAT:
            raise ValueError(told["format"])
        rows = [StoredEvent(**json.loads(line)) for line in lines]
    except OSError as error:
        raise AsPromisedError(f"cannot read {file}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise AsPromisedError(f"{file} is not a backup of a ledger, or was cut short") from error
    state = verified(rows)
    if state.problem:
        raise AsPromisedError(f"{file}: {state.problem}")
    if (state.events, state.last_hash) != (told["events"], told["last_hash"]):
        raise AsPromisedError(f"{file} was cut short: it holds {state.events} of {told['events']} events")
    return rows
