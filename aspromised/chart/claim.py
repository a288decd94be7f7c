"""What stands around a claim, as ledgers: its wordings, what happened, what was left out, what is said elsewhere."""

from collections.abc import Mapping

import pandas as pd

from aspromised.analyse.promises.claim import Claim
from aspromised.analyse.promises.left_out import _NOT_PROMISED
from aspromised.analyse.rates.wordings import called
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import address, lead
from aspromised.chart.compliance import status_words
from aspromised.words.figures import count, day, percent, target
from aspromised.words.text import html as escape


def versions_ledger(claim: Claim) -> Ledger:
    """Return the wordings, oldest first, each with its terms and how it was kept up to the last day that is told."""
    rows = [
        (
            _span(row.from_day, row.to_day, claim),
            f"“{row.claim}”",
            row.length or "–",
            target(row.target),
            _rate(row, claim),
        )
        for row in claim.versions.itertuples()
    ]
    columns = {
        "when": Column("Promised"),
        "claim": Column("In these words"),
        "length": Column("Length"),
        "target": Column("Target", "right"),
        "rate": Column(f"Kept, to {day(claim.last_day)}", "right", html=True),
    }
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label="Wordings of the claim")


def _span(first: pd.Timestamp, after: pd.Timestamp, claim: Claim) -> str:
    if pd.isna(first) and pd.isna(after):
        return "to whom it was sold" if (claim.left_out["verdict"] == _NOT_PROMISED).any() else "all along"
    begun = "" if pd.isna(first) else f"from {day(first.date())}"
    ended = "" if pd.isna(after) else f"to {day((after - pd.Timedelta(days=1)).date())}"
    return f"{begun} {ended}".strip()


def _rate(row: object, claim: Claim) -> str:
    decided, rate = getattr(row, "decided", 0), getattr(row, "rate", None)
    return f"{percent(rate)}<br><small>of {escape(claim.counted(decided))}</small>" if decided else "–"


def events_ledger(events: pd.DataFrame) -> Ledger | None:
    """Return what the letters in a chart of weeks stand for (EVENT_COLUMNS); None where nothing happened."""
    if events.empty:
        return None
    rows = [
        (f"{row.mark}: {_days(row.first, row.last)}", _event(row), row.kind) for row in events.itertuples()
    ]
    columns = {
        "when": Column("Letter and day"),
        "what": Column("What happened", html=True),
        "kind": Column("Kind"),
    }
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label="What happened in that time")


def _event(row: object) -> str:
    """What happened, broken within a word where that is wider than a phone; a promotion leads to its page."""
    what, promotion = escape(getattr(row, "what", "")), getattr(row, "promotion_id", "")
    led = lead(what, address("launches", promotion=promotion)) if promotion else what
    return f'<div style="overflow-wrap:anywhere;min-width:5rem">{led}</div>'


def _days(first: pd.Timestamp, last: pd.Timestamp) -> str:
    return day(first.date()) if first == last else f"{day(first.date())} to {day(last.date())}"


def left_out_ledger(claim: Claim, **chosen: str) -> Ledger | None:
    """Return what the kept rate does not count, and why; None where it counts everything.

    What Gaps lists leads there, with the month and window `chosen`.
    """
    if claim.left_out.empty:
        return None
    words = _promised_in(claim)
    rows = [
        (row.reason or "no reason given", row.verdict, wording, _left_out(row, claim, chosen))
        for row, wording in zip(claim.left_out.itertuples(), words, strict=True)
    ]
    columns = {
        "reason": Column("Reason"),
        "verdict": Column("Verdict"),
        "words": Column("Promised"),
        "items": Column(claim.row["many"].capitalize(), "right", html=True),
    }
    table = pd.DataFrame(rows, columns=list(columns))
    if set(words) <= {_THESE, "–"}:
        del columns["words"]
    return ledger(table[list(columns)], columns, label="Left out of the kept rate")


def _left_out(row: object, claim: Claim, chosen: Mapping[str, str]) -> str:
    """How many, led on to where Gaps lists them or their reason."""
    number, verdict = count(getattr(row, "items", 0)), str(getattr(row, "verdict", ""))
    if verdict not in ("open", "exempt", "unknown"):
        return number
    items = "open" if verdict == "open" else ""
    return lead(number, address("gaps", **{**chosen, "promise": claim.promise_id, "items": items}))


_THESE = "in these words"


def _promised_in(claim: Claim) -> list[str]:
    """In which words the items of each row of `left_out` were promised, held against those the verdict is of."""
    said = {row["version"]: row for row in claim.versions.to_dict("records")}
    found = []
    for version in claim.left_out["version"]:
        if pd.isna(version):
            found.append("–")
        else:
            is_own = version == claim.row["version"] or version not in said
            found.append(_THESE if is_own else called(said[version], claim.row))
    return found


def differing_ledger(rows: pd.DataFrame, **chosen: str) -> Ledger:
    """Return claims about one subject side by side: `rows` of the ledger of claims, each opened by its link."""
    told = [
        (
            lead(escape(f"“{row.claim}”"), address(**{**chosen, "promise": row.promise_id})),
            row.said_in or "–",
            row.length,
            percent(row.rate),
            target(row.target),
            status_words(row.status),
        )
        for row in rows.itertuples()
    ]
    columns = {
        "claim": Column("Claim", html=True),
        "said_in": Column("Said in"),
        "length": Column("Length"),
        "rate": Column("Kept rate", "right"),
        "target": Column("Target", "right"),
        "status": Column("Status", html=True),
    }
    return ledger(pd.DataFrame(told, columns=list(columns)), columns, label="Said differently elsewhere")
