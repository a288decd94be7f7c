"""A promise of consistency: how far another promise's kept rate differs between units, after noise."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.rates.versions import declared_versions, standing
from aspromised.analyse.windows.window import CountedDays, Window
from aspromised.stats.heterogeneity import MIN_RELIABILITY, Heterogeneity, heterogeneity
from aspromised.words.figures import count, day, percent, plural, points_between, points_of, without_sign
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
    still_open: pd.DataFrame = field(repr=False)
    """One row a unit with anything decided or open: kept, decided, open."""
    wordings: tuple["Spread", ...] = ()
    """Where what is compared was decided under several wordings: the spread under each, oldest first."""
    said: str = ""
    """The wording it is of, where it is one of several, and when it stood."""
    others: tuple["Spread", ...] = ()
    """Of one wording: those under the other wordings of the window."""

    @property
    def in_words(self) -> "Spread":
        """The spread that a verdict is of: under the newest wording of several, with the `others`; they have none together."""
        return replace(self.wordings[-1], others=self.wordings[:-1]) if self.wordings else self

    @property
    def decided(self) -> int:
        """How many items the units decided."""
        return int(self.units["decided"].sum())

    @cached_property
    def status(self) -> Status:
        """Kept where the whole interval is at most what is promised, missed where it is wholly above.

        Neither where open items may turn it: the units drawn together, or driven apart, as far as these allow.
        """
        if not self.decided:
            return "no data"
        if self.variation is None or len(self.units) < LEAST_UNITS or self.decided < self.at_least:
            return "too few"
        return "too close to call" if self.waits_for else self._called(self.variation)

    @cached_property
    def waits_for(self) -> int:
        """The open items without which it would be called kept or missed; 0 where they can turn nothing."""
        number, so_far = int(self.still_open["open"].sum()), self.variation and self._called(self.variation)
        if not number or so_far in (None, "too close to call") or self.decided < self.at_least:
            return 0
        rows = self.still_open
        counted = rows["decided"] + rows["open"]
        ends = pd.concat([rows["kept"] / counted, (rows["kept"] + rows["open"]) / counted]).unique()
        futures = (each for end in ends for each in _futures(rows, counted, end))
        return number if any(self._called(heterogeneity(each, counted)) != so_far for each in futures) else 0

    def _called(self, found: Heterogeneity | None) -> Status:
        if found is None:
            return "too few"
        if found.high <= self.at_most:
            return "kept"
        return "missed" if found.low > self.at_most else "too close to call"

    @property
    def gap(self) -> float:
        """What is left of the promised distance, negative where they differ by more; NaN where none can be told."""
        return self.at_most - self.variation.sd if self.variation else math.nan

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
                f"Only {named} has anything decided: nothing to compare ({LEAST_UNITS} {self.units_name} needed)."
                if len(self.units)
                else "Nothing is decided."
            )
        found = self.variation
        return (
            f"Between {self.extremes}, a range of {self.range_words} as counted. Without what chance does, the"
            f" {self.units_name} differ by a standard deviation of {points_of(found.sd)} ({points_of(found.low, found.high)});"
            f" at most {points_of(self.at_most)} is promised{self._waiting}{f'; {self.lacking}' if self.lacking else ''}.{self._beside}"
        )

    @property
    def _beside(self) -> str:
        """How it went under the other wordings, which is not in its figures."""
        each = "; ".join(f"as “{other.of_claim}”, {other.said}: {other.status}" for other in self.others)
        return f" That is of what was promised as “{self.of_claim}” alone; {each}." if each else ""

    @property
    def lacking(self) -> str:
        """What is too few for a verdict, units or items, how many there are and how many it takes; "" where neither is."""
        if self.status != "too few":
            return ""
        if len(self.units) < LEAST_UNITS:
            return f"{plural(len(self.units), self.across.replace('_', ' '), self.units_name)} judged, {LEAST_UNITS} needed"
        return f"{plural(self.decided, 'item')} judged, {count(self.at_least)} needed"

    @property
    def saying(self) -> str:
        """That too few units, or items, are judged to tell, in the words that follow a claim."""
        what = self.units_name if len(self.units) < LEAST_UNITS else "items"
        return f"has too few {what} to tell: {self.lacking}"

    @property
    def _waiting(self) -> str:
        return f"; the verdict waits for {plural(self.waits_for, 'open item')}" if self.waits_for else ""

    @property
    def extremes(self) -> str:
        """The lowest and the highest kept rate of a unit as counted; a unit is named only where it may be told apart."""
        ranked = self.units.sort_values(["rate", "value"])
        lowest, highest = (self._unit(row) for row in (ranked.iloc[0], ranked.iloc[-1]))
        return f"{lowest} and {highest} kept"

    @property
    def range_words(self) -> str:
        """How far the extremes are apart, as they are shown."""
        return without_sign(points_between(self.units["rate"].max(), self.units["rate"].min()))

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
        select promise_id, spread_of, across, at_most, at_least
        from promise where kind = 'spread' and problem is null order by promise_id
        """
    )
    wanted = None if promise_ids is None else set(promise_ids)
    return {
        row.promise_id: _told(snapshot, window.window_of(str(row.promise_id)), row)
        for row in declared.itertuples()
        if wanted is None or row.promise_id in wanted
    }


