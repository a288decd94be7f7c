"""The warehouse: one DuckDB file that refreshes write. It can always be deleted and loaded again."""

import errno
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import duckdb

from aspromised.declare.held_folder import held_folder
from aspromised.declare.workspace import Workspace
from aspromised.schema.warehouse import WAREHOUSE_TABLES, WAREHOUSE_VERSION
from aspromised.sql import connect
from aspromised.sql.duckdb import DuckDB
from aspromised.sql.limits import stopped
from aspromised.sql.tables import create, insert
from aspromised.store import private
from aspromised.store.damage import is_damage
from aspromised.store.formats.raw import first_line
from aspromised.store.layout import Layout
from aspromised.store.lock import refresh_lock
from aspromised.store.snapshot import Snapshot, clear_leftovers, if_published
from aspromised.words.problems import AsPromisedError
from aspromised.words.trouble import translate_os_errors, trouble

LAYOUT_VERSION = 4
"""Raised when `aspromised.schema.warehouse` changes shape: an older warehouse is then made again."""

_LOGS = (".wal", ".wal.checkpoint", ".wal.recovery")
"""What DuckDB writes beside a file."""
_PAUSE = 0.5
"""Seconds between two looks at whether a file is still in use."""
_WRITER_LOOKS, _READER_LOOKS = 240, 20
"""How often a refresh looks before it gives up (two minutes), and a reader (ten seconds)."""

_Waiting = Callable[[str], None]

_SCHEMAS = ("source", "earlier")
"""Where the sources' own tables stand, and the versions of rows that gave way to later ones."""


@contextmanager
def writing(workspace: Workspace, waiting: _Waiting | None = None) -> Iterator[DuckDB]:
    """Give the warehouse to write to, under the refresh lock; the session's zone is the company's.

    Where another process looks at it, it is waited for, and `waiting` told so once in a sentence.
    A damaged warehouse is deleted and made again: at once where it does not open, and for the next
    refresh where the damage shows only later.
    """
    layout = Layout(workspace.root)
    with refresh_lock(layout):
        with translate_os_errors(layout.spill):
            _clear(layout.spill)
            clear_leftovers(layout)
        con = _waited_for(
            lambda: _open(layout, workspace.company.timezone), layout.warehouse, _WRITER_LOOKS, waiting
        )
        try:
            yield con
        except duckdb.Error as error:
            con.close()
            if not is_damage(error):
                _tell_limits(error)
                raise
            delete(layout.warehouse)
            message = f"{layout.warehouse} was damaged and has been deleted: run `aspromised refresh` again"
            raise AsPromisedError(message) from error
        finally:
            con.close()


@contextmanager
def reading_warehouse(
    workspace: Workspace,
    seconds: int = 120,
    memory: str = "4GB",
    *,
    beside: Snapshot | None = None,
    even_unpublished: bool = False,
) -> Iterator[DuckDB]:
    """Give the warehouse to look at: nothing can be changed, no file reached, no setting altered.

    Many processes may read at once, none while a refresh runs: where that does not end soon, AsPromisedError says so,
    and also where its sources are not those that the snapshot `beside` it (by default the one being served) was judged
    from, unless `even_unpublished`: what one tells would not agree with the other.
    """
    layout = Layout(workspace.root)
    _refuse_links(layout.warehouse)
    if not layout.warehouse.exists():
        raise AsPromisedError(f"nothing is loaded yet in {workspace.root}: run `aspromised refresh`")
    con = _waited_for(
        lambda: connect.to_look(layout.warehouse, workspace.company.timezone, seconds, memory),
        layout.warehouse,
        _READER_LOOKS,
    )
    with con:
        if not _is_ours(con):
            raise AsPromisedError("what is loaded was loaded by another version: run `aspromised refresh`")
        if not even_unpublished:
            with nullcontext(beside) if beside else if_published(workspace.root) as published:
                _refuse_unpublished(con, published)
        try:
            yield con
        except duckdb.Error as error:
            _tell_limits(error)
            raise


def _refuse_unpublished(con: DuckDB, snapshot: Snapshot | None) -> None:
    """Raise AsPromisedError where sources were loaded that a snapshot was not judged from: its refresh came to nothing."""
    if snapshot is None:
        return
    try:
        judged = snapshot.con.run("select name, value from judged_from where what = 'source'")
    except duckdb.Error:  # it tells nothing to disagree with
        return
    loaded = con.run('select "source", fingerprint from loaded')
    if differ := sorted({name for name, _ in {*judged} ^ {*loaded}}):
        raise AsPromisedError(
            f"the data loaded is not what the snapshot {snapshot.id} was judged from ({', '.join(differ)}): a refresh loaded"
            " it and could not publish, or an older snapshot serves: run `aspromised refresh`"
        )


