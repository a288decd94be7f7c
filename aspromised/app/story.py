"""The story of one item, opened from a list: each step of its clock, told from the records as of the snapshot's moment."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from aspromised.analyse.published import published_story
from aspromised.display import fragments
from aspromised.display.things import points
from aspromised.judge.explain.item_story import Story
from aspromised.store.snapshot import Snapshot
from aspromised.words.problems import AsPromisedError


def story_panel(snapshot: Snapshot, chosen: Mapping[str, Any]) -> None:
    """Show the story of the item that is opened, if one is."""
    promise, item = chosen.get("promise") or "", chosen.get("item") or ""
    if not promise or not item:
        return
    st.markdown("## One of them, step by step")
    st.html('<span id="story"></span>')
    try:
        story = _told_once(snapshot, snapshot.id, promise, item)
    except AsPromisedError as error:
        st.html(f'<p class="ap ap-quiet">{fragments.words(f"It cannot be told: {error}")}</p>')
        return
    st.html(fragments.sentence_html(story.sentence))
    told = [*story.lines, *([story.run.sentence] if story.run and story.run.sentence else [])]
    st.html(fragments.prose(points(told)))


@st.cache_data(max_entries=200, show_spinner="Reading its records")
def _told_once(_snapshot: Snapshot, snapshot_id: str, promise: str, item: str) -> Story:
    """The story as of the snapshot's moment, told once a snapshot."""
    return published_story(_snapshot, promise, item)
