"""Declared changes with what came of each: a verdict for every promise whose items it touches, in sentences."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from aspromised.analyse.changes.effect import (
    AFTER_LEAST,
    BEFORE_DAYS,
    HELPED,
    NO_COMPARISON,
    NO_EVIDENCE,
    TOO_EARLY,
    TOO_FEW,
    WORSE,
)
from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.rates.scope import part_name
from aspromised.analyse.rates.versions import words_of_now
from aspromised.words.figures import count, day, listed, percent, plural, points_of
from aspromised.words.moments import last_day_over

NOT_YET, CANNOT_TOUCH = "not yet", "touches no promise"
_ORDER = (WORSE, HELPED, NO_EVIDENCE, TOO_EARLY, TOO_FEW, NO_COMPARISON)
RETURNED = (
    f"The {BEFORE_DAYS} days before were unusual themselves beside those before them: a return to the usual would look"
    " the same."
)


@dataclass(frozen=True)
class ChangeEffect:
    """What came of a change for one promise: `row` is one of `change_effect`."""

    row: Mapping[str, object]
    claim: str
    part: str
    """What it touches, in words; "" where that is everything."""

    @property
    def promise_id(self) -> str:
        """The promise."""
        return str(self.row["promise_id"])

    @property
    def verdict(self) -> str:
        """`helped`, `made worse`, `no evidence`, `too early`, `too few` or `no comparison`."""
        return str(self.row["verdict"])

    @property
    def is_compared(self) -> bool:
        """Whether there is a difference to what it did not touch."""
        return self.number("effect") is not None

    def number(self, name: str) -> float | None:
        """Return a number of the row, None where it is not told."""
        value = self.row.get(name)
        return None if value is None or pd.isna(value) else float(str(value))

    def items(self, side: str, span: str) -> int:
        """Return how many items were decided where it `touched`, or of the `others`, `earlier`, `before` or `since`."""
        return int(self.number(f"{side}_{span}_items") or 0)

    def rate(self, side: str, span: str) -> float | None:
        """Return the share of them that were kept."""
        items = self.items(side, span)
        return (self.number(f"{side}_{span}_kept") or 0) / items if items else None

    @property
    def before_and_since(self) -> str:
        """The shares kept, as in "north 87.9 → 90.4 %, elsewhere 93.4 → 93.6 %"."""
        told = f"{self.part or 'all'} {self._from_to('touched')}"
        return f"{told}, elsewhere {self._from_to('others')}" if self.items("others", "since") else told

    def _from_to(self, side: str) -> str:
        before, since = (percent(self.rate(side, span)) for span in ("before", "since"))
        return f"{before.removesuffix(' %')} → {since}"

    @property
    def sentence(self) -> str:
        """The verdict with its numbers, and what doubt there is."""
        head = f"“{self.claim}”: {_SAID[self.verdict]}"
        why = self.row.get("why")
        if self.verdict == NO_COMPARISON:
            return f"{head}, for {why}; {self.before_and_since}."
        if not self.is_compared:
            return f"{head} ({self._too_little}); so far {self.before_and_since}."
        doubt = f" {RETURNED}" if self.row.get("returned") is True else ""
        return f"{head}; {self.before_and_since}, {self._beside}.{doubt}"

    @property
    def _too_little(self) -> str:
        if self.verdict == TOO_EARLY:
            return f"{plural(self.number('since_days') or 0, 'day')} since, {AFTER_LEAST} are needed"
        return "30 items are needed on either side, before and since"

    @property
    def _beside(self) -> str:
        effect, low, high = (self.number(name) or 0.0 for name in ("effect", "low", "high"))
        between = f"({_points(low)} to {_points(high)})"
        told = f"like for like {points_of(round(abs(effect), 4))} {'more' if effect >= 0 else 'less'} than elsewhere {between}"
        alone = low > 0 or high < 0
        return (
            f"{told}, which chance does to one of so many promises"
            if alone and self.verdict == NO_EVIDENCE
            else told
        )


def _points(share: float) -> str:
    sign = "+" if round(share, 3) > 0 else "−" if round(share, 3) < 0 else ""
    return f"{sign}{points_of(round(abs(share), 4)).removesuffix(' points')}"


_SAID = {
    HELPED: "kept more often since, beside what it did not touch",
    WORSE: "kept less often since, beside what it did not touch",
    NO_EVIDENCE: "no evidence that it changed anything",
    TOO_EARLY: "too early to tell",
    TOO_FEW: "too few to tell",
    NO_COMPARISON: "nobody can say what it did",
}


@dataclass(frozen=True)
class DeclaredChange:
    """A change and what came of it, the promises it told most of first; those it cannot touch by their ids."""

    change_id: str
    on: date
    what: str
    touches: Mapping[str, str]
    effects: tuple[ChangeEffect, ...]
    cannot_touch: tuple[str, ...]
    is_over: bool
    beside: tuple[str, ...] = ()
    """What else changed on the days looked at, in words."""

    @property
    def part(self) -> str:
        """What it touches, in words."""
        return " and ".join(part_name(name, value) for name, value in self.touches.items()) or "everything"

    @property
    def verdict(self) -> str:
        """The verdict of the promise that tells most; `not yet` before it happened, `touches no promise` where it touches none."""
        if not self.is_over:
            return NOT_YET
        return self.effects[0].verdict if self.effects else CANNOT_TOUCH

    @property
    def sentence(self) -> str:
        """How many promises were kept more, or less often since."""
        head = f"“{self.what}” ({day(self.on)}, touches {self.part})"
        if not self.is_over:
            return f"{head} has not happened yet."
        if not self.effects:
            named = " and ".join(f"'{name}'" for name in self.touches)
            return f"{head} names {named}, which no judged promise has among its segments with items on those days: nothing can be told of it."
        said = [
            f"{_SHORT[verdict]} {count(number)}"
            for verdict in _ORDER
            if (number := sum(each.verdict == verdict for each in self.effects))
        ]
        return f"{head}: of {plural(len(self.effects), 'promise')} it touches, {listed(said)}."


_SHORT = {
    HELPED: "helped",
    WORSE: "made worse",
    NO_EVIDENCE: "no evidence for",
    TOO_EARLY: "too early for",
    TOO_FEW: "too few for",
    NO_COMPARISON: "no comparison for",
}


@remembered
def declared_changes(snapshot: Queryable) -> tuple[DeclaredChange, ...]:
    """Return every declared change, newest first."""
    changes = snapshot.query(
        'select change_id, "on", what, touches from change order by "on" desc, change_id'
    )
    effects = snapshot.query("select * from change_effect")
    promises = snapshot.query("select promise_id, segments from promise order by promise_id")
    words = words_of_now(snapshot)
    over = last_day_over(snapshot.meta["as_of"])
    dated = [(pd.Timestamp(row.on).date(), str(row.what)) for row in changes.itertuples()]
    return tuple(
        _declared(
            (str(row.change_id), *dated[place], touches_of(row.touches)),
            effects[effects["change_id"] == row.change_id],
            promises, words, over, dated,
        )
        for place, row in enumerate(changes.itertuples())
    )  # fmt: skip


def _declared(
    change: tuple[str, date, str, Mapping[str, str]],
    rows: pd.DataFrame,
    promises: pd.DataFrame,
    words: Mapping[str, str | None],
    over: date,
    dated: list[tuple[date, str]],
) -> DeclaredChange:
    change_id, on, what, touches = change
    part = " and ".join(part_name(name, value) for name, value in touches.items())
    effects = [
        ChangeEffect(row, words.get(str(row["promise_id"])) or str(row["promise_id"]), part)
        for row in rows.to_dict("records")
    ]
    effects.sort(key=lambda each: (_ORDER.index(each.verdict), each.number("p") or 1.0, each.promise_id))
    lacking = [
        str(row.promise_id)
        for row in promises.itertuples()
        if not set(touches) <= set(row.segments if row.segments is not None else ())
    ]
    first = min((pd.Timestamp(each.row["before_first"]).date() for each in effects), default=on)
    last = max((pd.Timestamp(each.row["since_last"]).date() for each in effects), default=on)
    beside = [
        f"{other} ({day(when)})" for when, other in dated if first <= when <= last and (when, other) != (on, what)
    ]  # fmt: skip
    return DeclaredChange(
        change_id, on, what, touches, tuple(effects), tuple(lacking), on <= over, tuple(reversed(beside))
    )


def touches_of(told: object) -> dict[str, str]:
    """Return the segment values that a change touches, of the text that the snapshot has of them; none: everything.

    >>> touches_of('{"site": "north"}'), touches_of(None)
    ({'site': 'north'}, {})
    """
    return {str(name): str(value) for name, value in (json.loads(told) if isinstance(told, str) else {}).items()}  # fmt: skip
