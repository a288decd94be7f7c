"""The kept rate under the other definitions in use: counted on another day, closed items only, a strict boundary.

The declared one is the due basis unless the promise says otherwise: every item whose promise fell due, done or not.
Counting closed items only, or all that was decided so far by the day it started, favours what went fast.
"""

from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from aspromised.analyse.exemptions import Exemptions, exemptions
from aspromised.analyse.status import status, wilson
from aspromised.analyse.window import Window

DEFINITION_COLUMNS = (
    "definition", "words", "kept", "decided", "rate", "low", "high", "difference", "status",
)  # fmt: skip
DECLARED = "declared"
_DAY = {
    "due": "coalesce(due_day, started_day, done_day)",
    "started": "coalesce(started_day, due_day, done_day)",
    "done": "coalesce(done_day, due_day, started_day)",
}
_COUNTED = {
    "due": "counted on the day they fell due",
    "started": "counted on the day they started",
    "done": "counted on the day they were done",
}


class Snapshot(Protocol):
    """What definitions need of a snapshot."""

    def query(self, sql: str, params: dict[str, object] | None = None) -> pd.DataFrame:
        """Return the rows of a query."""


@dataclass(frozen=True)
class Declared:
    """What a promise says of itself that definitions turn on."""

    promise_id: str
    kind: str
    counted: str
    at_least: int
    target: float
    is_strict: bool
    """Whether it is "less than": the limit itself is late."""


def definitions(
    snapshot: Snapshot, promise_id: str, window: Window, target: float, left_out: Exemptions | None = None
) -> pd.DataFrame:
    """Return one row a definition, the declared one first: DEFINITION_COLUMNS.

    `difference` is the rate less the declared one; `status` is that of the promise under this definition against
    `target`. Only definitions that can be told: those of dates for clocks, those without exemptions where there are any.
    """
    declared = _declared(snapshot, promise_id, window, target)
    left_out = left_out or exemptions(snapshot, window, promise_id)[promise_id]
    rows = [(DECLARED, _declared_words(declared), left_out.kept, left_out.kept + left_out.broken)]
    if declared.kind == "clock":
        rows += _of_dates(snapshot, declared, window)
    rows += _of_exemptions(left_out)
    table = pd.DataFrame(rows, columns=["definition", "words", "kept", "decided"])
    table = table.astype({"kept": "int64", "decided": "int64"})
    low, high = wilson(table["kept"], table["decided"])
    rate = table["kept"] / table["decided"].where(table["decided"] > 0)
    table = table.assign(rate=rate, low=low, high=high, difference=rate - rate.iloc[0])
    told = [status(row.decided, row.low, row.high, target, declared.at_least) for row in table.itertuples()]
    return table.assign(status=told)[list(DEFINITION_COLUMNS)]


def _declared(snapshot: Snapshot, promise_id: str, window: Window, target: float) -> Declared:
    promise = snapshot.query(
        "select kind, counted, at_least from promise where promise_id = $promise", {"promise": promise_id}
    ).iloc[0]
    length = snapshot.query(
        "select coalesce(arg_max(length, version), '') as length from promise_version where promise_id = $promise"
        + (" and coalesce(from_day <= $last, true)" if window.last else ""),
        {"promise": promise_id, **({"last": window.last} if window.last else {})},
    )["length"]
    is_strict = len(length) > 0 and str(length.iloc[0]).startswith("less than")
    return Declared(
        promise_id, promise["kind"], promise["counted"], int(promise["at_least"]), target, is_strict
    )


def _declared_words(declared: Declared) -> str:
    if declared.kind != "clock":
        return "as declared"
    edge = "the limit itself is late" if declared.is_strict else "the limit itself is in time"
    return f"as declared: {_COUNTED[declared.counted]}, done or not; {edge}"


def _of_dates(snapshot: Snapshot, declared: Declared, window: Window) -> list[tuple[str, str, int, int]]:
    """Return the definitions told apart by dates and by the boundary, those that decide anything."""
    flipped = "case when on_limit then if(verdict = 'kept', 'broken', 'kept') else verdict end"
    edge = "the limit itself in time" if declared.is_strict else "the limit itself late"
    wanted = [
        (f"counted {name}", f"all decided so far, {_COUNTED[name]}", _DAY[name], "verdict", "true")
        for name in ("due", "started", "done")
        if name != declared.counted
    ]
    wanted += [
        ("closed only", "closed ones only, on the day they were done; open and overdue ones left out", "done_day",
         "verdict", "true"),
        ("boundary", f"as declared, but {edge}", "day", flipped, "true"),
        ("original", "by the date first given, not the latest", "original_day", "original_verdict",
         "not original_day is null"),
    ]  # fmt: skip
    counted = _counted(snapshot, declared.promise_id, window, wanted)
    rows = [(name, words, *counted.get(name, (0, 0))) for name, words, *_ in wanted]
    return [row for row in rows if row[3] or row[0] != "original"]


def _counted(
    snapshot: Snapshot, promise_id: str, window: Window, wanted: list[tuple[str, str, str, str, str]]
) -> dict[str, tuple[int, int]]:
    """Return definition → items kept and decided, of all definitions in one query."""
    each = " union all ".join(
        f"select '{name}' as definition, {day} as day, {verdict} as verdict, items from of_promise where {condition}"
        for name, _, day, verdict, condition in wanted
    )
    found = snapshot.query(
        f"""
        with of_promise as (from basis_daily where promise_id = $promise), counted as ({each})
        select definition,
          coalesce(sum(items) filter (where verdict = 'kept'), 0)::bigint as kept,
          coalesce(sum(items) filter (where verdict in ('kept', 'broken')), 0)::bigint as decided
        from counted where not day is null and {window.condition} group by definition
        """,
        {"promise": promise_id, **window.parameters},
    )
    return {row.definition: (int(row.kept), int(row.decided)) for row in found.itertuples()}


def _of_exemptions(found: Exemptions) -> list[tuple[str, str, int, int]]:
    rows = []
    corrected = found.reasons[found.reasons["exempt_by"] == "correction"]
    if len(corrected):
        kept, broken = int(corrected["kept"].sum()), int(corrected["broken"].sum())
        words = "without corrections: what they exempt counted as it went"
        rows.append(("no corrections", words, found.kept + kept, found.kept + found.broken + kept + broken))
    if found.items:
        words = "with nothing exempt: every exempt one counted as it went"
        rows.append(("no exemptions", words, found.kept_without, found.kept_without + found.broken_without))
    return rows
