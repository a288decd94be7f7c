"""Small multiples: the weekly kept rate of each part on one axis, with the target in force as a stepped line."""

import altair as alt
import pandas as pd

from aspromised.analyse.rates.series import span_name
from aspromised.chart.base.figure import Composed, Figure, layered, stacked
from aspromised.chart.base.theme import palette
from aspromised.chart.base.time_axis import time_axis
from aspromised.words.figures import day, percent, plural

_NUMBERS = {"part": "Part", "first": "Week from", "kept": "Kept", "decided": "Decided", "rate": "Kept rate", "low": "From",
           "high": "To", "target": "Target", "closed": "Over"}  # fmt: skip


def weeks_figure(table: pd.DataFrame, items: str) -> Figure | None:
    """Return a small chart a part, in their order; None where nothing was decided in any week."""
    drawn = table[(table["decided"] > 0) & table["target"].notna()].assign(
        closed=table["closed"].astype(bool)
    )
    if drawn.empty:
        return None
    return Figure(
        _chart(drawn),
        takeaway=_takeaway(drawn),
        table=table[list(_NUMBERS)]
        .round({"rate": 4, "low": 4, "high": 4, "target": 4})
        .rename(columns={**_NUMBERS, "first": f"{span_name(table).capitalize()} from"}),
        title=f"{span_name(table).capitalize()} by {span_name(table)}: share of {items} kept (95 % band), against the target (dashed)",
        is_tested=True,
    )


def _chart(table: pd.DataFrame) -> Composed:
    parts = list(dict.fromkeys(table["part"]))
    floor = max(0.0, min(table["rate"].min(), table["low"].quantile(0.05)) - 0.02)
    scale = alt.Scale(domain=[floor, 1.0], clamp=True, nice=False)
    first, last = table["first"].min(), table["last"].max()
    whole = [first - 0.09 * (last - first), last]  # room for the labels of the scale
    charts = [
        _one(table[table["part"] == part], part, scale, whole, first, part == parts[-1]) for part in parts
    ]
    return stacked(charts, spacing=6)


def _one(
    table: pd.DataFrame,
    part: str,
    scale: alt.Scale,
    whole: list[pd.Timestamp],
    begin: pd.Timestamp,
    is_last: bool,
) -> Composed:
    p = palette()
    ends = [{"year": day.year, "month": day.month, "date": day.day} for day in whole]
    axis = time_axis(begin, whole[-1], labels=is_last, ticks=is_last)
    x = alt.X("first:T", axis=axis, scale=alt.Scale(domain=ends))
    y_axis = alt.Axis(
        format=".0%",
        tickCount=3,
        title=None,
        labelAlign="left",
        labelBaseline="bottom",
        labelPadding=0,
        offset=0,
    )
    closed = table[table["closed"]]
    rate = alt.Y("rate:Q", scale=scale)
    layers = [
        alt.Chart(closed)
        .mark_area(opacity=0.16, color=p.kept, clip=True)
        .encode(x=x, y=alt.Y("low:Q", scale=scale, axis=y_axis), y2=alt.Y2("high:Q")),
        alt.Chart(table)
        .mark_line(color=p.unknown, interpolate="step-after", strokeDash=[4, 3], strokeWidth=1.5, clip=True)
        .encode(x=x, y=alt.Y("target:Q", scale=scale)),
        alt.Chart(closed).mark_line(color=p.kept, clip=True).encode(x=x, y=rate),
    ]
    short, ongoing = closed[_is_short(closed)], table[~table["closed"]]
    layers += [_dots(short, p.short, True, x, rate)] if len(short) else []
    layers += [_dots(ongoing, p.unknown, False, x, rate)] if len(ongoing) else []
    return layered(layers, height=84, title=alt.TitleParams(_heading(table, part), anchor="start", offset=4))


def _dots(table: pd.DataFrame, colour: str, filled: bool, x: alt.X, y: alt.Y) -> alt.Chart:
    dots: alt.Chart = alt.Chart(table).mark_point(color=colour, size=36, filled=filled).encode(x=x, y=y)
    return dots


def _is_short(table: pd.DataFrame) -> pd.Series:
    """Whether a week lies wholly below the target, interval and all."""
    missed: pd.Series = table["status"] == "missed"
    return missed


def weeks_note(table: pd.DataFrame) -> str | None:
    """Return how the small charts are to be read, None where there are none."""
    if not (table["decided"] > 0).any():
        return None
    ongoing = table.loc[~table["closed"].astype(bool) & (table["decided"] > 0), "first"]
    still = (
        f" The hollow one is the {span_name(table)} from {day(ongoing.iloc[0])}, counted to {day(table['last'].max())}."
        if len(ongoing)
        else ""
    )
    return f"An orange dot is a {span_name(table)} whose whole interval lies below the target.{still}"


def _heading(table: pd.DataFrame, part: str) -> str:
    closed = table[table["closed"]]
    short = int(_is_short(closed).sum())
    return f"{part}: clearly short in {short} of {plural(len(closed), span_name(table))}"


def _takeaway(table: pd.DataFrame) -> str:
    said = [
        f"{_heading(rows, str(part))}, {percent(rows['rate'].iloc[-1])} in the last"
        for part, rows in table[table["closed"]].groupby("part", sort=False)
    ]
    return "; ".join(said) + "."
