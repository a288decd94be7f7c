"""The reader of each file format."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from aspromised.store.formats import csv, jsons, parquet, xlsx
from aspromised.store.formats.raw import Raw

Reader = Callable[[duckdb.DuckDBPyConnection, list[Path]], Raw]

READERS: dict[str, Reader] = {
    "parquet": parquet.read_parquet,
    "csv": csv.read_csv,
    "json": jsons.read_documents,
    "jsonl": jsons.read_lines,
    "xlsx": xlsx.read_xlsx,
}
