"""Why cases waited, as typeset tables: each handoff with its causes, and what would be gained without one."""

from math import isnan

import pandas as pd

from aspromised.analyse.waiting.waits import CAUSE_REASONS, CAUSE_WORDS, CAUSES, Waiting
from aspromised.analyse.waiting.ways import Ways
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.hours import DEEPEST
from aspromised.words.figures import NOTHING, count, percent, points_between, roughly
from aspromised.words.text import html as escape

_SHOWN = 10
_WAYS = 8


def waits_ledger(found: Waiting) -> Ledger | None:
    """Return a row a handoff, the longest waiting first, its causes shaded by their share; None where nothing waited."""
    shown = found.rows[found.rows["waiting_s"] > 0].head(_SHOWN)
    if shown.empty:
        return None
    causes = [cause for cause in CAUSES if shown[f"{cause}_s"].notna().any()]
    rows = [
        {
            "handoff": f"{escape(row['from'])} → {escape(row['to'])}",
            "times": count(row["handoffs"]),
            "each": roughly(row["waiting_s"] / row["handoffs"]),
            "of_all": percent(row["waiting_s"] / found.waiting_s, 0),
            **{cause: _share(row[f"{cause}_s"], row["waiting_s"]) for cause in causes},
        }
        for row in shown.to_dict("records")
    ]
    columns = {
        "handoff": Column("From → to", html=True), "times": Column("Handoffs", "right"), "each": Column("Waits each", "right"),
        "of_all": Column("Of all", "right"),
        **{cause: Column(CAUSE_WORDS[cause].capitalize(), "right", html=True) for cause in causes},
    }  # fmt: skip
    left = int((found.rows["waiting_s"] > 0).sum()) - len(shown)
    notes = [
        "Share of the waiting by why, in full below; the deeper the shade, the more. A backlog worked off in one go counts as done together."
        + (f" {left} handoffs that waited less are not shown." if left > 0 else "")
    ]
    return ledger(pd.DataFrame(rows), columns, label="Why cases waited, by handoff", notes=notes)


def _share(seconds: float, waiting: float) -> str:
    """Return a cause's share of a handoff's waiting, shaded by it."""
    if pd.isna(seconds):
        return f'<span class="ap-unknown">{NOTHING}</span>'
    share = min(seconds / waiting, 1.0)
    shade = f"background: color-mix(in srgb, var(--ap-short) {DEEPEST * share:.0f}%, transparent)"
    return f'<span style="{shade}; padding: .1rem .3rem">{percent(share, 0)}</span>'


def gains_ledger(found: Waiting) -> Ledger | None:
    """Return what cycle-time efficiency would be without the waiting of each cause; None where work is not told."""
    now = found.efficiency
    if isnan(now) or not found.by_cause or not found.waiting_s:
        return None
    rows = [
        {
            "cause": f"It waited {CAUSE_REASONS[cause]}",
            "hours": count(seconds / 3600),
            "share": percent(seconds / found.waiting_s, 0),
            "then": percent(found.efficiency_without(seconds)),
            "gain": points_between(found.efficiency_without(seconds), now),
        }
        for cause, seconds in found.by_cause.items()
    ]
    columns = {
        "cause": Column("Why"), "hours": Column("Hours", "right"), "share": Column("Of all waiting", "right"),
        "then": Column("Work's share of the time without it", "right"), "gain": Column("Gain", "right"),
    }  # fmt: skip
    note = (
        f"Work is {percent(now)} of the time from the first activity to the last. What it would be had the waiting of one"
        " cause not been is arithmetic, not a forecast."
    )
    return ledger(pd.DataFrame(rows), columns, label="What each cause of waiting costs", notes=[note])


def ways_ledger(found: Ways) -> Ledger | None:
    """Return the most frequent ways off the declared one, with how they left it; None where none did."""
    if found.courses.empty:
        return None
    rows = [
        {"course": row.course, "why": row.why, "cases": count(row.cases), "share": percent(row.share)}
        for row in found.courses.head(_WAYS).itertuples()
    ]
    columns = {
        "course": Column("The way they took"), "why": Column("How it left the declared one"),
        "cases": Column("Cases", "right"), "share": Column("Of all", "right"),
    }  # fmt: skip
    return ledger(pd.DataFrame(rows), columns, label="Ways off the declared one", phone="cards")


_STANDINGS = {"more": "more often than the others", "fewer": "less often than the others", "chance": "could be chance", "too few": "too few to compare"}  # fmt: skip


def hand_ups_ledger(table: pd.DataFrame) -> Ledger | None:
    """Return how often each team hands up, beside the others; None where nobody does."""
    if table.empty:
        return None
    rows = [
        {
            "team": row.team, "activity": row.activity, "times": count(row.times), "share": percent(row.share),
            "rest": percent(row.rest_share), "standing": _STANDINGS[row.standing],
        }
        for row in table.itertuples()
    ]  # fmt: skip
    columns = {
        "team": Column("Team"), "activity": Column("Of its"), "times": Column("Done", "right"),
        "share": Column("Handed up", "right"), "rest": Column("By the other teams", "right"), "standing": Column("Standing"),
    }  # fmt: skip
    note = (
        "A team is compared with the others from 30 times on; stands out what chance does not explain (Fisher's exact test,"
        " false discoveries held at 5 %)."
    )
    return ledger(pd.DataFrame(rows), columns, label="Who hands up", notes=[note])
