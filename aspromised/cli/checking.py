"""`aspromised check`: everything an author can mend, in one run."""

from pathlib import Path
from typing import Annotated

import typer

from aspromised.cli.options import AsJson, WorkspacePath
from aspromised.declare.check import check as check_declarations
from aspromised.declare.load import in_order, load
from aspromised.declare.report import Format, report
from aspromised.declare.workspace import Workspace
from aspromised.judge import expression
from aspromised.judge.binding import bind
from aspromised.store.layout import Layout
from aspromised.store.sources import are_current, load_sources
from aspromised.store.warehouse import reading, scratch
from aspromised.words.problems import Problem


def check(
    workspace: WorkspacePath = Path(),
    format: Annotated[Format, typer.Option("--format", help="How to print the problems.")] = "text",
    as_json: AsJson = False,
    data: Annotated[bool, typer.Option(help="Also bind every expression to the data's columns.")] = True,
) -> None:
    """Read every YAML, bind every expression to the data's columns, and tell all problems in one run."""
    declared = load(workspace)
    problems = check_declarations(declared)
    if data:
        problems = sorted({**dict.fromkeys(problems), **dict.fromkeys(_misfits(declared))}, key=in_order)
    typer.echo(report(problems, "json" if as_json else format))
    raise typer.Exit(1 if any(problem.severity == "error" for problem in problems) else 0)


def _misfits(declared: Workspace) -> list[Problem]:
    """Return what does not fit the data: of the last refresh where nothing changed since, else loaded now, in memory."""
    if Layout(declared.root).warehouse.exists():
        with reading(declared) as con:
            if are_current(con, declared, expression):
                return bind(con, declared)
    with scratch(declared) as con:
        sources = load_sources(con, declared, guards=expression)
        problems = [
            declared.problem("source", f"{source.source}: {source.problem}", ("sources", source.source))
            for source in sources
            if source.problem
        ]
        return [*problems, *bind(con, declared)]
