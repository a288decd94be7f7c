"""The brief of a team for one of its suppliers, to take away as PDF or HTML."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from aspromised.analyse.internal_service.brief import supplier_brief
from aspromised.analyse.internal_service.handoffs import LateShare
from aspromised.chart.base.links import Link, Links, address
from aspromised.display import fragments
from aspromised.notebook.choices import latest_month
from aspromised.report.brief import brief_html, brief_ledger, brief_name, brief_pdf
from aspromised.store.snapshot import Snapshot
from aspromised.words.problems import MisuseError
from aspromised.words.text import label


def _stories(late: Sequence[LateShare], month: str) -> str:
    """Return the ways to the stories of the items that a brief gives as examples, as HTML."""
    ways = [
        Link(item, address("gaps", month=month, promise=each.promise_id, item=item))
        for each in late
        for item in each.examples
    ]
    return f'<div class="ap">{Links("The story of each:", ways)._repr_html_()}</div>'


def brief_panel(snapshot: Snapshot, chosen: Mapping[str, Any]) -> None:
    """Show the brief of the chosen team for the chosen supplier; nothing where none is chosen."""
    team, supplier = chosen.get("team") or "", chosen.get("supplier") or ""
    if not team or not supplier:
        return
    month = chosen.get("month") or latest_month(snapshot)
    try:
        brief = supplier_brief(snapshot, supplier, team, month)
    except MisuseError as error:
        st.error(label(str(error)))
        return
    st.html(fragments.prose("## The brief for its supplier") + fragments.sentence_html(brief.sentence))
    for name, rows in brief.parts.items():
        st.html(fragments.prose(f"### {name}") + fragments.ledger_html(brief_ledger(name, rows)))
        if name == "Examples" and brief.late:
            st.html(_stories(brief.late, month))
    key, name = f"brief-{team}-{supplier}", brief_name(brief, month)
    with st.container(horizontal=True):
        st.download_button("Brief as PDF", lambda: brief_pdf(brief), f"{name}.pdf", "application/pdf", key=f"{key}-pdf", on_click="ignore")  # fmt: skip
        st.download_button("Brief as HTML", lambda: brief_html(brief).encode(), f"{name}.html", "text/html", key=f"{key}-html", on_click="ignore")  # fmt: skip
