"""Which claims may still be said: each claim in its words of the time, against its target, worst for customers first."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.rates.figures import COUNTS, FIGURES, waiting
from aspromised.analyse.rates.series import counted_by_month
from aspromised.analyse.rates.wordings import beside, statuses_in_words
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import count, day, listed, plural
from aspromised.words.moments import last_day_over
from aspromised.words.nouns import item_noun

if TYPE_CHECKING:
    from aspromised.analyse.rates.spread import Spread

LEDGER_COLUMNS = (
    "promise_id", "claim", "length", "said_in", "subject", "made_by", "kept_by", "one", "many",
    "at_least", *COUNTS, *FIGURES, "version", "others", "together", "note", "waiting", "spread",
)  # fmt: skip
NOT_JUDGED = "not judged"
NOTHING_COUNTED = "nothing is counted in these days"
BY_MONTH = "its figures come once a month: choose a month, or a longer window"
"""The note of a claim with nothing in a window shorter than what it is counted by."""
PROMISED_FROM = "promised from"
"""How the note of a claim begins that is promised only after the window."""
ORDER = ("missed", "too close to call", "kept", "too few", "no data", NOT_JUDGED)
"""The order of the ledger: what harms customers first, what nobody knows last."""


@remembered
def compliance(snapshot: Queryable, window: Window, team: str = "") -> pd.DataFrame:
    """Return one row a claim that `team` says or keeps ("": every claim), in the order of the ledger: LEDGER_COLUMNS.

    Missed and close claims stand by the items they are short, kept ones by how little they have to spare. `claim` and
    `length` are those in force on the last day of the window that is known, and the figures those of the items promised in
    them (`rates.wordings`); `others` and `together` are the other wordings. `one` and `many` name the items. `status` is a
    status or NOT_JUDGED; `spread` is the Spread of a promise of that kind, else None; `note` says why a claim has no
    verdict, or since when it stands in these words and how it went before, "" where neither is so; `waiting` that the
    status waits for open items, "" where it does not.
    """
    promises = snapshot.query("select promise_id, said_in, subject, source from promise")
    table = statuses_in_words(snapshot, window).merge(promises, on="promise_id")
    spread = _spreads(snapshot, window, table)
    for promise, found in spread.items():
        table.loc[table["promise_id"] == promise, ["status", "gap"]] = [found.status, found.gap]
    by_month = counted_by_month(snapshot) if (table["status"] == "no data").any() else set()
    nouns = [item_noun(source) for source in table["source"]]
    table = table.assign(
        one=[noun.one for noun in nouns],
        many=[noun.many for noun in nouns],
        said_in=[_words(said) for said in table["said_in"]],
        status=table["status"].where(table["problem"].isna(), NOT_JUDGED),
        note=[_note(row, window, by_month) for _, row in table.iterrows()],
        waiting=[waiting(row, noun.many) for (_, row), noun in zip(table.iterrows(), nouns, strict=True)],
        spread=pd.Series([spread.get(each) for each in table["promise_id"]], table.index, dtype=object),
    )
    if team:
        table = table[(table["made_by"] == team) | (table["kept_by"] == team)]
    return _sorted(table)[list(LEDGER_COLUMNS)]


def _spreads(snapshot: Queryable, window: Window, table: pd.DataFrame) -> "dict[str, Spread]":
    if not (table["kind"] == "spread").any():
        return {}
    from aspromised.analyse.rates.spread import spreads

    return {promise: found.in_words for promise, found in spreads(snapshot, window).items()}


def _words(listed: object) -> str:
    """What a list holds, in words; "" where there is none.

    >>> _words(np.array(["homepage", "tv"])), _words(None), _words(float("nan"))
    ('homepage, tv', '', '')
    """
    return ", ".join(map(str, listed)) if isinstance(listed, np.ndarray | list | tuple) else ""


def _note(row: pd.Series, window: Window, by_month: Container[str]) -> str:
    if isinstance(row["problem"], str):
        return row["problem"]
    if pd.isna(row["from_day"]):
        return _silent(row, window, by_month)
    since = pd.Timestamp(row["from_day"]).date()
    if window.last and since > window.last:
        return f"{PROMISED_FROM} {day(since)}"
    others = beside(row)
    if others or (window.first and since >= window.first):
        silent = "" if others else _silent(row, window, by_month)
        return "; ".join(filter(None, [f"in these words since {day(since)}", others, silent]))
    return _silent(row, window, by_month)


def _silent(row: pd.Series, window: Window, by_month: Container[str]) -> str:
    """Why nothing is judged in the window, "" where something is."""
    if row["status"] != "no data":
        return ""
    if row["promise_id"] in by_month and not window.months:
        return BY_MONTH
    others = [f"{count(row[name])} {name}" for name in ("open", "exempt", "unknown") if row[name]]
    return f"nothing is decided in these days: {', '.join(others)}" if others else NOTHING_COUNTED


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    table = table.assign(
        rank=table["status"].map({status: place for place, status in enumerate(ORDER)}),
        weight=table["gap_items"].where(table["status"] != "kept", table["gap"]),
    )
    return table.sort_values(["rank", "weight", "promise_id"], ignore_index=True)


@dataclass(frozen=True)
class ComplianceSummary:
    """What the ledger says as a whole."""

    table: pd.DataFrame
    window: Window
    as_of: date
    over: date | None = None
    """The last day that was over at the snapshot's moment; none: `as_of`."""

    @property
    def sentence(self) -> str:
        """How many claims may be said, how many may not, and which is furthest short."""
        return " ".join(self._sentences())

    @property
    def last_day(self) -> date:
        """The last day of the window that the snapshot knows of."""
        return min(self.window.last or self.as_of, self.as_of)

    @property
    def when(self) -> str:
        """The window in words, and that it is not over where it is not.

        >>> ComplianceSummary(pd.DataFrame(), Window.month("2026-10"), date(2026, 10, 9)).when
        'October 2026, not closed yet (to 9 Oct 2026)'
        """
        return self.window.said(self.as_of, self.over)

    def _sentences(self) -> Iterator[str]:
        have = self.table["status"].value_counts()
        judged = int(sum(have.get(status, 0) for status in ORDER[:4]))
        if judged:
            told = listed([words for status in _TOLD if (words := _told(status, int(have.get(status, 0))))])
            yield f"Of {plural(judged, 'claim')} judged in {self.when}, {told}."
        else:
            yield f"No claim could be judged in {self.when}."
        missed = self.table[(self.table["status"] == "missed") & (self.table["gap_items"] < 0)]
        if len(missed):
            worst = missed.iloc[0]
            yield f"Furthest short: “{worst['claim']}”, by {plural(-worst['gap_items'], worst['one'], worst['many'])}."
        silent = int(have.get("no data", 0) + have.get(NOT_JUDGED, 0))
        if silent:
            yield f"{silent} more {'has' if silent == 1 else 'have'} no verdict; the reason stands in the row."


