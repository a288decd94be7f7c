"""The weeks of the next quarter: what is launched and running in each, and the least headroom every capacity has left."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

from aspromised.analyse.launches.readiness.verdicts import Launched, Ready
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.series import week_edges

OUTLOOK_WEEKS = 13
CALENDAR_COLUMNS = (
    "first",
    "last",
    "launched",
    "running",
    "capacity",
    "least_headroom",
    "on",
    "days_planned",
)


@dataclass(frozen=True)
class Headroom:
    """A capacity in one week: its lowest planned headroom and the day of it; `share` is None where nothing is planned."""

    capacity: str
    share: float | None
    on: date | None
    days: int
    """Days of the week for which it is planned."""


@dataclass(frozen=True)
class Week:
    """A week ahead, `last` included: the promotions launched and those running on, and each capacity's headroom."""

    first: date
    last: date
    launched: tuple[Launched, ...]
    running: tuple[Launched, ...]
    headroom: tuple[Headroom, ...]


def calendar(snapshot: Queryable, ready: Ready) -> list[Week]:
    """Return the next OUTLOOK_WEEKS weeks from the day after the data on, as the company's weeks start."""
    tomorrow = ready.as_of + timedelta(days=1)
    edges = week_edges(
        tomorrow + timedelta(weeks=OUTLOOK_WEEKS - 1),
        OUTLOOK_WEEKS,
        snapshot.meta.get("week_starts", "monday"),
    )
    loads = snapshot.query(
        "select capacity, day, headroom from load_daily where day > $today order by capacity, day",
        {"today": ready.as_of},
    )
    loads = loads.assign(day=pd.to_datetime(loads["day"]))
    names = list(
        snapshot.query("select distinct capacity from load_daily where headroom is not null order by 1")[
            "capacity"
        ]
    )
    return [
        _week(max(first, tomorrow), after - timedelta(days=1), ready, loads, names)
        for first, after in pairwise(edges)
    ]


def _week(first: date, last: date, ready: Ready, loads: pd.DataFrame, names: list[str]) -> Week:
    alive = [each for each in ready.launches if each.launched_day and each.verdict != "cancelled"]
    new = [each for each in alive if each.launched_day and first <= each.launched_day <= last]
    on = [each for each in alive if each.launched_day and each.launched_day < first
          and (each.ends_day is None or each.ends_day >= first)]  # fmt: skip
    here = loads[loads["day"].between(pd.Timestamp(first), pd.Timestamp(last))]
    return Week(
        first,
        last,
        tuple(new),
        tuple(on),
        tuple(_least(name, here[here["capacity"] == name]) for name in names),
    )


def _least(capacity: str, rows: pd.DataFrame) -> Headroom:
    known = rows.dropna(subset=["headroom"])
    if known.empty:
        return Headroom(capacity, None, None, 0)
    least = known.loc[known["headroom"].idxmin()]
    return Headroom(capacity, float(least["headroom"]), least["day"].date(), len(known))


def calendar_table(weeks: list[Week]) -> pd.DataFrame:
    """Return a row a week and capacity, one with no capacity where none is known: CALENDAR_COLUMNS."""
    rows = [
        (
            week.first,
            week.last,
            ", ".join(each.promotion_id for each in week.launched),
            ", ".join(each.promotion_id for each in week.running),
            *((found.capacity, found.share, found.on, found.days) if found else (None, None, None, 0)),
        )
        for week in weeks
        for found in week.headroom or (None,)
    ]
    return pd.DataFrame(rows, columns=list(CALENDAR_COLUMNS))
