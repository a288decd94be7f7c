"""A team's own page: what it gets from its suppliers, what it gives, what is expected of it, and what it owes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from aspromised.analyse.internal_service.handoffs import unfunded
from aspromised.analyse.internal_service.overview import out_of, rated, score
from aspromised.analyse.internal_service.scores import (
    Scale,
    Score,
    rating_months,
    rating_scale,
    rating_window,
    scores,
)
from aspromised.analyse.promises.compliance import compliance
from aspromised.analyse.promises.owed import owed
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import NOTHING, day, plural, target
from aspromised.words.vocabulary import OF_CUSTOMER, OF_SUPPLIER, PULSE


@dataclass(frozen=True)
class Expected:
    """One thing expected of a team: by whom, what, since when, and how it stands."""

    by: str
    what: str
    since: date | None
    standing: str
    promise_id: str = ""
    """The promise it is, "" where it is none."""


@dataclass(frozen=True)
class Owes:
    """One thing a team owes: what, and since when or by when."""

    what: str
    due: date | None
    is_overdue: bool
    page: str = ""
    """Where it is seen to, "" where that is no page."""
    state: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class OwnPage:
    """A team in the three months that end with a month; scores by heading follow those of the whole, worst pair first."""

    team: str
    months: str
    scale: Scale
    gets: tuple[Score, ...]
    """How it rates its suppliers."""
    gives: tuple[Score, ...]
    """How its customers rate it."""
    asks: tuple[Score, ...]
    """How its suppliers rate what it asks of them."""
    is_asked: tuple[Score, ...]
    """How it rates what its customers ask of it."""
    pulse: Score | None
    """How its staff rate the company."""
    expected: tuple[Expected, ...]
    owes: tuple[Owes, ...]

    @property
    def sentence(self) -> str:
        """What it gets, what it gives and what it owes, in a few sentences."""
        overdue = sum(each.is_overdue for each in self.owes)
        owing = (
            f"It owes {plural(len(self.owes), 'thing')}, {overdue} overdue."
            if self.owes
            else "It owes nothing that is due."
        )
        return " ".join([self._got, self._given, owing])  # fmt: skip

    def nothing(self, what: str) -> str:
        """Return what is to be said where there is nothing to show of what the team `gets`, `gives`, is `expected` to do, or `owes`."""
        return {
            "gets": f"It rated no supplier in {self.months}.",
            "gives": f"No customer rated it in {self.months}.",
            "expected": "No score is required of it, and it keeps no promise.",
            "owes": "No review is overdue, no launch to come waits for its signature, and nothing lies in its stages over its budget.",
        }[what]

    @property
    def _got(self) -> str:
        told = [each for each in rated(self.gets) if not each.heading]
        if not told:
            return f"{self.team} rated no supplier in {self.months}."
        low = told[0]
        if len(told) == 1:
            return f"{self.team} rates its one supplier, {low.supplier}, {out_of(low, self.scale)}."
        required = f", where it requires {low.required:g}" if low.required == low.required else ""
        ranked = (
            f"lowest is {low.supplier}, {out_of(low, self.scale)}{required}"
            if low.is_ranked
            else "they cannot be told apart"
        )
        return f"Of the {len(told)} suppliers that {self.team} rates, {ranked}."  # fmt: skip

    @property
    def _given(self) -> str:
        told = [each for each in rated(self.gives) if not each.heading]
        if not told:
            return f"No customer rated it in {self.months}."
        each = told[0]
        if len(told) == 1:
            return f"Its one customer that rates it, {each.customer}, gives it {out_of(each, self.scale)}."
        return f"Its {len(told)} customers that rate it give it from {score(min(one.mean for one in told))} to {score(max(one.mean for one in told))}."


def own_page(snapshot: Queryable, team: str, month: str) -> OwnPage:
    """Return what a team gets, gives, is expected to do and owes, in the three months that end with a month written "2026-10"."""
    window = rating_window(month)
    served, asked = _both(snapshot, window, OF_SUPPLIER), _both(snapshot, window, OF_CUSTOMER)
    pulse = [each for each in scores(snapshot, window, OF_SUPPLIER, True) if each.customer == team]
    return OwnPage(
        team=team,
        months=rating_months(window, snapshot),
        scale=rating_scale(snapshot),
        gets=tuple(each for each in served if each.customer == team),
        gives=tuple(each for each in served if each.supplier == team),
        asks=tuple(each for each in asked if each.customer == team),
        is_asked=tuple(each for each in asked if each.supplier == team),
        pulse=pulse[0] if rated(pulse) else None,
        expected=(
            *_scores_expected(snapshot, team, window),
            *_expectations(snapshot, team),
            *_claims(snapshot, team, month),
        ),
        owes=tuple(
            sorted(
                [*_owing(snapshot, team, month), *_handoffs_owed(snapshot, team, window, month)],
                key=lambda each: (each.due or date.max, each.what),
            )
        ),
    )


def known_teams(snapshot: Queryable) -> list[str]:
    """Return the teams that make or keep a promise, rate or are rated, by name."""
    rows = snapshot.query(_TEAMS, {"company": PULSE})
    return [str(team) for team in rows["team"]]


def suppliers_of(snapshot: Queryable, team: str) -> list[str]:
    """Return the teams that a team has rated as its suppliers, requires a score of, or is handed something by, by name."""
    rows = snapshot.query(
        "select supplier from rating_daily where customer = $team and supplier <> $company and direction = $direction"
        " union select supplier from rating_required where customer = $team and supplier <> $company"
        " union select supplier from chain_stage where customer = $team and supplier <> $team order by supplier",
        {"team": team, "company": PULSE, "direction": OF_SUPPLIER},
    )
    return [str(name) for name in rows["supplier"]]


_TEAMS = """
    select made_by as team from promise where made_by is not null
    union select kept_by from promise where kept_by is not null
    union select unnest([supplier, customer]) from rating_daily
    union select unnest([supplier, customer]) from rating_required
    union select supplier from chain_stage
    except select $company
    order by team
