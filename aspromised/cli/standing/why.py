"""`aspromised why`: where a number comes from."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, cast

import pandas as pd
import typer

from aspromised.analyse.health import doubted_sources
from aspromised.analyse.published import moment_of_snapshot, published_plan
from aspromised.analyse.rates.figures import COUNTS, waiting
from aspromised.analyse.rates.spread import spreads
from aspromised.analyse.rates.status import statuses
from aspromised.analyse.rates.versions import promised_later
from aspromised.analyse.rates.wordings import in_wordings
from aspromised.analyse.windows.window import Window
from aspromised.cli.answers.standing import ClockAnswer, StepAnswer, StoryAnswer, WhyAnswer
from aspromised.cli.opening import judged_tables, open_or_exit
from aspromised.cli.options import AsJson, AsOfText, WorkspacePath
from aspromised.cli.say import say, say_json, say_text
from aspromised.cli.standing.rows import figures_of, in_versions, versions_of
from aspromised.cli.standing.tables import several, since_words
from aspromised.cli.standing.why_spread import units_text, why_spread_json, why_spread_lines
from aspromised.cli.windows import (
    AllDays,
    Asked,
    FiscalQuarterText,
    FiscalYearText,
    FromText,
    LastText,
    MonthText,
    OwnWindow,
    QuarterText,
    ToText,
    WeekText,
    YearText,
)
from aspromised.declare.load import load
from aspromised.declare.rules.known_then import of_promise
from aspromised.declare.workspace import Workspace
from aspromised.judge.explain.item_story import Story, tell_story
from aspromised.judge.explain.step import StoryStep
from aspromised.judge.explain.timeline import ClockRun
from aspromised.judge.planning.plan import CannotJudgeError, Plan
from aspromised.judge.run import JUDGED, item_sql, plan_promise
from aspromised.judge.verdicts.verdict import AsOf
from aspromised.rejudge import sources_as_of
from aspromised.sql.duckdb import DuckDB
from aspromised.store.warehouse import reading_warehouse
from aspromised.words.figures import count, day, percent, plural, points_to_target, target
from aspromised.words.moments import as_of_moment
from aspromised.words.problems import AsPromisedError, MisuseError, no_such


def why(
    promise: Annotated[str, typer.Argument(help="The promise.")],
    item: Annotated[
        str | None,
        typer.Option("--item", help="One item: each step of its clock, or what decided; of counts, a day."),
    ] = None,
    workspace: WorkspacePath = Path(),
    month: MonthText = None,
    week: WeekText = None,
    quarter: QuarterText = None,
    year: YearText = None,
    fiscal_quarter: FiscalQuarterText = None,
    fiscal_year: FiscalYearText = None,
    last: LastText = None,
    from_: FromText = None,
    to: ToText = None,
    own: OwnWindow = False,
    all_: AllDays = False,
    as_of: AsOfText = None,
    as_json: AsJson = False,
) -> None:
    """Show the SQL and the counts behind a promise's number, by default the latest month's, or the story of one item."""
    asked = Asked(month, week, quarter, year, fiscal_quarter, fiscal_year, last, from_, to, own, all_)
    declared = load(workspace)
    if promise not in declared.promises and ("promises", promise) not in declared.unreadable:
        raise no_such("promise", promise, declared.promises)
    if item is not None:
        if compared := _spread_of(declared, promise):
            raise MisuseError(
                f"'{promise}' is about how far '{compared}' differs between units, and has no items of its own: ask for"
                f" aspromised why {compared} --item {item}"
            )
        with _as_asked(declared, promise, as_of) as (con, asked_of, _):
            story = tell_story(con, declared, promise, item, asked_of)
            say(*doubted_sources(sources_as_of(con, declared, asked_of, promise), promise), err=True)
        if as_json:
            say_json(_story_json(story))
        else:
            say(*_story_lines(story))
        return
    with judged_tables(workspace, as_of, promise=promise) as (snapshot, _):
        window = asked.told(snapshot).window_of(promise)
        table = statuses(snapshot, window)
        if promise not in set(table["promise_id"]):
            raise AsPromisedError(
                f"'{promise}' was declared since the last refresh, and is in no number yet: run `aspromised refresh`"
            )
        row = table.set_index("promise_id").loc[promise].to_dict()
        versions = versions_of(snapshot, table[table["promise_id"] == promise], window).get(promise, [])
        row |= in_versions(row, versions)
        spread = spreads(snapshot, window, [promise]).get(promise)
        later = promised_later(snapshot, window).get(promise)
    if spread is not None:
        if as_json:
            say_json(why_spread_json(spread, window))
        else:
            say(*why_spread_lines(spread, row["claim"], window))
            say_text(f"\n{units_text(window)}")
        return
    sql = _sql(declared, promise, as_of)
    answered = "judged now from the warehouse" if as_of else "the snapshot's table verdict_daily"
    not_known = of_promise(declared, promise) if as_of else []
    if as_json:
        told: WhyAnswer = {
            "id": promise,
            "claim": row["claim"],
            "version": None if pd.isna(row["version"]) else int(row["version"]),
            "window": window.label,
            "answered_from": answered,
            "not_known": not_known,
            **figures_of(row),
            "versions": versions,
            "wordings": row["wordings"],
            "pooled": row["pooled"],
            "sql": sql,
        }
        say_json(told)
    else:
        begins = [f"“{row['claim']}” is promised from {day(later)}, after {window.label}"] if later else []
        say(*(begins or _lines(row, window, answered, not_known)))
        say_text(f"\nevery item is judged by:\n{sql}")


def _spread_of(declared: Workspace, promise: str) -> str:
    """The promise whose units are compared; "" of any that has items of its own."""
    told = declared.promises.get(promise)
    return getattr(told.measure, "spread_of", "") if told else ""


@contextmanager
def _as_asked(
    declared: Workspace, promise: str, as_of: str | None
) -> Iterator[tuple[DuckDB, datetime, tuple[Plan, AsOf]]]:
    """Give the warehouse, the moment asked for and the promise's plan: those of the snapshot where no moment is."""
    if as_of:
        moment = as_of_moment(as_of, declared.timezone)
        with reading_warehouse(declared) as con:
            yield con, moment, plan_promise(con, declared, promise, moment)
        return
    with open_or_exit(declared.root) as snapshot, reading_warehouse(declared, beside=snapshot) as con:
        yield con, moment_of_snapshot(snapshot), published_plan(con, declared, snapshot, promise)


