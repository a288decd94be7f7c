"""The ledger of a workspace: add an event, read events, check that none was changed."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, Select, select, text

from aspromised.store import private
from aspromised.store.ledger import chain
from aspromised.store.ledger.chain import Event, Row, Verified
from aspromised.store.ledger.engine import alone, ledger_url, make_engine, reading, told
from aspromised.store.ledger.tables import EVENT, migrate, version_of
from aspromised.words.problems import AsPromisedError
from aspromised.words.trouble import told as told_by_machine

_LAST = select(EVENT).order_by(EVENT.c.id.desc()).limit(1)
_CORRECTIONS = (
    select(EVENT).where(EVENT.c.body.contains(f'"{chain.CLOCK}":"{chain.CORRECTED}"')).order_by(EVENT.c.id)
)


class Ledger:
    """Events that people wrote. There is no way to change or remove one, here or in the database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._is_ready = False

    def __enter__(self) -> "Ledger":
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

        AsPromisedError where a word is missing, the clock is far from the last event's moment, or the ledger cannot be
        written; TypeError where the body is not JSON.
        """
        for name, word in (("kind", kind), ("subject", subject), ("who", who)):
            _refuse_odd(name, word)
        written = chain.body_text(body)
        self._make_ready()
        with alone(self.engine) as con:
            row = chain.following(_last(con), _now(con), who.strip(), kind, subject, written)
            _insert(con, [row])
        return row.event()

    def correct_clock(self, who: str) -> Event:
        """Write that the clock is right now, whatever the moment of the last event, and return the event."""
        return self.append(chain.CLOCK, "ledger", {chain.CLOCK: chain.CORRECTED}, who)

    def last(self) -> Row | None:
        """Return the last event as it is stored."""
        found = self._rows(_LAST)
        return found[0] if found else None

    def holds(self, digest: str) -> bool:
        """Return whether an event has this hash."""
        return bool(self._rows(select(EVENT).where(EVENT.c.hash == digest)))

    def events(
        self, kind: str | None = None, subject: str | None = None, until: datetime | None = None
    ) -> list[Event]:
        """Return events in the order they were written: of a kind, about a subject, written by a moment (included).

        Where a clock was corrected since, an event is told by the latest moment at which it can have been written.
        """
        query = select(EVENT).order_by(EVENT.c.id)
        if kind is not None:
            query = query.where(EVENT.c.kind == kind)
        if subject is not None:
            query = query.where(EVENT.c.subject == subject)
        corrections = self._rows(_CORRECTIONS)
        known = chain.as_known(self._rows(query), [row for row in corrections if chain.corrects(row)])
        limit = chain.moment_text(until) if until is not None else None
        return [row.event() for row in known if limit is None or row.at <= limit]

    def rows(self) -> list[Row]:
        """Return every event as it is stored."""
        return self._rows(select(EVENT).order_by(EVENT.c.id))

    def verify(self) -> Verified:
        """Return whether every event is as it was written, and which is the first that is not."""
        return chain.verified(self.rows())

    def restore(self, rows: list[Row]) -> int:
        """Add the events of a verified backup that are not here yet; return how many.

        AsPromisedError where the ledger holds events that the backup does not: nothing here is overwritten.
        """
        self._make_ready()
        with alone(self.engine) as con:
            here = _read(con, select(EVENT).order_by(EVENT.c.id))
            if here != rows[: len(here)]:
                raise AsPromisedError(
                    f"the ledger holds {len(here)} events that this backup does not continue: restore into an empty ledger"
                )
            _insert(con, rows[len(here) :])
        return len(rows) - len(here)

    @property
    def _file(self) -> Path | None:
        is_file = self.engine.dialect.name == "sqlite"
        return Path(self.engine.url.database or "") if is_file else None

    def _rows(self, query: Select[Any]) -> list[Row]:
        """Return rows; none where nothing was ever written. Looking creates nothing."""
        if self._file and not self._file.exists():
            return []
        with reading(self.engine) as con:
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


def open_ledger(root: Path) -> Ledger:
    """Return the ledger of a workspace: its file `ledger/ledger.db`, or the database of ASPROMISED_LEDGER_URL."""
    return Ledger(make_engine(ledger_url(root)))


def _last(con: Connection) -> Row | None:
    found = _read(con, _LAST)
    return found[0] if found else None


def _read(con: Connection, query: Select[Any]) -> list[Row]:
    return [Row(**row) for row in con.execute(query).mappings()]


def _insert(con: Connection, rows: list[Row]) -> None:
    for row in rows:
        con.execute(EVENT.insert().values(**vars(row)))


def _now(con: Connection) -> str:
    """Return the moment by the database's clock; SQLite has none but this machine's."""
    if con.dialect.name == "sqlite":
        return chain.moment_text(datetime.now(UTC))
    return chain.moment_text(con.execute(text("select clock_timestamp()")).scalar_one())


def _refuse_odd(name: str, word: str) -> None:
    if not word.strip():
        raise AsPromisedError(f"an event needs to say {name}")
    if any(ord(letter) < 32 for letter in word) or not word.isprintable():
        raise AsPromisedError(
            f"'{word!r}' cannot be {name}: write it on one line, in letters that can be read"
        )


@contextmanager
def _sole_maker(file: Path | None) -> Iterator[None]:
    """Hold the lock of a ledger file that may be about to be made; the kernel drops it with the process."""
    if file is None:
        yield
        return
    with told_by_machine(file.parent):
        private.folder(file.parent)
        lock_file = file.parent / "ledger.lock"
        private.touch(lock_file)
        with lock_file.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            private.touch(file)  # SQLite gives what it puts beside a file the rights of the file
            yield


def _keep_a_log(engine: Engine) -> None:
    """Let readers read while one writes: SQLite's write-ahead log, remembered by the file."""
    with told(engine):
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("pragma journal_mode = wal").fetchall()
        finally:
            raw.close()
