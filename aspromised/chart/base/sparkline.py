"""A line the size of a word: some weeks of kept rate against the target in force."""

import math
from collections.abc import Sequence

from aspromised.chart.base.picture import picture
from aspromised.chart.base.theme import palette

WIDTH, HEIGHT, MARGIN = 108, 34, 4
LEAST_SPAN = 0.1
"""A line spans ten points at least, so that noise does not look like a cliff."""


def sparkline(rates: Sequence[float], targets: Sequence[float], closed: Sequence[bool], label: str) -> str:
    """Return the drawing: rates as a line, targets as a step, the last week as a dot (hollow while it is not over).

    The scale is the line's own. Shares, oldest first; NaN leaves a gap. "" where no week has a rate.
    """
    if all(map(math.isnan, rates)):
        return ""
    low, high = _span([*rates, *targets])
    slot = (WIDTH - 2 * MARGIN) / len(rates)

    def x(week: float) -> float:
        return MARGIN + slot * week

    def y(share: float) -> float:
        return MARGIN + (HEIGHT - 2 * MARGIN) * (high - share) / (high - low)

    steps = [
        [(x(week), y(aim)), (x(week + 1), y(aim))] for week, aim in enumerate(targets) if not math.isnan(aim)
    ]
    places = [(x(week + 0.5), y(rate)) if not math.isnan(rate) else None for week, rate in enumerate(rates)]
    last = max(week for week, place in enumerate(places) if place)
    p = palette()
    return picture(
        f'<path stroke="{p.unknown}" stroke-width="1.2" d="{_path([point for step in steps for point in step])}"/>'
        f'<path stroke="{p.kept}" stroke-width="1.6" stroke-linejoin="round" d="{_lines(places)}"/>'
        f"{_dot(places[last], p.kept if closed[last] else p.ground, p.kept)}",
        WIDTH,
        HEIGHT,
        label,
    )


def _span(shares: Sequence[float]) -> tuple[float, float]:
    """Return a scale's ends for shares: wide enough not to magnify noise, never beyond all of them.

    >>> _span([0.93, 0.95]), _span([0.999, 0.95]), _span([0.7, 0.95])
    ((0.89, 0.99), (0.9, 1.0), (0.7, 0.95))
    """
    known = [share for share in shares if not math.isnan(share)]
    low, high = min(known), max(known)
    more = max(0.0, LEAST_SPAN - (high - low)) / 2
    top = min(1.0, high + more)
    return round(max(0.0, min(low, top - max(LEAST_SPAN, high - low))), 6), round(top, 6)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""


def _lines(places: Sequence[tuple[float, float] | None]) -> str:
    """One path a run of neighbours; a week on its own is a short dash."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return "".join(
        _path(run if len(run) > 1 else [(run[0][0] - 1, run[0][1]), (run[0][0] + 1, run[0][1])])
        for run in runs
        if run
    )


def _dot(place: tuple[float, float] | None, fill: str, edge: str) -> str:
    assert place
    return f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="2.4" fill="{fill}" stroke="{edge}" stroke-width="1.2"/>'
