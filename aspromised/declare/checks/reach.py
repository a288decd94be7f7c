"""Targets that cannot be shown: with no miss at all the interval would still reach below them."""

from collections.abc import Iterator
from math import ceil

from aspromised.declare.model import Promise, SpreadMeasure
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.figures import count, target
from aspromised.words.problems import Problem

TOO_OFTEN = 2
"""A miss shows on fewer items than keeping does, so `at_least` may lie below what keeping takes, but not far."""

DEFAULT: int = Promise.model_fields["at_least"].default

Z = 1.959963984540054


def items_needed(share: float) -> int:
    """Return how many items, all kept, it takes for Wilson's lower 95 % bound to reach a share below 1.

    With no miss the bound is n ÷ (n + z²) (Newcombe, Stat Med 17:857, 1998).

    >>> items_needed(0.99), items_needed(0.95), items_needed(0.9), items_needed(0)
    (381, 73, 35, 0)
    """
    return ceil(share * Z**2 / (1 - share) - 1e-9)


def check_reach(workspace: Workspace) -> Iterator[Problem]:
    """Yield a warning for each promise whose newest target cannot be shown to be kept."""
    for name, promise in workspace.promises.items():
        if isinstance(promise.measure, SpreadMeasure):
            continue
        share, place = newest_target(promise, ("promises", name))
        if share >= 1:
            yield workspace.problem("target-out-of-reach", _ALL, place, severity="warning")
        elif _looks_enough(promise) and items_needed(share) > TOO_OFTEN * promise.at_least:
            at = ("promises", name, "at_least")
            yield workspace.problem(
                "target-out-of-reach", _few(promise.at_least, share), at, severity="warning"
            )


_ALL = (
    "a target of 100% can never be shown to be kept: without a single miss it stays too close to call, with one it is"
    " missed, and it has no budget. Write what must be shown, such as '99.5%'"
)


def _looks_enough(promise: Promise) -> bool:
    """Whether the author wrote a number that looks careful: a lower one than the default is for early verdicts."""
    return "at_least" in promise.model_fields_set and promise.at_least >= DEFAULT


def _few(at_least: int, share: float) -> str:
    few = count(at_least)
    return (
        f"even {few} kept of {few} could not show {target(share)}: that takes {count(items_needed(share))} items, and with"
        " fewer it is too close to call at best. Raise 'at_least', or lower the target"
    )


def newest_target(promise: Promise, at: KeyPath) -> tuple[float, KeyPath]:
    """Return the target that stands last, and where it is written."""
    latest = max(range(len(promise.versions)), key=lambda n: promise.versions[n].from_, default=None)
    if latest is not None and (given := promise.versions[latest].target) is not None:
        return given, (*at, "versions", latest, "target")
    return promise.target, (*at, "target")
