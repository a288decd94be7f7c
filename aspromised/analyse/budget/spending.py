"""The days a budget is counted from: decided, broken and open items a day, and what the days to come will bring."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.series import counted_by_month
from aspromised.analyse.rates.versions import declared_versions, in_force, told_day
from aspromised.analyse.windows.periods import Periods
from aspromised.analyse.windows.window import Window
from aspromised.words.nouns import Noun, item_noun

RECENT = 56
"""Eight weeks: each weekday eight times."""
_MONTHS = 3
"""So many months are looked back on where figures come once a month."""


@dataclass(frozen=True)
class Terms:
    """What a budget is held against: the window, the day it is counted to, and the target that the window is told in.

    `version` is the one in force on `as_of`, of which it is known what to expect; `target_next` the target of the next
    window, None where another version will stand there.
    """

    promise_id: str
    window: Window
    next_window: Window
    as_of: date
    version: int
    target: float
    target_next: float | None
    at_least: int
    policy: str
    noun: Noun

    @property
    def counted_to(self) -> date:
        """The last day that is counted."""
        return min(self.window.last or self.as_of, self.as_of)


@dataclass(frozen=True)
class Days:
    """Items by day and version: `day` as proleptic ordinals, counts, and the version's target."""

    day: np.ndarray
    version: np.ndarray
    kept: np.ndarray
    broken: np.ndarray
    open: np.ndarray
    aim: np.ndarray
    since: int
    """The first day that ever had an item."""
    known_to: int
    """The snapshot's day: what is known of days after it was known on it."""
    by_month: bool = False
    """Whether its figures come once a month, on the first day of each or on the last."""

    def where(self, chosen: np.ndarray) -> "Days":
        """Return the chosen rows."""
        parts = (self.day, self.version, self.kept, self.broken, self.open, self.aim)
        day, version, kept, broken, still_open, aim = (part[chosen] for part in parts)
        return Days(day, version, kept, broken, still_open, aim, self.since, self.known_to, self.by_month)

    def between(self, first: date | None, last: date) -> "Days":
        """Return the days from `first` to `last`, both included."""
        return self.where((self.day >= (first.toordinal() if first else 0)) & (self.day <= last.toordinal()))

    def recent(self, day: date) -> "Days":
        """Return the days that say what is to be expected after `day`."""
        return self.between(self._recent_from(day), day)

    @property
    def recent_span(self) -> str:
        """How long those days are, in words."""
        return f"{_MONTHS} months" if self.by_month else f"{RECENT // 7} weeks"

    def _recent_from(self, day: date) -> date:
        """The first of those days: eight weeks, or three months where figures come once a month."""
        if not self.by_month:
            return day - timedelta(days=RECENT - 1)
        before: date = (pd.Timestamp(day) - pd.DateOffset(months=_MONTHS)).date()
        return before + timedelta(days=1)

    def of_version(self, version: int) -> "Days":
        """Return what one version judged."""
        return self.where(self.version == version)

    @cached_property
    def decided(self) -> int:
        """Items kept or broken."""
        return int((self.kept + self.broken).sum())

    @cached_property
    def missed(self) -> int:
        """Items broken."""
        return int(self.broken.sum())

    @cached_property
    def forgiven(self) -> float:
        """Misses that the versions' targets forgive of the decided items."""
        decided = self.kept + self.broken
        return float(sum(decided[self.aim == aim].sum() * (1 - aim) for aim in np.unique(self.aim)))

    @property
    def target(self) -> float:
        """The mean target of the decided items."""
        aims = np.unique(self.aim[(self.kept + self.broken) > 0])
        return float(aims[0]) if len(aims) == 1 else 1 - self.forgiven / self.decided

    def to_come(self, window: Window, as_of: date, over: date) -> float:
        """Return the items of `window` that are still to be decided: all but those decided on the days to `as_of`.

        On each day after `over`, the last one that is over, as many as on that weekday lately (on the month's day, where
        figures come once a month), and no fewer than are already known; on a day gone by those still open. So of a day
        still running the rest is to come. As of an earlier day than the snapshot's nothing is known of the days after it.
        """
        assert window.first and window.last
        inside = self.between(window.first, window.last)
        now, gone = as_of.toordinal(), over.toordinal()
        still_open = int(inside.open[inside.day <= gone].sum())
        ahead = np.arange(max(window.first.toordinal(), gone + 1), window.last.toordinal() + 1)
        if not len(ahead):
            return float(still_open)
        known = np.zeros(len(ahead))
        later = (inside.day > gone) & ((inside.day <= now) | (now >= self.known_to))
        np.add.at(known, inside.day[later] - ahead[0], inside._items[later])
        today = inside.where((inside.day > gone) & (inside.day <= now))
        expected = np.maximum(known, self._usual(as_of, over, ahead)).sum()
        return float(still_open + expected - today.decided)

    @property
    def _items(self) -> np.ndarray:
        """Items that are or will be decided."""
        items: np.ndarray = self.kept + self.broken + self.open
        return items

    def _usual(self, as_of: date, over: date, ahead: np.ndarray) -> np.ndarray:
        """Items on the days `ahead`, as on their like over the recent days, or over those since the first item.

        Only days that are over say how many a day brings, unless the first item came on the day that is running.
        """
        last = over if self.since <= over.toordinal() else as_of
        first = self._recent_from(last).toordinal()
        span = self._kind_of_day(np.arange(max(self.since, first), last.toordinal() + 1))
        recent = self.recent(last)
        items = np.bincount(self._kind_of_day(recent.day), weights=recent._items, minlength=7)
        days = np.bincount(span, minlength=7)
        mean = 0.0 if self.by_month else items.sum() / max(len(span), 1)
        usual: np.ndarray = np.where(days > 0, items / np.maximum(days, 1), mean)[self._kind_of_day(ahead)]
        return usual

    def _kind_of_day(self, days: np.ndarray) -> np.ndarray:
        """Which days are alike: the same weekday (0 to 6); by the month, those that figures come on (1) and all others (0)."""
        if not self.by_month:
            return days % 7
        dated, figures = (
            pd.DatetimeIndex((each - _EPOCH).astype("datetime64[D]")) for each in (days, self.day)
        )
        comes = dated.is_month_start if figures.is_month_start.all() else dated.is_month_end
        return np.asarray(comes, dtype="int64")