def _futures(rows: pd.DataFrame, counted: pd.Series, share: float) -> Iterator[pd.Series]:
    """What the units may have kept once nothing is open: each as near a share as it can come, and as far from it."""
    least, most = rows["kept"], rows["kept"] + rows["open"]
    yield (share * counted).round().clip(least, most)
    middle = (least + most) / 2
    yield least.where(middle < share * counted, most)
    yield least.where(middle <= share * counted, most)


def units_sql(window: Window) -> str:
    """Return the query of each unit's counts by wording; its parameters are the promise, the segment, and the window's days."""
    return f"""
        select coalesce(value, '{NONE_VALUE}') as value, version, sum(kept)::bigint as kept,
          sum(kept + broken)::bigint as decided, sum(open)::bigint as open
        from verdict_daily
        where promise_id = $promise and segment = $segment and {window.condition}
        group by all
        having sum(kept + broken + open) > 0
        order by decided desc, value, version
        """


@remembered
def _told(snapshot: Queryable, window: Window, row: object) -> Spread:
    """The spread of a row of the declaration; where what is compared has several wordings, also under each."""
    of, across = str(getattr(row, "spread_of", "")), str(getattr(row, "across", ""))
    counted = snapshot.query(units_sql(window), {"promise": of, "segment": across, **window.parameters})
    has_unit = (counted["value"] != NONE_VALUE) & (counted["decided"] > 0)
    declared = declared_versions(snapshot)
    wordings = declared[
        (declared["promise_id"] == of) & declared["version"].isin(counted["version"][has_unit])
    ].sort_values("version")
    whole = _spread(counted, row)
    if len(wordings) < 2:
        told = wordings if len(wordings) else standing(snapshot, [of], window)
        return replace(whole, of_claim=told["claim"].fillna(of).iloc[0])
    each = (
        replace(
            _spread(counted[counted["version"] == one.version], row), of_claim=one.claim, said=_stood(one)
        )
        for one in wordings.itertuples()
    )
    return replace(whole, wordings=tuple(each))


def _stood(version: object) -> str:
    """When a wording stood: to its last day where another followed, else from its first."""
    first, after = (getattr(version, name) for name in ("from_day", "to_day"))
    if not pd.isna(after):
        return f"to {day((after - pd.Timedelta(days=1)).date())}"
    return "" if pd.isna(first) else f"from {day(first.date())}"


def _spread(counted: pd.DataFrame, row: object) -> Spread:
    of, across = str(getattr(row, "spread_of", "")), str(getattr(row, "across", ""))
    found = counted.groupby("value", as_index=False)[["kept", "decided", "open"]].sum()
    found = found.sort_values(["decided", "value"], ascending=[False, True], ignore_index=True)
    nowhere = found["value"] == NONE_VALUE
    still_open = found[~nowhere].reset_index(drop=True)
    units = still_open[still_open["decided"] > 0].reset_index(drop=True)
    varies = heterogeneity(units["kept"], units["decided"])
    reliability = varies.reliability(units["decided"]) if varies else 0.0
    units = units.assign(rate=units["kept"] / units["decided"], reliability=reliability)
    return Spread(
        str(getattr(row, "promise_id", "")),
        of,
        of,
        across,
        float(getattr(row, "at_most", 0.0)),
        int(getattr(row, "at_least", 0)),
        units.assign(tellable=units["reliability"] >= MIN_RELIABILITY)[list(UNIT_COLUMNS)],
        varies,
        int(found["decided"][nowhere].sum()),
        still_open[["kept", "decided", "open"]],
    )
