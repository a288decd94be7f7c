"""A problem an author can mend: what is wrong, where, and what was probably meant."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, order=True)
class Place:
    """A place in a file; line and column count from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `frame` is the line of the file with a caret under the place."""

    code: str
    message: str
    place: Place | None = None
    severity: Severity = "error"
    frame: str = field(default="", compare=False)

    def __str__(self) -> str:
        head = f"{self.place}: {self.message}" if self.place else self.message
        return f"{head}\n{self.frame}" if self.frame else head


class AsPromisedError(Exception):
    """Something a user can mend; the message says how. Commands print it and exit 1."""


class MisuseError(AsPromisedError):
    """The command was called in a way that cannot work. Commands print it and exit 2."""


def did_you_mean(word: str, choices: Iterable[str], likeness: float = 0.6) -> str:
    """Return " Did you mean 'x'?" for the nearest choice, or "" where none is near.

    >>> did_you_mean("targit", ["target", "claim"])
    " Did you mean 'target'?"
    >>> did_you_mean("zzz", ["target"])
    ''
    """
    near = get_close_matches(word[:60], list(choices), n=1, cutoff=likeness)
    return f" Did you mean '{near[0]}'?" if near else ""
