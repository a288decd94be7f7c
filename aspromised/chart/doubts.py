"""The doubts about a number, as ledgers: other definitions beside the declared one, and what is exempt and why."""

import pandas as pd

from aspromised.analyse.robustness.doubts import Doubts
from aspromised.chart.base.dotplot import interval, scale
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.theme import palette
from aspromised.chart.compliance import status_words
from aspromised.words.figures import count, percent, percentage_points
from aspromised.words.text import html as escape

_BY = {"rule": "rule of the promise", "correction": "correction", "cancelled": "cancelled"}


def definitions_ledger(doubts: Doubts) -> Ledger | None:
    """Return one row a definition with its rate on one scale and its difference to the declared; None without any."""
    table = doubts.definitions[doubts.definitions["decided"] > 0]
    if not doubts.decided or len(table) < 2:
        return None
    ends = scale(table["low"], table["target"])
    rows = [_definition(row, ends) for row in table.itertuples()]
    columns = {
        "words": Column("Definition", html=True),
        "rate": Column("Kept rate", "right", html=True),
        "interval": Column(f"95 % interval, {percent(ends[0], 0)} to {percent(ends[1], 0)}", html=True),
        "difference": Column("To the declared", "right"),
        "status": Column("It would be", html=True),
    }
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label="The rate by other definitions")


def _definition(row: object, ends: tuple[float, float]) -> list[str]:
    def of(name: str) -> float:
        return float(getattr(row, name))

    colour = palette().ink if getattr(row, "definition", "") == "declared" else palette().unknown
    words = f"{percent(of('rate'))}, interval {percent(of('low'))} to {percent(of('high'))}"
    first = getattr(row, "definition", "") == "declared"
    return [
        f"{escape(str(getattr(row, 'words', '')).capitalize())}",
        f"{percent(of('rate'))}<br><small>of {count(of('decided'))}</small>",
        interval(of("rate"), of("low"), of("high"), of("target"), ends, colour, words),
        "–" if first else percentage_points(of("difference")),
        status_words(str(getattr(row, "status", ""))),
    ]


def exempt_ledger(doubts: Doubts) -> Ledger | None:
    """Return one row a reason: what exempts, who approved it, how many, and what they would have been; None of none."""
    found = doubts.exemptions.reasons
    if found.empty:
        return None
    rows = [
        (
            row.reason or "no reason given",
            _BY.get(row.exempt_by, "–")
            + (f", approved by {row.approved_by}" if isinstance(row.approved_by, str) else ""),
            count(row.items),
            percent(row.share),
            count(row.kept),
            count(row.broken),
        )
        for row in found.itertuples()
    ]
    columns = {
        "reason": Column("Exempt because"),
        "by": Column("Exempted by"),
        "items": Column(doubts.noun.many.capitalize(), "right"),
        "share": Column("Share", "right"),
        "kept": Column("Would be kept", "right"),
        "broken": Column("Would be broken", "right"),
    }
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label="What is exempt, and why")
