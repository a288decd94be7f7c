"""The week in which a resource works, read from when it was seen at work.

A weekday is worked where the resource did something on it in at least a tenth of its weeks; from when a hundredth of all that
it was seen doing on that weekday has been seen until only a hundredth is left; but for breaks: stretches in which it was
never seen, so long that this would happen by chance less than once in a thousand. The calendars of "Why am I waiting?" (CAiSE
2023; López-Pintado & Dumas, BPM 2022) take as working time the quarters of an hour in which enough began or ended. Of
somebody who does five things a day that leaves most of the day out, and calls waiting for a decision absence.
"""

from dataclasses import dataclass

import numpy as np

from aspromised.stats.waiting.activity_log import ActivityLog, group_starts

QUARTER = 15 * 60 * 1_000_000
DAY_LENGTH = 96 * QUARTER
WEEK_LENGTH = 7 * DAY_LENGTH
QUARTERS = 7 * 96
_MONDAY = 3 * DAY_LENGTH  # 1 January 1970 was a Thursday
WORKED = 0.1
"""The share of its weeks in which a resource works on a weekday, at least."""
TAIL = 0.01
"""The share of what it was seen doing on a weekday that lies before it begins, and after it ends."""
BREAK = -np.log(0.001)
"""So often, at least, it would have been seen in a stretch in which it never was, did it work then."""


@dataclass(frozen=True)
class LocalTime:
    """What a clock on the wall shows: from each moment of `since` (UTC, sorted) on, so many microseconds are added."""

    since: np.ndarray
    ahead: np.ndarray

    def offset(self, moments: np.ndarray) -> np.ndarray:
        """Return what is added at each moment."""
        found: np.ndarray = self.ahead[np.maximum(np.searchsorted(self.since, moments, side="right") - 1, 0)]
        return found


UTC_TIME = LocalTime(np.array([0]), np.array([0]))


@dataclass(frozen=True)
class WeeklyHours:
    """The working quarters of the week before each quarter, cumulated: a row a resource, from Monday midnight."""

    before: np.ndarray

    @classmethod
    def of(cls, works: np.ndarray) -> "WeeklyHours":
        """Return the hours of resources, told for each of the week's quarters whether it is working time."""
        before = np.zeros((len(works), QUARTERS + 1), dtype=np.int16)
        np.cumsum(works, axis=1, out=before[:, 1:], dtype=np.int16)
        return cls(before)

    def worked(self, resource: np.ndarray, wall: np.ndarray) -> np.ndarray:
        """Return the working time of each resource from a Monday long ago until the moment on the wall."""
        week, inside = np.divmod(wall + _MONDAY, WEEK_LENGTH)
        quarter, rest = np.divmod(inside, QUARTER)
        done = self.before[resource, quarter].astype(np.int64)
        now = self.before[resource, quarter + 1].astype(np.int64) - done
        worked: np.ndarray = (week * self.before[resource, QUARTERS] + done) * QUARTER + now * rest
        return worked


def discovered_hours(log: ActivityLog, resources: int, local: LocalTime) -> WeeklyHours:
    """Return the hours of the resources 0 … resources − 1."""
    known = np.flatnonzero(log.resource >= 0)
    resource = log.resource[known].astype(np.int64)
    begun, ended = log.start[known], np.maximum(log.start, log.end - 1)[known]
    begun, ended = (moments + local.offset(moments) for moments in (begun, ended))
    seen = _seen(resource, begun, ended, resources)
    worked = _worked_weekdays(resource, np.concatenate([begun, ended]) // DAY_LENGTH, resources)
    before = np.cumsum(seen, axis=1)
    whole = before[:, -1:]
    inside = (before > TAIL * whole) & (before - seen < (1 - TAIL) * whole) & worked[:, None]
    return WeeklyHours.of((inside & ~_breaks(inside, seen)).reshape(resources, QUARTERS))


def _seen(resource: np.ndarray, begun: np.ndarray, ended: np.ndarray, resources: int) -> np.ndarray:
    """Return how often each resource was seen at work in each quarter of each weekday: a row a resource and weekday.

    What lasts over midnight was seen when it began and when it ended.
    """
    edges = np.zeros((resources * 7, 97), dtype=np.int32)
    over = begun // DAY_LENGTH != ended // DAY_LENGTH
    spells = ((begun, np.where(over, begun, ended)), (ended[over], ended[over]))
    for (first, last), who in zip(spells, (resource, resource[over]), strict=True):
        row = who * 7 + (first // DAY_LENGTH + 3) % 7
        np.add.at(edges, (row, first % DAY_LENGTH // QUARTER), 1)
        np.add.at(edges, (row, last % DAY_LENGTH // QUARTER + 1), -1)
    seen: np.ndarray = np.cumsum(edges, axis=1)[:, :96]
    return seen


def _worked_weekdays(resource: np.ndarray, days: np.ndarray, resources: int) -> np.ndarray:
    """Return whether each resource works on each weekday, from Monday."""
    who = np.concatenate([resource, resource])
    order = np.lexsort((days, who))
    who, days = who[order], days[order]
    first, last = np.full(resources, np.iinfo(np.int64).max), np.full(resources, np.iinfo(np.int64).min)
    np.minimum.at(first, who, days)
    np.maximum.at(last, who, days)
    once = group_starts(who, days)
    active = np.bincount((who * 7 + (days + 3) % 7)[once], minlength=resources * 7)
    weeks = np.where(last >= first, (last - first) // 7 + 1, 1)
    worked: np.ndarray = (active > 0) & (active >= WORKED * np.repeat(weeks, 7))
    return worked


def _breaks(inside: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Return the quarters of breaks: of each run in which nothing was seen, by what is seen in a quiet quarter."""
    nothing = inside & (seen == 0)
    filled = np.sort(np.where(inside & (seen > 0), seen, np.iinfo(np.int32).max), axis=1)
    number = (inside & (seen > 0)).sum(axis=1)
    quiet = filled[np.arange(len(seen)), np.maximum(number - 1, 0) // 4]
    run = np.cumsum(group_starts(np.repeat(np.arange(len(seen)), 96), nothing.ravel())) - 1
    length = np.bincount(run)[run].reshape(seen.shape)
    found: np.ndarray = nothing & (length * quiet[:, None].astype(np.int64) >= BREAK)
    return found
