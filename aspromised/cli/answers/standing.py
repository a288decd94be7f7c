"""What `status` and `why` answer."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from aspromised.cli.answers.figures import (
    DaysAnswer,
    DayText,
    FiguresAnswer,
    MomentText,
    Points,
    Share,
    VersionAnswer,
    closed,
)
from aspromised.words.vocabulary import Status

# fmt: off
Wordings = Annotated[int, Field(description="under how many wordings its items were decided")]
Pooled = Annotated[bool, Field(description="items were decided in other words than those of `version`, or in several wordings: the figures together are of none, and `status` is null")]
ToldIn = Annotated[int | None, Field(description="whose words, target and length the window is told in: the version in force on its last day, or on the as-of day while that is to come")]


@closed
class SegmentAnswer(FiguresAnswer):
    """The items that have one value of a segment."""

    name: Annotated[str, Field(description="the segment")]
    value: Annotated[str, Field(description="`(none)` where the row has none")]
    wordings: Wordings
    pooled: Pooled


@closed
class ReasonAnswer(TypedDict):
    """Items exempted for one reason; `kept`, `broken` and `open` are what they would be."""

    exempt_by: Annotated[str, Field(description="`rule`, `correction` or `cancelled`")]
    reason: str
    approved_by: Annotated[str | None, Field(description="of a correction")]
    items: int
    share: Annotated[Share | None, Field(description="of all that would be decided")]
    kept: int
    broken: int
    open: int


@closed
class ExemptionsAnswer(TypedDict):
    """What is left out, and the kept rate with and without it."""

    items: int
    share: Share | None
    rate: Annotated[Share | None, Field(description="as it is told")]
    rate_without: Annotated[Share | None, Field(description="had nothing been exempted")]
    kept_without: int
    broken_without: int
    cancelled: int
    cancelled_overdue: Annotated[int, Field(description="those cancelled when already late")]
    reasons: list[ReasonAnswer]


@closed
class BurnAnswer(TypedDict):
    """How fast misses come: 1 is just as fast as the target forgives."""

    rate: float | None
    low: Annotated[float | None, Field(description="95 % interval: at least")]
    high: Annotated[float | None, Field(description="the same: at most")]
    too_fast: Annotated[bool, Field(description="faster than chance explains")]
    decided: int
    broken: int


@closed
class NextWindowAnswer(DaysAnswer):
    """What is to be expected of the next window, if it goes on as it went."""

    items: int
    chance_kept: Annotated[Share | None, Field(description="the chance to meet the target; null where nobody can say, as where another version will stand there")]


@closed
class BudgetAnswer(TypedDict):
    """The misses that the target forgives over a window, and what became of them."""

    window: DaysAnswer
    closed: Annotated[bool, Field(description="no item is to come")]
    counted_to: DayText
    decided: int
    spent: Annotated[int, Field(description="items broken")]
    wordings: Annotated[int, Field(description="more than 1: it is of so many wordings together")]
    allowed_so_far: Annotated[int, Field(description="misses forgiven of the items decided")]
    items_to_come: int
    allowed: Annotated[int, Field(description="misses forgiven over the whole window")]
    left: int
    is_spent: bool
    burn: BurnAnswer
    last_7_days: BurnAnswer
    chance_spent_at_end: Share | None
    next: NextWindowAnswer
    policy: Annotated[str | None, Field(description="what was agreed for a budget that is spent")]


@closed
class RawAnswer(TypedDict):
    """How far the units' rates differ as counted, noise included."""

    sd: Points | None
    range: Points | None


@closed
class UnitAnswer(TypedDict):
    """A unit large enough to be named."""

    value: str
    kept: int
    decided: int
    rate: Share
    reliability: Annotated[float, Field(description="0 to 1: how much of a difference to others is not noise")]


@closed
class SmallUnitsAnswer(TypedDict):
    """The units too small to be told apart: counted, never named."""

    units: int
    items: int


class _SpreadShape(TypedDict):
    spread_of: Annotated[str, Field(description="the promise whose units are compared")]
    across: Annotated[str, Field(description="the segment whose values are the units")]
    at_most: Annotated[Points, Field(description="the standard deviation that is promised")]
    sd: Annotated[Points | None, Field(description="the standard deviation between units, without noise; `low` and `high` are its interval")]
    raw: RawAnswer
    items_per_unit_needed: Annotated[float | None, Field(description="items a unit needs to be told from others")]
    units: list[UnitAnswer]
    too_few_to_tell_apart: SmallUnitsAnswer
    without_unit: Annotated[int, Field(description="items that have no unit")]


class _SpreadInterval(_SpreadShape):
    low: Points | None
    high: Points | None
    waits_for: int


