"""An interval the size of a word: the rate as a dot, its interval as a whisker, the target as a mark."""

import math
from collections.abc import Iterable

from aspromised.chart.base.picture import picture
from aspromised.chart.base.theme import palette

WIDTH, HEIGHT, MARGIN = 132, 22, 5


def scale(lows: Iterable[float], targets: Iterable[float]) -> tuple[float, float]:
    """Return the scale that a column of intervals shares: from a round five points to all of them.

    >>> scale([0.7086, float("nan"), 0.93], [0.9, 0.95])
    (0.7, 1.0)
    >>> scale([], [])
    (0.0, 1.0)
    """
    known = [share for share in (*lows, *targets) if not math.isnan(share)]
    return (math.floor(min(known, default=0.0) * 20 + 1e-9) / 20, 1.0) if known else (0.0, 1.0)


def interval(
    rate: float, low: float, high: float, target: float, ends: tuple[float, float], colour: str, label: str
) -> str:
    """Return the drawing; "" without a rate."""
    if math.isnan(rate):
        return ""
    first, last = ends if ends[1] > ends[0] else (ends[1] - 0.05, ends[1])

    def x(share: float) -> str:
        return (
            f"{MARGIN + (WIDTH - 2 * MARGIN) * (min(max(share, first), last) - first) / (last - first):.1f}"
        )

    p, middle = palette(), HEIGHT / 2
    mark = (
        ""
        if math.isnan(target)
        else f'<path stroke="{p.unknown}" stroke-width="1.6" d="M{x(target)} 2V{HEIGHT - 2}"/>'
    )
    whisker = f"M{x(low)} {middle}H{x(high)}M{x(low)} {middle - 3}v6M{x(high)} {middle - 3}v6"
    return picture(
        f'<path stroke="{p.line}" d="M{MARGIN} {middle}H{WIDTH - MARGIN}"/>{mark}'
        f'<path stroke="{colour}" stroke-width="2" d="{whisker}"/>'
        f'<circle cx="{x(rate)}" cy="{middle}" r="3.6" fill="{colour}"/>',
        WIDTH,
        HEIGHT,
        label,
    )
