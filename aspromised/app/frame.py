"""What stands around every page: the style, a line where the snapshot is old, and where the numbers come from."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.runtime import Runtime

from aspromised.analyse.health import doubted_sources
from aspromised.analyse.windows.periods import Periods
from aspromised.analyse.windows.window import Window
from aspromised.app.doors import are_kept, doors
from aspromised.app.house import workspace
from aspromised.app.opening import open_or_missing
from aspromised.declare.load import load
from aspromised.display import fragments
from aspromised.display.things import Missing
from aspromised.store.ledger import DamagedLedger, open_ledger
from aspromised.store.ledger.kept import lost
from aspromised.store.snapshot import Snapshot
from aspromised.words.lengths import EXACT_SECONDS, Length
from aspromised.words.problems import AsPromisedError
from aspromised.words.text import html_with_code, line


def dress() -> None:
    """Give the page its style: shown things, small screens, print."""
    st.html(f"<style>{fragments.page_style()}\n{_sheet()}</style>")


@lru_cache(maxsize=1)
def _sheet() -> str:
    return (Path(__file__).parent / "app.css").read_text(encoding="utf-8")


_TITLE = "title of the page"


def name_page(title: str) -> None:
    """Give the page its name in the navigation, and so the tab's first word."""
    st.session_state[_TITLE] = title
    st.set_page_config(page_title=f"{title} · AsPromised")


def name_tab(values: Mapping[str, Any], snapshot: Snapshot) -> None:
    """Name the tab after what it shows: "Compliance · October 2026 · Fernway Home"."""
    month, window, week = values.get("month"), values.get("window", "month"), values.get("week")
    shown = [f"{Window.month(month).first:%B %Y}"] if month else []
    shown = (
        [Periods.of(snapshot.meta).week(week).label]
        if week
        else [*shown, window if window != "month" else ""]
    )
    parts = [st.session_state.get(_TITLE, ""), *shown, snapshot.meta.get("company", "")]
    st.set_page_config(page_title=line(" · ".join(part for part in parts if part)))


def stop_without_doors() -> None:
    """Show nothing but how to start the app, where a server has the pages and no doors before them."""
    is_server = (
        Runtime.exists() and type(Runtime.instance()) is Runtime
    )  # tests of pages have one that only looks it
    if is_server and not are_kept():
        st.html(f'<p class="ap ap-open" role="alert">{html_with_code(WITHOUT_DOORS)}</p>')
        st.stop()


WITHOUT_DOORS = (
    "This server checks nobody who comes in, so it shows nothing: start the app with `aspromised app`."
)


def open_line() -> None:
    """Warn, above everything, where others than this machine can read and sign."""
    if doors().is_public:
        st.html(f'<p class="ap ap-open" role="alert">{fragments.words(OPEN_TO_ALL)}</p>')


def loss_line() -> None:
    """Say, above everything, that the ledger was changed, or lost events which the snapshot knows."""
    snapshot = open_or_missing(workspace())
    said = "" if isinstance(snapshot, Missing) else _lost(snapshot, snapshot.id)
    if said:
        st.html(f'<p class="ap ap-open" role="alert">{html_with_code(said[0].upper() + said[1:])}</p>')


@st.cache_data(ttl=10, max_entries=10, show_spinner=False)
def _lost(_snapshot: Snapshot, snapshot_id: str) -> str:
    try:
        with open_ledger(_snapshot.root) as ledger:
            return lost(ledger, _snapshot.meta)
    except DamagedLedger as error:
        return str(error)
    except AsPromisedError:
        return ""  # the panels that read the ledger say why it cannot be read


OPEN_TO_ALL = (
    "This app is open: everyone who reaches its address reads these pages and can sign in any name, without signing in."
    " It was started with --unsafe-public."
)


def footer() -> None:
    """Say whose numbers these are, as of when, and from which snapshot."""
    snapshot = open_or_missing(workspace())
    if isinstance(snapshot, Missing):
        return
    said = " · ".join(fragments.words(part) for part in origin(snapshot))
    st.html(f'<footer class="ap ap-footer">{said}</footer>')


def origin(snapshot: Snapshot) -> list[str]:
    """Return where the numbers come from, in parts."""
    meta = snapshot.meta
    parts = [meta.get("company", ""), _moment(meta), f"snapshot {snapshot.id}"]
    return [part for part in [*parts, "invented data" if is_invented(snapshot.root) else ""] if part]


def _moment(meta: dict[str, str]) -> str:
    if "as_of" not in meta:
        return ""
    zone = meta.get("timezone", "UTC")
    local = datetime.fromisoformat(meta["as_of"]).astimezone(ZoneInfo(zone))
    return f"as of {local.day} {local:%B %Y, %H:%M} ({zone})"


def is_invented(root: Path) -> bool:
    """Whether the records were made by `aspromised demo`, which writes down what it planted in them."""
    return (root / "data" / "STORIES.md").is_file()


def older_line(snapshot: Snapshot) -> None:
    """Say that an older snapshot serves, where the newest cannot be read."""
    if snapshot.warning:
        st.html(f'<p class="ap ap-quiet">{fragments.words(snapshot.warning)}</p>')


def doubt_lines(snapshot: Snapshot, promise_id: str = "") -> None:
    """Say that records are lacking or old, of those a promise reads where one is shown, and quietly that the snapshot is."""
    for said in doubted_sources(snapshot, promise_id):
        st.html(f'<p class="ap ap-open" role="alert">{fragments.words(said)}</p>')
    if said := staleness(snapshot, datetime.now(UTC)):
        st.html(f'<p class="ap ap-quiet">{fragments.words(said)}</p>')


def staleness(snapshot: Snapshot, now: datetime) -> str:
    """Return the sentence that tells a stale snapshot, "" for a fresh one and for invented data."""
    refreshed = snapshot.meta.get("refreshed_at")
    limit = fresh_within(snapshot.root, snapshot.id)
    if not refreshed or limit is None or is_invented(snapshot.root):
        return ""
    age = now - _aware(datetime.fromisoformat(refreshed))
    if age <= limit:
        return ""
    return (
        f"These numbers were made {_words(age)} ago; the sources promise to be fresh within {_words(limit)}."
    )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _words(length: timedelta) -> str:
    """The length in whole hours up to two days, in whole days from then on."""
    hours = max(1, round(length / timedelta(hours=1)))
    if hours > 48:
        return f"{hours // 24} days"
    return f"{hours} hour{'s' if hours > 1 else ''}"


@lru_cache(maxsize=8)
def fresh_within(root: Path, _snapshot: str) -> timedelta | None:
    """Return the shortest `fresh_within` of the workspace's sources, None where none says."""
    try:
        sources = load(root).sources.values()
    except AsPromisedError:
        return None
    lengths = [source.fresh_within for source in sources if source.fresh_within]
    exact = [timedelta(microseconds=length.microseconds) for length in lengths if _is_exact(length)]
    return min(exact, default=None)


def _is_exact(length: Length) -> bool:
    return length.unit in EXACT_SECONDS
