"""The reader of each file format."""

from pathlib import Path

import duckdb

from aspromised.store.formats import csv, jsons, parquet, xlsx
from aspromised.store.formats.raw import Raw


def read(con: duckdb.DuckDBPyConnection, kind: str, files: list[Path], decimal: str = ".") -> Raw:
    """Leave the rows of files of one format in `raw`; where that has numbers of its own, written with the decimal sign."""
    if kind in ("csv", "parquet"):
        return {"csv": csv.read_csv, "parquet": parquet.read_parquet}[kind](con, files)
    of_numbers = {"json": jsons.read_documents, "jsonl": jsons.read_lines, "xlsx": xlsx.read_xlsx}
    return of_numbers[kind](con, files, decimal)
