"""Opens the snapshot for one run of a page, or says what to do where there is none."""

import shlex
from pathlib import Path

import streamlit as st

from aspromised.app.house import HOUSE
from aspromised.declare.load import load
from aspromised.declare.workspace import Workspace
from aspromised.display.things import Missing
from aspromised.notebook.context import snapshot_name
from aspromised.sql.engine import EngineError
from aspromised.store.snapshot import NoSnapshot, Snapshot, open_snapshot
from aspromised.words.problems import AsPromisedError
from aspromised.words.trouble import trouble

_PROBLEMS_SHOWN = 10


def open_or_missing(root: Path) -> Snapshot | Missing:
    """Return the snapshot served now: a refresh shows at the next run, and this run keeps what it opened."""
    try:
        snapshot: Snapshot = _opened(root, snapshot_name(root))
        return snapshot
    except NoSnapshot as none:
        if not none.reason:
            return what_to_do(root)
        return Missing(
            f"{none.reason.capitalize()}: a refresh makes a new one.", (_command("refresh", root),)
        )
    except (AsPromisedError, EngineError, OSError) as error:
        said = trouble(error) or error
        return Missing(f"The snapshot cannot be read: {said}", (_command("refresh", root),))


@st.cache_resource(max_entries=3, show_spinner="Opening the snapshot")
def _opened(root: Path, name: str) -> Snapshot:  # `name` is the key: Streamlit leaves out what begins with _
    return open_snapshot(root)


def what_to_do(root: Path) -> Missing:
    """Return what stands between this workspace and its first page, and the commands that mend it."""
    try:
        workspace = load(root)
    except AsPromisedError:
        return Missing(
            f"There is no workspace in {root}. The first command makes an invented company to look at, the second starts your own.",
            (_command("demo", root), _command("init", root)),
        )
    errors = [problem for problem in workspace.problems if problem.severity == "error"]
    if errors:
        shown = "\n\n".join(str(problem) for problem in errors[:_PROBLEMS_SHOWN])
        count = f"{len(errors)} problem{'s' if len(errors) > 1 else ''}"
        return Missing(
            f"Nothing has been judged yet, and the declarations have {count}:\n\n{shown}",
            (_command("check", root), _command("refresh", root)),
        )
    return Missing(
        "Nothing has been judged yet: refresh loads the records, judges them and publishes a snapshot.",
        _to_judge(workspace),
    )


def _to_judge(workspace: Workspace) -> tuple[str, ...]:
    refresh = _command("refresh", workspace.root)
    records = [
        path
        for path in workspace.data.rglob("*")
        if path.is_file() and path.suffix not in (".yaml", ".yml", ".md")
    ]
    return (refresh,) if records or workspace.root != HOUSE else (_command("demo", workspace.root), refresh)


def _command(name: str, root: Path) -> str:
    """The command as it must be typed: the workspace is named unless it is the current folder."""
    return (
        f"aspromised {name}"
        if root == Path.cwd()
        else f"aspromised {name} --workspace {shlex.quote(str(root))}"
    )
