"""How late is late: the share done by each moment around what was promised, which is a line at 0."""

import math

import altair as alt
import pandas as pd

from aspromised.analyse.gaps.lateness import Lateness
from aspromised.chart.base.figure import Composed, Figure, layered
from aspromised.chart.base.links import Link, Links, address
from aspromised.chart.base.theme import palette
from aspromised.judge.clocks.lateness import IN_TIME
from aspromised.words.figures import count, percent

_UNITS = ((86_400, "days", 6), (3600, "hours", 3), (60, "minutes", 3), (1, "seconds", 0))
"""Seconds, name, and how many of it the axis must span."""
STEPS = {
    "days": (1, 2, 7, 14, 28, 91),
    "hours": (0.5, 1, 2, 3, 6, 12, 24),
    "minutes": (0.5, 1, 2, 5, 10, 15, 30, 60),
}
_ROOM = 0.25
"""The share of the width that the words at the promise need: with less of it before the promise, they stand after it."""
_NUMBERS = {"from_seconds": "Late from", "to_seconds": "Late to", "items": "Done", "share": "Done by then %"}


def lateness_figure(late: Lateness | None) -> Figure | None:
    """Return the share done against lateness; None where nothing has a time to be late by.

    Of a segment it begins at the promise, for by how much its items were early is not kept.
    """
    if late is None or (late.table["bucket"] == IN_TIME).all():
        return None
    around = "before (−) and after" if _edges(late)[0] < 0 else "after"
    return Figure(
        _chart(late),
        takeaway=f"{late.sentence} {_beyond(late)}".strip(),
        table=_numbers(late),
        title=f"How late: share of {late.items} done, by {_unit_name(late)} {around} the promise",
        is_tested=True,
    )


def _numbers(late: Lateness) -> pd.DataFrame:
    """The numbers behind the curve, times in the unit of its axis."""
    size, name = _unit(_edges(late)[1] - _edges(late)[0])
    times = {each: (late.table[each] / size).round(2) for each in ("from_seconds", "to_seconds")}
    table = late.table.assign(share=(100 * late.table["up_to"]).round(2), **times)
    table = table.replace({"from_seconds": {-math.inf: None}})[list(_NUMBERS)]
    named = {each: f"{_NUMBERS[each]} ({name})" for each in times}
    return table.rename(columns={**_NUMBERS, **named})


def lateness_note(late: Lateness | None) -> str | None:
    """Return the sentence on the late ones and how exact it is, None where nothing has a time to be late by."""
    if late is None or not late.late:
        return late.sentence if late else None
    second = (
        f"Second line of the scale: since the start, {late.length_words} being promised."
        if late.length
        else ""
    )
    said = (late.sentence, _beyond(late), "Times are known to within 5 %.", second)
    return " ".join(part for part in said if part)


def late_leads(late: Lateness | None, **chosen: str) -> Links | None:
    """Return the way to the items behind the curve that were not done in time; None where there are none."""
    if late is None or late.decided == late.kept:
        return None
    words = f"the {count(late.decided - late.kept)} broken, the latest first"
    return Links("One by one:", [Link(words, address("gaps", **{**chosen, "items": "broken"}))])


def _edges(late: Lateness) -> tuple[float, float]:
    """The stretch drawn: nearly all that were early, and nine in ten of the late."""
    low = min(late.by(0.01), 0.0)
    high = max(late.late_by(0.9)[1] if late.late else 0.0, -0.15 * low)
    return 1.04 * low, 1.1 * high


def _beyond(late: Lateness) -> str:
    latest = float(late.table["to_seconds"].iloc[-1])
    return f"The latest came {late.latest} late, beyond the right edge." if latest > _edges(late)[1] else ""


def _unit(span: float) -> tuple[int, str]:
    return next((size, name) for size, name, least in _UNITS if span >= least * size)


def _unit_name(late: Lateness) -> str:
    low, high = _edges(late)
    return _unit(high - low)[1]


def _chart(late: Lateness) -> Composed:
    p = palette()
    low, high = _edges(late)
    size, name = _unit(high - low)
    points = _points(late, low, high, size)
    ticks = _ticks(low / size, high / size, name)
    axis = alt.Axis(values=ticks, tickCount=len(ticks), labelOverlap=False, labelExpr=_labels(late, size))
    scale = alt.Scale(domain=[low / size, high / size], nice=False)
    x = alt.X("at:Q", title=None, scale=scale, axis=axis)
    y = alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 1]), stack=None)
    base = alt.Chart(points)
    area = base.mark_area(opacity=0.14, clip=True)
    line = base.mark_line(clip=True)
    sides = alt.Color(
        "side:N", scale=alt.Scale(domain=["in time", "late"], range=[p.kept, p.short]), legend=None
    )
    promise = pd.DataFrame({"at": [0.0], "said": [f"promised|{percent(late.in_time)} done"]})
    has_room = -low > _ROOM * (high - low)
    rule = alt.Chart(promise).mark_rule(color=p.ink, strokeWidth=1.5).encode(x=x)
    word = (
        alt.Chart(promise)
        .mark_text(
            align="right" if has_room else "left",
            dx=-6 if has_room else 6,
            baseline="bottom",
            lineBreak="|",
            fontWeight=600,
        )
        .encode(x=x, y=alt.YDatum(0.12), text=alt.Text("said:N"))
    )
    curve = [area.encode(x=x, y=y, color=sides), line.encode(x=x, y=y, color=sides)]
    return layered([*curve, rule, word], height=260)


def _points(late: Lateness, low: float, high: float, size: int) -> pd.DataFrame:
    """The curve's corners in the axis' unit, split where the promise is; it starts and ends at the edges."""
    known = [(row.to_seconds, row.up_to) for row in late.table.itertuples() if low <= row.to_seconds <= high]
    before = max((row.up_to for row in late.table.itertuples() if row.to_seconds < low), default=0.0)
    at_promise = late.in_time
    early = [(low, before), *((at, share) for at, share in known if at <= 0.0), (0.0, at_promise)]
    after = [(0.0, at_promise), *((at, share) for at, share in known if at > 0.0)]
    after.append((high, after[-1][1]))
    rows = [(min(at, 0.0) / size, share, "in time") for at, share in early] + [
        (at / size, share, "late") for at, share in after
    ]
    return pd.DataFrame(rows, columns=["at", "share", "side"])


def _ticks(low: float, high: float, unit: str) -> list[float]:
    """At most eight round ticks, 0 among them.

    >>> _ticks(-40, 30, "hours")
    [-36, -24, -12, 0, 12, 24]
    """
    steps = STEPS.get(unit, (1, 2, 5, 10, 30))
    step = next((nice for nice in steps if (high - low) / nice <= 7), (high - low) / 4)
    return [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _labels(late: Lateness, size: int) -> str:
    signed = "(datum.value < 0 ? '−' : datum.value > 0 ? '+' : '') + format(abs(datum.value), '~g')"
    if not late.length:
        return signed
    elapsed = f"format(datum.value + {late.length / size:.10g}, '~g')"
    return f"[{signed}, {elapsed}]"
