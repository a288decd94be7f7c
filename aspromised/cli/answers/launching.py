"""What `launches` answers."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from aspromised.cli.answers.figures import DayText, MomentText, Share, closed


# fmt: off
@closed
class GateAnswer(TypedDict):
    """What had to be ready, on the day that decides."""

    gate: str
    kind: Annotated[str, Field(description="`promise`, `capacity`, `sql` or `sign-off`")]
    optional: bool
    met: Annotated[bool | None, Field(description="null where nobody can tell")]
    value: float | None
    needed: float | None
    needed_in_words: str
    evidence: str
    met_on: Annotated[DayText | None, Field(description="from when it was met until the day that decides, or first after it")]
    first_met: DayText | None
    lost_on: Annotated[DayText | None, Field(description="the last day until then on which it was lost")]
    lost_again: Annotated[DayText | None, Field(description="the first day after `met_on` on which it was not met")]
    not_known: Annotated[list[str], Field(description="what cannot be known of the past, in words")]


@closed
class HarmRowAnswer(TypedDict):
    """What broke of one promise, for one kind of customers, beside what was to be expected."""

    promise_id: str
    claim: str
    source: str | None
    leaned_on: Annotated[bool, Field(description="the promotion leans on the promise")]
    who: Annotated[str, Field(description="`buyers`, `others` or `all`")]
    items: int
    broken: int
    expected: float | None
    excess: Annotated[float | None, Field(description="broken less expected")]
    low: float | None
    high: float | None
    p: Annotated[Share | None, Field(description="the chance of so many or more without harm")]
    reference_days: float | None
    reference_first: DayText | None
    reference_last: DayText | None
    placebos: float | None
    placebo_rank: float | None
    placebo_days: float | None
    undecided_days: int
    control_items: int
    control_did: Annotated[float | None, Field(description="the excess beside items outside the shared capacity")]
    control_low: float | None
    control_high: float | None
    standing: str


_From = TypedDict("_From", {"from": DayText})


@closed
class HarmAnswer(_From):
    """What a launch did to customers, from `from` to the day before `until`."""

    promotion_id: str
    until: DayText
    before_ready: bool
    method: str
    sentence: str
    rows: list[HarmRowAnswer]


@closed
class GateOutlookAnswer(TypedDict):
    """How one gate of a planned launch will stand on its day."""

    gate: str
    expected: float | None
    low: float | None
    high: float | None
    chance: Share | None
    supported_on: DayText | None
    told_from_days: int | None
    in_words: str


@closed
class OutlookAnswer(TypedDict):
    """Whether a planned launch could go out."""

    go: Annotated[bool | None, Field(description="null where nobody can tell")]
    days_left: int
    earliest: DayText | None
    warnings: list[str]
    gates: list[GateOutlookAnswer]


@closed
class LaunchAnswer(TypedDict):
    """A promotion and the verdict on it."""

    id: str
    says: str
    launched: MomentText | None
    ends: DayText | None
    verdict: Annotated[str, Field(description="`ready`, `launched_before_ready`, `planned_ready`, `planned_not_ready`, `cannot_tell` or `cancelled`")]
    ready_on: Annotated[DayText | None, Field(description="of one launched early: the first day on which every gate held")]
    days_early: Annotated[int | None, Field(description="0 where it was ready; null where nobody can tell, it is not ready yet, or it is to come")]
    ready_since: DayText | None
    judged_on: DayText | None
    missing: list[str]
    why: str
    leans_on: list[str]
    gates: list[GateAnswer]
    harm: Annotated[HarmAnswer | None, Field(description="null where it has not run")]
    outlook: Annotated[OutlookAnswer | None, Field(description="of planned ones")]


@closed
class LaunchesAnswer(TypedDict):
    """`aspromised launches --json`"""

    as_of: MomentText
    promotions: list[LaunchAnswer]
    findings: Annotated[list[str], Field(description="what several have in common, in sentences")]
