"""A claim over time: its wordings as bars on a line of time, its weeks as a band with what happened around them."""

from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from aspromised.analyse.promises.claim import Claim
from aspromised.analyse.promises.events import PROMOTION
from aspromised.chart.base.figure import Composed, Figure, as_date, layered
from aspromised.chart.base.links import Link, Links, address, span_leads
from aspromised.chart.base.theme import palette
from aspromised.chart.base.time_axis import time_axis
from aspromised.words.figures import day, target

MARGIN = 40
"""Pixels left of both drawings, so that their lines of time stand under one another."""
LABELS = 0.13
"""The share of the width kept free at the right for the words beside the lines."""


def claim_months(claim: Claim) -> Links:
    """Return the way from the weekly chart to where the claim broke, month by month."""
    weeks = claim.weeks[claim.weeks["decided"] > 0]
    months = dict.fromkeys(f"{last:%Y-%m}" for last in weeks["last"])
    of = claim.spread.of if claim.spread else claim.promise_id
    return Links(
        "Where it broke in",
        [Link(f"{pd.Timestamp(month):%b %Y}", address("gaps", month=month, promise=of)) for month in months],
    )


def short_weeks(claim: Claim) -> Links | None:
    """Return the way to each week that lies wholly below the target; None where there is none, or months are drawn."""
    short = claim.weeks[claim.weeks["closed"].astype(bool) & (claim.weeks["status"] == "missed")]
    of = claim.spread.of if claim.spread else claim.promise_id
    return span_leads("Clearly short", short, of) if claim.span == "week" else None


def span_scale(weeks: pd.DataFrame) -> alt.Scale:
    """From the first week to the last, with room for words behind it."""
    first, last = weeks["first"].iloc[0], weeks["last"].iloc[-1] + pd.Timedelta(days=1)
    return alt.Scale(domain=[as_date(first), as_date(last + (last - first) * LABELS)], nice=False)


def span_axis(weeks: pd.DataFrame) -> alt.Axis:
    return time_axis(weeks["first"].iloc[0], weeks["last"].iloc[-1] + pd.Timedelta(days=1))


def tick_values(y: alt.Scale) -> list[float]:
    """Round steps up to all of them, none above."""
    floor: float = y.domain[0]
    step = next(one for one in (0.01, 0.02, 0.05, 0.1, 0.2) if (1.0 - floor) / one <= 6 or one == 0.2)
    return [round(1.0 - n * step, 4) for n in range(8) if 1.0 - n * step >= floor - 1e-9]


def happened_layers(events: pd.DataFrame, weeks: pd.DataFrame, y: alt.Scale) -> list[alt.Chart]:
    """Promotions as shaded days, wordings and changes as upright lines, each with its letter at the top."""
    if events.empty:
        return []
    p = palette()
    first, after = weeks["first"].iloc[0], weeks["last"].iloc[-1] + pd.Timedelta(days=1)
    table = events.assign(
        begin=events["first"].clip(lower=first),
        stop=(events["last"] + pd.Timedelta(days=1)).clip(upper=after),
        place=_lanes(events["first"].clip(lower=first), (after - first) / 34, y),
    )
    shaded, lines = table[table["kind"] == PROMOTION], table[table["kind"] != PROMOTION]
    whole: dict[str, Any] = {"y": alt.Y("floor:Q", scale=y), "y2": alt.Y2("ceiling:Q")}
    tall = {"floor": y.domain[0], "ceiling": 1.0}
    letters = alt.Chart(table).mark_text(align="left", baseline="middle", dx=2, color=p.quiet, fontSize=11)
    layers = [
        (shaded, alt.Chart(shaded.assign(**tall)).mark_rect(color=p.unknown, opacity=0.18).encode(
            x=alt.X("begin:T"), x2=alt.X2("stop:T"), **whole)),
        (lines, alt.Chart(lines.assign(**tall)).mark_rule(color=p.unknown, strokeDash=[2, 3]).encode(x=alt.X("begin:T"), **whole)),
        (table, letters.encode(x=alt.X("begin:T"), y=alt.Y("place:Q", scale=y), text=alt.Text("mark:N"))),
    ]  # fmt: skip
    return [layer for rows, layer in layers if len(rows)]


