"""Scores that teams gave one another over three months: means with their interval, against what is required, and before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.windows.window import Window
from aspromised.stats.heterogeneity import MIN_RELIABILITY
from aspromised.stats.intraclass import Components, components, mean_difference_p, mean_interval, rounding
from aspromised.stats.step_down import holm
from aspromised.words.figures import plural
from aspromised.words.moments import last_day_over
from aspromised.words.vocabulary import OF_SUPPLIER, PULSE

MONTHS_TOGETHER = 3
"""Ratings are few: so many months are told together, beside as many before."""
LEAST_RATINGS = 5
"""A mean of fewer is told and not judged."""
_STEPS = 4
"""A scale is taken to have at least so many steps: below the variance that rounding to them hides, none is believed."""

_BY_CHANCE = 0.005
"""Pairs are told apart where means lie so far apart in no more than so many worlds without a difference."""
_MOVED_BY_CHANCE = 0.025
"""The same of changes, all pairs of a table together."""

ScoreStanding = Literal["met", "not met", "too close to call", "too few", "nothing required"]
Moved = Literal["better", "worse", "within chance", ""]


@dataclass(frozen=True)
class Scale:
    """The scale of the ratings, and what is to be known of them."""

    lowest: float
    best: float
    problem: str = ""
    notes: tuple[str, ...] = ()
    declared: bool = True


@dataclass(frozen=True)
class Score:
    """What one side of a pair was given, over all headings (`heading` is "") or under one; NaN is not known.

    `required` is in force on the last day of the window; `met` is the share of ratings that reached what was required on
    their own day.
    """

    supplier: str
    customer: str
    heading: str
    ratings: int
    mean: float
    low: float
    high: float
    required: float
    met: float
    standing: ScoreStanding
    reliability: float
    """The part of the mean's variance among pairs that is not noise."""
    before_ratings: int
    before_mean: float
    change: float
    change_low: float
    change_high: float
    moved: Moved
    told_apart: bool = True
    """Whether pairs lie further apart than chance makes them."""

    @property
    def is_ranked(self) -> bool:
        """Whether it may be told from the others: enough ratings, and reliably different."""
        return self.told_apart and self.ratings >= LEAST_RATINGS and self.reliability >= MIN_RELIABILITY


def rating_window(month: str) -> Window:
    """Return the three months that end with a month written as "2026-10"."""
    first = Window.month(month).first
    assert first
    return Window.of_months(first.year, first.month - MONTHS_TOGETHER + 1, MONTHS_TOGETHER, "days")


def rating_months(window: Window, snapshot: Queryable) -> str:
    """Return the window in words, and that it is not over where it is not."""
    assert window.last
    over = window.is_closed(last_day_over(snapshot.meta["as_of"]))
    return f"the three months to {window.last:%B %Y}{'' if over else ', not closed yet'}"


def rating_scale(snapshot: Queryable) -> Scale:
    """Return the scale, what is wrong with the ratings, and what of them was left out."""
    rows = snapshot.query("select lowest, out_of, problem from rating_scale")
    if rows.empty:
        return Scale(np.nan, np.nan, declared=False)
    notes = snapshot.query(
        "select reason, ratings, left_out from rating_note order by left_out desc, ratings desc, reason"
    )
    told = [
        f"{int(row.ratings):,} left out: {row.reason}" if row.left_out else f"{row.reason} ({plural(row.ratings, 'rating')})"
        for row in notes.itertuples()
    ]  # fmt: skip
    row = rows.iloc[0]
    problem = row["problem"] if isinstance(row["problem"], str) else ""
    return Scale(float(row["lowest"]), float(row["out_of"]), problem, tuple(told))


def last_rated(snapshot: Queryable) -> date | None:
    """Return the day of the newest rating, None where there is none."""
    found = snapshot.query("select max(day) as day from rating_daily")["day"].iat[0]
    return None if pd.isna(found) else pd.Timestamp(found).date()


@remembered
def scores(
    snapshot: Queryable, window: Window, direction: str = OF_SUPPLIER, pulse: bool = False, by_heading: bool = False
) -> tuple[Score, ...]:  # fmt: skip
    """Return what suppliers (customers, by the other direction; the company, of the pulse) were given in a window, worst first.

    Worst is furthest below what is required where something is, else lowest; pairs rated only before the window come last.
    """
    table = _counted(snapshot, window, direction, pulse)
    if not by_heading:
        table = table.assign(heading="")
    added = table.groupby(["supplier", "customer", "heading", "is_now"], as_index=False)[
        ["ratings", "total", "squares", "met", "asked"]
    ].sum()
    required = required_scores(snapshot, window) if direction == OF_SUPPLIER else {}
    found: list[Score] = []
    for _, rows in added.groupby("heading"):
        found += _of_heading(rows, required, rating_scale(snapshot))
    return tuple(sorted(found, key=_worst_first))


def _worst_first(each: Score) -> tuple[object, ...]:
    short = each.mean - (each.required if each.required == each.required else 0)
    return not each.ratings, short if each.ratings else 0, each.supplier, each.customer, each.heading


