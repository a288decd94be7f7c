"""Logs as tables a person can read, and what is made of them."""

import pandas as pd

from aspromised.stats.waiting.activity_log import ActivityLog
from aspromised.stats.waiting.causes import Handoffs

KEYS = ["source_activity", "source_resource", "target_activity", "target_resource"]
SUMS = ["waiting", "batching", "prioritisation", "contention", "unavailability", "extraneous"]


def activity_log(log: pd.DataFrame) -> tuple[ActivityLog, list[str]]:
    """Return a table of case, activity, resource, start, end as arrays, and the resources' names by code."""
    resource, names = pd.factorize(log["resource"])
    moments = [log[name].astype("datetime64[us]").astype("int64").to_numpy() for name in ("start", "end")]
    case, activity = (pd.factorize(log[name], sort=True)[0] for name in ("case", "activity"))
    return ActivityLog(case, activity, resource, *moments), list(names)


def by_handoff(log: pd.DataFrame, found: Handoffs) -> pd.DataFrame:
    """Return a row a handoff between activities and resources: how often, which cases, the sums, and the seconds."""
    table = pd.DataFrame({name: pd.to_timedelta(getattr(found, name), unit="us") for name in SUMS})
    for side, place in (("source", found.source), ("target", found.target)):
        for name in ("activity", "resource"):
            table[f"{side}_{name}"] = log[name].to_numpy()[place]
    table["case"] = log["case"].to_numpy()[found.target]
    groups = table.sort_values("case", kind="stable").groupby(KEYS)
    counted = groups.agg(
        frequency=("case", "size"), cases=("case", lambda of: ",".join(dict.fromkeys(map(str, of))))
    )
    summed = groups[SUMS].sum()
    return counted.join(summed).assign(seconds=summed["waiting"].dt.total_seconds()).reset_index()
