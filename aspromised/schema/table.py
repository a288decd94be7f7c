"""What a table is: named columns, each with a type, whether it may be null, and what it says."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class TableColumn:
    """One column; `type` is DuckDB's, `meaning` says what stands there and in which unit."""

    name: str
    type: str
    meaning: str
    nullable: bool = False


def column(name: str, type_: str, meaning: str) -> TableColumn:
    """Return a column that always holds a value."""
    return TableColumn(name, type_, meaning)


def maybe(name: str, type_: str, meaning: str) -> TableColumn:
    """Return a column that may be null."""
    return TableColumn(name, type_, meaning, nullable=True)


@dataclass(frozen=True)
class TableSchema:
    """One table. With `segments_after`, a text column for each segment of the workspace stands behind that column."""

    name: str
    meaning: str
    columns: tuple[TableColumn, ...]
    segments_after: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in their order, without those of segments."""
        return tuple(each.name for each in self.columns)

    def but(self, *left_out: str) -> tuple[str, ...]:
        """Return the columns' names without some.

        >>> TableSchema("t", "", (column("a", "date", ""), column("b", "date", ""))).but("a")
        ('b',)
        """
        return tuple(name for name in self.names if name not in left_out)

    def with_segments(self, segments: Iterable[TableColumn]) -> list[TableColumn]:
        """Return all columns of the table where a workspace has these segments."""
        found: list[TableColumn] = []
        for each in self.columns:
            found.append(each)
            if each.name == self.segments_after:
                found += segments
        return found
