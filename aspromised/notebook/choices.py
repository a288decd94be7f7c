"""What a reader may choose: months, promises, teams, segments and promotions, as the snapshot knows them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from aspromised.analyse.gaps.gap import most_missed
from aspromised.analyse.handoffs.late import OUTSIDE_WORDS, UNFUNDED_WORDS
from aspromised.analyse.internal_service.team import known_teams, suppliers_of
from aspromised.analyse.rates.versions import words_of_now
from aspromised.analyse.waiting.waits import log_facts
from aspromised.analyse.windows.periods import Periods, known_months
from aspromised.analyse.windows.periods import latest_month_window as newest_told
from aspromised.analyse.windows.window import Window
from aspromised.notebook.context import snapshot as current_snapshot
from aspromised.store.snapshot import Snapshot
from aspromised.words.moments import last_day_over


@dataclass(frozen=True)
class Choice:
    """A value as notebooks and URLs write it, and as readers see it."""

    value: str
    label: str


Chooser = Callable[[Snapshot, Mapping[str, Any]], list[Choice]]


def months(snapshot: Snapshot, _: Mapping[str, Any]) -> list[Choice]:
    """Return the months with items due, up to the snapshot's moment, newest first: `2026-10`, October 2026."""
    over = last_day_over(snapshot.meta["as_of"])
    firsts = [month.first for month in known_months(snapshot) if month.first]
    return [Choice(f"{first:%Y-%m}", _month(first, over)) for first in firsts]


def weeks(snapshot: Snapshot, _: Mapping[str, Any]) -> list[Choice]:
    """Return the company's weeks from its first month with items due on, newest first, by their first day: `2026-10-05`."""
    months, periods = known_months(snapshot), Periods.of(snapshot.meta)
    if not months or not months[-1].first:
        return []
    first = periods.holding("week", months[-1].first).first
    assert first
    number = (periods.today - first).days // 7 + 1
    return [Choice(f"{week.first}", week.label) for week in periods.newest("week", number)[::-1]]


def _month(first: date, over: date) -> str:
    """A month as readers choose it; one that is not over says so.

    >>> _month(date(2026, 10, 1), date(2026, 10, 9)), _month(date(2026, 9, 1), date(2026, 10, 9))
    ('October 2026, not closed yet', 'September 2026')
    """
    closed = Window.month(f"{first:%Y-%m}").is_closed(over)
    return f"{first:%B %Y}" if closed else f"{first:%B %Y}, not closed yet"


def promises(snapshot: Snapshot, _: Mapping[str, Any]) -> list[Choice]:
    """Return the promises by their claim, in the words of the snapshot's day."""
    rows = pd.DataFrame(words_of_now(snapshot).items(), columns=["id", "words"], dtype=object)
    return _by_their_words(rows.sort_values(["words", "id"], ignore_index=True))


def _by_their_words(rows: pd.DataFrame) -> list[Choice]:
    """Name each by its words, by its id where it has none, and by both where two say the same."""
    twice = rows["words"].duplicated(keep=False)
    return [
        Choice(row.id, _named(row.id, row.words, same))
        for row, same in zip(rows.itertuples(), twice, strict=True)
    ]


def _named(identity: str, words: Any, same: bool) -> str:
    if not isinstance(words, str):
        return identity
    return f"{words} ({identity})" if same else words


def teams(snapshot: Snapshot, _: Mapping[str, Any]) -> list[Choice]:
    """Return the teams that make or keep a promise, rate or are rated, by name."""
    return [Choice(team, team) for team in known_teams(snapshot)]


def suppliers(snapshot: Snapshot, chosen: Mapping[str, Any]) -> list[Choice]:
    """Return the teams that the chosen team has rated, or requires a score of; none where no team is chosen."""
    return [Choice(team, team) for team in suppliers_of(snapshot, chosen.get("team") or "")]


def segments(snapshot: Snapshot, chosen: Mapping[str, Any]) -> list[Choice]:
    """Return the segments of the chosen promise, or of all promises where none is chosen."""
    rows = snapshot.query(
        "select distinct unnest(segments) as segment\n"
        "from promise\n"
        "where $promise in ('', promise_id)\n"
        "order by segment",
        {"promise": chosen.get("promise") or ""},
    )
    return [Choice(segment, segment.replace("_", " ")) for segment in rows["segment"]]


