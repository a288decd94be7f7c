"""Launches, typeset: every verdict with what was missing and who was hurt, one promotion as declared, its gates."""

from datetime import date

import pandas as pd

from aspromised.analyse.launches.board import Board, hurt
from aspromised.analyse.launches.detail.opened import Opened, demand_words
from aspromised.analyse.launches.effect.harm import CANNOT_TELL, LaunchHarm
from aspromised.analyse.launches.readiness.verdicts import CANCELLED, GateResult, Launched
from aspromised.analyse.launches.readiness.words import MET, READINESS_COLOUR, READINESS_MARK, verdict_words
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import Link, address, lead
from aspromised.words.figures import count, day, moment, plural
from aspromised.words.nouns import item_noun
from aspromised.words.text import html as escape

KIND = {
    "sql": "a number from a query",
    "promise": "a promise kept",
    "capacity": "headroom",
    "sign-off": "a sign-off",
}
GATE_COLOUR = {True: "kept", False: "short", None: "unknown"}


def launches_ledger(found: Board) -> Ledger | None:
    """Return a ledger, one row a promotion, planned ones first, then the latest launch; None where there are none."""
    if not found.launches:
        return None
    columns = {
        "name": Column("Promotion", html=True),
        "when": Column("Launch", html=True),
        "verdict": Column("Verdict", html=True),
        "missing": Column("What was missing on that day", html=True),
        "harm": Column("Broken beyond what was to be expected", html=True),
    }
    rows = [
        [
            _name(each),
            _when(each),
            verdict_cell(each),
            _missing(each),
            _harm(each, found.harms.get(each.promotion_id)),
        ]
        for each in found.ordered
    ]
    return ledger(
        pd.DataFrame(rows, columns=list(columns)), columns, label="Every promotion and whether it was ready"
    )


def _name(each: Launched) -> str:
    opened = address(promotion=each.promotion_id)
    who = f"{escape(each.promotion_id)}" + (f", run by {escape(each.run_by)}" if each.run_by else "")
    return f'<a href="{escape(opened)}" target="_self">{escape(each.says)}</a><br><small>{who}</small>'


def _when(each: Launched) -> str:
    if not each.launched_day:
        return "–"
    ends = f"to {day(each.ends_day)}" if each.ends_day else "no end declared"
    return f"{_day(each.launched_day)}<br><small>{whole(ends)}</small>"


def verdict_cell(each: Launched) -> str:
    """Return a verdict with its mark, and the day it became ready."""
    said = f'<span class="ap-{READINESS_COLOUR[each.verdict]}">{READINESS_MARK[each.verdict]} {verdict_words(each)}</span>'
    ready = (
        f"ready on {day(each.ready_on)}"
        if each.ready_on
        else f"ready since {day(each.ready_since)}"
        if each.ready_since
        else ""
    )
    return said + (f"<br><small>{ready}</small>" if ready else "")


def _missing(each: Launched) -> str:
    if each.launched is None:
        return f"<small>{escape(each.why)}</small>"
    if each.verdict == CANCELLED:
        return ""
    if not any(not gate.optional for gate in each.gates):
        return "<small>no gates: nothing says what had to be ready</small>"
    by_name = {gate.gate: gate for gate in each.gates}
    told = [f"{escape(name)}<br><small>{escape(by_name[name].evidence)}</small>" for name in each.missing]
    return roomy("<br>".join(told)) if told else "nothing"


def _harm(each: Launched, found: LaunchHarm | None) -> str:
    if found is None:
        return "<small>not launched</small>" if each.verdict != CANCELLED and each.launched else ""
    row = hurt(found)
    if row is not None:
        items = item_noun(row["source"])
        who = {"all": "", "buyers": " it brought", "others": " of others"}[row["who"]]
        return (
            f'<span class="ap-short">{plural(row["excess"], items.one, items.many)}{who}</span><br><small>{count(row["low"])} to'
            f" {count(row['high'])}, of {count(row['items'])}: “{escape(row['claim'])}”</small>"
        )
    told = found.leaned[found.leaned["standing"] != CANNOT_TELL]
    return "within what chance does" if len(told) else "cannot tell"


def facts_ledger(found: Opened) -> Ledger:
    """Return one promotion's words, dates, expected demand and what it leans on."""
    each, declared = found.launch, found.declared
    facts = {
        "In its words": f"“{escape(each.says)}”",
        "Verdict": verdict_cell(each),
        "Run by": escape(each.run_by or "not said"),
        "Announced": _moment(declared.announced),
        "Launch": _moment(declared.launched),
        "End": _moment(declared.ends),
        "Expected demand": escape(demand_words(found)) or "not said",
        "Leans on": "; ".join(
            _leaning(promise, _launched_in(found)) for promise in found.leaning.itertuples()
        )
        or "no promise",
    }
    frame = pd.DataFrame(list(facts.items()), columns=["what", "said"])
    columns = {"what": Column("The promotion"), "said": Column("As declared, and as judged", html=True)}
    return ledger(frame, columns, label="The promotion as declared")


