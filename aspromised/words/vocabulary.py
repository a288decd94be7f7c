"""The closed vocabularies: one meaning a word, one place for its icon."""

from typing import Literal, get_args

Verdict = Literal["kept", "broken", "open", "exempt", "unknown"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

Status = Literal["kept", "missed", "too close to call", "too few", "no data"]

STATUS_ICON: dict[Status, str] = {
    "kept": "✓",
    "missed": "✕",
    "too close to call": "≈",
    "too few": "…",
    "no data": "–",
}

CANCELLED = "cancelled"
"""The reason of an item that is broken, or exempt, for being cancelled."""

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MONDAY_FIRST: tuple[Weekday, ...] = get_args(Weekday)

Month = Literal[
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
MONTHS: tuple[Month, ...] = get_args(Month)

NONE_VALUE = "(none)"
"""How a null segment value is shown: a value of its own, so that each segment adds up to the whole."""

KNOWN_FROM, KNOWN_UNTIL = "#known_from", "#known_until"
"""The columns of a row that gave way to a later one: from when it was known, and when the later took its place (µs UTC)."""

WHOLE = "(all)"
"""The name and value of the segment that is every item."""

PULSE = "company"
"""The supplier of ratings by which staff tell how the company serves them: the staff pulse."""

OF_SUPPLIER, OF_CUSTOMER = "of supplier", "of customer"
"""Which of the two a rating is of: the customer rates its supplier, or the supplier its customer."""

OVERALL = "overall"
"""The dimension of a rating that names none."""