def _sql(declared: Workspace, promise: str, as_of: str | None) -> str:
    try:
        with _as_asked(declared, promise, as_of) as (_, _, (plan, moment)):
            return ";\n\n".join(item_sql(plan, moment))
    except CannotJudgeError:
        if as_of is None and (told := _sql_there(declared, promise)):
            return told
        raise


def _sql_there(declared: Workspace, promise: str) -> str:
    """The query by which the promise was judged where its rows lie; "" of one judged here."""
    with open_or_exit(declared.root) as snapshot:
        asked = "select sql from judging where promise_id = ? and table_name = ?"
        return "".join(sql for (sql,) in snapshot.con.run(asked, [promise, JUDGED]))


def _lines(row: dict[str, Any], window: Window, answered: str, not_known: list[str]) -> list[str]:
    """The figures of a promise and of each of its wordings; over all days, or of another wording alone, of these only."""
    needed = f" (a status takes at least {plural(row['at_least'], 'item')})"
    wordings = several(row)
    together = [
        f"{in_wordings(len(wordings))} together, {window.label}",
        *_figures({**row, "status": None}, needed),
    ]
    one = [f"“{row['claim']}”, {window.label}", *_figures(row, needed)]
    if len(wordings) == 1:
        together = [f"nothing is decided in the words of {window.label}, “{row['claim']}”"]
    told = ([] if window.is_whole and len(wordings) > 1 else together) if wordings else one
    for version in wordings:
        told += [f"“{version['claim']}”, {since_words(version)}, {window.label}", *_figures(version, needed)]
    return [
        *told,
        *(
            [f"done already for days to come, and in no figure until then: {count(row['ahead'])}"]
            if row["ahead"]
            else []
        ),
        f"answered from: {answered}",
        *(f"not known then: {told}" for told in not_known),
    ]


def _figures(row: Mapping[str, Any], needed: str) -> list[str]:
    decided = row["kept"] + row["broken"]
    others = ", ".join(f"{count(row[name])} {name.replace('_', ' ')}" for name in COUNTS[2:])
    return [
        f"kept rate = kept ÷ (kept + broken) = {count(row['kept'])} ÷ {count(decided)} = {percent(row['rate'], 2)}"
        f" (95 % interval {percent(row['low'], 2)} to {percent(row['high'], 2)}, Wilson)",
        f"target {target(row['target'])}, gap {points_to_target(row['rate'], row['target'], 2)}, {_status(row)}{needed}",
        f"not in the rate: {others}",
    ]


def _status(row: Mapping[str, Any]) -> str:
    if row["status"] is None:
        return "no status: see by wording"
    return f"status: {row['status']}{_waits(row)}"


def _waits(row: Mapping[str, Any]) -> str:
    return f", {waiting(row)}" if row["waits_for"] else ""


def _story_lines(story: Story) -> list[str]:
    lines = [f"{story.promise_id}, item {story.item_id}", *(f"  {line}" for line in story.lines)]
    if story.segments:
        lines.append("  " + ", ".join(f"{name} = {value}" for name, value in story.segments.items()))
    if story.run and story.run.sentence:
        lines.append(f"  {story.run.sentence}")
    return [*lines, f"  {story.sentence}"]


def _story_json(story: Story) -> StoryAnswer:
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
        "segments": {**story.segments},
        "steps": [_step_json(step) for step in (*story.promised, *story.steps)],
        "in_one_line": story.in_one_line,
        "sentence": story.sentence,
    }


def _run_json(run: ClockRun) -> ClockAnswer:
    """Return both clocks in seconds: the promise's own, and the wall's."""
    return {
        "limit": run.limit,
        "limit_seconds": run.of,
        "own": {"elapsed_seconds": run.elapsed, "left_seconds": run.left},
        "wall": {"elapsed_seconds": run.wall_elapsed, "left_seconds": run.wall_left},
        "sentence": run.sentence,
    }


def _step_json(step: StoryStep) -> StepAnswer:
    told = {
        "what": step.what,
        "at": step.at.isoformat() if step.at else None,
        "until": step.until.isoformat() if step.until else None,
        "seconds": step.seconds,
        "note": step.note,
    }
    shown = {name: value for name, value in told.items() if value not in (None, "") or name in ("what", "at")}
    return cast(StepAnswer, shown)
