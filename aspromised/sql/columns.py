"""Which tables there are, and the columns of what is loaded."""

from aspromised.sql.engine import Engine


def source_columns(con: Engine) -> dict[str, dict[str, str]]:
    """Return the columns of each loaded source: source → column → DuckDB type."""
    rows = con.run(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where schema_name = 'source' order by table_name, column_index"
    )
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        tables.setdefault(table, {})[column] = kind
    return tables


def source_tables(con: Engine) -> set[str]:
    """Return the sources that are held as tables."""
    return {
        name for (name,) in con.run("select table_name from duckdb_tables() where schema_name = 'source'")
    }


def temporary_tables(con: Engine) -> list[str]:
    """Return the tables of this connection alone."""
    return [name for (name,) in con.run("select table_name from duckdb_tables() where temporary")]
