"""Where it breaks beyond its share: a dot with its whisker for each part, worst first, on one scale."""

import altair as alt
import pandas as pd

from aspromised.analyse.gaps.excess import STANDS_OUT
from aspromised.analyse.gaps.gap import Gap, worst_sentence
from aspromised.analyse.rates.scope import part_name
from aspromised.chart.base.figure import Composed, Figure, layered
from aspromised.chart.base.links import Link, Links, address
from aspromised.chart.base.theme import palette
from aspromised.words.figures import count, percent, plural, signed

_SHOWN = 14
"""So many parts are drawn; the table behind the chart has all."""

_NUMBERS = {
    "part": "Part",
    "decided": "Decided",
    "broken": "Broken",
    "broken_share": "Broken %",
    "rest_share": "Others' broken %",
    "excess": "Excess",
    "low": "From",
    "high": "To",
    "adjusted": "Adjusted p",
    "said": "Standing",
}
_LINES = (
    "[slice(datum.label, indexof(datum.label, '|') + 1), slice(datum.label, 0, indexof(datum.label, '|'))]"
)
"""A label's two lines, the part above its rate: the rate is ours and stands first, so the first bar is no value's."""
_SAID = {**dict.fromkeys(STANDS_OUT, "stands out"), "chance": "could be chance", "too few": "too few"}


def excess_figure(gap: Gap) -> Figure | None:
    """Return the excess of each part as a figure; None where there is nothing to compare."""
    if gap.parts.empty:
        return None
    table = _labelled(gap.parts)
    return Figure(
        _chart(_drawn(table)),
        takeaway=_takeaway(table, gap),
        table=_numbers(table),
        title=f"Worst first: {gap.items} broken beyond the others' rate",
        is_tested=True,
    )


def excess_note(gap: Gap) -> str | None:
    """Return how the excess is to be read, None where there is nothing to compare."""
    tested = gap.parts["adjusted"].notna().sum()
    if gap.parts.empty:
        return None
    if not tested:
        return f"Every part has fewer than {count(gap.at_least)} decided: too few to say where it breaks."
    left = len(gap.parts) - len(_drawn(gap.parts))
    hidden = f" {plural(left, 'part')} with less excess are in the numbers." if left > 0 else ""
    inside = "" if gap.scope.is_part else " To look inside one part, choose its segment and value above."
    return (
        f"Excess: broken beyond what the segment's other values would have broken on as many {gap.items}, with its 95 % "
        f"interval; parts overlap, so it does not add up. Filled dots stand out even after allowing for the "
        f"{plural(tested, 'part')} tested (Benjamini–Hochberg, 5 %), hollow ones could be chance, grey ones have fewer "
        f"than {count(gap.at_least)} decided.{hidden}{inside}"
    )


def _drawn(table: pd.DataFrame) -> pd.DataFrame:
    """The worst parts, and behind them what is too few."""
    judged = table[table["standing"] != "too few"].head(_SHOWN)
    few = table[table["standing"] == "too few"].head(max(0, min(4, _SHOWN - len(judged))))
    return pd.concat([judged, few])


def _labelled(parts: pd.DataFrame) -> pd.DataFrame:
    names = [
        part_name(segment, value) for segment, value in zip(parts["segment"], parts["value"], strict=True)
    ]
    rates = [
        f"{percent(row.rate)} of {count(row.decided)} broken"
        + (" · too few" if row.standing == "too few" else "")
        for row in parts.itertuples()
    ]
    return parts.assign(
        part=names,
        label=[f"{rate}|{name}" for name, rate in zip(names, rates, strict=True)],
        more=[signed(excess) for excess in parts["excess"]],
        said=parts["standing"].map(_SAID),
    )


def _chart(table: pd.DataFrame) -> Composed:
    p = palette()
    data = table[["label", "part", "excess", "low", "high", "more", "standing"]]
    y = alt.Y(
        "label:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelExpr=_LINES, labelLineHeight=15, domain=False, ticks=False),
        scale=alt.Scale(paddingOuter=0.3),
    )
    x = alt.X("excess:Q", title=None, axis=alt.Axis(grid=True, format=",d", tickMinStep=1))
    colour = alt.Color(
        "standing:N",
        scale=alt.Scale(
            domain=["more", "fewer", "chance", "too few"], range=[p.short, p.kept, p.ink, p.unknown]
        ),
        legend=None,
    )
    filled = alt.FieldOneOfPredicate(field="standing", oneOf=list(STANDS_OUT))
    base = alt.Chart(data)
    span = [min(0.0, float(data["low"].min())), max(0.0, float(data["high"].max()))]
    room = 0.03 * (span[1] - span[0])
    zero = (
        alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=p.ink, strokeWidth=1).encode(x=alt.X("zero:Q"))
    )
    whisker = base.mark_rule(strokeWidth=1.5).encode(
        y=y,
        x=alt.X("low:Q", scale=alt.Scale(domain=[span[0] - room, span[1] + 4 * room])),
        x2=alt.X2("high:Q"),
        color=colour,
    )
    dot = base.mark_point(size=70, strokeWidth=1.6, filled=False).encode(
        y=y, x=x, color=colour, fill=alt.when(filled).then(colour).otherwise(alt.value(p.ground))
    )
    text = base.mark_text(align="left", dx=7, fontWeight=600).encode(
        y=y, x=alt.X("high:Q"), text=alt.Text("more:N"), color=colour
    )
    return layered([zero, whisker, dot, text], height=alt.Step(40))


def _takeaway(table: pd.DataFrame, gap: Gap) -> str:
    beyond = table[table["standing"] == "more"]
    if beyond.empty:
        return worst_sentence(gap.parts)
    worst = "; ".join(
        f"{row.part} {count(row.excess)} more ({count(row.low)} to {count(row.high)})"
        for row in beyond.head(3).itertuples()
    )
    stand = "stands" if len(beyond) == 1 else "stand"
    return f"{plural(len(beyond), 'part')} of {gap.named} {stand} out with more broken than the others' rate: {worst}."


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    rounded = table.assign(
        broken_share=(100 * table["rate"]).round(1),
        rest_share=(100 * table["rest_rate"]).round(1),
        **{name: table[name].round(1) for name in ("excess", "low", "high")},
        adjusted=table["adjusted"].round(4),
    )
    return rounded[list(_NUMBERS)].rename(columns=_NUMBERS)


def gap_leads(gap: Gap, week: str = "", **chosen: str) -> list[Links]:
    """Return the ways on: the claim itself, and every part that is drawn, each looked into over the same days; none from a
    promise that is not there."""
    if not gap.is_declared:
        return []
    promise, here = gap.scope.promise_id, {**chosen, "week": week}
    claim = Links(
        "Whether it may be said:", [Link(f"“{gap.claim}”", address("compliance", **chosen, promise=promise))]
    )
    if gap.spread_of:
        compared = Link(f"“{gap.spread_claim}”", address(**here, promise=gap.spread_of))
        return [Links("Where that is broken:", [compared]), claim]
    if gap.scope.is_part:
        return [Links("Back to", [Link("all its parts", address(**here, promise=promise))]), claim]
    inside = [
        Link(
            part_name(row.segment, row.value),
            address(**here, promise=promise, segment=row.segment, value=row.value),
        )
        for row in _drawn(gap.parts).itertuples()
    ]
    return [Links("Look inside", inside), claim]
