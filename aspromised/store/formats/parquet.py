"""Parquet files as raw rows: their own types stand, but for columns that are of another type in another file."""

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

import duckdb

from aspromised.sql import connect, quoting
from aspromised.store.formats import header, outside
from aspromised.store.formats.raw import RAW, Raw, SourceProblem, columns_of, first_line
from aspromised.words.names import folded


def read_parquet(con: duckdb.DuckDBPyConnection, files: list[Path]) -> Raw:
    """Leave the rows of the files in the view `raw`, columns matched by name; where no file can be reached, in a table.

    A column of types that are not read as one (text and dates, moments with and without a zone) is text.
    """
    try:
        with connect.to_read_files() as reader:
            types = {file: columns_of(reader, f"select * from {_scan([file])}") for file in files}
        mixed = header.mixed(types.values())
        if connect.is_locked(con):
            outside.bring(con, RAW, _query(types, mixed))
        else:
            con.execute(f"create or replace temp view {RAW} as {_query(types, mixed)}")
    except duckdb.Error as error:
        raise SourceProblem(_which(files, error)) from error
    return Raw(columns_of(con), types, mixed=frozenset(mixed))


def damaged(files: list[Path]) -> str | None:
    """Return a message naming the first file that cannot be read to its end, if there is one."""
    return _first_failing(files, "select max(hash(t)) from {} as t")


def _query(types: Mapping[Path, Mapping[str, str]], mixed: list[str]) -> str:
    """Return the query of all rows: files with the same mixed columns are read together."""
    if not mixed:
        return f"select * from {_scan(list(types))}"

    def kinds(file: Path) -> list[str]:
        held = {folded(name): kind for name, kind in types[file].items()}
        return [held.get(folded(name), "") for name in mixed]

    parts = []
    for held, group in groupby(sorted(types, key=kinds), key=kinds):
        there = [quoting.name(name) for name, kind in zip(mixed, held, strict=True) if kind]
        texts = ", ".join(f"cast({name} as varchar) as {name}" for name in there)
        parts.append(f"select *{f' replace ({texts})' if texts else ''} from {_scan(list(group))}")
    return f"select {quoting.names(header.union(types.values()))} from ({' union all by name '.join(parts)})"


def _scan(files: list[Path]) -> str:
    paths = quoting.literals(_literal(str(file)) for file in files)
    return f"read_parquet({paths}, union_by_name = true, hive_partitioning = false)"


def _literal(path: str) -> str:
    """Return a path in which no character is a pattern.

    >>> _literal("orders [old].parquet")
    'orders [[]old].parquet'
    """
    return re.sub(r"[\[*?]", lambda sign: f"[{sign[0]}]", path)


def _which(files: list[Path], error: duckdb.Error) -> str:
    named = _first_failing(files, "select * from {} limit 0")
    return named or f"the files do not fit together: {first_line(error)}"


def _first_failing(files: list[Path], query: str) -> str | None:
    with connect.to_read_files() as con:
        for file in files:
            try:
                con.execute(query.format(_scan([file]))).fetchall()
            except duckdb.Error as error:
                said = first_line(error).replace(str(file), file.name)
                return f"{file}: not a whole parquet file: copy it again from where it came ({said})"
    return None
