"""Each day's demand: growth, season, weekday, promotions; and the picking capacity laid on for it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aspromised.demo.anchors import Anchors
from aspromised.demo.company.campaigns import CAMPAIGNS, active, daily_headroom
from aspromised.demo.wall import DAY, Floats, Ints, day_number, weekday

_SEASON = (1.05, 0.92, 0.95, 1.00, 1.02, 0.95, 0.92, 0.88, 1.00, 1.04, 1.22, 1.10)
_WEEKDAY = (1.10, 1.00, 0.97, 0.96, 0.98, 0.97, 1.12)
PLANNED_DAYS = 92
"""Days after the data for which capacity is already planned."""


@dataclass(frozen=True)
class DailyDemand:
    """A row a day: usual orders (weekdays evened out), each campaign's addition, and the capacity factor."""

    days: Ints
    usual: Floats
    extra: dict[str, Floats]
    headroom: Floats
    planned: Ints
    planned_usual: Floats
    planned_headroom: Floats

    @property
    def busier(self) -> Floats:
        """How much more than usual is expected each day, promotions included: 1 is as usual."""
        return np.asarray(1 + sum(self.extra.values()))

    @property
    def expected(self) -> Floats:
        """Orders expected a day, promotions included."""
        return np.asarray(self.usual * self.busier * np.take(_WEEKDAY, weekday(self.days)))


def daily_demand(at: Anchors, orders: int) -> DailyDemand:
    """Return the demand of every day covered, scaled to `orders` in all, and of the days planned after."""
    first, last = day_number(at["data-from"]), day_number(at["data-to"])
    days = np.arange(first, last + 1, dtype=np.int64)
    planned = np.arange(last + 1, last + 1 + PLANNED_DAYS, dtype=np.int64)
    extra = {c.id: c.uplift * active(c, at, days) for c in CAMPAIGNS}
    usual = _usual(days, first)
    scale = orders / float((usual * (1 + sum(extra.values()))).sum())
    return DailyDemand(
        days, usual * scale, extra, daily_headroom(at, days),
        planned, _usual(planned, first) * scale, daily_headroom(at, planned),
    )  # fmt: skip


def _usual(days: Ints, first: int) -> Floats:
    of_year = pd.DatetimeIndex((days * DAY).view("datetime64[us]")).day_of_year.to_numpy()
    middles = np.arange(12) * 30.4 + 15
    growth = 1 + 0.30 * (days - first) / 730
    return np.asarray(growth * np.interp(of_year, middles, _SEASON, period=365))
