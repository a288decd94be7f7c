"""What a notebook can show besides tables and charts."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import pandas as pd

from aspromised.words.text import cell, line


@runtime_checkable
class Finding(Protocol):
    """Anything that has its say in one sentence computed from numbers."""

    @property
    def sentence(self) -> str:
        """The sentence, in plain text."""
        ...


@dataclass(frozen=True)
class Sentence:
    """The sentence a page opens with, computed from the numbers below it. Plain text, not markdown."""

    sentence: str


def points(lines: Iterable[str]) -> str:
    """Return a list to show, one point a line whatever a line holds.

    >>> points(["a", "b\\nc"])
    '- a\\n- b c'
    """
    return "\n".join(f"- {line(each)}" for each in lines)


@dataclass(frozen=True)
class Markdown:
    """Markdown that a notebook's author wrote; words of rows and declarations go into strings, which are text."""

    text: str


@dataclass(frozen=True)
class Table:
    """A list that people sort and filter. On paper it ends after `rows` and says how many more there are."""

    frame: pd.DataFrame
    title: str = ""
    rows: int = 50
    leads: Sequence[str] = ()
    """Where each row leads when it is chosen, an address a row; () where rows lead nowhere."""


@dataclass(frozen=True)
class Download:
    """A file to take away. `content` is a table (written as CSV) or a function that makes one when asked."""

    label: str
    content: pd.DataFrame | Callable[[], pd.DataFrame]
    filename: str

    def csv(self) -> bytes:
        """Return the file: UTF-8 with a byte order mark, which spreadsheets need to read accents.

        Words are quoted and no cell is a formula; numbers stay numbers.
        """
        frame = self.content if isinstance(self.content, pd.DataFrame) else self.content()
        safe = frame.set_axis([cell(str(name)) for name in frame.columns], axis="columns")
        for name in safe.select_dtypes(["object", "str", "category"]).columns:
            safe[name] = safe[name].astype("object").map(cell)
        return str(safe.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC)).encode("utf-8-sig", "replace")


@dataclass(frozen=True)
class Missing:
    """What is not there yet, and the commands that make it."""

    what: str
    run: tuple[str, ...] | str = ()

    @property
    def commands(self) -> str:
        """The commands to copy, one a line."""
        return self.run if isinstance(self.run, str) else "\n".join(self.run)
