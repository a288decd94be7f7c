"""One claim, opened: whether it may be said, how it went, what was left out of its count."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from aspromised.analyse.compliance import NOT_JUDGED, compliance, gap_in_items
from aspromised.analyse.events import EVENT_COLUMNS, events, planned
from aspromised.analyse.left_out import left_out
from aspromised.analyse.series import Snapshot, weekly
from aspromised.analyse.window import Window
from aspromised.words.figures import count, percent, plural, points, target
from aspromised.words.problems import MisuseError

if TYPE_CHECKING:
    from aspromised.analyse.spread import Spread

VERSION_COLUMNS = ("version", "from_day", "to_day", "claim", "length", "target", "kept", "decided", "rate")
WEEKS = 52


@dataclass(frozen=True)
class Claim:
    """A promise over a window. `row` is its row of the ledger; what the tables hold is told by what makes them."""

    promise_id: str
    window: Window
    as_of: date
    row: pd.Series
    versions: pd.DataFrame
    weeks: pd.DataFrame
    events: pd.DataFrame
    planned: pd.DataFrame
    left_out: pd.DataFrame
    budget_policy: str = ""
    review_by: date | None = None

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
        when = self.window.label if self.window.is_closed(self.as_of) else f"{self.window.label} so far"
        if self.spread is not None:
            return f"{name} {_SAYING.get(row['status'], 'had nothing to judge')}. In {when}: {self.spread.sentence}"
        if not row["decided"]:
            return f"{name} had nothing to judge in {when}{': ' + row['note'] if row['note'] else ''}."
        kept = f"kept for {percent(row['rate'])} of {self.items} in {when}"
        return f"{name} {_SAYING[row['status']]}. It was {kept}, against a target of {target(row['target'])}{self._short}."

    @property
    def _short(self) -> str:
        if self.row["status"] != "missed":
            return ""
        return f": missed by {points(abs(self.row['gap'])).lstrip('+')}, {gap_in_items(self.row)}"

    @property
    def history(self) -> str:
        """How the full weeks went, and the run that the newest of them belong to; "" where no week was judged."""
        full = self.weeks[self.weeks["closed"] & (self.weeks["decided"] > 0)]
        if full.empty:
            return ""
        below = (full["rate"] < full["target"]).tolist()
        if len(below) == 1:
            return f"{'Below' if below[0] else 'At or above'} its target in its one full week."
        run = next((n for n, one in enumerate(reversed(below)) if one != below[-1]), len(below))
        said = f"Below its target in {sum(below)} of the last {plural(len(full), 'full week')}"
        if run in (1, len(below)):
            return f"{said}."
        return f"{said}, and {'below' if below[-1] else 'at or above'} it in each of the last {run}."

    @property
    def counting(self) -> list[str]:
        """What the target forgives, and what was left out, in sentences; none where nothing is decided."""
        return [said for said in (self.budget, self.without) if said]

    @property
    def budget(self) -> str:
        """How many misses the target forgives, and how many there were; "" where nothing is decided."""
        row = self.row
        if not row["decided"]:
            return ""
        left = row["gap_items"]
        rest = f"{count(left)} left" if left >= 0 else f"{count(-left)} too many"
        forgiven = self.counted(row["broken"] + left)
        return (
            f"A target of {target(row['target'])} forgives {forgiven}: {count(row['broken'])} broken, {rest}."
        )

    @property
    def without(self) -> str:
        """What the rate would be had the exempt items counted, at worst and at best; "" where none is exempt."""
        row = self.row
        exempt, decided = row["exempt"], row["decided"]
        if not exempt or not decided:
            return ""
        worst, best = row["kept"] / (decided + exempt), (row["kept"] + exempt) / (decided + exempt)
        return (
            f"The rate leaves out {self.counted(exempt, 'exempt')}. Had every one counted as broken, it would be"
            f" {percent(worst)}; had every one counted as kept, {percent(best)}."
        )


_SAYING = {
    "kept": "may be said as it stands",
    "missed": "may not be said as it stands",
    "too close to call": "is too close to call",
    "too few": "has too few items to tell",
}


def opened(snapshot: Snapshot, promise_id: str, month: str) -> Claim:
    """Return the claim over the month written "2026-10"; MisuseError where there is no such promise."""
    window, as_of = Window.month(month), date.fromisoformat(snapshot.meta["as_of_day"])
    table = compliance(snapshot, window)
    row = table[table["promise_id"] == promise_id]
    if row.empty:
        raise MisuseError(f"there is no promise '{promise_id}'")
    declared = snapshot.query(
        "select budget_policy, review_by from promise where promise_id = $promise", {"promise": promise_id}
    ).iloc[0]
    weeks = _weeks(snapshot, promise_id, min(window.last or as_of, as_of))
    return Claim(
        promise_id,
        window,
        as_of,
        row.iloc[0],
        versions(snapshot, promise_id, window),
        weeks,
        _events(snapshot, promise_id, weeks),
        planned(snapshot, promise_id, as_of),
        left_out(snapshot, promise_id, window),
        declared["budget_policy"] if isinstance(declared["budget_policy"], str) else "",
        None if pd.isna(declared["review_by"]) else pd.Timestamp(declared["review_by"]).date(),
    )


def versions(snapshot: Snapshot, promise_id: str, window: Window) -> pd.DataFrame:
    """Return one row a version, oldest first, with what was decided under it up to the window's end: VERSION_COLUMNS."""
    table = snapshot.query(
        """
        select
          v.version, v.from_day, v.to_day, v.claim, v.length, v.target,
          coalesce(sum(d.kept), 0)::bigint as kept,
          coalesce(sum(d.kept + d.broken), 0)::bigint as decided
        from promise_version v
        left join verdict_daily d
          on d.promise_id = v.promise_id and d.version = v.version and d.segment = '(all)' and d.day <= $last
        where v.promise_id = $promise
        group by all
        order by v.version
        """,
        {"promise": promise_id, "last": window.last or date.max},
    )
    return table.assign(rate=table["kept"] / table["decided"].where(table["decided"] > 0))[
        list(VERSION_COLUMNS)
    ]


def _weeks(snapshot: Snapshot, promise_id: str, last: date) -> pd.DataFrame:
    """A year of weeks, but for those before the first that has an item."""
    weeks = weekly(snapshot, promise_id, last, WEEKS)
    counted = weeks[["kept", "broken", "open", "exempt", "unknown"]].sum(axis=1) > 0
    return weeks[counted.cummax()].reset_index(drop=True)


def _events(snapshot: Snapshot, promise_id: str, weeks: pd.DataFrame) -> pd.DataFrame:
    if weeks.empty:
        return pd.DataFrame(columns=list(EVENT_COLUMNS))
    return events(snapshot, promise_id, weeks["first"].iloc[0].date(), weeks["last"].iloc[-1].date())
