"""`aspromised refresh`: load what is new, judge, publish."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from aspromised.analyse.health import impossible_lengths, lost_rows, stopped_sources, unjudged_reasons
from aspromised.cli.answers.changing import LengthAnswer, RefreshAnswer
from aspromised.cli.options import AsJson, AsOfText, WorkspacePath, warn_beyond
from aspromised.cli.say import first_of, say, say_json
from aspromised.declare.checks.records import lost_corrections
from aspromised.declare.load import load
from aspromised.declare.model import JudgedOn
from aspromised.declare.report import counts_by_severity
from aspromised.declare.workspace import Workspace
from aspromised.refresh import Refreshed
from aspromised.refresh import refresh as refresh_workspace
from aspromised.sql.on_spark.session import refuse_address
from aspromised.store.snapshot import Snapshot, open_snapshot
from aspromised.store.sources.health import SourceHealth
from aspromised.words.figures import count, plural
from aspromised.words.moments import as_of_moment
from aspromised.words.problems import AsPromisedError

Why = dict[str, list[tuple[str, int]]]
"""Why rows of each source were set aside, and how many; the most frequent reason first."""

_TOP = 3


def refresh_(
    workspace: WorkspacePath = Path(),
    as_of: AsOfText = None,
    force: Annotated[bool, typer.Option("--force", help="Load every source again, changed or not.")] = False,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine", metavar="duckdb|spark|ADDRESS", help="What judges, in place of what `engine:` says."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Load what is new, judge every promise, publish one snapshot."""
    declared = _judged_on(load(workspace), engine)
    moment = as_of_moment(as_of, declared.timezone)
    with _bars() as bars:
        task = bars.add_task("starting", total=None)

        def progress(stage: str, done: int, total: int) -> None:
            bars.update(task, description=stage, completed=done, total=total)

        done = refresh_workspace(
            declared, moment, progress, force=force, waiting=lambda told: say(told, err=True)
        )
    with open_snapshot(declared.root) as snapshot:
        stale, fewer = stopped_sources(snapshot), lost_rows(snapshot)
        is_emptied = bool(snapshot.con.run("select * from source_health where rows_before > 0"))
        if as_of:
            warn_beyond((row[0] for row in snapshot.con.run("select newest from source_health")), moment)
        why = _why_set_aside(snapshot) if done.rows_set_aside else {}
        no_lengths = _no_lengths(snapshot) if done.verdicts.get("unknown") else []
    if as_json:
        say_json(_as_json(done, why, no_lengths, stale, fewer))
    else:
        say(*map(_no_length, no_lengths[:_TOP]), *_lines(done, why))
    say(*filter(None, [fewer, stale]), err=True)
    if is_emptied:
        say("A source that is meant to be empty now: `aspromised refresh --force` takes it so.", err=True)
    if done.ledger_problem:
        say(done.ledger_problem, err=True)
    for lost in lost_corrections(declared):
        say(f"{lost.place or ''}: {lost.message}".removeprefix(": "), err=True)
    if declared.problems:
        say(f"{counts_by_severity(declared.problems)} in the declarations: run `aspromised check`", err=True)
    raise typer.Exit(1 if fewer or _failed(done, declared) else 0)


def _judged_on(declared: Workspace, engine: str | None) -> Workspace:
    """Return the workspace with the engine asked for; AsPromisedError where that is none, or has no address."""
    if engine is None:
        return declared
    if engine == "duckdb":
        return replace(declared, engine=None)
    if engine != "spark":
        refuse_address(engine)
        return replace(declared, engine=JudgedOn(spark=engine))
    if declared.engine is None:
        raise AsPromisedError(
            "--engine spark needs an address: write engine: {spark: sc://host:15002} beside company:, or --engine sc://host:15002"
        )
    return declared


