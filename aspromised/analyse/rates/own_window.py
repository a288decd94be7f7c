"""Promises over their own windows: each over the period it declares, and one promise period by period."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

import numpy as np
import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.series import SERIES_COLUMNS, series
from aspromised.analyse.rates.spread import spreads
from aspromised.analyse.rates.versions import declared_versions, in_force, told_day
from aspromised.analyse.windows.periods import Periods
from aspromised.analyse.windows.window import GONE_BY, Window
from aspromised.words.figures import day
from aspromised.words.moments import last_day_over
from aspromised.words.problems import no_such

PERIOD_COLUMNS = ("label", "versions", "version", "claim", "wordings", "pooled", *SERIES_COLUMNS)

Told = TypeVar("Told")


@dataclass(frozen=True)
class OwnWindows:
    """The window of each promise by its id: what `statuses` counts over where each has its own."""

    windows: Mapping[str, Window] = field(hash=False)
    label: str = "each promise's own window"

    @property
    def condition(self) -> str:
        """SQL over the columns `promise_id` and `day`: the days up to the snapshot's own; parameters are in `parameters`."""
        return f"{self.bounds} and {GONE_BY}"

    @property
    def bounds(self) -> str:
        """SQL over the same: all days of the windows."""
        each = (
            f"(list_contains($ids{number}, promise_id) and day >= $first{number} and day <= $last{number})"
            for number, _ in enumerate(self.distinct)
        )
        return f"({' or '.join(each) or 'false'})"

    @property
    def parameters(self) -> dict[str, object]:
        """The named parameters of both."""
        return {
            f"{name}{number}": value
            for number, (window, ids) in enumerate(self.distinct.items())
            for name, value in (("ids", ids), ("first", window.first), ("last", window.last))
        }

    @cached_property
    def distinct(self) -> dict[Window, list[str]]:
        """Windows are few: promises that share one are counted together."""
        found: dict[Window, list[str]] = {}
        for promise, window in self.windows.items():
            found.setdefault(window, []).append(promise)
        return found

    def said(self, _as_of: date, _over: date | None = None) -> str:
        """The windows in words; whether each is over is said where it is shown."""
        return self.label

    def lines(self, shown: Collection[str]) -> Iterator[str]:
        """Yield a line a window with its days, and which of the promises shown it is of."""
        for window, ids in self.distinct.items():
            if named := [name for name in ids if name in shown]:
                yield f"{window.label}, {day(window.first)} to {day(window.last)}: {', '.join(named)}"

    def window_of(self, promise_id: str) -> Window:
        """The window that counts for a promise."""
        return self.windows[promise_id]


def own_windows(snapshot: Queryable, day: date | None = None) -> OwnWindows:
    """Return the window each promise declares that holds `day` (default: the snapshot's)."""
    periods = Periods.of(snapshot.meta)
    table = snapshot.query("select promise_id, coalesce(\"window\", 'month') as kind from promise")
    return OwnWindows({row.promise_id: periods.holding(row.kind, day) for row in table.itertuples()})


def over_own(windows: OwnWindows, told: Callable[[Window], Mapping[str, Told]]) -> dict[str, Told]:
    """Return what `told` says of each promise over its own window; it is asked once a window."""
    found: dict[str, Told] = {}
    for window, ids in windows.distinct.items():
        answers = told(window)
        found |= {promise: answers[promise] for promise in ids if promise in answers}
    return found


def own_window(snapshot: Queryable, promise_id: str, day: date | None = None) -> Window:
    """Return the window one promise declares that holds `day`; MisuseError where there is no such promise."""
    windows = own_windows(snapshot, day).windows
    if promise_id not in windows:
        raise no_such("promise", promise_id, windows)
    return windows[promise_id]


def period_by_period(snapshot: Queryable, promise_id: str, newest: Window, number: int) -> pd.DataFrame:
    """Return `number` windows of a promise one behind the other, the newest last: PERIOD_COLUMNS.

    Each has the target of its decided items, else the one in force on its `told_day`, whose `version` and `claim` it is told
    in; the `versions` that were in force in it, as "1 to 2". `wordings` is under how many its items were decided, `pooled`
    whether under any but `version`: such figures are of none. `closed` is whether it was over at the snapshot's moment; `label` says where it was not.
    """
    windows = [newest]
    while len(windows) < number:
        windows.append(windows[-1].before)
    windows.reverse()
    assert newest.last
    edges = [window.first for window in windows if window.first] + [newest.last + timedelta(days=1)]
    as_of = date.fromisoformat(snapshot.meta["as_of_day"])
    declared = snapshot.query("select kind from promise where promise_id = $promise", {"promise": promise_id})
    days = [told_day(window, as_of) for window in windows]
    standing = in_force(declared_versions(snapshot), [promise_id] * len(windows), days)
    decided = _decided_under(snapshot, promise_id, windows)
    table = series(snapshot, promise_id, edges).assign(
        version=standing["version"],
        claim=standing["claim"].fillna(promise_id),
        wordings=[len(each) for each in decided],
        pooled=[bool(each - {own}) for each, own in zip(decided, standing["version"], strict=True)],
    )
    if "spread" in set(declared["kind"]):
        table = _with_spread(snapshot, promise_id, windows, table)
    return table.assign(
        label=[window.said(as_of, last_day_over(snapshot.meta["as_of"])) for window in windows],
        versions=_versions(snapshot, promise_id, windows, as_of),
    )[list(PERIOD_COLUMNS)]


def _with_spread(
    snapshot: Queryable, promise_id: str, windows: Iterable[Window], table: pd.DataFrame
) -> pd.DataFrame:
    """A promise of consistency has no items: its status and gap are those of its spread in each window."""
    found = [each for window in windows for each in spreads(snapshot, window, [promise_id]).values()]
    if not found:  # it could not be judged
        return table
    return table.assign(
        status=[each.status for each in found],
        gap=[each.gap for each in found],
        target=np.nan,
        wordings=[len(each.wordings) or int(each.decided > 0) for each in found],
        pooled=[bool(each.wordings) for each in found],
    )


def _decided_under(snapshot: Queryable, promise_id: str, windows: Sequence[Window]) -> list[set[int]]:
    """The versions under which items were decided in each window."""
    table = snapshot.query(
        "select distinct day, version from verdict_daily where promise_id = $promise and segment = '(all)'"
        f" and kept + broken > 0 and day >= $first and day <= $last and {GONE_BY}",
        {"promise": promise_id, "first": windows[0].first, "last": windows[-1].last},
    )
    days = pd.to_datetime(table["day"])
    inside = [days.between(pd.Timestamp(each.first), pd.Timestamp(each.last)) for each in windows]
    return [set(table["version"][chosen]) for chosen in inside]


def _versions(snapshot: Queryable, promise_id: str, windows: Iterable[Window], as_of: date) -> list[str]:
    """The versions in force in each window, as far as it has come: "2", "1 to 2", "" before the first."""
    table = snapshot.query(
        "select version, coalesce(from_day, date '0001-01-01') as first, coalesce(to_day, date '9999-12-31') as after"
        " from promise_version where promise_id = $promise order by version",
        {"promise": promise_id},
    )
    spans = [(row.version, row.first.date(), row.after.date()) for row in table.itertuples()]
    found = []
    for window in windows:
        assert window.first and window.last
        last = max(window.first, min(window.last, as_of))
        inside = [version for version, first, after in spans if first <= last and after > window.first]
        found.append(" to ".join(map(str, dict.fromkeys((inside[0], inside[-1])))) if inside else "")
    return found
