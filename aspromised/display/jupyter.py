"""Shows things in Jupyter as the same HTML that is printed; charts are SVG, so nothing is fetched."""

import sys
from typing import Any

import altair as alt

from aspromised.chart.base.figure import Figure
from aspromised.chart.base.ledger import Ledger
from aspromised.display import fragments
from aspromised.display.html import HtmlRenderer
from aspromised.display.renderer import Renderer, present
from aspromised.display.things import Download, Markdown, Missing, Sentence, Table


def shell() -> Any:
    """Return the IPython shell this code runs in, None outside of one."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def renderer() -> Renderer:
    """Return a renderer that displays each thing in the output of the running cell."""
    return HtmlRenderer(_display)


def _display(fragment: str) -> None:
    import IPython.display as ipython

    output: Any = ipython  # published without types
    output.display(output.HTML(_with_style(fragment)))


def _with_style(fragment: str) -> str:
    """Each output stands alone: the notebook's reader may open it without the others."""
    return f"<style>{fragments.style('light')}.ap {{ background: #fff; }}</style>{fragment}"


def enable() -> None:
    """Let Jupyter show our things where they are a cell's last expression; nothing happens outside Jupyter."""
    running = shell()
    if running is None:
        return
    alt.renderers.enable("svg")
    to_html = running.display_formatter.formatters["text/html"]
    for shown in (Figure, Ledger, Table, Sentence, Markdown, Download, Missing):
        to_html.for_type(shown, as_html)


def as_html(thing: Any) -> str:
    """Return any shown thing as HTML that stands alone."""
    paper = HtmlRenderer()
    present(thing, paper)
    return _with_style("".join(paper.pieces))
