"""The one part that breaks promises most beyond its share."""

from dataclasses import dataclass

import pandas as pd

from aspromised.analyse.gaps.excess import excess
from aspromised.analyse.gaps.gap import AT_LEAST
from aspromised.analyse.gaps.simpson import reversal
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import Scope, part_name
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import count


@dataclass(frozen=True)
class Weakest:
    """`part` (a row of EXCESS_COLUMNS) of the promise in `row`; None where no part stands out."""

    row: pd.Series | None
    part: pd.Series | None
    caution: str = ""
    """The sentence where ranking the part on the whole would mislead, else ""."""

    @property
    def sentence(self) -> str:
        """Which part it is, by how many items, and who keeps the promise."""
        if self.row is None or self.part is None:
            return "No part of the promises looked at breaks them beyond chance."
        row, part = self.row, self.part
        name = part_name(part["segment"], part["value"])
        more = (
            f"{count(part['excess'])} more {row['one'] if round(part['excess']) == 1 else row['many']} broken"
        )
        between = f"({count(part['low'])} to {count(part['high'])})"
        keeper = f" (kept by {row['kept_by']})" if isinstance(row["kept_by"], str) else ""
        every = " in all its wordings" if len(row["others"]) else ""
        said = f"“{row['claim']}”{every} breaks most at {name}: {more} than at the others' rate {between}{keeper}."
        return f"{said} {self.caution}".strip()


def weakest(snapshot: Queryable, table: pd.DataFrame, window: Window) -> Weakest | None:
    """Return the part with the largest excess beyond chance; None where nothing can be compared.

    Looked for in the missed promises of `table` (LEDGER_COLUMNS), in all judged ones where none is missed.
    """
    judged = table[table["status"].isin(("kept", "missed", "too close to call"))]
    missed = judged[judged["status"] == "missed"]
    found = [
        (row, part)
        for _, row in (missed if len(missed) else judged).iterrows()
        for _, part in _tested(snapshot, row, window).iterrows()
    ]
    if not found:
        return None
    beyond = [pair for pair in found if pair[1]["standing"] == "more"]
    if not beyond:
        return Weakest(None, None)
    row, part = max(beyond, key=lambda pair: float(pair[1]["excess"]))
    return Weakest(row, part, _caution(snapshot, row, part, window))


def _tested(snapshot: Queryable, row: pd.Series, window: Window) -> pd.DataFrame:
    parts = excess(snapshot, Scope(row["promise_id"], window), _at_least(row))
    return parts[parts["standing"] != "too few"]


def _caution(snapshot: Queryable, row: pd.Series, part: pd.Series, window: Window) -> str:
    """The caution that names the part itself, "" where there is none."""
    said = reversal(snapshot, Scope(row["promise_id"], window), _at_least(row), part["segment"])
    return said if f" {part_name(part['segment'], part['value'])} below " in said else ""


def _at_least(row: pd.Series) -> int:
    return int(row["at_least"]) if row["at_least"] > 0 else AT_LEAST
