"""The types of text columns that nobody declared.

A column has a type only where every value of it reads as that type and reads back as the same value: '007' stays
text, and so does a column with one odd value in its last row. So the order of rows and files changes nothing.
Days and moments in one column are text too: a day among moments would be its midnight, and no longer last to its end.
"""

from collections.abc import Callable, Iterable, Mapping

import duckdb

from aspromised.declare.model.source import ColumnType
from aspromised.sql import quoting
from aspromised.store.typing.casting import Reading, cast

_CANDIDATES: tuple[ColumnType, ...] = ("integer", "number", "boolean", "date", "timestamp")
_FROM_STRINGS: tuple[ColumnType, ...] = ("date", "timestamp")
Cleaned = Callable[[Iterable[str]], str]
"""Given columns, the query of their cleaned values: over these alone, so that a wide file costs no more a column."""
_MERGING: tuple[ColumnType, ...] = ("number", "timestamp")
"""Types in which 1.1 and 1.10, or one moment in two time zones, are the same, and in which 1 is written 1.0."""
_SAMPLE = 2_000
_AT_ONCE = 25
"""How many questions one query asks: the database takes the square of their number to plan it."""

_SAME_AGAIN: dict[ColumnType, str] = {
    "integer": r"0|-?[1-9]\d*",
    "number": r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?",
    "boolean": r"(?i)true|false",
}
_DIGITS = 17
_TIME_OF_DAY = r"\d:\d"


def types(
    con: duckdb.DuckDBPyConnection,
    columns: Iterable[str],
    strings: frozenset[str],
    reading: Reading,
    cleaned: Cleaned,
    identity: frozenset[str] = frozenset(),
) -> dict[str, ColumnType]:
    """Return a type for each of these text columns of `cleaned`, where nulls are null already.

    Of those that rows are told apart by (`identity`) two texts never become one value, nor does a value become another text.

    A few rows rule most types out; only what they leave is asked of the whole table.
    """
    asked = {
        name: [
            wanted
            for wanted in (_FROM_STRINGS if name in strings else _CANDIDATES)
            if not (name in identity and wanted in _MERGING)
        ]
        for name in columns
    }
    sampled = _refuted(
        con, lambda names: f"{cleaned(names)} limit {_SAMPLE}", asked, identity, reading, "false"
    )
    left = {
        name: [wanted for wanted in kinds if (name, wanted) not in sampled] for name, kinds in asked.items()
    }
    found: dict[str, ColumnType] = {}
    while left:
        found |= {name: "text" for name, kinds in left.items() if not kinds}
        left = {name: kinds for name, kinds in left.items() if kinds}
        if left:
            first = {name: kinds[:1] for name, kinds in left.items()}
            wrong = _refuted(con, cleaned, first, identity, reading)
            found |= {name: kinds[0] for name, kinds in left.items() if (name, kinds[0]) not in wrong}
            left = {name: kinds[1:] for name, kinds in left.items() if (name, kinds[0]) in wrong}
    return found


def empty(con: duckdb.DuckDBPyConnection, columns: list[str], cleaned: Cleaned) -> list[str]:
    """Return the columns of `cleaned` that hold nothing; few rows tell of most that they do."""
    for limit in (f" limit {_SAMPLE}", ""):
        if columns:
            counts = ", ".join(f"count({quoting.name(name)})" for name in columns)
            row = con.execute(f"select {counts} from ({cleaned(columns)}{limit})").fetchall()[0]
            columns = [name for name, count in zip(columns, row, strict=True) if not count]
    return columns


def _refuted(
    con: duckdb.DuckDBPyConnection,
    cleaned: Cleaned,
    asked: Mapping[str, list[ColumnType]],
    identity: frozenset[str],
    reading: Reading,
    empty: str = "count({}) = 0",
) -> set[tuple[str, ColumnType]]:
    """Return the (column, type) pairs that some value of `cleaned` rules out, or for which `empty` holds."""
    pairs = [(name, wanted) for name, kinds in asked.items() for wanted in kinds]
    refuted: set[tuple[str, ColumnType]] = set()
    for start in range(0, len(pairs), _AT_ONCE):
        some = pairs[start : start + _AT_ONCE]
        columns = [
            f"{empty.format(quoting.name(name))} or count(case when {_unlike(name, wanted, reading, name in identity)} then 1 end) > 0"
            for name, wanted in some
        ]
        relation = cleaned(dict.fromkeys(name for name, _ in some))
        row = con.execute(f"select {', '.join(columns)} from ({relation})").fetchall()[0]
        refuted |= {pair for pair, wrong in zip(some, row, strict=True) if wrong}
    return refuted


def _unlike(name: str, wanted: ColumnType, reading: Reading, is_identity: bool) -> str:
    """Return SQL that is true where a value is there and is not of the type, or as an identity is written otherwise than it."""
    value = quoting.name(name)
    read = cast(value, "VARCHAR", wanted, reading)
    reads = f"({read}) is not null"
    if is_identity and wanted != "boolean":
        reads += f" and cast({read} as varchar) = {value}"
    if wanted in _SAME_AGAIN:
        same = _SAME_AGAIN[wanted]
        if (reading.parts and wanted == "number") or (reading.thousands and wanted == "integer"):
            same = rf"-?(0|[1-9][\d{reading.parts}]*)"
            same += rf"([{reading.decimal}]\d+)?([eE][+-]?\d+)?" if wanted == "number" else ""
        reads += f" and regexp_full_match({value}, {quoting.literal(same)})"
    if wanted == "date":
        reads += f" and not regexp_matches({value}, {quoting.literal(_TIME_OF_DAY)})"
    if wanted == "timestamp":
        reads += f" and regexp_matches({value}, {quoting.literal(_TIME_OF_DAY)})"
    if wanted == "number":
        reads += f" and length({value}) <= {_DIGITS}"
    return f"{value} is not null and not ({reads})"
