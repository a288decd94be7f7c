"""What decided where no clock runs: the values a check looked at, what came up again, the counts of a day."""

from collections.abc import Mapping
from datetime import datetime

from aspromised.declare.workspace import Workspace
from aspromised.judge.explain.step import MOST, StoryStep, moment_of, steps_in_order
from aspromised.judge.explain.trace import TraceRow, matter_of, values_of
from aspromised.judge.kinds.registry import kind_of
from aspromised.judge.planning.plan import Plan
from aspromised.judge.verdicts.verdict import AsOf
from aspromised.sql.engine import Engine
from aspromised.words.figures import count, day, percent, plural


def check_steps(con: Engine, workspace: Workspace, plan: Plan, row: TraceRow) -> list[StoryStep]:
    """Return when the item happened and was cancelled, and what its condition, if it has one, came to with the values it looked at."""
    steps = _moments(workspace, row, {"happened": "started", "cancelled": "cancelled"})
    if key := kind_of(plan).condition:
        found = values_of(con, plan, str(row["item_id"]), plan.own[key])
        answer = {True: "yes", False: "no", None: "cannot be told"}[row["is_kept"]]
        steps.append(StoryStep(f"kept when {getattr(plan.measure, key)}: {answer}", note=_named(found)))
    return steps


def repeat_steps(
    con: Engine, workspace: Workspace, plan: Plan, as_of: AsOf, row: TraceRow
) -> list[StoryStep]:
    """Return when the matter came up, until when it must not again, and when it did, in order of time."""
    matter, again = matter_of(con, plan, row)
    steps = [StoryStep("happened", _at(workspace, row["started"]), _named(matter))] if row["started"] else []
    if row["due"] is not None:
        until = _at(workspace, row["due"])
        steps.append(StoryStep("must not come up again until", until, kind_of(plan).window))
    if row["again_at"] is not None and row["again_at"] <= as_of.moment_us:
        steps.append(
            StoryStep("came up again", _at(workspace, row["again_at"]), f"as {again}" if again else "")
        )
    if row["due"] is not None and row["due"] > as_of.moment_us:
        steps.append(
            StoryStep("looked at", _at(workspace, as_of.moment_us), "told once the window has passed")
        )
    return steps_in_order(steps)


def count_steps(plan: Plan, rows: list[TraceRow]) -> tuple[list[StoryStep], str]:
    """Return a step a row of counts, the most first, and what they add up to."""
    counted = [row for row in rows if row["verdict"] == "counted"]
    kept, total = (sum(row[name] for row in counted) for name in ("kept_count", "total_count"))
    steps = [StoryStep(_count_words(plan, row)) for row in rows[: MOST - 1]]
    if len(rows) > len(steps):
        steps.append(StoryStep(f"… {plural(len(rows) - len(steps), 'more row')}"))
    share = f" ({percent(kept / total)})" if total else ""
    return steps, f"{count(kept)} of {count(total)} kept{share}"


def exempt_steps(workspace: Workspace, plan: Plan, row: TraceRow) -> list[StoryStep]:
    """Return what exempts an item and who approved it, and what it would have been otherwise; nothing for others."""
    if row["verdict"] != "exempt":
        return []
    otherwise = f"without it: {row['otherwise']}" if row["otherwise"] else ""
    if row["exempt_by"] == "correction":
        return [StoryStep(_correction_words(workspace, plan, row["correction"]), note=otherwise)]
    rules = getattr(plan.measure, "exempt", [])
    when = next((rule.when for rule in rules if rule.because == row["reason"]), None)
    by_rule = row["exempt_by"] == "rule" and when
    return [StoryStep(f"exempt by rule, when {when}: {row['reason']}" if by_rule else f"exempt: {row['reason']}", note=otherwise)]  # fmt: skip


def _correction_words(workspace: Workspace, plan: Plan, number: int) -> str:
    name = plan.corrections[number].name
    rule = workspace.corrections[name]
    approved = f"approved by {rule.approved_by}" if rule.approved_by else "approved by nobody named"
    return f"exempt by the correction {name}, {day(rule.from_)} to {day(rule.to)}: {rule.because}, {approved}"


def _count_words(plan: Plan, row: TraceRow) -> str:
    segments = ", ".join(str(row[f"segment {n}"]) for n, _ in enumerate(plan.segments))
    said = (
        f"{count(row['kept_count'])} of {count(row['total_count'])} kept"
        if row["verdict"] == "counted"
        else f"{row['verdict']}: {row['reason']}"
    )
    return f"{segments}: {said}" if segments else said


def _moments(workspace: Workspace, row: TraceRow, named: Mapping[str, str]) -> list[StoryStep]:
    return [
        StoryStep(what, _at(workspace, row[name])) for what, name in named.items() if row[name] is not None
    ]


def _at(workspace: Workspace, us: int) -> datetime:
    return moment_of(us, workspace.timezone)


def _named(values: TraceRow) -> str:
    return ", ".join(f"{name} = {'null' if value is None else value}" for name, value in values.items())
