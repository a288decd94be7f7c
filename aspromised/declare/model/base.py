"""What every declared object shares, and the small types authors write values in."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from aspromised.words.lengths import Length
from aspromised.words.moments import LAST_YEAR, NO_END, out_of_range

CLOCK_TIME = r"([01]?\d|2[0-3]):[0-5]\d"


class Declared(BaseModel):
    """A declared object: frozen, and refusing keys it does not know."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        coerce_numbers_to_str=True,  # `nulls: [-99]` means the text "-99"
        allow_inf_nan=False,
    )


def _share(value: Any) -> float:
    if isinstance(value, str) and (match := re.fullmatch(r"\+?(-?\d+(?:\.\d+)?)\s*%", value.strip())):
        return float(Decimal(match[1]) / 100)
    raise ValueError(
        f"'{value}' is not a percentage: write it with its sign, as in '{_percent_meant(value)}'"
    )


def _percent_meant(value: Any) -> str:
    """Return the percentage that was probably meant, as it is to be written.

    >>> [_percent_meant(each) for each in (95, "95,5%", "95 percent", "0.995", "nearly all")]
    ['95%', '95.5%', '95%', '99.5%', '95%']
    """
    words = r"(\d{1,3}(?:[.,]\d{1,4})?)\s*(?:%|percent|per cent)?"
    loose = re.fullmatch(words, str(value).strip(), re.IGNORECASE | re.ASCII)
    if loose is None:
        return "95%"
    number = Decimal(loose[1].replace(",", "."))
    return f"{(number * 100 if number <= 1 else number).normalize():f}%"


def _target(value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"a share of items lies between 0% and 100%, and this is {value * 100:g}%")
    return value


def _points(value: Any) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s+points?", value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError(f"'{value}' is not a number of points: write it as in '5 points'")
    return float(match[1])


def _length(value: Any) -> Length:
    if isinstance(value, Length):
        return value
    if not isinstance(value, str):
        raise ValueError(f"'{value}' is not a length: write a number and a unit, as in '4 hours'")
    return Length.parse(value)


_Day = TypeVar("_Day", date, datetime)


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return _within(value)
    try:
        day = date.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(f"'{value}' is not a date: write it as in '{_date_meant(str(value))}'") from None
    return _within(day)


def _within(day: _Day) -> _Day:
    if said := out_of_range(day):
        raise ValueError(f"'{day}' {said}")
    return day


def _last_day(value: Any) -> date:
    """Return the last day of something; that of the last year where it is written to have no end."""
    return date(LAST_YEAR, 12, 31) if str(value).strip() == str(NO_END) else _day(value)


def _date_meant(text: str) -> str:
    """Return the date that was probably meant, as it is to be written: 31.3.2026 has one reading, 03/04/2026 two."""
    written = re.fullmatch(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})", text.strip(), re.ASCII)
    if written is None:
        return "2026-03-01"
    first, second, third = int(written[1]), int(written[3]), int(written[4])
    orders = [(first, second, third), (third, second, first), (third, first, second)]
    if written[2] == ".":
        orders.pop()  # with points the day comes first
    meant = {
        f"{year:04}-{month:02}-{day:02}"
        for year, month, day in orders
        if year > 999 and month < 13 and 0 < day < 32
    }
    return meant.pop() if len(meant) == 1 else "2026-03-01"


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return _within(value)
    try:
        moment = datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(
            f"'{value}' is not a date or a time: write it as in '2026-03-01' or '2026-03-01T08:00'"
        ) from None
    return _within(moment)


def _clock_time(value: str) -> str:
    if not re.fullmatch(CLOCK_TIME, value):
        raise ValueError(f"'{value}' is not a time of day: write it as in '14:00'")
    return value


def _end(value: Any) -> datetime | None:
    if value is None or str(value).strip().startswith(str(NO_END)):
        return None
    moment = _moment(value)
    is_day = not isinstance(value, datetime) and "T" not in str(value) and ":" not in str(value)
    return moment + timedelta(days=1, microseconds=-1) if is_day else moment


def _text(pattern: str, *examples: str) -> Any:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": list(examples)})


Percent = Annotated[float, BeforeValidator(_share), _text(r"^\+?-?\d+(\.\d+)?\s*%$", "95%")]
"""A percentage written with its sign; a share (0.95) in Python."""

TargetShare = Annotated[Percent, AfterValidator(_target)]
"""A percentage between 0 % and 100 %."""

PercentagePoints = Annotated[float, BeforeValidator(_points), _text(r"^\d+(\.\d+)?\s+points?$", "5 points")]
"""Percentage points, written "5 points"; 5.0 in Python."""

LengthText = Annotated[
    Length, BeforeValidator(_length), _text(r"^\d+(\.\d+)?\s+[a-z]+( [a-z]+)?$", "2 calendar days")
]
"""A length of time, written "2 calendar days"."""

LocalDate = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-03-01"]}),
]
"""A day in the company's time zone."""

Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "examples": ["2026-03-01", "2026-03-01T08:00"]}),
]
"""A date or date-time; without an offset it is the company's local time, a date its midnight."""

LastDay = Annotated[
    date,
    BeforeValidator(_last_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-03-01"]}),
]
"""The last day of something; 9999-12-31 says that there is no end."""

EndMoment = Annotated[datetime | None, BeforeValidator(_end), WithJsonSchema({"type": "string"})]
"""A moment at which something ends; a date includes that day, and 9999-12-31 says that there is no end."""

ClockTime = Annotated[str, AfterValidator(_clock_time), _text(f"^{CLOCK_TIME}$", "14:00")]
"""A time of day, "14:00"."""

Expression = str
"""A SQL expression in DuckDB's dialect; guarded by `sql.guard` before it is used."""

ColumnName = str
"""The name of a column of the source named beside it."""

Id = str
