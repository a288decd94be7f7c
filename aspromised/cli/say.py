"""What commands print goes through here, so that what a row, a file or an author says is text on a terminal."""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from aspromised.words.text import json_text, line, visible


def say(*told: str, err: bool = False) -> None:
    """Print lines, each on one line whatever it holds."""
    for each in told:
        typer.echo(line(each) if err or not sys.stdout.isatty() else _in_words(line(each)), err=err)


def _in_words(text: str) -> str:
    """Return a line as a terminal shows it, broken between words; what follows stands further in."""
    inwards = " " * (len(text) - len(text.lstrip()) + 2)
    width = max(Console().width, 20)
    return "\n".join(
        wrap(text, width, subsequent_indent=inwards, break_on_hyphens=False, break_long_words=False)
    )


def first_of(problems: str) -> str:
    """Return the first of problems that stand a line each, and how many more `check` tells.

    >>> first_of("a.yaml:1:1: one thing"), first_of("a.yaml:1:1: one thing\\nanother\\na third")
    ('a.yaml:1:1: one thing', 'a.yaml:1:1: one thing (2 more: run `aspromised check`)')
    """
    first, *others = problems.splitlines() or [""]
    return f"{first} ({len(others)} more: run `aspromised check`)" if others else first


def say_text(told: str) -> None:
    """Print text whose lines are its own, such as SQL."""
    typer.echo(visible(told))


def say_json(told: Any) -> None:
    """Print a value as JSON."""
    typer.echo(json_text(told))


def say_table(
    title: str,
    rows: Iterable[Sequence[str]],
    columns: Sequence[str],
    left: Sequence[str] = (),
    drop: Sequence[str] = (),
) -> None:
    """Print a table of `rows` as wide as the terminal: columns of `drop` go first, from its end, then the first one folds.

    Where it is not shown on a terminal, and COLUMNS says nothing, it is as wide as it is. `left` are the columns of words.
    """
    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = 1000
    body = [[line(each) for each in row] for row in rows]
    kept = _kept(body, columns, drop, console.width)
    room = console.width - 1 - sum(_wide(body, columns)[name] for name in kept[1:])
    body = [[fit_in(row[0], room), *row[1:]] for row in body]
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for name in kept:
        is_first = name == columns[0]
        side: Any = "left" if is_first or name in left else "right"
        table.add_column(
            name, justify=side, no_wrap=not is_first, overflow="fold" if is_first else "ellipsis"
        )
    for row in body:
        table.add_row(*(Text(row[columns.index(name)]) for name in kept))
    # A table would fold its title to its own width, and words of an author's could begin a line as ours do.
    say(*wrap(line(title), console.width, subsequent_indent="  ", break_on_hyphens=False))
    console.print(table)


def _kept(
    rows: Sequence[Sequence[str]], columns: Sequence[str], drop: Sequence[str], width: int
) -> list[str]:
    """The columns that fit beside a first one of its own width; where there is no more to drop it folds."""
    wide, kept = _wide(rows, columns), list(columns)
    for name in reversed(drop):
        if sum(wide[each] for each in kept) - 1 <= width:
            break
        kept.remove(name)
    return kept


def _wide(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> dict[str, int]:
    """How wide each column is, with the space beside it."""
    return {name: max(len(name), *(len(row[at]) for row in rows), 0) + 2 for at, name in enumerate(columns)}


def fit_in(text: str, room: int) -> str:
    """Return text in lines of at most so many characters, broken behind blanks, hyphens and underscores only.

    >>> fit_in("order-tomorrow-delivered", 16), fit_in("Week 41 (5 to 11 Oct)", 12), fit_in("short-id", 16)
    ('order-tomorrow-\\ndelivered', 'Week 41 (5\\nto 11 Oct)', 'short-id')
    """
    lines = [""]
    indent = text[: len(text) - len(text.lstrip())]
    for part in re.findall(r"\s*[^\s_-]*[\s_-]?", text):
        if lines[-1].strip() and len(lines[-1]) + len(part.rstrip()) > room:
            lines.append(indent + part.lstrip())
        else:
            lines[-1] += part
    return "\n".join(each.rstrip() for each in lines)
