"""Where each promise stands: kept rate with its interval against the target, over a window."""

import numpy as np
import pandas as pd

from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.rates.figures import COUNTS, FIGURES, figures
from aspromised.analyse.rates.versions import (
    declared_versions,
    mean_target,
    settled_sums,
    standing,
    told_sums,
)
from aspromised.analyse.windows.window import GONE_BY, CountedDays, Window
from aspromised.words.moments import last_day_over
from aspromised.words.vocabulary import NONE_VALUE, WHOLE

_PROMISE = ("promise_id", "claim", "about", "made_by", "kept_by", "window", "at_least", "kind", "problem")
STATUS_COLUMNS = (*_PROMISE, *COUNTS, *FIGURES, "ahead", "version")
_VERSION_COLUMNS = ("promise_id", "version", "claim", "from_day", "to_day", *COUNTS, *FIGURES)
SEGMENT_COLUMNS = ("segment", "value", *COUNTS, *FIGURES)


@remembered
def statuses(snapshot: Queryable, window: CountedDays) -> pd.DataFrame:
    """Return one row a promise, in the order of their ids: STATUS_COLUMNS.

    The figures are those of `rates.figures`. `target` is the mean of what the decided items were promised, each by its own
    version; where none is decided, that of `version`, whose words `claim` is: the one that `versions.standing` tells the
    window in. What is counted may be of other versions, or of others only. `status` is null where `problem` is not. A promise of kind spread has no items and no target: its status and gap are those of its spread. `ahead` are
    items decided already that are counted on days to come: they are in no figure until then.
    """
    promises = snapshot.query(
        'select promise_id, claim, about, made_by, kept_by, "window", at_least, kind, problem'
        " from promise order by promise_id"
    )
    counted = (*COUNTS, "due_open", "ahead")
    counts = _counts(snapshot, window, "segment = '(all)'", ["promise_id"])
    table = promises.merge(counts, on="promise_id", how="left").fillna(dict.fromkeys(counted, 0))
    table = table.astype(dict.fromkeys(counted, "int64"))
    told = standing(snapshot, table["promise_id"], window)
    table["claim"], table["version"] = told["claim"].fillna(table["claim"]), told["version"]
    table["claim"] = table["claim"].fillna(table["promise_id"])
    table["target"] = table["target"].fillna(told["target"].astype("float64"))
    table = figures(table)
    table["status"] = table["status"].where(table["problem"].isna(), None)
    return _with_spreads(snapshot, window, table)[list(STATUS_COLUMNS)]


def _with_spreads(snapshot: Queryable, window: CountedDays, table: pd.DataFrame) -> pd.DataFrame:
    spread = table["kind"] == "spread"
    if not spread.any():
        return table
    from aspromised.analyse.rates.spread import spreads  # scipy takes a moment: only where there is a spread

    table.loc[spread, "target"] = np.nan
    for promise_id, found in spreads(snapshot, window).items():
        table.loc[table["promise_id"] == promise_id, ["status", "gap"]] = [found.status, found.gap]
    return table


def segment_statuses(snapshot: Queryable, promise_id: str, window: Window) -> pd.DataFrame:
    """Return one row a value of each segment of a promise, by segment and value: SEGMENT_COLUMNS."""
    whole = statuses(snapshot, window)
    table = segments_each(snapshot, whole[whole["promise_id"] == promise_id], window)
    return table[list(SEGMENT_COLUMNS)]


def segments_each(snapshot: Queryable, whole: pd.DataFrame, window: CountedDays) -> pd.DataFrame:
    """Return one row a promise and value of its segments: promise_id, SEGMENT_COLUMNS.

    `whole` are the promises' rows of `statuses` over the same window. Each value is held against the targets of its own
    items; where none of them is decided, against that of the whole.
    """
    condition = "list_contains($promises, promise_id) and segment <> '(all)'"
    table = _counts(
        snapshot,
        window,
        condition,
        ["promise_id", "segment", "value"],
        {"promises": list(whole["promise_id"])},
    )
    table = table.merge(
        whole[["promise_id", "target", "at_least"]], on="promise_id", suffixes=("", "_of_whole")
    )
    table["target"] = table["target"].fillna(table["target_of_whole"])
    return figures(table)[["promise_id", *SEGMENT_COLUMNS]].sort_values(
        ["promise_id", "segment", "value"], ignore_index=True
    )


def segment_wordings(snapshot: Queryable, whole: pd.DataFrame, window: CountedDays) -> pd.DataFrame:
    """Return one row a promise and value of its segments that has anything decided: promise_id, segment, value, `wordings`, `pooled`.

    `wordings` is under how many versions it was, `pooled` whether under any but the `version` of the promise's row in
    `whole`, its rows of `statuses` over the same window.
    """
    found = snapshot.query(
        "select distinct promise_id, segment, value, version from verdict_daily"
        " where list_contains($promises, promise_id) and segment <> '(all)' and kept + broken > 0"
        f" and {window.condition}",
        {**window.parameters, "promises": list(whole["promise_id"])},
    )
    own = dict(zip(whole["promise_id"], whole["version"], strict=True))
    found = found.assign(other=found["version"] != found["promise_id"].map(own))
    grouped = found.groupby(["promise_id", "segment", "value"], dropna=False, as_index=False)
    return grouped.agg(wordings=("version", "nunique"), pooled=("other", "any"))


def versions_each(
    snapshot: Queryable, whole: pd.DataFrame, window: CountedDays, segment: str = WHOLE, value: str = WHOLE
) -> pd.DataFrame:
    """Return one row a promise and version that has items in the window, oldest first: _VERSION_COLUMNS.

    Each is held against its own target. `whole` are the promises' rows of `statuses` over the same window. With a `segment`
    only the items that have this `value` of it are counted. What was not promised is of no version: it is in none.
    """
    condition = f"list_contains($promises, promise_id) and segment = $segment and coalesce(value, '{NONE_VALUE}') = $value"
    ids: dict[str, object] = {"promises": list(whole["promise_id"]), "segment": segment, "value": value}
    table = _counts(snapshot, window, condition, ["promise_id", "version"], ids).assign(not_promised=0)
    said = declared_versions(snapshot).drop(columns=["length", "at_least"]).rename(columns={"target": "own"})
    table = table.merge(whole[["promise_id", "at_least"]], on="promise_id")
    table = table.merge(said, on=["promise_id", "version"])
    table = figures(table.assign(target=table["target"].fillna(table["own"])))
    table = table[table[list(COUNTS)].sum(axis=1) > 0]
    return table.sort_values(["promise_id", "version"], ignore_index=True)[list(_VERSION_COLUMNS)]


def _counts(
    snapshot: Queryable,
    window: CountedDays,
    condition: str,
    keys: list[str],
    more: dict[str, object] | None = None,
) -> pd.DataFrame:
    """Return counts by keys, up to the snapshot's day and of the days that are over, with the mean target of what they count.

    What is open is counted on days to come as well; `due_open` is what is open on those that are told.
    """
    by = ", ".join(keys)
    return snapshot.query(
        f"""
        select {by}, {told_sums()}, {mean_target(where=GONE_BY)} as target, {settled_sums()}
        from verdict_daily d left join promise_version v using (promise_id, version)
        where {condition} and {window.bounds} group by {by}
        """,
        {**window.parameters, "over": last_day_over(snapshot.meta["as_of"]), **(more or {})},
    )
