"""A chart that can be read without being seen: its takeaway in words and the table it was drawn from."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import altair as alt
import pandas as pd

from aspromised.chart.base.theme import theme
from aspromised.words.text import visible

Drawn = alt.Chart | alt.LayerChart | alt.HConcatChart | alt.VConcatChart | alt.ConcatChart | alt.FacetChart
"""What an author's notebook may show."""

PICKED = "picked"
"""The name of the selection of marks that lead on."""
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

    chart: "Drawn | Composed"
    takeaway: str
    table: pd.DataFrame
    title: str = ""
    leads: bool = False
    """Whether its marks lead on: they are picked by `PICKED`, and their `to` is the address of another state of the page. Every
    one of them needs a link beside the chart, for those who have no mouse."""
    is_tested: bool = False
    """Whether our tests hold every chart that this code draws against the schema: a page does not do so again."""

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
                spec = self.chart.to_dict(validate=_is_validated(self))
        seen = {name: _visible_rows(table) for name, table in tables.items()}
        return VegaLite(json.dumps(readable(spec)), seen)


def _is_validated(figure: Figure) -> bool:
    """Whether a chart is held against Vega-Lite's schema when it is written out: half of what that costs."""
    return not figure.is_tested


@dataclass(frozen=True)
class Composed:
    """Charts put together, each written out by itself: Altair copies all of every chart whenever it puts charts together."""

    kind: type[alt.LayerChart | alt.VConcatChart]
    parts: Sequence["alt.Chart | Composed"]
    options: Mapping[str, Any]

    def to_dict(self, validate: bool = True, context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return what Altair would write of them; `context` is Altair's, and given where they are part of a chart."""
        within = context or {"top_level": False, "datasets": {}}
        spec: dict[str, Any] = {
            "layer" if self.kind is alt.LayerChart else "vconcat": [
                part.to_dict(validate=False, context=within) for part in self.parts
            ],
            **{
                name: _written(option) for name, option in self.options.items() if option is not alt.Undefined
            },
        }
        if validate:
            self.kind.validate(spec)
        if context:
            return spec
        tables = {"datasets": within["datasets"]} if within["datasets"] else {}
        return {"$schema": alt.SCHEMA_URL, **theme(), **spec, **tables}


def layered(layers: Iterable[alt.Chart], **options: Any) -> Composed:
    """Return charts one over the other."""
    return Composed(alt.LayerChart, list(layers), options)


def stacked(charts: Iterable[alt.Chart | Composed], spacing: int) -> Composed:
    """Return charts one below the other, as wide as the page lets them be."""
    edge = {"left": 0, "right": 0, "top": 4, "bottom": 4}
    return Composed(alt.VConcatChart, list(charts), {"spacing": spacing, "padding": edge})


def _written(part: Any) -> Any:
    return part.to_dict(validate=False) if isinstance(part, alt.SchemaBase) else part


def readable(spec: Any) -> Any:
    """Return a specification, or a value of its tables, whose words can all be seen: nothing in them turns others around."""
    if isinstance(spec, dict):
        return {name: readable(each) for name, each in spec.items()}
    if isinstance(spec, list):
        return [readable(each) for each in spec]
    return visible(spec) if isinstance(spec, str) else spec


def _visible_rows(table: pd.DataFrame) -> pd.DataFrame:
    shown = table.copy(deep=False)
    for name, kind in table.dtypes.items():
        if kind == "object" or isinstance(kind, pd.StringDtype | pd.CategoricalDtype):
            words = table[name].tolist()
            seen = list(map(readable, words))
            if seen != words or not isinstance(kind, pd.StringDtype):
                shown[name] = pd.Series(seen, table.index)
    return shown


def as_date(moment: pd.Timestamp) -> dict[str, int]:
    """Return a day as scales are told it: no time zone moves it."""
    return {"year": moment.year, "month": moment.month, "date": moment.day}
