"""Every kind of shown thing as a piece of HTML that needs nothing from outside."""

import base64
import math
import re
from collections.abc import Iterator
from functools import cache
from itertools import count, groupby
from pathlib import Path
from typing import Any

import pandas as pd
import vl_convert
from markdown_it import MarkdownIt

from aspromised.chart.base.figure import Figure, readable
from aspromised.chart.base.ledger import Ledger
from aspromised.chart.base.theme import DARK, LIGHT, Palette
from aspromised.display.failure import Failure
from aspromised.display.things import Download, Missing, Table
from aspromised.words.text import html as escape
from aspromised.words.text import html_with_code

_numbers = count(1)
_BLOCK = re.compile(r"\s*(?:(?P<mark>#{1,6}|-)\s+)?(?P<words>.*)")
_ID = re.compile(r'(\bid="|url\(#|xlink:href="#|href="#)([A-Za-z_][\w-]*)')


def style(schemes: str = "light dark") -> str:
    """Return the style sheet of shown things, for grounds that are "light", "dark" or either."""
    return f".ap {{ color-scheme: {schemes}; {_variables()} }}\n{_sheet()}"


def page_style() -> str:
    """Return the style sheet for a page that sets its own colour scheme."""
    return f".ap {{ {_variables()} }}\n{_sheet()}"


@cache
def _sheet() -> str:
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def _variables() -> str:
    names = Palette.__dataclass_fields__
    pairs = ((name, getattr(LIGHT, name), getattr(DARK, name)) for name in names)
    return " ".join(f"--ap-{name}: light-dark({light}, {dark});" for name, light, dark in pairs)


def words(text: str) -> str:
    """Return plain text as HTML."""
    return escape(text)


def markdown_html(text: str) -> str:
    """Return what an author wrote as Markdown as HTML; HTML inside it is shown, not obeyed."""
    rendered: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return f'<div class="ap ap-prose">{rendered}</div>'


def blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Give prose in pieces: ("h2", its words), ("ul", its points), ("p", its lines).

    >>> list(blocks("## A\\n- b\\n- c\\nd"))
    [('h2', ['A']), ('ul', ['b', 'c']), ('p', ['d'])]
    """
    marked = (_BLOCK.fullmatch(line) for line in text.splitlines() if line.strip())
    for kind, found in groupby(filter(None, marked), lambda line: line["mark"] or ""):
        said = [line["words"] for line in found]
        name = "ul" if kind == "-" else f"h{len(kind)}" if kind else "p"
        yield from ([(name, [each]) for each in said] if name[0] == "h" else [(name, said)])


def prose(text: str) -> str:
    """Return prose as HTML: headings, points and `code` are its only marks, and all else in it is text.

    >>> prose("![x](y) of `z` <b>")
    '<div class="ap ap-prose"><p>![x](y) of <code>z</code> &lt;b&gt;</p></div>'
    """
    return f'<div class="ap ap-prose">{"".join(_block(*each) for each in blocks(text))}</div>'


def _block(name: str, said: list[str]) -> str:
    if name == "ul":
        return f"<ul>{''.join(f'<li>{html_with_code(each)}</li>' for each in said)}</ul>"
    return f"<{name}>{html_with_code(' '.join(said))}</{name}>"


def sentence_html(text: str) -> str:
    """Return the sentence that opens a page."""
    return f'<p class="ap ap-sentence">{escape(text)}</p>'


def plain(text: str) -> str:
    """Return text line by line."""
    return f'<pre class="ap ap-text">{escape(text)}</pre>'


def ledger_html(table: Ledger) -> str:
    """Return a typeset table with its notes; where it is wider than the screen it scrolls inside its frame."""
    framed = _scrolling(table.table, table.label, f"ap-ledger ap-phone-{table.phone}")
    return f'{framed}<div class="ap ap-notes">{table.notes_html}</div>' if table.notes else framed


def _scrolling(body: str, label: str, kind: str) -> str:
    """A frame that can be reached and scrolled by keyboard, as one that scrolls must be."""
    return f'<div class="ap {kind}" role="region" aria-label="{escape(label)}" tabindex="0">{body}</div>'


def table_html(shown: Table) -> str:
    """Return the first rows as an HTML table, and how many more there are."""
    frame = shown.frame if isinstance(shown.frame.index, pd.RangeIndex) else shown.frame.reset_index()
    head = "".join(f'<th scope="col"{_side(frame[name])}>{escape(str(name))}</th>' for name in frame.columns)
    sides = [_side(frame[name]) for name in frame.columns]
    rows = "".join(_row(row, sides) for row in frame.head(shown.rows).itertuples(index=False, name=None))
    caption = f"<caption>{escape(shown.title)}</caption>" if shown.title else ""
    body = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return _scrolling(body + _more(len(frame) - shown.rows), shown.title or "Table", "ap-table")


def _row(row: tuple[Any, ...], sides: list[str]) -> str:
    cells = (f"<td{side}>{escape(value_text(value))}</td>" for value, side in zip(row, sides, strict=True))
    return f"<tr>{''.join(cells)}</tr>"


def _side(column: pd.Series) -> str:
    return ' class="ap-number"' if pd.api.types.is_numeric_dtype(column) else ""


def _more(rows: int) -> str:
    return f'<p class="ap-more">{rows:,} more row{"s" if rows != 1 else ""}</p>' if rows > 0 else ""


def value_text(value: Any) -> str:
    """Return one value as a reader sees it.

    >>> [value_text(v) for v in (1240, 0.123456, None, True, "late")]
    ['1,240', '0.1235', '–', 'yes', 'late']
    >>> value_text(pd.Timestamp("2026-10-03")), value_text(pd.Timestamp("2026-10-03 14:05:09"))
    ('2026-10-03', '2026-10-03 14:05')
    """
    if isinstance(value, list | tuple):
        return ", ".join(map(value_text, value))
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return "–"
    if pd.api.types.is_integer(value):
        return f"{value:,}"
    if pd.api.types.is_float(value):
        return _float_text(float(value))
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}" if value == value.normalize() else f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def _float_text(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.4g}"


def chart(figure: Figure) -> str:
    """Return a chart as inline SVG with its takeaway as alt text and its table folded behind it."""
    title = f"<figcaption>{escape(figure.title)}</figcaption>" if figure.title else ""
    drawing = f'<div role="img" aria-label="{escape(figure.takeaway)}">{svg(figure)}</div>'
    behind = (
        ""
        if figure.table.empty
        else f"<details><summary>The numbers</summary>{table_html(_behind(figure))}</details>"
    )
    return f'<figure class="ap ap-figure">{title}{drawing}{behind}</figure>'


def _behind(figure: Figure) -> Table:
    return Table(figure.table, rows=200)


def svg(figure: Figure) -> str:
    """Return the drawing itself; its ids are its own, so that several stand on one page."""
    drawn: str = vl_convert.vegalite_to_svg(readable(figure.chart.to_dict()))
    prefix = f"ap{next(_numbers)}-"
    own = _ID.sub(lambda found: f"{found[1]}{prefix}{found[2]}", drawn)
    return own.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def download(offered: Download) -> str:
    """Return a link that holds the file itself."""
    data = base64.b64encode(offered.csv()).decode("ascii")
    href = f"data:text/csv;charset=utf-8;base64,{data}"
    return (
        f'<p class="ap ap-download"><a href="{href}" download="{escape(offered.filename)}">'
        f"{escape(offered.label)}</a> ({escape(offered.filename)})</p>"
    )


def missing(absent: Missing) -> str:
    """Return what is not there and what to run."""
    run = f"<pre>{escape(absent.commands)}</pre>" if absent.commands else ""
    return f'<div class="ap ap-missing"><p>{escape(absent.what)}</p>{run}</div>'


def error(failed: Failure) -> str:
    """Return why a cell shows nothing, and the line to mend."""
    trace = f"<pre>{escape(failed.trace)}</pre>" if failed.trace else ""
    return f'<div class="ap ap-error" role="alert"><p>This part failed. {escape(failed.message)}</p>{trace}</div>'
