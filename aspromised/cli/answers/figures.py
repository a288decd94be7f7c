"""What several answers are made of."""

from typing import Annotated

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from aspromised.words.vocabulary import Status

# fmt: off
closed = with_config(ConfigDict(extra="forbid"))
"""Says that an answer has no other keys."""

DayText = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$", description="a local day")]
MomentText = Annotated[str, Field(description="a moment, ISO 8601")]
Share = Annotated[float, Field(description="0 to 1")]
Points = Annotated[float, Field(description="a difference of shares: 0.05 is five points")]

DaysAnswer = TypedDict("DaysAnswer", {"from": DayText | None, "to": DayText | None})
DaysAnswer.__doc__ = "Local days, both included; null where there is no end."
closed(DaysAnswer)


@closed
class FiguresAnswer(TypedDict):
    """Items by verdict, and their kept rate against the target; null is what cannot be told, as of a promise that could not be judged."""

    kept: int | None
    broken: int | None
    open: Annotated[int | None, Field(description="not decided yet: in no rate")]
    exempt: Annotated[int | None, Field(description="exempted by a rule, a correction or a cancellation: in no rate")]
    unknown: Annotated[int | None, Field(description="cannot be judged for want of data: in no rate")]
    not_promised: Annotated[int | None, Field(description="nothing was promised, as before the first version: in no rate, and 0 of a version")]
    rate: Annotated[Share | None, Field(description="kept ÷ (kept + broken)")]
    low: Annotated[float | None, Field(description="95 % interval: at least (of rates, Wilson's)")]
    high: Annotated[float | None, Field(description="the same: at most")]
    target: Annotated[Share | None, Field(description="the share to be kept; of several versions, the mean of what decided items were promised")]
    gap: Annotated[Points | None, Field(description="rate less target; of a spread, what is promised less the standard deviation")]
    status: Annotated[Status | None, Field(description="null where the promise could not be judged, and of a row that is `pooled`: its figures are of no wording")]
    rate_if_all_kept: Annotated[Share | None, Field(description="the rate if every open item were kept")]
    rate_if_all_broken: Annotated[Share | None, Field(description="the rate if every open item were broken")]
    waits_for: Annotated[int | None, Field(description="open items that the status waits for; 0 where they cannot turn it, or no status stands (`pooled`)")]
    gap_items: Annotated[int | None, Field(description="the gap in items: below 0, so many more had to be kept")]  # fmt: skip


class _VersionTold(FiguresAnswer):
    version: Annotated[int, Field(description="counted from 1, oldest first")]
    claim: Annotated[str, Field(description="its words")]


@closed
class VersionAnswer(_VersionTold, DaysAnswer):
    """What was promised, from when to when, and how its own items fared."""
