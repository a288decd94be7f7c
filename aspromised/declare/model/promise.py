"""A promise: a claim with a measure, a target and two owners."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from aspromised.declare.model.base import ClockTime, ColumnName, Declared, Id, LocalDate, TargetShare
from aspromised.declare.model.measure import AnyLength, ClockMeasure, Measure
from aspromised.words.moments import MOST_DAYS

About = Literal["speed", "accuracy", "ease", "consistency", "communication", "availability", "service"]


_DAYS = r"(?:[1-9]\d{0,2}|[12]\d{3}|3[0-5]\d{2}|36[0-5]\d|3660)"
"""1 to MOST_DAYS, as a pattern that editors know too."""
WINDOWS = rf"(month|week|quarter|year|fiscal quarter|fiscal year|rolling {_DAYS} days)"


def _window(value: str) -> str:
    if not re.fullmatch(WINDOWS, value):
        raise ValueError(
            f"'{value}' is not a window: write month, week, quarter, year, fiscal quarter, fiscal year"
            " or, as in 'rolling 28 days', a number of days, "
            f"{MOST_DAYS} at most"
        )
    return value


DeclaredWindow = Annotated[
    str,
    AfterValidator(_window),
    WithJsonSchema({"type": "string", "pattern": f"^{WINDOWS}$", "examples": ["month", "rolling 28 days"]}),
]


class Version(Declared):
    """The promise as it stood from a date; what is not given here is as in the promise."""

    from_: LocalDate = Field(alias="from", description="The first local day of this version.")
    claim: str | None = Field(None, description="The words customers read.")
    target: TargetShare | None = Field(None, description="Share of items kept.")
    within: AnyLength | None = Field(None, description="Kept if done within this length.")
    less_than: AnyLength | None = Field(None, description="Kept if done in less.")
    by: ColumnName | None = Field(None, description="Column: the date or time given to that customer.")
    cut_off: ClockTime | None = Field(
        None,
        description="Started later counts from the next opening or day: of business hours and business days on the calendar's clock, of other lengths on the company's. Business days of what starts on a closed day count from the next opening too.",
    )
    calendar: Id | None = Field(None, description="Calendar for business hours and business days.")


@dataclass(frozen=True)
class PromiseInForce:
    """A promise as it stood over a span of start days: `from_` included, `to` excluded, None unbounded."""

    number: int
    from_: date | None
    to: date | None
    claim: str
    target: float
    measure: Measure


class Promise(Declared):
    """A claim with a measure, a target, the team that says it and the team that must keep it."""

    claim: str = Field(description="The words customers read.")
    measure: Measure
    target: TargetShare = Field(description="Share of items kept.")
    made_by: str = Field(description="The team that says it.")
    kept_by: str = Field(description="The team that must keep it.")
    about: About | None = Field(None, description="What the promise is about.")
    said_in: list[str] = Field([], description="Where it is said.")
    subject: str | None = Field(None, description="Promises with one subject are compared across channels.")
    window: DeclaredWindow = Field(
        "month", description="month, week, quarter, year, fiscal quarter, fiscal year, or rolling N days."
    )
    counted: Literal["due", "started", "done"] = Field("due", description="Which day an item belongs to.")
    at_least: int = Field(30, ge=0, description='Items below which the status is "too few".')
    chain: Id | None = Field(None, description="The value chain that keeps it.")
    budget_policy: str | None = Field(None, description="Shown when the budget of misses is spent.")
    review_by: LocalDate | None = Field(None, description="When the promise is to be reviewed.")
    versions: list[Version] = Field([], description="What was promised, from when.")

    def standings(self) -> list[PromiseInForce]:
        """Return the promise as it stood over time, oldest first; one unbounded standing without versions."""
        if not self.versions:
            return [PromiseInForce(1, None, None, self.claim, self.target, self.measure)]
        ordered = sorted(self.versions, key=lambda version: version.from_)
        ends = [version.from_ for version in ordered[1:]] + [None]
        return [
            PromiseInForce(
                number,
                version.from_,
                end,
                version.claim or self.claim,
                self.target if version.target is None else version.target,
                self._measure_in(version),
            )
            for number, (version, end) in enumerate(zip(ordered, ends, strict=True), start=1)
        ]

    def standing_on(self, day: date) -> PromiseInForce:
        """Return the promise as it stands on a day; before it is first promised, as it is going to be."""
        first, *later = self.standings()
        return next((each for each in reversed(later) if each.from_ and each.from_ <= day), first)

    def _measure_in(self, version: Version) -> Measure:
        if not isinstance(self.measure, ClockMeasure):
            return self.measure
        given = {
            name: value
            for name in ("within", "less_than", "by", "cut_off", "calendar")
            if (value := getattr(version, name)) is not None
        }
        if given.keys() & {"within", "less_than", "by"}:
            given = {"within": None, "less_than": None, "by": None} | given
        return self.measure.model_copy(update=given)
