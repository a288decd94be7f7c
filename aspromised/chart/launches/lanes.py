"""Every launch on one scale of days around its own launch: eleven days early looks like eleven days.

Orange is what ran before it was ready, the diamond the day it became ready, small upright marks the days gates were
met; gates met after the launch are named. Below, a strip shows all promotions on the calendar.
"""

from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd

from aspromised.analyse.launches.board import LAUNCH_COLUMNS, Board, hurt, is_harm_known, launch_table
from aspromised.analyse.launches.effect.harm import noun
from aspromised.analyse.launches.readiness.verdicts import CANCELLED, EARLY, GateResult, Launched
from aspromised.analyse.launches.readiness.words import READINESS_COLOUR, READINESS_MARK, verdict_words
from aspromised.chart.base.figure import Composed, Figure, as_date, layered
from aspromised.chart.base.theme import palette
from aspromised.chart.base.time_axis import time_axis
from aspromised.words.figures import day, plural

LANE = 86
REACH = 30
"""How many days before and after a launch are drawn; what lies beyond stands at the edge."""

_NAME, _BAR, _WHEN, _LATE = -28, -8, 12, 28
"""Where in its lane stand name and verdict, the bar, the day with the harm, and late gates, from the middle."""


_NUMBERS = {
    "says": "Promotion", "run_by": "Run by", "announced": "Announced", "launched": "Launched", "ends": "Ends",
    "verdict": "Verdict", "ready_on": "Ready on", "days_early": "Days early", "missing": "Missing on the day that decides",
    "why": "Why",
}  # fmt: skip


def lanes_figure(found: Board, only: str = "") -> Figure | None:
    """Return one lane a promotion, earliest before ready first; None where none has a launch. With `only`, its lane alone."""
    lanes = [each for each in lanes_in_order(found) if only in ("", each.promotion_id)]
    if not lanes:
        return None
    rows = pd.DataFrame([_lane(number, each, found) for number, each in enumerate(lanes)])
    names = {each.promotion_id for each in lanes}
    table = launch_table(found)
    said = "; ".join(f"“{each.says}” {lane_words(each)}" for each in lanes)
    return Figure(
        _drawn(rows, _gates(lanes)),
        takeaway=f"{plural(len(lanes), 'promotion')} around their launch, as of {day(found.as_of)}: {said}.",
        table=table[table["promotion"].isin(names)][list(LAUNCH_COLUMNS)].rename(columns=_NUMBERS),
        title="Around the launch: what ran before it was ready",
        is_tested=True,
    )


def lanes_in_order(found: Board) -> list[Launched]:
    """Return the promotions that have a launch and were not called off: the earliest first, then what is planned, then the rest."""
    lanes = [each for each in found.launches if each.launched_day and each.verdict != CANCELLED]
    return sorted(lanes, key=lambda each: (
        each.verdict != EARLY, -(each.days_early or 10**6) if each.verdict == EARLY else 0,
        not each.is_planned, each.launched_day,
    ))  # fmt: skip


def _lane(number: int, each: Launched, found: Board) -> dict[str, Any]:
    """One lane in days from its launch."""
    assert each.launched_day
    after = found.as_of + timedelta(days=1)
    stop = each.ends_day + timedelta(days=1) if each.ends_day else max(after, each.launched_day)
    early = min(each.ready_on or stop, stop) if each.verdict == EARLY else each.launched_day
    ready = each.ready_on or each.ready_since
    announced = min(found.announced.get(each.promotion_id, each.launched_day), each.launched_day)
    days = {name: (moment - each.launched_day).days for name, moment in
            (("announced", announced), ("early", max(early, each.launched_day)), ("stop", stop))}  # fmt: skip
    return {
        "lane": number, "says": each.says, "is_planned": each.is_planned, "launch": 0, "late": _late(each),
        "when": " · ".join(filter(None, (day(each.launched_day), harm_in_short(each, found)))),
        "verdict": f"{READINESS_MARK[each.verdict]} {verdict_words(each)}", "colour": READINESS_COLOUR[each.verdict],
        "ready": _within((ready - each.launched_day).days) if ready else None,
        **{name: _within(value) for name, value in days.items()},
    }  # fmt: skip


def _within(days: int) -> int:
    return max(-REACH, min(REACH, days))


def _late(each: Launched) -> str:
    """Name the gate that was met last after the launch, and how many others were late too; "" where none was."""
    late = sorted(
        (gate for gate in each.gates if _days_late(gate, each)), key=lambda gate: -_days_late(gate, each)
    )
    if not late:
        return ""
    others = f", {len(late) - 1} more late" if len(late) > 1 else ""
    return f"{late[0].gate} met +{plural(_days_late(late[0], each), 'day')}{others}"