@closed
class SpreadVersionAnswer(_SpreadInterval):
    """How far the units differ under one wording of what is compared."""

    claim: str
    said: Annotated[str, Field(description="when it stood, in words")]
    status: Status
    versions: Annotated[list["SpreadVersionAnswer"], Field(max_length=0, description="always empty")]


class SpreadAnswer(_SpreadInterval):
    """How far a kept rate differs between units."""

    versions: Annotated[list[SpreadVersionAnswer], Field(description="each wording by itself, where they are not told together")]


class _PromiseRow(FiguresAnswer):
    id: str
    kind: Annotated[str | None, Field(description="the kind of its measure; null where the promise cannot be read")]
    claim: Annotated[str, Field(description="the words of `version`")]
    version: ToldIn
    window: DaysAnswer
    problem: Annotated[str | None, Field(description="why it could not be judged")]
    segments: list[SegmentAnswer]
    wordings: Wordings
    pooled: Pooled
    exemptions: Annotated[ExemptionsAnswer | None, Field(description="null of a spread")]
    budget: Annotated[BudgetAnswer | None, Field(description="null where the target forgives nothing")]


@closed
class PromiseAnswer(_PromiseRow):
    """A promise of items."""

    versions: Annotated[list[VersionAnswer], Field(description="each wording that has items in the window, oldest first")]


@closed
class SpreadPromiseAnswer(_PromiseRow, _SpreadShape):
    """A promise that units do not differ (`kind` is `spread`): it has no items and no rate of its own."""

    versions: Annotated[list[SpreadVersionAnswer], Field(description="the spread under each wording, where they are not told together")]


@closed
class StatusLedgerAnswer(TypedDict):
    """`aspromised status --json`"""

    as_of: MomentText
    promises: list[PromiseAnswer | SpreadPromiseAnswer]


@closed
class PeriodAnswer(FiguresAnswer):
    """A promise over one window."""

    label: Annotated[str, Field(description="the window in words")]
    window: DaysAnswer
    closed: Annotated[bool, Field(description="its last day is over")]
    versions: Annotated[str, Field(description="the versions in force in it")]
    version: ToldIn
    claim: Annotated[str, Field(description="the words of `version`")]
    wordings: Wordings
    pooled: Pooled


@closed
class PeriodsAnswer(TypedDict):
    """`aspromised status PROMISE --periods N --json`"""

    as_of: MomentText
    promise: str
    claim: Annotated[str, Field(description="the words of the newest window")]
    periods: Annotated[list[PeriodAnswer], Field(description="the newest last")]


@closed
class WhyAnswer(FiguresAnswer):
    """`aspromised why PROMISE --json`"""

    id: str
    claim: Annotated[str, Field(description="the words of `version`")]
    version: ToldIn
    window: Annotated[str, Field(description="the window in words")]
    answered_from: str
    not_known: Annotated[list[str], Field(description="what cannot be known of the past, in words")]
    versions: list[VersionAnswer]
    wordings: Wordings
    pooled: Pooled
    sql: Annotated[str, Field(description="what judges every item")]


@closed
class WhySpreadAnswer(SpreadAnswer):
    """`aspromised why PROMISE --json`, of a spread"""

    id: str
    kind: Annotated[str, Field(description="`spread`")]
    window: str
    answered_from: str
    status: Annotated[Status | None, Field(description="null where `versions` tells each wording by itself")]
    sql: Annotated[str, Field(description="what counts each unit")]


@closed
class TimeAnswer(TypedDict):
    """Seconds of a clock: gone by, and left (negative: over)."""

    elapsed_seconds: float | None
    left_seconds: float | None


@closed
class ClockAnswer(TypedDict):
    """How far an item's clock ran, on the promise's own clock and on the wall's."""

    limit: Annotated[str, Field(description="what was promised, in words")]
    limit_seconds: float | None
    own: TimeAnswer
    wall: TimeAnswer
    sentence: str


class _StepTold(TypedDict):
    what: str
    at: MomentText | None


@closed
class StepAnswer(_StepTold, total=False):
    """One thing that was promised of an item, or happened to it; what does not apply is left out."""

    until: MomentText
    seconds: Annotated[float, Field(description="how long it lasted")]
    note: str


@closed
class StoryAnswer(TypedDict):
    """`aspromised why PROMISE --item ID --json`"""

    promise: str
    item: str
    as_of: MomentText
    verdict: Annotated[str, Field(description="`kept`, `broken`, `open`, `exempt`, `unknown`, or of counts `counted`")]
    reason: str | None
    day: Annotated[DayText | None, Field(description="the local day it is counted on")]
    version: int
    late_seconds: Annotated[float | None, Field(description="negative is early")]
    clock: ClockAnswer | None
    segments: Annotated[dict[str, str | None], Field(description="the item's value of each")]
    steps: list[StepAnswer]
    in_one_line: str
    sentence: str
