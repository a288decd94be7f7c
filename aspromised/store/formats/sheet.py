"""A program of its own: prints the first sheet of an Excel file, a JSON list of texts a row.

What a small file asks for can be terabytes (one far cell, a zip bomb), and the library then ends its process. This is
the process that may be ended; what it may take is bounded here. It is run by its path, so it imports nothing of ours.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta

MEMORY = 4 << 30
SECONDS = 600
"""What it may take of the processor, and by the clock on the wall."""
UNREADABLE = 3
_SAID = 200
"""How many letters are told of an error: a library quotes the file in it."""

CellValue = int | float | str | bool | time | date | datetime | timedelta


def read_sheet(file: str, memory: int, decimal: str) -> int:
    """Print the rows of a file that are not empty; return UNREADABLE where it is no workbook, having said why."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from zipfile import BadZipFile

    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(file) as book:
            rows: list[list[CellValue]] = book.get_sheet_by_index(0).to_python(skip_empty_area=True)
    except (CalamineError, BadZipFile, OSError) as error:
        print(" ".join(str(error)[:_SAID].split()), file=sys.stderr)
        return UNREADABLE
    for row in rows:
        if any(cell != "" for cell in row):
            print(json.dumps([cell_text(cell, decimal) for cell in row]))
    return 0


def cell_text(cell: CellValue, decimal: str = ".") -> str | None:
    """Return a cell as text: null where it is empty, numbers with the decimal sign, whole ones without, dates in ISO 8601."""
    if cell == "":
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", decimal)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    sys.exit(read_sheet(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
