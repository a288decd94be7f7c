"""The company and its opening hours."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from aspromised.declare.model.base import Declared, LocalDate
from aspromised.words.vocabulary import Month, Weekday


class Company(Declared):
    """Whose promises these are, and the days they are counted in."""

    name: str = Field(description="The company's name, as readers see it.")
    timezone: str = Field(description="An IANA time zone; every report day is a day there.")
    week_starts: Weekday = Field("monday", description="The first day of a week.")
    teams: list[str] | None = Field(None, description="The teams; where given, any other name is a typo.")
    fiscal_year_starts: Month = Field(
        "january", description="First month of the fiscal year; quarters follow."
    )


def _address(value: str) -> str:
    if not re.match(r"(sc|spark)://[^/\s]", value):
        raise ValueError(
            f"'{value}' is no address of spark: write sc://host:15002 (Spark Connect) or spark://host:7077 (a cluster)"
        )
    return value


class JudgedOn(Declared):
    """Which engine judges, where it is not the one that is built in."""

    spark: Annotated[str, AfterValidator(_address)] = Field(
        description="The address of a Spark, `sc://host:15002` or `spark://host:7077`: promises are judged there.",
        examples=["sc://localhost:15002"],
    )


class Holidays(Declared):
    """Days on which a calendar is closed."""

    country: str | None = Field(None, description="Country code of the `holidays` package, such as GB.")
    subdivision: str | None = Field(None, description="Subdivision code, such as ENG.")
    except_: list[LocalDate] = Field([], alias="except", description="Public holidays that are worked.")
    extra: list[LocalDate] = Field([], description="Further days that are closed.")


def _opening_shape(value: Any) -> str:
    return "<days>" if isinstance(value, dict) else "<always>"


def _always(value: Any) -> Any:
    if value != "always":
        raise ValueError(f"'{value}' is neither always nor intervals by day: {{mon-fri: ['09:00-17:00']}}")
    return value


Opening = Annotated[
    Annotated[Literal["always"], BeforeValidator(_always), Tag("<always>")]
    | Annotated[dict[str, list[str]], Tag("<days>")],
    Discriminator(_opening_shape),
]


class Calendar(Declared):
    """When a place is open: the time that business hours and business days count."""

    timezone: str | None = Field(None, description="Default: the company's.")
    open: Opening = Field(description='"always", or opening intervals by day: {mon-fri: ["09:00-17:00"]}.')
    holidays: Holidays | None = Field(None, description="Days closed.")
