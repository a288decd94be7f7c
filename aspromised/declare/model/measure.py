"""The kinds of measure, told apart by their keys."""

from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, field_validator

from aspromised.declare.model.base import (
    ClockTime,
    ColumnName,
    Declared,
    Expression,
    Id,
    LengthText,
    PercentagePoints,
)
from aspromised.words.lengths import parse_unit


class Exemption(Declared):
    """A reason for which an item does not count, always shown with its count."""

    when: Expression = Field(description="SQL boolean: which items.")
    because: str = Field(description="The reason, as readers see it.")


class Pause(Declared):
    """A pause between two columns of the item itself."""

    from_: ColumnName = Field(alias="from", description="Column: when the pause began.")
    to: ColumnName = Field(description="Column: when it ended; null while it lasts.")


class PauseSource(Pause):
    """Pauses of an item, as rows of another source."""

    source: Id = Field(description="The source of pauses.")
    id: ColumnName = Field(description="Its column holding the item's id.")


class ItemLength(Declared):
    """A length that each item carries in a column."""

    column: ColumnName = Field(description="Column holding the number.")
    unit: str = Field(
        description="Its unit, such as days. A number below none or above a century, or in part of business or calendar days, leaves the item unknown."
    )

    @field_validator("unit")
    @classmethod
    def _known(cls, unit: str) -> str:
        return parse_unit(unit)


class TermsLength(Declared):
    """A length that was sold to the customer, valid at the time."""

    terms: Id = Field(description="The source of what was sold.")
    match: ColumnName = Field(description="Column, in both sources, that says whose terms these are.")
    value: ColumnName = Field(description="Column holding the number promised.")
    unit: str = Field(
        description="Its unit, such as business hours. A number below none or above a century, or in part of business or calendar days, leaves the item unknown."
    )
    from_: ColumnName = Field(alias="from", description="Column: valid from.")
    to: ColumnName = Field(description="Column: valid to; null while it stands.")
    sold_by: ColumnName | None = Field(None, description="Column: who sold it.")
    sold_on: ColumnName | None = Field(None, description="Column: when it was sold.")

    @field_validator("unit")
    @classmethod
    def _known(cls, unit: str) -> str:
        return parse_unit(unit)


_TERMS_KEYS = {"terms", "match", "value", "from", "to"}
"""The keys that an item's own length does not have."""


def _length_shape(value: Any) -> str:
    if isinstance(value, TermsLength) or (isinstance(value, dict) and _TERMS_KEYS & value.keys()):
        return "<terms>"
    return "<item>" if isinstance(value, ItemLength | dict) else "<length>"


def _segment_shape(value: Any) -> str:
    return "<named>" if isinstance(value, dict) else "<column>"


def _pause_shape(value: Any) -> str:
    return "<rows>" if isinstance(value, PauseSource | dict) else "<columns>"


AnyLength = Annotated[
    Annotated[LengthText, Tag("<length>")]
    | Annotated[ItemLength, Tag("<item>")]
    | Annotated[TermsLength, Tag("<terms>")],
    Discriminator(_length_shape),
]
Segment = Annotated[
    Annotated[ColumnName, Tag("<column>")] | Annotated[dict[str, Expression], Tag("<named>")],
    Discriminator(_segment_shape),
]
Segments = list[Segment]
Paused = Annotated[
    Annotated[PauseSource, Tag("<rows>")] | Annotated[list[Pause], Tag("<columns>")],
    Discriminator(_pause_shape),
]


class ItemsMeasure(Declared):
    """What the kinds that read a source share, and which of its own keys each kind names a column or writes SQL by."""

    kind: ClassVar[str]
    has_rows: ClassVar[bool] = True
    """Whether it is judged from rows of a source, and not told from the verdicts of another promise."""
    columns: ClassVar[tuple[str, ...]] = ()
    """Keys that name a column, or several."""
    moments: ClassVar[tuple[str, ...]] = ()
    """Keys that name a column of dates or times."""
    planned: ClassVar[tuple[str, ...]] = ()
    """Those of them whose moment was only given: nothing happened then."""
    conditions: ClassVar[tuple[str, ...]] = ()
    """Keys that hold SQL which must be true or false, besides `only`."""
    numbers: ClassVar[tuple[str, ...]] = ()
    """Keys that hold SQL which makes a number."""

    items: Id = Field(description="The source the items are rows of.")
    only: Expression | None = Field(None, description="SQL boolean: what the promise covers.")
    segments: Segments = Field([], description="Columns, or {name: SQL expression}, to compare by.")

    @property
    def compared(self) -> dict[str, object]:
        """What it compares, where it has no rows of its own."""
        return {}

    @property
    def segment_expressions(self) -> dict[str, Expression]:
        """Each segment's name with its SQL; a bare column is its own name, quoted."""
        named: dict[str, Expression] = {}
        for segment in self.segments:
            named |= (
                segment if isinstance(segment, dict) else {segment: '"' + segment.replace('"', '""') + '"'}
            )
        return named

    @property
    def happened(self) -> list[ColumnName]:
        """The columns that say when something happened to an item."""
        named = (getattr(self, key) for key in self.moments if key not in self.planned)
        return [column for column in named if column]

    @property
    def fault(self) -> tuple[str, str] | None:
        """The key that cannot be judged as it is, and why; None where all can."""
        return None


