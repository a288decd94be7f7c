"""A draft of what is, and what is not, inside a gap: the part that breaks, the nearest that do not, since when, what changed.

The specification of Kepner and Tregoe, filled from the data. It says where causes can be looked for; a person adds the cause.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from aspromised.analyse.gaps.cells import every_cell
from aspromised.analyse.gaps.differences import part_differences
from aspromised.analyse.gaps.gap import Gap
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import Scope, Where, where_name
from aspromised.analyse.rates.series import span_name
from aspromised.stats.change_point import level_shifts
from aspromised.stats.proportion import wilson
from aspromised.words.figures import count, day, percent, plural
from aspromised.words.vocabulary import NONE_VALUE

CONTRAST_COLUMNS = (
    "dimension",
    "is_where",
    "is_rate",
    "is_not_where",
    "is_not_rate",
    "is_not_decided",
    "others",
)
CHANGE_COLUMNS = ("change_id", "on", "what", "touches", "is_share", "is_not_share", "was_before", "explains")
BEFORE, AFTER = 35, 14
"""A change so many days before a level changed, or after, is told beside it: the week it was seen in is not the day it began."""


@dataclass(frozen=True)
class IsIsNot:
    """What is specified of one part. `contrasts` is CONTRAST_COLUMNS, a row a condition; `changes` is CHANGE_COLUMNS."""

    where: Where
    items: str
    decided: int
    broken: int
    excess: str
    contrasts: pd.DataFrame
    since: str
    changes: pd.DataFrame

    @property
    def sentence(self) -> str:
        """Where it is and where it is not, in a sentence."""
        named = where_name(self.where)
        apart = self.contrasts[self.contrasts["is_not_rate"].notna()]
        said = f"{percent(self.broken / self.decided)} of {count(self.decided)} {self.items} broke at {named}"
        if apart.empty:
            return f"{said}; no part next to it has enough items and clearly breaks less."
        near = "; ".join(
            f"{percent(row.is_not_rate)} of {count(row.is_not_decided)} at {where_name(row.is_not_where)}"
            for row in apart.itertuples()
        )
        return f"{said}, but {near}."


def is_is_not(snapshot: Queryable, gap: Gap) -> IsIsNot | None:
    """Return the draft on the part that is looked into, or of a whole promise on the part that stands out first; None where there is none."""
    if gap.scope.is_part:
        where, standing = gap.scope.where, gap.standing
        decided, broken, excess = int(standing["decided"]), int(standing["broken"]), ""
    else:
        more = gap.parts[gap.parts["standing"] == "more"]
        if more.empty:
            return None
        first = more.iloc[0]
        where, decided, broken = first["where"], int(first["decided"]), int(first["broken"])
        excess = f"{count(first['excess'])} more than at the others' rate ({count(first['low'])} to {count(first['high'])})"
    if not decided or not broken:
        return None
    whole = Scope(gap.scope.promise_id, gap.scope.window)
    cells = every_cell(snapshot, whole)
    contrasts = pd.DataFrame(
        [_contrast(cells, where, name, gap.at_least) for name, _ in where], columns=list(CONTRAST_COLUMNS)
    )
    course = _course(snapshot, gap, where)
    changes = _changes(snapshot, cells, where, contrasts, course, whole)
    return IsIsNot(where, gap.items, decided, broken, excess, contrasts, course.words, changes)


def _held(cells: pd.DataFrame, where: Where) -> pd.DataFrame:
    for name, value in where:
        cells = cells[cells[name] == value]
    return cells


def _contrast(cells: pd.DataFrame, where: Where, name: str, at_least: int) -> tuple[object, ...]:
    """One condition: the part, and of those that differ in it alone and clearly break less, the one most like it otherwise."""
    own, rest = _held(cells, where), tuple(each for each in where if each[0] != name)
    beside = _held(cells, rest)
    sums = beside.groupby(name)[["decided", "broken"]].sum()
    is_value = dict(where)[name]
    rate = own["broken"].sum() / own["decided"].sum()
    siblings = sums[(sums.index != is_value) & (sums["decided"] >= at_least)]
    _, high = wilson(siblings["broken"], siblings["decided"])
    low, _ = wilson([own["broken"].sum()], [own["decided"].sum()])
    clear = siblings[high < low[0]]
    if clear.empty:
        return name, where, rate, (), np.nan, 0, 0
    free = [each for each in cells.columns[:-3] if each not in dict(where)]
    alike = {value: _alikeness(own, beside[beside[name] == value], free) for value in clear.index}
    nearest = max(clear.index, key=lambda value: (alike[value], clear.at[value, "decided"], str(value)))
    decided = int(clear.at[nearest, "decided"])
    is_not = tuple((n, nearest if n == name else v) for n, v in where)
    return name, where, rate, is_not, float(clear.at[nearest, "broken"]) / decided, decided, len(clear) - 1


def _alikeness(one: pd.DataFrame, other: pd.DataFrame, free: list[str]) -> float:
    """How alike two parts are in what else tells items apart: the mean share of items they have in common; 1 is the same mix."""
    shares = []
    for name in free:
        mixes = [each.groupby(name)["decided"].sum() / each["decided"].sum() for each in (one, other)]
        both = pd.concat(mixes, axis=1).fillna(0.0)
        shares.append(float(both.min(axis=1).sum()))
    return float(np.mean(shares)) if shares else 1.0


@dataclass(frozen=True)
class _Course:
    """The whole weeks (or months) of a part against the rest, and when it began to be worse: None where that is not clear."""

    weeks: pd.DataFrame
    began: date | None

    @property
    def words(self) -> str:
        if self.weeks.empty:
            return "no whole week or month to compare"
        span, first = span_name(self.weeks), self.weeks["first"].iloc[0].date()
        worse = int((self.weeks["low"] > 0).sum())
        seen = f"worse than the rest in {worse} of {plural(len(self.weeks), span)} since {day(first)}"
        return (
            f"{seen}; it got worse about {day(self.began)}"
            if self.began
            else f"{seen}, with no clear beginning"
        )

    def was_so_before(self, on: date) -> bool:
        """Whether it was worse than the rest for most of the weeks before a day, at least four, and did not begin later."""
        before = self.weeks[self.weeks["last"] < pd.Timestamp(on)]
        return self.began is None and len(before) >= 4 and bool((before["low"] > 0).mean() >= 0.5)


def _course(snapshot: Queryable, gap: Gap, where: Where) -> _Course:
    table = part_differences(snapshot, gap)
    weeks = table[
        (table["part"] == where_name(where)) & table["closed"].astype(bool) & table["difference"].notna()
    ]
    values = weeks["difference"].to_numpy(float)
    steps = [each.place for each in level_shifts(values)]
    rises = [place for place in steps if values[place:].mean() > values[:place].mean()]
    return _Course(weeks, weeks["first"].iloc[rises[-1]].date() if rises else None)


def _changes(
    snapshot: Queryable,
    cells: pd.DataFrame,
    where: Where,
    contrasts: pd.DataFrame,
    course: _Course,
    scope: Scope,
) -> pd.DataFrame:
    """What was declared to change about when it began (in half a year where that is not clear), and whom it touched."""
    at, last = course.began, scope.window.last or date.fromisoformat(snapshot.meta["as_of_day"])
    since, until = (
        (at - timedelta(days=BEFORE), at + timedelta(days=AFTER))
        if at
        else (last - timedelta(days=182), last)
    )
    found = snapshot.query(
        'select change_id, "on", what, touches from change where "on" between $since and $until order by "on" desc, change_id',
        {"since": since, "until": until},
    )
    is_not = [tuple(each) for each in contrasts["is_not_where"] if each]
    rows = []
    for row in found.itertuples():
        on, touches = (
            pd.Timestamp(row.on).date(),
            {str(k): str(v) for k, v in json.loads(row.touches or "{}").items()},
        )
        inside = _touched(cells, where, touches)
        outside = [share for each in is_not if (share := _touched(cells, each, touches)) is not None]
        beside = float(np.mean(outside)) if outside else None
        was_before = course.was_so_before(on)
        explains = (
            None if inside is None or beside is None else bool(inside > 0.5 > beside and not was_before)
        )
        rows.append((row.change_id, on, row.what, touches, inside, beside, was_before, explains))
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))


def _touched(cells: pd.DataFrame, where: Where, touches: Mapping[str, str]) -> float | None:
    """The share of a part's items that a change touches; None where its items do not tell."""
    own = _held(cells, where)
    if any(name not in cells for name in touches) or not own["decided"].sum():
        return None
    hit = _held(
        own, tuple((name, value if value is not None else NONE_VALUE) for name, value in touches.items())
    )
    return float(hit["decided"].sum() / own["decided"].sum())
