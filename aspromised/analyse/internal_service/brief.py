"""A supplier brief: what one team needs of another, how it has been, examples, and when they look again. One page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from aspromised.analyse.internal_service.handoffs import LateShare, Passing, late_shares, passings
from aspromised.analyse.internal_service.overview import out_of, score
from aspromised.analyse.internal_service.scores import (
    MONTHS_TOGETHER,
    Scale,
    Score,
    rating_months,
    rating_scale,
    rating_window,
    scores,
)
from aspromised.analyse.internal_service.team import known_teams
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import count, day, duration, listed, percent, plural
from aspromised.words.problems import MisuseError, no_such
from aspromised.words.vocabulary import OF_SUPPLIER

BriefRow = tuple[str, str]
_LOW_DAYS = 3
_CLAIMS = 3
_LATE_CLAIMS = 2


@dataclass(frozen=True)
class Brief:
    """What a customer hands its supplier, in the three months that end with a month; rows are a word and what is said of it."""

    supplier: str
    customer: str
    company: str
    months: str
    as_of: date
    sentence: str
    needs: tuple[BriefRow, ...]
    has_been: tuple[BriefRow, ...]
    examples: tuple[BriefRow, ...]
    again: tuple[BriefRow, ...]
    late: tuple[LateShare, ...] = ()
    """The supplier's share of lateness, by promise; its items are the examples."""

    @property
    def title(self) -> str:
        """What the brief is called."""
        return f"What {self.customer} needs of {self.supplier}"

    @property
    def parts(self) -> dict[str, tuple[BriefRow, ...]]:
        """Its parts by their headings; one that holds nothing says so."""
        return {
            "What we need from you": self.needs or (("Not agreed yet", "declare a score under ratings.required, or what a stage requires"),),
            "How it has been": self.has_been or (("Not known", f"no rating and no handoff in {self.months}"),),
            "Examples": self.examples or (("None", f"nothing late and nothing rated in {self.months}"),),
            "When we look again": self.again or (("Not agreed yet", "declare review_by of the handoff, or of its chain"),),
        }  # fmt: skip

    @property
    def small_print(self) -> list[str]:
        """Where the brief comes from, and how it was judged."""
        return [
            f"{self.company}, data as of {day(self.as_of)}. Scores are means of {self.months}, with Student's 95 % interval, scatter"
            " pooled over all pairs; too close to call where it holds what is required.",
            "Late minutes are a stage's own share of what items were late, negative where it recovered time. A rating says where to"
            " look, not why.",
        ]


def supplier_brief(snapshot: Queryable, supplier: str, customer: str, month: str) -> Brief:
    """Return the brief of a customer for its supplier; AsPromisedError where the two have nothing to do with one another."""
    teams = known_teams(snapshot)
    for team in (supplier, customer):
        if team not in teams:
            raise no_such("team", team, teams)
    window = rating_window(month)
    passed, late = (
        passings(snapshot, supplier, customer, window),
        late_shares(snapshot, supplier, customer, window),
    )
    rated = [*_of_pair(snapshot, window, supplier, customer)]
    whole = next((each for each in rated if not each.heading and each.ratings), None)
    expected = list(_expected(snapshot, passed, customer))
    if not rated and not passed and not expected:
        raise MisuseError(
            f"{supplier} and {customer} have nothing to do with one another: no rating, no stage of a chain between them"
        )
    scale = rating_scale(snapshot)
    return Brief(
        supplier=supplier,
        customer=customer,
        company=snapshot.meta.get("company", ""),
        months=rating_months(window, snapshot),
        as_of=date.fromisoformat(snapshot.meta["as_of_day"]),
        sentence=_sentence(supplier, whole, scale, passed, rating_months(window, snapshot)),
        needs=(*_needs(snapshot, window, whole or next(iter(rated), None), passed), *expected),
        has_been=(*_ratings(rated, scale), *_passed(passed), *_late(late)),
        examples=tuple(_examples(snapshot, window, supplier, customer, late)),
        again=tuple(_again(passed, date.fromisoformat(snapshot.meta["as_of_day"]))),
        late=tuple(_told_late(late)),
    )  # fmt: skip


def _of_pair(snapshot: Queryable, window: Window, supplier: str, customer: str) -> Iterator[Score]:
    """Yield the pair's score over all headings, and those by heading where there are several."""
    whole = scores(snapshot, window, OF_SUPPLIER)
    parts = scores(snapshot, window, OF_SUPPLIER, False, True)
    pair = (supplier, customer)
    yield from (each for each in whole if (each.supplier, each.customer) == pair)
    inside = [each for each in parts if (each.supplier, each.customer) == pair and each.ratings]
    yield from inside if len(inside) > 1 else []


def _sentence(
    supplier: str, whole: Score | None, scale: Scale, passed: tuple[Passing, ...], months: str
) -> str:
    """Return how the supplier did, in one or two sentences."""
    said = []
    if whole:
        required = (
            f" where we require {whole.required:g}: {whole.standing}"
            if whole.required == whole.required
            else ""
        )
        said.append(f"In {months} we rated {supplier} {out_of(whole, scale)}{required}.")
    done, late = sum(each.done for each in passed), sum(each.late for each in passed)
    if done:
        said.append(
            f"{count(done)} times something was handed to us, {count(late)} of them late ({percent(late / done)})."
        )
    return " ".join(said) or f"Nothing was rated and nothing was handed over in {months}."  # fmt: skip


