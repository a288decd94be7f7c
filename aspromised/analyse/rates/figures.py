"""The figures of a kept rate: its Wilson interval, its gap to the target, and the status, also of what is not all decided.

A window may count items that are still open. What was decided early is not like what is decided late, so a rate that
leaves the open ones out may not be called kept or missed before they are told. It is so called only where three
readings agree: the items decided so far; and of the days that are over, all open ones kept, and all of them broken.
Counted on the day they started, open items lie on days that are over: they bound the rate. Counted on the day they are
due, they lie on days to come, as do items kept early: these days are in no rate, and wait for their turn.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from aspromised.schema.snapshot import COUNT_NAMES
from aspromised.stats.proportion import is_below, items_required, wilson
from aspromised.words.figures import count, percent
from aspromised.words.vocabulary import Status

COUNTS = COUNT_NAMES
SETTLED = ("settled_kept", "settled_broken", "settled_open", "settled_target")
"""Of the days that are over: counts, and the mean target of what they hold, open items among them."""
FIGURES = (
    "decided", "rate", "low", "high", "target", "gap", "gap_items", "status",
    "rate_if_all_kept", "rate_if_all_broken", "waits_for", "due_open",
)  # fmt: skip


def is_settled(if_all_kept: ArrayLike, if_all_broken: ArrayLike, target: ArrayLike) -> np.ndarray:
    """Return whether a rate will stay on its side of the target, whatever becomes of the open items.

    >>> is_settled([0.97, 0.97, 0.9], [0.96, 0.9, 0.8], 0.95).tolist()
    [True, False, True]
    """
    return np.asarray(is_below(if_all_kept, target) == is_below(if_all_broken, target))


def statuses_of(
    kept: ArrayLike, decided: ArrayLike, target: ArrayLike, at_least: ArrayLike = 1
) -> list[Status]:
    """Return where each stands, so many kept of the decided items, against its target; nothing decided is no success.

    >>> statuses_of([985, 900, 940, 9, 0], [1000, 1000, 1000, 9, 0], 0.95, 30)
    ['kept', 'missed', 'too close to call', 'too few', 'no data']
    >>> statuses_of([7, 99, 100], [7, 100, 100], 1.0)
    ['too close to call', 'missed', 'too close to call']
    """
    low, high = wilson(kept, decided)
    decided, at_least = np.asarray(decided, float), np.asarray(at_least, float)
    told = [decided == 0, decided < at_least, is_below(high, target), ~is_below(low, target)]
    words: list[Status] = ["no data", "too few", "missed", "kept"]
    found: list[Status] = np.select(np.broadcast_arrays(*told), words, "too close to call").tolist()
    return found


def figures(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of COUNTS, `target` and `at_least` with FIGURES; with SETTLED, judged on what is over as well.

    `rate`, `low`, `high` (Wilson, 95 %), `target` and `gap` are shares, `gap_items` is how many more were kept than the
    target asks (negative: short). `rate_if_all_kept` and `rate_if_all_broken` are of the decided and the open items, those
    on days to come left out where `due_open` tells what is open on the days before (it is told back); `waits_for` are the open items without
    which there would be a verdict.
    """
    kept, still_open = table["kept"], table["due_open" if "due_open" in table else "open"]
    decided = kept + table["broken"]
    counted = (decided + still_open).where(decided + still_open > 0)
    low, high = wilson(kept, decided)
    rate = kept / decided.where(decided > 0)
    so_far = pd.Series(
        statuses_of(kept, decided, table["target"], table["at_least"].astype("float64")),
        table.index,
        dtype=object,
    )
    waits = _waits(table, so_far, still_open)
    return table.assign(
        decided=decided, rate=rate, low=low, high=high,
        gap=rate - table["target"], gap_items=kept - items_required(decided, table["target"]),
        status=so_far.mask(waits, "too close to call"),
        rate_if_all_kept=(kept + still_open) / counted, rate_if_all_broken=kept / counted,
        waits_for=still_open.where(waits, 0), due_open=still_open,
    )  # fmt: skip


def waiting(row: Mapping[str, Any] | pd.Series, many: str = "items") -> str:
    """Return that a status waits for open items and how far they may move the rate, "" where it does not.

    >>> waiting(pd.Series({"waits_for": 107, "rate_if_all_broken": 0.782, "rate_if_all_kept": 0.952}))
    'waits for 107 open items: 78.2 % if all are broken, 95.2 % if all are kept'
    """
    if not row["waits_for"]:
        return ""
    bounds = f"{percent(row['rate_if_all_broken'])} if all are broken, {percent(row['rate_if_all_kept'])} if all are kept"
    return f"waits for {count(row['waits_for'])} open {many}: {bounds}"


def _waits(table: pd.DataFrame, so_far: pd.Series, due_open: pd.Series) -> pd.Series:
    """Whether the items so far are called something that those of the days that are over are not, whatever becomes of them."""
    if not set(SETTLED) <= set(table):
        return pd.Series(False, index=table.index)
    kept, still_open = table["settled_kept"], table["settled_open"]
    of = kept + table["settled_broken"] + still_open
    target = table["settled_target"]
    readings = statuses_of(kept + still_open, of, target), statuses_of(kept, of, target)
    agree = [one == best == worst for one, best, worst in zip(so_far, *readings, strict=True)]
    return so_far.isin(("kept", "missed")) & (due_open > 0) & ~pd.Series(agree, table.index, dtype=bool)