class ClockMeasure(ItemsMeasure):
    """Done within a length of time, or by a date."""

    kind: ClassVar[str] = "clock"
    columns = ("id",)
    moments = ("started", "done", "cancelled", "originally_by")
    planned = ("originally_by",)
    id: ColumnName = Field(description="One row an item; a repeated id is an error.")
    started: ColumnName | None = Field(None, description="Column: when the clock starts.")
    done: ColumnName = Field(description="Column: when it was done; null is not done.")
    cancelled: ColumnName | None = Field(None, description="Column: when it was cancelled.")
    if_cancelled: Literal["exempt", "broken"] = Field(
        "exempt", description="What a cancelled item counts as."
    )
    within: AnyLength | None = Field(None, description="Kept if done within this length.")
    less_than: AnyLength | None = Field(None, description="Kept if done in less; the boundary is excluded.")
    by: ColumnName | None = Field(None, description="Column: the date or time given to that customer.")
    originally_by: ColumnName | None = Field(
        None, description="Column: the date first given, where `by` is the latest one given."
    )
    calendar: Id | None = Field(None, description="Calendar for business hours and business days.")
    cut_off: ClockTime | None = Field(
        None,
        description="Started later counts from the next opening or day: of business hours and business days on the calendar's clock, of other lengths on the company's. Business days of what starts on a closed day count from the next opening too.",
    )
    paused: Paused | None = Field(None, description="Time that does not count.")
    exempt: list[Exemption] = Field([], description="Which items do not count, and why.")


class CheckMeasure(ItemsMeasure):
    """Right or wrong: a condition each item keeps or breaks."""

    kind: ClassVar[str] = "check"
    columns = ("id",)
    moments = ("at", "cancelled")
    conditions = ("kept_when",)
    id: ColumnName = Field(description="One row an item; a repeated id is an error.")
    at: ColumnName = Field(description="Column: when the item happened.")
    kept_when: Expression = Field(description="SQL boolean: true is kept, false broken, null unknown.")
    cancelled: ColumnName | None = Field(None, description="Column: when it was cancelled.")
    if_cancelled: Literal["exempt", "broken"] = Field(
        "exempt", description="What a cancelled item counts as."
    )
    exempt: list[Exemption] = Field([], description="Which items do not count, and why.")


class CountsMeasure(ItemsMeasure):
    """Counts already added up: so many of so many kept."""

    kind: ClassVar[str] = "counts"
    moments = ("at",)
    numbers = ("kept", "total")
    at: ColumnName = Field(description="Column: the day or period of the counts.")
    kept: Expression = Field(description="SQL number: how many were kept.")
    total: Expression = Field(
        description="SQL number: out of how many. A row of numbers less than none or not whole, or with more kept than its total, is unknown with the reason."
    )


class RepeatMeasure(ItemsMeasure):
    """Not needed again: no further item of the same kind within a window."""

    kind: ClassVar[str] = "repeat"
    columns = ("id", "same")
    moments = ("at",)
    id: ColumnName = Field(description="One row an item; a repeated id is an error.")
    at: ColumnName = Field(description="Column: when the item happened.")
    same: list[ColumnName] = Field(description="Columns that make two items the same matter.")
    not_again_within: LengthText = Field(description="Kept if no same item follows within this length.")
    exempt: list[Exemption] = Field([], description="Which items do not count, and why.")

    @property
    def fault(self) -> tuple[str, str] | None:
        """A window in business time is not judged."""
        message = "a window in business time cannot be judged: write it in days or hours"
        return ("not_again_within", message) if self.not_again_within.is_business else None


class SpreadMeasure(Declared):
    """Consistency: how far another promise's kept rate differs between units."""

    kind: ClassVar[str] = "spread"
    has_rows: ClassVar[bool] = False
    spread_of: Id = Field(description="The promise whose kept rate is compared.")
    across: ColumnName = Field(description="The segment whose values are compared.")
    at_most: PercentagePoints = Field(description="The largest spread promised, in points.")

    @property
    def compared(self) -> dict[str, object]:
        """What it compares; `at_most` is a share (5 points are 0.05)."""
        return {"spread_of": self.spread_of, "across": self.across, "at_most": self.at_most / 100}


Measure = Annotated[
    ClockMeasure | CheckMeasure | CountsMeasure | RepeatMeasure | SpreadMeasure,
    Field(description="How the promise is measured."),
]

_TELLING_KEYS: dict[str, type[Declared]] = {
    "spread_of": SpreadMeasure,
    "not_again_within": RepeatMeasure,
    "same": RepeatMeasure,
    "kept_when": CheckMeasure,
    "total": CountsMeasure,
    "kept": CountsMeasure,
    "within": ClockMeasure,
    "less_than": ClockMeasure,
    "by": ClockMeasure,
    "done": ClockMeasure,
    "started": ClockMeasure,
}


def measure_class(keys: Any) -> type[Declared] | None:
    """Return the kind of measure that `keys` (a mapping's keys) tell, or None where none does."""
    return next((kind for key, kind in _TELLING_KEYS.items() if key in keys), None)


def meant_keys(keys: Any) -> list[str]:
    """Return the keys that tell a kind of measure and that misspelt `keys` come near to.

    >>> meant_keys(["items", "keptwhen", "at"])
    ['kept_when']
    """
    return [
        near for key in keys for near in get_close_matches(str(key)[:60], _TELLING_KEYS, n=1, cutoff=0.75)
    ]
