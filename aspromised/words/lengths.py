"""Lengths of time as customers say them: a number and a unit."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

Unit = Literal[
    "seconds",
    "minutes",
    "hours",
    "days",
    "weeks",
    "calendar days",
    "business minutes",
    "business hours",
    "business days",
]
_UNITS: tuple[Unit, ...] = get_args(Unit)

EXACT_SECONDS: dict[Unit, int] = {
    "seconds": 1,
    "minutes": 60,
    "hours": 3600,
    "days": 86_400,
    "weeks": 604_800,
}
"""Units that are the same length wherever and whenever they are measured."""

MOST_SECONDS = 100 * 366 * 86_400
"""The longest length that can be promised: dates end, and a century is no promise."""
_SHORTEST_SECONDS: dict[Unit, int] = EXACT_SECONDS | {
    "calendar days": 86_400, "business minutes": 60, "business hours": 3600, "business days": 86_400,
}  # fmt: skip

_SHAPE = re.compile(r"(?P<amount>\d+(?:\.\d+)?)\s+(?P<unit>[a-z]+(?: [a-z]+)?)")


BELOW_NONE, OVER_A_CENTURY, IN_PART = (
    "is less than none",
    "is longer than 100 years",
    "is not a whole number of",
)
"""Why a number that the data tell is no length, after the number and its unit, or between the two."""


def most_of(unit: str) -> int:
    """Return how many of a unit can be promised at most: those of a century.

    >>> most_of("hours")
    878400
    """
    return MOST_SECONDS // _SHORTEST_SECONDS[parse_unit(unit)]


def parse_unit(text: str) -> Unit:
    """Return the unit `text` names, singular or plural; ValueError says which units there are.

    >>> parse_unit("calendar day")
    'calendar days'
    """
    word = text.strip()
    plural = word if word.endswith("s") else f"{word}s"
    if plural not in _UNITS:
        meant = _MEANT.get(" ".join(word.lower().split()))
        raise ValueError(
            f"unknown unit '{word}': write {meant}"
            if meant
            else f"unknown unit '{word}': write one of {', '.join(_UNITS)}"
        )
    return plural


_MEANT: dict[str, Unit] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "seconds"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "minutes"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hours"),
    **dict.fromkeys(("d", "day", "days"), "days"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "weeks"),
    **dict.fromkeys(("calendar day", "calendar days"), "calendar days"),
    **dict.fromkeys(("business minute", "business minutes", "working minutes"), "business minutes"),
    **dict.fromkeys(("business hour", "business hours", "working hour", "working hours", "office hours"), "business hours"),
    **dict.fromkeys(("business day", "business days", "working day", "working days", "workday", "workdays"), "business days"),
}  # fmt: skip
"""What else people write for a unit; `m` may be minutes or months."""


_LOOSE = re.compile(
    r"(?P<amount>\d+(?:[.,]\d+)?)[\s_-]*(?P<unit>[a-z]+(?:[\s_-]+[a-z]+)?)", re.IGNORECASE | re.ASCII
)


def _instead(text: str) -> str:
    """Return what to write instead of a text that is no length.

    >>> _instead("2d"), _instead("2 Days"), _instead("soon")
    ("write '2 days'", "write '2 days'", "write a number and a unit, as in '4 hours'")
    """
    loose = _LOOSE.fullmatch(text.strip()[:60])
    unit = _MEANT.get(re.sub(r"[\s_-]+", " ", loose["unit"].lower())) if loose else None
    if loose is None or unit is None:
        return "write a number and a unit, as in '4 hours'"
    return f"write '{loose['amount'].replace(',', '.')} {unit}'"


@dataclass(frozen=True)
class Length:
    """A number and a unit. `days` are exact (24 h each); `calendar days` end with the local day."""

    amount: Decimal
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> "Length":
        """Read "2 calendar days"; ValueError says what a length looks like.

        >>> Length.parse("90 minutes")
        Length(amount=Decimal('90'), unit='minutes')
        >>> Length.parse("1 business day").unit
        'business days'
        >>> Length.parse("5 m")
        Traceback (most recent call last):
        ...
        ValueError: unknown unit 'm': write one of seconds, minutes, hours, days, weeks, calendar days, \
business minutes, business hours, business days
        """
        shape = _SHAPE.fullmatch(text.strip())
        if not shape:
            raise ValueError(f"'{text[:60]}' is not a length: {_instead(text)}")
        length = cls(Decimal(shape["amount"]), parse_unit(shape["unit"]))
        if length.amount * _SHORTEST_SECONDS[length.unit] > MOST_SECONDS:
            raise ValueError(f"'{text.strip()[:60]}' is longer than 100 years: write a shorter length")
        whole_days = length.unit in ("calendar days", "business days")
        if whole_days and length.amount != length.amount.to_integral_value():
            raise ValueError(f"'{text}': {length.unit} come in whole numbers")
        return length

    @property
    def is_business(self) -> bool:
        """Whether the length is measured on a calendar of opening hours."""
        return self.unit.startswith("business")

    @property
    def microseconds(self) -> int:
        """The exact length in microseconds; KeyError for calendar and business units, which have none."""
        return int(self.amount * EXACT_SECONDS[self.unit] * 1_000_000)

    def __str__(self) -> str:
        unit = self.unit[:-1] if self.amount == 1 else self.unit
        return f"{self.amount.normalize():f} {unit}"
