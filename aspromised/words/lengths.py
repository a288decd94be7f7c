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
        raise ValueError(f"unknown unit '{word}': write one of {', '.join(_UNITS)}")
    return plural


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
            raise ValueError(f"'{text[:60]}' is not a length: write a number and a unit, as in '4 hours'")
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
