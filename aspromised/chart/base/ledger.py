"""A ledger: a typeset table with words, numbers and small drawings, the same in the app, in Jupyter and in print.

Great Tables lays it out; the colours are variables of the page, so that one ledger reads on light and dark.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from great_tables import GT
from great_tables import html as as_html

from aspromised.words.text import html as escape

_STYLE = re.compile(r"<style>.*?</style>\s*", re.DOTALL)
_TABLE = re.compile(r"<table.*</table>", re.DOTALL)
_IDS = re.compile(r' (?:id|headers|data-quarto-[a-z-]+)="[^"]*"')
"""Ids would repeat where a page has two ledgers; scopes already tie cells to their headings."""


@dataclass(frozen=True)
class Ledger:
    """A table as HTML without a style of its own (`ledger.css` has it), and what it is called."""

    html: str
    label: str


@dataclass(frozen=True)
class Column:
    """How a column is set: its heading, which side its text stands on, whether its cells are ready HTML."""

    heading: str
    align: str = "left"
    html: bool = False
    decimals: int | None = None
    """For numbers: separators and so many decimals."""


def ledger(
    frame: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    label: str,
    group: str | None = None,
    notes: Sequence[str] = (),
) -> Ledger:
    """Return `frame` typeset with `columns`, in their order; the first is the heading of its row.

    `label` names the table for those who cannot see it. `group` is a column whose values head groups of rows.
    Cells of columns with `html=True` are put in as they are (drawings): escape what authors wrote.
    """
    first, *others = columns
    if group:  # Great Tables escapes cells, but not these headings
        frame = frame.assign(**{group: frame[group].map(escape)})
    table = GT(frame[[*columns, *([group] if group else [])]], rowname_col=first, groupname_col=group)
    table = table.tab_stubhead(columns[first].heading)
    table = table.cols_label(cases={name: as_html(escape(columns[name].heading)) for name in others})
    for name, column in columns.items():
        table = _set(table, name, column)
    for note in notes:
        table = table.tab_source_note(as_html(escape(note)))
    return typeset(table, label)


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
