"""The ledger of a workspace: add an event, read events, check that none was changed."""

import fcntl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, Select, select, text

from aspromised.store import private
from aspromised.store.ledger import chain
from aspromised.store.ledger.chain import Event, StoredEvent, Verified
from aspromised.store.ledger.engine import alone, reading_ledger, translate_database_errors
from aspromised.store.ledger.legible import refuse_odd
from aspromised.store.ledger.tables import EVENT, migrate, version_of
from aspromised.words.problems import AsPromisedError
from aspromised.words.trouble import translate_os_errors

_ALL = select(EVENT).order_by(EVENT.c.id)


class LedgerBook:
    """Events that people wrote. There is no way to change or remove one, here or in the database."""

    def __init__(
        self, engine: Engine, refuse_to_write: Callable[["LedgerBook", str], None] | None = None
    ) -> None:
        self.engine = engine
        self._refuse_to_write = refuse_to_write
        self._is_ready = False

    def __enter__(self) -> "LedgerBook":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @property
    def place(self) -> str:
        """Where the ledger is, in words without a password."""
        return self.engine.url.database or "" if self._file else self.engine.url.render_as_string()

    def append(self, kind: str, subject: str, body: Mapping[str, Any], who: str) -> Event:
        """Write an event and return it once it is on disk; `who` wrote it, the database's clock says when.

        AsPromisedError where a word is missing, the clock is far from the last event's moment, events are known to be
        lost, or the ledger cannot be written or trusted; TypeError where the body is not JSON.
        """
        for name, word in (("kind", kind), ("subject", subject), ("who", who)):
            refuse_odd(name, word)
        written = chain.body_text(body)
        if self._refuse_to_write:
            self._refuse_to_write(self, kind)
        self._make_ready()
        with alone(self.engine) as con:
            here = chain.trusted(_read(con, _ALL))
            row = chain.following(here[-1] if here else None, _now(con), who.strip(), kind, subject, written)
            _insert(con, [row])
        return row.event()

    def correct_clock(self, who: str) -> Event:
        """Write that the clock is right now, whatever the moment of the last event, and return the event."""
        return self.append(chain.CLOCK, "ledger", {chain.CLOCK: chain.CORRECTED}, who)

    def events(
        self, kind: str | None = None, subject: str | None = None, until: datetime | None = None
    ) -> list[Event]:
        """Return events in the order they were written: of a kind, about a subject, written by a moment (included).

        Where a clock was corrected since, an event is told by the latest moment at which it can have been written.
        DamagedLedger where any event, of whatever kind, is not as it was written.
        """
        rows = self.trusted()
        asked = [row for row in rows if kind in (None, row.kind) and subject in (None, row.subject)]
        known = chain.as_known(asked, [row for row in rows if chain.corrects(row)])
        limit = chain.moment_text(until) if until is not None else None
        return [row.event() for row in known if limit is None or row.at <= limit]

    def rows(self) -> list[StoredEvent]:
        """Return every event as it is stored, whatever was done to it."""
        return self._rows(_ALL)

    def trusted(self) -> Sequence[StoredEvent]:
        """Return every event as it is stored; DamagedLedger where one is not as it was written."""
        return chain.trusted(self.rows())

    def verify(self) -> Verified:
        """Return whether every event is as it was written, and which is the first that is not."""
        return chain.verified(self.rows())

    def restore(self, rows: list[StoredEvent]) -> int:
        """Add the events of a verified backup that are not here yet; return how many.

        AsPromisedError where the ledger holds events that the backup does not: nothing here is overwritten.
        """
        self._make_ready()
        with alone(self.engine) as con:
            here = _read(con, _ALL)
            if here != rows[: len(here)]:
                raise AsPromisedError(
                    f"the ledger holds {len(here)} events that this backup does not continue: restore into an empty ledger"
                    f" (put {self.place} aside)"
                )
            _insert(con, rows[len(here) :])
        return len(rows) - len(here)

    @property
    def _file(self) -> Path | None:
        is_file = self.engine.dialect.name == "sqlite"
        return Path(self.engine.url.database or "") if is_file else None

    def _rows(self, query: Select[Any]) -> list[StoredEvent]:
        """Return rows; none where nothing was ever written. Looking creates nothing."""
        if self._file:
            with translate_os_errors(self._file):
                _refuse_links(self._file)
            if not self._file.exists():
                return []
        with reading_ledger(self.engine) as con:
            return _read(con, query) if version_of(con) else []

    def _make_ready(self) -> None:
        """Make the tables where they are not there yet; one process at a time."""
        if self._is_ready:
            return
        with _sole_maker(self._file):
            if self._file:
                _keep_a_log(self.engine)
            with alone(self.engine) as con:
                migrate(con)
        self._is_ready = True


def _read(con: Connection, query: Select[Any]) -> list[StoredEvent]:
    return [StoredEvent(**row) for row in con.execute(query).mappings()]


def _insert(con: Connection, rows: list[StoredEvent]) -> None:
    for row in rows:
        con.execute(EVENT.insert().values(**vars(row)))


def _now(con: Connection) -> str:
    """Return the moment by the database's clock; SQLite has none but this machine's."""
    if con.dialect.name == "sqlite":
        return chain.moment_text(datetime.now(UTC))
    return chain.moment_text(con.execute(text("select clock_timestamp()")).scalar_one())


@contextmanager
def _sole_maker(file: Path | None) -> Iterator[None]:
    """Hold the lock of a ledger file that may be about to be made; the kernel drops it with the process."""
    if file is None:
        yield
        return
    with translate_os_errors(file.parent):
        private.folder(file.parent)
        lock_file = file.parent / "ledger.lock"
        private.touch(lock_file)
        with lock_file.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _refuse_links(file)
            private.touch(file)  # SQLite gives what it puts beside a file the rights of the file
            yield


def _refuse_links(file: Path) -> None:
    """Raise OSError where a ledger's file, or one that SQLite puts beside it, is not our own."""
    private.own_database(file, "-wal", "-shm", "-journal")


def _keep_a_log(engine: Engine) -> None:
    """Let readers read while one writes: SQLite's write-ahead log, remembered by the file."""
    with translate_database_errors(engine):
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("pragma journal_mode = wal").fetchall()
        finally:
            raw.close()
