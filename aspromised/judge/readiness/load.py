"""What each capacity could take a day and what came: the numbers that headroom is made of.

The *usual* load of a day is a weighted moving average of the whole weeks before it, six at most, promoted items left out:
the newest week counts six times the oldest, so that growth and season are followed and chance is evened out. All
weekdays count alike: what does not fit on a busy Monday is done on the quiet Wednesday after it, and a plan that lays
the same capacity on every day is not short every Monday. Only days before the day itself are looked at.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aspromised.declare.workspace import Workspace
from aspromised.judge.planning.plan import Columns
from aspromised.judge.readiness.counting import (
    Available,
    Came,
    NotKnownError,
    available_units,
    units_that_came,
)
from aspromised.sql.authored.parse import ExpressionError
from aspromised.sql.engine import Engine, EngineError
from aspromised.sql.limits import stopped

USUAL_WEEKS = 6
SILENT_DAYS = 7
"""A load unknown for longer says nothing of the day."""
_WEEK = 7


@dataclass(frozen=True)
class Day:
    """One day of a capacity; None is not known. `planned` is what was known to be available on the evening of the day."""

    available: float | None = None
    planned: float | None = None
    load: float | None = None
    promoted: float = 0.0
    usual: float | None = None


@dataclass(frozen=True)
class LoadDays:
    """A capacity day by day, with those ahead that are planned; or why nothing is known of it."""

    capacity: str
    source: str = ""
    days: Mapping[date, Day] | None = None
    problem: str | None = None

    def on(self, day: date) -> Day:
        """Return what is known of a day."""
        return (self.days or {}).get(day, Day())


def load_days(
    con: Engine, workspace: Workspace, name: str, tables: Mapping[str, Columns], as_of: datetime
) -> LoadDays:
    """Return a capacity day by day, of what had come by a moment; a fault of its declaration is told, not raised."""
    capacity = workspace.capacity[name]
    source = capacity.load.source if capacity.load else ""
    try:
        available = available_units(con, workspace, capacity, tables, as_of)
        came = units_that_came(con, workspace, capacity.load, tables, as_of) if capacity.load else []
    except (NotKnownError, ExpressionError) as error:
        return LoadDays(name, source, problem=str(error))
    except EngineError as error:
        reason = stopped(error) or str(error).strip().splitlines()[0]
        return LoadDays(name, source, problem=f"its data cannot be read: {reason}")
    today = as_of.astimezone(workspace.timezone).date()
    return LoadDays(name, source, _joined(available, came, today))


def usual_loads(loads: Mapping[date, float], days: list[date]) -> dict[date, float]:
    """Return the usual load of each day that enough is known of: at least a whole week before it.

    A day without work counts as one with none. Where nothing came for more than a week, the load is not known.

    >>> monday = date(2026, 6, 1)
    >>> two_weeks = {monday + timedelta(days=n): float(n) for n in range(14)}
    >>> usual_loads(two_weeks, [monday + timedelta(days=6), monday + timedelta(days=8), monday + timedelta(days=14)])
    {datetime.date(2026, 6, 9): 4.0, datetime.date(2026, 6, 15): 7.666666666666667}
    """
    found: dict[date, float] = {}
    begun = min(loads, default=date.max)
    for day in days:
        last = next(
            (each for n in range(1, SILENT_DAYS + 2) if (each := day - timedelta(days=n)) in loads), None
        )
        if last is not None and (weeks := min((last - begun).days + 1, USUAL_WEEKS * _WEEK) // _WEEK):
            found[day] = _weighted([_mean(loads, last - timedelta(weeks=n)) for n in range(weeks)])
    return found


def _mean(loads: Mapping[date, float], last: date) -> float:
    """Return the mean of the week that ends with a day."""
    return sum(loads.get(last - timedelta(days=n), 0.0) for n in range(_WEEK)) / _WEEK


def _weighted(newest_first: list[float]) -> float:
    weights = range(len(newest_first), 0, -1)
    return sum(weight * mean for weight, mean in zip(weights, newest_first, strict=True)) / sum(weights)


def _standing(rows: Iterable[Came]) -> dict[date, tuple[float, float]]:
    """Return the units by day, of the versions that stand: all, and those that promotions brought."""
    found: dict[date, tuple[float, float]] = {}
    for row in rows:
        if row.ended is None:
            units, brought = found.get(row.day, (0.0, 0.0))
            found[row.day] = (units + row.units, brought + row.brought)
    return found


def _usual_as_known(rows: list[Came], days: list[date]) -> dict[date, float]:
    """Return the usual load of each day, of what was known of the days before it on the evening before.

    A row told again counts, until it was, as it was told before.
    """
    stood = [(number, row) for number, row in enumerate(rows) if row.ended is None or row.known != row.ended]
    told = [(row.known or date.min, number, True) for number, row in stood]
    told += [(row.ended, number, False) for number, row in stood if row.ended]
    changes = deque(sorted(told))
    known = defaultdict[date, dict[int, float]](dict)
    others: dict[date, float] = {}
    found: dict[date, float] = {}
    for day in days:
        touched = set()
        while changes and changes[0][0] < day:
            _, number, has_come = changes.popleft()
            row = rows[number]
            touched.add(row.day)
            if has_come:
                known[row.day][number] = row.units - row.brought
            else:
                del known[row.day][number]
        for each in touched:
            others[each] = sum(known[each].values())
            if not known[each]:
                del others[each]
        found |= usual_loads(others, [day])
    return found


def _joined(available: Available, rows: list[Came], today: date) -> dict[date, Day]:
    """Return every day from the first that anything is known of to the last that is planned.

    Of days ahead, the usual load is that of today.
    """
    came = _standing(rows)
    known = [*available.units, *available.known_then, *came]
    if not known:
        return {}
    first, last = min(known), max([*available.units, *available.known_then, today])
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    usual = _usual_as_known(rows, [day for day in days if day <= today])
    begun, ended = min(came, default=last), max(came, default=first)
    found = {}
    for day in days:
        load, promoted = came.get(day, (0.0 if begun <= day <= ended else None, 0.0))
        planned = available.known_then.get(day)
        found[day] = Day(available.units.get(day), planned, load, promoted, usual.get(min(day, today)))
    return found
