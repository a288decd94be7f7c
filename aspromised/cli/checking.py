"""`aspromised check`: everything an author can mend, in one run."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from aspromised.analyse.budget.out_of_reach import all_out_of_reach
from aspromised.cli.opening import open_or_exit
from aspromised.cli.options import AsJson, WorkspacePath
from aspromised.cli.say import say_text
from aspromised.declare.check import check as check_declarations
from aspromised.declare.checks.reach import check_reach, newest_target
from aspromised.declare.load import load, problem_order
from aspromised.declare.report import Format, report
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.judge.binding import bind
from aspromised.sql import guard as expression
from aspromised.sql.engine import EngineError
from aspromised.store.snapshot import NoSnapshot
from aspromised.store.sources.sources import are_current, load_sources
from aspromised.store.warehouse import reading_warehouse, scratch
from aspromised.words.problems import AsPromisedError, Problem


def check_(
    workspace: WorkspacePath = Path(),
    format: Annotated[Format, typer.Option("--format", help="How to print the problems.")] = "text",
    as_json: AsJson = False,
    data: Annotated[bool, typer.Option(help="Also bind every expression to the data's columns.")] = True,
) -> None:
    """Read every YAML, bind every expression to the data's columns, and tell all problems in one run."""
    declared = load(workspace)
    problems = check_declarations(declared)
    if data:
        more = [*_misfits(declared), *_out_of_reach(declared)]
        problems = sorted({**dict.fromkeys(problems), **dict.fromkeys(more)}, key=problem_order)
    say_text(report(problems, "json" if as_json else format))
    raise typer.Exit(1 if any(problem.severity == "error" for problem in problems) else 0)


def _out_of_reach(declared: Workspace) -> list[Problem]:
    """Return a warning for each target that the items of a window, as last refreshed, could never show to be kept."""
    told = {problem.place for problem in check_reach(declared)}
    aims = {name: newest_target(promise, ("promises", name)) for name, promise in declared.promises.items()}
    try:
        with open_or_exit(declared.root) as snapshot:
            found = all_out_of_reach(snapshot, {name: share for name, (share, _) in aims.items()})
    except (
        NoSnapshot,
        EngineError,
    ):  # nothing published, or by another version: then nothing is known of the items
        return []
    problems = [
        declared.problem("target-out-of-reach", each.sentence, aims[each.promise_id][1], severity="warning")
        for each in found
    ]
    return [problem for problem in problems if problem.place not in told]


def _misfits(declared: Workspace) -> list[Problem]:
    """Return what does not fit the data: of the last refresh where nothing changed since, else loaded now, in memory."""
    with (
        suppress(AsPromisedError),
        reading_warehouse(declared) as con,
    ):  # nothing loaded, or by another version
        if are_current(con, declared, expression):
            return bind(con, declared)
    with scratch(declared) as con:
        sources = load_sources(con, declared, guards=expression, forgiving=True)
        problems = [
            declared.problem("source", f"{source.source}: {source.problem}", _where(declared, source.source))
            for source in sources
            if source.problem
        ]
        return [*problems, *bind(con, declared)]


def _where(declared: Workspace, source: str) -> KeyPath:
    """Return where a source that cannot be loaded is to be mended: at its query, where it has one."""
    return ("sources", source, "sql") if declared.sources[source].sql else ("sources", source)
