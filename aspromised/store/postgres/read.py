"""Rows of a PostgreSQL query, streamed into the temporary table `raw`; the database can only be read.

A query runs inside a select, in a transaction that may only read, under a time-out: what changes data, or is not
one query, the server refuses. Only the environment knows the password, and no message tells it.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from aspromised.declare.model import Source
from aspromised.declare.workspace import Workspace
from aspromised.sql import quoting
from aspromised.store.formats import header
from aspromised.store.formats.raw import RAW, Raw, SourceProblem, columns_of
from aspromised.store.postgres.address import Address, from_environment
from aspromised.store.postgres.trouble import not_reached, not_run
from aspromised.words.columns import column_key
from aspromised.words.lengths import Length

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Connection as Database

_PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}
"""How long to wait for a server that does not answer, in seconds; the URL may say otherwise."""

_TEXTS = ("citext", "xml")
"""Types that come as bytes and are texts."""

_BEFORE_ALL = "4714-01-01 (BC)"
"""PostgreSQL knows no earlier day; its 'infinity' and '-infinity' arrive as one."""


def read_query(con: duckdb.DuckDBPyConnection, workspace: Workspace, source: Source) -> Raw:
    """Leave the rows of the source's query in the table `raw`; SourceProblem says what to mend."""
    connection = workspace.connections.get(source.connection or "")
    if connection is None:
        raise SourceProblem(f"there is no connection '{source.connection}': declare it under `connections`")
    if source.query is None:
        raise SourceProblem(f"the connection '{source.connection}' needs a `query`")
    address = from_environment(connection.url_env)
    zone = source.timezone or workspace.company.timezone
    with _reading(address, connection.longest, zone) as database, database.cursor() as cursor:
        cursor.execute(_as_table(source.query))
        with cursor.fetch_record_batch() as stream:
            _take(con, stream, set(map(column_key, source.columns)))
    columns = columns_of(con)
    return Raw(columns, computed=True, stamp=_stamp(con, columns))


@contextmanager
def _reading(address: Address, limit: Length, zone: str) -> Iterator["Database"]:
    """Give a connection that can only read; what goes wrong is told as a SourceProblem."""
    # The driver takes half a second to load, which workspaces of files need not wait for.
    from adbc_driver_manager import Error
    from adbc_driver_postgresql.dbapi import connect

    options = f"-c default_transaction_read_only=on -c statement_timeout={limit.microseconds // 1000} -c TimeZone={zone}"
    try:
        database = connect(address.uri(options, {**_PATIENCE, "application_name": "aspromised"}))
    except Error as error:
        raise not_reached(address, str(error)) from None
    began = time.monotonic()
    try:
        with database:
            _refuse_unguarded(database, address)
            yield database
    except (Error, duckdb.Error) as error:
        seconds = time.monotonic() - began
        raise not_run(address, str(error), limit, ran_out=seconds * 1e6 >= limit.microseconds) from None


def _refuse_unguarded(database: "Database", address: Address) -> None:
    """Refuse a pooler that takes the options and does not pass them on."""
    with database.cursor() as cursor:
        cursor.execute("select current_setting('transaction_read_only')")
        if cursor.fetchall() != [("on",)]:
            raise SourceProblem(
                f"{address}: it does not take the options that keep a session from writing: give an address that"
                " reaches the server itself, not a pooler"
            )


def _as_table(query: str) -> str:
    """Return a query in which only rows can be asked for; a trailing comment stays one."""
    return f"select * from (\n{query.strip().rstrip(';')}\n) as asked"


def _take(con: duckdb.DuckDBPyConnection, stream: pa.RecordBatchReader, declared: set[str]) -> None:
    """Make the table `raw` from the stream, batch by batch."""
    names = header.checked("the query", stream.schema.names)
    columns = [
        f"{_value(field, column_key(name) in declared)} as {quoting.name(name)}"
        for name, field in zip(names, stream.schema, strict=True)
    ]
    con.register("streamed", stream)
    try:
        con.execute(f"create or replace temp table {RAW} as select {', '.join(columns)} from streamed")
    finally:
        con.unregister("streamed")


def _value(field: "pa.Field[Any]", is_declared: bool) -> str:
    """Return SQL of a column as it is meant; SourceProblem where its bytes mean nothing here."""
    column, kind = quoting.name(field.name), _kind(field)
    if kind == "numeric":
        number = f"case when {column} <> 'NaN' then {column} end"
        return number if is_declared else f"cast({number} as double)"
    if kind in ("date", "timestamp", "timestamptz"):
        first = f"timestamp '{_BEFORE_ALL}'" if kind != "date" else f"date '{_BEFORE_ALL}'"
        return f"case when {column} >= {first} then {column} end"
    if kind in _TEXTS:
        return f"decode({column})"
    if kind == "money" or _is_bytes(field.type):
        better = "numeric" if kind == "money" else "text"
        raise SourceProblem(
            f"the column '{field.name}' is of PostgreSQL's type {kind}, which is not read: write it in the query"
            f" as cast({field.name} as {better})"
        )
    return column


def _kind(field: "pa.Field[Any]") -> str:
    """Return PostgreSQL's name of a column's type."""
    return ((field.metadata or {}).get(b"POSTGRESQL:type") or b"").decode()


def _is_bytes(held: pa.DataType) -> bool:
    """Return whether values come in PostgreSQL's own form, which only it reads."""
    if pa.types.is_list(held):
        return _is_bytes(held.value_type)
    is_opaque = isinstance(held, pa.OpaqueType) and held.storage_type == pa.binary()
    return bool(is_opaque or pa.types.is_struct(held))


def _stamp(con: duckdb.DuckDBPyConnection, columns: Mapping[str, str]) -> str:
    """Return what is the same for the same columns and the same rows, in any order."""
    shape = quoting.literal(str(sorted(columns.items())))
    row = f"hash({shape}, {quoting.names(sorted(columns))})"
    rows, added = con.execute(f"select count(*), sum({row}::hugeint)::varchar from {RAW}").fetchall()[0]
    return f"{rows}:{added or 0}"
