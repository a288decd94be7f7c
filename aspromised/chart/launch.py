"""Promotions as swim-lanes, announced to launched to ended; and the weeks of a promise around a launch."""

from typing import Any

import altair as alt
import pandas as pd

from aspromised.analyse.launch import CALLED_OFF, LAUNCHED, PLANNED, RUNNING, STATES, Launches
from aspromised.analyse.launch_opened import Opened
from aspromised.chart.figure import Drawn, Figure
from aspromised.chart.theme import palette
from aspromised.words.figures import day, percent, plural

LANE = 46
LANE_NUMBERS = {
    "says": "Promotion",
    "state": "State",
    "announced": "Announced",
    "launched": "Launched",
    "ends": "Ends",
}
WEEK_NUMBERS = {"claim": "Promise", "first": "Week from", "kept": "Kept", "decided": "Decided", "rate": "Kept rate",
                "low": "From", "high": "To", "target": "Target", "closed": "Over"}  # fmt: skip


def lanes_figure(found: Launches) -> Figure | None:
    """Return one lane a promotion, the earliest launch first; None where none has a launch."""
    table = found.promotions[found.promotions["first"].notna()]
    if table.empty:
        return None
    return Figure(
        _lanes(_drawn(table, found), pd.Timestamp(found.as_of)),
        takeaway=_takeaway(table, found),
        table=_numbers(table),
        title="Announced, launched, ended",
    )


def _drawn(table: pd.DataFrame, found: Launches) -> pd.DataFrame:
    """The ends of each bar, which side of it the words stand on, and its lane."""
    now = pd.Timestamp(found.as_of) + pd.Timedelta(days=1)
    after = table["last"] + pd.Timedelta(days=1)
    open_end = (table["first"] + pd.Timedelta(days=1)).where(table["first"] >= now, now)
    stop = after.fillna(open_end)
    begin = table["announced"].dt.normalize().fillna(table["first"]).clip(upper=table["first"])
    middle = begin.min() + (max(stop.max(), now) - begin.min()) / 2
    return pd.DataFrame({
        "lane": range(len(table)), "says": table["says"].to_numpy(), "state": table["state"].to_numpy(),
        "announced": begin.to_numpy(), "launched": table["first"].to_numpy(), "stop": stop.to_numpy(),
        "is_late": (begin > middle).to_numpy(), "words": [_words(row) for _, row in table.iterrows()],
    })  # fmt: skip


def _words(row: pd.Series) -> str:
    first = day(row["first"].date())
    match row["state"]:
        case state if state == PLANNED:
            return f"planned for {first}"
        case state if state == CALLED_OFF:
            return f"called off (was {first})"
        case state if state == RUNNING:
            return f"{first}, still running"
    return f"{first} to {day(row['last'].date())}"


def _lanes(table: pd.DataFrame, as_of: pd.Timestamp) -> alt.LayerChart:
    p = palette()
    ends = [table["announced"].min(), max(table["stop"].max(), as_of + pd.Timedelta(days=1))]
    room = (ends[1] - ends[0]) * 0.02
    x = alt.X(
        "launched:T",
        scale=alt.Scale(domain=[_date(ends[0] - room), _date(ends[1] + room)], nice=False),
        axis=alt.Axis(title=None, format="%b %y", labelFlush=True, labelOverlap=True, tickCount=6),
    )
    y = alt.Y("lane:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    bars = {
        state: alt.Chart(table[table["state"].isin(states)])
        for state, states in {"ran": LAUNCHED, "planned": (PLANNED,), "off": (CALLED_OFF,)}.items()
        if table["state"].isin(states).any()
    }
    styles: dict[str, dict[str, Any]] = {
        "ran": {"fill": p.quiet, "stroke": p.quiet},
        "planned": {"fill": p.ground, "stroke": p.kept, "strokeDash": [3, 2]},
        "off": {"fill": p.ground, "stroke": p.unknown, "opacity": 0.8},
    }
    layers = [
        alt.Chart(table).mark_rule(color=p.line, yOffset=-LANE / 2).encode(y=y, x=alt.value(0), x2=alt.value("width")),
        *_now(as_of, x),
        alt.Chart(table).mark_rule(color=p.quiet, strokeWidth=1.5, yOffset=9).encode(
            x=alt.X("announced:T"), x2="launched:T", y=y),
        *(chart.mark_bar(height=8, yOffset=9, strokeWidth=1.4, **styles[state]).encode(x=x, x2="stop:T", y=y)
          for state, chart in bars.items()),
        *_struck(table, y),
        alt.Chart(table).mark_tick(orient="vertical", size=18, thickness=2, yOffset=9).encode(x=x, y=y, color=_colour()),
        *_said(table, x, y),
    ]  # fmt: skip
    drawn: alt.LayerChart = alt.LayerChart(layer=layers, height=alt.Step(LANE))
    return drawn


