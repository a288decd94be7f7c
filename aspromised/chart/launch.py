"""Promotions as swim-lanes: announced, launched, ready, ended, with the part that ran before it was ready in orange."""

from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd

from aspromised.analyse.launch import LAUNCH_COLUMNS, Board, launch_table
from aspromised.analyse.launch_words import verdict_words
from aspromised.analyse.readiness import CANCELLED, EARLY, Launched
from aspromised.chart.figure import Figure
from aspromised.chart.theme import palette
from aspromised.words.figures import day, plural

LANE = 46
_DAY = timedelta(days=1)
_BAR, _TICKS = 7, 18
"""How far below the middle of its lane the bar and the marks of gates stand."""
NUMBERS = {
    "says": "Promotion", "run_by": "Run by", "announced": "Announced", "launched": "Launched", "ends": "Ends",
    "verdict": "Verdict", "ready_on": "Ready on", "days_early": "Days early", "missing": "Missing on the day that decides",
    "why": "Why",
}  # fmt: skip


def lanes_figure(found: Board, only: str = "") -> Figure | None:
    """Return one lane a promotion, the earliest launch first; None where none has a launch. With `only`, its lane alone."""
    lanes = [each for each in found.launches if each.launched_day and only in ("", each.promotion_id)]
    if not lanes:
        return None
    rows = pd.DataFrame([_lane(number, each, found) for number, each in enumerate(lanes)])
    names = {each.promotion_id for each in lanes}
    table = launch_table(found)
    assert list(table.columns) == list(LAUNCH_COLUMNS)
    return Figure(
        _lanes(rows, _gates(lanes), found.as_of),
        takeaway=_takeaway(lanes, found),
        table=table[table["promotion"].isin(names)].rename(columns=NUMBERS),
        title="Announced, launched, ready, ended",
    )


def _lane(number: int, each: Launched, found: Board) -> dict[str, Any]:
    """The ends of a lane's bar and of its early part, where it became ready, and the words beside it."""
    assert each.launched_day
    after = found.as_of + _DAY
    stop = each.ends_day + _DAY if each.ends_day else max(after, each.launched_day + _DAY)
    early = min(each.ready_on or stop, stop) if each.verdict == EARLY else each.launched_day
    ready = each.ready_on or each.ready_since
    announced = min(found.announced.get(each.promotion_id, each.launched_day), each.launched_day)
    return {
        "lane": number, "says": each.says, "kind": _kind(each), "words": lane_words(each),
        "announced": pd.Timestamp(announced), "launched": pd.Timestamp(each.launched_day),
        "early": pd.Timestamp(max(early, each.launched_day)), "stop": pd.Timestamp(stop), "ready": pd.Timestamp(ready) if ready else pd.NaT,
        "leftmost": pd.Timestamp(min(filter(None, (announced, ready)))),
        "rightmost": pd.Timestamp(max(filter(None, (stop, ready)))),
    }  # fmt: skip


def _kind(each: Launched) -> str:
    if each.verdict == CANCELLED:
        return "off"
    return "planned" if each.is_planned else "ran"


def lane_words(each: Launched) -> str:
    """Return what stands beside a lane: the day of the launch and the verdict."""
    first = day(each.launched_day)
    if each.verdict == CANCELLED:
        return f"called off (was {first})"
    return f"{'planned for ' if each.is_planned else ''}{first}: {verdict_words(each)}"


def _gates(lanes: list[Launched]) -> pd.DataFrame:
    """A mark a gate that was met, on the day from which it was met at launch, or first after it."""
    rows = [
        (number, pd.Timestamp(gate.met_on))
        for number, each in enumerate(lanes)
        if each.verdict != CANCELLED
        for gate in each.gates
        if gate.met_on
    ]
    return pd.DataFrame(rows, columns=["lane", "met_on"]).astype({"met_on": "datetime64[us]"})


