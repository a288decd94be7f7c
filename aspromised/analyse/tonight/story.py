"""The story of one item, or why there is none, as a page shows it."""

from aspromised.analyse.published import published_story
from aspromised.judge.explain.item_story import Story
from aspromised.store.snapshot import Snapshot
from aspromised.words.problems import AsPromisedError


def story_or_why_not(snapshot: Snapshot, promise: str, item: str) -> Story | str:
    """Return the story of an item as the snapshot was judged, or in words why there is none."""
    try:
        return published_story(snapshot, promise, item)
    except AsPromisedError as error:
        return str(error)
