"""The days over which a launch is held to account: from launch until it was ready, or while it ran."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from aspromised.analyse.queryable import Queryable, remembered
from aspromised.words.figures import plural
from aspromised.words.moments import last_day_over
from aspromised.words.problems import MisuseError

EARLY = "launched_before_ready"


@dataclass(frozen=True)
class LaunchSpan:
    """A promotion and the local days [first, until) looked at, all of them over; `days` is 0 before the end of the first
    and where it was called off."""

    promotion_id: str
    says: str
    leans_on: tuple[str, ...]
    first: date
    until: date
    is_early: bool
    is_over: bool
    was_ready: bool = True
    """Whether there was a day it was ready on; one launched too early may never have had any."""
    is_first_day: bool = False
    """Whether it was launched on the day that is still running, so that no whole day of it has passed."""

    @property
    def days(self) -> int:
        """How many days are looked at."""
        return max((self.until - self.first).days, 0)

    @property
    def in_words(self) -> str:
        """Which days these are, in words."""
        if self.is_early and self.was_ready:
            return f"in the {plural(self.days, 'day')} before it was ready"
        unready = (
            "" if not self.is_early else " and never was ready" if self.is_over else " without being ready"
        )
        return f"in the {plural(self.days, 'day')} {'it ran' if self.is_over else 'it has run'}{unready}"

    def known_in_words(self, known: int) -> str:
        """Return which days these are where only so many of them are known."""
        if known == self.days:
            return self.in_words
        return f"on the {plural(known, 'day')} that {'is' if known == 1 else 'are'} known of {self.in_words.removeprefix('in ')}"


def span(snapshot: Queryable, promotion_id: str, until: date | None = None) -> LaunchSpan:
    """Return the days that count against a promotion: to `until`, or to the day it was ready, its end, or the last day over.

    Whole local days that are over at the snapshot's moment: the day of the launch counts from midnight. MisuseError where there is no such promotion.
    """
    row, zone = _launches(snapshot).get(promotion_id), ZoneInfo(snapshot.meta["timezone"])
    if row is None:
        raise MisuseError(f"there is no promotion '{promotion_id}' with a launch")
    first, ends = local_day(row["launched"], zone), local_day(row["ends"], zone)
    after = last_day_over(snapshot.meta["as_of"]) + timedelta(days=1)
    last = min(ends + timedelta(days=1), after) if ends else after
    ready = until or _ready_on(row)
    is_early = ready is not None and ready > (first or after)
    stop = min(ready, last) if is_early and ready else last
    return LaunchSpan(
        promotion_id, str(row["says"]), tuple(row["leans_on"]), first or after,
        (first or after) if row["cancelled"] else stop, is_early, bool(ends and ends < after), ready != date.max,
        first == after and snapshot.meta["as_of_day"] == after.isoformat() and not row["cancelled"],
    )  # fmt: skip


@remembered
def _launches(snapshot: Queryable) -> dict[str, dict[Hashable, Any]]:
    """Return every promotion with a launch by its id."""
    every = snapshot.query(
        "select promotion_id, says, leans_on, launched, ends, coalesce(cancelled, false) as cancelled, verdict, ready_on"
        " from promotion left join readiness using (promotion_id) where launched is not null"
    )
    return {row["promotion_id"]: row for row in every.to_dict("records")}


def _ready_on(row: Mapping[Hashable, Any]) -> date | None:
    """Return the day a promotion launched too early was ready; a day after all days where it never was."""
    if row["verdict"] != EARLY:
        return None
    return date.max if pd.isna(row["ready_on"]) else pd.Timestamp(row["ready_on"]).date()


def local_day(moment: object, zone: ZoneInfo) -> date | None:
    """Return the local day of a plain UTC instant, None of none."""
    if pd.isna(moment):
        return None
    here: date = pd.Timestamp(moment).tz_localize("UTC").tz_convert(zone).date()
    return here
