"""`aspromised check`: everything an author can mend, in one run."""

from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Annotated

import typer

from aspromised.analyse.budget.out_of_reach import all_out_of_reach
from aspromised.analyse.health import lost_by_source, unjudged_reasons
from aspromised.cli.opening import open_or_exit
from aspromised.cli.options import AsJson, WorkspacePath
from aspromised.cli.say import say_text
from aspromised.declare.check import check as check_declarations
from aspromised.declare.checks.reach import check_reach, newest_target
from aspromised.declare.load import load, problem_order
from aspromised.declare.partly import readings, told_of_all
from aspromised.declare.report import Format, report
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.judge.binding import bind
from aspromised.judge.remote.sources import SourcesThere
from aspromised.sql.authored import guard as expression
from aspromised.sql.columns import source_columns
from aspromised.sql.connect import seconds_of_a_statement
from aspromised.sql.duckdb import DuckDB
from aspromised.sql.engine import EngineError
from aspromised.sql.on_spark.session import SparkGoneError, connected
from aspromised.sql.on_spark.there import There
from aspromised.store.snapshot import NoSnapshot, Snapshot
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
    problems = problems_of(load(workspace), data)
    say_text(report(problems, "json" if as_json else format))
    raise typer.Exit(1 if any(problem.severity == "error" for problem in problems) else 0)


def problems_of(declared: Workspace, data: bool = True) -> list[Problem]:
    """Return every problem of a workspace in the order of their places, with `data` those of its fit to the data too."""
    problems = [*check_declarations(declared), *_no_promise(declared)]
    if data:
        wrong = {each.at[1] for each in problems if each.at[2:] in [(key,) for key in _ORIGINS]}
        misfits = (p for p in _misfits(declared) if p.code != "source" or p.at[1] not in wrong)
        more = [*misfits, *_as_refreshed(declared)]
        problems = sorted({**dict.fromkeys(problems), **dict.fromkeys(more)}, key=problem_order)
    return problems


def _no_promise(declared: Workspace) -> list[Problem]:
    """Return a warning where there is nothing to judge, so that `no problems` is not read as all is well."""
    if declared.promises or any(at[:1] == ("promises",) for at in declared.unreadable) or declared.problems:
        return []
    message = "no promise is declared: add one under 'promises:' in a file of the folder promises/"
    return [Problem("no-promise", message, severity="warning")]


def _as_refreshed(declared: Workspace) -> list[Problem]:
    """Return what the last refresh tells of the declarations; nothing where none can be read."""
    try:
        with open_or_exit(declared.root) as snapshot:
            return [*_lost_rows(declared, snapshot), *_out_of_reach(declared, snapshot)]
    except (NoSnapshot, EngineError):  # nothing published, or by another version
        return []


def _lost_rows(declared: Workspace, snapshot: Snapshot) -> list[Problem]:
    """Return a note for each source that lost many of its rows, with the reason that most had, where it says what it reads."""
    reasons = unjudged_reasons(snapshot).drop_duplicates("source").set_index("source")["reason"]
    return [
        declared.problem(
            "rows-set-aside", _mend(words, reasons.get(name)), _where(declared, name), severity="note"
        )
        for name, words in lost_by_source(snapshot).items()
        if words and name in declared.sources
    ]


def _mend(words: str, reason: str | None) -> str:
    why = f", most for this reason: {reason}" if reason else ""
    return (
        f"{words} at the last refresh{why}; they are in no number: mend the rows, or what is declared of their columns, and"
        " run `aspromised refresh`"
    )


def _out_of_reach(declared: Workspace, snapshot: Snapshot) -> list[Problem]:
    """Return a warning for each target that the items of a window, as last refreshed, could never show to be kept."""
    told = {problem.place for problem in check_reach(declared)}
    aims = {name: newest_target(promise, ("promises", name)) for name, promise in declared.promises.items()}
    found = all_out_of_reach(snapshot, {name: share for name, (share, _) in aims.items()})
    problems = [
        declared.problem("target-out-of-reach", each.sentence, aims[each.promise_id][1], severity="warning")
        for each in found
    ]
    return [problem for problem in problems if problem.place not in told]


def _misfits(declared: Workspace) -> list[Problem]:
    """Return what does not fit the data: of the last refresh where nothing changed since, else loaded now, in memory."""
    with (
        suppress(AsPromisedError),
        reading_warehouse(declared, even_unpublished=True) as con,
    ):  # nothing loaded, or by another version
        if not declared.partly and are_current(con, declared, expression):
            return bind(con, declared)
    with scratch(declared) as con, ExitStack() as stack:
        there, why = _reading_there(declared, stack)
        unloaded = _unloaded(con, readings(declared)[0], there, why)
        bound = told_of_all(declared, lambda each: bind(con, each))
        told = {each.at[1] for each in bound if each.at[:1] == ("sources",)} & set(source_columns(con))
        return [
            *(each for each in unloaded if each.at[1] not in told),
            *bound,
        ]  # what does not fit is told by itself


def _reading_there(declared: Workspace, stack: ExitStack) -> tuple[There | None, str]:
    """Return what reads the sources that Spark reads itself; where it cannot be asked, why."""
    if declared.engine is None or not any(source.spark for source in declared.sources.values()):
        return None, ""
    try:
        spark = stack.enter_context(connected(declared.engine.spark, seconds_of_a_statement()))
        return SourcesThere(declared, spark), ""
    except SparkGoneError as error:
        return None, str(error)


def _unloaded(con: DuckDB, declared: Workspace, there: There | None, why: str) -> list[Problem]:
    """Load every source and return which cannot be, but for those whose origin could not be read: that has been told.

    `why` says that Spark cannot be asked: of what it reads itself nothing is known then, which is no error of its author's.
    """
    found = []
    for source in load_sources(con, declared, guards=expression, forgiving=True, there=there):
        at = _where(declared, source.source)
        is_told = any(declared.stands_in(("sources", source.source, key)) for key in _ORIGINS)
        if why and declared.sources[source.source].spark:
            message = f"{source.source}: its columns are not known, and what is said of them was not looked at: {why}"
            found.append(declared.problem("source", message, at, severity="warning"))
        elif source.problem and not is_told:
            found.append(declared.problem("source", f"{source.source}: {source.problem}", at))
    return found


_ORIGINS = ("files", "connection", "query", "sql", "spark")


def _where(declared: Workspace, source: str) -> KeyPath:
    """Return where a source that cannot be loaded is to be mended: where it says what it is read from."""
    given = (
        key
        for key in ("sql", "files", "query", "spark")
        if getattr(declared.sources[source], key) is not None
    )
    return ("sources", source, *(key for key in [next(given, None)] if key))
