"""What a launch did to customers: what broke while it was early, beside what was to be expected, with an interval."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from aspromised.analyse.launches.effect.excess import ALL, Usual, day_of, excess_rows
from aspromised.analyse.launches.effect.sentences import harm_sentences
from aspromised.analyse.launches.readiness.span import LaunchSpan, span
from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.rates.versions import declared_versions, in_force
from aspromised.schema.snapshot import LAUNCH_HARM
from aspromised.stats.step_down import holm
from aspromised.words.nouns import Noun, item_noun

MORE, FEWER, USUAL, CANNOT_TELL = "more than usual", "fewer than usual", "no more than usual", "cannot tell"
ONE_SIDED = 0.025
HARM_COLUMNS = LAUNCH_HARM.but("promotion_id", "first", "until", "position")
METHOD = (
    "expected from the quiet days before, same weekdays and kinds of items (logistic regression); range from chance and"
    " from how far quiet stretches of the same length stray (Paule-Mandel), beta-binomial"
)


@dataclass(frozen=True)
class LaunchHarm:
    """A launch's days (`span`) and a row for each promise and who, those it leans on first: HARM_COLUMNS.

    `who` is buyers (brought by the promotion), others (everyone else, those of other promotions too) and all. Figures
    that could not be told are NaN, and `standing` is then "cannot tell". `control_did`: the excess by comparison with
    items outside the shared capacity, where a capacity declares `outside`.
    """

    span: LaunchSpan
    rows: pd.DataFrame
    known: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    """The first and last day of which anything is known, by promise; without it, every day of the span is."""
    was_judged: bool = True
    """Whether any promise it leans on was judged at all."""

    @property
    def leaned(self) -> pd.DataFrame:
        """The rows of the promises it leans on."""
        return self.rows[self.rows["leaned_on"].astype(bool)]

    @property
    def headline(self) -> pd.Series | None:
        """The row of all items of the promise told first: of those it leans on, the one least like chance; None of none."""
        if self.leaned.empty:
            return None
        told_first = self.leaned.sort_values(["p", "excess"], ascending=[True, False], kind="stable").iloc[0]
        whole = self.leaned[
            (self.leaned["who"] == ALL) & (self.leaned["promise_id"] == told_first["promise_id"])
        ]
        return whole.iloc[0]

    @property
    def is_harmful(self) -> bool:
        """Whether more broke than can be put down to chance, for anyone, in a promise it leans on."""
        return bool((self.leaned["standing"] == MORE).any())

    @property
    def sentence(self) -> str:
        """What happened, what was to be expected, and what may be said of the cause."""
        row = self.headline
        if not self.span.days:
            return "No day of it has passed that could be looked at."
        if row is None:
            if not self.was_judged:
                return "What it leans on was not judged, so what it did cannot be told."
            return f"Too little of what it leans on was decided {self.span.in_words}, so what it did cannot be told."
        parts = {
            str(one["who"]): one
            for _, one in self.leaned.iterrows()
            if one["promise_id"] == row["promise_id"]
        }
        return harm_sentences(self.span, self._known_days(row), parts, noun(row))

    def _known_days(self, row: pd.Series) -> int:
        """The days of the span of which enough is known: those in reach of the promise's data and decided."""
        first, last = self.known.get(str(row["promise_id"]), (self.span.first, self.span.until))
        end = min(self.span.until, last + timedelta(days=1))
        return max((end - max(self.span.first, first)).days - int(row["undecided_days"]), 0)

    def as_json(self) -> dict[str, Any]:
        """Return the harm as plain values; what could not be told is null."""
        return {
            "promotion_id": self.span.promotion_id,
            "from": self.span.first.isoformat(),
            "until": self.span.until.isoformat(),
            "before_ready": self.span.is_early,
            "method": METHOD,
            "sentence": self.sentence,
            "rows": [{str(k): _plain(v) for k, v in row.items()} for row in self.rows.to_dict("records")],
        }


def harm(snapshot: Queryable, promotion_id: str, until: date | None = None) -> LaunchHarm:
    """Return what broke from launch until the promotion was ready (or `until`, or it ended), beside what was to be expected.

    As the refresh told it; with `until` it is told again, which takes most of a second.
    """
    looked = span(snapshot, promotion_id, until)
    known, judged = _reached(snapshot)
    stored = None if until else _stored(snapshot).get((promotion_id, looked.first, looked.until))
    found = harm_of(looked, usual_of(snapshot)) if stored is None else LaunchHarm(looked, stored)
    return replace(found, known=known, was_judged=not judged.isdisjoint(looked.leans_on))


