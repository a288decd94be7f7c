"""What came of a declared change: before and since, where it touched and elsewhere. The one step without a snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from aspromised.schema.snapshot import CHANGE_EFFECT
from aspromised.stats.diff_in_diff import (
    MIN_ITEMS_A_SIDE,
    DifferenceInDifferences,
    difference_in_differences,
    side_by_day,
)
from aspromised.stats.expected_rate import expected_broken

HELPED, WORSE, NO_EVIDENCE = "helped", "made worse", "no evidence"
TOO_EARLY, TOO_FEW, NO_COMPARISON = "too early", "too few", "no comparison"
BEFORE_DAYS = 60
"""Days before a change that it is held against; as many before those tell whether they were unusual themselves."""
AFTER_DAYS = 90
"""Days since a change that are looked at, at most."""
AFTER_LEAST = 28
"""With fewer days since a change it is too early to tell."""
BEFORE_LEAST = 14
"""With fewer days of the same wording before it there is nothing to hold it against."""
OPEN_MOST = 0.05
"""A day of which more than this share of the items is still open is not counted yet."""
DECIDED_OR_OPEN_COLUMNS = ("kept", "broken", "open")
EFFECT_COLUMNS = CHANGE_EFFECT.but("change_id", "promise_id", "verdict", "adjusted_p")
_SIDES, _SPANS = ("touched", "others"), ("earlier", "before", "since")


@dataclass(frozen=True)
class Spans:
    """The days [begins, begins_before) before those a change is held against, [begins_before, on), and [on, until)."""

    begins: pd.Timestamp
    begins_before: pd.Timestamp
    on: pd.Timestamp
    until: pd.Timestamp

    @classmethod
    def around(cls, on: date, over: date, worded_from: date | None, worded_to: date | None) -> "Spans":
        """Return the days around a change, as far as they are over and the promise is worded as on the day of the change."""
        change, known = pd.Timestamp(on), pd.Timestamp(over) + timedelta(days=1)
        least = pd.Timestamp(worded_from) if worded_from else pd.Timestamp.min
        most = min(known, pd.Timestamp(worded_to)) if worded_to else known
        before = max(change - timedelta(days=BEFORE_DAYS), least)
        earlier = max(change - timedelta(days=2 * BEFORE_DAYS), least)
        return cls(
            min(earlier, change), min(before, change), change, min(change + timedelta(days=AFTER_DAYS), most)
        )

    def of(self, days: pd.Series) -> np.ndarray:
        """Return which span each day is in, "" for none."""
        edges = (self.begins, self.begins_before, self.on, self.until)
        inside = [(days >= first) & (days < after) for first, after in pairwise(edges)]
        return np.select(inside, list(_SPANS), default="").astype(object)


def cell_column(segment: str) -> str:
    """Return the column of a segment in `cells`: no other column has its name, whatever it is called."""
    return f"segment: {segment}"


def effect_of(
    cells: pd.DataFrame, segments: Sequence[str], touches: Mapping[str, str], spans: Spans
) -> dict[str, object]:
    """Return EFFECT_COLUMNS and `verdict` of `cells` (day, each segment's `cell_column`, kept, broken, open).

    Items with all the values that the change touches, before and since, less all other items before and since: the
    difference in differences of the share kept. `effect` has the mix taken into account: each day's share less what such
    items (weekday, segments) were kept before, by logistic regression, on the days that are decided. `verdict` is that of this promise alone.
    """
    placed = _placed(cells, touches, spans)
    table = _decided(placed)
    since_days = int(table.loc[table["span"] == "since", "day"].nunique())
    told = {**_counts(placed, spans), "since_days": since_days}
    if (why := _cannot(told, spans, touches)) is not None:
        verdict, reason = why
        return {**dict.fromkeys(EFFECT_COLUMNS), **told, "verdict": verdict, "why": reason}
    table = table.assign(
        version=1, brought=None, is_quiet=table["span"] == "before", items=table["kept"] + table["broken"]
    )
    table["expected"] = expected_broken(table, [cell_column(name) for name in segments])["expected"]
    found = _beside(table, "before", "since")
    better = {"effect": -found.value, "low": -found.high, "high": -found.low, "p": found.p}
    verdict = _called(better["low"], better["high"])
    return {
        **dict.fromkeys(EFFECT_COLUMNS),
        **told,
        **better,
        "returned": _returned(table, -found.value),
        "verdict": verdict,
    }


def verdict_together(low: float, high: float, adjusted_p: float, level: float = 0.05) -> str:
    """Return the verdict of an effect among several that were asked about.

    >>> verdict_together(0.01, 0.03, 0.04), verdict_together(0.01, 0.03, 0.2), verdict_together(-0.03, -0.01, 0.01)
    ('helped', 'no evidence', 'made worse')
    """
    return _called(low, high) if adjusted_p <= level else NO_EVIDENCE


def _called(low: float, high: float) -> str:
    if low > 0:
        return HELPED
    return WORSE if high < 0 else NO_EVIDENCE


def _placed(cells: pd.DataFrame, touches: Mapping[str, str], spans: Spans) -> pd.DataFrame:
    days = pd.to_datetime(cells["day"])
    touched = np.ones(len(cells), bool)
    for name, value in touches.items():
        touched &= (cells[cell_column(name)].astype("object") == value).to_numpy()
    table = cells.assign(day=days, span=spans.of(days), touched=touched)
    return table[table["span"] != ""].reset_index(drop=True)


def _decided(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the days of which hardly anything is open."""
    sums = table.groupby("day")[list(DECIDED_OR_OPEN_COLUMNS)].sum()
    is_open = sums["open"] > OPEN_MOST * sums.sum(axis=1)
    return table[~table["day"].isin(sums.index[is_open])].reset_index(drop=True)


def _counts(table: pd.DataFrame, spans: Spans) -> dict[str, object]:
    """Return the days that were looked at, and what was kept of how many on each side and span."""
    told: dict[str, object] = {
        "before_first": spans.begins_before.date(), "since_last": (spans.until - timedelta(days=1)).date(),
        "by_start": True,
    }  # fmt: skip
    for side in _SIDES:
        for span in _SPANS:
            part = table[(table["touched"] == (side == "touched")) & (table["span"] == span)]
            told[f"{side}_{span}_kept"] = int(part["kept"].sum())
            told[f"{side}_{span}_items"] = int(part["kept"].sum() + part["broken"].sum())
    return told


def _cannot(
    told: Mapping[str, object], spans: Spans, touches: Mapping[str, str]
) -> tuple[str, str | None] | None:
    """Return the verdict and the reason where nothing is compared, None where something can be."""
    items = {
        (side, span): int(str(told[f"{side}_{span}_items"]))
        for side in _SIDES
        for span in ("before", "since")
    }
    if (spans.on - spans.begins_before).days < BEFORE_LEAST:
        return NO_COMPARISON, "the promise was worded anew in the days before"
    if not items["touched", "before"] and not items["touched", "since"] and any(items.values()):
        named = " and ".join(f"{name.replace('_', ' ')} {value}" for name, value in touches.items())
        return NO_COMPARISON, f"no item has {named} in those days"
    if any(items.values()) and not items["others", "before"] and not items["others", "since"]:
        return NO_COMPARISON, "it touches every item, so nothing is left to compare them with"
    if int(str(told["since_days"])) < AFTER_LEAST:
        return TOO_EARLY, None
    if min(items.values()) < MIN_ITEMS_A_SIDE:
        return TOO_FEW, None
    return None


def _beside(table: pd.DataFrame, before: str, since: str) -> DifferenceInDifferences:
    """Return how much more broke since, where it touched, beyond how much more broke elsewhere."""
    rows = [
        side_by_day(_daily(table[(table["touched"] == touched) & (table["span"] == span)]), touched, span == since)
        for touched in (True, False)
        for span in (before, since)
    ]  # fmt: skip
    return difference_in_differences(pd.concat(rows, ignore_index=True))


def _daily(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.groupby("day", as_index=False)[["items", "broken", "expected"]].sum()


def _returned(table: pd.DataFrame, effect: float) -> bool | None:
    """Whether the days before were themselves unusual, so that a return to what is usual looks like this effect."""
    sums = table[table["span"] == "earlier"].groupby("touched")["items"].sum()
    if len(sums) < 2 or sums.min() < MIN_ITEMS_A_SIDE:
        return None
    earlier = _beside(table, "earlier", "before")
    return bool(earlier.low > 0 if effect > 0 else earlier.high < 0)
