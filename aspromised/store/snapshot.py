"""Snapshots: everything the app reads, published at once, under a name that is never used again."""

import errno
import os
import pickle
import re
import secrets
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from aspromised.schema.snapshot import META
from aspromised.schema.warehouse import PUBLISHED
from aspromised.sql import connect, quoting
from aspromised.sql.duckdb import DuckDB
from aspromised.sql.engine import Engine
from aspromised.sql.tables import insert
from aspromised.store import private
from aspromised.store.damage import is_damage
from aspromised.store.layout import KEPT_SNAPSHOTS, Layout
from aspromised.store.memo import Memo
from aspromised.words.moments import FIRST_YEAR, LAST_YEAR
from aspromised.words.problems import AsPromisedError, BrokenSnapshot
from aspromised.words.trouble import translate_os_errors, trouble

if TYPE_CHECKING:
    from aspromised.declare.workspace import Workspace

_REMEMBERED_BYTES = 128 * 1024 * 1024
"""How much of what one snapshot answered is remembered, as bytes of its tables in memory."""

_DERIVED = 128
"""How many things that were worked out from one snapshot are remembered."""

_SCHEMA = "snapshot"
"""The name under which `publish` attaches the new file."""

LAYOUT = "6"
"""Raised when the tables of a snapshot change shape: an older one is then made again.

A test compares `aspromised.schema.snapshot` with tests/golden/snapshot.txt; `python -m tests.schema.golden` writes that anew."""
LAYOUT_KEY = "layout"

_BROKEN: dict[Path, str] = {}
"""Snapshots that this process could not read, and why: they are passed over."""
_OLDER = "was written by another version of AsPromised"
_MEND = "run `aspromised refresh`"
_MOMENT = "%Y%m%dT%H%M%S%fZ"
_ID = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{4}")

Fill = Callable[[DuckDB, str], None]


