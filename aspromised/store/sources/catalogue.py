"""What is remembered of each file a source was loaded from: what it held, and which columns."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from aspromised.declare.model import Source
from aspromised.store.formats.header import mixed, union
from aspromised.store.sources.stamps import Stamp
from aspromised.words.columns import column_key
from aspromised.words.figures import plural

_NAMED = 5
"""Columns that are told by name; the others are counted."""


@dataclass(frozen=True)
class FileRead:
    """A file that was loaded, with its columns in order and their types."""

    stamp: Stamp
    columns: Mapping[str, str]


def read_catalogue(con: duckdb.DuckDBPyConnection) -> dict[str, list[FileRead]]:
    """Return the files of each source, as they were when it was loaded."""
    rows = con.execute('select "source", file, state, content, columns from loaded_file').fetchall()
    found: dict[str, list[FileRead]] = {}
    for source, file, state, content, columns in rows:
        found.setdefault(source, []).append(FileRead(Stamp(file, state, content), json.loads(columns)))
    return found


def write_catalogue(con: duckdb.DuckDBPyConnection, source: str, files: Sequence[FileRead]) -> None:
    """Remember the files of a source, and no others."""
    con.execute('delete from loaded_file where "source" = ?', [source])
    told = {
        "source": source,
        "files": [one.stamp.file for one in files],
        "states": [one.stamp.state for one in files],
        "contents": [one.stamp.content for one in files],
        "columns": [json.dumps(one.columns) for one in files],
    }
    lists = ", ".join(f"unnest(cast(${name} as varchar[]))" for name in list(told)[1:])
    con.execute(
        f'insert into loaded_file ("source", file, state, content, columns) select $source, {lists}', told
    )


def look_again(con: duckdb.DuckDBPyConnection, source: str, stamps: Iterable[Stamp]) -> None:
    """Remember how files look now that hold what they held, so that they need not be read the next time."""
    known = dict(con.execute('select file, state from loaded_file where "source" = ?', [source]).fetchall())
    for stamp in stamps:
        if known.get(stamp.file) != stamp.state:
            values = [stamp.state, source, stamp.file]
            con.execute('update loaded_file set state = ? where "source" = ? and file = ?', values)


def columns_of_all(files: Sequence[FileRead], kind: str) -> list[str] | None:
    """Return the columns of files in the order that reading them at once gives them; None where types are mixed.

    Keys of JSON stand in the order of their names.
    """
    if mixed(one.columns for one in files):
        return None
    if kind.startswith("json"):
        return sorted(union(one.columns for one in files))
    return union(one.columns for one in files)


def notes(files: Sequence[FileRead]) -> str | None:
    """Return what is worth knowing of the columns of several files: those that some lack, those of several types."""
    told = [*_lacking(files), *map(_of_several_types, mixed(one.columns for one in files))]
    more = [f"and {plural(len(told) - _NAMED, 'more column')}"] if len(told) > _NAMED else []
    return "; ".join([*told[:_NAMED], *more]) or None


_READ_AS = {
    "VARCHAR": "texts", "BIGINT": "whole numbers", "DOUBLE": "numbers", "BOOLEAN": "true or false", "DATE": "days",
    "TIMESTAMP WITH TIME ZONE": "moments",
}  # fmt: skip


def retyped(before: Mapping[str, str], now: Mapping[str, str], source: Source) -> str | None:
    """Return which columns that nobody declared are read otherwise than before for what they hold now."""
    declared = set(map(column_key, source.columns))
    types = {column_key(name): kind for name, kind in before.items()}
    told = [
        f"the column '{name}' was read as {_READ_AS[types[key]]} and is now read as {_READ_AS[kind]}"
        for name, kind in now.items()
        if (key := column_key(name)) not in declared
        and types.get(key, kind) != kind
        and {types[key], kind} <= _READ_AS.keys()
    ]
    if not told:
        return None
    more = [f"and {plural(len(told) - _NAMED, 'more column')}"] if len(told) > _NAMED else []
    why = "if that is not meant, set it right there, or declare what it is under `columns`"
    return f"{', '.join([*told[:_NAMED], *more])}: {why}"


def _lacking(files: Sequence[FileRead]) -> Iterator[str]:
    held = {one.stamp.file: set(map(column_key, one.columns)) for one in files}
    for column in union(one.columns for one in files):
        lacking = [file for file, columns in held.items() if column_key(column) not in columns]
        if lacking:
            which = f"{len(lacking):,} of {len(files):,} files, the last of them {Path(lacking[-1]).name}"
            yield f"the column '{column}' is not in {which}: it is empty there"


def _of_several_types(column: str) -> str:
    return f"the column '{column}' is of another type in some files: give it one under `columns`"