def budget_inputs(
    snapshot: Queryable, window: Window | None, as_of_day: date | None, promise_id: str
) -> tuple[dict[str, Days], dict[str, Terms]]:
    """Return the days and the terms of every promise that has a budget, by id: of one, or all for ""."""
    periods = Periods.of(snapshot.meta)
    as_of = as_of_day or periods.today
    bounded = window if window and window.first and window.last else None
    terms = {each.promise_id: each for each in _terms(snapshot, periods, bounded, as_of, promise_id)}
    firsts = [each.window.first for each in terms.values() if each.window.first]
    lasts = [last for each in terms.values() for last in (each.window.last, each.next_window.last) if last]
    first = min([*firsts, as_of - timedelta(days=31 * _MONTHS)])
    rows = snapshot.query(_DAYS, {"promise": promise_id, "first": first, "last": max([*lasts, as_of])})
    return _by_promise(rows, list(terms), periods.today.toordinal(), counted_by_month(snapshot)), terms


_DAYS = """
with daily as (
  select *, min(day) over (partition by promise_id) as since
  from verdict_daily
  where $promise in ('', promise_id) and segment = '(all)' and day <= $last
)
select promise_id, day, version, kept, broken, open, since, v.target as aim
from daily
left join promise_version v using (promise_id, version)
where day >= $first
order by promise_id
"""
_PROMISES = """
select promise_id, "window", at_least, budget_policy, source, target
from promise
where $promise in ('', promise_id) and kind is distinct from 'spread' and target is not null
order by promise_id
"""


def _terms(
    snapshot: Queryable, periods: Periods, window: Window | None, as_of: date, promise_id: str
) -> list[Terms]:
    table = snapshot.query(_PROMISES, {"promise": promise_id})
    ids, versions = list(table["promise_id"]), declared_versions(snapshot)
    own = [periods.holding(kind if isinstance(kind, str) else "month", as_of) for kind in table["window"]]
    told = in_force(versions, ids, [told_day(window or each, as_of) for each in own])
    next_ = in_force(versions, ids, [told_day(each.after, as_of) for each in own])
    now = in_force(versions, ids, [as_of] * len(ids))["version"].fillna(1)
    table = table.assign(
        version=now,
        target=told["target"].fillna(table["target"]),
        target_next=next_["target"].fillna(table["target"]).where(next_["version"].fillna(1) == now),
    )
    found = []
    for row, each in zip(table.to_dict("records"), own, strict=True):
        policy = row["budget_policy"] if isinstance(row["budget_policy"], str) else ""
        at_least = 0 if pd.isna(row["at_least"]) else int(row["at_least"])
        target_next = None if pd.isna(row["target_next"]) else float(row["target_next"])
        found.append(
            Terms(
                row["promise_id"], window or each, each.after, as_of, int(row["version"]), float(row["target"]),
                target_next, at_least, policy, item_noun(row["source"]),
            )
        )  # fmt: skip
    return found


def _by_promise(
    rows: pd.DataFrame, promises: list[str], today: int, by_month: Collection[str]
) -> dict[str, Days]:
    """Cut the rows, which come promise by promise, into each promise's days."""
    days, since = (_ordinals(rows[name]) for name in ("day", "since"))
    columns = [rows[name].to_numpy("int64") for name in ("version", "kept", "broken", "open")]
    aims = rows["aim"].to_numpy("float64")
    names = rows["promise_id"].to_numpy(object)
    found = {}
    for promise in promises:
        part = slice(np.searchsorted(names, promise, "left"), np.searchsorted(names, promise, "right"))
        version, kept, broken, still_open = (column[part] for column in columns)
        begun = int(since[part][0]) if len(version) else date.max.toordinal()
        found[promise] = Days(
            days[part], version, kept, broken, still_open, aims[part], begun, today, promise in by_month
        )
    return found


def _ordinals(days: pd.Series) -> np.ndarray:
    numbers: np.ndarray = pd.to_datetime(days).to_numpy("datetime64[D]").astype("int64") + _EPOCH
    return numbers


_EPOCH = date(1970, 1, 1).toordinal()
