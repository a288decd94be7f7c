"""The kept rate before and after a launch: by the day items started, in weeks counted from the day of the launch."""

from datetime import date, timedelta

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.figures import FIGURES, figures
from aspromised.analyse.rates.versions import declared_versions, in_force, mean_of
from aspromised.words.moments import last_day_over

BEFORE, AFTER = 8, 8
"""So many weeks are shown on either side of a launch."""
STILL_OPEN = 0.05
"""A week of which a larger share of the items is open is not told for good."""
LAUNCH_WEEK_COLUMNS = (
    "promise_id",
    "claim",
    "week",
    "first",
    "last",
    "kept",
    "broken",
    "open",
    *FIGURES,
    "closed",
)

_DAYS = """
select promise_id, day, sum(kept)::bigint as kept, sum(broken)::bigint as broken, sum(open)::bigint as open
from launch_cell
where list_contains($promises, promise_id) and day between $first and $last
group by all order by all
"""


def weeks_around(snapshot: Queryable, promises: list[str], launched: date, as_of: date) -> pd.DataFrame:
    """Return a row for each promise and week around a launch in which items started: LAUNCH_WEEK_COLUMNS.

    Week 0 starts on the day of the launch, so that no week has days of both sides. The figures are those of
    `rates.figures`, with no least number of items, each item held against the version in force when it started. `claim` are the words of the week's first day.
    `closed`: the week is over and at most STILL_OPEN of it is open. Before a planned launch they are the weeks up to today.
    """
    launched = min(launched, as_of + timedelta(days=1))
    first, last = launched - timedelta(weeks=BEFORE), launched + timedelta(weeks=AFTER) - timedelta(days=1)
    days = snapshot.query(_DAYS, {"promises": promises, "first": first, "last": min(last, as_of)})
    versions = declared_versions(snapshot)
    table = figures(_by_week(days, in_force(versions, days["promise_id"], days["day"]), launched))
    table["claim"] = in_force(versions, table["promise_id"], table["first"])["claim"]
    is_over = table["last"] <= pd.Timestamp(last_day_over(snapshot.meta["as_of"]))
    still_open = table["open"] > STILL_OPEN * (table["decided"] + table["open"])
    return table.assign(closed=is_over & ~still_open)[list(LAUNCH_WEEK_COLUMNS)]


def _by_week(days: pd.DataFrame, versions: pd.DataFrame, launched: date) -> pd.DataFrame:
    """Return counts by promise and week; counted by the day they started, open items lie among those decided."""
    decided = days["kept"] + days["broken"]
    target = versions["target"].astype("float64")
    week = (pd.to_datetime(days["day"]) - pd.Timestamp(launched)).dt.days // 7
    sums = (
        days.assign(week=week, aim=target * decided, settled_aim=target * (decided + days["open"]))
        .groupby(["promise_id", "week"], as_index=False)[["kept", "broken", "open", "aim", "settled_aim"]]
        .sum()
    )
    decided, counted = sums["kept"] + sums["broken"], sums[["kept", "broken", "open"]].sum(axis=1)
    first = pd.Timestamp(launched) + pd.to_timedelta(7 * sums["week"], unit="D")
    return sums.assign(
        first=first,
        last=first + pd.Timedelta(days=6),
        at_least=0,
        target=mean_of(sums["aim"], decided),
        settled_target=mean_of(sums["settled_aim"], counted),
        **{f"settled_{name}": sums[name] for name in ("kept", "broken", "open")},
    )
