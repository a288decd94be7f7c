"""The kept rate under the other definitions in use: counted on another day, closed items only, a strict boundary.

The declared one is the due basis unless the promise says otherwise: every item whose promise fell due, done or not.
Counting closed items only, or all that was decided so far by the day it started, favours what went fast.
"""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.figures import figures
from aspromised.analyse.rates.versions import mean_target, standing
from aspromised.analyse.robustness.exemptions import Exemptions, exemptions
from aspromised.analyse.windows.window import Window
from aspromised.stats.proportion import DIGITS
from aspromised.words.moments import last_day_over
from aspromised.words.vocabulary import Status

DEFINITION_COLUMNS = (
    "definition", "words", "kept", "decided", "rate", "low", "high", "difference", "target", "status",
    "waits_for", "rate_if_all_kept", "rate_if_all_broken",
)  # fmt: skip
DECLARED = "declared"
_DAY = {
    "due": "coalesce(due_day, started_day, done_day)",
    "started": "coalesce(started_day, due_day, done_day)",
    "done": "coalesce(done_day, due_day, started_day)",
}
_WITHOUT = "coalesce(otherwise, verdict)"
"""The verdict without corrections, which go by the day that counts."""
_COUNTED = {
    "due": "counted on the day they fell due",
    "started": "counted on the day they started",
    "done": "counted on the day they were done",
}
_EDGE = {False: "in time", True: "late"}
"""What the limit itself is, by whether it is late."""

DefinitionRow = dict[str, Any]
"""A definition in a word and in words, with what `rates.figures` takes but for `at_least`."""


@dataclass(frozen=True)
class _Declared:
    """What a promise says of itself that definitions turn on."""

    promise_id: str
    kind: str
    counted: str
    at_least: int
    edges: frozenset[bool]
    """Whether it is "less than", so that the limit itself is late: of each version that judged an item of the window."""

    @property
    def other_edges(self) -> list[bool]:
        """Return whether the limit itself is late by the other definitions of it: where versions differ, both."""
        return sorted(frozenset([False, True]) - self.edges) or [False, True]