def _now(as_of: pd.Timestamp, x: alt.X) -> list[alt.Chart]:
    """The end of the day of the data, as a dotted line with its day."""
    p = palette()
    base = alt.Chart(
        pd.DataFrame({"launched": [as_of + pd.Timedelta(days=1)], "said": [f"as of {day(as_of.date())}"]})
    )
    words = base.mark_text(align="right", baseline="bottom", color=p.quiet, fontSize=11)
    rule = base.mark_rule(color=p.ink, strokeDash=[2, 3])
    return [rule.encode(x=x), words.encode(x=x, y=alt.value(-3), text="said:N")]


def _date(moment: pd.Timestamp) -> dict[str, int]:
    return {"year": moment.year, "month": moment.month, "date": moment.day}


def _colour() -> alt.Color:
    p = palette()
    shades = {PLANNED: p.kept, CALLED_OFF: p.unknown}
    return alt.Color(
        "state:N",
        legend=None,
        scale=alt.Scale(domain=list(STATES), range=[shades.get(state, p.ink) for state in STATES]),
    )


def _struck(table: pd.DataFrame, y: alt.Y) -> list[alt.Chart]:
    """A line through what was called off, longer than its bar."""
    off = table[table["state"] == CALLED_OFF]
    reach = _reach(table)
    struck = off.assign(begin=off["announced"] - reach, finish=off["stop"] + reach)
    rule = alt.Chart(struck).mark_rule(color=palette().unknown, strokeWidth=1.6, yOffset=9)
    return [rule.encode(x=alt.X("begin:T"), x2="finish:T", y=y)] if len(off) else []


def _reach(table: pd.DataFrame) -> pd.Timedelta:
    """How far the line through what was called off goes beyond its bar."""
    span: pd.Timedelta = table["stop"].max() - table["announced"].min()
    return span * 0.012


