"""What came of a change that touches everything: before and since, with nothing to hold it against."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from aspromised.analyse.changes.effect import (
    AFTER_DAYS,
    AFTER_LEAST,
    BEFORE_DAYS,
    BEFORE_LEAST,
    NO_COMPARISON,
    TOO_EARLY,
)
from aspromised.analyse.rates.versions import in_force
from aspromised.sql.engine import Engine

TOUCHES_ALL = "it touches everything, so nothing is left to compare with"
WORDED_ANEW = "the promise was worded anew in those days"


def whole_effects(con: Engine, schema: str, on: date, over: date, versions: pd.DataFrame) -> pd.DataFrame:
    """Return a row of `change_effect` for each promise with items before and since, on the days they are counted on."""
    first, last = on - timedelta(days=BEFORE_DAYS), min(on + timedelta(days=AFTER_DAYS - 1), over)
    earlier = first - timedelta(days=BEFORE_DAYS)
    sums = ", ".join(
        f"coalesce(sum({told}) filter (day >= ${since} and day {to}), 0)::bigint as touched_{span}_{name}"
        for span, since, to in (("earlier", "earlier", "< $first"), ("before", "first", "< $on"), ("since", "on", "<= $last"))
        for name, told in (("kept", "kept"), ("items", "kept + broken"))
    )  # fmt: skip
    table = con.frame(
        f"select promise_id, {sums}, count(distinct day) filter (day >= $on and day <= $last)::integer as since_days"
        f" from {schema}.verdict_daily where segment = '(all)' and day >= $earlier and day <= $last and kept + broken > 0"
        " group by promise_id order by promise_id",
        {"earlier": earlier, "first": first, "on": on, "last": last},
    )
    table = table[(table["touched_before_items"] > 0) & (table["touched_since_items"] > 0)].reset_index(drop=True)  # fmt: skip
    promises = table["promise_id"]
    same = (
        in_force(versions, promises, [on - timedelta(days=BEFORE_LEAST)] * len(table))["version"]
        == in_force(versions, promises, [last] * len(table))["version"]
    )
    days = (last - on).days + 1
    nothing = {f"others_{span}_{name}": 0 for span in ("earlier", "before", "since") for name in ("kept", "items")}  # fmt: skip
    verdict = np.where(same & (days < AFTER_LEAST), TOO_EARLY, NO_COMPARISON)
    why = pd.Series(np.where(same, TOUCHES_ALL, WORDED_ANEW), dtype=object)
    return table.assign(
        **nothing, before_first=first, since_last=last, by_start=False, verdict=verdict,
        why=why.where(pd.Series(verdict) == NO_COMPARISON, None),
    )  # fmt: skip