def _counted(snapshot: Queryable, window: Window, direction: str, pulse: bool) -> pd.DataFrame:
    """Return sums of ratings by pair and heading, of the window (`is_now`) and of the one before it."""
    return snapshot.query(
        """
        select supplier, customer, dimension as heading, day >= $first as is_now, sum(ratings)::bigint as ratings,
            fsum(total) as total, fsum(squares) as squares, coalesce(sum(met), 0)::bigint as met,
            coalesce(sum(ratings) filter (where required is not null), 0)::bigint as asked
        from rating_daily
        where direction = $direction and (supplier = $company) = $pulse and day between $before and $last
        group by all
        order by all
        """,
        {
            **window.parameters,
            "before": window.before.first,
            "direction": direction,
            "pulse": pulse,
            "company": PULSE,
        },
    )


def required_scores(snapshot: Queryable, window: Window) -> Mapping[tuple[str, str], float]:
    """Return the score that a pair's customer requires on the window's last day; under ("", "") the one for every pair of teams."""
    rows = snapshot.query(
        """
        select '' as supplier, '' as customer, required as score from rating_scale where required is not null
        union all
        select supplier, customer, arg_max(score, coalesce(from_day, date '0001-01-01'))
        from rating_required where coalesce(from_day <= $last, true) group by supplier, customer
        """,
        {"last": window.last},
    )
    return {(row.supplier, row.customer): float(row.score) for row in rows.itertuples()}


def required_of(required: Mapping[tuple[str, str], float], supplier: str, customer: str) -> float:
    """Return what is required of a supplier by a customer; NaN where nothing is."""
    for_all = np.nan if supplier == PULSE else required.get(("", ""), np.nan)
    return required.get((supplier, customer), for_all)


def _of_heading(rows: pd.DataFrame, required: Mapping[tuple[str, str], float], scale: Scale) -> list[Score]:
    now = rows[rows["is_now"]].set_index(["supplier", "customer"])
    before = rows[~rows["is_now"]].set_index(["supplier", "customer"])
    floor = rounding((scale.best - scale.lowest) / _STEPS)
    varying = components(now["ratings"], now["total"], now["squares"], floor)
    heading = str(rows["heading"].iat[0])
    pairs: Sequence[tuple[str, str]] = sorted({*now.index, *before.index})
    return _with_moves(
        [_score(pair, heading, now, before, varying, required, scale) for pair in pairs], varying
    )


def _score(
    pair: tuple[str, str],
    heading: str,
    now: pd.DataFrame,
    before: pd.DataFrame,
    varying: Components | None,
    required: Mapping[tuple[str, str], float],
    scale: Scale,
) -> Score:
    n, mean = _mean(now, pair)
    then, before_mean = _mean(before, pair)
    low, high = change_low, change_high = np.nan, np.nan
    reliability = 0.0
    if varying and n:
        ends = mean_interval([mean], [n], varying.within, varying.freedom)
        low, high = max(float(ends[0][0]), scale.lowest), min(float(ends[1][0]), scale.best)
        reliability = float(varying.reliability([n])[0])
    if varying and n and then:
        ends = mean_interval([mean - before_mean], [1 / (1 / n + 1 / then)], varying.within, varying.freedom)
        change_low, change_high = float(ends[0][0]), float(ends[1][0])
    asked = required_of(required, *pair) if pair in now.index or pair in before.index else np.nan
    share = float(now.at[pair, "met"] / now.at[pair, "asked"]) if n and now.at[pair, "asked"] else np.nan
    return Score(
        *pair, heading, n, mean, low, high, asked, share, _standing(n, low, high, asked), reliability, then, before_mean,
        mean - before_mean, change_low, change_high, "", varying is not None and varying.p <= _BY_CHANCE,
    )  # fmt: skip


def _mean(rows: pd.DataFrame, pair: tuple[str, str]) -> tuple[int, float]:
    if pair not in rows.index:
        return 0, np.nan
    n = int(rows.at[pair, "ratings"])
    return n, float(rows.at[pair, "total"]) / n


def _standing(n: int, low: float, high: float, required: float) -> ScoreStanding:
    """Return how a mean stands against what is required: only an interval wholly on one side decides."""
    if np.isnan(required):
        return "nothing required"
    if n < LEAST_RATINGS or np.isnan(low):
        return "too few"
    return "met" if low >= required else "not met" if high < required else "too close to call"


def _with_moves(found: list[Score], varying: Components | None) -> list[Score]:
    """Return scores with how each moved: of all pairs together, by Holm's step-down test, so that chance moves none."""
    tested = [each for each in found if min(each.ratings, each.before_ratings) >= LEAST_RATINGS]
    if not varying or not tested:
        return found
    p = [
        mean_difference_p(each.change, each.ratings, each.before_ratings, varying.within, varying.freedom)
        for each in tested
    ]
    moves: dict[int, Moved] = {
        id(each): "within chance" if chance > _MOVED_BY_CHANCE else "better" if each.change > 0 else "worse"
        for each, chance in zip(tested, holm(np.array(p)), strict=True)
    }
    return [replace(each, moved=moves.get(id(each), "")) for each in found]
