"""The verdict on a launch as readers see it: a mark, and a few words."""

from aspromised.analyse.launches.readiness.verdicts import (
    CANCELLED,
    CANNOT_TELL,
    EARLY,
    PLANNED_NOT_READY,
    PLANNED_READY,
    READY,
    VERDICT_WORDS,
    Launched,
)
from aspromised.words.figures import MINUS, plural, target

READINESS_MARK = {
    READY: "✓",
    EARLY: "✕",
    PLANNED_READY: "✓",
    PLANNED_NOT_READY: "✕",
    CANNOT_TELL: "–",
    CANCELLED: "–",
}
MET = {True: "✓ met", False: "✕ not met", None: "? cannot tell"}
READINESS_COLOUR = {
    READY: "kept",
    EARLY: "short",
    PLANNED_READY: "kept",
    PLANNED_NOT_READY: "short",
    CANNOT_TELL: "unknown",
    CANCELLED: "unknown",
}
"""The colour of a verdict, beside its mark and its words."""


def verdict_words(launch: Launched) -> str:
    """Return the verdict on a launch, without its mark."""
    if launch.launched is None:
        return "cannot be read"
    if launch.verdict == EARLY:
        return f"{plural(launch.days_early, 'day')} early" if launch.days_early else "early, still not ready"
    return VERDICT_WORDS[launch.verdict].removeprefix("planned: ")


def name_of(launch: Launched) -> str:
    """Return a promotion in its own words."""
    return launch.name


def demand_in_words(share: float | None, basis: str | None) -> str:
    """Return the demand a promotion is expected to bring and what that rests on, "" where nothing is said.

    >>> demand_in_words(0.6, "last winter"), demand_in_words(-0.1, None), demand_in_words(None, None)
    ('+60 %, on the basis of: last winter', '−10 %', '')
    """
    if share is None:
        return ""
    said = f", on the basis of: {basis}" if basis else ""
    return f"{'+' if share >= 0 else MINUS}{target(abs(share))}{said}"
