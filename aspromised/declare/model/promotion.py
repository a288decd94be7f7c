"""Promotions, their readiness gates, and the capacity they lean on."""

from typing import Literal

from pydantic import Field, field_validator

from aspromised.declare.model.base import (
    ColumnName,
    Declared,
    EndMoment,
    Expression,
    Id,
    LengthText,
    LocalDate,
    Moment,
    Percent,
    TargetShare,
)
from aspromised.words.figures import target
from aspromised.words.lengths import EXACT_SECONDS, Length

OVER_DAYS = 28
"""So many days a gate on a promise looks back where it does not say."""


class Gate(Declared):
    """A condition to hold before launch; which kind is told by its keys."""

    gate: str = Field(description="What must be ready, as readers see it.")
    promise: Id | None = Field(None, description="A promise that must be holding.")
    kept_at_least: TargetShare | None = Field(None, description="Its kept rate, at least.")
    over: LengthText | None = Field(None, description="Over the days before.")
    capacity: Id | None = Field(None, description="A capacity that must have headroom.")
    headroom_at_least: Percent | None = Field(None, description="Headroom over expected load, at least.")
    sql: str | None = Field(None, description="A query of one number, as of :day.")
    at_least: float | None = Field(None, description="The number, at least.")
    at_most: float | None = Field(None, description="The number, at most.")
    signed_off_by: str | None = Field(None, description="The team that must sign it off.")
    on: LocalDate | None = Field(None, description="When it was signed off.")
    optional: bool = Field(False, description="Whether launch may go ahead without it.")

    @property
    def kind(self) -> Literal["promise", "capacity", "sql", "sign-off"]:
        """Which kind of gate its keys tell."""
        if self.promise is not None:
            return "promise"
        if self.capacity is not None:
            return "capacity"
        return "sql" if self.sql is not None else "sign-off"

    @property
    def over_days(self) -> int | None:
        """How many days it looks back, where it says nothing OVER_DAYS; None where the length is not one of whole days."""
        if self.over is None:
            return OVER_DAYS
        days = self.over.amount * {"days": 1, "calendar days": 1, "weeks": 7}.get(self.over.unit, 0)
        return int(days) if days >= 1 and days == days.to_integral_value() else None

    @property
    def asks_of(self) -> str | None:
        """The promise, the capacity or the team it asks; None of a query."""
        return self.promise or self.capacity or self.signed_off_by

    @property
    def lowest(self) -> float | None:
        """The number that its value must reach, None of a sign-off and of a query that only has a highest."""
        return {"promise": self.kept_at_least, "capacity": self.headroom_at_least, "sql": self.at_least}.get(
            self.kind
        )

    @property
    def needed_in_words(self) -> str:
        """What the gate needs, as a reader says it."""
        if self.kind == "promise":
            return f"{self.promise} kept at least {target(self.kept_at_least)} over {self.over or f'{OVER_DAYS} days'}"
        if self.kind == "capacity":
            return f"{self.capacity} headroom at least {target(self.headroom_at_least)}"
        if self.kind == "sql":
            bounds = [f"at least {self.at_least:g}"] if self.at_least is not None else []
            bounds += [f"at most {self.at_most:g}"] if self.at_most is not None else []
            return " and ".join(bounds)
        return f"signed off by {self.signed_off_by}"


class PromotionItems(Declared):
    """The items a promotion brought."""

    source: Id = Field(description="The source of the items.")
    only: Expression | None = Field(None, description="SQL boolean: which of them it brought.")


class Expectation(Declared):
    """What the promotion is expected to do to demand."""

    demand: Percent = Field(description="Expected change in demand, such as +60%.")
    on: Id | None = Field(None, description="The source whose volume is meant.")
    basis: str | None = Field(None, description="What the estimate rests on.")


class Promotion(Declared):
    """Something marketing launches that leans on promises operations must keep."""

    says: str = Field(description="The words customers read.")
    launched: Moment = Field(description="When it started; a future date is a planned launch.")
    leans_on: list[Id] = Field(description="The promises it leans on.")
    run_by: str | None = Field(None, description="The team that runs it.")
    announced: Moment | None = Field(None, description="When customers first heard of it.")
    ends: EndMoment | None = Field(
        None, description="When it ends; a date includes that day, and 9999-12-31 is no end."
    )
    cancelled: bool = Field(False, description="Whether it was called off.")
    items: PromotionItems | None = Field(None, description="Which items it brought.")
    expects: Expectation | None = Field(None, description="Expected demand.")
    ready_when: list[Gate] = Field([], description="Gates judged as of launch.")


class Load(Declared):
    """The work that uses a capacity up."""

    source: Id = Field(description="The source of the work.")
    at: ColumnName = Field(description="Column: when the work arrives.")
    units: Expression | None = Field(None, description="SQL number: units of work a row; default 1.")


class Answering(Declared):
    """Agents who answer as it comes in: how many, how long one takes, and how soon it should be answered."""

    agents: int = Field(ge=1, description="How many are at work at one time.")
    handling: LengthText = Field(description="How long one takes, on average.")
    within: LengthText = Field(description="How soon it should be answered.")
    kept_at_least: TargetShare = Field(description="The share to be answered so soon, at least.")
    open_for: LengthText = Field(description="How long a day they answer, such as 10 hours.")

    @field_validator("handling", "within", "open_for")
    @classmethod
    def _exact(cls, value: Length) -> Length:
        if value.unit not in EXACT_SECONDS:
            raise ValueError(f"'{value}' is not the same length every day: write hours, minutes or seconds")
        if value.amount <= 0:
            raise ValueError("it must be longer than nothing")
        return value


class Capacity(Declared):
    """What operations can handle a day."""

    source: Id = Field(description="The source of the capacity.")
    day: ColumnName = Field(description="Column: the day.")
    available: Expression = Field(description="SQL number: units available that day.")
    load: Load | None = Field(None, description="The work that uses it up.")
    outside: dict[str, str] = Field(
        {},
        description="Segment values of work that does not use it: a launch is compared with what happened there.",
    )
    answering: Answering | None = Field(
        None, description="Where the capacity is agents who answer at once (Erlang C)."
    )
