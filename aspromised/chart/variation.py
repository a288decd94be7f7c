"""Periods with the limits they stay within by themselves: exceptions in colour, the target, and what happened."""

import altair as alt
import pandas as pd

from aspromised.analyse.rates.scope import where_text
from aspromised.analyse.variation.variation import Variation
from aspromised.analyse.variation.words import headline
from aspromised.chart.base.figure import Composed, Figure, layered
from aspromised.chart.base.how import HowJudged
from aspromised.chart.base.links import Link, Links, address, span_leads
from aspromised.chart.base.theme import palette
from aspromised.chart.history import MARGIN, happened_layers, span_axis, span_scale, tick_values
from aspromised.words.figures import day, plural

_NUMBERS = {"first": "From", "kept": "Kept", "decided": "Decided", "rate": "Kept rate", "centre": "Middle", "low": "Limit from",
            "high": "Limit to", "target": "Target", "cause": "Signal"}  # fmt: skip


def variation_figure(found: Variation) -> Figure | None:
    """Return the periods with their limits; None where nothing is charted."""
    if found.charted is None:
        return None
    points = found.points.assign(
        **{name: found.points[name].clip(0, 1) for name in ("low", "high")},
        stop=found.points["last"] + pd.Timedelta(days=1),
    )
    numbers = found.points[list(_NUMBERS)].round(
        dict.fromkeys(("rate", "centre", "low", "high", "target"), 4)
    )
    return Figure(
        _chart(found, points),
        takeaway=f"{headline(found)} {_signals(found)}",
        table=numbers.rename(columns={**_NUMBERS, "first": f"{found.span.capitalize()} from"}),
        title=f"Kept rate {found.span} by {found.span}, and the limits it stays within by itself, {day(points['first'].iloc[0].date())}"
        f" to {day(points['last'].iloc[-1].date())}",
        is_tested=True,
    )


def _signals(found: Variation) -> str:
    points = found.points
    told = points[points["side"] != 0]
    if told.empty:
        return f"None of {plural(len(points), found.span)} is a signal."
    worse, better = int((told["side"] < 0).sum()), int((told["side"] > 0).sum())
    return (
        f"Of {plural(len(points), found.span)} {worse} are signals for the worse and {better} for the better."
    )


def _chart(found: Variation, points: pd.DataFrame) -> Composed:
    floor = max(0.0, float(points[["low", "rate", "target"]].min(axis=None)) - 0.01)
    y = alt.Scale(domain=[floor, 1.0 + (1.0 - floor) * 0.2], nice=False)
    return layered(
        [*happened_layers(found.events, points, y), *_limits(points, y), *_rates(points, y)], height=260
    )


def letters_told(found: Variation) -> HowJudged:
    """Return what the letters in the chart stand for, folded; nothing where there are none."""
    told = [
        f"{row.mark}: {row.kind}, {day(row.first.date())}: {row.what}" for row in found.events.itertuples()
    ]
    return HowJudged(told, "What the letters stand for")


def _limits(points: pd.DataFrame, y: alt.Scale) -> list[alt.Chart]:
    p = palette()
    axis = alt.Axis(format=".0%", title=None, values=tick_values(y), tickCount=10, minExtent=MARGIN, maxExtent=MARGIN)  # fmt: skip
    x = alt.X("first:T", scale=span_scale(points), axis=span_axis(points))
    told = points[points["low"].notna()]
    base = alt.Chart(told)
    band = base.mark_rect(color=p.unknown, opacity=0.16).encode(
        x=x, x2=alt.X2("stop:T"), y=alt.Y("low:Q", scale=y, axis=axis), y2=alt.Y2("high:Q")
    )
    middle = base.mark_rule(color=p.unknown, strokeWidth=1.4).encode(
        x=x, x2=alt.X2("stop:T"), y=alt.Y("centre:Q", scale=y)
    )
    aim = alt.Chart(points).mark_rule(color=p.ink, strokeDash=[4, 3], strokeWidth=1.2)
    drawn: list[alt.Chart] = [band, middle] if len(told) else []
    return [*drawn, aim.encode(x=x, x2=alt.X2("stop:T"), y=alt.Y("target:Q", scale=y, axis=axis))]


def _rates(points: pd.DataFrame, y: alt.Scale) -> list[alt.Chart]:
    p = palette()
    x, rate = alt.X("at:T"), alt.Y("rate:Q", scale=y)
    table = points.assign(at=points["first"] + (points["stop"] - points["first"]) / 2)
    sides = ((-1, p.short, 44), (0, p.unknown, 22), (1, p.kept, 44))
    dots = [
        alt.Chart(rows).mark_point(color=colour, size=size).encode(x=x, y=rate)
        for side, colour, size in sides
        if len(rows := table[table["side"] == side])
    ]
    line: alt.Chart = alt.Chart(table).mark_line(color=p.unknown, strokeWidth=1).encode(x=x, y=rate)
    return [line, *dots]


def variation_note(found: Variation) -> str | None:
    """Return how the chart is to be read; None where nothing is charted."""
    if found.charted is None:
        return None
    sides = set(found.points["side"])
    notes = [
        f"The grey band is what {found.span}s do by themselves, its line their middle; dashed the target.",
        "Orange dots are signals for the worse." if -1 in sides else "",
        "Blue dots are signals for the better." if 1 in sides else "",
    ]
    return " ".join(filter(None, notes))


def variation_leads(found: Variation, **chosen: str) -> list[Links]:
    """Return the ways on: to where it broke in the newest weeks that are signals for the worse, and to the claim."""
    if found.charted is None:
        return []
    worse = found.points[found.points["side"] < 0].tail(4)
    scope = found.scope
    weeks = span_leads("Signals for the worse", worse, scope.promise_id, where=where_text(scope.where)) if len(worse) and found.span == "week" else None  # fmt: skip
    claim = Links("The claim itself:", [Link(f"“{found.claim}”", address("compliance", **chosen, promise=scope.promise_id))])  # fmt: skip
    return [each for each in (weeks, claim) if each]
