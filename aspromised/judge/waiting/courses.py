"""The ways that cases take through a chain: the declared one, and how others leave it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aspromised.declare.model import Chain

OPTIONAL_KINDS = ("escalation", "wait")
"""Stages that a case need not come by: it is handed up, or waits for somebody outside, only where it must."""


@dataclass(frozen=True)
class DeclaredCourse:
    """The stages of a chain in their order, and those that a case may leave out."""

    stages: tuple[str, ...]
    optional: frozenset[str]

    @classmethod
    def of(cls, chain: Chain) -> "DeclaredCourse":
        """Return the declared way through a chain."""
        optional = frozenset(stage.stage for stage in chain.stages if stage.kind in OPTIONAL_KINDS)
        return cls(tuple(stage.stage for stage in chain.stages), optional)

    @property
    def last(self) -> str | None:
        """The stage that ends the chain: the last that a case must come by."""
        needed = [stage for stage in self.stages if stage not in self.optional]
        return needed[-1] if needed else None

    def departures(self, course: Sequence[str]) -> list[str]:
        """Return how a case that took `course` left the declared way, in words; nothing where it kept to it.

        Doing a stage again is no departure.

        >>> way = DeclaredCourse(("ask", "check", "ask the boss", "pay"), frozenset({"ask the boss"}))
        >>> way.departures(["ask", "check", "ask", "check", "pay"])
        []
        >>> way.departures(["ask", "pay", "check", "call"])
        ["'pay' before 'check'", "'call' is not declared"]
        >>> way.departures(["ask", "pay"])
        ["without 'check'"]
        """
        first = list(dict.fromkeys(course))
        came = [activity for activity in first if activity in self.stages]
        missing = [stage for stage in self.stages if stage not in self.optional and stage not in first]
        strange = [activity for activity in first if activity not in self.stages]
        return [
            *(f"without '{stage}'" for stage in missing),
            *self._out_of_turn(came),
            *(f"'{activity}' is not declared" for activity in strange),
        ]

    def _out_of_turn(self, came: Sequence[str]) -> Iterable[str]:
        """Yield each stage that came before one that is declared earlier, with the first such."""
        place = {stage: number for number, stage in enumerate(self.stages)}
        for number, stage in enumerate(came):
            passed = [other for other in came[number + 1 :] if place[other] < place[stage]]
            if passed:
                yield f"'{stage}' before '{min(passed, key=place.__getitem__)}'"
