"""What to declare where values are written in a way that is read only when told: pattern by pattern, one sentence each."""

from collections.abc import Iterator

from aspromised.declare.model.source import ColumnType
from aspromised.sql import quoting
from aspromised.store.typing.casting import SPACES, Reading

_DAYS = {
    r"\d{1,2}\.\d{1,2}\.\d{4}": ["%d.%m.%Y"],
    r"\d{1,2}/\d{1,2}/\d{4}": ["%d/%m/%Y", "%m/%d/%Y"],
    r"\d{1,2}-\d{1,2}-\d{4}": ["%d-%m-%Y", "%m-%d-%Y"],
    r"\d{4}/\d{1,2}/\d{1,2}": ["%Y/%m/%d"],
}
_TIMES = {r"": "", r" \d{1,2}:\d{2}": " %H:%M", r" \d{1,2}:\d{2}:\d{2}": " %H:%M:%S"}


def hint(text: str, wanted: ColumnType, reading: Reading) -> str:
    """Return SQL of what to declare so that a text is read as the type: "" where nothing is known to."""
    found = [
        f"when regexp_full_match({text}, {quoting.literal(pattern)}) then {quoting.literal(f': give the source {told}')}"
        for pattern, told in _hints(wanted, reading)
    ]
    return f"case {' '.join(found)} else '' end" if found else "''"


def _hints(wanted: ColumnType, reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield how values may be written, and what to declare then; the first that fits is told."""
    if wanted in ("number", "integer"):
        yield from _of_numbers(reading)
    if wanted in ("timestamp", "timestamptz") and reading.timestamp_format is None:
        yield from _of_moments("timestamp_format", _TIMES)
    if wanted == "date" and reading.date_format is None:
        yield from _of_moments("date_format", {"": ""})


def _of_numbers(reading: Reading) -> Iterator[tuple[str, str]]:
    if reading.decimal == "." and reading.thousands is None:
        yield r"[+-]?\d{1,3}(,\d{3})+\.\d+", "thousands: ','"
        yield r"[+-]?\d{1,3}(,\d{3}){2,}", "thousands: ','"
        yield r"[+-]?[1-9]\d{0,2},\d{3}", "decimal: ',' or thousands: ',', whichever its comma is"
        yield r"[+-]?\d{1,3}(\.\d{3})+,\d*", "decimal: ','"
        yield r"[+-]?\d{1,3}(\.\d{3}){2,}", "thousands: '.' and decimal: ','"
    if reading.decimal == ".":
        yield r"[+-]?\d*,\d+", "decimal: ','"
    elif reading.thousands is None:
        yield r"[+-]?\d{1,3}\.\d{3}", "thousands: '.', if that is what its point is"
    if reading.thousands is None:
        sign = f"[{reading.decimal}]"
        yield rf"[+-]?\d{{1,3}}([{SPACES}]\d{{3}})+({sign}\d*)?", "thousands: ' '"


def _of_moments(key: str, times: dict[str, str]) -> Iterator[tuple[str, str]]:
    for day, dates in _DAYS.items():
        for time, clock in times.items():
            yield day + time, " or ".join(f"{key}: '{date}{clock}'" for date in dates)
