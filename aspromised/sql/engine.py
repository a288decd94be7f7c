"""What answers SQL, as the rest of the house sees it: only here, in its one implementation and in the store is it DuckDB."""

import duckdb

ENGINE = f"duckdb {duckdb.__version__}"
"""What answers, and its version: its functions and its own time-zone data decide verdicts too."""
