"""The half of `aspromised handoffs` that is read from event logs: why cases waited, which way they took, who handed up."""

from typing import Any

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.waiting.batch_days import batch_days
from aspromised.analyse.waiting.controls import seldom_changes
from aspromised.analyse.waiting.waits import CAUSES, HandoffsBy, LogFacts, facts_of, waiting_of, waits
from aspromised.analyse.waiting.ways import Ways, hand_up_sentences, hand_ups, ways
from aspromised.analyse.windows.window import Window
from aspromised.cli.answers.handing import HandoffAnswer, WaitingAnswer, WaysAnswer
from aspromised.cli.say import say, say_table
from aspromised.words.figures import NOTHING, count, duration, percent


class ToldOfLog:
    """What the event log of a chain tells over a window; nothing of a chain that is not read from one."""

    def __init__(self, snapshot: Queryable, chain_id: str, window: Window, by: HandoffsBy | None) -> None:
        facts = facts_of(snapshot, chain_id)
        self.facts: LogFacts | None = facts if facts and not facts.problem else None
        self.chain_id, self.window = chain_id, window
        self.rows = pd.DataFrame()
        self.ways: Ways | None = None
        self.findings: list[str] = []
        if self.facts:
            self.by: HandoffsBy = by or self.facts.by
            self.rows = waits(snapshot, chain_id, window, self.by)
            self.ways = ways(snapshot, chain_id, window)
            self.waiting = waiting_of(snapshot, chain_id, window)
            days = [each.sentence for each in batch_days(snapshot, chain_id, window)]
            seldom = [each.sentence for each in seldom_changes(snapshot, chain_id, window)]
            self.findings = [*days, *seldom, *hand_up_sentences(hand_ups(snapshot, chain_id, window))]

    def handoffs(self) -> list[HandoffAnswer]:
        """Return the handoffs as JSON."""
        return [_handoff(row) for row in self.rows.to_dict("records")]

    def waiting_answer(self) -> WaitingAnswer | None:
        """Return the waiting beside the work as JSON; None of a chain that is not read from a log."""
        if not self.facts:
            return None
        found = self.waiting
        return {
            "waiting_s": round(found.waiting_s, 6),
            "worked_s": _seconds(found.worked_s),
            "efficiency": _seconds(found.efficiency),
            "causes": [
                {"cause": cause, "waiting_s": round(seconds, 6), "efficiency_without": _seconds(found.efficiency_without(seconds))}
                for cause, seconds in found.by_cause.items()
            ],
        }  # fmt: skip

    def ways_answer(self) -> WaysAnswer | None:
        """Return the ways that cases took as JSON; None of a chain that is not read from a log."""
        if self.ways is None:
            return None
        found = self.ways
        return {
            "cases": found.cases, "off": found.off, "off_share": _share(found.off, found.cases),
            "decided": found.decided, "first_level_share": _share(found.first_level, found.decided),
            "hand_ups": found.hand_ups, "one_team_share": _share(found.one_team, found.cases),
            "unfinished": found.unfinished,
            "reasons": [{"reason": row.reason, "cases": int(row.cases)} for row in found.reasons.itertuples()],
        }  # fmt: skip

    def print(self) -> None:
        """Print why cases waited, worst first, and what is found."""
        if not self.facts or self.ways is None:
            return
        if len(self.rows):
            columns = ("from → to", self.by, "handoffs", "each", *CAUSES)
            rows = [_line(row) for row in self.rows.head(_SHOWN).to_dict("records")]
            say_table(
                f"{self.chain_id}, why it waited in {self.window.label}: share of the waiting by cause",
                rows, columns, columns[:2], (self.by, *CAUSES[::-1]),
            )  # fmt: skip
        say(*filter(None, [self.waiting.sentence, self.facts.caution, *self.findings, *self.ways.lines]))


_SHOWN = 12


def _handoff(row: dict[str, Any]) -> HandoffAnswer:
    causes = {f"{cause}_s": _seconds(row[f"{cause}_s"]) for cause in CAUSES}
    return {
        "from": row["from"], "to": row["to"], "from_by": _name(row["from_by"]), "to_by": _name(row["to_by"]),
        "cases": int(row["cases"]), "handoffs": int(row["handoffs"]), "waiting_s": round(row["waiting_s"], 6),
        "batching_s": causes["batching_s"], "prioritisation_s": causes["prioritisation_s"],
        "contention_s": causes["contention_s"], "unavailability_s": causes["unavailability_s"],
        "extraneous_s": causes["extraneous_s"], "untold_s": round(row["untold_s"], 6),
    }  # fmt: skip


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    parts = (_seconds(row[f"{cause}_s"]) for cause in CAUSES)
    shares = [
        NOTHING if part is None or not row["waiting_s"] else percent(part / row["waiting_s"], 0)
        for part in parts
    ]
    who = " → ".join(_name(row[side]) or NOTHING for side in ("from_by", "to_by"))
    each = duration(row["waiting_s"] / row["handoffs"])
    return (f"{row['from']} → {row['to']}", who, count(row["handoffs"]), each, *shares)


def _name(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _seconds(value: float) -> float | None:
    return None if pd.isna(value) else round(float(value), 6)


def _share(part: int | None, whole: int) -> float | None:
    return None if part is None or not whole else round(part / whole, 10)