def _lanes(table: pd.DataFrame, gates: pd.DataFrame, as_of: date) -> alt.LayerChart:
    p, now = palette(), pd.Timestamp(as_of + _DAY)
    first = min([table["leftmost"].min(), *gates["met_on"]])
    last = max([table["rightmost"].max(), *gates["met_on"], *([now] if len(table) > 1 else [])])
    room = (last - first) * 0.02
    table = table.assign(is_late=table["leftmost"] > first + (last - first) / 2)
    axis = alt.Axis(
        title=None,
        format="%b %y" if len(table) > 1 else "%-d %b",
        labelFlush=True,
        labelOverlap=True,
        tickCount=6,
    )
    scale = alt.Scale(domain=[as_date(first - room), as_date(last + room)], nice=False)
    x = alt.X("launched:T", scale=scale, axis=axis)
    y = alt.Y("lane:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    rules = alt.Chart(table).mark_rule(color=p.line, yOffset=-LANE / 2)
    layers = [
        rules.encode(y=y, x=alt.value(0), x2=alt.value("width")),
        *(_now(now, as_of, x) if now <= last else []),
        alt.Chart(table).mark_rule(color=p.quiet, strokeWidth=1.5, yOffset=_BAR).encode(
            x=alt.X("announced:T"), x2="launched:T", y=y),
        *_bars(table, x, y),
        *_struck(table, y),
        alt.Chart(table).mark_tick(orient="vertical", size=18, thickness=2, yOffset=_BAR, color=p.ink).encode(x=x, y=y),
        *_marks(table, gates, y),
        *_said(table, x, y),
    ]  # fmt: skip
    drawn: alt.LayerChart = alt.LayerChart(layer=layers, height=alt.Step(LANE))
    return drawn


def _bars(table: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    p = palette()
    styles: dict[str, dict[str, Any]] = {
        "ran": {"fill": p.quiet, "stroke": p.quiet},
        "planned": {"fill": p.ground, "stroke": p.kept, "strokeDash": [3, 2]},
        "off": {"fill": p.ground, "stroke": p.unknown, "opacity": 0.8},
    }
    bars = [
        alt.Chart(rows)
        .mark_bar(height=8, yOffset=_BAR, strokeWidth=1.4, **styles[str(kind)])
        .encode(x=x, x2="stop:T", y=y)
        for kind, rows in table.groupby("kind")
    ]
    early = table[table["early"] > table["launched"]]
    orange = alt.Chart(early).mark_bar(height=10, yOffset=_BAR, fill=p.short, stroke=p.short, strokeWidth=1)
    return [*bars, *([orange.encode(x=x, x2="early:T", y=y)] if len(early) else [])]


def _marks(table: pd.DataFrame, gates: pd.DataFrame, y: alt.Y) -> list[alt.Chart]:
    """A diamond where it became ready, and a small upright mark for each gate on the day it was met."""
    p = palette()
    ready = table[table["ready"].notna()]
    diamond = alt.Chart(ready).mark_point(
        shape="diamond", size=90, yOffset=_BAR, fill=p.kept, stroke=p.ground, strokeWidth=1.2, opacity=1
    )
    ticks = alt.Chart(gates).mark_tick(orient="vertical", size=7, thickness=1.5, yOffset=_TICKS, color=p.kept)
    return [
        *([ticks.encode(x="met_on:T", y=y)] if len(gates) else []),
        *([diamond.encode(x="ready:T", y=y)] if len(ready) else []),
    ]


def _now(now: pd.Timestamp, as_of: date, x: alt.X) -> list[alt.Chart]:
    """The end of the day of the data, as a dotted line with its day."""
    p = palette()
    base = alt.Chart(pd.DataFrame({"launched": [now], "said": [f"as of {day(as_of)}"]}))
    words = base.mark_text(align="right", baseline="bottom", color=p.quiet, fontSize=11)
    rule = base.mark_rule(color=p.ink, strokeDash=[2, 3])
    return [rule.encode(x=x), words.encode(x=x, y=alt.value(-3), text="said:N")]


def as_date(moment: pd.Timestamp) -> dict[str, int]:
    """Return a day as scales are told it: no time zone moves it."""
    return {"year": moment.year, "month": moment.month, "date": moment.day}


def _struck(table: pd.DataFrame, y: alt.Y) -> list[alt.Chart]:
    """A line through what was called off, longer than its bar."""
    off = table[table["kind"] == "off"]
    reach = _reach(table)
    struck = off.assign(begin=off["announced"] - reach, finish=off["stop"] + reach)
    rule = alt.Chart(struck).mark_rule(color=palette().unknown, strokeWidth=1.6, yOffset=_BAR)
    return [rule.encode(x=alt.X("begin:T"), x2="finish:T", y=y)] if len(off) else []


def _reach(table: pd.DataFrame) -> pd.Timedelta:
    """How far the line through what was called off goes beyond its bar."""
    span: pd.Timedelta = table["rightmost"].max() - table["leftmost"].min()
    return span * 0.012


def _said(table: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The name above the lane's bar, the verdict beside it on the side that has room."""
    p = palette()
    name = alt.Chart(table).mark_text(align="left", baseline="middle", yOffset=-11, fontWeight=600, limit=380)
    off = alt.when(alt.datum.kind == "off").then(alt.value(p.unknown)).otherwise(alt.value(p.ink))
    reach = _reach(table) * (table["kind"] == "off").astype(int)
    table = table.assign(left=table["leftmost"] - reach, right=table["rightmost"] + reach)
    halo = {"stroke": p.ground, "strokeWidth": 4, "strokeJoin": "round"}
    words = [
        alt.Chart(rows)
        .mark_text(
            align="right" if is_late else "left",
            baseline="middle",
            dx=-9 if is_late else 9,
            yOffset=_BAR,
            **style,
        )
        .encode(x=alt.X("left:T" if is_late else "right:T"), y=y, text="words:N")
        for is_late, rows in table.groupby("is_late")
        for style in ({"color": p.ground, **halo}, {"color": p.quiet})
    ]
    return [name.encode(x=alt.value(2), y=y, text="says:N", color=off), *words]


def lanes_note(found: Board) -> str | None:
    """Return how the lanes are to be read, None where there are none."""
    lanes = [each for each in found.launches if each.launched_day]
    if not lanes:
        return None
    kinds = {_kind(each) for each in lanes}
    notes = [
        "The upright mark is the launch, the bar runs to the end, a thin line before it from the announcement."
        " Orange is what ran before it was ready; the diamond is the day it became ready, and each small mark below the bar"
        " the day a gate was met.",
        "Dashed outlines are planned." if "planned" in kinds else "",
        "What was called off is struck through." if "off" in kinds else "",
        f"The dotted line is {day(found.as_of)}, the day of the data.",
    ]
    return " ".join(note for note in notes if note)


def _takeaway(lanes: list[Launched], found: Board) -> str:
    told = [f"“{each.says}” {lane_words(each)}" for each in lanes]
    return f"{plural(len(lanes), 'promotion')} as of {day(found.as_of)}: {'; '.join(told)}."
