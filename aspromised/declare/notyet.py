"""What the language can say and the judge cannot judge yet; a later work deletes lines from here."""

from aspromised.declare.model import ClockMeasure, ItemLength, Promise, TermsLength
from aspromised.words.lengths import Length

NOT_JUDGED_YET: dict[str, str] = {
    "counts": "counts are read, and not judged yet",
    "repeat": "repeat contacts are read, and not judged yet",
    "spread": "spreads are read, and not judged yet",
    "business": "business hours and days are read, and not judged yet",
    "paused": "pauses are read, and not judged yet",
    "terms": "lengths sold to a customer are read, and not judged yet",
    "ready_when": "gates are read, and not judged yet",
    "chains": "chains are read, and not judged yet",
    "complaints": "complaints are read, and not linked to promises yet",
    "ratings": "ratings are read, and not shown yet",
    "costs": "costs are read, and not shown yet",
    "connections": "connections to a database are read, and not loaded from yet",
}


def why_not_judged(promise: Promise) -> str | None:
    """Return why the promise cannot be judged yet, or None where it can."""
    measure = promise.measure
    if measure.kind in NOT_JUDGED_YET:
        return NOT_JUDGED_YET[measure.kind]
    if not isinstance(measure, ClockMeasure):
        return None
    return next(
        (NOT_JUDGED_YET[reason] for s in promise.standings() if (reason := _clock_reason(s.measure))), None
    )


def _clock_reason(measure: object) -> str | None:
    assert isinstance(measure, ClockMeasure)
    if measure.paused is not None:
        return "paused"
    length = measure.within or measure.less_than
    if isinstance(length, TermsLength):
        return "terms"
    unit = length.unit if isinstance(length, Length | ItemLength) else ""
    return "business" if unit.startswith("business") else None
