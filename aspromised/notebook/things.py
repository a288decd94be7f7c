"""What a notebook can show besides tables and charts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import pandas as pd


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


@dataclass(frozen=True)
class Markdown:
    """Text with markdown in it."""

    text: str


@dataclass(frozen=True)
class Table:
    """A list that people sort and filter. On paper it ends after `rows` and says how many more there are."""

    frame: pd.DataFrame
    title: str = ""
    rows: int = 50


@dataclass(frozen=True)
class Download:
    """A file to take away. `content` is a table (written as CSV) or a function that makes one when asked."""

    label: str
    content: pd.DataFrame | Callable[[], pd.DataFrame]
    filename: str

    def csv(self) -> bytes:
        """Return the file: UTF-8 with a byte order mark, which spreadsheets need to read accents."""
        frame = self.content if isinstance(self.content, pd.DataFrame) else self.content()
        return str(frame.to_csv(index=False)).encode("utf-8-sig")


@dataclass(frozen=True)
class Missing:
    """What is not there yet, and the commands that make it."""

    what: str
    run: tuple[str, ...] | str = ()

    @property
    def commands(self) -> str:
        """The commands to copy, one a line."""
        return self.run if isinstance(self.run, str) else "\n".join(self.run)
