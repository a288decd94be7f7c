"""A chart that can be read without being seen: its takeaway in words and the table it was drawn from."""

from dataclasses import dataclass

import altair as alt
import pandas as pd

Drawn = alt.Chart | alt.LayerChart | alt.HConcatChart | alt.VConcatChart | alt.ConcatChart | alt.FacetChart


@dataclass(frozen=True)
class Figure:
    """A chart, what it says in one sentence computed from its numbers, and its numbers.

    The takeaway is what a reader who cannot see the chart is told; the table stands behind the chart.
    """

    chart: Drawn
    takeaway: str
    table: pd.DataFrame
    title: str = ""

    def __post_init__(self) -> None:
        if not self.takeaway.strip():
            raise ValueError("a figure needs its takeaway: the sentence a reader who cannot see it is told")