def _days_late(gate: GateResult, each: Launched) -> int:
    if gate.optional or gate.met_on is None or each.launched_day is None:
        return 0
    return max(0, (gate.met_on - each.launched_day).days)


def lane_words(each: Launched) -> str:
    """Return what stands beside a lane: the day of the launch and the verdict."""
    first = day(each.launched_day)
    if each.verdict == CANCELLED:
        return f"called off (was {first})"
    return f"{'planned for ' if each.is_planned else ''}{first}: {verdict_words(each)}"


def harm_in_short(each: Launched, found: Board) -> str:
    """Return the harm of a launch in a few words: more broken than expected, within chance, or nothing said."""
    harm = found.harms.get(each.promotion_id)
    row = hurt(harm)
    if row is not None:
        named = noun(row)
        return f"{plural(row['excess'], f'more {named.one}', f'more {named.many}')} broke than expected"
    return "what broke is within chance" if each.verdict == EARLY and is_harm_known(harm) else ""


def _gates(lanes: list[Launched]) -> pd.DataFrame:
    """A mark a gate that was met, in days from the launch: where it was met at launch, since when; else first after it."""
    rows = [
        (number, _within((gate.met_on - each.launched_day).days))
        for number, each in enumerate(lanes)
        for gate in each.gates
        if gate.met_on and each.launched_day
    ]
    return pd.DataFrame(rows, columns=["lane", "met"]).astype({"met": "int64"})


