"""What `gaps` answers."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from aspromised.cli.answers.figures import DaysAnswer, MomentText, Points, Share, closed


# fmt: off
@closed
class PartAnswer(TypedDict):
    """A part of a promise's items, against all others that are looked at."""

    where: Annotated[dict[str, str], Field(description="what its items have in common: up to three dimensions, each with its value")]
    decided: int
    broken: int
    expected: Annotated[float, Field(description="what would have broken at the rate of all other items")]
    excess: Annotated[float, Field(description="broken less expected")]
    low: Annotated[float, Field(description="the excess at least (95 % interval)")]
    high: Annotated[float, Field(description="the excess at most (95 % interval)")]
    p: Annotated[Share, Field(description="Fisher's exact test against all other items, two-sided")]
    adjusted: Annotated[Share | None, Field(description="the same, allowing for every combination searched (Benjamini–Hochberg); null where there are too few")]
    standing: Annotated[str, Field(description="`more` or `fewer` beyond chance, `chance`, `too few`")]
    stands_out: Annotated[bool, Field(description="it breaks more than the others beyond chance")]
    covered_by: Annotated[dict[str, str] | None, Field(description="the part whose items make it stand out; null where it does by itself")]


@closed
class SplitValueAnswer(TypedDict):
    """One value's share in a change of the broken rate."""

    value: str
    before: Annotated[int, Field(description="decided in the window before")]
    after: Annotated[int, Field(description="decided in the window")]
    before_broken: int
    after_broken: int
    mix: Annotated[Points, Field(description="by its changed share of all items")]
    performance: Annotated[Points, Field(description="by its changed rate")]


@closed
class SplitSegmentAnswer(TypedDict):
    """A change of the broken rate, split by one segment: both add up to it."""

    segment: str
    mix: Points
    performance: Points


@closed
class SplitAnswer(TypedDict):
    """The broken rate against the window before, and what it changed by."""

    earlier: DaysAnswer
    before: Annotated[Share, Field(description="the broken rate of the window before")]
    after: Annotated[Share, Field(description="the broken rate of the window")]
    segments: Annotated[list[SplitSegmentAnswer], Field(description="each by itself, the largest mix first")]
    values: Annotated[list[SplitValueAnswer], Field(description="the values of the first of them; all together add up to the difference")]
    chance: Annotated[bool, Field(description="chance alone could make such a difference")]
    sentence: str


@closed
class CauseAnswer(TypedDict):
    """What somebody named as the cause of a gap, for good."""

    event: Annotated[int, Field(description="its number in the ledger")]
    where: Annotated[dict[str, str], Field(description="the part it is said of; nothing of the whole promise")]
    cause: str
    who: str
    written_at: MomentText
    superseded_by: Annotated[int | None, Field(description="the event that took its place; null where it stands")]


@closed
class GapsAnswer(TypedDict):
    """`aspromised gaps PROMISE --json`"""

    as_of: MomentText
    promise: str
    claim: str
    window: DaysAnswer
    where: Annotated[dict[str, str], Field(description="the part that is looked into; nothing of the whole promise")]
    sentence: str
    caution: Annotated[str | None, Field(description="where a ranking of two values turns round inside every value of another segment")]
    parts: Annotated[list[PartAnswer], Field(description="what breaks more beyond chance, the most certain first, then what others cover, what chance explains, what breaks fewer, what is too few; combinations only where they stand out and say something new")]
    causes: Annotated[list[CauseAnswer] | None, Field(description="what people named as causes of this promise's gaps, oldest first; null where the ledger cannot be read")]
    split: Annotated[SplitAnswer | None, Field(description="null where one of both windows has nothing decided")]
