"""The header line of a file without types."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from aspromised.sql.nothing import EMPTY_TYPE
from aspromised.store.formats.raw import SourceProblem, refuse_width
from aspromised.words.names import folded

_READ_AS_ONE = (
    re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*"),
    re.compile(r"DATE|TIMESTAMP(_(S|MS|NS))?"),
)
"""Types that stand for one another without changing a value: numbers, and days and moments without a zone."""


def checked(file: Path | str, header: Sequence[str]) -> list[str]:
    """Return a header's column names without blanks around them; SourceProblem where two are the same.

    A column without a name is called after its place: "column 3".
    """
    refuse_nul(file, header)
    columns = [name.strip() or f"column {place}" for place, name in enumerate(header, 1)]
    seen: set[str] = set()
    for column in columns:
        if folded(column) in seen:
            raise SourceProblem(f"{file}: two columns are called '{column}': rename one")
        seen.add(folded(column))
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
    """Return every column once, in order of first appearance; upper and lower case are one name.

    SourceProblem where they are too many.

    >>> union([["id", "At"], ["at", "id", "note"]])
    ['id', 'At', 'note']
    """
    columns: dict[str, str] = {}
    for header in headers:
        for column in header:
            columns.setdefault(folded(column), column)
    refuse_width(len(columns))
    return list(columns.values())


def mixed(files: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the columns that are of several types in these files (column → type) which are not read as one.

    >>> mixed([{"n": "BIGINT", "at": "TIMESTAMP"}, {"n": "DOUBLE", "at": "VARCHAR"}])
    ['at']
    """
    kinds: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for columns in files:
        for name, kind in columns.items():
            names.setdefault(folded(name), name)
            kinds.setdefault(folded(name), set()).add(kind)
    return [name for lower, name in names.items() if not _is_one(kinds[lower])]


def _is_one(kinds: set[str]) -> bool:
    kinds = kinds - {EMPTY_TYPE}  # an empty column of no type
    return len(kinds) < 2 or any(all(map(pattern.fullmatch, kinds)) for pattern in _READ_AS_ONE)