def _bars() -> Progress:
    """Return bars for a terminal; a log file gets none."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<32.32}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _failed(done: Refreshed, declared: Workspace) -> bool:
    """Return whether a source, a declaration or a promise has something to mend; not judged yet is no failure."""
    return (
        bool(done.ledger_problem)
        or any(source.problem for source in done.sources)
        or any(judged.problem and not judged.waits for judged in done.judged)
        or any(problem.severity == "error" for problem in declared.problems)
    )


def _lost_all(source: SourceHealth) -> bool:
    return source.rows_in > 0 and not source.rows_kept


def _why_set_aside(snapshot: Snapshot) -> Why:
    """Return why rows were set aside and how many, the most frequent first, by source."""
    found: Why = {}
    for row in unjudged_reasons(snapshot).to_dict("records"):
        found.setdefault(row["source"], []).append((row["reason"], row["rows"]))
    return found


def _no_lengths(snapshot: Snapshot) -> list[LengthAnswer]:
    """Return the lengths told by the data that nobody can promise, by promise, and how many items each leaves unknown."""
    return [cast(LengthAnswer, row) for row in impossible_lengths(snapshot).to_dict("records")]


def _no_length(found: LengthAnswer) -> str:
    return f"{found['promise']}: {plural(found['items'], 'item')} unknown: {found['length']}"


def _aside(source: SourceHealth, why: list[tuple[str, int]]) -> str:
    aside = "all" if _lost_all(source) else f"{count(source.rows_set_aside)} of"
    told = [f"{count(rows)} × {reason}" for reason, rows in why[:_TOP]]
    more = [f"and {plural(len(why) - _TOP, 'more reason')}"] if len(why) > _TOP else []
    return f"{source.source}: {aside} {plural(source.rows_in, 'row')} set aside: {', '.join([*told, *more])}"


def _lines(done: Refreshed, why: Why) -> list[str]:
    lines = [f"{source.source}: {source.problem}" for source in done.sources if source.problem]
    lines += [f"{source.source}: {source.notes}" for source in done.sources if source.notes]
    lines += [_aside(source, why.get(source.source, [])) for source in done.sources if source.rows_set_aside]
    waiting = [judged for judged in done.judged if judged.problem]
    lines += [f"not judged: {judged.promise_id}: {first_of(judged.problem or '')}" for judged in waiting]
    verdicts = ", ".join(f"{count(number)} {verdict}" for verdict, number in done.verdicts.items())
    return [
        *lines,
        f"{plural(done.rows_in, 'row')} in from {_read_of(done.sources)}, {count(done.rows_set_aside)} set aside",
        f"{plural(len(done.judged) - len(waiting), 'promise')} judged: {verdicts}",
        f"published {done.path.stem} in {done.seconds:.1f} s",
    ]


def _read_of(sources: Sequence[SourceHealth]) -> str:
    """Return how many sources were read, and of how many where some were not."""
    read = sum(not source.problem for source in sources)
    return plural(read, "source") if read == len(sources) else f"{read} of {plural(len(sources), 'source')}"


def _as_json(
    done: Refreshed, why: Why, no_lengths: list[LengthAnswer], stale: str, fewer: str
) -> RefreshAnswer:
    return {
        "snapshot": done.path.stem,
        "rows_in": done.rows_in,
        "rows_set_aside": done.rows_set_aside,
        "verdicts": done.verdicts,
        "not_judged": {judged.promise_id: judged.problem for judged in done.judged if judged.problem},
        "sources": {s.source: {"rows_in": s.rows_in, "rows_kept": s.rows_kept, "rows_set_aside": s.rows_set_aside, "duplicates_resolved": s.duplicates_resolved, "reasons": [{"reason": reason, "rows": rows} for reason, rows in why.get(s.source, [])], "problem": s.problem, "notes": s.notes} for s in done.sources},
        "seconds": round(done.seconds, 3),
        "no_lengths": no_lengths,
        "older_than_promised": stale,
        "lost_rows": fewer,
    }  # fmt: skip
