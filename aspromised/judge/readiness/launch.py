"""The local days of a promotion: announced, launched, ended, and those on which its gates are looked at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property

from aspromised.declare.model import Promotion
from aspromised.words.moments import local_moment

DAYS_BEFORE = 60
"""Gates are looked at from so many days before the launch, or from when it was announced, whichever is earlier."""


@dataclass(frozen=True)
class Launch:
    """A promotion on the company's calendar, as of the local day `today`."""

    promotion_id: str
    promotion: Promotion
    announced: date | None
    launched: date
    launched_at: datetime
    ends: date | None
    is_launched: bool
    today: date

    @property
    def first(self) -> date:
        """The first day its gates are looked at; of a planned launch there are as many before today."""
        anchor = self.launched if self.is_launched else min(self.launched, self.today)
        return min(filter(None, (self.announced, anchor - timedelta(days=DAYS_BEFORE))))

    @cached_property
    def days(self) -> list[date]:
        """The days its gates are looked at, up to today and never later."""
        first = self.first
        return [first + timedelta(days=n) for n in range((self.today - first).days + 1)]

    @property
    def judged_on(self) -> date:
        """The day that decides: of the launch, or today where that is still to come."""
        return self.launched if self.is_launched else self.today

    def runs_on(self, day: date) -> bool:
        """Whether it runs, or is planned to run, on a day."""
        return (
            not self.promotion.cancelled and self.launched <= day and (self.ends is None or day <= self.ends)
        )

    @property
    def uplift(self) -> float:
        """The share by which demand is expected to grow; 0 where nothing is expected."""
        return self.promotion.expects.demand if self.promotion.expects else 0.0


def launch_of(promotion_id: str, promotion: Promotion, as_of: datetime, zone: tzinfo) -> Launch:
    """Return the days of a promotion as of a moment."""
    launched = local_moment(promotion.launched, zone)
    assert launched, "a promotion says when it is launched"
    return Launch(
        promotion_id=promotion_id,
        promotion=promotion,
        announced=_day(promotion.announced, zone),
        launched=launched.astimezone(zone).date(),
        launched_at=launched,
        ends=_day(promotion.ends, zone),
        is_launched=launched <= as_of,
        today=as_of.astimezone(zone).date(),
    )


def _day(moment: datetime | None, zone: tzinfo) -> date | None:
    local = local_moment(moment, zone)
    return local.astimezone(zone).date() if local else None


def draws_on(launch: Launch, source: str, capacity: str) -> bool:
    """Return whether a promotion's demand uses a capacity up: it falls on its load, or one of its gates asks for it."""
    expects, items = launch.promotion.expects, launch.promotion.items
    falls_on = (expects.on if expects else None) or (items.source if items else None)
    asks = any(gate.capacity == capacity for gate in launch.promotion.ready_when)
    return asks or (falls_on is not None and falls_on == source)