def _drawn(table: pd.DataFrame, gates: pd.DataFrame) -> Composed:
    p = palette()
    ticks = [-30, -20, -10, 0, 10, 20, 30]
    words = "datum.value == 0 ? 'launch' : (datum.value > 0 ? '+' : '−') + abs(datum.value) + (abs(datum.value) == 30 ? ' days' : '')"
    axis = alt.Axis(
        title=None, values=ticks, labelExpr=words, labelFlush=True, labelOverlap=False, grid=False
    )
    x = alt.X("launch:Q", scale=alt.Scale(domain=[-REACH, REACH], nice=False), axis=axis)
    y = alt.Y("lane:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    base = alt.Chart(table)
    early, ready = table[table["early"] > 0], table[table["ready"].notna()]
    colours = alt.Color(
        "colour:N",
        scale=alt.Scale(domain=["kept", "short", "unknown"], range=[p.kept, p.short, p.unknown]),
        legend=None,
    )
    layers = [
        base.mark_rule(color=p.line, yOffset=-LANE / 2).encode(y=y, x=alt.XValue(0), x2=alt.X2Value("width")),
        base.mark_rule(color=p.quiet, strokeWidth=1.2, yOffset=_BAR).encode(x=alt.X("announced:Q"), x2=alt.X2("launch:Q"), y=y),
        *_bars(table, x, y),
        *([alt.Chart(early).mark_bar(height=13, yOffset=_BAR, fill=p.short).encode(x=x, x2=alt.X2("early:Q"), y=y)] if len(early) else []),
        base.mark_tick(orient="vertical", size=30, thickness=1.5, yOffset=_BAR, color=p.ink).encode(x=x, y=y),
        *_marks(ready, gates, y),
        *_words(base, y, colours),
    ]  # fmt: skip
    return layered(layers, height=alt.Step(LANE))


def _marks(ready: pd.DataFrame, gates: pd.DataFrame, y: alt.Y) -> list[alt.Chart]:
    """A small upright mark for each gate on the day it was met, a diamond where it became ready; no layer without a mark."""
    p = palette()
    ticks = alt.Chart(gates).mark_tick(orient="vertical", size=11, thickness=2, yOffset=_BAR, color=p.kept)
    diamond = alt.Chart(ready).mark_point(
        shape="diamond", size=110, yOffset=_BAR, fill=p.kept, stroke=p.ground, strokeWidth=1.2, opacity=1
    )
    return [
        *([ticks.encode(x=alt.X("met:Q"), y=y)] if len(gates) else []),
        *([diamond.encode(x=alt.X("ready:Q"), y=y)] if len(ready) else []),
    ]


def _bars(table: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Filled where it ran, an outline where it is planned."""
    p = palette()
    styles: dict[bool, dict[str, Any]] = {
        False: {"fill": p.line},
        True: {"fill": p.ground, "stroke": p.kept, "strokeDash": [3, 2], "strokeWidth": 1.4},
    }
    return [
        alt.Chart(rows)
        .mark_bar(height=13, yOffset=_BAR, **styles[bool(planned)])
        .encode(x=x, x2=alt.X2("stop:Q"), y=y)
        for planned, rows in table.groupby("is_planned")
    ]


def _words(base: alt.Chart, y: alt.Y, colours: alt.Color) -> list[alt.Chart]:
    """Above the bar what customers read and the verdict; below it the day with the harm, and gates that were late."""
    p = palette()
    left: dict[str, Any] = {"align": "left", "baseline": "middle"}
    room, beside = alt.ExprRef("width"), alt.ExprRef("max(60, width - 150)")
    return [
        base.mark_text(**left, yOffset=_NAME, fontWeight=600, fontSize=13, limit=beside).encode(
            x=alt.XValue(2), y=y, text=alt.Text("says:N")),
        base.mark_text(align="right", baseline="middle", yOffset=_NAME, fontWeight=700, fontSize=14).encode(
            x=alt.XValue("width"), y=y, text=alt.Text("verdict:N"), color=colours),
        base.mark_text(**left, yOffset=_WHEN, fontSize=12, color=p.quiet, limit=room).encode(
            x=alt.XValue(2), y=y, text=alt.Text("when:N")),
        base.mark_text(**left, yOffset=_LATE, fontSize=12, color=p.short, limit=room).encode(
            x=alt.XValue(2), y=y, text=alt.Text("late:N")),
    ]  # fmt: skip


def lanes_note(found: Board) -> str | None:
    """Return how the lanes are to be read, None where there are none."""
    if not lanes_in_order(found):
        return None
    return (
        "Day 0 is each promotion's own launch. Orange is what ran before it was ready, the diamond the day it became"
        " ready, small marks the days gates were met; a thin line before the launch runs from the announcement. Dashed"
        f" outlines are planned. What lies more than {REACH} days away stands at the edge."
    )


def strip_figure(found: Board) -> Figure | None:
    """Return all promotions on the calendar as thin bars, as few rows as they fit in; None where none has a launch."""
    lanes = [each for each in found.launches if each.launched_day and each.verdict != CANCELLED]
    if len(lanes) < 2:
        return None
    rows = pd.DataFrame(_packed(lanes, found.as_of))
    told = "; ".join(f"“{each.says}” from {day(each.launched_day)}" for each in lanes)
    return Figure(
        _strip(rows, found.as_of),
        takeaway=f"Promotions on the calendar: {told}.",
        table=rows[["says", "launched", "stop"]].rename(
            columns={"says": "Promotion", "launched": "Launched", "stop": "Until"}
        ),
        title="On the calendar",
        is_tested=True,
    )


def _packed(lanes: list[Launched], as_of: date) -> list[dict[str, Any]]:
    """Each promotion's days and the first row in which they are free."""
    free: list[date] = []
    rows = []
    for each in sorted(lanes, key=lambda each: str(each.launched_day)):
        assert each.launched_day
        stop = (each.ends_day or max(as_of, each.launched_day)) + timedelta(days=1)
        early = min(each.ready_on or stop, stop) if each.verdict == EARLY else each.launched_day
        row = next((number for number, until in enumerate(free) if until <= each.launched_day), len(free))
        free[row:] = [stop, *free[row + 1 :]]
        rows.append({"row": row, "says": each.says, "is_planned": each.is_planned, **{
            name: pd.Timestamp(moment) for name, moment in
            (("launched", each.launched_day), ("early", max(early, each.launched_day)), ("stop", stop))}})  # fmt: skip
    return rows


def _strip(rows: pd.DataFrame, as_of: date) -> Composed:
    p, now = palette(), pd.Timestamp(as_of + timedelta(days=1))
    first, last = min(rows["launched"].min(), now), max(rows["stop"].max(), now)
    room = (last - first) * 0.01
    scale = alt.Scale(domain=[as_date(first - room), as_date(last + room)], nice=False)
    x = alt.X("launched:T", scale=scale, axis=time_axis(first, last))
    y = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.2))
    base_now = alt.Chart(pd.DataFrame({"launched": [now], "said": [f"as of {day(as_of)}"]}))
    layers = [
        *_spans(rows, x, y),
        base_now.mark_rule(color=p.ink, strokeDash=[2, 3]).encode(x=x),
        base_now.mark_text(align="right", baseline="bottom", color=p.quiet, fontSize=11).encode(
            x=x, y=alt.YValue(-3), text=alt.Text("said:N")
        ),
    ]
    return layered(layers, height=alt.Step(15))


def _spans(rows: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """What ran, what is planned, and what ran before it was ready; no layer without a mark."""
    p = palette()
    outline: dict[str, Any] = {"fill": p.ground, "stroke": p.kept, "strokeDash": [3, 2], "strokeWidth": 1.2}
    kinds: list[tuple[pd.DataFrame, dict[str, Any], str]] = [
        (rows[~rows["is_planned"]], {"fill": p.unknown}, "stop:T"),
        (rows[rows["is_planned"]], outline, "stop:T"),
        (rows[rows["early"] > rows["launched"]], {"fill": p.short}, "early:T"),
    ]
    return [
        alt.Chart(some).mark_bar(**style).encode(x=x, x2=end, y=y) for some, style, end in kinds if len(some)
    ]
