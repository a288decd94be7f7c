"""Promotions of a month: what was launched, what is planned."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import day

STARTED_COLUMNS = ("promotion_id", "says", "run_by", "launched")


@dataclass(frozen=True)
class Started:
    """Promotions launched in the window (`launched`) and the first planned after it (`planned`): STARTED_COLUMNS."""

    launched: pd.DataFrame
    planned: pd.DataFrame
    window: Window
    as_of: date

    @property
    def sentence(self) -> str:
        """What was launched and when, or that nothing was; then the next one to come."""
        out = [_named(row) for row in self.launched.itertuples() if row.launched <= self.as_of]
        due = [_named(row) for row in self.launched.itertuples() if row.launched > self.as_of]
        said = [f"{'; '.join(out)}."] if out else []
        said += [f"Planned: {'; '.join(due)}."] if due else []
        if not said:
            said = [f"No promotion in {self.window.label}."]
        return " ".join([*said, *(f"Next: {_named(row)}." for row in self.planned.itertuples())])


def started(snapshot: Queryable, window: Window, as_of: date) -> Started:
    """Return the promotions launched in `window`; where it is the latest known, the next planned one too.

    Days are the company's; a promotion that was called off is left out.
    """
    table = snapshot.query(
        "select promotion_id, says, run_by, launched from promotion"
        " where launched is not null and not coalesce(cancelled, false) order by launched, promotion_id"
    )
    zone = ZoneInfo(snapshot.meta["timezone"])
    table["launched"] = pd.to_datetime(table["launched"]).dt.tz_localize("UTC").dt.tz_convert(zone).dt.date
    days, last = table["launched"], window.last or date.max
    inside = pd.Series([(window.first or date.min) <= one <= last for one in days], dtype=bool)
    later = pd.Series([one > max(last, as_of) for one in days], dtype=bool)
    planned = table[later].head(1 if last >= as_of else 0)
    return Started(table[inside].reset_index(drop=True), planned.reset_index(drop=True), window, as_of)


def _named(row: object) -> str:
    said, by = getattr(row, "says", None), getattr(row, "run_by", None)
    words = f"“{said}”" if isinstance(said, str) else str(getattr(row, "promotion_id", ""))
    owner = f" ({by})" if isinstance(by, str) else ""
    return f"{words} on {day(getattr(row, 'launched', None))}{owner}"