"""
"""The query of the teams there are."""


def _both(snapshot: Queryable, window: Window, direction: str) -> list[Score]:
    """Return the scores of each pair, those by heading behind that of the whole."""
    whole, parts = scores(snapshot, window, direction), scores(snapshot, window, direction, False, True)
    found: list[Score] = []
    for each in whole:
        pair = (each.supplier, each.customer)
        inside = [part for part in parts if (part.supplier, part.customer) == pair and part.ratings]
        found += [each, *(inside if len(inside) > 1 else [])]
    return found


def _scores_expected(snapshot: Queryable, team: str, window: Window) -> Iterator[Expected]:
    """Yield the score that each customer requires of a team, with since when where that is declared by pair."""
    since = snapshot.query(
        "select customer, max(from_day) as since from rating_required"
        " where supplier = $team and coalesce(from_day <= $last, true) group by customer",
        {"team": team, "last": window.last},
    )
    days = {row.customer: row.since for row in since.itertuples()}
    for each in scores(snapshot, window):
        if each.supplier == team and each.required == each.required:
            first = days.get(each.customer)
            is_known = first is not None and not pd.isna(first)
            yield Expected(
                by=each.customer,
                what=f"a mean score of {each.required:g} or more",
                since=pd.Timestamp(first).date() if is_known else None,
                standing=f"{each.standing}: {score(each.mean)}" if each.ratings else "not rated",
            )


def _expectations(snapshot: Queryable, team: str) -> Iterator[Expected]:
    """Yield what internal customers expect of the chains that a team does a stage of."""
    rows = snapshot.query(
        "select customer, what, min(from_day) as since, string_agg(distinct chain_id, ', ' order by chain_id) as chains"
        " from chain_expectation where customer <> $team"
        " and chain_id in (select chain_id from chain_stage where supplier = $team) group by all order by all",
        {"team": team},
    )
    for row in rows.itertuples():
        since = None if pd.isna(row.since) else pd.Timestamp(row.since).date()
        yield Expected(row.customer, f"{row.what} (of {row.chains})", since, "not measured")


def _claims(snapshot: Queryable, team: str, month: str) -> Iterator[Expected]:
    """Yield the claims that a team keeps, as they stand in the month."""
    table = compliance(snapshot, Window.month(month), team)
    for row in table[table["kept_by"] == team].itertuples():
        aim = target(row.target)
        what = f"“{row.claim}”" + (f", {aim} of them" if aim != NOTHING else "")
        yield Expected("customers", what, None, str(row.status), str(row.promise_id))


def _owing(snapshot: Queryable, team: str, month: str) -> Iterator[Owes]:
    """Yield the reviews of a team's promises that are overdue, and the gates of launches to come that it has not signed."""
    as_of = date.fromisoformat(snapshot.meta["as_of_day"])
    table = snapshot.query("select promise_id, claim, made_by, kept_by, '' as status from promise")
    overdue = owed(snapshot, table, as_of).overdue
    for row in overdue[(overdue["made_by"] == team) | (overdue["kept_by"] == team)].itertuples():
        state = (("month", month), ("promise", str(row.promise_id)))
        yield Owes(
            f"the review of “{row.claim}”", pd.Timestamp(row.review_by).date(), True, "compliance", state
        )
    gates = snapshot.query(
        "select promotion_id, gate, says, launched_day from gate join readiness using (promotion_id) join promotion using (promotion_id)"
        " where kind = 'sign-off' and asks_of = $team and not coalesce(met, false) and starts_with(verdict, 'planned')"
        " order by launched_day, position",
        {"team": team},
    )  # fmt: skip
    for row in gates.itertuples():
        launch = None if pd.isna(row.launched_day) else pd.Timestamp(row.launched_day).date()
        what = f"a signature: “{row.gate}”, for “{row.says}”"
        yield Owes(what, launch, bool(launch and launch < as_of), "launches", (("promotion", str(row.promotion_id)),))  # fmt: skip


