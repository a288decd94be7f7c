"""The form under a gap: name its cause, for good, in the ledger; and what was named so far, with who and when."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from aspromised.analyse.rates.scope import Where, known_where, where_name
from aspromised.declare.load import load
from aspromised.display import fragments
from aspromised.notebook.choices import chosen_window
from aspromised.store.ledger import open_ledger
from aspromised.store.ledger.causes import NamedCause, name_cause, named_causes
from aspromised.store.snapshot import Snapshot
from aspromised.words.figures import moment
from aspromised.words.problems import AsPromisedError
from aspromised.words.text import label

CAUSE_COLUMNS = {
    "cause": "Cause",
    "part": "Of",
    "who": "Who",
    "written": "Written",
    "window": "Looking at",
    "stands": "Stands",
}


def cause_panel(snapshot: Snapshot, chosen: Mapping[str, Any]) -> None:
    """Show the causes named of the promise that is looked at, and the form to name one of the part that is open."""
    promise = chosen.get("promise") or ""
    if not promise:
        return
    asked = (chosen.get(name) or "" for name in ("where", "segment", "value"))
    where, _ = known_where(snapshot, promise, *asked)
    st.markdown("## Why: what people say")
    try:
        with open_ledger(snapshot.root) as ledger:
            found = named_causes(ledger, promise)
    except AsPromisedError as error:
        st.html(f'<p class="ap ap-quiet">{fragments.words(f"The ledger cannot be read: {error}")}</p>')
        return
    _list(found, snapshot.meta["timezone"])
    window = chosen_window(
        chosen.get("month") or "", chosen.get("window") or "month", snapshot, week=chosen.get("week") or ""
    )
    _form(snapshot, promise, where, found, window.label)


def _list(found: Sequence[NamedCause], zone: str) -> None:
    if not found:
        st.html('<p class="ap ap-quiet">Nobody has named a cause of this promise yet.</p>')
        return
    rows = [_row(each, zone) for each in reversed(found)]
    table = pd.DataFrame(rows, columns=list(CAUSE_COLUMNS)).rename(columns=CAUSE_COLUMNS)
    st.dataframe(table, hide_index=True, width="stretch")


def _row(each: NamedCause, zone: str) -> tuple[str, ...]:
    part = where_name(tuple(each.where.items())) or "the whole promise"
    stands = "yes" if each.superseded_by is None else f"superseded by {each.superseded_by}"
    return each.cause, part, each.who, moment(each.written_at.astimezone(ZoneInfo(zone))), each.window, stands


def _form(snapshot: Snapshot, promise: str, where: Where, found: Sequence[NamedCause], window: str) -> None:
    key = f"cause-{promise}"
    standing = {each.event: each for each in found if each.superseded_by is None}
    with st.form(key, clear_on_submit=True, width=720):
        cause = st.text_area(
            f"Cause of {where_name(where) or 'the gap of the whole promise'}",
            key=f"{key}-cause",
            max_chars=2000,
        )
        left, right = st.columns(2)
        who = left.text_input("Who says so", key=f"{key}-who", max_chars=120)
        instead = right.selectbox(
            "In the place of",
            [None, *standing],
            format_func=lambda event: label(f"{event}: {standing[event].cause[:60]}") if event else "none",
            key=f"{key}-instead",
        )
        sent = st.form_submit_button("Name the cause, for good")
    st.html(
        '<p class="ap ap-small">It is written with this moment and stays; who finds out better names another in its place.</p>'
    )
    if sent:
        _write_cause(snapshot, promise, where, cause, who, window, instead)


def _write_cause(
    snapshot: Snapshot, promise: str, where: Where, cause: str, who: str, window: str, instead: int | None
) -> None:
    if not who.strip() or not cause.strip():
        st.error("Say what the cause is, and who says so: a name is kept with every cause.")
        return
    try:
        with open_ledger(snapshot.root) as ledger:
            name_cause(
                ledger, load(snapshot.root), promise, dict(where), " ".join(cause.split()), who=who, window=window,
                supersedes=instead,
            )  # fmt: skip
    except AsPromisedError as error:
        st.error(label(f"Nothing was written: {error}"))
        return
    st.rerun()
