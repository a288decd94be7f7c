"""The ledgers of Data health: what each source brought, and which promises have no verdict."""

import pandas as pd

from aspromised.analyse.health import FRESH, OLD, UNREAD, age_words
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import address, lead
from aspromised.words.figures import NOTHING, count, moment
from aspromised.words.text import html as escape

_ICON = {FRESH: "✓", OLD: "✕", UNREAD: "✕"}
_CLASS = {FRESH: "ap-kept", OLD: "ap-short", UNREAD: "ap-short"}
_TOP = 3


def source_ledger(sources: pd.DataFrame, reasons: pd.DataFrame) -> Ledger:
    """Return a ledger, one row a source: what was read, kept and set aside, and how fresh it was at the moment."""
    rows = [
        {
            "source": _named(row),
            "in": count(row.rows_in),
            "kept": count(row.rows_kept),
            "settled": count(row.duplicates_resolved) if row.duplicates_resolved else NOTHING,
            "aside": _aside(row.rows_set_aside, reasons[reasons["source"] == row.source]),
            "newest": _wide(moment(row.newest), 8) if pd.notna(row.newest) else NOTHING,
            "fresh": _fresh(row),
        }
        for row in sources.itertuples()
    ]
    columns = {
        "source": Column("Source", html=True),
        "in": Column("Rows read", "right"),
        "kept": Column("Kept", "right"),
        "settled": Column("Told again", "right"),
        "aside": Column("Set aside, and why", html=True),
        "newest": Column("Newest record", html=True),
        "fresh": Column("Fresh as promised?", html=True),
    }
    notes = [
        "Read = kept + told again + set aside. Told again: an older telling of a row with the same key gave way to the latest.",
        "The newest record is the latest time in the source, or its newest update where that is declared, up to the as-of moment.",
    ]
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label="Sources", notes=notes)


def judged_from_ledger(judged: pd.DataFrame) -> Ledger:
    """Return a ledger, one row a source that promises are judged from (JUDGED_FROM_COLUMNS), each promise led to."""
    rows = [
        {
            "source": str(source),
            "promises": "<br>".join(_promise(row.claim, row.promise_id) for row in of.itertuples()),
        }
        for source, of in judged.groupby("source")
    ]
    columns = {
        "source": Column("Source of the items"),
        "promises": Column("Promises judged from it", html=True),
    }
    return ledger(
        pd.DataFrame(rows, columns=list(columns)), columns, label="Promises by source", phone="cards"
    )


def _promise(claim: object, promise_id: str) -> str:
    words = claim if isinstance(claim, str) else promise_id
    return lead(escape(words), address("compliance", promise=promise_id))


def _named(row: object) -> str:
    kind, files = getattr(row, "kind", ""), getattr(row, "files", 0)
    of = f"{kind}, {files} files" if files and files > 1 else str(kind)
    notes = getattr(row, "notes", None)
    lines = [of, *(notes.split("; ") if isinstance(notes, str) else [])]
    cell = f"{escape(str(getattr(row, 'source', '')))}<br><small>{'<br>'.join(map(escape, lines))}</small>"
    return _wide(cell, 12) if len(lines) > 1 else cell


def _aside(rows: int, reasons: pd.DataFrame) -> str:
    if not rows:
        return NOTHING
    lines = [f"{count(row.rows)} × {escape(str(row.reason))}" for row in reasons.head(_TOP).itertuples()]
    more = len(reasons) - _TOP
    lines += [f"and {more} more reasons"] if more > 1 else ["and one more reason"] if more == 1 else []
    return _wide(f"{count(rows)}<br><small>{'<br>'.join(lines)}</small>", 15)


def _wide(cell: str, rem: int) -> str:
    """A cell that stays wide enough to read where the table scrolls."""
    return f'<div style="min-width:{rem}rem">{cell}</div>'


def _fresh(row: object) -> str:
    freshness = str(getattr(row, "freshness", ""))
    word = f'<span class="{_CLASS.get(freshness, "ap-unknown")}">{_ICON.get(freshness, NOTHING)} {escape(freshness)}</span>'
    if freshness == UNREAD:
        return _wide(f"{word}<br><small>{escape(str(getattr(row, 'problem', '')))}</small>", 15)
    if freshness in (FRESH, OLD):
        age = age_words(float(getattr(row, "age_seconds", 0.0)))
        promised = escape(str(getattr(row, "fresh_within", "")))
        return _wide(f"{word}<br><small>{age}, promised within {promised}</small>", 11)
    return word


def unjudged_ledger(unjudged: pd.DataFrame) -> Ledger:
    """Return a ledger, one row a promise without verdicts, with why; what can be mended comes first."""
    rows = [
        {
            "claim": _promise(row.claim, str(row.promise_id)),
            "kept_by": row.kept_by,
            "state": "– not judged yet" if row.not_yet else "✕ to be mended",
            "why": _wide(escape(str(row.why)), 15),
        }
        for row in unjudged.sort_values("not_yet", kind="stable").itertuples()
    ]
    columns = {
        "claim": Column("Promise", html=True),
        "kept_by": Column("Kept by"),
        "state": Column("State"),
        "why": Column("Why it has no verdicts", html=True),
    }
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label="Promises without verdicts")


def problem_ledger(problems: pd.DataFrame) -> Ledger:
    """Return the problems of the declarations, each with the line it stands on."""
    rows = [
        {
            "severity": _severity(str(row.severity)),
            "problem": _problem(str(row.where), str(row.message), str(row.frame)),
        }
        for row in problems.itertuples()
    ]
    columns = {"severity": Column("Severity", html=True), "problem": Column("What, and where", html=True)}
    return ledger(
        pd.DataFrame(rows, columns=list(columns)),
        columns,
        label="Problems in the declarations",
        phone="cards",
    )


def _severity(word: str) -> str:
    return f'<span class="ap-short">✕ {escape(word)}</span>' if word == "error" else escape(word)


def _problem(where: str, message: str, frame: str) -> str:
    framed = f'<pre class="ap-frame">{escape(frame)}</pre>' if frame else ""
    return f"{escape(message)}<br><small>{escape(where)}</small>{framed}"
