"""Where each promise stands: kept rate with its interval against the target, over a window."""

from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from aspromised.analyse.window import Span, Window
from aspromised.words.vocabulary import Status

COUNTS = ("kept", "broken", "open", "exempt", "unknown", "not_promised")
FIGURES = ("decided", "rate", "low", "high", "target", "gap", "gap_items", "status")
PROMISE = ("promise_id", "claim", "about", "made_by", "kept_by", "window", "at_least", "kind", "problem")
STATUS_COLUMNS = (*PROMISE, *COUNTS, *FIGURES)
VERSION_COLUMNS = ("promise_id", "version", "claim", "from_day", "to_day", *COUNTS, *FIGURES)
SEGMENT_COLUMNS = ("segment", "value", *COUNTS, *FIGURES)


class Snapshot(Protocol):
    """What an analysis needs of a snapshot."""

    def query(self, sql: str, params: dict[str, object] | None = None) -> pd.DataFrame:
        """Return the rows of a query."""


def statuses(snapshot: Snapshot, window: Span) -> pd.DataFrame:
    """Return one row a promise, in the order of their ids: STATUS_COLUMNS.

    `rate`, `low`, `high` (Wilson, 95 %), `target` and `gap` are shares; `gap_items` is how many more were kept than
    the target asks (negative: short). `target` is the mean of the versions' targets, weighted by their decided items;
    where none is decided, the target in force at the window's end. `status` is null where `problem` is not.
    A promise of kind spread has no items and no target: its status and gap are those of its spread.
    """
    promises = snapshot.query(
        'select promise_id, claim, about, made_by, kept_by, "window", at_least, kind, target, problem'
        " from promise order by promise_id"
    )
    counts = _counts(snapshot, window, "segment = '(all)'", ["promise_id"])
    table = promises.merge(counts, on="promise_id", how="left").fillna(dict.fromkeys(COUNTS, 0))
    table["target"] = _targets(snapshot, window, table)
    return _with_spreads(snapshot, window, _judged(table))[list(STATUS_COLUMNS)]


def _with_spreads(snapshot: Snapshot, window: Span, table: pd.DataFrame) -> pd.DataFrame:
    spread = table["kind"] == "spread"
    if not spread.any():
        return table
    from aspromised.analyse.spread import spreads  # scipy takes a moment: only where there is a spread

    table.loc[spread, "target"] = np.nan
    for promise_id, found in spreads(snapshot, window).items():
        sd = found.variation.sd if found.variation else np.nan
        table.loc[table["promise_id"] == promise_id, ["status", "gap"]] = [found.status, found.at_most - sd]
    return table


def segment_statuses(snapshot: Snapshot, promise_id: str, window: Window) -> pd.DataFrame:
    """Return one row a value of each segment of a promise, by segment and value: SEGMENT_COLUMNS."""
    whole = statuses(snapshot, window)
    table = segments_each(snapshot, whole[whole["promise_id"] == promise_id], window)
    return table[list(SEGMENT_COLUMNS)]


def segments_each(snapshot: Snapshot, whole: pd.DataFrame, window: Span) -> pd.DataFrame:
    """Return one row a promise and value of its segments: promise_id, SEGMENT_COLUMNS.

    `whole` are the promises' rows of `statuses` over the same window: their targets are held against.
    """
    condition = "list_contains($promises, promise_id) and segment <> '(all)'"
    table = _counts(
        snapshot,
        window,
        condition,
        ["promise_id", "segment", "value"],
        {"promises": list(whole["promise_id"])},
    )
    table = table.merge(whole[["promise_id", "target", "at_least"]], on="promise_id").assign(problem=None)
    return _judged(table)[["promise_id", *SEGMENT_COLUMNS]].sort_values(
        ["promise_id", "segment", "value"], ignore_index=True
    )


