"""What `status` answers: a row a promise with its segments, what it leaves out, its spread and its budget."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

import pandas as pd

from aspromised.analyse.budget.budget import Budget, budgets
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.figures import COUNTS, waiting
from aspromised.analyse.rates.own_window import OwnWindows, over_own, period_by_period
from aspromised.analyse.rates.spread import Spread, spreads
from aspromised.analyse.rates.status import segment_wordings, segments_each, statuses, versions_each
from aspromised.analyse.rates.versions import promised_later
from aspromised.analyse.robustness.exemptions import Exemptions, exemptions
from aspromised.analyse.windows.window import GONE_BY, Window
from aspromised.cli.answers.figures import DaysAnswer, FiguresAnswer, VersionAnswer
from aspromised.cli.answers.standing import (
    PeriodAnswer,
    PeriodsAnswer,
    PromiseAnswer,
    SegmentAnswer,
    SpreadPromiseAnswer,
    StatusLedgerAnswer,
)
from aspromised.cli.standing.beside import exemptions_json, spread_json, spread_lines
from aspromised.cli.standing.budgets import budget_json, warnings
from aspromised.words.figures import day, plural
from aspromised.words.problems import MisuseError, did_you_mean, no_such


@dataclass(frozen=True)
class StatusAnswer:
    """What `status` says over a window: the rows of its table, and what stands beside their table."""

    as_of: str
    rows: list[dict[str, Any]]
    spreads: dict[str, Spread]
    exempt: dict[str, Exemptions]
    budgets: dict[str, Budget]
    is_whole: bool = False
    """Whether it is over all days: then nothing is said of several wordings together."""
    ahead: int = 0
    """Items decided already that are counted on days to come, of all promises shown."""
    later: Mapping[str, date] = field(default_factory=dict)
    """The promises that begin after the window, and their first day."""

    @property
    def json(self) -> StatusLedgerAnswer:
        """The answer of `status --json`."""
        told = [cast(PromiseAnswer | SpreadPromiseAnswer, {**row, **self._beside(row)}) for row in self.rows]
        return {"as_of": self.as_of, "promises": told}

    @property
    def table(self) -> dict[str, Any]:
        """The answer as a table shows it: counts and figures alone, none of a promise that begins later, and the ends of a spread's gap."""
        rows = [{**row, **self._ends_of(row["id"]), "is_later": row["id"] in self.later} for row in self.rows]
        return {"as_of": self.as_of, "promises": rows}

    def _ends_of(self, promise_id: str) -> dict[str, float]:
        """What the gap of a spread lies between: both are shown below the table."""
        spread = self.spreads.get(promise_id)
        return {"at_most": spread.at_most, "sd": spread.variation.sd} if spread and spread.variation else {}

    def _beside(self, row: dict[str, Any]) -> dict[str, Any]:
        name, is_counted = row["id"], row["id"] in self.budgets and row["problem"] is None
        return {
            **(spread_json(self.spreads[name]) if name in self.spreads else {}),
            "exemptions": None if row["kind"] == "spread" else exemptions_json(self.exempt[name]),
            "budget": budget_json(self.budgets[name]) if is_counted else None,
        }

    def lines(self) -> Iterator[str]:
        """What a table of rates cannot hold: what waits, spreads, where much is left out, budgets spent or burning."""
        shown = [row["id"] for row in self.rows]
        yield from (
            f"{name}: promised from {day(first)}, after these days"
            for name, first in self.later.items()
            if name in shown
        )
        yield from (f"{row['id']}: {waiting(row)}" for row in self.rows if row["waits_for"])
        if self.ahead:
            yield f"{plural(self.ahead, 'item')} done already for days to come {'is' if self.ahead == 1 else 'are'} in no figure until then"
        for name in shown:
            yield from spread_lines(name, self.spreads[name]) if name in self.spreads else ()
        pooled = [row["id"] for row in self.rows if self.is_whole and len(row["versions"]) > 1]
        for name in shown:
            if self.exempt[name].is_large and name not in pooled:
                yield f"{name}: {next(self.exempt[name].sentences())}"
        yield from warnings({name: self.budgets[name] for name in shown if name in self.budgets})


