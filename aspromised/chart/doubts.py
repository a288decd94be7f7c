"""The doubts about a number, as ledgers: other definitions beside the declared one, and what is exempt and why."""

import pandas as pd

from aspromised.analyse.rates.figures import waiting
from aspromised.analyse.robustness.definitions import DECLARED
from aspromised.analyse.robustness.doubts import Doubts
from aspromised.chart.base.dotplot import interval, scale
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.theme import palette
from aspromised.chart.compliance import status_words
from aspromised.words.figures import count, percent, points_between
from aspromised.words.text import html as escape

_BY = {"rule": "rule of the promise", "correction": "correction", "cancelled": "cancelled"}


def definitions_ledger(doubts: Doubts) -> Ledger | None:
    """Return a ledger, one row a definition with its rate on one scale and its difference to the declared; None without any."""
    table = doubts.definitions[doubts.definitions["decided"] > 0]
    if not doubts.decided or len(table) < 2:
        return None
    ends = scale(table["low"], table["target"])
    declared = doubts.definitions["rate"].iloc[0]
    rows = [_definition(row, ends, doubts.noun.many, declared) for _, row in table.iterrows()]
    columns = {
        "words": Column("Definition", html=True),
        "rate": Column("Kept rate", "right", html=True),
        "interval": Column(f"95 % interval, {percent(ends[0], 0)} to {percent(ends[1], 0)}", html=True),
        "difference": Column("To the declared", "right"),
        "status": Column("It would be", html=True),
    }
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label="The rate by other definitions")


def _definition(row: pd.Series, ends: tuple[float, float], many: str, declared: float) -> list[str]:
    first = row["definition"] == DECLARED
    words = f"{percent(row['rate'])}, interval {percent(row['low'])} to {percent(row['high'])}"
    colour = palette().ink if first else palette().unknown
    return [
        escape(row["words"].capitalize()),
        f"{percent(row['rate'])}<br><small>of {count(row['decided'])}</small>",
        interval(row["rate"], row["low"], row["high"], row["target"], ends, colour, words),
        "–" if first else points_between(row["rate"], declared),
        status_words(str(row["status"]), waiting(row, many)),
    ]


def exempt_ledger(doubts: Doubts) -> Ledger | None:
    """Return a ledger, one row a reason: what exempts, who approved it, how many, and what they would have been; None of none."""
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
