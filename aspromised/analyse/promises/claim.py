"""One claim, opened over a window: whether it may be said, how it went, what was left out of its count."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from aspromised.analyse.budget.budget import Budget, budgets
from aspromised.analyse.promises.compliance import NOT_JUDGED, NOTHING_COUNTED, compliance, gap_in_items
from aspromised.analyse.promises.events import planned_promotions
from aspromised.analyse.promises.left_out import left_out
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.figures import is_settled, waiting
from aspromised.analyse.rates.own_window import own_windows, period_by_period
from aspromised.analyse.rates.series import lately, span_name
from aspromised.analyse.rates.wordings import aside, beside, statuses_in_words
from aspromised.analyse.windows.window import GONE_BY, Window
from aspromised.stats.proportion import is_below
from aspromised.words.figures import count, percent, plural, points_to_target, target, without_sign
from aspromised.words.moments import last_day_over
from aspromised.words.problems import MisuseError

if TYPE_CHECKING:
    from aspromised.analyse.rates.spread import Spread

_VERSION_COLUMNS = ("version", "from_day", "to_day", "claim", "length", "target", "kept", "decided", "rate")
_WEEKS = 52
PERIODS = 8


@dataclass(frozen=True)
class Claim:
    """A promise over the window chosen. `row` is its row of the ledger; what the tables hold is told by what makes them.

    `elsewhere` is how it went over the window the promise declares, in a sentence, where that is another than the chosen.
    """

    promise_id: str
    window: Window
    as_of: date
    row: pd.Series
    versions: pd.DataFrame
    weeks: pd.DataFrame
    planned: pd.DataFrame
    left_out: pd.DataFrame
    periods: pd.DataFrame
    budget: Budget | None = None
    review_by: date | None = None
    elsewhere: str = ""
    told_on: date | None = None
    """The day on which all that is open now is told: the last of it is due the day before. None where nobody can say."""
    over: date | None = None
    """The last day that was over at the snapshot's moment; none: `as_of`."""

    @property
    def kind(self) -> str:
        """The kind of its window, in a word."""
        return "window" if self.window.kind in ("rolling", "days") else self.window.kind

    @property
    def last_day(self) -> date:
        """The last day of the window that the snapshot knows of."""
        return min(self.window.last or self.as_of, self.as_of)

    @property
    def spread(self) -> "Spread | None":
        """How far it differs between units, where that is what is promised."""
        found: Spread | None = self.row["spread"]
        return found

    @property
    def items(self) -> str:
        """How many items were judged, in words."""
        return self.counted(self.row["decided"])

    def counted(self, number: float, kind: str = "") -> str:
        """Return a number of items in words, of a `kind` where there is one: "232 exempt orders"."""
        one, many = (f"{kind} {self.row[name]}".strip() for name in ("one", "many"))
        return plural(number, one, many)

    @property
    def verdict(self) -> str:
        """Whether it may be said, in one sentence with its numbers."""
        row, name = self.row, f"“{self.row['claim']}”"
        if row["status"] == NOT_JUDGED:
            return f"{name} could not be judged: {row['note']}."
        when = self.window.said(self.as_of, self.over)
        if self.spread is not None:
            return f"{name} {self._saying_of(self.spread)}. {when}: {self.spread.sentence}"
        if not row["decided"]:
            why = "" if row["note"] in ("", NOTHING_COUNTED) else f": {row['note']}"
            return f"{name} had nothing to judge in {when}{why}."
        kept = f"kept for {percent(row['rate'])} of {self.items} in {when}"
        return f"{name} {_SAYING[row['status']]}. It was {kept}, against a target of {target(row['target'])}{self._short}{self._waiting}.{self._together}"

    def _saying_of(self, spread: "Spread") -> str:
        if spread.status == "too few":
            return spread.saying
        return _SAYING.get(spread.status, "had nothing to judge")

    @property
    def _short(self) -> str:
        if self.row["status"] != "missed":
            return ""
        return f": missed by {without_sign(points_to_target(self.row['rate'], self.row['target']))}, {gap_in_items(self.row)}"

    @property
    def _waiting(self) -> str:
        return f"; the verdict {self.row['waiting']}" if self.row["waiting"] else ""

    @property
    def _together(self) -> str:
        """What other wordings decided in the window, and that their sum says nothing of these words."""
        told = aside(self.row, self.row["many"])
        return f" {told}" if told else ""

    @property
    def span(self) -> str:
        """What `weeks` are told by: "week", or "month" where the promise is counted by the month."""
        return span_name(self.weeks)

    @property
    def history(self) -> str:
        """How the full weeks went, and the run that the newest of them belong to; "" where no week was judged."""
        weeks = self.weeks[self.weeks["closed"] & (self.weeks["decided"] > 0)]
        full = weeks[is_settled(weeks["rate_if_all_kept"], weeks["rate_if_all_broken"], weeks["target"])]
        if full.empty:
            return ""
        below = is_below(full["rate"], full["target"]).tolist()
        if len(below) == 1:
            return f"{'Below' if below[0] else 'At or above'} its target in its one full {self.span}."
        run = next((n for n, one in enumerate(reversed(below)) if one != below[-1]), len(below))
        said = f"Below its target in {sum(below)} of the last {plural(len(full), f'full {self.span}')}"
        if run in (1, len(below)):
            return f"{said}."
        return f"{said}, and {'below' if below[-1] else 'at or above'} it in each of the last {run}."


