"""The types of text columns that nobody declared.

A column has a type only where every value of it reads as that type and reads back as the same value: '007' stays
text, and so does a column with one odd value in its last row. So the order of rows and files changes nothing.
"""

from collections.abc import Iterable, Mapping

import duckdb

from aspromised.declare.model.source import ColumnType
from aspromised.sql import quoting
from aspromised.store.typing.casting import Reading, cast

_CANDIDATES: tuple[ColumnType, ...] = ("integer", "number", "boolean", "date", "timestamp")
_FROM_STRINGS: tuple[ColumnType, ...] = ("date", "timestamp")
_SAMPLE = 2_000

_SAME_AGAIN: dict[ColumnType, str] = {
    "integer": r"0|-?[1-9]\d*",
    "number": r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?",
    "boolean": r"(?i)true|false",
}
_WITH_COMMA = r"-?(0|[1-9][\d.]*)(,\d+)?([eE][+-]?\d+)?"
_DIGITS = 17
_TIME_OF_DAY = r"\d:\d"


def types(
    con: duckdb.DuckDBPyConnection, columns: Iterable[str], strings: frozenset[str], reading: Reading
) -> dict[str, ColumnType]:
    """Return a type for each of these text columns of the view `cleaned`, where nulls are null already.

    A few rows rule most types out; only what they leave is asked of the whole table.
    """
    asked = {name: list(_FROM_STRINGS if name in strings else _CANDIDATES) for name in columns}
    sampled = _refuted(con, f"(select * from cleaned limit {_SAMPLE})", asked, reading, "false")
    left = {
        name: [wanted for wanted in kinds if (name, wanted) not in sampled] for name, kinds in asked.items()
    }
    found: dict[str, ColumnType] = {}
    while left:
        found |= {name: "text" for name, kinds in left.items() if not kinds}
        left = {name: kinds for name, kinds in left.items() if kinds}
        if left:
            first = {name: kinds[:1] for name, kinds in left.items()}
            wrong = _refuted(con, "cleaned", first, reading)
            found |= {name: kinds[0] for name, kinds in left.items() if (name, kinds[0]) not in wrong}
            left = {name: kinds[1:] for name, kinds in left.items() if (name, kinds[0]) in wrong}
    return found


def empty(con: duckdb.DuckDBPyConnection, columns: list[str]) -> list[str]:
    """Return the columns of the view `cleaned` that hold nothing."""
    if not columns:
        return []
    counts = ", ".join(f"count({quoting.name(name)})" for name in columns)
    row = con.execute(f"select {counts} from cleaned").fetchall()[0]
    return [name for name, count in zip(columns, row, strict=True) if not count]


def _refuted(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    asked: Mapping[str, list[ColumnType]],
    reading: Reading,
    empty: str = "count({}) = 0",
) -> set[tuple[str, ColumnType]]:
    """Return the (column, type) pairs that some value of the relation rules out, or for which `empty` holds."""
    pairs = [(name, wanted) for name, kinds in asked.items() for wanted in kinds]
    if not pairs:
        return set()
    columns = [
        f"{empty.format(quoting.name(name))} or count(case when {_unlike(name, wanted, reading)} then 1 end) > 0"
        for name, wanted in pairs
    ]
    row = con.execute(f"select {', '.join(columns)} from {relation}").fetchall()[0]
    return {pair for pair, wrong in zip(pairs, row, strict=True) if wrong}


def _unlike(name: str, wanted: ColumnType, reading: Reading) -> str:
    """Return SQL that is true where a value is there and is not of the type."""
    value = quoting.name(name)
    reads = f"({cast(value, 'VARCHAR', wanted, reading)}) is not null"
    if wanted in _SAME_AGAIN:
        same = _WITH_COMMA if wanted == "number" and reading.decimal == "," else _SAME_AGAIN[wanted]
        reads += f" and regexp_full_match({value}, {quoting.text(same)})"
    if wanted == "date":
        reads += f" and not regexp_matches({value}, {quoting.text(_TIME_OF_DAY)})"
    if wanted == "number":
        reads += f" and length({value}) <= {_DIGITS}"
    return f"{value} is not null and not ({reads})"
