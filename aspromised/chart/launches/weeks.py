"""The kept rate before and after a launch, a small chart a promise, with the days it ran early shaded."""

import altair as alt
import pandas as pd

from aspromised.analyse.launches.detail.opened import Opened
from aspromised.analyse.launches.detail.weeks import LAUNCH_WEEK_COLUMNS
from aspromised.chart.base.figure import Composed, Figure, as_date, layered, stacked
from aspromised.chart.base.theme import palette
from aspromised.chart.base.time_axis import time_axis
from aspromised.words.figures import day, percent, plural

_WEEK_NUMBERS = {"claim": "Promise", "first": "Week from", "kept": "Kept", "decided": "Decided", "open": "Open", "rate": "Kept rate",
                "low": "From", "high": "To", "target": "Target", "closed": "Told for good"}  # fmt: skip
_DAY = pd.Timedelta(days=1)


def launch_weeks_figure(found: Opened) -> Figure | None:
    """Return a small chart a promise, its weekly kept rate around the launch; None where no week has a rate."""
    assert list(found.weeks.columns) == list(LAUNCH_WEEK_COLUMNS)
    weeks = found.weeks
    drawn = weeks[weeks["decided"] > 0]
    if drawn.empty:
        return None
    numbers = weeks[list(_WEEK_NUMBERS)].round({"rate": 4, "low": 4, "high": 4, "target": 4})
    return Figure(
        _multiples(drawn.assign(closed=drawn["closed"].astype(bool)), found),
        takeaway=_takeaway(drawn, found),
        table=numbers.assign(first=numbers["first"].dt.date).rename(columns=_WEEK_NUMBERS),
        title=f"Kept rate by the week items started, {_counted(found)} (95 % band), against the target (dashed)",
        is_tested=True,
    )


def _counted(found: Opened) -> str:
    launched = found.launch.launched_day
    return "counted from the launch" if launched and launched <= found.as_of else f"up to {day(found.as_of)}"


def _multiples(weeks: pd.DataFrame, found: Opened) -> Composed:
    floor = max(0.0, min(weeks["low"].min(), weeks["target"].min()) - 0.02)
    y = alt.Scale(domain=[floor, 1.0], nice=False)
    begin, end = weeks["first"].min(), weeks["last"].max() + _DAY
    ends = [as_date(begin - (end - begin) * 0.09), as_date(end + (end - begin) * 0.02)]
    charts = [
        _one(table, y, found, ends, time_axis(begin, end))
        for _, table in weeks.groupby("promise_id", sort=False)
    ]
    return stacked(charts, spacing=10)


def _said(table: pd.DataFrame) -> str:
    """The words of a promise in the weeks drawn, later ones with the day of the first week that has them."""
    first, *later = table.drop_duplicates("claim").itertuples()
    return ", ".join([f"“{first.claim}”", *(f"from {day(row.first.date())} “{row.claim}”" for row in later)])


def _one(
    table: pd.DataFrame, scale: alt.Scale, found: Opened, ends: list[dict[str, int]], axis: alt.Axis
) -> Composed:
    p = palette()
    x = alt.X("first:T", axis=axis, scale=alt.Scale(domain=ends, nice=False))
    y_axis = alt.Axis(
        format=".0%", tickCount=4, title=None, labelAlign="left", labelBaseline="bottom", labelPadding=0
    )
    rate = alt.Y("rate:Q", scale=scale, axis=y_axis)
    middle = table.assign(first=table["first"] + (table["last"] + _DAY - table["first"]) / 2)
    closed, still = middle[middle["closed"]], middle[~middle["closed"]]
    short = closed[closed["status"] == "missed"]
    steps = pd.concat([table, table.tail(1).assign(first=table["last"].iloc[-1] + _DAY)])
    layers = [
        *_spans(found, table, x),
        alt.Chart(closed).mark_area(opacity=0.16, color=p.kept).encode(x=x, y=alt.Y("low:Q", scale=scale, axis=y_axis), y2=alt.Y2("high:Q")),
        alt.Chart(steps).mark_line(color=p.unknown, interpolate="step-after", strokeDash=[4, 3], strokeWidth=1.5).encode(
            x=x, y=alt.Y("target:Q", scale=scale)),
        alt.Chart(closed).mark_line(color=p.kept).encode(x=x, y=rate),
        *([alt.Chart(short).mark_point(color=p.short, size=36).encode(x=x, y=rate)] if len(short) else []),
        *([alt.Chart(still).mark_point(color=p.unknown, filled=False, size=44).encode(x=x, y=rate)] if len(still) else []),
    ]  # fmt: skip
    return layered(layers, height=120, title=alt.TitleParams(_said(table), anchor="start", offset=16))


def _spans(found: Opened, table: pd.DataFrame, x: alt.X) -> list[alt.Chart]:
    """The days it ran and, darker, those before it was ready, shaded; the launch as an upright line with its day."""
    p, launched = palette(), found.launch.launched_day
    last = table["last"].max() + _DAY
    if launched is None or pd.Timestamp(launched) >= last:
        return []
    begin = pd.Timestamp(launched)
    ends = pd.Timestamp(found.launch.ends_day or found.as_of) + _DAY
    early = pd.Timestamp(found.early_until or launched)
    called_off = "" if found.went_out else "called off, was "
    data = pd.DataFrame({
        "first": [begin], "stop": [max(min(ends, last), begin)], "early": [min(early, last)],
        "words": [f"{called_off}{'launched ' if found.went_out else ''}{day(launched)}"],
    })  # fmt: skip
    base = alt.Chart(data)
    text = base.mark_text(align="right", baseline="bottom", color=p.quiet, fontSize=11)
    ran = base.mark_rect(color=p.unknown, opacity=0.16).encode(x=x, x2=alt.X2("stop:T"))
    orange = base.mark_rect(color=p.short, opacity=0.24).encode(x=x, x2=alt.X2("early:T"))
    return [
        *([ran] if found.went_out else []),
        *([orange] if early > begin else []),
        base.mark_rule(color=p.ink, strokeWidth=1.4).encode(x=x),
        text.encode(x=x, y=alt.YValue(-2), text=alt.Text("words:N")),
    ]


def launch_weeks_note(found: Opened) -> str | None:
    """Return how the weekly charts are to be read, None where there are none."""
    weeks = found.weeks[found.weeks["decided"] > 0]
    if weeks.empty:
        return None
    closed = weeks["closed"].astype(bool)
    notes = [
        "Shaded: the days it ran." if found.went_out else "",
        "In orange: the days before it was ready." if found.early_until else "",
        "An orange dot is a week whose whole interval lies below the target."
        if (closed & (weeks["status"] == "missed")).any()
        else "",
        ""
        if closed.all()
        else "A hollow dot is a week that is not told for good: not over, or much of it still open.",
    ]
    return " ".join(note for note in notes if note) or None


def _takeaway(weeks: pd.DataFrame, found: Opened) -> str:
    said = []
    for _, rows in weeks.groupby("promise_id", sort=False):
        lowest = rows.loc[rows["rate"].idxmin()]
        short = int((rows["closed"].astype(bool) & (rows["status"] == "missed")).sum())
        said.append(
            f"{_said(rows)} clearly short in {short} of {plural(len(rows), 'week')}, lowest {percent(lowest['rate'])} in the week"
            f" from {day(lowest['first'].date())}"
        )
    when = f"launched on {day(found.launch.launched_day)}" if found.went_out else "not launched"
    return f"Promotion {when}: {'; '.join(said)}."
