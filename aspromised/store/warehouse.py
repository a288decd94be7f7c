"""The warehouse: one DuckDB file that refreshes write. It can always be deleted and loaded again."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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
from aspromised.words.problems import AsPromisedError
from aspromised.words.trouble import trouble

LAYOUT_VERSION = 4
"""Raised when `aspromised.schema.warehouse` changes shape: an older warehouse is then made again."""

_SCHEMAS = ("source", "earlier")
"""Where the sources' own tables stand, and the versions of rows that gave way to later ones."""


@contextmanager
def writing(workspace: Workspace) -> Iterator[DuckDB]:
    """Give the warehouse to write to, under the refresh lock; the session's zone is the company's.

    A damaged warehouse is deleted and made again: at once where it does not open, and for the next
    refresh where the damage shows only later.
    """
    layout = Layout(workspace.root)
    with refresh_lock(layout):
        shutil.rmtree(layout.spill, ignore_errors=True)  # what a killed refresh left there
        con = _open(layout, workspace.company.timezone)
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
def reading_warehouse(workspace: Workspace, seconds: int = 120, memory: str = "4GB") -> Iterator[DuckDB]:
    """Give the warehouse to look at: nothing can be changed, no file reached, no setting altered.

    Many processes may read at once, none while a refresh runs: then AsPromisedError says so.
    """
    layout = Layout(workspace.root)
    if not layout.warehouse.exists():
        raise AsPromisedError(f"nothing is loaded yet in {workspace.root}: run `aspromised refresh`")
    try:
        con = connect.to_look(layout.warehouse, workspace.company.timezone, seconds, memory)
    except duckdb.Error as error:
        raise AsPromisedError(_why_not_open(layout.warehouse, error)) from error
    with con:
        if _version(con) != LAYOUT_VERSION:
            raise AsPromisedError("what is loaded was loaded by another version: run `aspromised refresh`")
        try:
            yield con
        except duckdb.Error as error:
            _tell_limits(error)
            raise


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


def _open(layout: Layout, timezone: str) -> DuckDB:
    try:
        return _open_once(layout, timezone)
    except duckdb.Error as error:
        if not is_damage(error):
            raise AsPromisedError(_why_not_open(layout.warehouse, error)) from error
    delete(layout.warehouse)
    return _open_once(layout, timezone)


def _open_once(layout: Layout, timezone: str) -> DuckDB:
    con = connect.to_write(layout.warehouse, timezone, layout.spill)
    private.close(layout.warehouse)  # an earlier version left it open to others
    try:
        _create_tables(con)
        versions = con.execute("select version from warehouse_version").fetchall()
        if not versions:
            con.execute(insert(WAREHOUSE_VERSION), [LAYOUT_VERSION])
        elif versions != [(LAYOUT_VERSION,)]:
            raise duckdb.CatalogException("Corrupt: a warehouse of another version")
    except BaseException:
        con.close()
        raise
    return con


def _create_tables(con: DuckDB) -> None:
    for name in _SCHEMAS:
        con.execute(f"create schema if not exists {name}")
    for table in WAREHOUSE_TABLES:
        con.execute(create(table, "", how="create table if not exists"))


def _version(con: DuckDB) -> int | None:
    try:
        versions = con.execute("select version from warehouse_version").fetchall()
    except duckdb.CatalogException:
        return None
    return int(versions[0][0]) if len(versions) == 1 else None


def _why_not_open(path: Path, error: duckdb.Error) -> str:
    said = str(error)
    if "set lock on file" in said.lower():
        holder = f" (PID {said.rpartition('(PID ')[2].partition(')')[0]})" if "(PID " in said else ""
        return f"{path} is in use by another process{holder}: try again when it has finished"
    if "different configuration" in said:
        return f"{path} is in use in this process: try again when it has finished"
    return str(trouble(error) or f"cannot open {path}: {first_line(error)}")
