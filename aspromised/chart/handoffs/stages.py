"""The chain from the customer backwards: each stage with who does it for whom, its time, and its part of the lateness."""

from typing import Any

import pandas as pd

from aspromised.analyse.handoffs.late import LateMinutes
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import address, lead
from aspromised.chart.base.picture import picture
from aspromised.chart.base.theme import palette
from aspromised.schema.chains import OUTSIDE, UNFUNDED
from aspromised.words.figures import NOTHING, count, duration, percent, signed
from aspromised.words.text import html as escape

_WIDTH, _HEIGHT = 150, 18


def chain_ledger(stages: pd.DataFrame, late: LateMinutes, items: str, **chosen: str) -> Ledger:
    """Return the stages (STAGE_FIGURES), what is late by plan first, then the one nearest to the customer, what lies outside them last; each leads
    to its own items."""
    minutes = late.rows.set_index("position")
    ends = _ends(late.rows["minutes"])
    backwards = stages.iloc[::-1]
    rows = [_other(minutes.loc[UNFUNDED], ends, chosen)] if UNFUNDED in minutes.index else []
    rows += [
        _stage(back, row, minutes.loc[row.position], ends, chosen)
        for back, row in enumerate(backwards.itertuples(), start=1)
    ]
    rows += [_other(minutes.loc[OUTSIDE], ends, chosen)] if OUTSIDE in minutes.index else []
    columns = {
        "stage": Column("From the customer back", html=True),
        "teams": Column("By, for", html=True),
        "through": Column("Through it", "right", html=True),
        "took": Column("Took, of its budget", html=True),
        "over": Column("Over budget", "right"),
        "late": Column("Hours late of its own", html=True),
    }
    notes = (
        ["Whose late hours are is not told where no late ones are shared."]
        if not late.items
        else [
            "Each late minute has one owner: what a stage adds to the lateness, averaged over every order in which the stages might run as they"
            f" did while the others keep their budgets. The hours add up to those of all late {items}; below 0 a stage won time back."
        ]
    )
    return ledger(
        pd.DataFrame(rows, columns=list(columns)),
        columns,
        label="The chain from the customer backwards",
        notes=notes,
        phone="cards",
    )


def _stage(
    back: int, row: Any, minutes: pd.Series, ends: tuple[float, float], chosen: dict[str, str]
) -> dict[str, str]:
    kind = "" if row.kind == "work" else f" <span class='ap-quiet'>{escape(row.kind)}</span>"
    to = address("handoffs", **{**chosen, "stage": row.stage})
    waits = (
        f"<br><span class='ap-quiet'>{duration(row.waiting_s)} before work began</span>" if row.told else ""
    )
    still = f"<br><span class='ap-quiet'>{count(row.open)} still in it</span>" if row.open else ""
    budget = escape(row.budget) if isinstance(row.budget, str) else "no budget"
    took = f"{duration(row.mean_s)} of {budget}" if row.done else NOTHING
    return {
        "stage": f"{back} · {lead(escape(row.stage), to)}{kind}",
        "teams": f"{escape(row.supplier)} for {escape(row.customer)}",
        "through": f"{count(row.done)}{still}",
        "took": f"{took}{waits}",
        "over": percent(row.late_share),
        "late": _minutes(minutes, ends),
    }


def _other(minutes: pd.Series, ends: tuple[float, float], chosen: dict[str, str]) -> dict[str, str]:
    name, owner = str(minutes["stage"]), minutes["owner"]
    linked = lead(escape(name), address("handoffs", **{**chosen, "stage": name}))
    return {
        "stage": linked, "teams": escape(owner) if owner else NOTHING, "through": NOTHING, "took": NOTHING,
        "over": NOTHING, "late": _minutes(minutes, ends),
    }  # fmt: skip


def _minutes(minutes: pd.Series, ends: tuple[float, float]) -> str:
    hours = minutes["minutes"] / 60
    contested = (
        f"<br><span class='ap-quiet'>{percent(minutes['contested_share'])} of what it lost disputed</span>"
        if minutes["contested"]
        else ""
    )
    return f"{_bar(hours, ends)}{signed(hours)}{contested}"


def _ends(minutes: pd.Series) -> tuple[float, float]:
    hours = minutes / 60
    return min(0.0, float(hours.min())) if len(hours) else 0.0, max(0.0, float(hours.max())) if len(
        hours
    ) else 0.0


def _bar(hours: float, ends: tuple[float, float]) -> str:
    """Return a bar from zero: late to the right, won back to the left."""
    low, high = ends
    if high - low <= 0:
        return ""
    p = palette()
    zero = (0 - low) / (high - low) * (_WIDTH - 2) + 1
    end = (hours - low) / (high - low) * (_WIDTH - 2) + 1
    colour = p.short if hours > 0 else p.kept
    body = (
        f'<rect x="{min(zero, end):.1f}" y="3" width="{abs(end - zero):.1f}" height="{_HEIGHT - 6}" fill="{colour}"/>'
        f'<path stroke="{p.ink}" d="M{zero:.1f} 0V{_HEIGHT}"/>'
    )
    return picture(body, _WIDTH, _HEIGHT, f"{signed(hours)} hours")
