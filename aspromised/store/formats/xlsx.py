"""The first sheet of Excel files as raw rows of text; real dates and numbers are written out exactly."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO

import duckdb
import pyarrow as pa

from aspromised.store.formats import sheet
from aspromised.store.formats.header import checked, respelled, union
from aspromised.store.formats.raw import RAW, Raw, SourceProblem, all_text, columns_of, text_table

SheetRow = list[str | None]
_BATCH = 10_000
_SAID = 2_000
"""How many bytes are read of why a file is no workbook."""


def read_xlsx(con: duckdb.DuckDBPyConnection, files: list[Path], decimal: str = ".") -> Raw:
    """Leave the rows of each file's first sheet in the table `raw`; the first line names the columns.

    Cells that are numbers are written with the decimal sign.
    """
    headers = {file: _header(file, decimal) for file in files}
    every = union(headers.values())
    text_table(con, every)
    for file, columns in headers.items():
        with _rows(file, decimal) as rows:
            next(rows)
            _append(con, respelled(columns, every), rows)
    named = {file: all_text(columns) for file, columns in headers.items()}
    return Raw(columns_of(con), named, infer=True, iso=True)


def _header(file: Path, decimal: str) -> list[str]:
    with _rows(file, decimal) as rows:
        first = next(rows, None)
    if first is None:
        raise SourceProblem(f"{file}: the first sheet is empty: its first line has to name the columns")
    return checked(file, [cell or "" for cell in first])


@contextmanager
def _rows(file: Path, decimal: str) -> Iterator[Iterator[SheetRow]]:
    """Give the rows of a file's first sheet, read by a process of its own; SourceProblem where it was not read."""
    command = [sys.executable, "-I", sheet.__file__, str(file.absolute()), str(sheet.MEMORY), decimal]
    with (
        TemporaryFile() as said,  # no pipe: one that is full and not read stops who writes to it
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            encoding="utf-8",
        ) as reader,
    ):
        assert reader.stdout
        clock = Timer(sheet.SECONDS, reader.kill)
        clock.daemon = True
        clock.start()
        try:
            yield _read(file, reader, reader.stdout, said)
        finally:
            clock.cancel()
            reader.kill()


def _read(file: Path, reader: "subprocess.Popen[str]", rows: IO[str], said: IO[bytes]) -> Iterator[SheetRow]:
    for row in rows:
        if row.endswith("\n"):  # what the end of the process cut short is no row
            yield json.loads(row)
    code = reader.wait()
    if code == sheet.UNREADABLE:
        said.seek(0)
        why = said.read(_SAID).decode("utf-8", "replace").strip()
        raise SourceProblem(f"{file}: not an Excel workbook: save it as .xlsx ({why})")
    if code:
        raise SourceProblem(
            f"{file}: the first sheet asks for more than {sheet.MEMORY >> 30} GB or {sheet.SECONDS // 60} minutes to be"
            " read: delete what stands far beyond its rows and columns, or save it as CSV"
        )


def _append(con: duckdb.DuckDBPyConnection, columns: list[str], rows: Iterator[SheetRow]) -> None:
    while some := list(islice(rows, _BATCH)):
        values = (pa.array(value, pa.string()) for value in zip(*some, strict=True))
        con.register("incoming", pa.table(dict(zip(columns, values, strict=True))))
        con.execute(f"insert into {RAW} by name select * from incoming")
        con.unregister("incoming")
