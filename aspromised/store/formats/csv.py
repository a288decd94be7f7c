"""CSV files as raw rows of text; a line of the wrong width is set aside, never padded or cut."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa
import pyarrow.csv as arrow_csv

from aspromised.store.formats.header import checked, respelled, union
from aspromised.store.formats.raw import RAW, Raw, Rejected, SourceProblem, all_text, columns_of, text_table

_HEAD = 1 << 18
_BLOCK = 1 << 24
_LONG = "a line is longer than 16 MB, or a quotation mark is opened and never closed: find it, and shorten or close it"


def read_csv(con: duckdb.DuckDBPyConnection, files: list[Path]) -> Raw:
    """Leave the rows of the files in the table `raw`, columns matched by name, every value text.

    The delimiter is the one of , ; tab | that splits the header most. Lines end in LF, CRLF or CR.
    """
    heads = {file: _header(file) for file in files}
    every = union([columns for columns, _ in heads.values()])
    text_table(con, every)
    rejected = Rejected()
    for file, (columns, delimiter) in heads.items():
        _append(con, file, respelled(columns, every), delimiter, rejected)
    named = {file: all_text(columns) for file, (columns, _) in heads.items()}
    return Raw(columns_of(con), named, infer=True, rejected=rejected)


def _header(file: Path) -> tuple[list[str], str]:
    try:
        with pa.input_stream(str(file), compression="detect") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise _unreadable(file, error) from error
    if len(head) == _HEAD and not _whole_lines(head):
        raise SourceProblem(
            f"{file}: the first line is longer than {_HEAD:,} bytes: export it again, with a first line that names the columns"
        )
    try:
        text = (head if len(head) < _HEAD else _whole_lines(head)).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SourceProblem(_not_utf8(file)) from None
    if not text.strip():
        raise SourceProblem(f"{file}: the file is empty: export it again, with a header line")
    if told := re.match(r"sep=.?\s*$", text, re.MULTILINE | re.IGNORECASE):
        message = (
            f"{file}: the first line, '{told[0].strip()}', is no header: delete it, the sign is found without"
        )
        raise SourceProblem(message)
    try:
        first = next(csv.reader(io.StringIO(text, newline="")))
        delimiter = max(",;\t|", key=lambda sign: len(_split(text, sign)))
        columns = _split(text, delimiter) if first else []
    except csv.Error as error:
        raise SourceProblem(
            f"{file}: its first line does not name the columns ({error}): look for a quotation mark there that is opened"
            " and never closed"
        ) from None
    return checked(file, columns), delimiter


def _whole_lines(head: bytes) -> bytes:
    return head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1]


def _unreadable(file: Path, error: OSError) -> Exception:
    """Return that a compressed file cannot be unpacked to its end; what the machine refuses stays as it is."""
    if error.errno is not None:
        return error
    return SourceProblem(
        f"{file}: not a whole {file.suffix} file: copy it again from where it came ({error})"
    )


def _split(text: str, delimiter: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _append(
    con: duckdb.DuckDBPyConnection, file: Path, columns: list[str], delimiter: str, rejected: Rejected
) -> None:
    already, ragged = rejected.count, _Ragged(file, rejected)
    reader = pa.RecordBatchReader.from_batches(
        pa.schema([(column, pa.string()) for column in columns]), _batches(file, columns, delimiter, ragged)
    )
    con.register("incoming", reader)
    try:
        added = con.execute(f"insert into {RAW} by name select * from incoming").fetchall()[0][0]
    except duckdb.Error as error:
        raise SourceProblem(ragged.problem or f"{file}: {error}") from error
    finally:
        con.unregister("incoming")
    if rejected.count > already and not added:
        raise SourceProblem(
            f"{file}: no line has the {len(columns)} values of the header: "
            "export it again with one delimiter throughout"
        )


class _Ragged:
    """Counts the lines of the wrong width, and remembers why a file stopped making sense."""

    def __init__(self, file: Path, rejected: Rejected) -> None:
        self.file, self.rejected, self.problem = file, rejected, ""

    def __call__(self, row: arrow_csv.InvalidRow) -> Literal["skip"]:
        reason = f"{self.file.name}: {row.actual_columns} values where the header has {row.expected_columns}"
        self.rejected.add(row.text, reason)
        return "skip"


def _batches(file: Path, columns: list[str], delimiter: str, ragged: _Ragged) -> Iterator[pa.RecordBatch]:
    last: pa.RecordBatch | None = None
    try:
        for batch in _open(file, columns, delimiter, ragged):
            last = batch if batch.num_rows else last
            yield batch
    except pa.ArrowInvalid as error:
        if _is_header_alone(file):
            return
        ragged.problem = _said(file, str(error))
        raise
    except OSError as error:
        ragged.problem = str(_unreadable(file, error)) if error.errno is None else ""
        raise
    if last is not None and _never_closed(file, last):
        ragged.problem = f"{file}: a quotation mark is opened and never closed: find it and close it"
        raise SourceProblem(ragged.problem)


def _is_header_alone(file: Path) -> bool:
    """Return whether a file ends with its header, without a line end."""
    with pa.input_stream(str(file), compression="detect") as stream:
        head = stream.read(_HEAD)
    return len(head) < _HEAD and not _whole_lines(head)


def _open(file: Path, columns: list[str], delimiter: str, ragged: _Ragged) -> arrow_csv.CSVStreamingReader:
    return arrow_csv.open_csv(
        str(file),
        read_options=arrow_csv.ReadOptions(
            use_threads=False, block_size=_BLOCK, column_names=columns, skip_rows_after_names=1
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, invalid_row_handler=ragged
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={column: pa.string() for column in columns}, strings_can_be_null=False
        ),
    )


def _never_closed(file: Path, last: pa.RecordBatch) -> bool:
    """Return whether the last row swallowed the rest of the file: it holds a line end, quotes are odd."""
    values = last.slice(last.num_rows - 1).to_pylist()[0].values()
    if not any("\n" in (value or "") or "\r" in (value or "") for value in values):
        return False
    with pa.input_stream(str(file), compression="detect") as stream:
        quotes: int = sum(block.count(b'"') for block in iter(lambda: stream.read(_BLOCK), b""))
    return quotes % 2 == 1


def _said(file: Path, error: str) -> str:
    if "UTF8" in error:
        return _not_utf8(file)
    return f"{file}: {_LONG if 'straddl' in error else f'not a CSV file: {error}'}"


def _not_utf8(file: Path) -> str:
    return f"{file}: the text is not UTF-8: save it as 'CSV UTF-8'"