def values(snapshot: Snapshot, chosen: Mapping[str, Any]) -> list[Choice]:
    """Return the values of the chosen promise's chosen segment; none where no segment is chosen."""
    rows = snapshot.query(
        "select coalesce(value, '(none)') as value\n"
        "from verdict_daily\n"
        "where promise_id = $promise and segment = $segment and segment <> '(all)'\n"
        "group by all\n"
        "order by value",
        {"promise": chosen.get("promise") or "", "segment": chosen.get("segment") or ""},
    )
    return [Choice(value, value) for value in rows["value"]]


def _promotions(snapshot: Snapshot, _: Mapping[str, Any]) -> list[Choice]:
    """Return the promotions, the latest launch first."""
    rows = snapshot.query(
        "select promotion_id as id, says as words from promotion order by launched desc, promotion_id"
    )
    return _by_their_words(rows)


def chain_stages(snapshot: Snapshot, chosen: Mapping[str, Any]) -> list[Choice]:
    """Return the stages of the chain that the chosen promise names, from the customer backwards, and what is no stage's."""
    rows = snapshot.query(
        "select stage from chain_stage join promise on chain = chain_id where promise_id = $promise order by position desc",
        {"promise": chosen.get("promise") or ""},
    )
    named = [*rows["stage"], OUTSIDE_WORDS, UNFUNDED_WORDS] if len(rows) else []
    return [Choice(stage, stage) for stage in named]


def logs(snapshot: Snapshot, _: Mapping[str, Any]) -> list[Choice]:
    """Return the chains that are read from an event log, by name."""
    return [Choice(each.chain_id, each.chain_id) for each in log_facts(snapshot)]


CHOOSERS: dict[str, Chooser] = {
    "month": months,
    "week": weeks,
    "promise": promises,
    "team": teams,
    "supplier": suppliers,
    "segment": segments,
    "value": values,
    "promotion": _promotions,
    "stage": chain_stages,
    "log": logs,
}
"""The parameter names whose choices come from the snapshot."""


def default_promise(snapshot: Snapshot, chosen: Mapping[str, Any]) -> str:
    """Return the promise to look at where nobody chose: the most missed one of the month or other window."""
    month, window, week = (chosen.get(name) or "" for name in ("month", "window", "week"))
    over = chosen_window(month, window, snapshot, week=week)
    return most_missed(snapshot, over)


DEFAULTS: dict[str, Callable[[Snapshot, Mapping[str, Any]], str]] = {
    "month": lambda snapshot, _: latest_month(snapshot),
    "promise": default_promise,
}
"""What a parameter is that must be chosen and was not."""

FOLLOWS = {
    "stage": ("promise",),
    "supplier": ("team",),
    "promise": ("month", "window", "week"),
    "segment": ("promise",),
    "value": ("promise", "segment"),
}
"""Which other parameters decide what may be chosen for a parameter, or what it is where nobody chose."""

EVERY = {
    "week": "All its weeks",
    "promise": "All promises",
    "team": "All teams",
    "supplier": "All its suppliers",
    "segment": "All segments",
    "value": "All values",
    "promotion": "All promotions",
    "stage": "All stages",
    "log": "That of the promise",
}
"""What "" means for a parameter whose default it is. For a month it is the latest one."""


def chosen_window(
    month: str = "", window: str = "month", snapshot: Snapshot | None = None, *, week: str = ""
) -> Window:
    """Return the window of a kind (as a promise declares it, or "last 28 days") that holds the end of a month, or one week.

    Without a month, of the latest one. A week is named by a day in it, and then it is the window.
    """
    found = snapshot or current_snapshot()
    if week:
        return Periods.of(found.meta).week(week)
    return Periods.of(found.meta).around(month or latest_month(found), window or "month")


def latest_month(snapshot: Snapshot | None = None) -> str:
    """Return the month to show where nobody chose one, as `2026-10`: what `status` tells of without a window."""
    return f"{newest_told(snapshot or current_snapshot()).first:%Y-%m}"
