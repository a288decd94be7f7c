"""What a reader hands over: rows as they stand in the files, before any type is given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from aspromised.sql import quoting
from aspromised.words.problems import AsPromisedError

RAW = "raw"
"""The temporary table or view a reader leaves its rows in."""

STORED = 10_000
"""How many rows that were set aside are kept for a source; all are counted."""


MOST_COLUMNS = 2_000
"""How many columns a source may have: planning a query costs the database the more, the wider its table is."""


class SourceProblem(AsPromisedError):  # noqa: N818 - the word the house uses for it
    """Why a source cannot be loaded; the message names the file and what to do."""


@dataclass
class Rejected:
    """Lines that are not rows, with the reason of each; all counted, the first ones kept."""

    count: int = 0
    rows: list[tuple[str, str]] = field(default_factory=list)

    def add(self, row: str, reason: str) -> None:
        """Count one line, and keep it while there is room."""
        self.count += 1
        if len(self.rows) < STORED:
            self.rows.append((row, reason))


@dataclass(frozen=True)
class Raw:
    """The rows in the temporary relation `raw`, and what is known of its columns."""

    columns: Mapping[str, str]
    """DuckDB type by column."""
    files: Mapping[Path, Mapping[str, str]] = field(default_factory=dict)
    """The columns of each file with their types."""
    infer: bool = False
    """Whether every column is text whose type is to be inferred."""
    strings: frozenset[str] = frozenset()
    """Columns whose values were written as strings ("007"), never to be read as numbers."""
    identity: frozenset[str] = frozenset()
    """Keys of the columns that rows are told apart by, which are read as nothing that two texts could become."""
    iso: bool = False
    """Whether instants may stand in ISO 8601 beside the declared format (xlsx cells hold real dates)."""
    mixed: frozenset[str] = frozenset()
    """Columns of several types that are text here, and are to be inferred though others have their types."""
    computed: bool = False
    """Whether the rows come from a query, whose empty texts are meant."""
    stamp: str = ""
    """Where only reading tells whether rows changed: the same for the same rows."""
    rejected: Rejected = field(default_factory=Rejected)
    relation: str = RAW
    """The temporary relation they stand in."""


def refuse_width(count: int) -> None:
    """Raise SourceProblem where data is wider than a source may be."""
    if count > MOST_COLUMNS:
        raise SourceProblem(
            f"it has {count:,} columns, at most {MOST_COLUMNS:,} can be read: export those that promises need"
        )


def columns_of(con: duckdb.DuckDBPyConnection, relation: str = RAW) -> dict[str, str]:
    """Return the columns of a relation with their DuckDB types."""
    rows = con.execute(f"describe {relation}").fetchall()
    return {row[0]: row[1] for row in rows}


def longest_text(con: duckdb.DuckDBPyConnection, relation: str = RAW) -> int:
    """Return the length of the longest text in a relation."""
    texts = [quoting.name(name) for name, kind in columns_of(con, relation).items() if kind == "VARCHAR"]
    longest = ", ".join(f"max(length({name}))" for name in texts)
    return (
        int(con.execute(f"select coalesce(greatest({longest}), 0) from {relation}").fetchall()[0][0])
        if texts
        else 0
    )


def text_table(con: duckdb.DuckDBPyConnection, columns: Iterable[str]) -> None:
    """Make `raw` as an empty table of text columns."""
    shape = ", ".join(f"{quoting.name(column)} varchar" for column in columns)
    con.execute(f"create or replace temp table {RAW} ({shape})")


def all_text(columns: Iterable[str]) -> dict[str, str]:
    """Return columns that are all text, with their type."""
    return dict.fromkeys(columns, "VARCHAR")


def first_line(error: Exception) -> str:
    """Return an error's first line without DuckDB's label in front."""
    line = str(error).strip().partition("\n")[0]
    label, colon, rest = line.partition(" Error: ")
    return rest if colon and len(label) < 30 else line
