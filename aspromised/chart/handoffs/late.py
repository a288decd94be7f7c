"""Where the hours of late items came from: a bar a stage, what is planned too long first."""

import altair as alt
import pandas as pd

from aspromised.analyse.handoffs.late import LateMinutes
from aspromised.chart.base.figure import Composed, Figure, layered
from aspromised.chart.base.theme import palette
from aspromised.words.figures import percent, plural, signed
from aspromised.words.nouns import Noun

_NUMBERS = {
    "stage": "Stage", "owner": "Owner", "items": "Items", "spent_h": "Hours spent", "budget_h": "Hours budgeted",
    "hours": "Hours late of its own", "percent": "Of all, %", "contested_h": "Hours disputed",
}  # fmt: skip


def late_figure(late: LateMinutes, noun: Noun) -> Figure | None:
    """Return the late hours by stage; None where nothing was late."""
    if not late.items:
        return None
    table = late.rows.assign(hours=late.rows["minutes"] / 60, contested_h=late.rows["contested"] / 60)
    table["percent"] = (100 * table["share"]).round(1)
    table["said"] = [f"{signed(hours)} h" for hours in table["hours"]]
    table["sign"] = ["late" if hours > 0 else "won back" for hours in table["hours"]]
    table[["spent_h", "budget_h", "contested_h"]] = table[["spent_h", "budget_h", "contested_h"]].round(1)
    shown = table.assign(hours=table["hours"].round(1))
    return Figure(
        _chart(shown), _takeaway(late, noun), shown[list(_NUMBERS)].rename(columns=_NUMBERS),
        title=f"Whose the late hours are, of {late.counted(noun)}", is_tested=True,
    )  # fmt: skip


def _chart(table: pd.DataFrame) -> Composed:
    p = palette()
    data = table[["stage", "hours", "said", "sign"]]
    span = [min(0.0, float(data["hours"].min())), max(0.0, float(data["hours"].max()))]
    room = 0.16 * (span[1] - span[0] or 1)
    scale = alt.Scale(domain=[span[0] - (2 * room if span[0] < 0 else 0), span[1] + room])
    y = alt.Y("stage:N", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=220))
    x = alt.X("hours:Q", title=None, scale=scale, axis=alt.Axis(grid=True, format=",d"))
    colour = alt.Color(
        "sign:N", scale=alt.Scale(domain=["late", "won back"], range=[p.short, p.kept]), legend=None
    )
    bar = alt.Chart(data).mark_bar(height=16).encode(y=y, x=x, color=colour)
    right, left = (
        alt.Chart(data[data["hours"] > 0 if is_late else data["hours"] <= 0])
        .mark_text(align="left" if is_late else "right", dx=5 if is_late else -5, fontWeight=600)
        .encode(y=y, x=x, text=alt.Text("said:N"), color=colour)
        for is_late in (True, False)
    )
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=p.ink).encode(x=alt.X("zero:Q"))
    return layered([bar, zero, right, left], height=alt.Step(34))


def _takeaway(late: LateMinutes, noun: Noun) -> str:
    told = late.rows.sort_values("minutes", ascending=False)
    parts = "; ".join(
        f"{row.stage}{f' ({row.owner})' if row.owner else ''} {signed(row.minutes / 60)} hours"
        for row in told.itertuples()
    )
    return f"{late.counted(noun)}, {plural(late.minutes / 60, 'hour')} in all: {parts}."


def contested_note(late: LateMinutes) -> str | None:
    """Return what is disputed, None where nothing is."""
    told = late.rows[late.rows["contested"] > 0]
    if told.empty:
        return None
    parts = "; ".join(
        f"{row.owner} {percent(row.contested_share)} of what {row.stage} lost" for row in told.itertuples()
    )
    return f"Disputed by their owners: {parts}. What a stage won back in other items is not taken off. Disputing changes no figure; `aspromised ledger show --kind dispute` tells who and why."
