"""What `sign`, `dispute`, `ledger` and `certificate` answer."""

from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from aspromised.cli.answers.figures import DayText, MomentText, closed


# fmt: off
@closed
class SignOffAnswer(TypedDict):
    """`aspromised sign --json`"""

    promotion: str
    gate: str
    team: str
    who: str
    note: str
    on: Annotated[DayText, Field(description="the day claimed")]
    written_at: MomentText | None
    counts_from: Annotated[MomentText, Field(description="from when on the gate may be met by it")]


@closed
class DisputeAnswer(TypedDict):
    """`aspromised dispute --json`"""

    chain: str
    stage: str
    promise: Annotated[str | None, Field(description="null of all that name the chain")]
    item: Annotated[str | None, Field(description="null of all")]
    team: str
    who: str
    because: str
    withdrawn: bool
    written_at: MomentText


@closed
class EventAnswer(TypedDict):
    """What a person wrote: one of the list that `aspromised ledger show --json` answers."""

    id: int | str
    at: MomentText
    who: str
    kind: str
    subject: str
    body: Annotated[dict[str, Any] | str | int, Field(description="the text as it is stored where it cannot be read")]
    previous: str | int
    hash: str | int
    fits: Annotated[bool | None, Field(description="it is as it was written; null where that cannot be told")]


@closed
class VerifiedAnswer(TypedDict):
    """`aspromised ledger verify --json`"""

    events: Annotated[int, Field(description="how many are as they were written")]
    last_hash: str
    problem: str | None


@closed
class CertificateAnswer(TypedDict):
    """`aspromised certificate PROMOTION --json`"""

    event: Annotated[int, Field(description="its event in the ledger")]
    written_at: MomentText
    who: str
    sha256: str
    content: Annotated[dict[str, Any], Field(description="the record as it was frozen")]
    restated: Annotated[list[str], Field(description="where today's numbers differ")]
    files: Annotated[list[str], Field(description="what was written with --out")]


@closed
class CheckedFileAnswer(TypedDict):
    """`aspromised certificate --verify FILE --json`"""

    state: str
    sentence: str
    event: int | None
