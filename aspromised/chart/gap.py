"""Where it breaks beyond its share: a dot with its whisker for each part, worst first, on one scale."""

import altair as alt
import pandas as pd

from aspromised.analyse.gaps.excess import STANDS_OUT
from aspromised.analyse.gaps.gap import Gap, worst_sentence
from aspromised.analyse.rates.scope import Where, part_name, where_name, where_text
from aspromised.chart.base.figure import PICKED, Composed, Figure, layered
from aspromised.chart.base.how import HowJudged
from aspromised.chart.base.links import Link, Links, address
from aspromised.chart.base.theme import palette
from aspromised.words.figures import count, percent, plural, signed
from aspromised.words.vocabulary import NONE_VALUE

_SHOWN = 12
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
    "covered": "Most of it is in",
}
_LINES = (
    "[slice(datum.label, indexof(datum.label, '|') + 1), slice(datum.label, 0, indexof(datum.label, '|'))]"
)
"""A label's two lines, the part above its rate: the rate is ours and stands first, so the first bar is no value's."""
_SAID = {**dict.fromkeys(STANDS_OUT, "stands out"), "chance": "could be chance", "too few": "too few"}


def excess_figure(gap: Gap, **chosen: str) -> Figure | None:
    """Return the excess of each part as a figure whose marks lead into the part, with what is `chosen`; None where there is nothing to compare."""
    if gap.parts.empty:
        return None
    table = _labelled(gap.parts)
    drawn = _drawn(table)
    return Figure(
        _chart(drawn.assign(to=[_inside(gap, where, **chosen) for where in drawn["where"]])),
        takeaway=_takeaway(table, gap),
        table=_numbers(table),
        title=f"Worst first: {gap.items} broken beyond the others' rate",
        is_tested=True,
        leads=True,
    )


def _inside(gap: Gap, where: Where, **chosen: str) -> str:
    """The address of a part of what is looked at."""
    return address(**chosen, promise=gap.scope.promise_id, where=where_text(gap.scope.narrowed(*where).where))


def excess_note(gap: Gap) -> HowJudged | str | None:
    """Return how the excess is to be read, None where there is nothing to compare."""
    if gap.parts.empty:
        return None
    if not gap.parts["adjusted"].notna().any():
        return f"Every part has fewer than {count(gap.at_least)} decided: too few to say where it breaks."
    left = len(gap.parts) - len(_drawn(gap.parts))
    told = [
        f"Excess: broken beyond what as many {gap.items} outside the part would have broken, with its 95 % interval (Newcombe). Parts overlap, so it does not add up.",
        "Every combination of up to three conditions was searched, and each held against all else by Fisher's exact test. Filled dots stand out even after allowing for all of them"
        " (Benjamini–Hochberg, 5 %); hollow ones could be chance.",
        f"A part with fewer than {count(gap.at_least)} decided is grey and in no test.",
        "A combination is shown where it stands out and clearly differs from all else in every wider part that holds it. An association is no cause.",
        *([f"{plural(left, 'part')} more {'is' if left == 1 else 'are'} in the numbers: less certain, or mostly inside one of these."] if left > 0 else []),
    ]  # fmt: skip
    return HowJudged(told)


def _drawn(table: pd.DataFrame) -> pd.DataFrame:
    """The worst parts, each that says something of its own, and behind them what is too few."""
    judged = table[(table["standing"] != "too few") & ~table["covered_by"].map(bool)].head(_SHOWN)
    few = table[table["standing"] == "too few"].head(max(0, min(4, _SHOWN - len(judged))))
    return pd.concat([judged, few])


def _labelled(parts: pd.DataFrame) -> pd.DataFrame:
    names = [_label(where) for where in parts["where"]]
    rates = [
        f"{percent(row.rate)} of {count(row.decided)} broken"
        + (" · too few" if row.standing == "too few" else "")
        for row in parts.itertuples()
    ]
    return parts.assign(
        part=[where_name(where) for where in parts["where"]],
        label=[f"{rate}|{name}" for name, rate in zip(names, rates, strict=True)],
        more=[signed(excess) for excess in parts["excess"]],
        said=parts["standing"].map(_SAID),
        covered=[where_name(where) for where in parts["covered_by"]],
    )


def _label(where: Where) -> str:
    """A part as it is told beside its mark: of several conditions, the values alone."""
    if len(where) == 1:
        return where_name(where)
    return " · ".join(part_name(*each) if each[1] == NONE_VALUE else each[1] for each in where)


def _chart(table: pd.DataFrame) -> Composed:
    p = palette()
    data = table[["label", "part", "excess", "low", "high", "more", "standing", "to"]]
    y = alt.Y(
        "label:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelExpr=_LINES, labelLineHeight=15, labelLimit=320, domain=False, ticks=False),
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
    picked = alt.selection_point(name=PICKED, fields=["to"])
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
    dot = (
        base.mark_point(size=90, strokeWidth=1.6, filled=False, cursor="pointer")
        .encode(y=y, x=x, color=colour, fill=alt.when(filled).then(colour).otherwise(alt.value(p.ground)))
        .add_params(picked)
    )
    text = base.mark_text(align="left", dx=7, fontWeight=600).encode(
        y=y, x=alt.X("high:Q"), text=alt.Text("more:N"), color=colour
    )
    return layered([zero, whisker, dot, text], height=alt.Step(40))


def _takeaway(table: pd.DataFrame, gap: Gap) -> str:
    beyond = table[(table["standing"] == "more") & ~table["covered_by"].map(bool)]
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


def breadcrumbs(gap: Gap, **chosen: str) -> Links | None:
    """Return the way back up, one condition at a time, with what is `chosen`; None of a whole promise."""
    if not gap.scope.is_part:
        return None
    where = gap.scope.where
    up = [
        Link(part_name(*where[place - 1]) if place else f"all {gap.items}", address(**chosen, promise=gap.scope.promise_id, where=where_text(where[:place])))
        for place in range(len(where))
    ]  # fmt: skip
    return Links("Back to", up)


def stage_leads(gap: Gap, week: str = "", **chosen: str) -> Links | None:
    """Return the ways to the stages of the chain that keeps the promise: of all, and of each condition by itself; None where it
    names no chain. A week is too short for a chain: what holds it is looked at."""
    if not gap.chain:
        return None
    here = {**chosen, "promise": gap.scope.promise_id}
    ways = [Link(f"all {gap.items}", address("handoffs", **here))]
    ways += [
        Link(part_name(name, value), address("handoffs", **here, segment=name, value=value))
        for name, value in gap.scope.where
        if name in gap.segments
    ]
    return Links("At which stage the time is lost:", ways)


def gap_leads(gap: Gap, week: str = "", **chosen: str) -> list[Links]:
    """Return the ways on: into every part that is drawn over the same days, and to the claim itself; none from a promise that
    is not there."""
    if not gap.is_declared:
        return []
    promise, here = gap.scope.promise_id, {**chosen, "week": week}
    claim = Links(
        "Whether it may be said:", [Link(f"“{gap.claim}”", address("compliance", **chosen, promise=promise))]
    )
    if gap.spread_of:
        compared = Link(f"“{gap.spread_claim}”", address(**here, promise=gap.spread_of))
        return [Links("Where that is broken:", [compared]), claim]
    inside = [Link(where_name(where), _inside(gap, where, **here)) for where in _drawn(gap.parts)["where"]]
    return [Links("Look inside", inside), claim]
