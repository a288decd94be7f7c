"""Rows of files for a connection that reaches none: read on a connection of their own and handed over."""

import duckdb
import pyarrow as pa

from aspromised.sql import connect


def bring(
    con: duckdb.DuckDBPyConnection, table: str, query: str, parameters: list[str] | None = None
) -> None:
    """Make `table`, temporary, of the rows of a query over files; the query is ours, never an author's."""
    with connect.to_read_files() as reader:
        rows = reader.sql(query, params=parameters).to_arrow_reader(100_000)
        take(con, rows, f"create or replace temp table {table} as select * from incoming")


def take(con: duckdb.DuckDBPyConnection, rows: "pa.RecordBatchReader | pa.Table", statement: str) -> int:
    """Run a statement that reads `incoming`, and return how many rows it made."""
    con.register("incoming", rows)
    try:
        return int(con.execute(statement).fetchall()[0][0])
    finally:
        con.unregister("incoming")
