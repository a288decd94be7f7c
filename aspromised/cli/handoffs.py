"""`aspromised handoffs`: what the stages of a chain took, whose its late minutes are, and what follows a late handover."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from aspromised.analyse.handoffs.late import LateMinutes, late_minutes
from aspromised.analyse.handoffs.snowball import Snowball, snowballs
from aspromised.analyse.handoffs.stages import (
    DeclaredChain,
    declared_chain,
    declared_chains,
    rolled,
    stage_figures,
)
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.waiting.waits import HandoffsBy
from aspromised.analyse.windows.periods import Periods, known_months, latest_month_window
from aspromised.analyse.windows.window import Window
from aspromised.cli.answers.handing import ChainAnswer, HandoffsAnswer, SnowballAnswer, StageAnswer
from aspromised.cli.opening import judged_tables
from aspromised.cli.options import AsJson, AsOfText, WorkspacePath
from aspromised.cli.say import say, say_json, say_table
from aspromised.cli.waits import ToldOfLog
from aspromised.cli.windows import AllDays, Asked, FromText, MonthText, ToText
from aspromised.schema.chains import OUTSIDE, UNFUNDED
from aspromised.words.figures import NOTHING, count, duration, percent
from aspromised.words.nouns import item_noun

By = Annotated[
    HandoffsBy | None,
    typer.Option("--by", help="Of an event log: tell handoffs between resources, or between teams."),
]


def handoffs_(
    chain: Annotated[str | None, typer.Argument(help="One chain; default all.")] = None,
    by: By = None,
    workspace: WorkspacePath = Path(),
    month: MonthText = None,
    first: FromText = None,
    last: ToText = None,
    all_days: AllDays = False,
    as_of: AsOfText = None,
    as_json: AsJson = False,
) -> None:
    """Show what the stages of a chain took, whose its late minutes are, and what follows a late handover."""
    asked = Asked(month=month, first_day=first, last_day=last, all=all_days)
    with judged_tables(workspace, as_of, handoffs=True) as (snapshot, meta):
        chosen = [declared_chain(snapshot, chain)] if chain is not None else declared_chains(snapshot)
        window = asked.window(Periods.of(meta)) if asked.is_given else _default_window(snapshot)
        told = [_Told(snapshot, each, window, by) for each in chosen]
        answers = [each.answer() for each in told]
    if as_json:
        answer: HandoffsAnswer = {
            "as_of": meta["as_of"],
            "window": {"from": _iso(window.first), "to": _iso(window.last)},
            "chains": answers,
        }
        say_json(answer)
        return
    if not told:
        say("no chain is declared yet: add it under 'chains:' (docs/yaml-reference.md#chain)")
    for each in told:
        each.print(window)


def _default_window(snapshot: Queryable) -> Window:
    """Return the latest month, as on the pages; all days where no promise has any."""
    return latest_month_window(snapshot) if known_months(snapshot) else Window()


class _Told:
    """A chain over a window, with all that is told of it."""

    def __init__(
        self, snapshot: Queryable, chain: DeclaredChain, window: Window, by: HandoffsBy | None
    ) -> None:
        self.chain = chain
        self.log = ToldOfLog(snapshot, chain.chain_id, window, by)
        self.stages: pd.DataFrame = stage_figures(snapshot, chain.chain_id, window)
        self.late: LateMinutes = late_minutes(snapshot, chain.chain_id, window)
        self.snowballs: list[tuple[str, Snowball]] = [
            (promise, each)
            for promise in chain.promises
            for each in snowballs(snapshot, chain.chain_id, promise, window)
        ]

    def answer(self) -> ChainAnswer:
        """Return what is told as JSON."""
        minutes = self.late.rows.set_index("position")
        stages = [_stage(row, minutes.loc[row.position]) for row in self.stages.itertuples()]
        stages += [
            _other(place, minutes.loc[place]) for place in (OUTSIDE, UNFUNDED) if place in minutes.index
        ]
        return {
            "id": self.chain.chain_id,
            "problem": self.chain.problem or None,
            "not_shared": self.chain.not_shared or None,
            "promises": list(self.chain.promises),
            "cases": int(self.stages["cases"].max()) if len(self.stages) else 0,
            "late_items": self.late.items,
            "late_minutes": _minutes_known(self.late.minutes),
            "rolled": _known(rolled(self.stages)),
            "handoffs": self.log.handoffs(),
            "waiting": self.log.waiting_answer(),
            "ways": self.log.ways_answer(),
            "findings": self.log.findings,
            "stages": stages,
            "snowball": [_snowball(promise, each) for promise, each in self.snowballs],
        }

    def print(self, window: Window) -> None:
        """Print the chain from the customer backwards."""
        if self.chain.problem:
            say(f"not judged: {self.chain.chain_id}: {self.chain.problem}")
            return
        minutes = self.late.rows.set_index("position")
        rows = [_line(row, minutes.loc[row.position]) for row in self.stages.iloc[::-1].itertuples()]
        rows += [
            (*("" for _ in _COLUMNS[:-2]), *_minutes(minutes.loc[place]))
            for place in (OUTSIDE, UNFUNDED)
            if place in minutes.index
        ]
        names = [str(minutes.loc[place]["stage"]) for place in (OUTSIDE, UNFUNDED) if place in minutes.index]
        for at, name in enumerate(names, start=len(self.stages)):
            rows[at] = (name, *rows[at][1:])
        say_table(
            f"{self.chain.chain_id}, from the customer backwards: cases begun in {window.label}",
            rows, _COLUMNS, ("stage", "from → to", "budget"), ("accepted", "changed", "budget", "waiting"),
        )  # fmt: skip
        say(*filter(None, [self.late.sentence(item_noun(None)), self.chain.not_shared]))
        say(*(f"{promise}: {each.sentence('items')}" for promise, each in self.snowballs if each.stands_out))
        self.log.print()


_COLUMNS = (
    "stage", "from → to", "cases", "open", "budget", "took", "waiting", "over budget", "accepted", "changed", "late minutes", "of all",
)  # fmt: skip


def _line(row: Any, minutes: pd.Series) -> tuple[str, ...]:
    return (
        row.stage, f"{row.supplier} → {row.customer}", count(row.begun), count(row.open), row.budget or NOTHING,
        duration(_known(row.mean_s)), duration(_known(row.waiting_s)), percent(_known(row.late_share)),
        percent(_known(row.accepted_share)), percent(_known(row.changed_share)), *_minutes(minutes),
    )  # fmt: skip


def _minutes(minutes: pd.Series) -> tuple[str, str]:
    return count(minutes["minutes"]), percent(_known(minutes["share"])).replace("-", "−")


def _stage(row: Any, minutes: pd.Series) -> StageAnswer:
    return {
        "stage": row.stage, "kind": row.kind, "owner": row.supplier, "customer": row.customer, "budget": row.budget,
        "cases": int(row.begun), "done": int(row.done), "open": int(row.open), "late_share": _known(row.late_share),
        "mean_s": _known(row.mean_s), "waiting_s": _known(row.waiting_s), "working_s": _known(row.working_s),
        "repeated": int(row.repeated), "accepted_share": _known(row.accepted_share), "changed_share": _known(row.changed_share),
        "median_s": _known(row.median_s), "p90_s": _known(row.p90_s), "late_minutes": _minutes_known(minutes["minutes"]),
        "share": _known(minutes["share"]), "lost_minutes": _minutes_known(minutes["lost"]),
        "contested_minutes": round(float(minutes["contested"]), 6),
    }  # fmt: skip


def _other(place: int, minutes: pd.Series) -> StageAnswer:
    return {
        "stage": str(minutes["stage"]), "kind": "outside" if place == OUTSIDE else "unfunded", "owner": minutes["owner"] or None,
        "customer": None, "budget": None, "cases": None, "done": None, "open": None, "late_share": None, "mean_s": None,
        "waiting_s": None, "working_s": None, "repeated": None, "accepted_share": None, "changed_share": None,
        "median_s": None, "p90_s": None, "late_minutes": _minutes_known(minutes["minutes"]),
        "share": _known(minutes["share"]), "lost_minutes": _minutes_known(minutes["lost"]), "contested_minutes": 0.0,
    }  # fmt: skip


def _snowball(promise: str, each: Snowball) -> SnowballAnswer:
    told = each.is_told
    return {
        "promise": promise, "stage": each.stage, "late": int(each.table.exposed), "late_broken": int(each.table.harmed),
        "timely": int(each.table.without), "timely_broken": int(each.table.harmed_without),
        "risk_ratio": _known(each.crude.ratio) if told else None, "low": _known(each.crude.low) if told else None,
        "high": _known(each.crude.high) if told else None, "risk_ratio_within": _known(each.within.ratio) if told else None,
        "avoidable": _known(each.avoidable) if told else None,
    }  # fmt: skip


def _known(value: object) -> float | None:
    """Return a finite number, rounded to 10 digits; None of any other."""
    if not isinstance(value, int | float) or value != value or value in (float("inf"), -float("inf")):
        return None
    return round(float(value), 10)


def _minutes_known(minutes: float) -> float | None:
    """Return minutes to 6 digits; None where they are not known."""
    return None if minutes != minutes else round(float(minutes), 6)


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
