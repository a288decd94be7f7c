"""Small multiples: by how many points more often each part breaks than the rest, week by week, around a line at 0."""

import altair as alt
import pandas as pd

from aspromised.analyse.rates.series import span_name
from aspromised.chart.base.figure import Composed, Figure, layered, stacked
from aspromised.chart.base.theme import palette
from aspromised.chart.base.time_axis import time_axis
from aspromised.words.figures import day, percentage_points, plural

_NUMBERS = {"part": "Part", "first": "Week from", "decided": "Decided", "broken": "Broken", "rest": "Others decided",
           "rest_broken": "Others broken", "difference": "Points above", "low": "From", "high": "To", "closed": "Over"}  # fmt: skip


def differences_figure(table: pd.DataFrame) -> Figure | None:
    """Return a small chart a part, in their order; None where no part can be held against the rest in any week."""
    drawn = table[table["difference"].notna()].assign(closed=table["closed"].astype(bool))
    if drawn.empty or not drawn["closed"].any():
        return None
    span = span_name(table)
    behind = table.assign(
        **{name: (100 * table[name].astype(float)).round(1) for name in ("difference", "low", "high")}
    )
    return Figure(
        _chart(drawn),
        takeaway=_takeaway(drawn),
        table=behind[list(_NUMBERS)].rename(columns={**_NUMBERS, "first": f"{span.capitalize()} from"}),
        title=f"{span.capitalize()} by {span}: points more broken than the rest (95 % band); 0 is like the rest",
        is_tested=True,
    )


def _chart(table: pd.DataFrame) -> Composed:
    parts = list(dict.fromkeys(table["part"]))
    low, high = table["low"].quantile(0.05), table["high"].quantile(0.95)
    scale = alt.Scale(domain=[min(float(low), -0.02), max(float(high), 0.02)], clamp=True, nice=False)
    first, last = table["first"].min(), table["last"].max()
    whole = [first - 0.09 * (last - first), last]  # room for the labels of the scale
    charts = [
        _small(table[table["part"] == part], part, scale, whole, first, part == parts[-1]) for part in parts
    ]
    return stacked(charts, spacing=6)


def _small(
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
        labelExpr="(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '') + format(abs(100 * datum.value), '.0f')",
        tickCount=3,
        title=None,
        labelAlign="left",
        labelBaseline="bottom",
        labelPadding=0,
        offset=0,
    )
    closed, ongoing = table[table["closed"]], table[~table["closed"]]
    y = alt.Y("difference:Q", scale=scale)
    zero = pd.DataFrame({"zero": [0.0]})
    layers = [
        alt.Chart(closed)
        .mark_area(opacity=0.16, color=p.unknown, clip=True)
        .encode(x=x, y=alt.Y("low:Q", scale=scale, axis=y_axis), y2=alt.Y2("high:Q")),
        alt.Chart(zero).mark_rule(color=p.ink, strokeWidth=1).encode(y=alt.Y("zero:Q", scale=scale)),
        alt.Chart(closed).mark_line(color=p.unknown, clip=True).encode(x=x, y=y),
    ]
    worse, better = closed[_is_worse(closed)], closed[closed["high"] < 0]
    for rows, colour, filled in ((worse, p.short, True), (better, p.kept, True), (ongoing, p.unknown, False)):
        if len(rows):
            layers.append(alt.Chart(rows).mark_point(color=colour, size=36, filled=filled).encode(x=x, y=y))
    return layered(
        layers, height=84, title=alt.TitleParams([part, _worse_weeks(table)], anchor="start", offset=4)
    )


def _is_worse(table: pd.DataFrame) -> pd.Series:
    """Whether a week lies wholly above the rest, interval and all."""
    worse: pd.Series = table["low"] > 0
    return worse


def differences_note(table: pd.DataFrame) -> str | None:
    """Return how the small charts are to be read, None where there are none."""
    drawn = table[table["difference"].notna()]
    if drawn.empty or not drawn["closed"].any():
        return None
    span = span_name(table)
    ongoing = drawn.loc[~drawn["closed"].astype(bool), "first"]
    still = (
        f" The hollow one is the {span} from {day(ongoing.iloc[0])}, counted to {day(table['last'].max())}."
        if len(ongoing)
        else ""
    )
    return (
        f"An orange dot is a {span} that broke more often than the rest beyond chance, a blue one less often; a {span} without"
        f" items on both sides has none.{still}"
    )


def _worse_weeks(table: pd.DataFrame) -> str:
    closed = table[table["closed"]]
    return f"worse than the rest in {_is_worse(closed).sum()} of {plural(len(closed), span_name(table))}"


def _takeaway(table: pd.DataFrame) -> str:
    said = [
        f"{part}: {_worse_weeks(rows)}, {percentage_points(rows['difference'].iloc[-1])} in the last"
        for part, rows in table[table["closed"]].groupby("part", sort=False)
    ]
    return "; ".join(said) + "."