def status_answer(
    snapshot: Queryable, window: Window | OwnWindows, promise: str | None, by: str | None, whole: bool
) -> StatusAnswer:
    """Return the ledger over `window`, of one promise or of all; with `by` or `whole`, with their segments."""
    table = statuses(snapshot, window)
    if promise is not None:
        table = _only(table, promise)
    spread = spreads(snapshot, window)
    if isinstance(window, OwnWindows):
        spent, exempt = budgets(snapshot), over_own(window, lambda each: exemptions(snapshot, each))
    else:
        spent, exempt = budgets(snapshot, window), exemptions(snapshot, window)
    days = _known_days(snapshot)
    segments = _segments(snapshot, table, window, by) if whole or by else {}
    versions = versions_of(snapshot, table, window)
    several = {name: len(each.wordings) for name, each in spread.items() if each.wordings}
    rows = []
    for row in table.to_dict("records"):
        name = row["promise_id"]
        worded = in_versions(row, versions.get(name, []))
        if name in several:
            worded |= {"wordings": several[name], "pooled": True}
        rows.append({**_row({**row, **worded}, _ends(window, name, days), segments.get(name, [])), **worded})
    if by and not any(row["segments"] for row in rows):
        known = dict.fromkeys(segments_each(snapshot, table, window)["segment"])
        near = did_you_mean(by, known) or (f" They have: {', '.join(known)}." if known else "")
        raise MisuseError(f"no promise shown has a segment '{by}' with items in {window.label}.{near}")
    is_whole = isinstance(window, Window) and window.is_whole
    return StatusAnswer(
        snapshot.meta["as_of"],
        rows,
        spread,
        exempt,
        spent,
        is_whole,
        int(table["ahead"].sum()),
        promised_later(snapshot, window),
    )


def periods(snapshot: Queryable, promise: str, newest: Window, number: int) -> PeriodsAnswer:
    """Return one promise over `number` windows, the newest last, as JSON has it."""
    table = _only(statuses(snapshot, newest), promise)
    found = period_by_period(snapshot, promise, newest, number)
    return {
        "as_of": snapshot.meta["as_of"],
        "promise": promise,
        "claim": table["claim"].iloc[0],
        "periods": [_period(row) for row in found.to_dict("records")],
    }


def _period(row: dict[str, Any]) -> PeriodAnswer:
    return {
        "label": row["label"],
        "window": {"from": row["first"].date().isoformat(), "to": row["last"].date().isoformat()},
        "closed": bool(row["closed"]),
        "versions": row["versions"],
        "version": _number(row["version"]),
        "claim": row["claim"],
        "wordings": int(row["wordings"]),
        "pooled": bool(row["pooled"]),
        **figures_of(row),
    }


def figures_of(row: dict[str, Any]) -> FiguresAnswer:
    """Return the counts and figures of a row of statuses as JSON has them: shares of ten digits, null for none.

    Of what could not be judged the counts are null too: nothing is known of them, which is not none. A `pooled` row has its
    counts and no status, which waits for nothing.
    """
    gap_items = int(row["gap_items"]) if row["decided"] else None
    if row["status"] is None:
        row = {**row, **dict.fromkeys((*COUNTS, "waits_for"))}
    elif row.get("pooled"):
        row = {**row, "status": None, "waits_for": 0}
    told = {name: _plain(row[name]) for name in FiguresAnswer.__annotations__ if name != "gap_items"}
    return cast(FiguresAnswer, {**told, "gap_items": gap_items})


def _only(table: pd.DataFrame, promise: str) -> pd.DataFrame:
    ids = list(table["promise_id"])
    if promise not in ids:
        raise no_such("promise", promise, ids)
    return table[table["promise_id"] == promise]


