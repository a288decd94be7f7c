"""One thing that changed."""

from dataclasses import dataclass
from typing import Literal, get_args

Direction = Literal["tightened", "loosened", "reworded", "changed", "added", "removed"]
"""Tightened: more is asked of those who keep it. Changed: neither way can be told from the YAML alone."""
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)

OPPOSITE: dict[Direction, Direction] = {"tightened": "loosened", "loosened": "tightened"}


@dataclass(frozen=True)
class Difference:
    """One thing that changed: of which object, what, which way, and in words."""

    kind: str
    """What it is a change of: promise, promotion, calendar, correction, source, and so on."""
    id: str
    """The object's id; empty of what there is one of."""
    what: str
    """The field; empty where the whole object was added or removed."""
    direction: Direction
    words: str
    warning: str = ""
    """What to mend before this is published; empty where there is nothing."""

    @property
    def name(self) -> str:
        """The object's name as a reader says it.

        >>> Difference("promotion", "spring", "", "added", "x").name, Difference("promise", "p", "", "added", "x").name
        ('promotion spring', 'p')
        """
        return self.id if self.kind == "promise" else f"{self.kind} {self.id}".strip()
