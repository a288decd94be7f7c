"""The SQL that reads a value as the type its column is declared to have, or as null where it is not one.

An instant without a zone is local time in the source's zone. Where clocks go forward, a time that never was moves
on by the length of the gap (01:30 is read as 02:30); where they go back, a time that was twice is the second.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from aspromised.declare.model.source import ColumnType
from aspromised.sql import quoting
from aspromised.sql.authored.nothing import EMPTY_TYPE

SQL_TYPE: dict[ColumnType, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "timestamptz": "TIMESTAMP WITH TIME ZONE",
}
TYPE_WORDS: dict[ColumnType, str] = {
    "text": "a text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date",
    "timestamp": "a timestamp",
    "timestamptz": "a timestamp",
}
"""How a type is called in a message."""

_DAY = r"\d{4}-\d{1,2}-\d{1,2}"
_TIME = r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
ISO_LOCAL = rf"{_DAY}([T ]{_TIME})?"
ISO_ZONED = rf"{_DAY}[T ]{_TIME} ?(Z|[+-]\d{{2}}(:?\d{{2}})?)"
INTEGER = r"[+-]?\d+(\.0*)?"
NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
_THOUSANDS = r"\d{1,3}(\.\d{3})"
_COMMA_INTEGER = rf"[+-]?(\d+(,0*)?|{_THOUSANDS}+,0+|{_THOUSANDS}{{2,}})"
_COMMA_NUMBER = rf"[+-]?((\d+,?\d*|,\d+)([eE][+-]?\d+)?|{_THOUSANDS}+,\d+|{_THOUSANDS}{{2,}})"
"""With a decimal comma, points part thousands; "1.234" alone could be either, and is no number."""
_INTEGER, _NUMBER = {".": INTEGER, ",": _COMMA_INTEGER}, {".": NUMBER, ",": _COMMA_NUMBER}
SPACES = " \u00a0\u202f"
"""The spaces that part thousands: those that break no line too."""
TRUE, FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")

_FLOATS = ("FLOAT", "DOUBLE")
_LOCAL_INSTANTS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
ZONED = "TIMESTAMP WITH TIME ZONE"


@dataclass(frozen=True)
class Reading:
    """How the texts of one source are to be read."""

    zone: str
    timestamp_format: str | None = None
    date_format: str | None = None
    iso: bool = False
    """Whether ISO 8601 is read beside a declared format."""
    decimal: str = "."
    """The decimal sign of numbers, a point or a comma."""
    thousands: str | None = None
    """What parts their thousands, if that is told."""

    @property
    def parts(self) -> str:
        """Every sign that may part thousands, as the inside of a pattern's brackets; "" where none may."""
        if self.thousands == " ":
            return SPACES
        return self.thousands or ("." if self.decimal == "," else "")


def cast(value: str, held: str, wanted: ColumnType, reading: Reading) -> str:
    """Return SQL that reads `value`, a column of DuckDB type `held`, as `wanted`; null where it cannot be.

    A text that is to be anything but text comes trimmed.
    """
    if held == EMPTY_TYPE:
        return f"cast(null as {SQL_TYPE[wanted]})"
    if wanted == "text":
        return value if held == "VARCHAR" else f"cast({value} as varchar)"
    if held == "VARCHAR":
        return _FROM_TEXT[wanted](value, reading)
    return _from_native(value, held, wanted, reading)


def as_stored(value: str, held: str, reading: Reading) -> str:
    """Return SQL of a value whose type stands, with instants made zoned and not-a-number null."""
    if held in _LOCAL_INSTANTS:
        return _local(f"cast({value} as timestamp)", reading)
    if held in _FLOATS:
        return f"case when not isnan({value}) then {value} end"
    return f"cast({value} as varchar)" if held.startswith("ENUM") else value


def _local(value: str, reading: Reading) -> str:
    return f"timezone({quoting.literal(reading.zone)}, {value})"


