"""Judging on Spark is judging on DuckDB, item by item."""