def _said(table: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The name above the lane's bar, the dates beside it on the side that has room."""
    p = palette()
    name = alt.Chart(table).mark_text(align="left", baseline="middle", yOffset=-10, fontWeight=600, limit=380)
    off = alt.when(alt.datum.state == CALLED_OFF).then(alt.value(p.unknown)).otherwise(alt.value(p.ink))
    reach = _reach(table) * (table["state"] == CALLED_OFF).astype(int)
    table = table.assign(left=table["announced"] - reach, right=table["stop"] + reach)
    halo = {"stroke": p.ground, "strokeWidth": 4, "strokeJoin": "round"}
    words = [
        alt.Chart(rows)
        .mark_text(
            align="right" if is_late else "left",
            baseline="middle",
            dx=-7 if is_late else 7,
            yOffset=9,
            **style,
        )
        .encode(x=alt.X("left:T" if is_late else "right:T"), y=y, text="words:N")
        for is_late, rows in table.groupby("is_late")
        for style in ({"color": p.ground, **halo}, {"color": p.quiet})
    ]
    return [name.encode(x=alt.value(2), y=y, text="says:N", color=off), *words]


def lanes_note(found: Launches) -> str | None:
    """Return how the lanes are to be read, None where there are none."""
    table = found.promotions[found.promotions["first"].notna()]
    if table.empty:
        return None
    states = set(table["state"])
    notes = [
        "The upright mark is the launch, the bar runs to the end, a thin line before it from the announcement.",
        "Dashed outlines are planned." if PLANNED in states else "",
        "What was called off is struck through." if CALLED_OFF in states else "",
        f"The dotted line is {day(found.as_of)}, the day of the data.",
    ]
    return " ".join(note for note in notes if note)


def _takeaway(table: pd.DataFrame, found: Launches) -> str:
    told = [f"“{row['says']}” {_words(row)}" for _, row in table.iterrows()]
    return f"{plural(len(table), 'promotion')} as of {day(found.as_of)}: {'; '.join(told)}."


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    days = {name: table[name].dt.date for name in ("announced", "launched", "ends")}
    return table.assign(**days)[list(LANE_NUMBERS)].rename(columns=LANE_NUMBERS)


def weeks_figure(found: Opened) -> Figure | None:
    """Return a small chart a promise, its weekly kept rate around the launch; None where no week has a rate."""
    weeks = found.weeks[found.weeks["decided"] > 0]
    if weeks.empty:
        return None
    numbers = found.weeks[list(WEEK_NUMBERS)].round({"rate": 4, "low": 4, "high": 4, "target": 4})
    return Figure(
        _multiples(weeks.assign(closed=weeks["closed"].astype(bool)), found),
        takeaway=_weeks_takeaway(weeks, found),
        table=numbers.rename(columns=WEEK_NUMBERS),
        title="Kept rate week by week around the launch (95 % band), against the target (dashed)",
    )


def _multiples(weeks: pd.DataFrame, found: Opened) -> alt.VConcatChart:
    floor = max(0.0, min(weeks["low"].min(), weeks["target"].min()) - 0.02)
    y = alt.Scale(domain=[floor, 1.0], nice=False)
    claims = list(dict.fromkeys(weeks["claim"]))
    charts = [
        _one(weeks[weeks["claim"] == claim], claim, y, found, _ends(found.weeks, found)) for claim in claims
    ]
    return alt.vconcat(*charts, spacing=10).properties(padding={"left": 0, "right": 0, "top": 4, "bottom": 4})


def _ends(weeks: pd.DataFrame, found: Opened) -> list[dict[str, int]]:
    """From the first week to the last or the launch, with room for the labels of the scale at the left."""
    first = weeks["first"].min()
    last = max(weeks["last"].max(), found.row["first"]) + pd.Timedelta(days=1)
    return [_date(first - (last - first) * 0.09), _date(last + (last - first) * 0.02)]


def _one(
    table: pd.DataFrame, claim: str, scale: alt.Scale, found: Opened, ends: list[dict[str, int]]
) -> Drawn:
    p = palette()
    axis = alt.Axis(format="%-d %b", title=None, tickCount=6, labelFlush=True, labelOverlap=True)
    x = alt.X("first:T", axis=axis, scale=alt.Scale(domain=ends, nice=False))
    y_axis = alt.Axis(
        format=".0%", tickCount=4, title=None, labelAlign="left", labelBaseline="bottom", labelPadding=0
    )
    rate = alt.Y("rate:Q", scale=scale, axis=y_axis)
    closed, still = table[table["closed"]], table[~table["closed"]]
    short = closed[closed["high"] < closed["target"]]
    steps = pd.concat([table, table.tail(1).assign(first=table["last"].iloc[-1] + pd.Timedelta(days=1))])
    layers = [
        *_span(found, x),
        alt.Chart(closed).mark_area(opacity=0.16, color=p.kept).encode(x=x, y=alt.Y("low:Q", scale=scale, axis=y_axis), y2="high:Q"),
        alt.Chart(steps).mark_line(color=p.unknown, interpolate="step-after", strokeDash=[4, 3], strokeWidth=1.5).encode(
            x=x, y=alt.Y("target:Q", scale=scale)),
        alt.Chart(closed).mark_line(color=p.kept).encode(x=x, y=rate),
        *([alt.Chart(short).mark_point(color=p.short, size=36).encode(x=x, y=rate)] if len(short) else []),
        *([alt.Chart(still).mark_point(color=p.unknown, filled=False, size=44).encode(x=x, y=rate)] if len(still) else []),
    ]  # fmt: skip
    title = alt.TitleParams(claim, anchor="start", offset=16)
    return alt.LayerChart(layer=layers, height=120, title=title)


def _span(found: Opened, x: alt.X) -> list[alt.Chart]:
    """The days it ran, shaded, and the launch as an upright line with its day."""
    p = palette()
    row = found.row
    begin, now = row["first"], pd.Timestamp(found.as_of) + pd.Timedelta(days=1)
    stop = now if pd.isna(row["last"]) else row["last"] + pd.Timedelta(days=1)
    last = found.weeks["last"].max() + pd.Timedelta(days=1)
    said = (
        "launched" if found.is_launched else "planned for" if row["state"] == PLANNED else "called off, was"
    )
    data = pd.DataFrame(
        {"first": [begin], "stop": [max(min(stop, last), begin)], "words": [f"{said} {day(begin.date())}"]}
    )
    base = alt.Chart(data)
    text = base.mark_text(align="right", baseline="bottom", dx=0, color=p.quiet, fontSize=11)
    shade = [base.mark_rect(color=p.unknown, opacity=0.18).encode(x=x, x2="stop:T")]
    return [
        *(shade if found.is_launched else []),
        base.mark_rule(color=p.ink, strokeWidth=1.4).encode(x=x),
        text.encode(x=x, y=alt.value(-2), text="words:N"),
    ]


def weeks_note(found: Opened) -> str | None:
    """Return how the weekly charts are to be read, None where there are none."""
    weeks = found.weeks[found.weeks["decided"] > 0]
    if weeks.empty:
        return None
    closed = weeks["closed"].astype(bool)
    notes = [
        f"{'Shaded: the days it ran. ' if found.is_launched else ''}A dot stands on the first day of its week.",
        "An orange dot is a week whose whole interval lies below the target."
        if (closed & (weeks["high"] < weeks["target"])).any()
        else "",
        "" if closed.all() else "A hollow dot is a week that is not over.",
    ]
    return " ".join(note for note in notes if note)


def _weeks_takeaway(weeks: pd.DataFrame, found: Opened) -> str:
    said = []
    for claim, rows in weeks.groupby("claim", sort=False):
        lowest = rows.loc[rows["rate"].idxmin()]
        short = int((rows["closed"].astype(bool) & (rows["high"] < rows["target"])).sum())
        said.append(
            f"“{claim}” clearly short in {short} of {plural(len(rows), 'week')}, lowest {percent(lowest['rate'])} in the week"
            f" from {day(lowest['first'].date())}"
        )
    ran = f"launched on {day(found.row['first'].date())}" if found.is_launched else found.row["state"]
    return f"Promotion {ran}: {'; '.join(said)}."
