"""The header line of a file without types."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from aspromised.store.raw import SourceProblem


def checked(file: Path | str, header: Sequence[str]) -> list[str]:
    """Return a header's column names without blanks around them; SourceProblem where two are the same.

    A column without a name is called after its place: "column 3".
    """
    columns = [name.strip() or f"column {place}" for place, name in enumerate(header, 1)]
    seen: set[str] = set()
    for column in columns:
        if column.lower() in seen:
            raise SourceProblem(f"{file}: two columns are called '{column}': rename one")
        seen.add(column.lower())
    if not columns:
        raise SourceProblem(f"{file}: the first line is empty: it has to name the columns")
    return columns


def union(headers: Iterable[Sequence[str]]) -> list[str]:
    """Return every column once, in order of first appearance; upper and lower case are one name.

    >>> union([["id", "At"], ["at", "id", "note"]])
    ['id', 'At', 'note']
    """
    columns: dict[str, str] = {}
    for header in headers:
        for column in header:
            columns.setdefault(column.lower(), column)
    return list(columns.values())