class NoSnapshot(AsPromisedError):  # noqa: N818 - the word the house uses for it
    """Nothing has been published in this workspace yet; with a `reason`, nothing that was can be read."""

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Snapshot:
    """One published snapshot, open to look at. Threads may share it: each query has its own cursor."""

    root: Path
    path: Path
    con: DuckDB
    warning: str = ""
    """Why an older snapshot serves than the newest, and what to do; "" where the newest does."""
    answers: Memo[pd.DataFrame] = field(
        default_factory=lambda: Memo(_REMEMBERED_BYTES, _bytes_of), repr=False, compare=False
    )

    derived: Memo[Any] = field(default_factory=lambda: Memo(_DERIVED, _one), repr=False, compare=False)
    """What was worked out from it, for whoever asks for the same again (`analyse.queryable.remembered`)."""

    @property
    def id(self) -> str:
        """The snapshot's name; ids sort by the time of publishing."""
        return self.path.stem

    @property
    def is_broken(self) -> bool:
        """Whether reading it has shown that it cannot be read: the next to open is served the one before."""
        return self.path in _BROKEN

    def query(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Return the rows of `sql`; every instant in a snapshot is a plain UTC timestamp.

        A question asked again is answered from memory; the frame is the caller's own to change.
        """
        asked = (sql, _key(params))
        return self.answers.get(asked, lambda: self._ask(sql, params)).copy(deep=False)

    def _ask(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None) -> pd.DataFrame:
        with self._reading(), self.con.cursor() as cursor:
            frame: pd.DataFrame = cursor.execute(sql, params).df()
            return frame

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Raise BrokenSnapshot where what is asked cannot be read for damage, or was never written by another version."""
        try:
            yield
        except duckdb.Error as error:
            if is_damage(error):
                _BROKEN[self.path] = "is damaged"
            elif isinstance(error, duckdb.CatalogException) and "Table with name" in str(error):
                _BROKEN[self.path] = _OLDER
            else:
                raise
            raise BrokenSnapshot(f"snapshot {self.id} {_BROKEN[self.path]}: {_MEND}") from error

    @cached_property
    def meta(self) -> dict[str, str]:
        """What is said of the whole: id, as_of, timezone, company, …"""
        with self._reading(), self.con.cursor() as cursor:
            return dict(cursor.execute("select key, value from meta").fetchall())

    def close(self) -> None:
        """Let go of the file; queries fail from now on."""
        self.con.close()

    def __enter__(self) -> "Snapshot":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _key(params: Sequence[Any] | Mapping[str, Any] | None) -> bytes:
    """Return `params` as a key that tells 1 from True, a date from its text, and long lists from one another."""
    return pickle.dumps(dict(params) if isinstance(params, Mapping) else params)


def _one(_: object) -> int:
    return 1


def _bytes_of(frame: pd.DataFrame) -> int:
    """Return what the columns take in memory: of objects one by one, of all else as the array tells it, at a fifth of the cost."""
    columns = (column for _, column in frame.items())
    return sum(int(column.memory_usage(index=False, deep=column.dtype == object)) for column in columns)


def open_snapshot(root: Path) -> Snapshot:
    """Return the snapshot being served; NoSnapshot says how to make one.

    A refresh never disturbs it: the file is unchanged until the last reader has let go. One that is damaged, or was
    written by another version, gives way to the one before, whose `warning` says so.
    """
    layout = Layout(root)
    candidates, passed = _candidates(layout), _pointer_problem(layout)
    for path in candidates:
        if path not in _BROKEN:
            if snapshot := _opened(root, path):
                return replace(snapshot, warning=f"{passed}; {snapshot.id} serves: {_MEND}" if passed else "")
            if not path.exists():
                continue  # cleared away between looking and opening: there is a newer one
        passed = passed or f"snapshot {path.stem} {_BROKEN[path]}"
    if not candidates:
        raise NoSnapshot(f"nothing is published yet in {root}: {_MEND}")
    reason = f"{passed or 'no snapshot can be read'}, and none before it serves"
    raise NoSnapshot(f"{reason}: {_MEND}", reason)


def _opened(root: Path, path: Path) -> Snapshot | None:
    """Return a snapshot, or None where it is damaged, of another layout, or gone."""
    try:
        snapshot = Snapshot(root, path, connect.to_look(path, "UTC", seconds=30, memory="4GB"))
        if snapshot.meta.get(LAYOUT_KEY) == LAYOUT:
            return snapshot
        snapshot.close()
        _BROKEN[path] = _OLDER
    except BrokenSnapshot:
        pass
    except duckdb.Error as error:
        if known := trouble(error):
            if path.exists():
                raise known from error
            return None
        _BROKEN[path] = "is damaged"
    return None


@contextmanager
def if_published(root: Path) -> Iterator["Snapshot | None"]:
    """Give the snapshot being served, opened once for all that is asked of it; None where there is none that can be read."""
    try:
        found = open_snapshot(root)
    except (NoSnapshot, duckdb.Error):
        found = None
    with found or nullcontext():
        yield found


def served_meta(root: Path) -> dict[str, str]:
    """Return what the snapshot being served says of itself; nothing where there is none that tells."""
    try:
        with open_snapshot(root) as snapshot:
            return snapshot.meta
    except (NoSnapshot, duckdb.Error):
        return {}


def serving(root: Path) -> str | None:
    """Return the id that `open_snapshot` would open, or None: a cheap way to see that there is a newer one."""
    return next((path.stem for path in _candidates(Layout(root)) if path not in _BROKEN), None)


def publish(con: DuckDB, workspace: "Workspace", fill: Fill, base: Path | None = None) -> Path:
    """Make a snapshot, move the pointer to it and return its path; with `base`, from a copy of that snapshot.

    `con` is the connection of `writing(workspace)`. A new empty file is attached to it under the name
    given to `fill(con, schema)`, which creates the tables there, as in
    `con.execute(f"create table {schema}.meta as select …")`, free to read the warehouse in the same
    query. `fill` makes a `meta(key, value)` table; its `id` is written here. If `fill` fails, nothing changes:
    the error is raised again and readers keep what they had.
    """
    layout = Layout(workspace.root)
    with translate_os_errors(layout.snapshots):
        private.folder(layout.snapshots)
    with translate_os_errors(layout.pointer):
        if layout.pointer.is_dir() and not layout.pointer.is_symlink():
            raise IsADirectoryError(errno.EISDIR, "")
    clear_leftovers(layout)
    new = next_id(layout)
    path = layout.snapshots / f"{new}.duckdb"
    try:
        if base:
            shutil.copyfile(base, layout.unfinished)
        _write(con, layout.unfinished, new, fill)
        _sync(layout.unfinished)
        layout.unfinished.rename(path)
        _sync(layout.snapshots)
        con.execute("delete from published")
        con.execute(insert(PUBLISHED), [new, _checksum(path)])
        _point(layout, new)
    except BaseException:
        clear_leftovers(layout)  # on a full disk they would keep it full
        if _pointed(layout) != new:
            path.unlink(missing_ok=True)
        raise
    prune(layout, new)
    return path


def is_as_published(con: Engine, path: Path) -> bool:
    """Return whether a snapshot's file holds what the warehouse remembers to have published last, to the byte."""
    known = con.run("select checksum from published where snapshot = ?", [path.stem])
    return bool(known == [(_checksum(path),)])


def _checksum(path: Path) -> int:
    """Return a checksum of a file's bytes; a disk that forgets some is found by it."""
    found = 0
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            found = zlib.crc32(part, found)
    return found


def next_id(layout: Layout) -> str:
    """Return an id that sorts after every id there is, even where the clock was put back."""
    now = datetime.now(UTC)
    for path in published(layout)[-1:]:
        now = max(now, _moment(path.stem) + timedelta(microseconds=1))
    return f"{now.strftime(_MOMENT)}-{secrets.token_hex(2)}"


def _moment(id: str) -> datetime:
    """Return the moment of an id; ValueError where it tells none."""
    return datetime.strptime(id.partition("-")[0], _MOMENT).replace(tzinfo=UTC)


def _is_id(stem: str) -> bool:
    """Return whether a name is one that a snapshot of ours may have."""
    if _ID.fullmatch(stem):
        with suppress(ValueError):
            return FIRST_YEAR <= _moment(stem).year <= LAST_YEAR
    return False


def published(layout: Layout) -> list[Path]:
    """Return the complete snapshots, oldest first."""
    if not layout.snapshots.exists():
        return []
    with translate_os_errors(layout.snapshots):
        found = list(layout.snapshots.iterdir())
    return sorted(
        path for path in found if path.suffix == ".duckdb" and _is_id(path.stem) and _is_plain_file(path)
    )


def _is_plain_file(path: Path) -> bool:
    """Whether a file of its own stands there: not a folder, a link to elsewhere, or a pipe that would be waited on."""
    with suppress(OSError):
        return S_ISREG(path.lstat().st_mode)
    return False


def clear_leftovers(layout: Layout) -> None:
    """Delete what a refresh that was killed or failed left unfinished. Only the holder of the refresh lock may."""
    for path in (*layout.snapshots.glob(".*.unfinished*"), *layout.home.glob(".CURRENT.*")):
        path.unlink(missing_ok=True)


def prune(layout: Layout, serving: str) -> None:
    """Delete all but the newest snapshots; readers that have an old one open keep it."""
    for path in published(layout)[:-KEPT_SNAPSHOTS]:
        if path.stem != serving:
            path.unlink(missing_ok=True)


def _candidates(layout: Layout) -> list[Path]:
    newest_first = published(layout)[::-1]
    pointed = layout.snapshots / f"{_pointed(layout)}.duckdb"
    return (
        [pointed, *(path for path in newest_first if path != pointed)]
        if pointed in newest_first
        else newest_first
    )


def _pointed(layout: Layout) -> str:
    """Return what the pointer says, whatever stands in it; "" where there is none."""
    with suppress(OSError):
        if not _is_plain_file(layout.pointer):
            return ""
        with layout.pointer.open("rb") as file:
            return file.read(200).decode("utf-8", "replace").strip()
    return ""


def _pointer_problem(layout: Layout) -> str:
    """Return what is wrong with the pointer beside snapshots that are there, "" where it names one of them."""
    is_right = _pointed(layout) in {path.stem for path in published(layout)}
    return "" if is_right else f"{layout.pointer} names no snapshot"


def _write(con: DuckDB, path: Path, snapshot_id: str, fill: Fill) -> None:
    con.execute(f"attach {quoting.literal(str(path))} as {_SCHEMA}")
    try:
        fill(con, _SCHEMA)
        con.execute(f"delete from {_SCHEMA}.meta where key in ('id', '{LAYOUT_KEY}')")
        con.executemany(insert(META, _SCHEMA), [("id", snapshot_id), (LAYOUT_KEY, LAYOUT)])
        con.execute(f"checkpoint {_SCHEMA}")
    except BaseException:
        _abandon(con)
        raise
    con.execute(f"detach {_SCHEMA}")


def _abandon(con: DuckDB) -> None:
    for statement in ("rollback", f"detach {_SCHEMA}"):
        with suppress(duckdb.Error):  # where no transaction is open: the first error is the one to tell
            con.execute(statement)


def _point(layout: Layout, snapshot_id: str) -> None:
    new = layout.home / f".CURRENT.{snapshot_id}"
    new.write_text(snapshot_id + "\n")
    _sync(new)
    new.replace(layout.pointer)
    _sync(layout.home)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