def _moment(value: pd.Timestamp | None) -> str:
    if value is None:
        return "not said"
    at = pd.Timestamp(value)
    return day(at.date()) if at == at.normalize() else moment(at.to_pydatetime())


def _leaning(promise: object, month: str) -> str:
    claim, keeper, problem, promise_id = (
        getattr(promise, name) for name in ("claim", "kept_by", "problem", "promise_id")
    )
    kept = f" (kept by {keeper})" if isinstance(keeper, str) else ""
    opened = lead(escape(f"“{claim}”"), address("compliance", month=month, promise=promise_id))
    return opened + escape(kept + (f": not judged, {problem}" if isinstance(problem, str) else ""))


def gates_ledger(found: Opened) -> Ledger | None:
    """Return a ledger, one row a gate with its evidence on the day that decides and what happened to it; None where there are none."""
    gates = found.launch.gates
    if not gates:
        return None
    decides = "At launch" if found.went_out else "Today"
    columns = {
        "gate": Column("Gate", html=True),
        "state": Column(decides, html=True),
        "first": Column("First met", html=True),
        "lost": Column("Lost before that", html=True),
        "met": Column("Met for good", html=True),
    }
    rows = [
        [_gate(gate), _state(gate, found), _day(gate.first_met), _day(gate.lost_on), _met(gate, found)]
        for gate in gates
    ]
    notes = [f"Not known then: {told}." for told in found.launch.not_known]
    return ledger(
        pd.DataFrame(rows, columns=list(columns)), columns, label="The gates and their evidence", notes=notes
    )


def _gate(gate: GateResult) -> str:
    optional = ", optional" if gate.optional else ""
    return f"{escape(gate.gate)}<br><small>{KIND[gate.kind]}{optional}: {escape(needs(gate))}</small>"


def _state(gate: GateResult, found: Opened) -> str:
    said = f'<span class="ap-{GATE_COLOUR[gate.met]}">{MET[gate.met]}</span>'
    return roomy(f"{said}<br><small>{_evidence(gate, found)}</small>")


def _evidence(gate: GateResult, found: Opened) -> str:
    """The evidence, led on to what it is read from: the promise that is asked, else the records; a sign-off is a word."""
    words = escape(gate.evidence)
    if gate.kind == "promise" and gate.asks_of:
        return lead(words, address("compliance", month=_launched_in(found), promise=gate.asks_of))
    return lead(words, address("health")) if gate.kind in ("sql", "capacity") else words


def _launched_in(found: Opened) -> str:
    """The month of the launch, "" where it has not gone out."""
    return f"{found.launch.launched_day:%Y-%m}" if found.went_out and found.launch.launched_day else ""


def _met(gate: GateResult, found: Opened) -> str:
    """The day it was met for good, or that it did not stay met; with the evidence of that day where it is another than the one that decides."""
    if gate.met_on is None:
        return "never, so far" if found.launch.verdict != CANCELLED else "never"
    if gate.lost_again:
        return roomy(f"no: {gate.stayed.removeprefix('not for good: ')}", 8)
    if gate.met:
        return _day(gate.met_on)
    then = found.gates[
        (found.gates["position"] == gate.position)
        & (pd.to_datetime(found.gates["day"]) == pd.Timestamp(gate.met_on))
    ]
    words = f"<br><small>{escape(str(then.iloc[0]['evidence']))}</small>" if len(then) else ""
    return roomy(f"{day(gate.met_on)}{words}", 8)


def _day(value: date | None) -> str:
    return whole(day(value)) if value else "–"


def whole(words: str) -> str:
    """Return words that are not to be broken over two lines."""
    return f'<span style="white-space:nowrap">{words}</span>'


def roomy(words: str, rem: int = 11) -> str:
    """Return a cell that keeps its width where the screen is narrow; the table scrolls instead."""
    return f'<div style="min-width:{rem}rem">{words}</div>'


def needs(gate: GateResult) -> str:
    """Return what a gate needs, without its name again.

    >>> from types import SimpleNamespace
    >>> needs(SimpleNamespace(gate="picking headroom", needed="picking headroom at least 10 %"))
    'at least 10 %'
    """
    return gate.needed.removeprefix(gate.gate).strip()


def all_launches() -> Link:
    """Return the way back to all promotions."""
    return Link("← All promotions", "?")