_SAYING = {
    "kept": "may be said as it stands",
    "missed": "may not be said as it stands",
    "too close to call": "is too close to call",
    "too few": "has too few items to tell",
}


def open_claim(snapshot: Queryable, promise_id: str, when: Window | str) -> Claim:
    """Return the claim over the window `when` (or a month, "2026-10"); MisuseError where there is none."""
    window, as_of = Window.of(when), date.fromisoformat(snapshot.meta["as_of_day"])
    table = compliance(snapshot, window)
    row = table[table["promise_id"] == promise_id]
    if row.empty:
        raise MisuseError(f"there is no promise '{promise_id}'")
    declared = snapshot.query(
        "select review_by from promise where promise_id = $promise", {"promise": promise_id}
    )
    review_by = declared["review_by"].iloc[0]
    weeks = _weeks(snapshot, promise_id, min(window.last or as_of, as_of))
    return Claim(
        promise_id=promise_id,
        window=window,
        as_of=as_of,
        row=row.iloc[0],
        versions=versions(snapshot, promise_id, window),
        weeks=weeks,
        planned=planned_promotions(snapshot, promise_id, as_of),
        left_out=left_out(snapshot, promise_id, window),
        periods=_periods(snapshot, promise_id, window),
        budget=budgets(snapshot, window, promise_id=promise_id).get(promise_id),
        review_by=None if pd.isna(review_by) else pd.Timestamp(review_by).date(),
        elsewhere=_elsewhere(snapshot, promise_id, window, as_of),
        told_on=_told_on(snapshot, promise_id, window),
        over=last_day_over(snapshot.meta["as_of"]),
    )


def _told_on(snapshot: Queryable, promise_id: str, window: Window) -> date | None:
    """The day after the last open item of the window is due, by the company's clock; None where one has no such moment."""
    found = snapshot.query(
        "select max(due) as due, count(*) > count(due) as without from item"
        f" where promise_id = $promise and verdict = 'open' and {window.bounds}",
        {"promise": promise_id, **window.parameters},
    ).iloc[0]
    if pd.isna(found["due"]) or found["without"]:
        return None
    due = (pd.Timestamp(found["due"]) - pd.Timedelta(microseconds=1)).tz_localize("UTC")
    day: date = due.tz_convert(snapshot.meta["timezone"]).date()
    return day + timedelta(days=1)


def _elsewhere(snapshot: Queryable, promise_id: str, chosen: Window, as_of: date) -> str:
    """How it went in its words over the newest window of its own inside the chosen one, or around its end; "" where that is it."""
    last = chosen.last or as_of
    day = max(min(last, as_of), chosen.first or last)
    own = own_windows(snapshot, day).windows.get(promise_id, chosen)
    if own == chosen:
        return ""
    row = statuses_in_words(snapshot, own).set_index("promise_id").loc[promise_id]
    said = f"The promise itself is declared by the {_kind(own)}: over {own.said(as_of, last_day_over(snapshot.meta['as_of']))}"
    if not row["decided"]:
        return f"{said} there was nothing to judge."
    return f"{said} it was kept for {percent(row['rate'])} of {count(row['decided'])}: {row['status']}{_semicolon(waiting(row))}{_before(row)}."


def _before(row: pd.Series) -> str:
    told = beside(row)
    return f" ({told})" if told else ""


def _semicolon(words: str) -> str:
    return f"; it {words}" if words else ""


def _kind(window: Window) -> str:
    """The kind of a window, in words."""
    if window.kind == "rolling" and window.first and window.last:
        return plural((window.last - window.first).days + 1, "day")
    return "window" if window.kind == "days" else window.kind


def _periods(snapshot: Queryable, promise_id: str, window: Window) -> pd.DataFrame:
    """Its newest windows, but for those before the first that has an item; none where they are the weeks."""
    table = period_by_period(snapshot, promise_id, window, PERIODS)
    counted = table[["kept", "broken", "open", "exempt", "unknown"]].sum(axis=1) > 0
    return table[counted.cummax() & (window.kind != "week")].reset_index(drop=True)


def versions(snapshot: Queryable, promise_id: str, window: Window) -> pd.DataFrame:
    """Return one row a version, oldest first, with what was decided under it up to the window's end, or the snapshot's day: _VERSION_COLUMNS."""
    table = snapshot.query(
        f"""
        select
          v.version, v.from_day, v.to_day, v.claim, v.length, v.target,
          coalesce(sum(d.kept), 0)::bigint as kept,
          coalesce(sum(d.kept + d.broken), 0)::bigint as decided
        from promise_version v
        left join verdict_daily d
          on d.promise_id = v.promise_id and d.version = v.version and d.segment = '(all)' and d.day <= $last and {GONE_BY}
        where v.promise_id = $promise
        group by all
        order by v.version
        """,
        {"promise": promise_id, "last": window.last or date.max},
    )
    return table.assign(rate=table["kept"] / table["decided"].where(table["decided"] > 0))[
        list(_VERSION_COLUMNS)
    ]


def _weeks(snapshot: Queryable, promise_id: str, last: date) -> pd.DataFrame:
    """A year of weeks, but for those before the first that has an item."""
    weeks = lately(snapshot, promise_id, last, _WEEKS)
    counted = weeks[["kept", "broken", "open", "exempt", "unknown"]].sum(axis=1) > 0
    return weeks[counted.cummax()].reset_index(drop=True)
