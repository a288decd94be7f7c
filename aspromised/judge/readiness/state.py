"""What a gate was on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aspromised.declare.model import Gate

TINY = 1e-9
"""A value this much short of what is needed is short by rounding alone."""


@dataclass(frozen=True)
class State:
    """A gate on a day: `met` is None where nobody can tell; the evidence says it in words."""

    met: bool | None
    evidence: str
    value: float | None = None
    needed: float | None = None


@dataclass(frozen=True)
class GateDays:
    """A gate of a promotion and its state on each day it was looked at."""

    position: int
    gate: Gate
    states: Mapping[date, State]

    def met(self, day: date) -> bool | None:
        """Whether the gate was met on a day; None where nobody can tell."""
        state = self.states.get(day)
        return state.met if state else None


def on_every_day(days: list[date], state: State) -> dict[date, State]:
    """Return the same state for every day."""
    return dict.fromkeys(days, state)


def cannot_tell(because: str, needed: float | None = None) -> State:
    """Return the state of a gate that nothing can be said of."""
    return State(None, f"cannot tell: {because}", needed=needed)
