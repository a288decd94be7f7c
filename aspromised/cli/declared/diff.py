"""`aspromised diff`: what changed in the YAML since another state of it, and what that does to the numbers."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from aspromised.analyse.health import doubted_sources
from aspromised.analyse.what_if import DAYS, Effect, effects
from aspromised.cli.declared import diffed
from aspromised.cli.declared.diff_comment import diff_comment_text
from aspromised.cli.declared.diffed import Diffed
from aspromised.cli.opening import open_or_exit
from aspromised.cli.options import AsJson, AsOfText, WorkspacePath
from aspromised.cli.say import say, say_text
from aspromised.declare.diff import between, judged_anew
from aspromised.declare.load import load
from aspromised.declare.revision import earlier
from aspromised.declare.workspace import Workspace
from aspromised.rejudge import sources_as_of
from aspromised.store.snapshot import NoSnapshot
from aspromised.store.warehouse import reading_warehouse
from aspromised.words.moments import as_of_moment
from aspromised.words.problems import AsPromisedError


def diff(
    workspace: WorkspacePath = Path(),
    since: Annotated[
        str, typer.Option(metavar="REV|FOLDER", help="A git revision, or a folder with another copy.")
    ] = "HEAD",
    format: Annotated[
        Literal["text", "json", "comment"],
        typer.Option("--format", help="comment is Markdown for a pull request."),
    ] = "text",
    as_json: AsJson = False,
    as_of: AsOfText = None,
    days: Annotated[int, typer.Option(help="How many days are judged again.", min=1)] = DAYS,
) -> None:
    """Tell what changed in the promises since another state, and what the last days would have been by each."""
    declared = load(workspace)
    moment = as_of_moment(as_of or _moment_of_snapshot(workspace), declared.timezone)
    with earlier(workspace, since) as before:
        old = before.workspace
        found = Diffed(
            before.name,
            moment,
            tuple(between(old, declared, moment.date())),
            tuple(_effects(old, declared, moment, days)),
            tuple(_unreadable(old, f"in {before.name}", ("missing-company",)) + _unreadable(declared, "now")),
        )
    written = {"text": diffed.diff_text, "json": diffed.diff_json, "comment": diff_comment_text}
    say_text(written["json" if as_json else format](found))
    raise typer.Exit(1 if found.problems else 0)


def _moment_of_snapshot(root: Path) -> str | None:
    try:
        with open_or_exit(root) as snapshot:
            return snapshot.meta["as_of"]
    except NoSnapshot:
        return None


def _effects(old: Workspace, new: Workspace, moment: datetime, days: int) -> list[Effect]:
    promises = judged_anew(old, new)
    if not promises:
        return []
    try:
        with reading_warehouse(new) as con:
            found = list(effects(con, old, new, promises, moment, days))
            say(*doubted_sources(sources_as_of(con, new, moment)), err=True)
            return found
    except AsPromisedError as error:
        day = moment.date()
        return [Effect(promise, day, day, problem=str(error)) for promise in promises]


def _unreadable(workspace: Workspace, when: str, but_for: tuple[str, ...] = ()) -> list[str]:
    """Return what could not be read, each with where and why; an earlier state may have nothing yet."""
    lost = dict.fromkeys(problem for problems in workspace.unreadable.values() for problem in problems)
    whole = dict.fromkeys([*workspace.untrustworthy, *lost])
    return [
        f"cannot be read {when}: {f'{p.place}: ' if p.place else ''}{p.message}"
        for p in whole
        if p.code not in but_for
    ]
