"""Two kinds of promise counted by hand before the product judges them: monthly counts, and repeats."""

from typing import Any

import numpy as np
import pandas as pd

from aspromised.demo.truth.promises import OracleInput
from aspromised.demo.truth.verdicts import verdict_counts
from aspromised.demo.wall import local_days

_WEEK = pd.Timedelta(days=7)


def ready_to_collect(judging: OracleInput) -> dict[str, Any]:
    """Return collections kept and broken; a row never sent is unknown."""
    table = judging.tables["store_counts"]
    kept, total = int(table["ready_on_time"].sum()), int(table["collections"].sum())
    return {
        "kept": kept,
        "broken": total - kept,
        "rows_never_sent": int(table["collections"].isna().sum()),
        "rate": kept / total,
    }


def first_contact(judging: OracleInput) -> dict[str, Any]:
    """Return contacts not followed by another of that customer and topic within 7 days (7 days exactly is again)."""
    table = judging.tables["contacts"].sort_values(["customer_id", "topic", "opened_at"], kind="stable")
    following = table.groupby(["customer_id", "topic"])["opened_at"].shift(-1)
    again = (following - table["opened_at"]) <= _WEEK
    mature = table["opened_at"] + _WEEK <= judging.as_of
    verdict = np.select([again, mature], ["broken", "kept"], default="open")
    return verdict_counts(pd.DataFrame({"verdict": verdict, "day": local_days(table["opened_at"] + _WEEK)}))