_TOLD: dict[str, tuple[str, str]] = {
    "kept": ("may be said as it stands", "may be said as they stand"),
    "missed": ("is missed", "are missed"),
    "too close to call": ("is too close to call", "are too close to call"),
    "too few": ("has too few judged to tell", "have too few judged to tell"),
}


def _told(status: str, number: int) -> str:
    if not number:
        return "none may be said as it stands" if status == "kept" else ""
    return f"{number} {_TOLD[status][number != 1]}"


def compliance_summary(snapshot: Queryable, window: Window, team: str = "") -> ComplianceSummary:
    """Return the ledger over `window` and what it says as a whole."""
    as_of = date.fromisoformat(snapshot.meta["as_of_day"])
    return ComplianceSummary(
        compliance(snapshot, window, team), window, as_of, last_day_over(snapshot.meta["as_of"])
    )


def gap_in_items(row: pd.Series) -> str:
    """Return a gap as so many items short or to spare, "" where nothing is decided.

    >>> gap_in_items(pd.Series({"decided": 9, "gap_items": -171.0, "one": "order", "many": "orders"}))
    '171 orders short'
    """
    if not row["decided"]:
        return ""
    if row["gap_items"] == 0:
        return "not one to spare"
    number = plural(abs(row["gap_items"]), row["one"], row["many"])
    return f"{number} {'short' if row['gap_items'] < 0 else 'to spare'}"


def differing(table: pd.DataFrame) -> list[pd.DataFrame]:
    """Return, for each subject that is promised with different lengths, its rows of the ledger, by subject."""
    told = table[table["subject"].notna() & (table["length"] != "")]
    return [rows for _, rows in told.groupby("subject") if rows["length"].nunique() > 1]


def differing_sentence(rows: pd.DataFrame) -> str:
    """Return the sentence on one subject that is said in different ways."""
    ways = [f"{row.said_in or 'somewhere'}: “{row.claim}” ({row.length})" for row in rows.itertuples()]
    subject = str(rows["subject"].iloc[0]).replace("-", " ")
    return f"The {subject} is promised in {len(ways)} ways. {'; '.join(ways)}. A customer may hold you to the shortest."
