"""Which items a question is about: a promise over a window, all of them or those that meet conditions.

`Scope.inside` is the one place where conditions become SQL: it looks at a snapshot whose tables hold the part alone, so
that whatever is asked of a whole promise can be asked of any part of it.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import Window
from aspromised.judge.clocks.lateness import IN_TIME, bucket
from aspromised.schema.snapshot import COUNT_NAMES, segment_column
from aspromised.sql.templates import render
from aspromised.words.figures import listed
from aspromised.words.vocabulary import NONE_VALUE, WHOLE

Where = tuple[tuple[str, str], ...]
"""Conditions that all hold: a dimension and its value each."""
_ESCAPED = {"%": "%25", ",": "%2C", ":": "%3A"}


@dataclass(frozen=True)
class Scope:
    """Items of `promise_id` over `window`, all of them or those that meet every condition of `where`."""

    promise_id: str
    window: Window
    where: Where = ()

    @property
    def is_part(self) -> bool:
        """Whether not all items are looked at."""
        return bool(self.where)

    @property
    def of_items(self) -> str:
        """SQL over tables with a column a segment (`verdict_cell`, `item`), but for the window."""
        return "promise_id = $promise"

    @property
    def of_daily(self) -> str:
        """SQL over the whole in tables by segment and value (`verdict_daily`, `lateness_daily`), with the window."""
        return f"promise_id = $promise and segment = '{WHOLE}' and {self.window.condition}"

    @property
    def parameters(self) -> dict[str, object]:
        """The named parameters of these, and of the window."""
        return {"promise": self.promise_id, **self.window.parameters}

    def narrowed(self, *more: tuple[str, str]) -> "Scope":
        """Return the scope with further conditions; one on the same dimension takes the place of the one there is."""
        return replace(self, where=tuple({**dict(self.where), **dict(more)}.items()))

    def inside(self, snapshot: Queryable) -> Queryable:
        """Return the snapshot as it would be if the promise had no other items than these, on whatever day."""
        return PartOf(snapshot, self.promise_id, self.where) if self.where else snapshot


@dataclass(frozen=True)
class Dimension:
    """What items are told apart by: its name, and SQL for its value in tables with a column a segment and a `day`."""

    name: str
    sql: str


WEEKDAY_SEGMENTS = ("weekday", "day_of_week")
HOUR_SEGMENTS = ("hour", "hour_of_day", "slot", "part_of_day")
"""What promises call the segments that tell the weekday and the hour."""
_DAY_OF = {"due": "weekday due", "started": "weekday started", "done": "weekday done"}
TIME_OF_DAY = "time of day"
_BANDS = ((0, "00 to 06"), (6, "06 to 12"), (12, "12 to 18"), (18, "18 to 24"))


def dimensions(snapshot: Queryable, promise_id: str) -> list[Dimension]:
    """Return what a promise's items are told apart by: the segments it declares, in their order, and what follows from them.

    Where it declares no weekday, there is that of the day single items are counted on, named after it ("weekday due"); where
    it declares an hour, there are four times of day. A segment of the same name comes before either.
    """
    row = promise_row(snapshot, promise_id)
    if row is None:
        return []
    declared = [Dimension(name, segment_value(name)) for name in segments_of(snapshot, promise_id)]
    names = {each.name for each in declared}
    return declared + [each for each in _following(row, names) if each.name not in names]


def _following(promise: pd.Series, names: set[str]) -> list[Dimension]:
    found = []
    if (
        names.isdisjoint(WEEKDAY_SEGMENTS) and promise["kind"] != "counts"
    ):  # a period begins on a day by convention
        name = _DAY_OF.get(promise["counted"], "weekday") if promise["kind"] == "clock" else "weekday"
        found.append(Dimension(name, f"coalesce(dayname(day), '{NONE_VALUE}')"))
    if hour := next((name for name in HOUR_SEGMENTS[:2] if name in names), ""):
        number = f"try_cast({segment_value(hour)} as double)"
        bands = " ".join(f"when {number} >= {first} then '{said}'" for first, said in reversed(_BANDS))
        found.append(
            Dimension(
                TIME_OF_DAY,
                f"case when not {number} between 0 and 24 then '{NONE_VALUE}' {bands} else '{NONE_VALUE}' end",
            )
        )
    return found


def is_weekday(name: str) -> bool:
    """Return whether a dimension tells the weekday.

    >>> is_weekday("weekday due"), is_weekday("day_of_week"), is_weekday("region")
    (True, True, False)
    """
    return name in WEEKDAY_SEGMENTS or name in _DAY_OF.values()


def parse_where(text: str, segment: str = "", value: str = "") -> Where:
    """Return the conditions that the text of a link or of a command says; ValueError where it cannot be read.

    `segment` and `value` are how links of before said a single one.

    >>> parse_where("carrier:Arrowline,region:north"), parse_where("", "hour", "9")
    ((('carrier', 'Arrowline'), ('region', 'north')), (('hour', '9'),))
    """
    pairs = [each.partition(":") for each in text.split(",") if each.strip()]
    if unread := next((name or "" for name, colon, _ in pairs if not colon or not name.strip()), None):
        raise ValueError(f"'{unread}' is no condition: write it as in carrier:Arrowline,region:north")
    if any(not colon or not name.strip() for name, colon, _ in pairs):
        raise ValueError("a condition needs a name: write it as in carrier:Arrowline,region:north")
    said = {unquote(name).strip(): unquote(word) for name, _, word in pairs}
    old = {segment: value} if segment and value else {}
    return tuple({**old, **said}.items())


def known_where(
    snapshot: Queryable, promise_id: str, text: str, segment: str = "", value: str = ""
) -> tuple[Where, str]:
    """Return the conditions of a link that a promise's items can be told by, and the sentence on what is left out, "" where nothing is."""
    try:
        where = parse_where(text, segment, value)
    except ValueError as error:
        return (), f"What the address says of the part cannot be read, so all is shown: {error}."
    names = [each.name for each in dimensions(snapshot, promise_id)]
    unknown = [name for name, _ in where if name not in names]
    if not unknown or not promise_id:
        return where, ""
    has = f"it has {listed(names)}" if names else "it has none"
    said = f"This promise is not told apart by {listed([f'“{name}”' for name in unknown])}, so that is left out: {has}."
    return tuple(each for each in where if each[0] in names), said


