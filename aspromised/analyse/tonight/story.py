"""The story of one item, judged now from the sources loaded last, as of the snapshot's moment."""

from datetime import datetime
from pathlib import Path

from aspromised.declare.load import load
from aspromised.judge.explain.item_story import Story, tell_story
from aspromised.store.warehouse import reading_warehouse
from aspromised.words.problems import AsPromisedError


def story_or_why_not(root: Path, promise: str, item: str, as_of: str) -> Story | str:
    """Return the story of an item of a workspace as of a moment with its offset, or in words why there is none."""
    try:
        workspace = load(root)
        if promise not in workspace.promises:
            return f"The promise {promise} is not declared any more."
        with reading_warehouse(workspace) as con:
            return tell_story(con, workspace, promise, item, datetime.fromisoformat(as_of))
    except AsPromisedError as error:
        return str(error)