@remembered
def _stored(snapshot: Queryable) -> dict[tuple[str, date, date], pd.DataFrame]:
    """What the refresh told of each promotion and span."""
    every = snapshot.query("select * from launch_harm order by promotion_id, position")
    return {
        (str(name), _day(first), _day(until)): rows[list(HARM_COLUMNS)].reset_index(drop=True)
        for (name, first, until), rows in every.groupby(["promotion_id", "first", "until"])
    }


@remembered
def _reached(snapshot: Queryable) -> tuple[dict[str, tuple[date, date]], frozenset[str]]:
    """The days each promise's data reach, and the promises that were judged."""
    judged = snapshot.query(
        """
        select promise_id, min(day) as first, max(day) as last
        from promise left join (from usual_daily where items + open > 0) using (promise_id)
        where problem is null
        group by promise_id
        """
    )
    reach = judged.dropna(subset="first")
    known = {str(row.promise_id): (_day(row.first), _day(row.last)) for row in reach.itertuples()}
    return known, frozenset(judged["promise_id"])


def _day(value: object) -> date:
    day: date = pd.Timestamp(value).date()
    return day


@dataclass(frozen=True)
class Promised:
    """A promise that a promotion leans on, day by day."""

    promise_id: str
    claim: str
    versions: pd.DataFrame
    source: str | None
    usual: Usual

    def claim_on(self, day: date) -> str:
        """Return the words in force on a day."""
        found = in_force(self.versions, [self.promise_id], [day])["claim"].dropna()
        return self.claim if found.empty else str(found.iloc[0])


def usual_of(snapshot: Queryable) -> list[Promised]:
    """Return every promise of which the refresh told what was usual."""
    promises = snapshot.query("select promise_id, claim, source from promise order by promise_id")
    versions = declared_versions(snapshot)
    days = snapshot.query("select * from usual_daily order by promise_id, day")
    known = {str(name): Usual.of(rows) for name, rows in days.groupby("promise_id")}
    return [
        Promised(
            name,
            claim,
            versions[versions["promise_id"] == name],
            None if pd.isna(source) else source,
            known[name],
        )
        for name, claim, source in promises.itertuples(index=False)
        if name in known
    ]


def harm_of(looked: LaunchSpan, promises: list[Promised]) -> LaunchHarm:
    """Return the harm over the days of a span: the one step without a snapshot."""
    tables = [_rows(looked, promise) for promise in promises] if looked.days else []
    found = [table for table in tables if table["items"].sum()]
    if not found:
        return LaunchHarm(looked, pd.DataFrame(columns=list(HARM_COLUMNS)))
    table = pd.concat(found, ignore_index=True).sort_values("leaned_on", ascending=False, kind="stable")
    return LaunchHarm(looked, _standing(table.reset_index(drop=True))[list(HARM_COLUMNS)])


def _rows(looked: LaunchSpan, promise: Promised) -> pd.DataFrame:
    rows = excess_rows(promise.usual, looked.promotion_id, looked.first, looked.until)
    return rows.assign(
        promise_id=promise.promise_id,
        claim=promise.claim_on(looked.first),
        source=promise.source,
        leaned_on=promise.promise_id in looked.leans_on,
        **{
            name: [day_of(promise.usual, n) for n in rows[name]]
            for name in ("reference_first", "reference_last")
        },
    )


def _standing(rows: pd.DataFrame) -> pd.DataFrame:
    """Say of each row whether more broke than usual, by Holm's step-down test (Scand J Stat 6:65, 1979) over buyers and others.

    The promises leaned on are tested on their own; any other promise against all rows, since nobody asked of it before.
    """
    standing = pd.Series(USUAL, index=rows.index, dtype=object)
    for leaned in (True, False):
        asked = rows["leaned_on"] if leaned else pd.Series(True, index=rows.index)
        for parts in (rows["who"] != ALL, rows["who"] == ALL):
            tested = rows.index[asked & parts & rows["p"].notna()]
            if len(tested):
                more = tested[holm(rows.loc[tested, "p"].to_numpy(dtype=float)) <= ONE_SIDED]
                standing[more[rows.loc[more, "leaned_on"].astype(bool) == leaned]] = MORE
    standing[rows["high"] < 0] = FEWER
    standing[rows["expected"].isna()] = CANNOT_TELL
    return rows.assign(standing=standing)


def noun(row: Mapping[str, Any]) -> Noun:
    """Return what the items of a row are called."""
    return item_noun(row["source"])


def _plain(value: object) -> object:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, date):
        return pd.Timestamp(value).date().isoformat()
    return value.item() if isinstance(value, np.generic) else value
