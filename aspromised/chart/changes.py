"""Declared changes with their verdicts, and newcomers, as ledgers."""

from collections.abc import Sequence

import pandas as pd

from aspromised.analyse.changes.declared import RETURNED, ChangeEffect, DeclaredChange
from aspromised.analyse.changes.effect import HELPED, NO_EVIDENCE, WORSE
from aspromised.analyse.rates.scope import where_text
from aspromised.analyse.variation.newcomers import Ramp
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import address, lead
from aspromised.words.figures import count, day, percent, percentage_points
from aspromised.words.text import html as escape

CHANGES_SHOWN = 12
"""So many changes are shown, the newest."""
VERDICTS_JUDGED = (
    "Items by the day they started: the 60 days before a change, and up to 90 since, worded alike.",
    "Like for like: what changed where it touched less what changed elsewhere on the same days (difference in differences), each share less"
    " what such items were kept before, by weekday and segments; the interval is robust to days that hang together.",
    "Helped or made worse only where chance does not do that to one of all promises the change touches (Holm, 5 %), and from 28 days on.",
    "What else changed only where it touched, on the same days, nobody can tell apart.",
)
_MARKS = {HELPED: "✓", WORSE: "✕", NO_EVIDENCE: "≈"}


def changes_ledger(changes: Sequence[DeclaredChange], promise_id: str, **chosen: str) -> Ledger | None:
    """Return what came of each change for one promise, newest first; None where none touches it."""
    told = [(each, effect) for each in changes for effect in each.effects if effect.promise_id == promise_id]
    if not told:
        return None
    number, told = len(told), told[:CHANGES_SHOWN]
    columns = {
        "what": Column("Change", html=True),
        "verdict": Column("Verdict", html=True),
        "before": Column("Before → since", html=True),
        "effect": Column("More kept than elsewhere, like for like", "right", html=True),
    }
    rows = [_row(change, effect, chosen) for change, effect in told]
    notes = [f"“{change.what}”: {RETURNED}" for change, effect in told if effect.row.get("returned") is True]
    if len(told) < number:
        notes.append(f"The newest {CHANGES_SHOWN} of {number} are shown; `aspromised changes` tells of all.")
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label="Declared changes", notes=notes)


def _row(change: DeclaredChange, effect: ChangeEffect, chosen: dict[str, str]) -> list[str]:
    part = escape(change.part)
    if change.touches:
        where = where_text(tuple(change.touches.items()))
        part = lead(part, address("gaps", **{**chosen, "promise": effect.promise_id, "where": where}))  # fmt: skip
    return [
        f"{escape(change.what)}<br><small>{day(change.on)}, touches {part}</small>",
        f"{_MARKS.get(effect.verdict, '…')} {escape(effect.verdict)}",
        _from_to(effect),
        _effect(effect),
    ]


def _from_to(effect: ChangeEffect) -> str:
    touched, others = (
        f"{percent(effect.rate(side, 'before')).removesuffix(' %')} → {percent(effect.rate(side, 'since'))}"
        for side in ("touched", "others")
    )
    if not effect.items("others", "since"):
        return f"all {touched}"
    return f"{escape(effect.part)} {touched}<br><small>elsewhere {others}</small>"


def _effect(effect: ChangeEffect) -> str:
    if not effect.is_compared:
        return "–"
    low, high = (percentage_points(effect.number(name)).removesuffix(" points") for name in ("low", "high"))
    return f"{percentage_points(effect.number('effect'))}<br><small>{low} to {high}</small>"


def ramp_ledger(ramp: Ramp) -> Ledger:
    """Return what newcomers keep by how long they have been there, the others last."""
    columns = {
        "value": Column(ramp.segment.replace("_", " ").capitalize()),
        "rate": Column("Kept rate", "right"),
        "decided": Column("Of", "right"),
        "behind": Column("Beside the others", "right"),
    }
    rows = [
        (
            row.value,
            percent(row.rate),
            count(row.decided),
            "the others" if row.is_reference else f"{_signed(row.low)} to {percentage_points(row.high)}",
        )
        for row in ramp.rows.itertuples()
    ]
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label="Newcomers")


def _signed(share: float) -> str:
    return percentage_points(share).removesuffix(" points")
