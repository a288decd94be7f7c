"""One look for every chart: ink on paper, blue for kept, orange for short, grey for what is not known.

Colours differ between light and dark grounds, so charts ask `palette()` for them while they are built.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast

import altair as alt

FONT = "system-ui, 'Liberation Sans', 'DejaVu Sans', sans-serif"
"""Fonts of the reader's own machine: nothing is fetched."""


@dataclass(frozen=True)
class Palette:
    """The colours of one ground. Text reads at 4.5:1 on it, marks at 3:1."""

    kept: str
    short: str
    unknown: str
    ink: str
    quiet: str
    line: str
    ground: str
    band: str
    """The fill behind shaded stretches of time."""


LIGHT = Palette(
    kept="#2563a8",
    short="#b8500f",
    unknown="#6b7280",
    ink="#1b1f24",
    quiet="#5b6470",
    line="#d5d9de",
    ground="#ffffff",
    band="#eef1f4",
)
DARK = Palette(
    kept="#7db3f0",
    short="#f2a468",
    unknown="#9aa4b2",
    ink="#e6e9ed",
    quiet="#a7b0bb",
    line="#3a424c",
    ground="#14181d",
    band="#232a32",
)

_palette: ContextVar[Palette] = ContextVar("palette", default=LIGHT)


def palette() -> Palette:
    """Return the colours of the ground that charts are now drawn on.

    >>> palette().kept
    '#2563a8'
    >>> with on(DARK):
    ...     palette().kept
    '#7db3f0'
    """
    return _palette.get()


@contextmanager
def on(ground: Palette) -> Iterator[None]:
    """Draw charts with the colours of `ground` inside the block."""
    token = _palette.set(ground)
    try:
        yield
    finally:
        _palette.reset(token)


@alt.theme.register("aspromised", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """Return the Altair theme in the colours of the present ground; importing this module enables it."""
    return alt.theme.ThemeConfig(config=cast(Any, _config(palette())))


def _config(p: Palette) -> dict[str, object]:
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None, "continuousWidth": 560, "continuousHeight": 220, "step": 26},
        "padding": 4,
        "axis": _axis(p),
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False},
        "legend": _legend(p),
        "header": {"labelColor": p.ink, "labelFontSize": 12, "labelFontWeight": 600, "title": None,
                   "labelAnchor": "start"},
        "title": {"color": p.ink, "fontSize": 13, "fontWeight": 600, "anchor": "start",
                  "subtitleColor": p.quiet, "subtitleFontSize": 12, "offset": 10},
        "range": {"category": [p.kept, p.short, p.unknown, p.ink, p.quiet],
                  "ordinal": {"scheme": "blues"}, "ramp": [p.band, p.kept], "heatmap": [p.band, p.short],
                  "diverging": [p.short, p.band, p.kept]},
        **_marks(p),
    }  # fmt: skip


def _axis(p: Palette) -> dict[str, object]:
    return {
        "labelColor": p.quiet,
        "titleColor": p.quiet,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": 400,
        "domainColor": p.line,
        "tickColor": p.line,
        "gridColor": p.line,
        "gridOpacity": 0.6,
        "labelPadding": 6,
        "tickSize": 4,
        "tickCount": 5,
        "labelLimit": 260,
    }


def _legend(p: Palette) -> dict[str, object]:
    return {
        "orient": "top",
        "direction": "horizontal",
        "title": None,
        "labelColor": p.ink,
        "labelFontSize": 12,
        "symbolStrokeWidth": 2,
        "offset": 4,
    }


def _marks(p: Palette) -> dict[str, object]:
    return {
        "bar": {"color": p.kept},
        "rect": {"color": p.kept},
        "line": {"color": p.kept, "strokeWidth": 1.8},
        "trail": {"color": p.kept},
        "area": {"color": p.kept, "opacity": 0.2, "line": False},
        "point": {"color": p.kept, "size": 46, "filled": True, "opacity": 1},
        "circle": {"color": p.kept, "opacity": 1},
        "square": {"color": p.kept, "opacity": 1},
        "tick": {"color": p.ink, "thickness": 1.5},
        "rule": {"color": p.unknown},
        "text": {"color": p.ink, "fontSize": 12},
    }
