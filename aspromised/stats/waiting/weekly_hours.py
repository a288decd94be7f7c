"""The week in which a resource works, read from when it began and ended things.

After the calendars that "Why am I waiting?" (CAiSE 2023) takes from López-Pintado & Dumas, "Business process simulation
with differentiated resources" (BPM 2022): the week is cut into quarters of an hour. A quarter is working time where the
resource began or ended something in it on at least a tenth of the days of that weekday on which it did anything. Where the
quarters so found hold less than 70 % of its moments, the fullest of the others are added until they do.
"""

from dataclasses import dataclass

import numpy as np

from aspromised.stats.waiting.activity_log import ActivityLog, group_starts

QUARTER = 15 * 60 * 1_000_000
DAY_LENGTH = 96 * QUARTER
WEEK_LENGTH = 7 * DAY_LENGTH
QUARTERS = 7 * 96
_MONDAY = 3 * DAY_LENGTH  # 1 January 1970 was a Thursday
CONFIDENCE = 0.1
SUPPORT = 0.7


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
    known = log.resource >= 0
    moments = np.concatenate([log.start[known], np.maximum(log.start, log.end - 1)[known]])
    resource = np.concatenate([log.resource[known], log.resource[known]]).astype(np.int64)
    wall = moments + local.offset(moments)
    day, quarter = wall // DAY_LENGTH, wall % DAY_LENGTH // QUARTER
    weekday = (day + 3) % 7
    place = (resource * 7 + weekday) * 96 + quarter
    seen = np.bincount(place, minlength=resources * QUARTERS)
    days_seen = _days(place, day, resources * QUARTERS)
    days_active = _days(resource * 7 + weekday, day, resources * 7)
    works = (days_seen > 0) & (days_seen >= CONFIDENCE * np.repeat(days_active, 96))
    _support(works, seen, resources)
    return WeeklyHours.of(works.reshape(resources, QUARTERS))


def _days(place: np.ndarray, day: np.ndarray, places: int) -> np.ndarray:
    """Return on how many days something happened in each place."""
    order = np.lexsort((day, place))
    once = order[group_starts(place[order], day[order])] if len(order) else order
    return np.bincount(place[once], minlength=places)


def _support(works: np.ndarray, seen: np.ndarray, resources: int) -> None:
    """Add to `works` the fullest other quarters of each resource until it holds SUPPORT of its moments."""
    by_resource = seen.reshape(resources, QUARTERS)
    needed = SUPPORT * by_resource.sum(axis=1)
    held = np.where(works.reshape(resources, QUARTERS), by_resource, 0).sum(axis=1)
    for resource in np.flatnonzero(held < needed):
        start = resource * QUARTERS
        rest = np.flatnonzero((seen[start : start + QUARTERS] > 0) & ~works[start : start + QUARTERS])
        fullest = rest[np.argsort(-seen[start + rest], kind="stable")]
        before = held[resource] + np.cumsum(seen[start + fullest]) - seen[start + fullest]
        works[start + fullest[before < needed[resource]]] = True