def where_text(where: Where) -> str:
    """Return conditions as links and commands say them.

    >>> where_text((("slot", "08:00"), ("region", "north, east")))
    'slot:08%3A00,region:north%2C east'
    """
    return ",".join(f"{_escaped(name)}:{_escaped(value)}" for name, value in where)


def _escaped(word: str) -> str:
    return "".join(_ESCAPED.get(letter, letter) for letter in word)


@dataclass(frozen=True)
class PartOf:
    """A snapshot's tables with the items of one promise that meet conditions, and nothing else of any promise.

    `verdict_daily` and `lateness_daily` have the whole of the part, not its segments; `verdict_cell` and `item` have all.
    """

    snapshot: Queryable
    promise_id: str
    where: Where

    @property
    def meta(self) -> Mapping[str, str]:
        """What is said of the whole snapshot."""
        return self.snapshot.meta

    @property
    def derived(self) -> Any:
        """What was worked out before from this part, where the snapshot remembers such things."""
        memo = getattr(self.snapshot, "derived", None)
        return _Within(memo, (self.promise_id, self.where)) if memo is not None else None

    def query(self, sql: str, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Return the rows of a query over the part's tables."""
        known = {each.name: each.sql for each in dimensions(self.snapshot, self.promise_id)}
        conditions = [
            f"{known[name]} = $part_{number}" if name in known else "false"
            for number, (name, _) in enumerate(self.where)
        ]
        values = {f"part_{number}": value for number, (name, value) in enumerate(self.where) if name in known}
        tables = _tables_of(" and ".join(["promise_id = $part_promise", *conditions]), sql)
        if not tables:
            return self.snapshot.query(sql, params)
        own, rest = _split(sql)
        asked = {**(params or {}), **values, "part_promise": self.promise_id}
        return self.snapshot.query(f"with {', '.join([*tables, *own])} {rest}", asked)


@dataclass(frozen=True)
class _Within:
    """A memory under a name of its own."""

    memo: Any
    name: Hashable

    def get(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        return self.memo.get((self.name, key), compute)


_SUMS = ", ".join(f"sum({name})::bigint as {name}" for name in COUNT_NAMES)


def _tables_of(condition: str, sql: str) -> list[str]:
    """The tables of the part that a query names, as common table expressions that stand before the snapshot's own."""
    daily = f"promise_id, day, version, '{WHOLE}' as segment, '{WHOLE}' as value"
    late = render(bucket("late_seconds"), pretty=False)
    of_daily = f"select {daily}, {_SUMS} from part_cells group by all"
    of_lateness = (
        f"select {daily}, {IN_TIME} as bucket, sum(kept)::bigint as items, sum(kept)::bigint as kept"
        " from part_cells group by all having sum(kept) > 0"
        f" union all select {daily}, {late} as bucket, count(*) as items, 0 as kept from part_items"
        " where verdict = 'broken' and done is not null and due is not null group by all"
    )
    timed = "promise_id in (select promise_id from lateness_daily where promise_id = $part_promise)"
    narrowed = {
        "verdict_cell": "select * from part_cells",
        "item": "select * from part_items",
        "verdict_daily": of_daily,
        "lateness_daily": f"select * from part_lateness where {timed}",
        "promise": "select * from part_promises",
    }
    named = [name for name in narrowed if _names(sql, name)]
    if not named:
        return []
    found = [
        f"part_cells as (select * from verdict_cell where {condition})",
        f"part_items as (select * from item where {condition})",
        "part_promises as (select * from promise where promise_id = $part_promise)",
        f"part_lateness as ({of_lateness})",
    ]
    return found + [
        f"{name} as ({narrowed[name]})" for name in sorted(named, key=lambda n: n != "lateness_daily")
    ]


def _names(sql: str, table: str) -> bool:
    words = sql.replace("(", " ").replace(")", " ").replace(",", " ").split()
    return any(word == table and before in ("from", "join") for before, word in pairwise(words))


def _split(sql: str) -> tuple[list[str], str]:
    """The common table expressions that a query begins with, as one text, and what follows them."""
    text = sql.strip()
    if not text.lower().startswith("with "):
        return [], text
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and letter == ")" and not text[place + 1 :].lstrip().startswith(","):
            return [text[5 : place + 1]], text[place + 1 :]
    raise AssertionError("a query has as many opening as closing brackets")


def segment_value(segment: str) -> str:
    """Return SQL for a segment's value in a table with a column a segment.

    >>> segment_value("region"), segment_value("reason")
    ('coalesce("region", \\'(none)\\')', 'coalesce("reason_", \\'(none)\\')')
    """
    name = segment_column(segment).replace('"', '""')
    return f"coalesce(\"{name}\", '{NONE_VALUE}')"


def promise_row(snapshot: Queryable, promise_id: str) -> pd.Series | None:
    """Return what is declared of a promise's items and chain: segments, counted, kind, source, chain, spread_of; None where there is none.

    One question for all promises, whoever asks.
    """
    every = snapshot.query(
        "select promise_id, segments, counted, kind, source, chain, spread_of from promise"
    )
    found = every[every["promise_id"] == promise_id]
    return None if found.empty else found.iloc[0]


def segments_of(snapshot: Queryable, promise_id: str) -> list[str]:
    """Return the segments a promise declares, in the order of their declaration."""
    row = promise_row(snapshot, promise_id)
    return list(row["segments"]) if row is not None and row["segments"] is not None else []


def part_name(segment: str, value: str) -> str:
    """Return a segment's value as a reader says it.

    >>> part_name("picker_tenure", "under 3 months"), part_name("region", "(none)")
    ('picker tenure under 3 months', 'no region')
    """
    name = segment.replace("_", " ")
    return f"no {name}" if value == NONE_VALUE else f"{name} {value}"


def where_name(where: Where) -> str:
    """Return conditions as a reader says them.

    >>> where_name((("carrier", "Arrowline"), ("weekday", "Monday")))
    'carrier Arrowline, weekday Monday'
    """
    return ", ".join(part_name(*each) for each in where)
