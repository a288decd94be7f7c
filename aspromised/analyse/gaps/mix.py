"""One window against the one before: how much of a changed rate is who was served, and how much how they were served."""

from dataclasses import dataclass

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import Dimension, Scope, dimensions, is_weekday
from aspromised.analyse.windows.window import Window
from aspromised.stats.kitagawa import kitagawa
from aspromised.stats.proportion import newcombe
from aspromised.words.figures import percent, percentage_points

MIX_COLUMNS = ("value", "before", "after", "before_broken", "after_broken", "mix", "performance")
SPLIT_COLUMNS = ("segment", "mix", "performance")
_MUCH = 0.25
"""From this share of a difference on, the mix of a segment is what is told of it."""
_LITTLE = 0.0005
"""Rates nearer than this are told as the same: they are, to the digit shown."""


@dataclass(frozen=True)
class Split:
    """The broken rate of a scope before and after, and what each way of telling items apart makes of the difference.

    `segments` is SPLIT_COLUMNS, the largest mix first; `values` is MIX_COLUMNS of the first of them. `mix` and
    `performance` of every segment, and of all its values, add up to the difference exactly.
    """

    window: Window
    earlier: Window
    before: float
    after: float
    segments: pd.DataFrame
    values: pd.DataFrame
    items: str
    is_chance: bool
    """Whether chance alone could make such a difference: its 95 % interval (Newcombe's) holds 0."""

    @property
    def difference(self) -> float:
        """The broken rate after less before, as a share."""
        return self.after - self.before

    @property
    def is_mix(self) -> bool:
        """Whether the mix of some segment makes much of the difference, either way."""
        if self.segments.empty or abs(self.difference) < _LITTLE:
            return False
        return bool(abs(self.segments["mix"].iloc[0] / self.difference) >= _MUCH)

    @property
    def sentence(self) -> str:
        """What became of the rate, and by how much of it customers moving from one value to another would be enough."""
        moved = f"{percent(self.before)} of the {self.items} broke in {self.earlier.label}, {percent(self.after)} in {self.window.label}"
        if abs(self.difference) < _LITTLE:
            return f"{moved}: no change to split."
        way = "rise" if self.difference > 0 else "fall"
        chance = ", a difference that chance alone could make" if self.is_chance else ""
        return f"{moved}{chance}. {self._shared(way)}"

    def _shared(self, way: str) -> str:
        if self.segments.empty:
            return f"Nothing tells the {self.items} apart, so the {way} cannot be split."
        first = self.segments.iloc[0]
        name, share = str(first["segment"]).replace("_", " "), first["mix"] / self.difference
        mix, whole = (round(100 * each, 1) for each in (first["mix"], self.difference))
        rest = f"{percentage_points(mix / 100)} mix and {percentage_points((whole - mix) / 100)} performance make {percentage_points(whole / 100)}"
        if share >= _MUCH:
            gained = self.values.loc[(self.values["mix"] * self.difference).idxmax()]
            towards = "moving to" if gained["after_share"] > gained["before_share"] else "moving away from"
            return f"{_about(share)} of the {way} is {self.items} {towards} {name} {gained['value']}: {rest}."
        if share <= -_MUCH:
            return f"The {way} is not for who was served: the mix of {name} worked against it ({rest})."
        return f"The {way} is how {self.items} were served, not which: no segment's mix makes a quarter of it (most: {name}, where {rest})."


_SHARES = ((0.29, "a quarter"), (0.42, "a third"), (0.58, "half"), (0.7, "two thirds"), (0.85, "three quarters"), (0.97, "nine tenths"))  # fmt: skip


def _about(share: float) -> str:
    """A share in words, as a reader would say it.

    >>> _about(0.736), _about(1.0), _about(1.4), _about(0.26)
    ('About three quarters', 'All', 'More than all', 'About a quarter')
    """
    if share > 1.03:
        return "More than all"
    words = next((said for most, said in _SHARES if share < most), "")
    return f"About {words}" if words else "All"


