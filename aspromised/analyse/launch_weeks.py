"""The kept rate before and after a launch: by the day items started, in weeks counted from the day of the launch."""

from datetime import date, timedelta

import pandas as pd

from aspromised.analyse.scope import Source
from aspromised.analyse.status import wilson

BEFORE, AFTER = 8, 8
"""So many weeks are shown on either side of a launch."""
STILL_OPEN = 0.05
"""A week of which a larger share of the items is open is not told for good."""
WEEK_COLUMNS = ("promise_id", "week", "first", "last", "kept", "broken", "open", "decided", "rate", "low", "high",
                "target", "closed")  # fmt: skip

_WEEKS = """
with daily as (
    select promise_id, day, sum(kept)::bigint as kept, sum(broken)::bigint as broken, sum(open)::bigint as open
    from launch_cell
    where list_contains($promises, promise_id) and day between $first and $last
    group by all
),
aimed as (
    select daily.*, version.target
    from daily asof left join (
        select promise_id, coalesce(from_day, date '1800-01-01') as from_day, target from promise_version
    ) as version
      on version.promise_id = daily.promise_id and version.from_day <= daily.day
)
select promise_id, floor((day - $launched) / 7)::integer as week, sum(kept)::bigint as kept, sum(broken)::bigint as broken,
    sum(open)::bigint as open, sum(target * (kept + broken)) / nullif(sum(kept + broken), 0) as target
from aimed group by all order by promise_id, week
"""


def weeks_around(snapshot: Source, promises: list[str], launched: date, as_of: date) -> pd.DataFrame:
    """Return a row for each promise and week around a launch in which items started: WEEK_COLUMNS.

    Week 0 starts on the day of the launch, so that no week has days of both sides. `rate`, `low` and `high` (Wilson,
    95 %) are shares, NaN where nothing is decided; `target` is that of the versions in force, by their decided items.
    `closed`: the week is over and at most STILL_OPEN of it is open. Before a planned launch they are the weeks up to today.
    """
    launched = min(launched, as_of + timedelta(days=1))
    first, last = launched - timedelta(weeks=BEFORE), launched + timedelta(weeks=AFTER) - timedelta(days=1)
    keys = {"promises": promises, "first": first, "last": min(last, as_of), "launched": launched}
    table = snapshot.query(_WEEKS, keys)
    decided = table["kept"] + table["broken"]
    low, high = wilson(table["kept"], decided)
    starts = pd.to_datetime([launched + timedelta(weeks=int(week)) for week in table["week"]])
    table = table.assign(
        first=starts, last=starts + pd.Timedelta(days=6), decided=decided,
        rate=table["kept"] / decided.where(decided > 0), low=low, high=high,
    )  # fmt: skip
    is_over = table["last"] <= pd.Timestamp(as_of)
    return table.assign(closed=is_over & (table["open"] <= STILL_OPEN * (decided + table["open"])))[
        list(WEEK_COLUMNS)
    ]
