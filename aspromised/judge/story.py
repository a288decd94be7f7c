"""The story of one item: each step of its clock, and the verdict it led to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from duckdb import DuckDBPyConnection

from aspromised.declare.clock import limit_words
from aspromised.declare.model import ClockMeasure, RepeatMeasure
from aspromised.declare.workspace import Workspace
from aspromised.judge.judging import judge_items, plan_promise
from aspromised.judge.plan import Plan
from aspromised.judge.sql import identifier, quoted
from aspromised.words.figures import day as day_words
from aspromised.words.figures import duration
from aspromised.words.figures import moment as moment_words
from aspromised.words.figures import target as target_words
from aspromised.words.problems import AsPromisedError


@dataclass(frozen=True)
class Step:
    """One thing that happened to an item, or was promised of it. `at` has the company's zone."""

    what: str
    at: datetime | None = None

    def __str__(self) -> str:
        return f"{self.what} {moment_words(self.at)}" if self.at else self.what


@dataclass(frozen=True)
class Story:
    """What was promised of an item, what happened, and what that makes it."""

    promise_id: str
    item_id: str
    as_of: datetime
    verdict: str
    reason: str | None
    day: date | None
    version: int
    steps: tuple[Step, ...]
    segments: dict[str, str]
    late_seconds: float | None

    @property
    def sentence(self) -> str:
        """The verdict in words: "broken by 11 min: done late"."""
        if self.verdict == "broken" and self.late_seconds is not None and self.late_seconds > 0:
            return f"broken by {duration(self.late_seconds)}: {self.reason}"
        if self.verdict == "open" and self.late_seconds is not None:
            return f"open: {duration(-self.late_seconds)} left"
        if self.verdict == "kept" and self.late_seconds:
            return f"kept, with {duration(-self.late_seconds)} to spare"
        return f"{self.verdict}: {self.reason}" if self.reason else self.verdict


def tell_story(
    con: DuckDBPyConnection, workspace: Workspace, promise_id: str, item_id: str, as_of: datetime
) -> Story:
    """Return the story of an item as of a moment; AsPromisedError says why there is none."""
    plan, moment = plan_promise(con, workspace, promise_id, as_of)
    if plan.counts is not None:
        raise AsPromisedError(
            f"'{promise_id}' is judged by counts already added up: there are no single items"
        )
    judge_items(con, plan, moment)
    found = con.execute("select * from judged where cast(item_id as varchar) = ?", [item_id])
    names = [column[0] for column in found.description]
    rows = found.fetchall()
    if not rows:
        raise AsPromisedError(_why_no_story(con, plan, item_id))
    row = dict(zip(names, rows[0], strict=True))
    return Story(
        promise_id,
        item_id,
        as_of,
        row["verdict"],
        row["reason"],
        row["day"],
        row["version"],
        tuple(_steps(workspace, plan, row, as_of)),
        {name: row[column] for name, column in zip(plan.segments, names[-len(plan.segments) :], strict=True)}
        if plan.segments
        else {},
        row["late_us"] / 1_000_000
        if row["late_us"] is not None and isinstance(plan.measure, ClockMeasure)
        else None,
    )


def _steps(workspace: Workspace, plan: Plan, row: dict[str, Any], as_of: datetime) -> list[Step]:
    def local(us: int | None) -> datetime | None:
        moment = None if us is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
        return moment.astimezone(workspace.timezone) if moment else None

    standing = plan.standings[row["version"] - 1]
    since = f", as promised from {day_words(standing.from_)}" if standing.from_ else ""
    steps = [Step(f"promised: “{standing.claim}”, target {target_words(standing.target)}{since}")]
    if isinstance(plan.measure, RepeatMeasure):
        within = f"not again within {plan.measure.not_again_within}, that is by"
        return [*steps, Step("happened", local(row["started"])), Step(within, local(row["due"]))]
    if not isinstance(plan.measure, ClockMeasure):
        return [*steps, Step("happened", local(row["started"]))]
    if row["started"] is not None:
        steps.append(Step("started", local(row["started"])))
    if row["due"] is not None:
        assert isinstance(standing.measure, ClockMeasure)
        steps.append(Step(f"due ({limit_words(standing.measure)})", local(row["due"])))
    steps.append(Step("done", local(row["done"])) if row["done"] is not None else Step("not done by", as_of))
    return steps


def _why_no_story(con: DuckDBPyConnection, plan: Plan, item_id: str) -> str:
    """Return why an id has no verdict: not in the data, not covered, or not there yet at that moment."""
    column = quoted(getattr(plan.measure, "id", "")).sql(dialect="duckdb")
    query = f"select count(*) from source.{identifier(plan.source)} where cast({column} as varchar) = ?"
    if not con.execute(query, [item_id]).fetchall()[0][0]:
        return f"there is no item '{item_id}' in the source '{plan.source}'; it may have been set aside: see Data health"
    if plan.only is not None:
        covered = f"{query} and ({plan.only.sql(dialect='duckdb')})"
        if not con.execute(covered, [item_id]).fetchall()[0][0]:
            return f"'{item_id}' is not covered by this promise: only {plan.measure.only}"
    return f"'{item_id}' had not started at that moment"