def split(snapshot: Queryable, scope: Scope, items: str) -> Split | None:
    """Return how the broken rate of a scope changed against the window before, by mix and by performance; None where one of
    the two has nothing decided, or there is no window before. Weekdays are no mix: the calendar has more of one or the other."""
    window = scope.window
    if window.first is None or window.last is None:
        return None
    earlier, taken = window.before, {name for name, _ in scope.where}
    free = [
        each
        for each in dimensions(snapshot, scope.promise_id)
        if each.name not in taken and not is_weekday(each.name)
    ]
    counted = _counted(scope.inside(snapshot), scope, earlier, free)
    whole = counted[counted["segment"].isna()]
    if len(whole) != 1 or not (whole[["before", "after"]] > 0).all(axis=None):
        return None
    row = whole.iloc[0]
    tables = {each.name: _values(counted[counted["segment"] == each.name]) for each in free}
    tables = {name: table for name, table in tables.items() if len(table) > 1}
    sums = [
        (name, float(table["mix"].sum()), float(table["performance"].sum())) for name, table in tables.items()
    ]
    segments = pd.DataFrame(sums, columns=list(SPLIT_COLUMNS))
    segments = segments.sort_values("mix", key=abs, ascending=False, kind="stable", ignore_index=True)
    values = tables[segments["segment"].iloc[0]] if len(segments) else _values(counted.head(0))
    before, after = row["before_broken"] / row["before"], row["after_broken"] / row["after"]
    low, high = newcombe(row["after_broken"], row["after"], row["before_broken"], row["before"])
    is_chance = bool(low <= 0 <= high)
    return Split(window, earlier, float(before), float(after), segments, values, items, is_chance)


def _counted(snapshot: Queryable, scope: Scope, earlier: Window, free: list[Dimension]) -> pd.DataFrame:
    """Decided and broken items of both windows: of all (its segment is null), and of each value of each segment."""
    sums = ", ".join(
        f"coalesce(sum({what}) filter ({when}), 0)::bigint as {name}"
        for side, when in (("before", _within("earlier")), ("after", _within("later")))
        for name, what in ((side, "kept + broken"), (f"{side}_broken", "broken"))
    )
    each = [
        f"select $name_{n} as segment, {one.sql} as value, {sums} from told group by all"
        for n, one in enumerate(free)
    ]
    days = {
        "earlier_first": earlier.first,
        "earlier_last": earlier.last,
        "later_first": scope.window.first,
        "later_last": scope.window.last,
    }
    return snapshot.query(
        f"with told as (select * from verdict_cell where {scope.of_items} and day between $earlier_first and $later_last"
        " and coalesce(day <= (select value::date from meta where key = 'as_of_day'), true)) "
        + " union all ".join([f"select null as segment, null as value, {sums} from told", *each]),
        {"promise": scope.promise_id, **days, **{f"name_{n}": one.name for n, one in enumerate(free)}},
    )  # fmt: skip


def _within(name: str) -> str:
    return f"day between ${name}_first and ${name}_last"


def _values(counted: pd.DataFrame) -> pd.DataFrame:
    """MIX_COLUMNS, and the shares of the whole, what adds most to the difference first."""
    table = counted[(counted["before"] > 0) | (counted["after"] > 0)]
    if table.empty:
        return pd.DataFrame(columns=[*MIX_COLUMNS, "before_share", "after_share"])
    found = kitagawa((table["before_broken"], table["after_broken"]), (table["before"], table["after"]))
    shares = {f"{side}_share": table[side] / table[side].sum() for side in ("before", "after")}
    table = table.assign(mix=found.mix, performance=found.performance, **shares)
    order = (table["mix"] + table["performance"]).abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order, [*MIX_COLUMNS, "before_share", "after_share"]].reset_index(drop=True)
