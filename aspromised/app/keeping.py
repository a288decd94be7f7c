"""The certificate of an opened promotion: freeze it once, take it away as HTML or PDF, see where numbers were restated."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from aspromised.analyse.launches.readiness.verdicts import CANCELLED, launches
from aspromised.declare.load import load
from aspromised.display import fragments
from aspromised.report.certificate import Certificate, certificate, frozen
from aspromised.store.ledger import open_ledger
from aspromised.store.snapshot import Snapshot
from aspromised.words.figures import day, moment
from aspromised.words.problems import AsPromisedError
from aspromised.words.text import label


def certificate_panel(snapshot: Snapshot, chosen: Mapping[str, Any]) -> None:
    """Show the certificates of the promotion that is opened, and the way to freeze the one that is due."""
    launch = next(
        (one for one in launches(snapshot).launches if one.promotion_id == chosen.get("promotion")), None
    )
    if launch is None or launch.launched is None or launch.verdict == CANCELLED or launch.judged_on is None:
        return
    st.markdown("## A record to keep")
    try:
        kept = _frozen(snapshot, launch.promotion_id)
        judged = {each.content["judged_on"] for each in kept}
        if launch.judged_on.isoformat() not in judged:
            _form(snapshot, launch.promotion_id, day(launch.judged_on))
        for each in reversed(kept):
            _offer(snapshot, each)
    except AsPromisedError as error:
        st.error(label(f"The record cannot be kept: {error}"))


def _frozen(snapshot: Snapshot, promotion_id: str) -> list[Certificate]:
    with open_ledger(snapshot.root) as ledger:
        return frozen(ledger, promotion_id)


def _form(snapshot: Snapshot, promotion_id: str, judged_on: str) -> None:
    """Ask who freezes the record, and freeze it."""
    with st.form(f"freeze-{promotion_id}", clear_on_submit=True, width=720):
        words = f"Freeze what was known on {judged_on}: each gate with its evidence, for good, with its hash in the ledger."
        st.html(f'<p class="ap ap-small">{fragments.words(words)}</p>')
        who = st.text_input("Who keeps it", key=f"freeze-{promotion_id}-who", max_chars=120)
        sent = st.form_submit_button("Freeze the record")
    if not sent:
        return
    if not who.strip():
        st.error("Say who keeps it: a name stands on every record.")
        return
    with open_ledger(snapshot.root) as ledger:
        certificate(load(snapshot.root), snapshot, ledger, promotion_id, who)
    st.rerun()


def _offer(snapshot: Snapshot, each: Certificate) -> None:
    content = each.content
    when = f"What was known on {day(date.fromisoformat(content['judged_on']))}, frozen by {each.event.who}, {moment(each.event.at)} UTC. SHA-256 {each.sha256}"
    st.html(f'<p class="ap ap-small" style="overflow-wrap:anywhere">{fragments.words(when)}</p>')
    with st.container(horizontal=True):
        key = f"certificate-{each.event.id}"
        st.download_button(
            "Certificate as PDF",
            lambda: each.pdf,
            f"{each.name}.pdf",
            "application/pdf",
            key=f"{key}-pdf",
            on_click="ignore",
        )
        st.download_button(
            "Certificate as HTML",
            lambda: each.html.encode(),
            f"{each.name}.html",
            "text/html",
            key=f"{key}-html",
            on_click="ignore",
        )
    restated = _restated(snapshot, each.event.subject, each.event.id, snapshot.id)
    if restated:
        st.html(f'<p class="ap ap-small">{fragments.words("Restated since: " + "; ".join(restated))}.</p>')


@st.cache_data(max_entries=200, show_spinner=False)
def _restated(_snapshot: Snapshot, promotion_id: str, event: int, snapshot_id: str) -> list[str]:
    """What today's numbers say otherwise than a record, told once a snapshot."""
    with open_ledger(_snapshot.root) as ledger:
        found = certificate(load(_snapshot.root), _snapshot, ledger, promotion_id)
    return list(found.restated) if found.event.id == event else []