def versions_each(snapshot: Snapshot, whole: pd.DataFrame, window: Span) -> pd.DataFrame:
    """Return one row a promise and version that has items in the window, oldest first: VERSION_COLUMNS.

    Each is held against its own target. `whole` are the promises' rows of `statuses` over the same window.
    """
    condition = "list_contains($promises, promise_id) and segment = '(all)'"
    ids: dict[str, object] = {"promises": list(whole["promise_id"])}
    table = _counts(snapshot, window, condition, ["promise_id", "version"], ids)
    said = snapshot.query("select promise_id, version, claim, from_day, to_day, target from promise_version")
    table = table.merge(whole[["promise_id", "at_least"]], on="promise_id").assign(problem=None)
    table = _judged(table.merge(said, on=["promise_id", "version"]))
    table = table[table[list(COUNTS)].sum(axis=1) > 0]
    return table.sort_values(["promise_id", "version"], ignore_index=True)[list(VERSION_COLUMNS)]


def wilson(kept: ArrayLike, decided: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return the Wilson 95 % interval of shares, NaN where nothing is decided (Newcombe 1998).

    >>> low, high = wilson(pd.Series([90, 0]), pd.Series([100, 0]))
    >>> f"{low[0]:.4f} {high[0]:.4f} {low[1]}"
    '0.8256 0.9448 nan'
    """
    from statsmodels.stats.proportion import (
        proportion_confint,
    )  # takes a second: commands that ask no rate go without

    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = proportion_confint(np.asarray(kept, float), np.asarray(decided, float), method="wilson")
    return np.asarray(low), np.asarray(high)


def status(decided: int, low: float, high: float, target: float, at_least: int) -> Status:
    """Return where a promise stands; too few never looks like success, nor absence like either.

    >>> status(100, 0.96, 0.99, 0.95, 30), status(100, 0.90, 0.94, 0.95, 30), status(100, 0.90, 0.97, 0.95, 30)
    ('kept', 'missed', 'too close to call')
    >>> status(10, 0.96, 0.99, 0.95, 30), status(0, 0, 0, 0.95, 0)
    ('too few', 'no data')
    """
    if decided == 0:
        return "no data"
    if decided < at_least:
        return "too few"
    if low >= target:
        return "kept"
    return "missed" if high < target else "too close to call"


def _counts(
    snapshot: Snapshot, window: Span, condition: str, keys: list[str], more: dict[str, object] | None = None
) -> pd.DataFrame:
    """Return counts by keys, with `target`: the decided items' mean target, null where none is decided."""
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in COUNTS)
    by = ", ".join(keys)
    return snapshot.query(
        f"""
        select {by}, {sums}, sum(v.target * (kept + broken)) / nullif(sum(kept + broken), 0) as weighted_target
        from verdict_daily d left join promise_version v using (promise_id, version)
        where {condition} and {window.condition} group by {by}
        """,
        {**window.parameters, **(more or {})},
    )


def _targets(snapshot: Snapshot, window: Span, table: pd.DataFrame) -> pd.Series:
    """The decided items' mean target; where none is decided, the one in force on the window's last day."""
    versions = snapshot.query(
        "select promise_id, from_day, target from promise_version order by from_day nulls first"
    )
    in_force = {
        row.promise_id: row.target
        for row in versions.itertuples()
        if (last := window.window_of(row.promise_id).last) is None
        or pd.isna(row.from_day)
        or row.from_day.date() <= last
    }
    return (
        table["weighted_target"]
        .fillna(table["promise_id"].map(in_force).astype("float64"))
        .fillna(table["target"])
    )


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    table = table.astype(dict.fromkeys(COUNTS, "int64"))
    decided = table["kept"] + table["broken"]
    low, high = wilson(table["kept"], decided)
    rate = table["kept"] / decided.where(decided > 0)
    required = np.ceil(table["target"] * decided - 1e-9)
    table = table.assign(
        decided=decided,
        rate=rate,
        low=low,
        high=high,
        gap=rate - table["target"],
        gap_items=table["kept"] - required,
    )
    words = [
        None
        if isinstance(row.problem, str)
        else status(row.decided, row.low, row.high, row.target, row.at_least)
        for row in table.itertuples()
    ]
    return table.assign(status=pd.Series(words, index=table.index, dtype=object))
