"""Launches, typeset: what each coincided with, what each needs before it goes out, one promotion's own facts."""

import math
from html import escape
from urllib.parse import urlencode

import pandas as pd

from aspromised.analyse.launch import GATE_COLUMNS, UNREADABLE, Launches
from aspromised.analyse.launch_change import BEFORE_DAYS, STANDINGS
from aspromised.analyse.launch_opened import Opened, demand_words
from aspromised.chart.compliance import Link
from aspromised.chart.dotplot import interval
from aspromised.chart.ledger import Column, Ledger, ledger
from aspromised.chart.theme import palette
from aspromised.words.figures import count, day, moment, percent, plural, points

KIND = {"sql": "number from a query"}
COLOUR = {"less often": "short", "more often": "kept"}
SAID = dict(
    zip(STANDINGS[:3], ("a lower kept rate", "a higher kept rate", "no change beyond chance"), strict=True)
)


def changes_ledger(changes: pd.DataFrame, is_opened: bool = False) -> Ledger | None:
    """Return what launches coincided with (CHANGE_COLUMNS), in that order; None where nothing was launched."""
    if changes.empty:
        return None
    ends = _scale(changes)
    columns = {
        "name": Column(
            "Promise it leans on" if is_opened else "Promotion, and a promise it leans on", html=True
        ),
        "change": Column("Change", "right", html=True),
        "before": Column(f"{BEFORE_DAYS} days before", "right", html=True),
        "after": Column("From launch to end", "right", html=True),
        "drawn": Column(f"95 % interval, {_round(ends[0])} to {_round(ends[1])} points", html=True),
        "said": Column("The launch coincided with", html=True),
    }
    rows = [_row(row, ends, is_opened) for _, row in changes.iterrows()]
    frame = pd.DataFrame(rows, columns=list(columns))
    return ledger(frame, columns, label="Kept rates before and after each launch")


def changes_note(changes: pd.DataFrame) -> str | None:
    """Return how the ledger of changes is to be read, None where there is none."""
    if changes.empty:
        return None
    tested = int(changes["comparable"].sum())
    many = (
        f" Of {plural(tested, 'comparison')}, chance alone would make about {tested * 0.05:.1f} look like a change."
        if tested > 1
        else ""
    )
    return (
        "Items stand on the day they are counted on, for most promises the day they are due: one that began before the"
        " launch may count after it. Rates with Wilson 95 % intervals, changes with Newcombe's; the grey mark is no change."
        f"{many} A change that coincided with a launch need not be its doing."
    )


def _scale(changes: pd.DataFrame) -> tuple[float, float]:
    """The scale all changes share, the same to both sides of none."""
    reach = changes[["change_low", "change_high"]].abs().max().max()
    reach = 0.01 if pd.isna(reach) else max(0.01, math.ceil(reach * 100) / 100)
    return -reach, reach


def _round(change: float) -> str:
    return points(change).removesuffix(".0 points")


def _row(row: pd.Series, ends: tuple[float, float], is_opened: bool) -> list[str]:
    if row["standing"] == "not judged":
        return [
            _name(row, is_opened),
            "–",
            "–",
            "–",
            "",
            f"not judged<br><small>{escape(str(row['problem']))}</small>",
        ]
    sides = [_side(row, side) for side in ("before", "after")]
    if row["standing"] == "too few" or math.isnan(row["change"]):
        return [_name(row, is_opened), "–", *sides, "", _told(row)]
    colour = getattr(palette(), COLOUR.get(row["standing"], "unknown"))
    between = f"{_bare(row['change_low'])} to {_bare(row['change_high'])}"
    drawn = interval(
        row["change"], row["change_low"], row["change_high"], 0.0, ends, colour,
        f"change {points(row['change'])}, interval {between}",
    )  # fmt: skip
    change = f"{points(row['change'])}<br><small>{between}</small>"
    return [_name(row, is_opened), change, *sides, drawn, _told(row)]


def _bare(change: float) -> str:
    return points(change).removesuffix(" points")


def _name(row: pd.Series, is_opened: bool) -> str:
    claim = f"“{escape(row['claim'])}”"
    if is_opened:
        return claim
    address = "?" + urlencode({"promotion": row["promotion_id"]})
    return f'<a href="{escape(address)}" target="_self">{escape(row["says"])}</a><br><small>{claim}</small>'


