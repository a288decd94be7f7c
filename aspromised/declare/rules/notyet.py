"""What is declared and read, but not judged yet. A kind that becomes judged loses its line here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aspromised.declare.model import ClockMeasure, Measure, Promise
from aspromised.declare.rules.clock import clock_faults
from aspromised.declare.workspace import KeyPath, Workspace


@dataclass(frozen=True)
class NotJudged:
    """One thing not judged yet: of a promise's measure, or of the workspace beside its promises."""

    words: str
    of_measure: Callable[[Measure], bool] | None = None
    key: str = ""
    of_workspace: Callable[[Workspace], Iterable[KeyPath]] | None = None


def _one(kind: str) -> Callable[[Workspace], list[KeyPath]]:
    return lambda workspace: [(kind,)] if getattr(workspace, kind) is not None else []


NOT_JUDGED_YET: tuple[NotJudged, ...] = (
    NotJudged("complaints are not judged yet", of_workspace=_one("complaints")),
    NotJudged("costs are not judged yet", of_workspace=_one("costs")),
)


def why_not_judged(promise: Promise) -> str | None:
    """Return why a promise cannot be judged as declared, or None where it can."""
    for standing in promise.standings():
        measure = standing.measure
        if isinstance(measure, ClockMeasure) and (fault := next(clock_faults(measure), None)):
            return f"it cannot be judged: {fault[0]}"
        if row := not_judged_row(measure):
            return row.words
    return None


def not_judged_row(measure: Measure) -> NotJudged | None:
    """Return the line of the table that `measure` falls under, or None."""
    return next((row for row in NOT_JUDGED_YET if row.of_measure and row.of_measure(measure)), None)
