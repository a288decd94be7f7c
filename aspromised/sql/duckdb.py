"""DuckDB as the engine: its own connection, and the verbs of `sql.engine` over it."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

import duckdb
import pandas as pd
import pyarrow as pa

from aspromised.sql.engine import Made, Params

if TYPE_CHECKING:
    _Connection = duckdb.DuckDBPyConnection
else:
    _Connection = object  # what is not defined here is asked of the connection held


class DuckDB(_Connection):
    """A connection of DuckDB's with the verbs of an engine; the store uses the rest of it too."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def run(self, sql: str, params: Params = None) -> list[tuple[Any, ...]]:
        """Run one statement; return its rows."""
        return self.execute(sql, params).fetchall()

    def run_each(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement once a row that fills its `?`; not at all without rows."""
        if filled := list(rows):
            self.executemany(sql, filled)

    def frame(self, sql: str, params: Params = None) -> pd.DataFrame:
        """Return the rows of a query with their names and types."""
        return self.execute(sql, params).df()

    def records(self, sql: str, params: Params = None) -> list[dict[str, Any]]:
        """Run one statement; return its rows, each by the names of its columns."""
        rows = self.run(sql, params)
        names = [column[0] for column in self.description]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def arrow(self, sql: str) -> pa.Table:
        """Return the rows of a query as an Arrow table."""
        found: pa.Table = self._con.sql(sql).to_arrow_table()
        return found

    def create(self, name: str, query: str, made: Made = "temp table") -> None:
        """Keep what a query answers under a name, in place of what had it."""
        self.execute(f"create or replace {made} {name} as {query}")

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table in their order: name → type."""
        return {row[0]: row[1] for row in self.run(f"describe {table}")}

    def execute(self, query: duckdb.Statement | str, parameters: object = None) -> Self:
        """Run one statement; its rows are then asked of what comes back."""
        return self._asked(self._con.execute, query, parameters)

    def executemany(self, query: duckdb.Statement | str, parameters: object = None) -> Self:
        """Run one statement once for each of the parameters."""
        return self._asked(self._con.executemany, query, parameters)

    def cursor(self) -> Self:
        """Return another connection to the same database."""
        return type(self)(self._con.cursor())

    def _asked(self, how: Callable[..., Any], query: duckdb.Statement | str, parameters: object) -> Self:
        how(query, parameters) if parameters is not None else how(query)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            return getattr(self._con, name)


class OneStatement(DuckDB):
    """A connection that runs one statement per call: SQL that turns out to be two is refused as a whole."""

    def _asked(self, how: Callable[..., Any], query: duckdb.Statement | str, parameters: object) -> Self:
        statements = self._con.extract_statements(query) if isinstance(query, str) else [query]
        if len(statements) != 1:
            raise duckdb.InvalidInputException(f"one statement is expected, not {len(statements)}")
        return super()._asked(how, statements[0], parameters)
