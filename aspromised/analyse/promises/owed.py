"""What is owed: promises whose review is overdue, promises nobody can judge yet."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from aspromised.analyse.promises.compliance import NOT_JUDGED
from aspromised.analyse.queryable import Queryable
from aspromised.words.figures import day, plural

OWED_COLUMNS = ("promise_id", "claim", "made_by", "kept_by", "review_by")
_NAMED = 2
"""So many are named; the rest is counted."""


@dataclass(frozen=True)
class Owed:
    """Promises with an overdue review, longest overdue first, and those not judged: OWED_COLUMNS."""

    overdue: pd.DataFrame
    not_judged: pd.DataFrame

    @property
    def sentence(self) -> str:
        """What is overdue since when and what is not judged, with who is to see to it."""
        said = [*self._overdue(), *self._not_judged()]
        return " ".join(said) or "No review is overdue and every promise is judged."

    def _overdue(self) -> list[str]:
        named = [
            f"“{row.claim}” since {day(row.review_by)}{_owner(row.made_by)}"
            for row in self.overdue.head(_NAMED).itertuples()
        ]
        return [f"Review overdue: {_listed(named, len(self.overdue))}."] if named else []

    def _not_judged(self) -> list[str]:
        named = [f"“{row.claim}”{_owner(row.made_by)}" for row in self.not_judged.head(_NAMED).itertuples()]
        return [f"Not judged: {_listed(named, len(self.not_judged))}."] if named else []


def owed(snapshot: Queryable, table: pd.DataFrame, as_of: date) -> Owed:
    """Return what is owed at the end of the day `as_of`; `table` has the claims' words and status (LEDGER_COLUMNS)."""
    dates = snapshot.query("select promise_id, review_by from promise")
    rows = table.merge(dates, on="promise_id")
    rows["review_by"] = pd.to_datetime(rows["review_by"])
    overdue = rows[rows["review_by"] < pd.Timestamp(as_of)].sort_values(["review_by", "promise_id"])
    blind = rows[rows["status"] == NOT_JUDGED].sort_values("promise_id")
    return Owed(*(part[list(OWED_COLUMNS)].reset_index(drop=True) for part in (overdue, blind)))


def _owner(team: object) -> str:
    return f" ({team})" if isinstance(team, str) else ""


def _listed(named: list[str], number: int) -> str:
    more = number - len(named)
    return "; ".join([*named, *([f"and {plural(more, 'more', 'more')}"] if more else [])])
