"""A promise of consistency: how far another promise's kept rate differs between units, after noise."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import CountedDays, Window
from aspromised.stats.heterogeneity import MIN_RELIABILITY, Heterogeneity, heterogeneity
from aspromised.words.figures import count, percent, points_of
from aspromised.words.nouns import plural_of
from aspromised.words.vocabulary import NONE_VALUE, Status

UNIT_COLUMNS = ("value", "kept", "decided", "rate", "reliability", "tellable")
LEAST_UNITS = 3
"""Of two units nothing but their difference can be seen: fewer than three are too few to speak of a spread."""


@dataclass(frozen=True)
class Spread:
    """How far the kept rate of `of` differs `across` a segment's values, against what is promised (shares)."""

    promise_id: str
    of: str
    of_claim: str
    across: str
    at_most: float
    at_least: int
    units: pd.DataFrame = field(repr=False)
    """One row a unit with anything decided, most items first: UNIT_COLUMNS."""
    variation: Heterogeneity | None
    without_unit: int
    """Decided items that have no value of the segment: they belong to no unit."""

    @property
    def decided(self) -> int:
        """How many items the units decided."""
        return int(self.units["decided"].sum())

    @property
    def status(self) -> Status:
        """Kept where the whole interval is at most what is promised, missed where it is wholly above."""
        if not self.decided:
            return "no data"
        if self.variation is None or len(self.units) < LEAST_UNITS or self.decided < self.at_least:
            return "too few"
        if self.variation.high <= self.at_most:
            return "kept"
        return "missed" if self.variation.low > self.at_most else "too close to call"

    @property
    def units_name(self) -> str:
        """What the units are called: "regions"."""
        return plural_of(self.across.replace("_", " "))

    @property
    def sentence(self) -> str:
        """How far the rate differs, and how far it may."""
        if self.variation is None:
            named = f"one of the {self.units_name}" if len(self.units) else f"none of the {self.units_name}"
            return (
                f"Only {named} has anything decided: nothing to compare."
                if len(self.units)
                else "Nothing is decided."
            )
        found = self.variation
        return (
            f"Between {self.extremes}, a range of {points_of(found.raw_range)} as counted. Without what chance does, the"
            f" {self.units_name} differ by a standard deviation of {points_of(found.sd)} ({points_of(found.low, found.high)});"
            f" at most {points_of(self.at_most)} is promised."
        )

    @property
    def extremes(self) -> str:
        """The lowest and the highest kept rate of a unit as counted; a unit is named only where it may be told apart."""
        ranked = self.units.sort_values(["rate", "value"])
        lowest, highest = (self._unit(row) for row in (ranked.iloc[0], ranked.iloc[-1]))
        return f"{lowest} and {highest} kept"

    def _unit(self, row: pd.Series) -> str:
        return f"{percent(row['rate'])}{f' ({row.value})' if row['tellable'] else ''}"

    @property
    def raw(self) -> str:
        """The spread that is seen, noise and all."""
        assert self.variation, "asked where there is one"
        return f"As counted, noise and all, they differ by a standard deviation of {points_of(self.variation.raw_sd)}."

    @property
    def telling(self) -> str:
        """How many items a unit needs before it may be told from the others, and how many units have them."""
        assert self.variation, "asked where there is one"
        if self.variation.sd == 0:
            return f"The {self.units_name} differ by no more than chance: none may be told from the others."
        needed = count(-(-self.variation.items_needed // 1))
        able = int(self.units["tellable"].sum())
        who = "each has" if able == len(self.units) else f"{count(able)} of {count(len(self.units))} have"
        return (
            f"It takes {needed} items to tell one of the {self.units_name} from the others (reliability"
            f" {MIN_RELIABILITY:g}); {who} as many, the middle one has {count(self.units['decided'].median())}."
        )

    @property
    def too_few(self) -> pd.DataFrame:
        """The units too few to tell apart: never to be named."""
        return self.units[~self.units["tellable"]]

    @property
    def left_out(self) -> str:
        """That items without a unit are left out, "" where there are none."""
        if not self.without_unit:
            return ""
        total = self.without_unit + self.decided
        share = percent(self.without_unit / total)
        return f"{count(self.without_unit)} items ({share}) have no {self.across.replace('_', ' ')} and are in none of them."


def spreads(
    snapshot: Queryable, window: CountedDays, promise_ids: Iterable[str] | None = None
) -> dict[str, Spread]:
    """Return the promises of consistency over `window`, by their id; `promise_ids`: only these."""
    declared = snapshot.query(
        """
        select p.promise_id, p.spread_of, p.across, p.at_most, p.at_least, coalesce(o.claim, p.spread_of) as of_claim
        from promise p left join promise o on o.promise_id = p.spread_of
        where p.kind = 'spread' and p.problem is null order by p.promise_id
        """
    )
    wanted = None if promise_ids is None else set(promise_ids)
    return {
        row.promise_id: _spread(snapshot, window.window_of(str(row.promise_id)), row)
        for row in declared.itertuples()
        if wanted is None or row.promise_id in wanted
    }


def units_sql(window: Window) -> str:
    """Return the query of each unit's counts; its parameters are the promise, the segment, and the window's days."""
    return f"""
        select coalesce(value, '{NONE_VALUE}') as value, sum(kept)::bigint as kept, sum(kept + broken)::bigint as decided
        from verdict_daily
        where promise_id = $promise and segment = $segment and {window.condition}
        group by 1
        having sum(kept + broken) > 0
        order by decided desc, value
        """


def _spread(snapshot: Queryable, window: Window, row: object) -> Spread:
    of, across = str(getattr(row, "spread_of", "")), str(getattr(row, "across", ""))
    found = snapshot.query(
        units_sql(window),
        {"promise": of, "segment": across, **window.parameters},
    )
    nowhere = found["value"] == NONE_VALUE
    units = found[~nowhere].reset_index(drop=True)
    varies = heterogeneity(units["kept"], units["decided"])
    reliability = varies.reliability(units["decided"]) if varies else 0.0
    units = units.assign(rate=units["kept"] / units["decided"], reliability=reliability)
    return Spread(
        str(getattr(row, "promise_id", "")),
        of,
        str(getattr(row, "of_claim", "")),
        across,
        float(getattr(row, "at_most", 0.0)),
        int(getattr(row, "at_least", 0)),
        units.assign(tellable=units["reliability"] >= MIN_RELIABILITY)[list(UNIT_COLUMNS)],
        varies,
        int(found["decided"][nowhere].sum()),
    )
