"""What answers SQL, as the rest of the house sees it: which database that is, only `sql/duckdb.py` and the store know."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol

import duckdb
import pandas as pd
import pyarrow as pa

ENGINE = f"duckdb {duckdb.__version__}"
"""What answers, and its version: its functions and its own time-zone data decide verdicts too."""

EngineError = duckdb.Error
"""Any statement that failed."""

Params = Sequence[Any] | Mapping[str, Any] | None
"""What fills a statement's `?`, `$1` or `$name`."""

Made = Literal["table", "temp table", "temp view"]
"""What a query is kept as: its rows for all, its rows or the query itself for this connection alone."""


class Engine(Protocol):
    """An open connection."""

    def run(self, sql: str, params: Params = None) -> list[tuple[Any, ...]]:
        """Run one statement; return its rows."""

    def run_each(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement once a row that fills its `?`."""

    def frame(self, sql: str, params: Params = None) -> pd.DataFrame:
        """Return the rows of a query with their names and types."""

    def records(self, sql: str, params: Params = None) -> list[dict[str, Any]]:
        """Run one statement; return its rows, each by the names of its columns."""

    def arrow(self, sql: str) -> pa.Table:
        """Return the rows of a query as an Arrow table."""

    def create(self, name: str, query: str, made: Made = "temp table") -> None:
        """Keep what a query answers under a name, in place of what had it; the name is written as in SQL."""

    def register(self, name: str, rows: object, /) -> object:
        """Let SQL read a frame or an Arrow table under a name, until `unregister`."""

    def unregister(self, name: str, /) -> object:
        """Forget what was registered."""

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table (its name as in SQL) in their order: name → type."""
