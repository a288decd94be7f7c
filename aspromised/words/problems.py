"""A problem an author can mend: what is wrong, where, and what was probably meant."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from aspromised.words.text import line, visible

_LISTED = 12

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
    at: tuple[str | int, ...] = field(default=(), compare=False)
    """The way to it from the top of the YAML, where it is known."""

    def __str__(self) -> str:
        head = line(f"{self.place}: {self.message}" if self.place else self.message)
        return f"{head}\n{visible(self.frame)}" if self.frame else head


class AsPromisedError(Exception):
    """Something a user can mend; the message says how. Commands print it and exit 1."""


class MisuseError(AsPromisedError):
    """The command was called in a way that cannot work. Commands print it and exit 2."""


class BrokenSnapshot(AsPromisedError):  # noqa: N818 - the word the house uses for it
    """A snapshot cannot be read to its end. It is passed over from now on: who opens again is served the one before."""


def did_you_mean(word: str, choices: Iterable[str], likeness: float = 0.6) -> str:
    """Return " Did you mean 'x'?" for the nearest choice, or "" where none is near.

    Case, and how words are joined, make no difference to how near a choice is.

    >>> did_you_mean("targit", ["target", "claim"])
    " Did you mean 'target'?"
    >>> did_you_mean("Next Day", ["next-day"])
    " Did you mean 'next-day'?"
    >>> did_you_mean("zzz", ["target"])
    ''
    """
    known = {_folded(choice): choice for choice in reversed(list(choices)) if choice != word}
    near = get_close_matches(_folded(word[:60]), known, n=1, cutoff=likeness)
    return f" Did you mean '{known[near[0]]}'?" if near else ""


def _folded(word: str) -> str:
    return re.sub(r"[\s_-]+", "-", word.strip().casefold())


def no_such(what: str, word: str, choices: Iterable[str]) -> MisuseError:
    """Return the error of a name that is not there, with the nearest, or else those that are.

    >>> str(no_such("promise", "next-dya", ["next-day"]))
    "there is no promise 'next-dya'. Did you mean 'next-day'?"
    >>> str(no_such("promise", "x", ["next-day", "right-item"]))
    "there is no promise 'x'. There is: next-day, right-item."
    """
    names = list(choices)
    listed = (
        f" There is: {', '.join(names[:_LISTED])}{', …' if len(names) > _LISTED else ''}."
        if names
        else " There is none."
    )
    return MisuseError(f"there is no {what} '{word}'.{did_you_mean(word, names) or listed}")
