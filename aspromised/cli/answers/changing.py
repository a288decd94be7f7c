"""What `refresh`, `check` and `diff` answer."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from aspromised.cli.answers.figures import DayText, MomentText, Share, closed
from aspromised.words.problems import Severity
from aspromised.words.vocabulary import Status


# fmt: off
@closed
class SetAsideAnswer(TypedDict):
    """Why rows of a source were set aside, and how many."""

    reason: str
    rows: int


@closed
class SourceAnswer(TypedDict):
    """How a source was loaded."""

    rows_in: int
    rows_kept: int
    rows_set_aside: int
    duplicates_resolved: int
    reasons: Annotated[list[SetAsideAnswer], Field(description="the most frequent first")]
    problem: Annotated[str | None, Field(description="why there is no table of it")]
    notes: str | None


@closed
class LengthAnswer(TypedDict):
    """A length told by the data that nobody can promise."""

    promise: str
    length: str
    items: Annotated[int, Field(description="how many it leaves unknown")]


@closed
class RefreshAnswer(TypedDict):
    """`aspromised refresh --json`"""

    snapshot: str
    rows_in: int
    rows_set_aside: int
    verdicts: Annotated[dict[str, int], Field(description="how many items of each verdict")]
    not_judged: Annotated[dict[str, str], Field(description="why, by promise")]
    sources: dict[str, SourceAnswer]
    seconds: float
    no_lengths: list[LengthAnswer]
    lost_rows: Annotated[str, Field(description="in a sentence which sources had more than 5 % of their rows set aside, or lost all; empty where none did")]
    older_than_promised: Annotated[str, Field(description="in a sentence which sources are; empty where none is")]


@closed
class ProblemAnswer(TypedDict):
    """One thing to mend, and where."""

    code: str
    severity: Severity
    message: str
    path: str | None
    line: Annotated[int | None, Field(description="from 1")]
    column: Annotated[int | None, Field(description="from 1")]
    frame: Annotated[str | None, Field(description="the line with a caret under the place")]


@closed
class CheckAnswer(TypedDict):
    """`aspromised check --json`"""

    problems: list[ProblemAnswer]
    errors: int
    warnings: int
    notes: int


@closed
class DifferenceAnswer(TypedDict):
    """One thing that changed in the YAML."""

    kind: str
    id: str
    what: Annotated[str, Field(description="the field; empty where the whole was added or removed")]
    direction: str
    words: str
    warning: Annotated[str, Field(description="what to mend before this is published; may be empty")]


@closed
class TallyAnswer(TypedDict):
    """How the last days went by one of the two states."""

    kept: int
    broken: int
    rate: Share | None
    low: float | None
    high: float | None
    target: Share
    status: Annotated[Status | None, Field(description="null of several wordings together")]


_FromTo = TypedDict("_FromTo", {"from": DayText, "to": DayText})


@closed
class EffectAnswer(_FromTo):
    """What the change does to a promise."""

    promise: str
    before: Annotated[TallyAnswer | None, Field(description="null where it was not promised, or could not be judged")]
    after: TallyAnswer | None
    moved: Annotated[int | None, Field(description="items that get another verdict, or come in or fall out; null where it cannot be judged")]
    problem: str | None
    terms: Annotated[Literal["its own", "the last throughout", "several"], Field(description="what items were judged by: one version's, the last version's throughout, each by its own of several")]
    words: str


@closed
class DiffAnswer(TypedDict):
    """`aspromised diff --json`"""

    since: str
    as_of: MomentText
    differences: list[DifferenceAnswer]
    effects: list[EffectAnswer]
    unreadable: list[str]
    problems: Annotated[int, Field(description="how many things are to be mended")]
