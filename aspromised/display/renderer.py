"""What shows things, and which of its methods shows which thing."""

import pprint
from typing import Any, Protocol, get_args

import altair as alt
import pandas as pd
from great_tables import GT

from aspromised.chart.base.figure import Drawn, Figure
from aspromised.chart.base.ledger import Ledger, typeset
from aspromised.display.failure import Failure
from aspromised.display.things import Download, Finding, Markdown, Missing, Table


class Renderer(Protocol):
    """Where things are shown: a Streamlit page, a Jupyter notebook, a printed document."""

    def markdown(self, text: str) -> None:
        """Show what an author of a notebook wrote as Markdown."""

    def prose(self, text: str) -> None:
        """Show words that may hold those of rows and declarations: headings, points and `code` are their only marks."""

    def sentence(self, text: str) -> None:
        """Show the sentence computed from the numbers; plain text."""

    def text(self, text: str) -> None:
        """Show plain text as it is, line by line."""

    def table(self, table: Table) -> None:
        """Show a list of rows."""

    def ledger(self, ledger: Ledger) -> None:
        """Show a typeset table."""

    def html(self, fragment: str) -> None:
        """Show a piece of HTML."""

    def chart(self, figure: Figure) -> None:
        """Show a chart with its takeaway as alt text and its table behind it."""

    def download(self, download: Download) -> None:
        """Offer a file."""

    def missing(self, missing: Missing) -> None:
        """Say what is not there yet and how to make it."""

    def error(self, failure: Failure) -> None:
        """Say why a cell shows nothing."""


def present(thing: Any, to: Renderer) -> None:
    """Show `thing` with the one method of the renderer that fits it; None shows nothing."""
    match thing:
        case None:
            return
        case str():
            to.prose(thing)
        case Markdown():
            to.markdown(thing.text)
        case Missing():
            to.missing(thing)
        case Download():
            to.download(thing)
        case Table():
            to.table(thing)
        case pd.DataFrame():
            to.table(Table(thing))
        case pd.Series():
            to.table(Table(thing.to_frame()))
        case Figure():
            to.chart(thing)
        case Ledger():
            to.ledger(thing)
        case GT():
            to.ledger(typeset(thing))
        case Finding():
            to.sentence(thing.sentence)
        case _:
            _present_other(thing, to)


def _present_other(thing: Any, to: Renderer) -> None:
    if isinstance(thing, get_args(Drawn)):
        to.chart(bare(thing))
    elif isinstance(thing, list | tuple) and thing and all(_is_ours(one) for one in thing):
        for one in thing:
            present(one, to)
    elif hasattr(thing, "_repr_html_"):
        to.html(str(thing._repr_html_()))
    elif hasattr(thing, "_repr_markdown_"):
        to.markdown(str(thing._repr_markdown_()))
    else:
        to.text(pprint.pformat(thing))


def _is_ours(thing: Any) -> bool:
    return isinstance(thing, Markdown | Missing | Download | Table | Figure | Ledger | Finding | pd.DataFrame)


def bare(chart: Drawn) -> Figure:
    """Return a chart that came without a takeaway as a figure: its description or title has to do."""
    said = [getattr(chart, name, alt.Undefined) for name in ("description", "title")]
    words = next((str(word) for word in said if isinstance(word, str) and word.strip()), "A chart.")
    data = chart.data if isinstance(chart.data, pd.DataFrame) else pd.DataFrame()
    return Figure(chart, words, data)
