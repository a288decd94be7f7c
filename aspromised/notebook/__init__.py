"""A notebook is a page. What notebooks are written with is imported from here.

>>> show(Sentence("3 of 4 promises were kept."))
3 of 4 promises were kept.
"""

from aspromised.chart.base.figure import Figure
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.theme import palette
from aspromised.display import jupyter
from aspromised.display.show import show
from aspromised.display.things import Download, Markdown, Missing, Sentence, Table, points
from aspromised.notebook.choices import chosen_window, latest_month
from aspromised.notebook.context import snapshot

__all__ = [
    "Column",
    "Download",
    "Figure",
    "Ledger",
    "Markdown",
    "Missing",
    "Sentence",
    "Table",
    "chosen_window",
    "latest_month",
    "ledger",
    "palette",
    "points",
    "show",
    "snapshot",
]

jupyter.enable()