def _needs(
    snapshot: Queryable, window: Window, score_: Score | None, passed: tuple[Passing, ...]
) -> Iterator[BriefRow]:
    for each in passed:
        within = f"done within {each.budget}" if each.budget else "done; no budget is agreed"
        delivers = f"; hands over {listed(each.delivers)}" if each.delivers else ""
        yield f"{each.stage} ({each.chain_id})", f"{within}{delivers}"
        if each.needs:
            yield f"to go on after {each.stage}", listed(each.needs)
    if score_ and score_.required == score_.required:
        yield "a mean score", f"{score_.required:g} or more{_since(snapshot, window, score_)}"


def _since(snapshot: Queryable, window: Window, each: Score) -> str:
    """Return since when a score is required, where that is declared by pair."""
    found = snapshot.query(
        "select max(from_day) as since from rating_required"
        " where supplier = $supplier and customer = $customer and from_day <= $last",
        {"supplier": each.supplier, "customer": each.customer, "last": window.last},
    )["since"].iat[0]
    return "" if pd.isna(found) else f", since {day(pd.Timestamp(found).date())}"


def _expected(snapshot: Queryable, passed: tuple[Passing, ...], customer: str) -> Iterator[BriefRow]:
    rows = snapshot.query(
        "select what, min(from_day) as since from chain_expectation"
        " where customer = $customer and chain_id in (select unnest($chains)) group by what order by what",
        {"customer": customer, "chains": sorted({each.chain_id for each in passed})},
    )
    for row in rows.itertuples():
        since = "" if pd.isna(row.since) else f" (agreed {day(pd.Timestamp(row.since).date())})"
        yield "we expect", f"{row.what}{since}"


def _ratings(rated: list[Score], scale: Scale) -> Iterator[BriefRow]:
    for each in rated:
        if each.ratings:
            met = f"; {percent(each.met, 0)} reached what was required" if each.met == each.met else ""
            before = (
                f"; {score(each.before_mean)} in the {MONTHS_TOGETHER} months before"
                if each.before_ratings
                else ""
            )
            moved = f" ({each.moved})" if each.moved in ("better", "worse") else ""
            yield each.heading or "our rating", f"{out_of(each, scale)}, {each.standing}{met}{before}{moved}"  # fmt: skip


def _passed(passed: tuple[Passing, ...]) -> Iterator[BriefRow]:
    for each in passed:
        said = (
            [f"{count(each.late)} of {count(each.done)} over its budget ({percent(each.late / each.done)})"]
            if each.done
            else ["not done"]
        )
        if judged := each.accepted + each.refused:
            said.append(
                f"{percent(each.accepted / judged)} of {count(judged)} complete and right as we found it"
            )
        if told := each.inputs_met + each.inputs_unmet:
            said.append(f"{listed(each.needs)}: there in {percent(each.inputs_met / told)} of {count(told)}")
        yield each.stage, "; ".join(said)  # fmt: skip


def _told_late(late: tuple[LateShare, ...]) -> Iterator[LateShare]:
    """Yield the promises of whose late items examples are given."""
    yield from (each for each in late[:_LATE_CLAIMS] if each.examples and each.seconds > 0)


def _late(late: tuple[LateShare, ...]) -> Iterator[BriefRow]:
    """Yield what the supplier had of the lateness of a promise's late items: of those where it was most."""
    for each in late[:_CLAIMS]:
        if each.seconds > 0:
            own = f"{duration(each.seconds / each.items)} of each of {plural(each.items, 'late one')} on average"
            yield f"“{each.claim}”", f"{own} are yours"


def _examples(
    snapshot: Queryable, window: Window, supplier: str, customer: str, late: tuple[LateShare, ...]
) -> Iterator[BriefRow]:
    """Yield the items late by most, by promise; and the days that were rated lowest."""
    yield from ((f"late for “{each.claim}”", listed(each.examples)) for each in _told_late(late))
    rows = snapshot.query(
        "select day, dimension as heading, ratings, total / ratings as mean from rating_daily"
        " where supplier = $supplier and customer = $customer and direction = $direction and day between $first and $last"
        " and total / ratings < coalesce(required, (select (lowest + out_of) / 2 from rating_scale)) order by mean, day desc, dimension limit $most",
        {"supplier": supplier, "customer": customer, "direction": OF_SUPPLIER, "most": _LOW_DAYS, **window.parameters},
    )  # fmt: skip
    for row in rows.itertuples():
        told = f"{score(row.mean)} in {row.heading} ({plural(row.ratings, 'rating')})"
        yield f"rated low on {day(pd.Timestamp(row.day).date())}", told


def _again(passed: tuple[Passing, ...], as_of: date) -> Iterator[BriefRow]:
    for each in passed:
        if each.review_by:
            overdue = (
                f", {plural((as_of - each.review_by).days, 'day')} overdue" if each.review_by < as_of else ""
            )
            yield each.stage, f"{day(each.review_by)}{overdue}"