def _row(row: dict[str, Any], ends: DaysAnswer, segments: list[SegmentAnswer]) -> dict[str, Any]:
    judgeable = not isinstance(row["problem"], str)
    return {
        "id": row["promise_id"],
        "kind": row["kind"] if isinstance(row["kind"], str) else None,
        "claim": row["claim"],
        "version": _number(row["version"]),
        "window": ends,
        **figures_of(row),
        "problem": row["problem"] if not judgeable else None,
        "segments": segments if judgeable else [],
    }


def _segments(
    snapshot: Queryable, table: pd.DataFrame, window: Window | OwnWindows, by: str | None
) -> dict[str, list[SegmentAnswer]]:
    """The figures of each promise's segment values, by promise; `by`: of one segment."""
    found: dict[str, list[SegmentAnswer]] = {}
    keys = ["promise_id", "segment", "value"]
    told = segments_each(snapshot, table, window).merge(
        segment_wordings(snapshot, table, window), on=keys, how="left"
    )
    told = told.fillna({"wordings": 0}).assign(pooled=told["pooled"].eq(True))
    for row in told.to_dict("records"):
        if by in (None, row["segment"]):
            value: SegmentAnswer = {
                "name": row["segment"], "value": row["value"], "wordings": int(row["wordings"]),
                "pooled": row["pooled"], **figures_of(row),
            }  # fmt: skip
            found.setdefault(row["promise_id"], []).append(value)
    return found


def versions_of(
    snapshot: Queryable, table: pd.DataFrame, window: Window | OwnWindows
) -> dict[str, list[VersionAnswer]]:
    """Return the figures of each wording that has items in the window, oldest first, by promise.

    `table` are rows of `statuses` over the window; `from` and `to` are the days on which the wording stood.
    """
    found: dict[str, list[VersionAnswer]] = {}
    for row in versions_each(snapshot, table, window).to_dict("records"):
        first, after = (None if pd.isna(row[name]) else row[name].date() for name in ("from_day", "to_day"))
        last = after - timedelta(days=1) if after else None
        version: VersionAnswer = {
            "version": row["version"], "claim": row["claim"], "from": _iso(first), "to": _iso(last), **figures_of(row),
        }  # fmt: skip
        found.setdefault(row["promise_id"], []).append(version)
    return found


def in_versions(row: Mapping[Any, Any], versions: list[VersionAnswer]) -> dict[str, Any]:
    """Return the `versions` of a row of `statuses`, under how many `wordings` its items were decided, and whether they are `pooled`.

    They are where any was decided under another than the row's `version`: its words are then not those of its figures.
    """
    decided = [version["version"] for version in versions if version["kept"] or version["broken"]]
    return {
        "versions": versions,
        "wordings": len(decided),
        "pooled": any(number != row["version"] for number in decided),
    }


def _known_days(snapshot: Queryable) -> dict[str, tuple[date, date]]:
    """The first and the last day that figures over all days count: up to the snapshot's, and those to come with something open.

    A spread has the days of the promise whose units it compares.
    """
    found = snapshot.query(
        "select p.promise_id, min(day) as first, max(day) as last"
        " from promise p join verdict_daily d on d.promise_id = coalesce(p.spread_of, p.promise_id)"
        f" where segment = '(all)' and day is not null and ({GONE_BY} or open > 0) group by p.promise_id"
    )
    return {row.promise_id: (row.first.date(), row.last.date()) for row in found.itertuples()}


def _ends(windows: Window | OwnWindows, promise: str, days: dict[str, tuple[date, date]]) -> DaysAnswer:
    """The window's ends; where it is open, those of the promise's own days."""
    window = windows.window_of(promise)
    first, last = days.get(promise, (None, None))
    return {"from": _iso(window.first or first), "to": _iso(window.last or last)}


def _number(version: float | None) -> int | None:
    return None if version is None or pd.isna(version) else int(version)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 10)
    return value
