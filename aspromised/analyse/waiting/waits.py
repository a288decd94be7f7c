"""How long cases waited between two activities, and why."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import percent, plural, roughly

CAUSES = ("batching", "prioritisation", "contention", "unavailability", "extraneous")
CAUSE_WORDS = {
    "batching": "done together",
    "prioritisation": "later ones first",
    "contention": "busy",
    "unavailability": "off hours",
    "extraneous": "not told",
}
"""What each cause is called to a reader, above a column."""
CAUSE_REASONS = {
    "batching": "until the last of those done in one go with it had come",
    "prioritisation": "while what had come later was done first",
    "contention": "while those who do it were busy with what had come before",
    "unavailability": "while those who do it were not at work",
    "extraneous": "for nothing that the log tells",
}
"""The same in a sentence."""
WAIT_COLUMNS = (
    "from", "to", "from_by", "to_by", "handoffs", "cases", "waiting_s", *(f"{cause}_s" for cause in CAUSES), "untold_s",
)  # fmt: skip
HandoffsBy = Literal["resource", "team"]


@dataclass(frozen=True)
class LogFacts:
    """What the event log of a chain tells."""

    chain_id: str
    instances: int
    left_out: int
    unfinished: int
    tells_work: bool
    tells_resource: bool
    tells_team: bool
    problem: str = ""

    @property
    def tells_causes(self) -> bool:
        """Whether it tells what those who do the work were doing."""
        return self.tells_work and self.tells_resource

    @property
    def by(self) -> HandoffsBy:
        """Between whom its handoffs are told where nothing is asked for: teams, where there are any."""
        return "team" if self.tells_team else "resource"

    @property
    def caution(self) -> str:
        """What cannot be told of it, and how that is mended; "" where all is told."""
        lacks = [
            key for key, told in (("started", self.tells_work), ("resource", self.tells_resource)) if not told
        ]
        if not lacks:
            return ""
        return (
            f"The log does not name {' and '.join(f'`{key}`' for key in lacks)}, so nobody can tell what those who do the"
            " work were doing: waiting is split into outside and inside the opening hours of the stage only, where it has a"
            f" `calendar`. Name the column under chains: {self.chain_id}: events."
        )


@remembered
def log_facts(snapshot: Queryable) -> tuple[LogFacts, ...]:
    """Return what is told of every event log, by chain."""
    found = snapshot.query("select * from log_read order by chain_id")
    return tuple(
        LogFacts(
            row.chain_id,
            _whole(row.instances),
            _whole(row.left_out),
            _whole(row.unfinished),
            bool(row.tells_work),
            bool(row.tells_resource),
            bool(row.tells_team),
            "" if pd.isna(row.problem) else row.problem,
        )
        for row in found.itertuples()
    )


def _whole(number: float) -> int:
    return 0 if pd.isna(number) else int(number)


def facts_of(snapshot: Queryable, chain_id: str) -> LogFacts | None:
    """Return what the log of a chain tells; None where it is not read from one."""
    return next((each for each in log_facts(snapshot) if each.chain_id == chain_id), None)


def most_waiting(snapshot: Queryable, window: Window) -> str:
    """Return the chain to look at where nobody chose: of those whose logs tell why, else of all, the one whose cases waited
    longest over a window; "" where none is read from a log."""
    found = snapshot.query(
        f"select chain_id, sum(waiting_s) as waiting_s from handoff_daily where {window.condition} group by 1",
        window.parameters,
    ).set_index("chain_id")["waiting_s"]
    ranked = sorted(
        log_facts(snapshot), key=lambda each: (not each.tells_causes, -found.get(each.chain_id, 0.0))
    )
    return ranked[0].chain_id if ranked else ""


@remembered
def waits(snapshot: Queryable, chain_id: str, window: Window, by: HandoffsBy | None = None) -> pd.DataFrame:
    """Return a row a pair of activities, and of who did both where `by` says so, the longest waiting first: WAIT_COLUMNS.

    A cause is NaN where it is told of no handoff of the row; `untold_s` is the waiting of those without.
    """
    who = [f"{side}_{by}" if by else "cast(null as varchar)" for side in ("from", "to")]
    causes = ", ".join(f"sum({cause}_s) as {cause}_s" for cause in CAUSES)
    return snapshot.query(
        f"""
        select from_activity as "from", to_activity as "to", {who[0]} as from_by, {who[1]} as to_by,
            sum(handoffs)::bigint as handoffs, sum({f"cases_by_{by}" if by else "cases"})::bigint as cases,
            sum(waiting_s) as waiting_s, {causes},
            coalesce(sum(waiting_s) filter (where extraneous_s is null), 0) as untold_s
        from handoff_daily where chain_id = $chain and {window.condition}
        group by 1, 2, 3, 4 order by sum(waiting_s) desc, 1, 2, 3, 4
        """,
        {"chain": chain_id, **window.parameters},
    )


@dataclass(frozen=True)
class Waiting:
    """The waiting of a chain's cases over a window, by cause, beside the work."""

    facts: LogFacts
    window: Window
    rows: pd.DataFrame
    """WAIT_COLUMNS, a row a pair of activities."""
    worked_s: float
    """Seconds of work; NaN where it is not told."""

    @property
    def waiting_s(self) -> float:
        """Seconds waited."""
        return float(self.rows["waiting_s"].sum())

    @property
    def by_cause(self) -> dict[str, float]:
        """Seconds waited by cause, the largest first, those told of no handoff left out."""
        sums = {
            cause: float(self.rows[f"{cause}_s"].sum())
            for cause in CAUSES
            if self.rows[f"{cause}_s"].notna().any()
        }
        return dict(sorted(sums.items(), key=lambda each: -each[1]))

    @property
    def efficiency(self) -> float:
        """Cycle-time efficiency: work ÷ (work + waiting); NaN where work is not told or there is neither."""
        return self.efficiency_without(0.0)

    def efficiency_without(self, seconds: float) -> float:
        """Return what the efficiency would be had so many seconds of waiting not been."""
        whole = self.worked_s + self.waiting_s - seconds
        return self.worked_s / whole if whole > 0 else float("nan")

    @property
    def sentence(self) -> str:
        """How long, where most of it, and why, in a sentence."""
        name, when = self.facts.chain_id, self.window.label
        if self.facts.problem:
            return f"{name}: the log cannot be read: {self.facts.problem}"
        if self.rows.empty:
            return f"No case of {name} went from one activity to the next in {when}."
        worst = self.rows.iloc[0]
        number = int(self.rows["handoffs"].sum())
        told = (
            f"In {when} cases of {name} waited {plural(self.waiting_s / 3600, 'hour')} between activities"
            f" ({plural(number, 'handoff')})"
        )
        if not worst["waiting_s"] > 0:
            return f"{told}."
        return f"{told}; {percent(worst['waiting_s'] / self.waiting_s, 0)} of it between {worst['from']} and {worst['to']}{_why(worst)}."


def _why(row: pd.Series) -> str:
    """Return how long one waits there, and the larger part of why."""
    each = roughly(row["waiting_s"] / row["handoffs"])
    told = row[[f"{cause}_s" for cause in CAUSES]].astype(float)
    if not told.notna().any():
        return f", {each} each"
    most = str(told.idxmax()).removesuffix("_s")
    if not told.isna().any():
        return f", {each} each, {percent(told.max() / row['waiting_s'], 0)} of that {CAUSE_REASONS[most]}"
    inside = told["extraneous_s"] / row["waiting_s"]
    return f", {each} each, {percent(inside, 0)} of that within opening hours"


@remembered
def waiting_of(snapshot: Queryable, chain_id: str, window: Window) -> Waiting:
    """Return the waiting of a chain that is read from a log."""
    facts = facts_of(snapshot, chain_id)
    assert facts is not None, f"{chain_id} is not read from a log"
    worked = snapshot.query(
        f"select sum(worked_s) as worked_s from activity_daily where chain_id = $chain and {window.condition}",
        {"chain": chain_id, **window.parameters},
    )["worked_s"].iloc[0]
    return Waiting(
        facts, window, waits(snapshot, chain_id, window), float("nan") if pd.isna(worked) else float(worked)
    )