def _matches(value: str, pattern: str) -> str:
    return f"regexp_full_match({value}, {quoting.literal(pattern)})"


def _integer(value: str, reading: Reading) -> str:
    whole = rf"[+-]?{_grouped(reading)}([{reading.decimal}]0*)?"
    return _digits(value, reading, whole if reading.thousands else _INTEGER[reading.decimal], "bigint")


def _number(value: str, reading: Reading) -> str:
    sign = f"[{reading.decimal}]"
    grouped = rf"[+-]?({_grouped(reading)}({sign}\d*)?|{sign}\d+)([eE][+-]?\d+)?"
    return _digits(value, reading, grouped if reading.thousands else _NUMBER[reading.decimal], "double")


def _grouped(reading: Reading) -> str:
    return rf"(\d+|\d{{1,3}}([{reading.parts}]\d{{3}})+)"


def _digits(value: str, reading: Reading, pattern: str, wanted: str) -> str:
    pointed = value
    if reading.parts:
        pointed = f"regexp_replace({value}, {quoting.literal(f'[{reading.parts}]')}, '', 'g')"
    if reading.decimal == ",":
        pointed = f"replace({pointed}, ',', '.')"
    return f"case when {_matches(value, pattern)} then try_cast({pointed} as {wanted}) end"


def _boolean(value: str, _: Reading) -> str:
    yes, no = ", ".join(map(quoting.literal, TRUE)), ", ".join(map(quoting.literal, FALSE))
    return f"case when lower({value}) in ({yes}) then true when lower({value}) in ({no}) then false end"


def _date(value: str, reading: Reading) -> str:
    if reading.date_format is None:
        return _iso_day(value)
    declared = f"cast(try_strptime({value}, {quoting.literal(reading.date_format)}) as date)"
    return f"coalesce({declared}, {_iso_day(value)})" if reading.iso else declared


def _iso_day(value: str) -> str:
    day = f"regexp_extract({value}, {quoting.literal(_DAY)})"
    return f"case when {_matches(value, ISO_LOCAL)} then try_cast({day} as date) end"


def _instant(value: str, reading: Reading) -> str:
    if reading.timestamp_format is None:
        return _iso_instant(value, reading)
    parsed = f"try_strptime({value}, {quoting.literal(reading.timestamp_format)})"
    zoned = re.search("%[zZ]", reading.timestamp_format)
    declared = parsed if zoned else _local(parsed, reading)
    return f"coalesce({declared}, {_iso_instant(value, reading)})" if reading.iso else declared


def _iso_instant(value: str, reading: Reading) -> str:
    local = _local(f"try_cast({value} as timestamp)", reading)
    zoned = f"try_cast(regexp_replace({value}, ' (Z|[+-])', '\\1') as timestamptz)"
    return f"case when {_matches(value, ISO_LOCAL)} then {local} when {_matches(value, ISO_ZONED)} then {zoned} end"


_FROM_TEXT: dict[ColumnType, Callable[[str, Reading], str]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "timestamp": _instant,
    "timestamptz": _instant,
}


def _from_native(value: str, held: str, wanted: ColumnType, reading: Reading) -> str:
    if wanted in ("timestamp", "timestamptz"):
        return _native_instant(value, held, reading)
    if wanted == "date":
        return f"cast({value} as date)" if held == "DATE" or held.startswith("TIMESTAMP") else "null"
    if wanted == "integer" and (held in _FLOATS or held.startswith("DECIMAL")):
        return f"case when {value} = trunc({value}) then try_cast({value} as bigint) end"
    if wanted == "boolean":
        return f"case try_cast({value} as double) when 1 then true when 0 then false end"
    return f"try_cast({as_stored(value, held, reading)} as {SQL_TYPE[wanted]})"


def _native_instant(value: str, held: str, reading: Reading) -> str:
    if held == ZONED:
        return value
    if held in _LOCAL_INSTANTS or held == "DATE":
        return _local(f"cast({value} as timestamp)", reading)
    return "null"
