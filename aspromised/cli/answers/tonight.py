"""What `tonight` answers."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from aspromised.cli.answers.figures import DayText, MomentText, Share, closed

# fmt: off
WillBreak = Annotated[float, Field(description="how many will break: the sum of the chances that are told")]
Untold = Annotated[int, Field(description="of how many items no chance can be told")]
PartTold = Annotated[str | None, Field(description="with `--by`: the item's value of that segment; null where it is not asked for")]


@closed
class OpenItemAnswer(TypedDict):
    """An item that is open and has a clock."""

    promise: str
    item_id: str
    team: Annotated[str | None, Field(description="that must keep the promise")]
    part: PartTold
    stage: Annotated[str, Field(description="of its chain, that it is in; `(no chain tells)` where none places it")]
    started: MomentText | None
    due: MomentText
    left_s: Annotated[float, Field(description="seconds left on the promise's own clock")]
    chance_broken: Annotated[Share | None, Field(description="the chance that it will be broken; null where too little is known")]
    chance_low: Annotated[Share | None, Field(description="95 % interval: at least")]
    chance_high: Annotated[Share | None, Field(description="the same: at most")]
    known_of: Annotated[int | None, Field(description="on how many items the chance rests")]
    told_by: Annotated[str | None, Field(description="the segment by which it is told; `(all)` for none")]
    told_by_value: str | None


@closed
class OverdueItemAnswer(TypedDict):
    """An item that is overdue and not done."""

    promise: str
    item_id: str
    team: str | None
    part: PartTold
    stage: Annotated[str, Field(description="of its chain, that it is in; `(no chain tells)` where none places it")]
    started: MomentText | None
    due: MomentText
    late_s: Annotated[float, Field(description="seconds since it was due")]


@closed
class TonightGroupAnswer(TypedDict):
    """What is open of a promise, or with `--by` of a segment's value."""

    name: str
    open: int
    due_today: int
    breaks_today: WillBreak
    untold_today: Untold
    breaks: WillBreak
    untold: Untold
    overdue: int


@closed
class TenthAnswer(TypedDict):
    """Forecasts of past evenings with a chance of one tenth."""

    tenth: Annotated[int, Field(description="0 is under 10 %, 9 is 90 % and over")]
    items: Annotated[int, Field(description="items that waited on an evening, once an evening")]
    told: Annotated[Share, Field(description="the chance told, on average")]
    broke: Share


@closed
class CalibrationAnswer(TypedDict):
    """How well chances were told: each month forecast from the months before it alone."""

    months: Annotated[list[DayText], Field(description="the first day of each month forecast")]
    items: int
    brier: Annotated[float | None, Field(description="the mean squared error; null where nothing was forecast")]
    brier_base: Annotated[float | None, Field(description="the same, had everybody been told the share that broke before")]
    tenths: list[TenthAnswer]
    sentence: str


@closed
class TonightAnswer(TypedDict):
    """`aspromised tonight --json`"""

    as_of: MomentText
    today: DayText
    sentence: str
    items: Annotated[list[OpenItemAnswer], Field(description="those due soonest first, and of one time the oldest first")]
    overdue: Annotated[list[OverdueItemAnswer], Field(description="the oldest first")]
    groups: Annotated[list[TonightGroupAnswer], Field(description="what breaks most today first")]
    checked: CalibrationAnswer
    without_clock: Annotated[list[str], Field(description="promises whose items have no time left: checks, counts, repeats, spreads")]
    unjudged: Annotated[list[str], Field(description="promises that could not be judged: nothing of them is in this list")]
