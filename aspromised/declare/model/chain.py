"""Value chains: stages with an internal supplier and an internal customer."""

from typing import ClassVar, Literal

from pydantic import Field

from aspromised.declare.model.base import ColumnName, Declared, Expression, Id, LengthText, LocalDate

StageKind = Literal["work", "approval", "check", "escalation", "wait"]
"""What a stage is for: work on the case, a say-so, a control, a hand-up, or waiting for somebody outside."""


class InputRequirement(Declared):
    """What a stage needs from its supplier, and when that is met."""

    input: str = Field(description="What is needed.")
    met_when: Expression = Field(description="SQL boolean.")


class ChainItems(Declared):
    """The items that run through a chain."""

    source: Id = Field(description="The source of the items.")
    id: ColumnName = Field(description="The item's id.")
    started: ColumnName = Field(description="Column: when the item enters the chain.")
    moments: ClassVar[tuple[str, ...]] = ("started",)
    others: ClassVar[tuple[str, ...]] = ("id",)


class Events(Declared):
    """An event log the chain is read from: one row an event of a case."""

    source: Id = Field(description="The source of the events.")
    id: ColumnName = Field(description="The case the event belongs to.")
    activity: ColumnName = Field(description="Column: what happened.")
    at: ColumnName = Field(description="Column: when it happened; where `started` is given, when it ended.")
    started: ColumnName | None = Field(None, description="Column: when work on it began.")
    resource: ColumnName | None = Field(
        None,
        description="Column: the person or machine that did it; without one, why a case waited is not told.",
    )
    team: ColumnName | None = Field(None, description="Column: the team that did it.")
    moments: ClassVar[tuple[str, ...]] = ("started", "at")
    others: ClassVar[tuple[str, ...]] = ("id", "activity", "resource", "team")


class Stage(Declared):
    """One step of a chain, its budget of time, and the handoff at its end."""

    stage: str = Field(description="The stage's name.")
    kind: StageKind = Field(
        "work",
        description="work, approval (a say-so), check (a control), escalation (a hand-up) or wait (for somebody outside).",
    )
    supplier: str = Field(description="The team that does it.")
    customer: str = Field(description="The team it hands over to.")
    done: str = Field(description="Column, or the activity of the event log, that ends the stage.")
    working_from: str | None = Field(None, description="Column or activity: when work began.")
    budget: LengthText | None = Field(
        None,
        description="The time the stage may take; those of a chain are to fit into the promise it keeps.",
    )
    calendar: Id | None = Field(None, description="Calendar for business hours and business days.")
    accepted_when: Expression | None = Field(
        None, description="SQL boolean: the receiver found it complete and right."
    )
    changed_when: Expression | None = Field(
        None, description="SQL boolean, of an approval or a check: it changed or refused what it was given."
    )
    delivers: list[str] = Field([], description="What the stage hands over.")
    requires: list[InputRequirement] = Field([], description="What the stage needs as input.")
    review_by: LocalDate | None = Field(None, description="When this handoff is to be looked at again.")


class CustomerExpectation(Declared):
    """What an internal customer of a chain expects of it."""

    customer: str = Field(description="The team that expects it.")
    what: str = Field(description="What it expects, in its words.")
    from_: LocalDate | None = Field(None, alias="from", description="Since which day it is agreed.")


class Chain(Declared):
    """Stages in time order, from columns of the items or from an event log."""

    stages: list[Stage] = Field(description="The stages, in time order.")
    items: ChainItems | None = Field(None, description="Items whose columns hold the stage times.")
    events: Events | None = Field(None, description="Or: an event log.")
    expects: list[CustomerExpectation] = Field([], description="What its internal customers expect.")
    review_by: LocalDate | None = Field(None, description="When the chain is to be reviewed.")

    @property
    def read_from(self) -> ChainItems | Events | None:
        """Where the stage times are read from; None where that is not told."""
        return self.items or self.events

    @property
    def source(self) -> str:
        """The source the stage times are read from; empty where that is not told."""
        return self.read_from.source if self.read_from else ""
