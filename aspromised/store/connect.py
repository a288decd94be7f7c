"""Connections to DuckDB: one kind that writes, one kind that can only look."""

import os
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb

from aspromised.store import quoting

_NO_SURPRISES: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
}
_LOOK_ONLY: dict[str, Any] = {**_NO_SURPRISES, "enable_external_access": False}

MEMORY_VARIABLE = "ASPROMISED_MEMORY"
"""The environment variable that gives a refresh more memory than it takes by itself; what does not fit is spilled."""

_MEMORY = "1500MB"
_OPENING = Lock()


def to_write(path: Path, timezone: str, spill: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection that may change `path` and read data files; its cursors' zone is `timezone`.

    The zone is set for all cursors ("global"): one set for a session alone is not passed on to its cursors.
    """
    limits = {"temp_directory": str(spill), "memory_limit": os.environ.get(MEMORY_VARIABLE) or _MEMORY}
    con = duckdb.connect(str(path), config={**_NO_SURPRISES, **limits})
    con.execute(f"set global TimeZone = {quoting.text(timezone)}")
    con.execute("set preserve_insertion_order = false")
    return con


def to_look(path: Path, timezone: str, seconds: int, memory: str) -> duckdb.DuckDBPyConnection:
    """Return a connection that can change nothing and reach no file, with limits that SQL cannot lift.

    Within a process DuckDB opens a file once: a later connection finds the settings of the first, locked.
    """
    limits = {"memory_limit": memory, "max_temp_directory_size": "0B", "max_execution_time": seconds * 1000}
    with _OPENING:
        con = duckdb.connect(str(path), read_only=True, config={**_LOOK_ONLY, **limits})
        if con.execute("select not current_setting('lock_configuration')").fetchall() == [(True,)]:
            con.execute(f"set global TimeZone = {quoting.text(timezone)}")
            con.execute("set global lock_configuration = true")
    return con
