"""The form under an opened promotion: sign a gate off, for good, in the ledger; and what was signed so far."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from aspromised.analyse.launches.readiness.verdicts import CANCELLED, GateResult, Launched, launches
from aspromised.analyse.rates.versions import claims_on
from aspromised.declare.load import load
from aspromised.display import fragments
from aspromised.judge.readiness.signing import after_launch, counts_from
from aspromised.store.ledger import SignOff, open_ledger, sign_off, signed_off
from aspromised.store.snapshot import Snapshot
from aspromised.words.figures import day, moment
from aspromised.words.problems import AsPromisedError
from aspromised.words.text import label

SIGNED_COLUMNS = {"gate": "Gate", "team": "Team", "who": "Who", "on": "Day claimed", "written": "Written",
                  "counts": "Counts from", "shown": "In the numbers above", "wording": "Signed for", "note": "Note"}  # fmt: skip


def sign_off_panel(snapshot: Snapshot, chosen: Mapping[str, Any]) -> None:
    """Show the form and the sign-offs of the promotion that is opened, if any of its gates is signed off."""
    launch = next(
        (one for one in launches(snapshot).launches if one.promotion_id == chosen.get("promotion")), None
    )
    gates = [gate for gate in launch.gates if gate.kind == "sign-off"] if launch else []
    if launch is None or not gates or launch.verdict == CANCELLED:
        return
    st.markdown("## Sign a gate off")
    _form(snapshot, launch, gates)
    try:
        _signed(snapshot, launch, gates)
    except AsPromisedError as error:
        st.html(f'<p class="ap ap-quiet">{fragments.words(f"The ledger cannot be read: {error}")}</p>')


def _form(snapshot: Snapshot, launch: Launched, gates: list[GateResult]) -> None:
    key = f"sign-{launch.promotion_id}"
    by_name = {gate.gate: gate for gate in gates}
    today = datetime.now(ZoneInfo(snapshot.meta["timezone"])).date()
    with st.form(key, clear_on_submit=True, width=720):
        gate = st.selectbox(
            "Gate",
            list(by_name),
            format_func=lambda name: f"{name}, by {by_name[name].asks_of}",
            key=f"{key}-gate",
        )
        left, right = st.columns(2)
        who = left.text_input("Who signs, for that team", key=f"{key}-who", max_chars=120)
        on = right.date_input("Day it was so", value=today, max_value=today, key=f"{key}-on")
        note = st.text_input("Note", key=f"{key}-note", max_chars=400)
        sent = st.form_submit_button("Sign off, for good")
    st.html(
        '<p class="ap ap-small">It is written with this moment and stays: it counts from when it is written, whatever earlier day'
        " is claimed. Nothing signed after a launch makes that launch one that was ready.</p>"
    )
    if sent:
        _write(snapshot, launch, by_name[gate], who, on, note)


def _write(snapshot: Snapshot, launch: Launched, gate: GateResult, who: str, on: date, note: str) -> None:
    if not who.strip():
        st.error("Say who signs: a name is kept with every sign-off.")
        return
    try:
        workspace = load(snapshot.root)
        with open_ledger(snapshot.root) as ledger:
            signed = sign_off(
                ledger,
                workspace,
                launch.promotion_id,
                gate.gate,
                team=gate.asks_of or "",
                who=who,
                on=on,
                note=note,
            )
    except AsPromisedError as error:
        st.error(label(f"Nothing was written: {error}"))
        return
    counts = moment(_counts(snapshot, launch, signed))
    late = (
        after_launch(signed, launch.launched, ZoneInfo(snapshot.meta["timezone"])) if launch.launched else ""
    )
    st.success(
        label(
            f"“{gate.gate}” is signed off by {signed.team} ({signed.who}){late or f', and counts from {counts}'}. Pages count it after the next refresh."
        )
    )


def _signed(snapshot: Snapshot, launch: Launched, gates: list[GateResult]) -> None:
    """List what the ledger holds, and say what it makes of today where the numbers above do not know it yet."""
    with open_ledger(snapshot.root) as ledger:
        found = [one for gate in gates for one in signed_off(ledger, launch.promotion_id, gate.gate)]
    if not found:
        return
    table = pd.DataFrame([_row(snapshot, launch, one) for one in found], columns=list(SIGNED_COLUMNS))
    st.dataframe(table.rename(columns=SIGNED_COLUMNS), hide_index=True, width="stretch")
    for said in filter(None, (reworded(one, _wording(snapshot, launch)) for one in found)):
        st.html(f'<p class="ap ap-quiet">{fragments.words(said)}</p>')
    news = {one.gate for one in found if not _is_known(snapshot, one)}
    if news:
        st.html(
            f'<p class="ap ap-quiet">{fragments.words(sign_off_outcome(launch, news, snapshot.meta["as_of_day"]))}</p>'
        )


def sign_off_outcome(launch: Launched, signed: set[str], as_of: str) -> str:
    """Return what sign-offs that the numbers do not know yet come to: judged at once, beside the other gates as they were."""
    since = f"The numbers above are as of {day(date.fromisoformat(as_of))}: what was signed since is in them after a refresh that reaches it."
    if not launch.is_planned:
        return since
    left = [name for name in launch.missing if name not in signed]
    return f"{since} With it, {'still missing: ' + ', '.join(left) if left else 'nothing is missing'}."


def reworded(one: SignOff, today: Mapping[str, str | None]) -> str:
    """Return what reads otherwise today (words by their ids, "" the promotion's) than when it was signed, and what to do; "" where nothing does."""
    changed = [(said, today[name]) for name, said in one.wording if today.get(name) not in (None, said)]
    gone = [said for name, said in one.wording if name not in today]
    changes = [f"“{said}” now reads “{now}”" for said, now in changed]
    changes += [f"it no longer leans on “{said}”" for said in gone]
    if not changes:
        return ""
    return (
        f"Since {one.who} signed “{one.gate}” off, {'; '.join(changes)}. What was signed stays and still counts: sign it off"
        " again if it holds for these words too, or ask that team and declare the gate under another name."
    )


def _wording(snapshot: Snapshot, launch: Launched) -> dict[str, str | None]:
    """What customers read on the day of the launch, as it is signed for: None of a promise that cannot be read."""
    claims = claims_on(snapshot, launch.launched_day)
    return {"": launch.says, **{name: claims.get(name) for name in launch.leans_on}}


def _row(snapshot: Snapshot, launch: Launched, one: SignOff) -> tuple[str, ...]:
    written = one.written_at.astimezone(ZoneInfo(snapshot.meta["timezone"])) if one.written_at else None
    shown = "yes" if _is_known(snapshot, one) else "after a refresh"
    return (
        one.gate,
        one.team,
        one.who,
        day(one.on),
        moment(written),
        moment(_counts(snapshot, launch, one)),
        shown,
        "; ".join(f"“{said}”" for _, said in one.wording) or "not kept then",
        one.note,
    )


def _counts(snapshot: Snapshot, launch: Launched, one: SignOff) -> datetime:
    zone = ZoneInfo(snapshot.meta["timezone"])
    return counts_from(one, launch.launched, zone) if launch.launched else one.counts_from(zone)


def _is_known(snapshot: Snapshot, one: SignOff) -> bool:
    """Whether the snapshot was judged with it: written by its moment, and before it was made."""
    made = datetime.fromisoformat(snapshot.meta["refreshed_at"])
    return one.written_at is not None and one.written_at <= min(
        datetime.fromisoformat(snapshot.meta["as_of"]), made
    )
