"""`aspromised why`: where a number comes from."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from aspromised.analyse.spread import spreads
from aspromised.analyse.status import COUNTS, statuses
from aspromised.cli.answer import figures_of
from aspromised.cli.options import AsJson, AsOfText, WorkspacePath
from aspromised.cli.standing import chosen_window, judged
from aspromised.cli.why_spread import why_spread_json, why_spread_text
from aspromised.declare.load import load
from aspromised.declare.workspace import Workspace
from aspromised.judge.clock_story import Run
from aspromised.judge.judging import item_sql, plan_promise
from aspromised.judge.step import Step
from aspromised.judge.story import Story, tell_story
from aspromised.store.snapshot import open_snapshot
from aspromised.store.warehouse import reading
from aspromised.words.figures import count, percent, plural, points, target
from aspromised.words.moments import as_of_moment
from aspromised.words.problems import AsPromisedError, did_you_mean


def why(
    promise: Annotated[str, typer.Argument(help="The promise.")],
    item: Annotated[
        str | None,
        typer.Option("--item", help="One item: each step of its clock, or what decided; of counts, a day."),
    ] = None,
    workspace: WorkspacePath = Path(),
    month: Annotated[str | None, typer.Option(help="A month, as in 2026-10.")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="First local day, included.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Last local day, included.")] = None,
    as_of: AsOfText = None,
    as_json: AsJson = False,
) -> None:
    """Show the SQL and the counts behind a promise's number, or the story of one of its items."""
    declared = load(workspace)
    if promise not in declared.promises and ("promises", promise) not in declared.unreadable:
        raise AsPromisedError(f"there is no promise '{promise}'.{did_you_mean(promise, declared.promises)}")
    moment = as_of or _moment_of_snapshot(workspace)
    if item is not None:
        with reading(declared) as con:
            story = tell_story(con, declared, promise, item, as_of_moment(moment, declared.timezone))
        typer.echo(
            json.dumps(_story_json(story), indent=2, ensure_ascii=False) if as_json else _story_text(story)
        )
        return
    window = chosen_window(month, from_, to)
    with judged(workspace, as_of) as (snapshot, _):
        row = statuses(snapshot, window).set_index("promise_id").loc[promise].to_dict()
        spread = spreads(snapshot, window, [promise]).get(promise)
    if spread is not None:
        told = why_spread_json(spread, window)
        in_words = why_spread_text(spread, row["claim"], window)
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False) if as_json else in_words)
        return
    sql = _sql(declared, promise, moment)
    answered = "judged now from the warehouse" if as_of else "the snapshot's table verdict_daily"
    if as_json:
        told = {
            "id": promise,
            "window": window.label,
            "answered_from": answered,
            **figures_of(row),
            "sql": sql,
        }
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        typer.echo(_text(row, window.label, answered, sql))


def _moment_of_snapshot(root: Path) -> str:
    with open_snapshot(root) as snapshot:
        return snapshot.meta["as_of"]


def _sql(declared: Workspace, promise: str, moment: str) -> str:
    with reading(declared) as con:
        plan, as_of = plan_promise(con, declared, promise, as_of_moment(moment, declared.timezone))
        return ";\n\n".join(item_sql(plan, as_of))


def _text(row: dict[str, Any], window: str, answered: str, sql: str) -> str:
    decided = row["kept"] + row["broken"]
    others = ", ".join(f"{count(row[name])} {name.replace('_', ' ')}" for name in COUNTS[2:])
    return "\n".join([
        f"“{row['claim']}”, {window}",
        f"kept rate = kept ÷ (kept + broken) = {count(row['kept'])} ÷ {count(decided)} = {percent(row['rate'], 2)}"
        f" (95 % interval {percent(row['low'], 2)} to {percent(row['high'], 2)}, Wilson)",
        f"target {target(row['target'])}, gap {points(row['gap'])}, status: {row['status']} ({plural(row['at_least'], 'item')} needed)",
        f"not in the rate: {others}",
        f"answered from: {answered}",
        "",
        "every item is judged by:",
        sql,
    ])  # fmt: skip


def _story_text(story: Story) -> str:
    lines = [f"{story.promise_id}, item {story.item_id}", *(f"  {line}" for line in story.lines)]
    if story.segments:
        lines.append("  " + ", ".join(f"{name} = {value}" for name, value in story.segments.items()))
    if story.run and story.run.sentence:
        lines.append(f"  {story.run.sentence}")
    return "\n".join([*lines, f"  {story.sentence}"])


def _story_json(story: Story) -> dict[str, Any]:
    return {
        "promise": story.promise_id,
        "item": story.item_id,
        "as_of": story.as_of.isoformat(),
        "verdict": story.verdict,
        "reason": story.reason,
        "day": story.day.isoformat() if story.day else None,
        "version": story.version,
        "late_seconds": -story.run.wall_left if story.run and story.run.wall_left is not None else None,
        "clock": _run_json(story.run) if story.run else None,
        "segments": story.segments,
        "steps": [_step_json(step) for step in (*story.promised, *story.steps)],
        "in_one_line": story.in_one_line,
        "sentence": story.sentence,
    }


def _run_json(run: Run) -> dict[str, Any]:
    """Return both clocks in seconds: the promise's own, and the wall's."""
    return {
        "limit": run.limit,
        "limit_seconds": run.of,
        "own": {"elapsed_seconds": run.elapsed, "left_seconds": run.left},
        "wall": {"elapsed_seconds": run.wall_elapsed, "left_seconds": run.wall_left},
        "sentence": run.sentence,
    }


def _step_json(step: Step) -> dict[str, Any]:
    told = {
        "what": step.what,
        "at": step.at.isoformat() if step.at else None,
        "until": step.until.isoformat() if step.until else None,
        "seconds": step.seconds,
        "note": step.note,
    }
    return {name: value for name, value in told.items() if value not in (None, "") or name in ("what", "at")}