def _side(row: pd.Series, side: str) -> str:
    decided = row[f"decided_{side}"]
    if not decided:
        return f"–<br><small>no {escape(row['items'])}</small>"
    so_far = "<br>so far" if side == "after" and not row["is_over"] else ""
    low, high = percent(row[f"low_{side}"]).removesuffix(" %"), percent(row[f"high_{side}"])
    return (
        f"{percent(row[f'rate_{side}'])}<br><small>of {count(decided)} {escape(row['items'])}"
        f"<br>{low} to {high}{so_far}</small>"
    )


def _told(row: pd.Series) -> str:
    beside = (
        f"<br><small>also in these days: {escape(', '.join(row['beside']))}</small>" if row["beside"] else ""
    )
    match row["standing"]:
        case "too few":
            words = f"too few: {count(row['at_least'])} needed on either side"
        case "reworded":
            words = f"a new wording on {row['reworded']}<br><small>not the same promise on both sides</small>"
        case standing:
            colour = COLOUR.get(standing, "unknown")
            words = f'<span class="ap-{colour}">{SAID[standing]}</span>'
    return f'<div style="min-width:10rem">{words}{beside}</div>'


def gates_ledger(found: Launches | Opened) -> Ledger | None:
    """Return what must be ready before each launch, as declared (GATE_COLUMNS); None where there are no promotions.

    Whether it was is not judged, and nothing here says so.
    """
    gates = found.gates
    assert set(GATE_COLUMNS) <= set(gates.columns)
    if gates.empty:
        return None
    rows = [_gate(row) for row in gates.itertuples()]
    frame = pd.DataFrame(rows, columns=["gate", "needed", "kind"]).assign(
        group=[f"{row.says} · {row.state}" for row in gates.itertuples()]
    )
    columns = {
        "gate": Column("Gate"),
        "needed": Column("Needs"),
        "kind": Column("Kind of gate"),
    }
    group = "group" if isinstance(found, Launches) else None
    return ledger(frame, columns, label="Gates before each launch, not judged yet", group=group)


def _gate(row: object) -> tuple[str, str, str]:
    gate, needed, kind = (getattr(row, name) for name in ("gate", "needed", "kind"))
    if not isinstance(gate, str):
        unread = getattr(row, "state", "") == UNREADABLE
        return (
            ("cannot be read", "see the page Data health", "–") if unread else ("no gates declared", "–", "–")
        )
    words = KIND.get(kind, kind)
    return gate, needed or "–", f"{words}, optional" if getattr(row, "optional", False) else words


def facts_ledger(found: Opened) -> Ledger:
    """Return one promotion's words, dates, expected demand and what it leans on."""
    row = found.row
    facts = {
        "In its words": f"“{row['says']}”",
        "State": f"{row['state']}, as of {day(found.as_of)}",
        "Run by": row["run_by"] if isinstance(row["run_by"], str) else "not said",
        "Announced": _moment(row["announced"]),
        "Launch": _moment(row["launched"]),
        "End": _moment(row["ends"]),
        "Expected demand": demand_words(row) or "not said",
        "Leans on": "; ".join(_leaning(promise) for promise in found.leaning.itertuples()) or "no promise",
    }
    frame = pd.DataFrame(list(facts.items()), columns=["what", "said"])
    columns = {"what": Column("The promotion"), "said": Column("As declared")}
    return ledger(frame, columns, label="The promotion as declared")


def _moment(value: pd.Timestamp) -> str:
    if pd.isna(value):
        return "not said"
    return day(value.date()) if value == value.normalize() else moment(value.to_pydatetime())


def _leaning(promise: object) -> str:
    claim, keeper, problem = (getattr(promise, name) for name in ("claim", "kept_by", "problem"))
    kept = f" (kept by {keeper})" if isinstance(keeper, str) else ""
    return f"“{claim}”{kept}" + (f": not judged, {problem}" if isinstance(problem, str) else "")


def all_launches() -> Link:
    """Return the way back to all promotions."""
    return Link("← All promotions", "?")
