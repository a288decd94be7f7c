"""Layer 5: a notebook is a page. What notebooks are written with is imported from here.

>>> show(Sentence("3 of 4 promises were kept."))
3 of 4 promises were kept.
"""

from aspromised.chart.figure import Figure
from aspromised.chart.ledger import Column, Ledger, ledger
from aspromised.chart.theme import palette
from aspromised.notebook import jupyter
from aspromised.notebook.choices import chosen_window, latest_month
from aspromised.notebook.context import snapshot
from aspromised.notebook.show import show
from aspromised.notebook.things import Download, Markdown, Missing, Sentence, Table, points

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
