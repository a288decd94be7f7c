"""The verdict on a launch as readers see it: a mark, and a few words."""

from collections.abc import Sequence

from aspromised.analyse.readiness import (
    CANCELLED,
    CANNOT_TELL,
    EARLY,
    PLANNED_NOT_READY,
    PLANNED_READY,
    READY,
    VERDICT_WORDS,
    Launched,
)
from aspromised.words.figures import plural

MARK = {READY: "✓", EARLY: "✕", PLANNED_READY: "✓", PLANNED_NOT_READY: "✕", CANNOT_TELL: "–", CANCELLED: "–"}
MET = {True: "✓ met", False: "✕ not met", None: "? cannot tell"}
COLOUR = {
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
    return f"“{launch.says}”"


def listed(words: Sequence[str]) -> str:
    """Return words one after the other.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
