"""Value chains: stages with an internal supplier and an internal customer."""

from pydantic import Field

from aspromised.declare.model.base import ColumnName, Declared, Expression, Id, LengthText


class InputRequirement(Declared):
    """What a stage needs from its supplier, and when that is met."""

    input: str = Field(description="What is needed.")
    met_when: Expression = Field(description="SQL boolean.")


class ChainItems(Declared):
    """The items that run through a chain."""

    source: Id = Field(description="The source of the items.")
    id: ColumnName = Field(description="The item's id.")
    started: ColumnName = Field(description="Column: when the item enters the chain.")


class Events(Declared):
    """An event log the chain is read from: one row an event of a case."""

    source: Id = Field(description="The source of the events.")
    id: ColumnName = Field(description="The case the event belongs to.")
    activity: ColumnName = Field(description="What happened.")
    at: ColumnName = Field(description="When it happened.")
    team: ColumnName | None = Field(None, description="Who did it.")


class Stage(Declared):
    """One step of a chain, its budget of time, and the handoff at its end."""

    stage: str = Field(description="The stage's name.")
    supplier: str = Field(description="The team that does it.")
    customer: str = Field(description="The team it hands over to.")
    done: str = Field(description="Column, or the activity of the event log, that ends the stage.")
    working_from: str | None = Field(None, description="Column or activity: when work began.")
    budget: LengthText | None = Field(None, description="The time the stage may take.")
    calendar: Id | None = Field(None, description="Calendar for business hours and business days.")
    accepted_when: Expression | None = Field(
        None, description="SQL boolean: the receiver found it complete and right."
    )
    requires: list[InputRequirement] = Field([], description="What the stage needs as input.")


class Chain(Declared):
    """Stages in time order, from columns of the items or from an event log."""

    stages: list[Stage] = Field(description="The stages, in time order.")
    items: ChainItems | None = Field(None, description="Items whose columns hold the stage times.")
    events: Events | None = Field(None, description="Or: an event log.")
