"""Connections to DuckDB: one kind that writes, one kind that can only look, one that reads files and nothing else.

Authors' SQL runs on the first two, and only once they are locked: then no file outside can be read or written and no
setting changed, whatever the SQL says (docs/decisions/0008-no-way-in.md).
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb

from aspromised.sql import quoting
from aspromised.sql.duckdb import DuckDB, OneStatement
from aspromised.sql.limits import MEMORY_VARIABLE, SECONDS_VARIABLE, SPILL_VARIABLE
from aspromised.words.problems import AsPromisedError

_NO_SURPRISES: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
}
_LOOK_ONLY: dict[str, Any] = {**_NO_SURPRISES, "enable_external_access": False}

_MEMORY, _SPILL, _SECONDS = "1500MB", "20GB", 600
_OPENING = Lock()


def to_write(path: Path, timezone: str, spill: Path, seconds: int = _SECONDS) -> DuckDB:
    """Return a connection that may change `path` and read data files; its cursors' zone is `timezone`.

    `lock` it before it meets anything an author wrote. The zone is set for all cursors ("global"): one set for a
    session alone is not passed on to its cursors.
    """
    limits: dict[str, Any] = {
        "temp_directory": str(spill),
        "memory_limit": _size(MEMORY_VARIABLE, _MEMORY),
        "max_temp_directory_size": _size(SPILL_VARIABLE, _SPILL),
        "max_execution_time": _seconds(seconds) * 1000,
    }
    con = duckdb.connect(str(path), config={**_NO_SURPRISES, **limits})
    con.execute(f"set global TimeZone = {quoting.literal(timezone)}")
    con.execute("set preserve_insertion_order = false")
    return OneStatement(con)


def seconds_of_a_statement() -> int:
    """Return how long a statement of a refresh may run."""
    return _seconds(_SECONDS)


def lock(con: duckdb.DuckDBPyConnection, but_for: Iterable[Path] = ()) -> None:
    """Shut a connection off from every file but its own, where it spills and `but_for`; nothing opens it again."""
    if is_locked(con):
        return
    also = ("", ".wal", ".wal.checkpoint", ".wal.recovery")
    paths = quoting.literals(f"{path}{end}" for path in but_for for end in also)
    con.execute(f"set global allowed_paths = {paths}")
    con.execute("set global enable_external_access = false")
    con.execute("set global lock_configuration = true")


def is_locked(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether a connection reaches no file and keeps its settings."""
    asked = "select not current_setting('enable_external_access') and current_setting('lock_configuration')"
    return bool(con.execute(asked).fetchall() == [(True,)])


def to_look(path: Path, timezone: str, seconds: int, memory: str) -> DuckDB:
    """Return a connection that can change nothing, reach no file and spill nothing, with limits that SQL cannot lift.

    Within a process DuckDB opens a file once: a later connection finds the settings of the first, locked.
    """
    limits: dict[str, Any] = {
        "memory_limit": _size(MEMORY_VARIABLE, memory),
        "max_temp_directory_size": "0B",
        "max_execution_time": _seconds(seconds) * 1000,
    }
    with _OPENING:
        con = duckdb.connect(str(path), read_only=True, config={**_LOOK_ONLY, **limits})
        if not is_locked(con):
            con.execute(f"set global TimeZone = {quoting.literal(timezone)}")
            con.execute("set global lock_configuration = true")
    return OneStatement(con)


def to_read_files() -> duckdb.DuckDBPyConnection:
    """Return a connection of its own, in memory, that reads data files: it never meets what an author wrote."""
    con = duckdb.connect(
        config={**_NO_SURPRISES, "memory_limit": _size(MEMORY_VARIABLE, _MEMORY), "temp_directory": ""}
    )
    con.execute("set preserve_insertion_order = false")
    con.execute("set arrow_lossless_conversion = true")
    return con


def _size(variable: str, usual: str) -> str:
    """Return what the environment allows, or the usual; AsPromisedError where it does not say it as a size."""
    said = os.environ.get(variable) or usual
    if not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B", said, re.IGNORECASE | re.ASCII):
        raise AsPromisedError(f"{variable} is '{said}': write a size, such as {usual}")
    return said


def _seconds(usual: int) -> int:
    """Return how long a statement may run; AsPromisedError where the environment does not say it in seconds."""
    said = os.environ.get(SECONDS_VARIABLE) or str(usual)
    if not said.isdecimal() or not 0 < int(said) < 1_000_000:
        raise AsPromisedError(
            f"{SECONDS_VARIABLE} is '{said}': write a whole number of seconds, such as {usual}"
        )
    return int(said)
