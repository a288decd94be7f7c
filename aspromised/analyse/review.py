"""How a month went: each promise beside its month before, and what it comes to in a few sentences."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from aspromised.analyse.budget.budget import budgets
from aspromised.analyse.budget.sentences import review_line
from aspromised.analyse.gaps.weakest import Weakest, weakest
from aspromised.analyse.launches.readiness.started import Started, started
from aspromised.analyse.promises.compliance import LEDGER_COLUMNS, compliance
from aspromised.analyse.promises.owed import Owed, owed
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.status import statuses, versions_each
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import (
    bound,
    count,
    day,
    percent,
    plural,
    points_between,
    points_to_target,
    target,
    without_sign,
)
from aspromised.words.moments import last_day_over

_JUDGED = ("kept", "missed", "too close to call")
"""What counts as judged: enough items to be held against the target."""
REVIEW_COLUMNS = (
    *LEDGER_COLUMNS, "before_kept", "before_decided", "before_rate", "before_status", "before_due_open",
    "change", "change_low", "change_high", "moved", "reworded",
)  # fmt: skip
BETTER, WORSE, CHANCE = "better", "worse", "chance"


def review_table(snapshot: Queryable, window: Window) -> pd.DataFrame:
    """Return one row a promise, in the order of the ledger of claims: REVIEW_COLUMNS.

    `change` is the kept rate less that of the items promised in the same words in the window before (`reworded` where
    there are none, but some in other words), `change_low` and `change_high` its 95 % interval
    (Newcombe's hybrid score, Stat Med 17:873, 1998), NaN where either has nothing decided. `moved` is "better" or
    "worse" where the interval excludes zero, whatever becomes of what is open in either window, else "chance"; "" where
    either has fewer items than the promise asks.
    """
    table, before = compliance(snapshot, window), compliance(snapshot, window.before)
    then = before[["promise_id", "version", "decided", "status"]].set_index("promise_id")
    counted = ["kept", "decided", "rate", "due_open"]
    same = versions_each(snapshot, table, window.before).set_index(["promise_id", "version"])[counted]
    table = table.join(same.add_prefix("before_"), on=["promise_id", "version"])
    table = table.fillna({"before_kept": 0, "before_decided": 0, "before_due_open": 0})
    told = then.reindex(table["promise_id"]).set_axis(table.index)
    differs = (told["version"] != table["version"]) & (told["decided"] > 0)
    table = table.assign(
        before_status=told["status"],
        reworded=differs & (table["before_decided"] == 0) & (table["decided"] > 0),
    )
    changed = pd.DataFrame(
        [_changed(row) for _, row in table.iterrows()],
        columns=["change", "change_low", "change_high", "moved"],
        index=table.index,
    )
    return pd.concat([table, changed], axis=1)[list(REVIEW_COLUMNS)]


def difference(kept: int, decided: int, before_kept: int, before_decided: int) -> tuple[float, float]:
    """Return the 95 % interval of a kept rate less the one before.

    >>> low, high = difference(930, 1000, 880, 1000)
    >>> f"{low:.3f} {high:.3f}"
    '0.024 0.076'
    """
    low, high = confint_proportions_2indep(
        kept, decided, before_kept, before_decided, method="newcomb", compare="diff"
    )
    return float(low), float(high)


def _changed(row: pd.Series) -> tuple[float, float, float, str]:
    if not (row["decided"] and row["before_decided"]):
        return np.nan, np.nan, np.nan, ""
    low, high = difference(row["kept"], row["decided"], row["before_kept"], row["before_decided"])
    enough = min(row["decided"], row["before_decided"]) >= row["at_least"]
    return row["rate"] - row["before_rate"], low, high, _direction(row, low, high) if enough else ""


def _direction(row: pd.Series, low: float, high: float) -> str:
    """BETTER or WORSE where no open item, of this window or of the one before, can undo it."""
    moved = BETTER if low > 0 else WORSE if high < 0 else CHANCE
    if moved == CHANCE or not (row["due_open"] or row["before_due_open"]):
        return moved
    now, before = row["decided"] + row["due_open"], row["before_decided"] + row["before_due_open"]
    kept, before_kept = row["kept"], row["before_kept"]
    if moved == BETTER:
        least, _ = difference(kept, now, before_kept + row["before_due_open"], before)
        return BETTER if least > 0 else CHANCE
    _, most = difference(kept + row["due_open"], now, before_kept, before)
    return WORSE if most < 0 else CHANCE


@dataclass(frozen=True)
class Review:
    """A month of promises (`table`: REVIEW_COLUMNS) and what is to be said of it."""

    table: pd.DataFrame
    window: Window
    as_of: date
    weakest: Weakest | None
    started: Started
    owed: Owed
    budget: str = ""
    """One sentence on all budgets of misses, "" where none can be told."""
    over: date | None = None
    """The last day that was over at the snapshot's moment; none: `as_of`."""
    whole: pd.DataFrame = field(default_factory=pd.DataFrame)
    """The rows of `statuses`: what the month counts in whatever words it was promised."""

    @property
    def is_closed(self) -> bool:
        """Whether the month was over at the snapshot's moment."""
        return self.window.is_closed(self.over or self.as_of)

    @property
    def not_final(self) -> str:
        """That the month is not over, "" where it is."""
        if self.is_closed:
            return ""
        return (
            f"{self.window.label} is not closed yet: these figures run to {day(self.as_of)} and will still change."
            " What was done early for days to come is in none of them."
        )

    @property
    def sentence(self) -> str:
        """How many of the judged promises were kept, missed or too close, and how it was the month before."""
        have, judged = _numbers(self.table["status"])
        when = self.window.said(self.as_of, self.over)
        if not judged:
            return f"No promise could be judged in {when}."
        return f"Of {plural(judged, 'promise')} with enough items to tell in {when}, {_told(have, judged)}; {self._month_before}."

    @property
    def _month_before(self) -> str:
        (kept, missed, close), judged = _numbers(self.table["before_status"])
        label = self.window.before.label
        if not judged:
            return f"none could be judged in {label}, so there is nothing to compare with"
        return f"in {label} it was {kept} kept, {missed} missed and {close} too close, of {judged}"

    @property
    def findings(self) -> list[tuple[str, str]]:
        """At most six sentences, each with the question it answers."""
        said = {
            "Biggest miss": self._miss(),
            "Change": " ".join(self._changes()),
            "Where": self.weakest.sentence if self.weakest else "",
            "Launched": self.started.sentence,
            "Budget": self.budget,
            "Owed now": self.owed.sentence,
        }
        return [(question, sentence) for question, sentence in said.items() if sentence]

    def _miss(self) -> str:
        judged = self.table[self.table["status"].isin(_JUDGED) & self.table["spread"].isna()]
        missed = judged[judged["status"] == "missed"].sort_values(["gap_items", "promise_id"])
        if missed.empty:
            return "None: no promise was below its target beyond doubt." if len(judged) else ""
        row = missed.iloc[0]
        short = f"{without_sign(points_to_target(row['rate'], row['target']))} below its target of {target(row['target'])}"
        return f"“{row['claim']}” was kept for {_rate(row)}, {short}: {_items(row, -row['gap_items'])} short{_keeper(row)}."

    def _changes(self) -> Iterator[str]:
        yield from self._compared()
        reworded = [f"“{claim}”" for claim in self.table["claim"][self.table["reworded"]]]
        if reworded and self.is_closed:
            yield f"Not compared with {self.window.before.label}, as the wording changed: {', '.join(reworded)}."

    def _compared(self) -> Iterator[str]:
        compared = self.table[self.table["moved"] != ""]
        if compared.empty:
            return
        if not self.is_closed:
            yield f"Not compared with {self.window.before.label} before the month is over."
            return
        if (compared["moved"] == CHANCE).all():
            yield f"No promise changed beyond chance against {self.window.before.label}."
            return
        ranked = compared.sort_values(["change", "promise_id"])
        better, worse = ranked[ranked["moved"] == BETTER], ranked[ranked["moved"] == WORSE]
        yield _moved(better.iloc[-1], "Improved most") if len(better) else "None improved beyond chance."
        yield _moved(worse.iloc[0], "Worsened most") if len(worse) else "None worsened beyond chance."

    @property
    def left_out(self) -> str:
        """How many items have no verdict in the rates, and why; those that were decided in other words have one of their own."""
        sums = self.whole[["exempt", "unknown", "open", "decided"]].sum()
        told = (
            f"Not in the rates, over all promises: {count(sums['exempt'])} exempt, {count(sums['unknown'])} unknown"
            f" and {count(sums['open'])} still open"
        )
        elsewhere = sums["decided"] - self.table["decided"].sum()
        return (
            f"{told}; {count(elsewhere)} more decided in other words, each told beside its claim."
            if elsewhere
            else f"{told}."
        )


def review(snapshot: Queryable, month: str) -> Review:
    """Return the review of a month written as "2026-10"."""
    window, as_of = Window.month(month), date.fromisoformat(snapshot.meta["as_of_day"])
    table = review_table(snapshot, window)
    return Review(
        table=table,
        window=window,
        as_of=as_of,
        weakest=weakest(snapshot, table, window),
        started=started(snapshot, window, as_of),
        owed=owed(snapshot, table, as_of),
        over=last_day_over(snapshot.meta["as_of"]),
        whole=statuses(snapshot, window),
        budget=review_line(
            budgets(snapshot, window), dict(zip(table["promise_id"], table["claim"], strict=True))
        ),
    )


def _numbers(statuses: pd.Series) -> tuple[list[int], int]:
    have = statuses.value_counts()
    numbers = [int(have.get(status, 0)) for status in _JUDGED]
    return numbers, sum(numbers)


def _told(numbers: list[int], judged: int) -> str:
    kept, missed, close = numbers
    if judged in numbers:
        return ("it was " if judged == 1 else "all were ") + _JUDGED[numbers.index(judged)]
    return f"{kept} {_was(kept)} kept, {missed} {_was(missed)} missed and {close} {'is' if close == 1 else 'are'} too close to call"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _rate(row: pd.Series) -> str:
    return f"{percent(row['rate'])} of {_items(row, row['decided'])} ({percent(row['low'])} to {percent(row['high'])})"


def _items(row: pd.Series, number: float) -> str:
    return plural(number, row["one"], row["many"])


def _keeper(row: pd.Series) -> str:
    return f" (kept by {row['kept_by']})" if isinstance(row["kept_by"], str) else ""


def _moved(row: pd.Series, how: str) -> str:
    near, far = sorted(abs(bound(100 * row[name])) for name in ("change_low", "change_high"))
    by = f"{without_sign(points_between(row['rate'], row['before_rate']))} ({near} to {far})"
    return f"{how}: “{row['claim']}” by {by}, from {percent(row['before_rate'])} to {percent(row['rate'])}{_keeper(row)}."
