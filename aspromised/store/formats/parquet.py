"""Parquet files as raw rows: their own types stand, but for columns that are of another type in another file."""

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

import duckdb

from aspromised.sql import connect, quoting
from aspromised.store.formats import header, outside
from aspromised.store.formats.raw import RAW, Raw, SourceProblem, columns_of, first_line
from aspromised.words.columns import column_key


def read_parquet(con: duckdb.DuckDBPyConnection, files: list[Path]) -> Raw:
    """Leave the rows of the files in the view `raw`, columns matched by name; where no file can be reached, in a table.

    A column of types that are not read as one (text and dates, moments with and without a zone) is text.
    """
    try:
        with connect.to_read_files() as reader:
            written = {file: columns_of(reader, f"select * from {_scan([file])}") for file in files}
            names = {file: _checked(reader, file, list(held)) for file, held in written.items()}
        types = {file: dict(zip(names[file], held.values(), strict=True)) for file, held in written.items()}
        mixed = header.mixed(types.values())
        query = _query(written, types, mixed)
        if connect.is_locked(con):
            outside.bring(con, RAW, query)
        else:
            con.execute(f"create or replace temp view {RAW} as {query}")
    except duckdb.Error as error:
        raise SourceProblem(_which(files, error)) from error
    return Raw(columns_of(con), types, mixed=frozenset(mixed))


def damaged(files: list[Path]) -> str | None:
    """Return a message naming the first file that cannot be read to its end, if there is one."""
    return _first_failing(files, "select max(hash(t)) from {} as t")


def _checked(reader: duckdb.DuckDBPyConnection, file: Path, found: list[str]) -> list[str]:
    """Return the columns' names; SourceProblem where two are the same, which the database tells apart by a number."""
    path = quoting.literal(_literal(str(file)))
    stored = {name for (name,) in reader.execute(f"select name from parquet_schema({path})").fetchall()}
    return header.checked(file, [name if name in stored else _NUMBERED.sub("", name) for name in found])


_NUMBERED = re.compile(r"_\d+$")


def _query(
    written: Mapping[Path, Mapping[str, str]], named: Mapping[Path, Mapping[str, str]], mixed: list[str]
) -> str:
    """Return the query of all rows: files whose columns have to be renamed, or made text, alike are read together.

    `written` and `named` tell the columns of each file in the same order: as they stand there, and as they are called.
    """
    columns, texts = header.union(named.values()), set(map(column_key, mixed))

    def odd(file: Path) -> list[tuple[str, str, str]]:
        names = header.respelled(named[file], columns)
        each = zip(written[file].items(), names, strict=True)
        wanted = [
            (name, called, kind if column_key(called) in texts else "") for (name, kind), called in each
        ]
        return sorted((name, called, kind) for name, called, kind in wanted if kind or name != called)

    if not any(map(odd, written)):
        return f"select * from {_scan(list(written))}"
    parts = []
    for changed, group in groupby(sorted(written, key=odd), key=odd):
        files = list(group)
        values = {name: quoting.name(name) for file in files for name in written[file]}
        for name, called, kind in changed:
            value = f"cast({values[name]} as varchar)" if kind else values[name]
            values[name] = f"{value} as {quoting.name(called)}"
        parts.append(f"select {', '.join(values.values())} from {_scan(files)}")
    return f"select {quoting.names(columns)} from ({' union all by name '.join(parts)})"


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
