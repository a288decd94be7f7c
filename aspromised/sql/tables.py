"""Statements about declared tables: to make one, and to put rows into it by the names of its columns."""

from collections.abc import Iterable

from aspromised.schema.table import TableColumn, TableSchema
from aspromised.sql import quoting


def create(
    table: TableSchema, schema: str, segments: Iterable[TableColumn] = (), how: str = "create table"
) -> str:
    """Return the statement that makes a table in `schema`, "" for where the connection stands.

    >>> from aspromised.schema.table import column
    >>> create(TableSchema("day", "", (column("on", "date", ""),)), "temp", how="create temp table")
    'create temp table temp.day ("on" date)'
    """
    columns = ", ".join(f"{quoting.name(each.name)} {each.type}" for each in table.with_segments(segments))
    return f"{how} {_place(table, schema)} ({columns})"


def insert(table: TableSchema, schema: str = "") -> str:
    """Return the statement that puts one row of all its columns, in their order, into a table.

    >>> from aspromised.schema.table import column
    >>> insert(TableSchema("day", "", (column("on", "date", ""), column("n", "bigint", ""))))
    'insert into day ("on", "n") values (?, ?)'
    """
    marks = ", ".join("?" for _ in table.columns)
    return f"insert into {_place(table, schema)} ({quoting.names(table.names)}) values ({marks})"


def _place(table: TableSchema, schema: str) -> str:
    return f"{schema}.{table.name}" if schema else table.name
