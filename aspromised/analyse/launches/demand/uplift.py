"""How much more came in while a promotion ran than was usual: the same weekdays before, with an interval."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from aspromised.analyse.launches.effect.baseline import quiet_days
from aspromised.analyse.launches.readiness.span import LaunchSpan, local_day
from aspromised.analyse.queryable import Queryable
from aspromised.stats.overdispersion import History, prediction_interval, quiet_stretches
from aspromised.words.moments import last_day_over

REFERENCE_DAYS = 28
"""Demand grows and has seasons: four weeks tell what is usual."""


@dataclass(frozen=True)
class Uplift:
    """Items that came in, how many of them the promotion brought, how many were usual, and the uplift with its 95 % interval
    (shares: 0.24 is 24 % more); None where there are too few quiet days to tell.

    Of `days` days: those of the promotion that lie between the source's first and last known day."""

    days: int
    known_first: date
    known_last: date
    items: int
    brought: int
    usual: float | None
    share: float | None
    low: float | None
    high: float | None


def uplift(snapshot: Queryable, looked: LaunchSpan, source: str) -> Uplift | None:
    """Return how demand went in the days of a promotion, items of other promotions left out; None where none is told.

    Only days that are over are looked at.
    """
    days = snapshot.query(
        "select day, brought, items from demand_daily where source = $source and day <= $over order by day",
        {"source": source, "over": last_day_over(snapshot.meta["as_of"])},
    )
    return None if days.empty or not looked.days else uplift_of(days, launched(snapshot), looked)


def launched(snapshot: Queryable) -> pd.DataFrame:
    """Return the local days of every promotion that was not called off: promotion_id, first, last (None: no end), leans."""
    found = snapshot.query(
        "select promotion_id, launched, ends from promotion"
        " where launched is not null and not coalesce(cancelled, false) order by launched, promotion_id"
    )
    zone = ZoneInfo(snapshot.meta["timezone"])
    days = {
        name: [local_day(one, zone) for one in found[of]]
        for name, of in (("first", "launched"), ("last", "ends"))
    }
    return pd.DataFrame({"promotion_id": found["promotion_id"], **days, "leans": True})


def uplift_of(days: pd.DataFrame, promotions: pd.DataFrame, looked: LaunchSpan) -> Uplift:
    """Return the uplift of `days` (day, brought, items): the one step without a snapshot.

    Usual is the level of the quiet days before times the weekday; the range is negative binomial, its variance that of
    chance, of the level, and of how far quiet stretches of the same length strayed. A day without items is one of none
    between the first day that has any and the last; what came on days outside is not known, and they are left out.
    """
    counts = days[days["brought"].isna() | (days["brought"] == looked.promotion_id)]
    calendar = pd.date_range(days["day"].min(), days["day"].max(), freq="D")
    seen = counts.groupby("day")["items"].sum().reindex(calendar, fill_value=0).to_numpy(dtype=float)
    quiet = quiet_days(pd.Series(calendar), promotions).to_numpy()
    weekly = _weekdays(seen, calendar, quiet)
    history = History(seen, weekly, weekly, np.ones(len(seen), dtype=int), quiet, REFERENCE_DAYS)
    start, stop = (
        int(np.clip((pd.Timestamp(day) - calendar[0]).days, 0, len(calendar)))
        for day in (looked.first, looked.until)
    )
    items = int(seen[start:stop].sum())
    brought = int(days.loc[(days["brought"] == looked.promotion_id) & _inside(days, looked), "items"].sum())
    untold = Uplift(
        max(stop - start, 0), calendar[0].date(), calendar[-1].date(), items, brought, None, None, None, None
    )
    if not untold.days:
        return untold
    level, stretches = history.level(start, stop, 1), quiet_stretches(history, stop - start)
    usual = level.factor * float(weekly[start:stop].sum()) if level else 0.0
    if level is None or stretches is None or usual <= 0:
        return untold
    variance = usual + level.relative_variance * usual**2 + stretches.between_variance * usual**2
    ends = prediction_interval(usual, variance, None, int(stretches.non_overlapping.sum()))
    low, high = (max(end, 1.0) for end in ends)
    return replace(untold, usual=usual, share=items / usual - 1, low=items / high - 1, high=items / low - 1)


def _inside(days: pd.DataFrame, looked: LaunchSpan) -> pd.Series:
    return days["day"].between(pd.Timestamp(looked.first), pd.Timestamp(looked.until - timedelta(days=1)))


def _weekdays(seen: np.ndarray, calendar: pd.DatetimeIndex, quiet: np.ndarray) -> np.ndarray:
    """Return what each day would be by its weekday alone: the mean of all days, times how quiet days of that weekday stand
    to the week around them."""
    around = pd.Series(seen, index=calendar).rolling(7, center=True, min_periods=1).mean().to_numpy()
    share = np.where(around > 0, seen / np.maximum(around, 1e-9), np.nan)
    table = pd.Series(share).where(pd.Series(quiet)).groupby(calendar.day_of_week).mean().reindex(range(7))
    return np.asarray(seen.mean() * table.fillna(1.0).to_numpy()[calendar.day_of_week])
