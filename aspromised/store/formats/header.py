"""The header line of a file without types."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from aspromised.sql.authored.nothing import EMPTY_TYPE
from aspromised.store.formats.raw import SourceProblem, refuse_width
from aspromised.words.columns import column_key, column_name, spelled

_READ_AS_ONE = (
    re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*"),
    re.compile(r"TIMESTAMP(_(S|MS|NS))?"),
)
"""Types that stand for one another without changing a value: numbers, and moments without a zone; a day is no midnight."""


def checked(file: Path | str, header: Sequence[str]) -> list[str]:
    """Return a header's column names without what surrounds them; SourceProblem where two are the same column.

    A column without a name is called after its place: "column 3".
    """
    refuse_nul(file, header)
    columns = [column_name(name) or f"column {place}" for place, name in enumerate(header, 1)]
    first: dict[str, str] = {}
    for column in columns:
        key = column_key(column)
        if key in first:
            names = "' and '".join(dict.fromkeys([first[key], column]))
            raise SourceProblem(f"{file}: two columns are called '{names}': rename one")
        first[key] = column
    if not columns:
        raise SourceProblem(f"{file}: the first line is empty: it has to name the columns")
    return columns


def refuse_nul(file: Path | str, names: Iterable[str]) -> None:
    """Raise SourceProblem where a column's name holds a NUL character, which no table can be asked for."""
    for name in names:
        if "\0" in name:
            shown = name.replace("\0", "\\0")[:60]
            raise SourceProblem(
                f"{file}: the column '{shown}' has a NUL character in its name: export it again as UTF-8, or rename it"
            )


def union(headers: Iterable[Iterable[str]]) -> list[str]:
    """Return every column once, in order of first appearance and as it is spelled there.

    SourceProblem where they are too many.

    >>> union([["id", "At"], ["at", "id", "note"]])
    ['id', 'At', 'note']
    """
    columns = list(spelled(chain.from_iterable(headers)).values())
    refuse_width(len(columns))
    return columns


def respelled(names: Iterable[str], columns: Iterable[str]) -> list[str]:
    """Return names as the columns that they name are spelled.

    >>> respelled(["ID", "at"], ["At", "id"])
    ['id', 'At']
    """
    known = spelled(columns)
    return [known[column_key(name)] for name in names]


def mixed(files: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the columns that are of several types in these files (column → type) which are not read as one.

    >>> mixed([{"n": "BIGINT", "at": "TIMESTAMP"}, {"n": "DOUBLE", "at": "VARCHAR"}])
    ['at']
    """
    kinds: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for columns in files:
        for name, kind in columns.items():
            names.setdefault(column_key(name), name)
            kinds.setdefault(column_key(name), set()).add(kind)
    return [name for key, name in names.items() if not _is_one(kinds[key])]


def _is_one(kinds: set[str]) -> bool:
    kinds = kinds - {EMPTY_TYPE}  # an empty column of no type
    return len(kinds) < 2 or any(all(map(pattern.fullmatch, kinds)) for pattern in _READ_AS_ONE)
