"""`aspromised refresh`: load what is new, judge, publish."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from aspromised.cli.options import AsJson, AsOfText, WorkspacePath
from aspromised.declare.load import load
from aspromised.declare.report import counts
from aspromised.declare.workspace import Workspace
from aspromised.refresh import Refreshed
from aspromised.refresh import refresh as refresh_workspace
from aspromised.words.figures import count, plural
from aspromised.words.moments import as_of_moment


def refresh(
    workspace: WorkspacePath = Path(),
    as_of: AsOfText = None,
    force: Annotated[bool, typer.Option("--force", help="Load every source again, changed or not.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load what is new, judge every promise, publish one snapshot."""
    declared = load(workspace)
    moment = as_of_moment(as_of, declared.timezone)
    with _bars() as bars:
        task = bars.add_task("starting", total=None)

        def progress(stage: str, done: int, total: int) -> None:
            bars.update(task, description=stage, completed=done, total=total)

        done = refresh_workspace(declared, moment, progress, force=force)
    typer.echo(json.dumps(_as_json(done), indent=2) if as_json else _as_text(done))
    if declared.problems:
        typer.echo(f"{counts(declared.problems)} in the declarations: run `aspromised check`", err=True)
    raise typer.Exit(1 if _failed(done, declared) else 0)


def _bars() -> Progress:
    """Return bars for a terminal; a log file gets none."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<32.32}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _failed(done: Refreshed, declared: Workspace) -> bool:
    """Return whether a source, a declaration or a promise has something to mend; not judged yet is no failure."""
    return (
        any(source.problem for source in done.sources)
        or any(judged.problem and not judged.waits for judged in done.judged)
        or any(problem.severity == "error" for problem in declared.problems)
    )


def _as_text(done: Refreshed) -> str:
    lines = [f"{source.source}: {source.problem}" for source in done.sources if source.problem]
    lines += [f"{source.source}: {source.notes}" for source in done.sources if source.notes]
    waiting = [judged for judged in done.judged if judged.problem]
    lines += [f"not judged: {judged.promise_id}: {judged.problem}" for judged in waiting]
    verdicts = ", ".join(f"{count(number)} {verdict}" for verdict, number in done.verdicts.items())
    return "\n".join([
        *lines,
        f"{plural(done.rows_in, 'row')} in from {plural(len(done.sources), 'source')}, {count(done.rows_set_aside)} set aside",
        f"{plural(len(done.judged) - len(waiting), 'promise')} judged: {verdicts}",
        f"published {done.path.stem} in {done.seconds:.1f} s",
    ])  # fmt: skip


def _as_json(done: Refreshed) -> dict[str, object]:
    return {
        "snapshot": done.path.stem,
        "rows_in": done.rows_in,
        "rows_set_aside": done.rows_set_aside,
        "verdicts": done.verdicts,
        "not_judged": {judged.promise_id: judged.problem for judged in done.judged if judged.problem},
        "sources": {s.source: {"rows_in": s.rows_in, "rows_kept": s.rows_kept, "rows_set_aside": s.rows_set_aside, "duplicates_resolved": s.duplicates_resolved, "problem": s.problem, "notes": s.notes} for s in done.sources},
        "seconds": round(done.seconds, 3),
    }  # fmt: skip