def definitions(
    snapshot: Queryable, promise_id: str, window: Window, target: float, left_out: Exemptions | None = None,
    standing: Status | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return one row a definition, the declared one first: DEFINITION_COLUMNS.

    `difference` is the rate less the declared one; `target` is the mean of what the items it decides were promised, for
    the declared one the `target` given; `status` is held against it, and waits for what is open by that definition as
    `rates.figures` has it; for the declared one it is the `standing` where given. Only definitions that can be told: those
    of dates for clocks, those without exemptions where there are any.
    """
    declared = _declared(snapshot, promise_id, window)
    left_out = left_out or exemptions(snapshot, window, promise_id)[promise_id]
    rows = [_told(DECLARED, _declared_words(declared), left_out.kept, left_out.broken, left_out.open, target)]
    if declared.kind == "clock":
        rows += _of_dates(snapshot, declared, window)
    rows += _of_exemptions(left_out, target, _exempt_targets(snapshot, promise_id, window))
    table = figures(pd.DataFrame(rows).assign(at_least=declared.at_least))
    table = table.assign(
        difference=table["rate"] - table["rate"].iloc[0],
        status=[standing or table["status"].iloc[0], *table["status"].iloc[1:]],
    )
    return table[list(DEFINITION_COLUMNS)]


def _told(
    definition: str, words: str, kept: int, broken: int, still_open: int, target: float
) -> DefinitionRow:
    """A definition with its counts of the days that are told, which are a whole with what is open on them."""
    counts = {"kept": kept, "broken": broken, "open": still_open}
    settled = {f"settled_{name}": number for name, number in counts.items()}
    return {
        "definition": definition, "words": words, **counts, "due_open": still_open, "target": target,
        **settled, "settled_target": target,
    }  # fmt: skip


def _declared(snapshot: Queryable, promise_id: str, window: Window) -> _Declared:
    promise = snapshot.query(
        "select kind, counted, at_least from promise where promise_id = $promise", {"promise": promise_id}
    ).iloc[0]
    edges = _edges(snapshot, promise_id, window)
    return _Declared(promise_id, promise["kind"], promise["counted"], int(promise["at_least"]), edges)


def _edges(snapshot: Queryable, promise_id: str, window: Window) -> frozenset[bool]:
    """Return of each version that judged an item of the window whether it is "less than"; of none, that of the one it is told in."""
    found = snapshot.query(
        f"""
        with judged as (select distinct version from basis_daily where promise_id = $promise and verdict <> 'exempt'
          and {window.condition})
        select v.length from judged join promise_version v on v.promise_id = $promise and v.version = judged.version
        """,
        {"promise": promise_id, **window.parameters},
    )
    if found.empty:
        found = standing(snapshot, [promise_id], window)
    return frozenset(str(length).startswith("less than") for length in found["length"])


def _declared_words(declared: _Declared) -> str:
    if declared.kind != "clock":
        return "as declared"
    edge = " or ".join(_EDGE[is_late] for is_late in sorted(declared.edges))
    edge = f"the limit itself is {edge}{', by its version' if len(declared.edges) > 1 else ''}"
    return f"as declared: {_COUNTED[declared.counted]}, done or not; {edge}"


def _of_dates(snapshot: Queryable, declared: _Declared, window: Window) -> list[DefinitionRow]:
    """Return the definitions told apart by dates and by the boundary, those that decide anything."""
    wanted = [
        (
            f"counted {name}",
            f"all decided so far, {_COUNTED[name]}",
            _DAY[name],
            _WITHOUT,
            _left("corrected_" + name),
        )
        for name in ("due", "started", "done")
        if name != declared.counted
    ]
    wanted += [
        ("closed only", "closed ones only, on the day they were done; open and overdue ones left out", "done_day",
         _WITHOUT, _left("corrected_done")),
        *(_boundary(declared, is_late) for is_late in declared.other_edges),
        ("original", "by the date first given, not the latest", *_first_given(declared.counted)),
    ]  # fmt: skip
    counted = _counted(snapshot, declared.promise_id, window, wanted)
    rows: list[DefinitionRow] = [
        {**_told(name, words, 0, 0, 0, math.nan), **counted.get(name, {})} for name, words, *_ in wanted
    ]
    return [row for row in rows if row["kept"] + row["broken"] or row["definition"] != "original"]


def _first_given(counted: str) -> tuple[str, str, str]:
    """Return the day, the verdict and the condition (SQL) of what is judged by the date first given, counted as declared."""
    known = {"due": "original", "started": "started", "done": "done"}[counted]
    day = f"coalesce({known}_day, original_day)"
    corrected = f"if({known}_day is null, corrected_original, corrected_{known})"
    return day, "original_verdict", f"not original_day is null and {_left(corrected)}"


def _left(corrected: str) -> str:
    """Return whether (SQL) no correction takes hold."""
    return f"{corrected} is not true"


def _boundary(declared: _Declared, is_late: bool) -> tuple[str, str, str, str, str]:
    """Return the definition by which the limit itself is late, or in time, whatever the version."""
    differ = len(declared.edges) > 1
    name = f"boundary {_EDGE[is_late]}" if differ else "boundary"
    words = f"as declared, but the limit itself {_EDGE[is_late]}{' by every version' if differ else ''}"
    verdict = f"if(on_limit, '{'broken' if is_late else 'kept'}', verdict)"
    return name, words, "day", verdict, "verdict <> 'exempt'"


def _counted(
    snapshot: Queryable, promise_id: str, window: Window, wanted: list[tuple[str, str, str, str, str]]
) -> dict[str, DefinitionRow]:
    """Return by definition its counts with those of the days that are over and their mean targets, all in one query."""
    sums = ", ".join(
        f"coalesce(sum(items) filter (where verdict = '{name}'{days}), 0)::bigint as {prefix}{name}"
        for prefix, days in (("", ""), ("settled_", " and day <= $over"))
        for name in ("kept", "broken", "open")
    )
    each = " union all ".join(
        f"select '{name}' as definition, {day} as day, {verdict} as verdict, items, version from of_promise where {condition}"
        for name, _, day, verdict, condition in wanted
    )
    found = snapshot.query(
        f"""
        with of_promise as (from basis_daily where promise_id = $promise), counted as ({each})
        select definition, {mean_target("items", "verdict in ('kept', 'broken')")} as target, {sums},
          {mean_target("items", "verdict in ('kept', 'broken', 'open') and day <= $over")} as settled_target
        from counted join promise_version v on v.promise_id = $promise and v.version = counted.version
        where not day is null and {window.condition} group by definition
        """,
        {"promise": promise_id, "over": last_day_over(snapshot.meta["as_of"]), **window.parameters},
    )
    found = found.assign(due_open=found["open"]).astype({"target": "float64", "settled_target": "float64"})
    return {str(row["definition"]): row for row in found.to_dict("records")}


def _exempt_targets(snapshot: Queryable, promise_id: str, window: Window) -> dict[str, float]:
    """Return by what exempts them the mean target of the exempt items that would have been decided; "" is of all."""
    found = snapshot.query(
        f"""
        select coalesce(exempt_by, '') as exempt_by, {mean_target()} as target
        from exempt_daily d join promise_version v using (promise_id, version)
        where promise_id = $promise and {window.condition} group by grouping sets ((exempt_by), ())
        """,
        {"promise": promise_id, **window.parameters},
    )
    return dict(zip(found["exempt_by"], found["target"].astype("float64"), strict=True))


def _of_exemptions(found: Exemptions, target: float, exempt: dict[str, float]) -> list[DefinitionRow]:
    rows = []
    decided = found.kept + found.broken
    corrected = found.reasons[found.reasons["exempt_by"] == "correction"]
    for name, words, chosen, target_of in (
        (
            "no corrections",
            "without corrections: what they exempt counted as it went",
            corrected,
            exempt.get("correction"),
        ),
        (
            "no exemptions",
            "with nothing exempt: every exempt one counted as it went",
            found.reasons,
            exempt.get(""),
        ),
    ):
        if len(chosen):
            kept, broken, still_open = (int(chosen[name].sum()) for name in ("kept", "broken", "open"))
            pooled = _pooled([(target, decided), (target_of, kept + broken)])
            counts = found.kept + kept, found.broken + broken, found.open + still_open
            rows.append(_told(name, words, *counts, pooled))
    return rows


def _pooled(parts: list[tuple[float | None, int]]) -> float:
    """Return the mean target of parts, each with its items.

    >>> _pooled([(0.9, 30), (0.95, 10)]), _pooled([(0.95, 3), (None, 0)])
    (0.9125, 0.95)
    """
    items = sum(number for _, number in parts)
    aims = sum((share or 0.0) * number for share, number in parts if number)
    return round(aims / items, DIGITS) if items else math.nan