def _lanes(begins: pd.Series, least: pd.Timedelta, y: alt.Scale) -> list[float]:
    """How high each letter stands: a lane up where it would touch the one before it in its own."""
    room = (y.domain[1] - 1.0) / 3
    newest: list[pd.Timestamp | None] = [None, None, None]
    places = []
    for begin in begins:
        lane = next((n for n, before in enumerate(newest) if before is None or begin - before >= least), 0)
        newest[lane] = begin
        places.append(1.0 + room * (lane + 0.5))
    return places


def versions_figure(claim: Claim) -> Figure | None:
    """Return the wordings on a line of time, as long as they stood; None where there was only one all along."""
    weeks = claim.weeks
    if len(claim.versions) < 2 or weeks.empty:
        return None
    first, after = weeks["first"].iloc[0], weeks["last"].iloc[-1] + pd.Timedelta(days=1)
    begin = claim.versions["from_day"].astype("datetime64[us]").fillna(first).clip(lower=first)
    stop = claim.versions["to_day"].astype("datetime64[us]").fillna(after).clip(upper=after)
    table = claim.versions.assign(begin=begin, stop=stop)[begin < stop].reset_index(drop=True)
    if table.empty:
        return None
    return Figure(
        _bars(table, weeks, (first, after)),
        takeaway=_versions_words(claim.versions),
        table=pd.DataFrame(),
        is_tested=True,
    )


def _bars(table: pd.DataFrame, weeks: pd.DataFrame, ends: tuple[pd.Timestamp, pd.Timestamp]) -> Composed:
    p = palette()
    whole = ends[1] - ends[0]
    is_late = (table["begin"] > ends[0] + whole * _EDGE) & (table["stop"] >= ends[1] - whole * _EDGE)
    is_early = table["begin"] <= ends[0] + whole * _EDGE
    table = table.assign(
        row=range(len(table)),
        words=[_lines(f"“{row.claim}”") for row in table.itertuples()],
        terms=[
            _lines(", ".join(filter(None, [row.length, f"target {target(row.target)}"])))
            for row in table.itertuples()
        ],
        at=table["stop"].where(is_late, table["begin"].where(is_early, ends[0])),
        late=is_late,
    )
    x = alt.X("begin:T", scale=span_scale(weeks), axis=span_axis(weeks))
    blank = alt.Axis(labels=False, ticks=False, domain=False, title=None, minExtent=MARGIN, maxExtent=MARGIN)
    y = alt.Y("row:O", axis=blank, scale=alt.Scale(paddingInner=0.1, paddingOuter=0.2))
    bars = alt.Chart(table).mark_bar(height=5, color=p.kept).encode(x=x, x2=alt.X2("stop:T"), y=y)
    broken: dict[str, Any] = {"lineBreak": "\n", "lineHeight": _LINE}
    above: dict[str, Any] = {"baseline": "bottom", "dy": -6, "color": p.ink, **broken}
    below: dict[str, Any] = {"baseline": "top", "dy": 7, "color": p.quiet, **broken}
    words = [
        alt.Chart(rows)
        .mark_text(align="right" if is_right else "left", **style)
        .encode(x=alt.X("at:T", scale=span_scale(weeks)), y=y, text=alt.Text(f"{column}:N"))
        for is_right, rows in table.groupby("late")
        for column, style in (("words", above), ("terms", below))
    ]
    most = max(told.count("\n") + 1 for column in ("words", "terms") for told in table[column])
    return layered([bars, *words], height=max(64, 2 * (_LINE * most + 12)) * len(table) + 30)


_LINE = 15
"""How high a line of the words at a bar is."""
_EDGE = 0.2
"""What begins in so much of the line of time has its words begin there; what ends in its last so much, end there."""
_WIDE = 38
"""So many letters of them fit beside each other on a phone, to the right of its first fifth or to the left of its last."""


def _lines(words: str) -> str:
    return "\n".join(wrap(words, _WIDE))


def _versions_words(versions: pd.DataFrame) -> str:
    said = [
        f"{'from ' + day(row.from_day.date()) if not pd.isna(row.from_day) else 'at first'} “{row.claim}”"
        f" ({', '.join(filter(None, [row.length, f'target {target(row.target)}']))})"
        for row in versions.itertuples()
    ]
    return f"{said[0][:1].upper()}{'; '.join(said)[1:]}."
