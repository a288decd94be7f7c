"""What `handoffs` answers."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from aspromised.cli.answers.figures import DaysAnswer, MomentText, Share, closed

# fmt: off
_FromActivity = TypedDict("_FromActivity", {"from": str})


@closed
class HandoffAnswer(_FromActivity):
    """Waiting between two activities of an event log, in seconds, by cause; null where the log does not tell."""

    to: str
    from_by: Annotated[str | None, Field(description="the resource or team that did the first")]
    to_by: Annotated[str | None, Field(description="the resource or team that did the second")]
    cases: Annotated[int, Field(description="a case once, on the day of its first such handoff")]
    handoffs: Annotated[int, Field(description="how often, in a case too")]
    waiting_s: float
    batching_s: Annotated[float | None, Field(description="held until a group was complete")]
    prioritisation_s: Annotated[float | None, Field(description="its resource worked on what came later")]
    contention_s: Annotated[float | None, Field(description="its resource worked on what was there before")]
    unavailability_s: Annotated[float | None, Field(description="its resource was not at work")]
    extraneous_s: Annotated[float | None, Field(description="nothing in the log explains it")]
    untold_s: Annotated[float, Field(description="the waiting of those of which no cause is told")]


@closed
class GainAnswer(TypedDict):
    """What one cause of waiting costs."""

    cause: Annotated[str, Field(description="`batching`, `prioritisation`, `contention`, `unavailability` or `extraneous`")]
    waiting_s: float
    efficiency_without: Annotated[Share | None, Field(description="the efficiency had that waiting not been: arithmetic, no forecast; null where work is not told")]


@closed
class WaitingAnswer(TypedDict):
    """The waiting of an event log in the window beside the work."""

    waiting_s: float
    worked_s: Annotated[float | None, Field(description="null where the log does not tell when work began")]
    efficiency: Annotated[Share | None, Field(description="cycle-time efficiency: work ÷ (work + waiting)")]
    causes: Annotated[list[GainAnswer], Field(description="those told of any handoff, the largest first")]


@closed
class DepartureAnswer(TypedDict):
    """A way in which cases left the declared way."""

    reason: str
    cases: int


@closed
class WaysAnswer(TypedDict):
    """The cases of an event log that came to the end of their chain in the window, by the way they took."""

    cases: int
    off: Annotated[int, Field(description="those that left the declared way")]
    off_share: Share | None
    decided: Annotated[int, Field(description="those with an approval or an escalation")]
    first_level_share: Annotated[Share | None, Field(description="of those decided: by the first who was asked")]
    hand_ups: Annotated[int, Field(description="escalations in them")]
    one_team_share: Annotated[Share | None, Field(description="in which no activity was done by several teams; null where teams are not told")]
    unfinished: Annotated[int, Field(description="cases that had not come to the end by the snapshot's moment, whenever they began")]
    reasons: list[DepartureAnswer]


@closed
class StageAnswer(TypedDict):
    """A stage of a chain, over the cases begun in the window, and the late minutes that are its own."""

    stage: str
    kind: Annotated[str, Field(description="`work`, `approval`, `check`, `escalation` or `wait`; `unfunded` of what the budgets exceed the promises by, `outside` of what is no stage's")]
    owner: Annotated[str | None, Field(description="whose its late minutes are")]
    customer: Annotated[str | None, Field(description="to whom it hands over")]
    budget: str | None
    cases: Annotated[int | None, Field(description="cases that came to it")]
    done: int | None
    open: Annotated[int | None, Field(description="cases still in it")]
    late_share: Annotated[Share | None, Field(description="of those done, over its budget")]
    mean_s: Annotated[float | None, Field(description="seconds it took on average")]
    waiting_s: Annotated[float | None, Field(description="of those, before work began, on its calendar; null where it is not told when")]
    working_s: Annotated[float | None, Field(description="and from then on")]
    repeated: Annotated[int | None, Field(description="cases in which it was done more than once")]
    accepted_share: Annotated[Share | None, Field(description="handovers that the receiver found complete and right")]
    changed_share: Annotated[Share | None, Field(description="of an approval or check: passages in which it changed or refused what it was given")]
    median_s: Annotated[float | None, Field(description="of stages that are no plain work: what half of the cases took at most, to within 5 %")]
    p90_s: Annotated[float | None, Field(description="the same of nine in ten")]
    late_minutes: Annotated[float | None, Field(description="those of its own, null where no late item is shared; below 0 where it recovered time; over all stages they add up to the chain's")]
    share: Annotated[float | None, Field(description="of the chain's; null where nothing was late")]
    lost_minutes: Annotated[float | None, Field(description="of late_minutes, those of items in which it lost time, before what it won back in others is taken off")]
    contested_minutes: Annotated[float, Field(description="of lost_minutes, those that its owner disputes")]


@closed
class SnowballAnswer(TypedDict):
    """How a promise fared after a stage's late and timely handovers; null where too few were."""

    promise: str
    stage: str
    late: Annotated[int, Field(description="items handed over late")]
    late_broken: int
    timely: int
    timely_broken: int
    risk_ratio: Annotated[float | None, Field(description="null too where none of the timely ones broke: it has no end then, and low is told")]
    low: Annotated[float | None, Field(description="95 % interval: at least (Katz; where one of the two has none broken, with half an item more)")]
    high: Annotated[float | None, Field(description="the same: at most; null where it has no end")]
    risk_ratio_within: Annotated[float | None, Field(description="among items with equal segment values (Mantel–Haenszel); null where it has no end")]
    avoidable: Annotated[float | None, Field(description="broken items that follow a late handover beyond the others' risk")]


@closed
class ChainAnswer(TypedDict):
    """A chain over a window."""

    id: str
    problem: Annotated[str | None, Field(description="why it is not judged")]
    not_shared: Annotated[str | None, Field(description="why its late minutes are not shared")]
    promises: list[str]
    cases: int
    late_items: int
    late_minutes: Annotated[float | None, Field(description="null where no late item is shared: none is late, no promise names the chain, or it is too long (`not_shared`)")]
    rolled: Annotated[Share | None, Field(description="the share that is complete and right at every stage whose receiver judges")]
    handoffs: Annotated[list[HandoffAnswer], Field(description="of a chain read from an event log, the longest waiting first")]
    waiting: Annotated[WaitingAnswer | None, Field(description="null of a chain that is not read from an event log")]
    ways: Annotated[WaysAnswer | None, Field(description="null of a chain that is not read from an event log")]
    findings: Annotated[list[str], Field(description="what stands out in its event log, in sentences")]
    stages: list[StageAnswer]
    snowball: list[SnowballAnswer]


@closed
class HandoffsAnswer(TypedDict):
    """`aspromised handoffs --json`"""

    as_of: MomentText
    window: DaysAnswer
    chains: list[ChainAnswer]