@contextmanager
def scratch(workspace: Workspace) -> Iterator[DuckDB]:
    """Give an empty warehouse in memory, to load into and look at, and then forget."""
    zone = workspace.company.timezone
    with (
        held_folder() as spill,
        private.making(),
        connect.to_write(Path(":memory:"), zone, spill, seconds=120) as con,
    ):
        _create_tables(con)
        try:
            yield con
        except duckdb.Error as error:
            _tell_limits(error)
            raise


def _tell_limits(error: duckdb.Error) -> None:
    """Say in words, as AsPromisedError, that a statement was stopped before it took too much, if it was."""
    if reason := stopped(error):
        raise AsPromisedError(f"a statement was stopped: {reason}") from error


def delete(path: Path) -> None:
    """Delete a DuckDB file and its log."""
    for file in (path, path.with_name(path.name + ".wal")):
        file.unlink(missing_ok=True)


def _clear(spill: Path) -> None:
    """Delete what a killed refresh left where it spilled; OSError where a link stands there."""
    if spill.is_symlink():
        raise OSError(errno.ELOOP, "it is a link to another place", str(spill))
    shutil.rmtree(spill, ignore_errors=True)


def _refuse_links(warehouse: Path) -> None:
    """Raise TroubleError where the warehouse's file, or its log, is a link: a foreign file is never written or read."""
    with translate_os_errors(warehouse):
        private.own_database(warehouse, *_LOGS)


def _waited_for(
    opened: Callable[[], DuckDB], path: Path, looks: int, waiting: _Waiting | None = None
) -> DuckDB:
    """Return what `opened` opens, looking again while another process has it; AsPromisedError where it cannot be opened."""
    for look in range(looks):
        try:
            return opened()
        except duckdb.Error as error:
            if look == looks - 1 or not _is_in_use(error):
                raise AsPromisedError(_why_not_open(path, error)) from error
            if waiting and look == 0:
                waiting(f"{path} is in use by another process{_holder(error)}: waiting for it to finish")
        _pause(_PAUSE)
    raise AssertionError("the last look returns or raises")


def _pause(seconds: float) -> None:
    time.sleep(seconds)


def _open(layout: Layout, timezone: str) -> DuckDB:
    _refuse_links(layout.warehouse)
    try:
        return _open_once(layout, timezone)
    except duckdb.Error as error:
        if not is_damage(error):
            raise
    delete(layout.warehouse)
    return _open_once(layout, timezone)


def _open_once(layout: Layout, timezone: str) -> DuckDB:
    con = connect.to_write(layout.warehouse, timezone, layout.spill)
    private.close(layout.warehouse)  # an earlier version left it open to others
    try:
        if _is_new(con):
            _create_tables(con)
            con.execute(insert(WAREHOUSE_VERSION), [LAYOUT_VERSION])
        elif not _is_ours(con):
            raise duckdb.CatalogException("Corrupt: a warehouse of another version, or another's database")
    except BaseException:
        con.close()
        raise
    return con


def _create_tables(con: DuckDB) -> None:
    for name in _SCHEMAS:
        con.execute(f"create schema if not exists {name}")
    for table in WAREHOUSE_TABLES:
        con.execute(create(table, "", how="create table if not exists"))


def _is_new(con: DuckDB) -> bool:
    """Return whether nothing stands in a database yet."""
    asked = "select (select count(*) from duckdb_tables()) + (select count(*) from duckdb_views() where not internal)"
    return bool(con.execute(asked).fetchall() == [(0,)])


def _is_ours(con: DuckDB) -> bool:
    """Return whether a database holds the warehouse's own tables, column by column, in the version of now."""
    declared = {
        (table.name, each.name, each.type.upper()) for table in WAREHOUSE_TABLES for each in table.columns
    }
    asked = """
        select table_name, column_name, data_type from duckdb_columns()
        where schema_name = 'main' and list_contains($names, table_name)
            and table_oid in (select table_oid from duckdb_tables())
    """
    found = con.execute(asked, {"names": [table.name for table in WAREHOUSE_TABLES]}).fetchall()
    return set(found) == declared and con.execute("select version from warehouse_version").fetchall() == [
        (LAYOUT_VERSION,)
    ]


def _is_in_use(error: duckdb.Error) -> bool:
    return "set lock on file" in str(error).lower()


def _holder(error: duckdb.Error) -> str:
    said = str(error)
    return f" (PID {said.rpartition('(PID ')[2].partition(')')[0]})" if "(PID " in said else ""


def _why_not_open(path: Path, error: duckdb.Error) -> str:
    if _is_in_use(error):
        return f"{path} is in use by another process{_holder(error)}: try again when it has finished"
    if "different configuration" in str(error):
        return f"{path} is in use in this process: try again when it has finished"
    return str(trouble(error) or f"cannot open {path}: {first_line(error)}")
