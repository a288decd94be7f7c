"""What a promotion asked of operations: load against what was available, and how much more each promise would bear."""

import math
from datetime import date

import altair as alt
import pandas as pd

from aspromised.analyse.launches.demand.demand import Demand
from aspromised.analyse.launches.demand.headroom import AtDesk, Bearing
from aspromised.analyse.launches.demand.sentences import up_to
from aspromised.analyse.launches.detail.load import AROUND_COLUMNS
from aspromised.analyse.windows.periods import Periods
from aspromised.chart.base.figure import Composed, Figure, as_date, layered, stacked
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import Links, span_leads
from aspromised.chart.base.theme import palette
from aspromised.chart.base.time_axis import time_axis
from aspromised.chart.launches.ledgers import roomy
from aspromised.stats.break_even import HOLDS
from aspromised.words.figures import chance, count, day, percent, plural, target
from aspromised.words.text import html as escape

_NUMBERS = {"capacity": "Capacity", "day": "Day", "load": "Load", "available": "Available", "usual": "Usual load",
           "expected": "Expected load", "promoted": "Brought by promotions", "over": "More than available"}  # fmt: skip
_DAY = pd.Timedelta(days=1)


def load_figure(found: Demand, around: pd.DataFrame, ends: date) -> Figure | None:
    """Return a small chart a capacity, its load day by day; None where no day is known."""
    assert list(around.columns) == list(AROUND_COLUMNS)
    known = around[around["available"].notna() | around["load"].notna()]
    if known.empty:
        return None
    charts = [_one(rows, str(name), found, ends) for name, rows in known.groupby("capacity")]
    return Figure(
        stacked(charts, spacing=10),
        takeaway=_takeaway(found),
        table=known.assign(day=known["day"].dt.date)[list(_NUMBERS)].round(2).rename(columns=_NUMBERS),
        title="Load against what was available (line) and what was expected (dashed), day by day",
        is_tested=True,
    )


def _one(rows: pd.DataFrame, name: str, found: Demand, run_ends: date) -> Composed:
    p = palette()
    begin, end = rows["day"].min(), rows["day"].max() + _DAY
    ends = [as_date(begin - (end - begin) * 0.09), as_date(end + (end - begin) * 0.02)]
    x = alt.X("day:T", axis=time_axis(begin, end), scale=alt.Scale(domain=ends, nice=False))
    y_axis = alt.Axis(tickCount=4, title=None, labelAlign="left", labelBaseline="bottom", labelPadding=0)
    bars = rows[rows["load"].notna()].assign(
        stop=lambda table: table["day"] + _DAY, over=lambda table: table["over"].fillna(False), floor=0
    )
    colour = alt.when(alt.datum.over).then(alt.value(p.short)).otherwise(alt.value(p.quiet))
    steps = pd.concat([rows, rows.tail(1).assign(day=end)])
    line = alt.Chart(steps).mark_line(interpolate="step-after", strokeWidth=1.6)
    layers = [
        *_run(found, run_ends, x, end),
        *([alt.Chart(bars).mark_bar(opacity=0.75).encode(x=x, x2=alt.X2("stop:T"), y=alt.Y("load:Q", axis=y_axis), y2=alt.Y2("floor:Q"), color=colour)] if len(bars) else []),
        line.mark_line(interpolate="step-after", strokeWidth=1.8, color=p.kept).encode(x=x, y=alt.Y("available:Q", axis=y_axis)),
        line.mark_line(interpolate="step-after", strokeWidth=1.5, strokeDash=[4, 3], color=p.ink).encode(x=x, y=alt.Y("expected:Q", axis=y_axis)),
    ]  # fmt: skip
    return layered(layers, height=130, title=alt.TitleParams(name, anchor="start", offset=16))


def _run(found: Demand, ends: date, x: alt.X, end: pd.Timestamp) -> list[alt.Chart]:
    """The days it runs, shaded, and the launch."""
    p = palette()
    first = pd.Timestamp(found.span.first)
    stop = min(pd.Timestamp(ends) + _DAY, end)
    base = alt.Chart(
        pd.DataFrame({"day": [first], "stop": [stop], "words": [f"launch {day(found.span.first)}"]})
    )
    text = base.mark_text(align="right", baseline="bottom", color=p.quiet, fontSize=11)
    return [
        base.mark_rect(color=p.unknown, opacity=0.18).encode(x=x, x2=alt.X2("stop:T")),
        base.mark_rule(color=p.ink, strokeWidth=1.4).encode(x=x),
        text.encode(x=x, y=alt.YValue(-2), text=alt.Text("words:N")),
    ]


