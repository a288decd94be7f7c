"""When the level of a promise changed, and what is declared around that time."""

from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from aspromised.stats.change_point import level_shifts

DAYS_AROUND = 21
"""What is declared so many days before or after the first day of a new level stands beside it: when it began is not exact."""


@dataclass(frozen=True)
class Shift:
    """A change of level: the first period of the new one, the shares kept before and since, what is declared around it.

    `before` and `since` are of the periods between one change of level and the next.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    before: float
    since: float
    p: float
    around: tuple[str, ...]


def shifts(periods: pd.DataFrame, events: pd.DataFrame) -> tuple[Shift, ...]:
    """Return the changes of level under each wording, oldest first; a new wording is none: another thing was promised.

    `periods`: first, last, kept, decided, version; `events`: EVENT_COLUMNS.
    """
    found: list[Shift] = []
    for _, rows in periods.groupby("version", sort=False):
        rates = (rows["kept"] / rows["decided"]).to_numpy(dtype=float)
        levels = level_shifts(rates)
        edges = [0, *(level.place for level in levels), len(rows)]
        for level, begin, end in zip(levels, edges[:-2], edges[2:], strict=True):
            first = rows["first"].iloc[level.place]
            last = rows["last"].iloc[level.place]
            before, since = _share(rows.iloc[begin : level.place]), _share(rows.iloc[level.place : end])
            found.append(Shift(first, last, before, since, level.p, _around(events, first, last)))
    return tuple(found)


def _share(rows: pd.DataFrame) -> float:
    return float(rows["kept"].sum() / rows["decided"].sum())


def _around(events: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> tuple[str, ...]:
    around = timedelta(days=DAYS_AROUND)
    near = events[(events["first"] >= first - around) & (events["first"] <= max(last, first + around))]
    return tuple(f"{row.what} ({row.first.day} {row.first:%b %Y})" for row in near.itertuples())