def _handoffs_owed(snapshot: Queryable, team: str, window: Window, month: str) -> Iterator[Owes]:
    """Yield reviews of a team's handoffs that are overdue, cases that lie in its stages over their budget, and promises
    that it makes and whose chain has no time for them.
    """
    as_of = date.fromisoformat(snapshot.meta["as_of_day"])
    reviews = snapshot.query(
        "select chain_id, stage, s.review_by, promises[1] as promise_id from chain_stage s join chain using (chain_id)"
        " where supplier = $team and s.review_by < $as_of order by all",
        {"team": team, "as_of": as_of},
    )
    for row in reviews.itertuples():
        what = f"the review of the handoff “{row.stage}” ({row.chain_id})"
        yield Owes(what, pd.Timestamp(row.review_by).date(), True, *_on_handoffs(row, month))
    waiting = snapshot.query(
        "select chain_id, stage, promises[1] as promise_id, sum(late - late_done)::bigint as lying from stage_cell"
        " join chain_stage using (chain_id, position) join chain using (chain_id) where supplier = $team group by all having lying > 0 order by all",
        {"team": team},
    )
    for row in waiting.itertuples():
        what = f"{plural(row.lying, 'case')} still in “{row.stage}” ({row.chain_id}), over its budget"
        yield Owes(what, None, True, *_on_handoffs(row, month))
    short = unfunded(snapshot, window)
    for row in short[short["made_by"] == team].itertuples():
        what = f"time for “{row.claim}”: the budgets of its chain ({row.chain_id}) exceed what it promises"
        yield Owes(what, None, True, "compliance", (("month", month), ("promise", str(row.promise_id))))


def _on_handoffs(row: Any, month: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return where a stage is told of: the page Handoffs of the first promise that its chain keeps; nowhere without one."""
    if not isinstance(row.promise_id, str):
        return "", ()
    return "handoffs", (("month", month), ("promise", row.promise_id), ("stage", str(row.stage)))


def due_words(each: Owes, as_of: date) -> str:
    """Return when a thing was or is due, and for how long it is overdue.

    >>> due_words(Owes("it", date(2026, 10, 1), True, "compliance"), date(2026, 10, 31))
    '1 Oct 2026, 30 days ago'
    """
    if each.due is None:
        return "now" if each.is_overdue else NOTHING
    over = (as_of - each.due) // timedelta(days=1)
    return f"{day(each.due)}, {plural(over, 'day')} ago" if each.is_overdue else f"by {day(each.due)}"
