"""What `changes` answers."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from aspromised.cli.answers.figures import DayText, MomentText, Points, Share, closed


# fmt: off
@closed
class KeptOfAnswer(TypedDict):
    """How many items were decided, and the share of them kept."""

    items: int
    rate: Annotated[Share | None, Field(description="null where none was decided")]


_FromTo = TypedDict("_FromTo", {"from": DayText, "to": DayText})


@closed
class ChangeEffectAnswer(_FromTo):
    """What came of a change for one promise, from the first day looked at before it to the last since."""

    promise: str
    verdict: Annotated[str, Field(description="`helped`, `made worse`, `no evidence`, `too early`, `too few` or `no comparison`")]
    why: Annotated[str | None, Field(description="why nothing is compared")]
    counted_by: Annotated[str, Field(description="`started`: items stand on the day they started; `counted`: on the day they are counted on")]
    touched_before: Annotated[KeptOfAnswer, Field(description="where it touched, before")]
    touched_since: Annotated[KeptOfAnswer, Field(description="where it touched, since")]
    others_before: Annotated[KeptOfAnswer, Field(description="elsewhere, before")]
    others_since: Annotated[KeptOfAnswer, Field(description="elsewhere, since")]
    since_days: Annotated[int, Field(description="days since on which nearly all is decided")]
    effect: Annotated[Points | None, Field(description="the share kept more since, beyond elsewhere, like for like")]
    low: Points | None
    high: Points | None
    p: Annotated[Share | None, Field(description="how likely so large a difference is without an effect, all promises it touches asked together")]
    returned: Annotated[bool | None, Field(description="the days before were unusual themselves; null where too little is known of those before them")]
    sentence: str


@closed
class ChangeAnswer(TypedDict):
    """A declared change and its verdict."""

    id: str
    on: DayText
    what: str
    touches: Annotated[dict[str, str], Field(description="segment values; none: everything")]
    verdict: Annotated[str, Field(description="of the promise that tells most; `not yet` before it happened, `touches no promise` where none has such items")]
    sentence: str
    promises: list[ChangeEffectAnswer]
    cannot_touch: Annotated[list[str], Field(description="promises without a segment that it touches")]
    also: Annotated[list[str], Field(description="what else changed on the days looked at")]


@closed
class ChangesAnswer(TypedDict):
    """`aspromised changes --json`"""

    as_of: MomentText
    changes: Annotated[list[ChangeAnswer], Field(description="newest first")]
