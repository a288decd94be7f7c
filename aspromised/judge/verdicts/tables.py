"""The tables the judge fills, made in a schema; `aspromised.schema.snapshot` says what they hold."""

from collections.abc import Iterable

from aspromised.schema.snapshot import JUDGED_TABLES, segment
from aspromised.sql.tables import create


def ddl(schema: str, segments: Iterable[str]) -> dict[str, str]:
    """Return table → the statement that creates it in `schema`, with a text column a segment name.

    In the schema `temp` they are temporary tables, which a connection may make that cannot change anything.
    """
    how = "create temp table" if schema == "temp" else "create table"
    columns = [segment(name) for name in segments]
    return {table.name: create(table, schema, columns, how) for table in JUDGED_TABLES}
