"""Parquet files as raw rows: their own types stand."""

import re
from pathlib import Path

import duckdb

from aspromised.store import quoting
from aspromised.store.raw import RAW, Raw, SourceProblem, columns_of, first_line


def read(con: duckdb.DuckDBPyConnection, files: list[Path]) -> Raw:
    """Leave the rows of the files in the view `raw`, columns matched by name."""
    try:
        con.execute(f"create or replace temp view {RAW} as select * from {_scan(files)}")
    except duckdb.Error as error:
        raise SourceProblem(_which(con, files, error)) from error
    return Raw(columns_of(con))


def damaged(con: duckdb.DuckDBPyConnection, files: list[Path]) -> str | None:
    """Return a message naming the first file that cannot be read to its end, if there is one."""
    return _first_failing(con, files, "select max(hash(t)) from {} as t")


def _scan(files: list[Path]) -> str:
    paths = quoting.texts(_literal(str(file)) for file in files)
    return f"read_parquet({paths}, union_by_name = true, hive_partitioning = false)"


def _literal(path: str) -> str:
    """Return a path in which no character is a pattern.

    >>> _literal("orders [old].parquet")
    'orders [[]old].parquet'
    """
    return re.sub(r"[\[*?]", lambda sign: f"[{sign[0]}]", path)


def _which(con: duckdb.DuckDBPyConnection, files: list[Path], error: duckdb.Error) -> str:
    named = _first_failing(con, files, "select * from {} limit 0")
    return named or f"the files do not fit together: {first_line(error)}"


def _first_failing(con: duckdb.DuckDBPyConnection, files: list[Path], query: str) -> str | None:
    """Try each file on a cursor of its own, for the failure has ended the connection's transaction."""
    with con.cursor() as cursor:
        for file in files:
            try:
                cursor.execute(query.format(_scan([file]))).fetchall()
            except duckdb.Error as error:
                said = first_line(error).replace(str(file), file.name)
                return f"{file}: not a whole parquet file: copy it again from where it came ({said})"
    return None
