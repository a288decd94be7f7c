"""What is done on a few days of the week only, though what it waits for comes on others too."""

from calendar import day_name
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.windows.window import Window
from aspromised.stats.weekday_concentration import Concentration, concentrated
from aspromised.words.figures import count, listed, percent, roughly

HISTORY_WEEKS = 104
"""So many weeks up to the end of the window are looked at."""


@dataclass(frozen=True)
class BatchDays:
    """An activity that is done on a few days of the week."""

    activity: str
    waits_for: str
    found: Concentration
    waiting_s: float
    """Seconds that a case waits for it, on average."""

    @property
    def weekdays(self) -> list[str]:
        """The days, from Monday."""
        return [day_name[day] for day in self.found.weekdays]

    @property
    def sentence(self) -> str:
        """The finding in words."""
        held, total = count(self.found.held), count(self.found.total)
        return (
            f"{self.activity} is done on {listed([f'{day}s' for day in self.weekdays])}: {held} of {total}. "
            f"{percent(self.found.expected, 0)} of what comes before it ({self.waits_for}) is done on these days; it waits"
            f" {roughly(self.waiting_s)} on average."
        )


@remembered
def batch_days(snapshot: Queryable, chain_id: str, window: Window) -> list[BatchDays]:
    """Return what is done on a few days of the week, up to the end of a window, the longest waiting first."""
    last = window.last
    within = "" if last is None else "and day <= $last and day > $last - interval 7 day * $weeks"
    asked = {"chain": chain_id} if last is None else {"chain": chain_id, "last": last, "weeks": HISTORY_WEEKS}
    days = snapshot.query(
        f"select activity, day, sum(times)::bigint as times from activity_daily where chain_id = $chain {within} group by 1, 2",
        asked,
    )
    pairs = snapshot.query(
        f"""select from_activity, to_activity, sum(handoffs)::bigint as handoffs, sum(waiting_s) as waiting_s
        from handoff_daily where chain_id = $chain {within} group by 1, 2""",
        asked,
    )
    if days.empty or pairs.empty:
        return []
    counts = {activity: _by_week(part) for activity, part in days.groupby("activity")}
    found = [_found(activity, before, counts) for activity, before in pairs.groupby("to_activity")]
    return sorted(filter(None, found), key=lambda each: -each.waiting_s * each.found.total)


def _by_week(days: pd.DataFrame) -> np.ndarray:
    """Return how often something was done by week and weekday."""
    number = (pd.to_datetime(days["day"]) - pd.Timestamp("1970-01-05")).dt.days.to_numpy()
    week, weekday = np.divmod(number, 7)
    table = np.zeros((week.max() - week.min() + 1, 7), dtype=np.int64)
    np.add.at(table, (week - week.min(), weekday), days["times"].to_numpy())
    return table


def _found(activity: str, before: pd.DataFrame, counts: dict[str, np.ndarray]) -> BatchDays | None:
    """Return the finding of an activity, told what it waits for: what of that is done on which weekday is to be expected."""
    number = int(before["handoffs"].sum())
    expected = sum(
        row.handoffs / number * counts[row.from_activity].sum(axis=0) / counts[row.from_activity].sum()
        for row in before.itertuples()
        if row.from_activity in counts
    )
    if activity not in counts or not isinstance(expected, np.ndarray):
        return None
    found = concentrated(counts[activity], expected)
    if found is None:
        return None
    main = str(before.sort_values("handoffs", ascending=False)["from_activity"].iloc[0])
    return BatchDays(activity, main, found, float(before["waiting_s"].sum()) / number)
