"""A chart that can be read without being seen: its takeaway in words and the table it was drawn from."""

import json
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import altair as alt
import pandas as pd

from aspromised.words.text import visible

Drawn = alt.Chart | alt.LayerChart | alt.HConcatChart | alt.VConcatChart | alt.ConcatChart | alt.FacetChart


_TRANSFORMERS = Lock()
"""Altair's choice of a data transformer is one for all threads."""


@dataclass(frozen=True)
class VegaLite:
    """A chart as the browser draws it: its specification as JSON, and the tables that it names."""

    text: str
    tables: dict[str, pd.DataFrame]

    @property
    def spec(self) -> dict[str, Any]:
        """A specification of the caller's own, with the tables under `datasets`."""
        return {**json.loads(self.text), "datasets": dict(self.tables)}


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

    @cached_property
    def vega_lite(self) -> VegaLite:
        """The chart written out once, in the colours of the ground it is first shown on."""
        tables: dict[str, pd.DataFrame] = {}

        def by_name(data: pd.DataFrame) -> dict[str, str]:
            known = next((name for name, table in tables.items() if table is data), None)
            name = known or f"table-{len(tables) + 1}"
            tables[name] = data
            return {"name": name}

        with _TRANSFORMERS:
            alt.data_transformers.register("by-name", by_name)
            with alt.data_transformers.enable("by-name"):
                spec = self.chart.to_dict()
        seen = {name: _visible_rows(table) for name, table in tables.items()}
        return VegaLite(json.dumps(readable(spec)), seen)


def readable(spec: Any) -> Any:
    """Return a specification, or a value of its tables, whose words can all be seen: nothing in them turns others around."""
    if isinstance(spec, dict):
        return {name: readable(each) for name, each in spec.items()}
    if isinstance(spec, list):
        return [readable(each) for each in spec]
    return visible(spec) if isinstance(spec, str) else spec


def _visible_rows(table: pd.DataFrame) -> pd.DataFrame:
    words = table.select_dtypes(["object", "str", "category"]).columns
    return table.assign(**{name: table[name].astype("object").map(readable) for name in words})


def as_date(moment: pd.Timestamp) -> dict[str, int]:
    """Return a day as scales are told it: no time zone moves it."""
    return {"year": moment.year, "month": moment.month, "date": moment.day}
