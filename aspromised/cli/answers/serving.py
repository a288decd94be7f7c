"""What `service` answers."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from aspromised.cli.answers.figures import DaysAnswer, DayText, MomentText, Share, closed


# fmt: off
@closed
class ScoreAnswer(TypedDict):
    """What one side of a pair was given; null is what is not known."""

    supplier: Annotated[str, Field(description="`company` in the staff pulse")]
    customer: str
    heading: Annotated[str, Field(description="what was rated; empty over all headings")]
    ratings: int
    mean: float | None
    low: Annotated[float | None, Field(description="95 % interval of the mean (Student's, variance pooled over pairs): at least")]
    high: Annotated[float | None, Field(description="the same: at most")]
    required: Annotated[float | None, Field(description="the score required on the window's last day")]
    met: Annotated[Share | None, Field(description="ratings that reached what was required on their own day")]
    standing: Annotated[str, Field(description="`met`, `not met`, `too close to call`, `too few` or `nothing required`")]
    reliability: Annotated[Share, Field(description="the part of the mean's variance among pairs that is not noise")]
    ranked: Annotated[bool, Field(description="whether it may be told from the others: 5 ratings, and a reliability of 0.7")]
    before_ratings: Annotated[int, Field(description="in the three months before")]
    before_mean: float | None
    change: float | None
    change_low: float | None
    change_high: float | None
    moved: Annotated[str, Field(description="`better`, `worse`, `within chance`; empty with too few ratings")]


@closed
class ExpectedAnswer(TypedDict):
    """One thing expected of a team."""

    by: str
    what: str
    since: DayText | None
    standing: str
    promise: Annotated[str | None, Field(description="the promise it is")]


@closed
class OwesAnswer(TypedDict):
    """One thing a team owes."""

    what: str
    due: DayText | None
    overdue: bool


@closed
class OwnPageAnswer(TypedDict):
    """A team's own page; scores by heading follow those of the pair."""

    team: str
    sentence: str
    gets: Annotated[list[ScoreAnswer], Field(description="how it rates its suppliers")]
    gives: Annotated[list[ScoreAnswer], Field(description="how its customers rate it")]
    asks: Annotated[list[ScoreAnswer], Field(description="how its suppliers rate what it asks of them")]
    is_asked: Annotated[list[ScoreAnswer], Field(description="how it rates what its customers ask of it")]
    pulse: Annotated[ScoreAnswer | None, Field(description="how its staff rate the company")]
    expected: list[ExpectedAnswer]
    owes: list[OwesAnswer]


@closed
class ServiceStepAnswer(TypedDict):
    """One of the seven steps of internal service."""

    number: int
    step: Annotated[str, Field(description="in plain words")]
    passed: bool
    evidence: str
    on: Annotated[DayText | None, Field(description="the day of the evidence, where it has one")]
    missing: Annotated[str | None, Field(description="what to do next")]


@closed
class ChainStepsAnswer(TypedDict):
    """A chain and which of the seven steps can be seen to be passed."""

    id: str
    passed: int
    sentence: str
    steps: list[ServiceStepAnswer]


@closed
class ServiceAnswer(TypedDict):
    """`aspromised service --json`"""

    as_of: MomentText
    window: Annotated[DaysAnswer, Field(description="the three months that end with the month")]
    lowest: Annotated[float | None, Field(description="the worst score of the scale; null where no ratings are declared")]
    out_of: float | None
    problem: Annotated[str | None, Field(description="why ratings could not be counted")]
    notes: Annotated[list[str], Field(description="what was left out, and teams that the company does not list")]
    sentence: str
    findings: list[str]
    suppliers: Annotated[list[ScoreAnswer], Field(description="how customers rated their suppliers, worst first")]
    customers: Annotated[list[ScoreAnswer], Field(description="how suppliers rated what their customers ask of them")]
    pulse: Annotated[list[ScoreAnswer], Field(description="how staff of each team rated the company")]
    chains: Annotated[list[ChainStepsAnswer], Field(description="the seven steps of each chain")]
    team: Annotated[OwnPageAnswer | None, Field(description="where a team was named")]


@closed
class ReviewedAnswer(TypedDict):
    """`aspromised reviewed --json`"""

    chain: str
    who: str
    note: str
    written_at: MomentText


@closed
class BriefRowAnswer(TypedDict):
    """A row of a brief."""

    about: str
    said: str


@closed
class BriefPartAnswer(TypedDict):
    """A part of a brief: what is needed, how it has been, examples, when it is looked at again."""

    heading: str
    rows: list[BriefRowAnswer]


@closed
class BriefAnswer(TypedDict):
    """`aspromised brief --json`"""

    as_of: MomentText
    supplier: str
    customer: str
    title: str
    sentence: str
    parts: list[BriefPartAnswer]
    handed_over: Annotated[MomentText | None, Field(description="when it was written that it was handed over, with `--who`")]
    files: Annotated[list[str], Field(description="those written, with `--out`")]
