"""The columns of what is loaded."""

from duckdb import DuckDBPyConnection


def source_columns(con: DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Return the columns of each loaded source: source → column → DuckDB type."""
    rows = con.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where schema_name = 'source' order by table_name, column_index"
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        tables.setdefault(table, {})[column] = kind
    return tables
