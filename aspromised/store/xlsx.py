"""The first sheet of Excel files as raw rows of text; real dates and numbers are written out exactly."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zipfile import BadZipFile

import duckdb
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from aspromised.store.header import checked, union
from aspromised.store.raw import RAW, Raw, SourceProblem, columns_of, text_table, texts

Cell = int | float | str | bool | time | date | datetime | timedelta
_BATCH = 10_000


def read(con: duckdb.DuckDBPyConnection, files: list[Path]) -> Raw:
    """Leave the rows of each file's first sheet in the table `raw`; the first line names the columns."""
    sheets = {file: _sheet(file) for file in files}
    headers = {file: checked(file, [_text(cell) or "" for cell in rows[0]]) for file, rows in sheets.items()}
    text_table(con, union(headers.values()))
    for file, rows in sheets.items():
        _append(con, headers[file], rows[1:])
    named = {file: texts(columns) for file, columns in headers.items()}
    return Raw(columns_of(con), named, infer=True, iso=True)


def _sheet(file: Path) -> list[list[Cell]]:
    try:
        with CalamineWorkbook.from_path(str(file)) as book:
            rows: list[list[Cell]] = book.get_sheet_by_index(0).to_python(skip_empty_area=True)
    except (CalamineError, BadZipFile, OSError) as error:
        raise SourceProblem(f"{file}: not an Excel workbook: save it as .xlsx ({error})") from error
    if not rows:
        raise SourceProblem(f"{file}: the first sheet is empty: its first line has to name the columns")
    return rows


def _append(con: duckdb.DuckDBPyConnection, columns: list[str], rows: list[list[Cell]]) -> None:
    for batch in _tables(columns, rows):
        con.register("incoming", batch)
        con.execute(f"insert into {RAW} by name select * from incoming")
        con.unregister("incoming")


def _tables(columns: list[str], rows: list[list[Cell]]) -> Iterator[pa.Table]:
    filled = [row for row in rows if any(cell != "" for cell in row)]
    for start in range(0, len(filled), _BATCH):
        some = filled[start : start + _BATCH]
        values = [[_text(cell) for cell in column] for column in zip(*some, strict=True)]
        yield pa.table(dict(zip(columns, (pa.array(value, pa.string()) for value in values), strict=True)))


def _text(cell: Cell) -> str | None:
    """Return a cell as text: null where it is empty, whole numbers without a point, dates in ISO 8601."""
    if cell == "":
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)
