"""What a company records beside its promises."""

from datetime import date
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from aspromised.declare.model.base import ColumnName, Declared, Expression, Id, LastDay, LocalDate


class Complaints(Declared):
    """Where complaints are read from."""

    source: Id = Field(description="The source of complaints.")
    id: ColumnName = Field(description="Column: the complaint's id.")
    at: ColumnName = Field(description="Column: when it was received.")
    customer: ColumnName | None = Field(None, description="Column: the customer who complained.")
    item: ColumnName | None = Field(None, description="Column: the item complained about.")
    theme: ColumnName | None = Field(None, description="Column: what it is about.")
    reviewed: ColumnName | None = Field(None, description="Column: when it was reviewed.")
    owner: ColumnName | None = Field(None, description="Column: who looks after it.")
    answered: ColumnName | None = Field(None, description="Column: when the customer was told the outcome.")


class RequiredScore(Declared):
    """The score that one internal customer requires of one internal supplier, from a day on."""

    supplier: str = Field(
        description="The team that is rated; `company` for what staff require of the company."
    )
    customer: str = Field(description="The team that requires it.")
    score: float = Field(description="The score required.")
    from_: LocalDate | None = Field(
        None, alias="from", description="The first local day it is required. Default: always."
    )


def _required_shape(value: Any) -> str:
    return "<pairs>" if isinstance(value, list) else "<score>"


Required = Annotated[
    Annotated[float, Tag("<score>")] | Annotated[list[RequiredScore], Tag("<pairs>")],
    Discriminator(_required_shape),
]
"""The score required: one for all pairs of teams, or a list by pair."""


class Ratings(Declared):
    """Where ratings between departments are read from; those of the supplier `company` are the staff pulse."""

    source: Id = Field(description="The source of ratings, one row a rating.")
    at: ColumnName = Field(description="Column: when the rating was given.")
    supplier: ColumnName = Field(
        description="Column: the team that serves the other; `company` where staff rate the company itself."
    )
    customer: ColumnName = Field(description="Column: the team that is served.")
    score: ColumnName = Field(description="Column: the score given.")
    dimension: ColumnName | None = Field(
        None,
        description="Column: what is rated, such as quality, timeliness, communication or product. Where it is empty,"
        " or not given: `overall`.",
    )
    direction: ColumnName | None = Field(
        None,
        description="Column: `of supplier` where the customer rates its supplier (also where it is empty), `of customer`"
        " where the supplier rates its customer.",
    )
    lowest: float = Field(1, description="The worst score.")
    out_of: float = Field(5, gt=0, description="The best score.")
    required: Required | None = Field(
        None,
        description="The score required of a supplier: one for every pair of teams, or a list by pair and day.",
    )


class Correction(Declared):
    """Items exempted afterwards, with a reason and someone who approved it."""

    promises: list[Id] = Field(description="Which promises.")
    from_: LocalDate = Field(alias="from", description="First local day items were counted on.")
    to: LastDay = Field(description="Last local day, included; 9999-12-31 is no end.")
    declared: LocalDate | None = Field(
        None,
        description="The day it was decided: as of an earlier day it is not applied. Default: the day `to`.",
    )
    only: Expression | None = Field(None, description="SQL boolean: which items.")
    because: str = Field(description="The reason, as readers see it.")
    approved_by: str | None = Field(None, description="Who approved it.")

    @property
    def known_from(self) -> date:
        """The first day it was known of, as far as is declared."""
        return self.declared or self.to


class Change(Declared):
    """A dated fact that may explain a shift; charts are re-based there, and what came of it is told ([how](changes.md))."""

    on: LocalDate = Field(description="The day it happened.")
    what: str = Field(description="What changed, as readers see it.")
    touches: dict[str, str] = Field(
        {},
        description="Segment values it touches; without any, everything. What it does not touch is what it is held against.",
    )


class BrokenCost(Declared):
    """What one broken item costs, measured."""

    refund: float | None = Field(None, description="Money given back.")
    extra_contact: float | None = Field(None, description="Handling the further contacts it causes.")
    redelivery: float | None = Field(None, description="Delivering again.")
    currency: str = Field(description="ISO 4217 code, such as GBP.")
    source: str | None = Field(None, description="Where the figures come from.")


class Costs(Declared):
    """Unit costs, declared with their source."""

    broken: dict[Id, BrokenCost] = Field({}, description="By promise.")
