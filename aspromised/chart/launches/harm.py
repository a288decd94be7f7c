"""The harm of a launch, typeset: what broke beside what was to be expected, of those it brought and of the others."""

import math

import pandas as pd

from aspromised.analyse.launches.effect.harm import FEWER, MORE, LaunchHarm
from aspromised.analyse.launches.effect.sentences import excess_words
from aspromised.chart.base.dotplot import interval
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import address, lead
from aspromised.chart.base.theme import palette
from aspromised.chart.launches.ledgers import roomy
from aspromised.words.figures import count, day, plural
from aspromised.words.nouns import item_noun
from aspromised.words.text import html as escape

_WHO = {"all": "all", "buyers": "those it brought", "others": "the others"}
_COLOUR = {MORE: "short", FEWER: "kept"}


def harm_ledger(found: LaunchHarm | None) -> Ledger | None:
    """Return a ledger, one row for each promise and whose items, those it leans on first; None where nothing can be told."""
    if found is None or found.rows.empty:
        return None
    ends = _scale(found.rows)
    columns = {
        "who": Column("Whose items", html=True),
        "items": Column("Items", "right", html=True),
        "broken": Column("Broken", "right", html=True),
        "expected": Column("To be expected", "right", html=True),
        "excess": Column("Beyond that", html=True),
        "drawn": Column(f"95 % interval, {count(ends[0])} to {count(ends[1])}", html=True),
        "standing": Column("Standing", html=True),
    }
    month = f"{found.span.first:%Y-%m}"
    rows = [_row(row, ends, month) for _, row in found.rows.iterrows()]
    frame = pd.DataFrame(rows, columns=list(columns)).assign(
        group=[_group(row) for _, row in found.rows.iterrows()]
    )
    return ledger(frame, columns, label="Broken beside what was to be expected", group="group")


def _scale(rows: pd.DataFrame) -> tuple[float, float]:
    """The scale all rows share, zero in it."""
    low, high = rows["low"].min(), rows["high"].max()
    return (min(0.0, low) if not math.isnan(low) else 0.0, max(1.0, high) if not math.isnan(high) else 1.0)


def _group(row: pd.Series) -> str:
    return f"“{row['claim']}”" + ("" if row["leaned_on"] else ", which it does not lean on")


def _row(row: pd.Series, ends: tuple[float, float], month: str) -> list[str]:
    items = item_noun(row["source"])
    colour = _COLOUR.get(row["standing"], "unknown")
    standing = f'<span class="ap-{colour}">{escape(row["standing"])}</span>'
    broken = lead(count(row["broken"]), address("gaps", month=month, promise=row["promise_id"]))
    counted = [_WHO[row["who"]], plural(row["items"], items.one, items.many), broken]
    if pd.isna(row["expected"]):
        return [*counted, "–", "", "", standing]
    said = excess_words(row)
    drawn = interval(row["excess"], row["low"], row["high"], 0.0, ends, getattr(palette(), colour), said)
    return [*counted, count(row["expected"]), roomy(escape(said), 9), drawn, standing]


def harm_note(found: LaunchHarm | None) -> str | None:
    """Return where the expectation comes from and how far it may be trusted, None where nothing is told."""
    if found is None or found.rows.empty:
        return None
    told = found.rows.dropna(subset=["expected"])
    notes = [
        "Counted by the day items started, from the day of the launch on; the grey mark is nothing beyond what was to be expected."
    ]
    if len(told):
        first = told.iloc[0]
        notes.append(
            f"To be expected: what the {plural(first['reference_days'], 'quiet day')} from {day(pd.Timestamp(first['reference_first']).date())}"
            f" to {day(pd.Timestamp(first['reference_last']).date())} make of the same weekdays and kinds of items. The interval holds"
            " chance and how far quiet stretches of the same length stray."
        )
    undecided = int(found.rows["undecided_days"].max())
    if undecided:
        notes.append(
            f"{plural(undecided, 'day')} with much still open {'is' if undecided == 1 else 'are'} not counted yet."
        )
    if (found.rows["control_items"].fillna(0) > 0).any():
        notes.append("The sentence compares with items outside the capacity that the launch shares.")
    else:
        notes.append(
            "Nothing outside the shared capacity can be compared with, so it is said that this coincided with the launch."
        )
    return " ".join(notes)
