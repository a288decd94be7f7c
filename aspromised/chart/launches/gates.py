"""The gates of a promotion day by day: what was measured against what is needed, and below it on which days it was met."""

from typing import Any

import altair as alt
import pandas as pd

from aspromised.analyse.launches.detail.opened import Opened
from aspromised.analyse.launches.readiness.verdicts import GATE_DAY_COLUMNS, GateResult
from aspromised.chart.base.figure import Composed, Figure, as_date, layered, stacked
from aspromised.chart.base.theme import palette
from aspromised.chart.base.time_axis import time_axis
from aspromised.chart.launches.ledgers import needs
from aspromised.words.figures import day, plural

_NUMBERS = {
    "gate": "Gate",
    "day": "Day",
    "value": "Value",
    "needed": "Needed",
    "met": "Met",
    "evidence": "Evidence",
}
STATES = ("met", "not met", "cannot tell")
_DAY = pd.Timedelta(days=1)


def gates_figure(found: Opened) -> Figure | None:
    """Return a small chart a gate; None where there are no gates."""
    assert list(found.gates.columns) == list(GATE_DAY_COLUMNS)
    if found.gates.empty:
        return None
    table = found.gates.assign(
        day=pd.to_datetime(found.gates["day"]), state=[_state(met) for met in found.gates["met"]]
    )
    return Figure(
        _multiples(table, found),
        takeaway=_takeaway(found),
        table=found.gates.assign(day=table["day"].dt.date)[list(_NUMBERS)].rename(columns=_NUMBERS),
        title="Each gate day by day, as it was known on that day",
        is_tested=True,
    )


def _state(met: object) -> str:
    return STATES[2] if met is None or pd.isna(met) else STATES[0] if met else STATES[1]


def _multiples(table: pd.DataFrame, found: Opened) -> Composed:
    begin, end = table["day"].min(), table["day"].max() + _DAY
    launched = found.launch.launched_day
    if launched:
        end = max(end, pd.Timestamp(launched) + _DAY)
    ends = [as_date(begin - (end - begin) * 0.09), as_date(end + (end - begin) * 0.02)]
    x, labelled = (_x(ends, begin, end, is_labelled) for is_labelled in (False, True))
    charts = []
    for gate in found.launch.gates:
        rows = table[table["position"] == gate.position]
        if rows["value"].notna().any():
            charts.append(_values(rows, gate, found, x))
        charts.append(_strip(rows, gate, found, labelled))
    return stacked(charts, spacing=4)


def _x(ends: list[dict[str, int]], begin: pd.Timestamp, end: pd.Timestamp, labelled: bool) -> alt.X:
    axis = time_axis(begin, end, labels=labelled, ticks=labelled, domain=labelled)
    return alt.X("day:T", axis=axis, scale=alt.Scale(domain=ends, nice=False))


def _values(rows: pd.DataFrame, gate: GateResult, found: Opened, x: alt.X) -> Composed:
    """The value as a line, what is needed as a dashed one; each dot a day on which it was not met."""
    p = palette()
    form = ".3~g" if gate.kind == "sql" else ".0%"
    axis = alt.Axis(
        format=form, tickCount=3, title=None, labelAlign="left", labelBaseline="bottom", labelPadding=0
    )
    scale = alt.Scale(zero=False, nice=True)
    y = alt.Y("value:Q", scale=scale, axis=axis)
    short = rows[(rows["state"] == "not met") & rows["value"].notna()]
    bounds = pd.DataFrame({"needed": [bound for bound in (gate.at_least, gate.at_most) if bound is not None]})
    layers = [
        alt.Chart(rows).mark_line(color=p.quiet, strokeWidth=1.6).encode(x=x, y=y),
        alt.Chart(bounds)
        .mark_rule(color=p.unknown, strokeDash=[4, 3], strokeWidth=1.5)
        .encode(y=alt.Y("needed:Q", scale=scale, axis=axis)),
        *([alt.Chart(short).mark_point(color=p.short, size=12).encode(x=x, y=y)] if len(short) else []),
        *_launch(found, x),
    ]
    return layered(layers, height=76, title=_title(gate))


def _strip(rows: pd.DataFrame, gate: GateResult, found: Opened, x: alt.X) -> Composed:
    """On which days it was met: a strip, blue where it was, orange where not, grey where nobody can tell."""
    p = palette()
    bars = rows.assign(stop=rows["day"] + _DAY)
    colour = alt.Color(
        "state:N", legend=None, scale=alt.Scale(domain=list(STATES), range=[p.kept, p.short, p.unknown])
    )
    runs = (
        bars.assign(run=(bars["state"] != bars["state"].shift()).cumsum())
        .groupby("run", as_index=False)
        .agg(day=("day", "min"), stop=("stop", "max"), state=("state", "first"))
    )
    band = alt.Chart(runs).mark_bar(height=8).encode(x=x, x2=alt.X2("stop:T"), color=colour, y=alt.YValue(5))
    said = (
        alt.Chart(runs[runs["stop"] - runs["day"] > (bars["stop"].max() - bars["day"].min()) * 0.12])
        .mark_text(align="left", baseline="top", fontSize=11, color=p.quiet)
        .encode(x=x, y=alt.YValue(12), text=alt.Text("state:N"))
    )
    has_values = rows["value"].notna().any()
    title = alt.Undefined if has_values else _title(gate)
    return layered([band, said, *_launch(found, x)], height=26, title=title)


def _title(gate: GateResult) -> alt.TitleParams:
    optional = ", optional" if gate.optional else ""
    return alt.TitleParams(f"{gate.gate}: {needs(gate)}{optional}", anchor="start", offset=6)


def _launch(found: Opened, x: alt.X) -> list[alt.Chart]:
    """The launch as an upright line."""
    if not found.launch.launched_day:
        return []
    data = pd.DataFrame({"day": [pd.Timestamp(found.launch.launched_day)]})
    style: dict[str, Any] = {} if found.went_out else {"strokeDash": [3, 3]}
    return [alt.Chart(data).mark_rule(color=palette().ink, strokeWidth=1.4, **style).encode(x=x)]


def gates_note(found: Opened) -> str | None:
    """Return how the charts of gates are to be read, None where there are none."""
    if found.gates.empty:
        return None
    state = "" if found.went_out else ", still to come" if found.launch.is_planned else ", called off"
    line = f"The upright line is the launch, {day(found.launch.launched_day)}{state}."
    return (
        f"{line} The line is what was measured, dashed what is needed, an orange dot a day on which it was short. The strip"
        " tells on which days the gate was met; grey is where nobody can tell."
    )


def _takeaway(found: Opened) -> str:
    told = []
    for gate in found.launch.gates:
        days = found.gates[found.gates["position"] == gate.position]
        met = int(sum(value is not None and not pd.isna(value) and bool(value) for value in days["met"]))
        from_on = f", {gate.stayed}" if gate.stayed else ""
        told.append(f"“{gate.gate}” was met on {met} of {plural(len(days), 'day')}{from_on}")
    return f"Gates of “{found.launch.says}”: {'; '.join(told)}."