def _takeaway(found: Demand) -> str:
    said = []
    for row in found.used.to_dict("records"):
        if not row["days"]:
            said.append(f"of what came on {row['capacity']} no day is known yet")
            continue
        said.append(
            f"on {row['capacity']} more came than was available on {row['days_over']} of {plural(row['days'], 'day')},"
            f" {percent(row['used'], 0)} used in all, {percent(row['busiest'], 0)} on the busiest day"
        )
    return f"Demand of the promotion launched on {day(found.span.first)}: {'; '.join(said)}."


def load_note(found: Demand) -> str:
    """Return how the chart of load is to be read."""
    over = (
        "An orange bar is a day on which more came than was available. "
        if found.used["days_over"].sum()
        else ""
    )
    return f"{over}Expected: the usual load of the weeks before and what the promotions of that day were expected to add."


def load_leads(found: Demand, around: pd.DataFrame, periods: Periods) -> list[Links]:
    """Return for each promise that leans on a capacity drawn the ways to where it broke, week by week."""
    known = around[around["load"].notna()]
    return [leads for each in found.bearings if (leads := _weeks_of(each, known, periods))]


def _weeks_of(each: Bearing, known: pd.DataFrame, periods: Periods) -> Links | None:
    days = known.loc[known["capacity"] == each.capacity, "day"]
    weeks = pd.DataFrame({"first": [periods.holding("week", day.date()).first for day in days], "last": days})
    drawn = weeks.groupby("first", as_index=False)["last"].max().astype("datetime64[us]").assign(decided=1)
    return span_leads(f"Where “{each.claim}”, which leans on {each.capacity}, broke", drawn, each.promise_id)


def bears_ledger(found: Demand) -> Ledger | None:
    """Return how much more demand each promise would bear, by each way to tell it; None where nothing is told."""
    rows = [*(_bears(one, found) for one in found.bearings), *(_desk(one) for one in found.desks)]
    if not rows:
        return None
    columns = {
        "promise": Column("Promise, on which capacity", html=True),
        "seen": Column("Holds, by what was seen", html=True),
        "other": Column("By the queue or the agents alone", html=True),
        "expected": Column("Expected together", "right", html=True),
    }
    return ledger(
        pd.DataFrame(rows, columns=list(columns)),
        columns,
        label="How much more demand each promise would bear",
    )


def _bears(one: Bearing, found: Demand) -> list[str]:
    seen = up_to(one.seen) if one.seen.state == HOLDS else one.seen.state
    expected = _together(one.capacity, found)
    is_short = (
        one.seen.state == HOLDS
        and one.seen.times is not None
        and expected is not None
        and 1 + expected > one.seen.times
    )
    colour = "short" if is_short else "unknown"
    said = (
        f'<span class="ap-{colour}">{"✕ " if is_short else ""}+{target(expected)}</span>'
        if expected is not None
        else "–"
    )
    return [
        f"“{escape(one.claim)}”<br><small>{escape(one.capacity)}, at {target(one.target)}</small>",
        roomy(escape(seen), 9),
        roomy(_times(one.backlog), 7),
        said,
    ]


def _desk(one: AtDesk) -> list[str]:
    busy = (
        "cannot keep up"
        if one.in_time is None
        else f"{chance(one.in_time)} in time, agents {percent(one.busy, 0)} busy"
    )
    more = "cannot" if one.times is None else _times(one.times)
    return [
        f"{escape(one.capacity)}<br><small>{plural(one.agents, 'agent')}, at {target(one.kept_at_least)}</small>",
        busy,
        more,
        "–",
    ]


def _times(times: float | None) -> str:
    if times is None:
        return "not counted in days"
    if math.isinf(times):
        return "no end"
    return f"up to {count(100 * (times - 1))} % more"


def _together(capacity: str, found: Demand) -> float | None:
    rows = found.used[found.used["capacity"] == capacity]["expected_together"].dropna()
    return float(rows.iloc[0]) if len(rows) else None


def beside_words(found: Demand) -> str | None:
    """Return the promotions that ran on some of the same days, None where it ran alone."""
    if found.beside.empty:
        return None
    told = [
        f"“{row['says']}” from {day(row['first'])}"
        + (f" to {day(row['last'])}" if not pd.isna(row["last"]) else "")
        for row in found.beside.to_dict("records")
    ]
    return f"On some of the same days: {', '.join(told)}."
