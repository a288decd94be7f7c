"""A ledger: a typeset table with words, numbers and small drawings, the same in the app, in Jupyter and in print.

Great Tables lays it out; the colours are variables of the page, so that one ledger reads on light and dark.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Literal

import pandas as pd
from great_tables import GT
from great_tables import html as as_html

from aspromised.chart.base.links import lead
from aspromised.words.text import html as escape
from aspromised.words.text import html_with_code

_STYLE = re.compile(r"<style>.*?</style>\s*", re.DOTALL)
_TABLE = re.compile(r"<table.*</table>", re.DOTALL)
_IDS = re.compile(r' (?:id|headers|data-quarto-[a-z-]+)="[^"]*"')
"""Ids would repeat where a page has two ledgers; scopes already tie cells to their headings."""


_CELL = re.compile(r'<(t[hd])(?= class="gt_row)')
_ROLES = re.compile(
    r"<(?P<name>table|thead|tbody|tfoot|tr|th|td)\b(?P<scope>(?:[^>]* scope=\"(?:row|col)\")?)"
)
_ROLE = {"table": "table", "tr": "row", "td": "cell", "th": "columnheader"}

Phone = Literal["table", "cards", "lines"]
"""What becomes of a row on a narrow screen: it stays one, or its cells stand below its heading, each under that of its
column, or in two lines without these (`style.css` says which cells)."""
_FEW = 3
"""So many columns fit a narrow screen."""


@dataclass(frozen=True)
class Ledger:
    """A table as HTML without a style of its own (`style.css` has it), what it is called, and what is noted below it."""

    table: str
    label: str
    notes: tuple[str, ...] = ()
    phone: Phone = "table"

    @property
    def html(self) -> str:
        """The table, and the notes below it."""
        return self.table + self.notes_html

    @property
    def notes_html(self) -> str:
        """The notes, a paragraph each."""
        return "".join(f'<p class="ap-note">{html_with_code(note)}</p>' for note in self.notes)


@dataclass(frozen=True)
class Column:
    """How a column is set: its heading, which side its text stands on, whether its cells are ready HTML."""

    heading: str
    align: str = "left"
    html: bool = False
    decimals: int | None = None
    """For numbers: separators and so many decimals."""
    to: str = ""
    """Where its heading leads."""

    @property
    def headed(self) -> str:
        """Its heading as HTML."""
        return lead(escape(self.heading), self.to) if self.to else escape(self.heading)


def ledger(
    frame: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    label: str,
    group: str | None = None,
    notes: Sequence[str] = (),
    phone: Phone | None = None,
) -> Ledger:
    """Return `frame` typeset with `columns`, in their order; the first is the heading of its row.

    `label` names the table for those who cannot see it. `group` is a column whose values head groups of rows.
    Cells of columns with `html=True` are put in as they are (drawings): escape what authors wrote. `phone` is what
    becomes of a row on a narrow screen: "cards" where there are many columns, if nothing else is said.
    """
    first, *others = columns
    if group:  # Great Tables escapes cells, but not these headings
        frame = frame.assign(**{group: frame[group].map(escape)})
    table = GT(frame[[*columns, *([group] if group else [])]], rowname_col=first, groupname_col=group)
    table = table.tab_stubhead(columns[first].heading)
    table = table.cols_label(cases={name: as_html(columns[name].headed) for name in others})
    for name, column in columns.items():
        table = _set(table, name, column)
    shape = phone or ("cards" if len(columns) > _FEW else "table")
    body = typeset(table, label).table
    if shape != "table":
        body = _told_apart(body, [column.heading for column in columns.values()])
    return Ledger(body, label, tuple(notes), shape)


def _told_apart(body: str, headings: Sequence[str]) -> str:
    """Return a table that can be laid out as something else: each cell knows its heading, and each part what it is."""
    names = cycle(headings)
    named = _CELL.sub(lambda found: f'<{found[1]} data-heading="{escape(next(names))}"', body)
    return _ROLES.sub(_with_role, named)


def _with_role(found: re.Match[str]) -> str:
    role = "rowheader" if found["scope"].endswith('"row"') else _ROLE.get(found["name"], "rowgroup")
    return f'<{found["name"]} role="{role}"{found["scope"]}'


def _set(table: GT, name: str, column: Column) -> GT:
    table = table.cols_align(align=column.align, columns=[name])
    if column.decimals is not None:
        table = table.fmt_number(columns=[name], decimals=column.decimals)
    if not column.html and column.decimals is None:
        table = table.fmt(_text, columns=[name])
    return table.sub_missing(columns=[name], missing_text="–")


def _text(value: object) -> str:
    return escape(str(value))


def typeset(table: GT, label: str = "Table") -> Ledger:
    """Return a Great Tables table as a ledger: its own style sheet gives way to the page's."""
    raw = table.as_raw_html()
    found = _TABLE.search(_STYLE.sub("", raw))
    body = found.group() if found else raw
    return Ledger(_IDS.sub("", body).replace('gt_stub">', 'gt_stub" scope="row">'), label)
