"""The chance that an open item breaks, from how items fared that had as much time left: learnt by month due, and by part.

What is asked is P(not done by due | not done with so much time left), the survival of Kaplan and Meier from there on, where
cancelling is another way to end (Aalen and Johansen). Time is what is left on the promise's own clock, so that lengths of all
kinds are one, and items of a longer length are at risk from then on alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from aspromised.stats.competing_risks import ENDLESS, at_risk_by_step, chance_by_step
from aspromised.words.vocabulary import WHOLE

FEWEST = 30
"""Items of which it must be known what became of them: of fewer no chance is told."""
MOST_VALUES = 50
"""Values of a segment above which it is not asked whether chances differ by it."""
BETTER_BY = 0.01
"""So much smaller, as a share, the mean squared error must be for chances to be told by a segment."""

_EVENING = "evening "


@dataclass(frozen=True)
class PartRecord:
    """What is known of one segment of a promise: how many items did what, by month, value and bucket."""

    months: tuple[date, ...]
    values: tuple[str, ...]
    buckets: tuple[int, ...]
    counts: dict[str, np.ndarray]
    """What items did → an array of months × values × buckets."""

    def of(self, what: str, months: np.ndarray) -> np.ndarray:
        """Return how many did something over some months, values × buckets."""
        if what not in self.counts:
            return np.zeros((len(self.values), len(self.buckets)))
        found: np.ndarray = self.counts[what][months].sum(axis=0)
        return found


@dataclass(frozen=True)
class Chances:
    """By value and bucket: the chance at both ends of the bucket, and of how many items it is known; NaN where of too few."""

    lower: np.ndarray
    upper: np.ndarray
    known_of: np.ndarray

    @cached_property
    def middle(self) -> np.ndarray:
        """The chance in the middle of each bucket."""
        found: np.ndarray = (self.lower + self.upper) / 2
        return found


def part_of(rows: pd.DataFrame, segment: str) -> PartRecord:
    """Return one segment of a promise's rows of `left_monthly`; buckets and months are those of all its rows."""
    months = tuple(sorted(set(pd.to_datetime(rows["day"]).dt.date)))
    buckets = tuple(sorted({max(bucket, 0) for bucket in rows["bucket"]}))
    own = rows[rows["segment"] == segment]
    values = tuple(sorted(set(own["value"])))
    places = [
        pd.Index(months).get_indexer(pd.to_datetime(own["day"]).dt.date),
        pd.Index(values).get_indexer(own["value"]),
        pd.Index(buckets).get_indexer(own["bucket"].clip(lower=0)),
    ]
    counts: dict[str, np.ndarray] = {}
    for what in sorted(set(own["what"])):
        is_it = (own["what"] == what).to_numpy()
        counts[what] = np.zeros((len(months), len(values), len(buckets)))
        np.add.at(counts[what], tuple(place[is_it] for place in places), own["items"].to_numpy()[is_it])
    return PartRecord(months, values, buckets, counts)


def learnt(part: PartRecord, months: np.ndarray) -> Chances:
    """Return the chances that items due in some months tell; those still open count as at risk as long as they were seen."""
    done, cancelled, broken, still = (
        part.of(what, months) for what in ("done", "cancelled", "broken", "open")
    )
    at_risk = at_risk_by_step(part.of("started", months), done + cancelled + broken + still)
    upper = chance_by_step(at_risk, done + cancelled, broken)
    lower = np.concatenate([np.full((len(upper), 1), ENDLESS), upper[:, :-1]], axis=1)
    known_of = at_risk - np.cumsum(still, axis=1)  # of what was open with less left nobody knows the end yet
    is_told = (known_of >= FEWEST) & ~np.isnan(upper)
    lower = np.where(np.isnan(lower), upper, lower)
    return Chances(np.where(is_told, lower, np.nan), np.where(is_told, upper, np.nan), known_of)


@dataclass(frozen=True)
class Evenings:
    """What became of those that waited on the evenings of some months: values × buckets."""

    items: np.ndarray
    broken: np.ndarray

    @property
    def share(self) -> float:
        """The share that broke; NaN of none."""
        all_of_them = float(self.items.sum())
        return float(self.broken.sum()) / all_of_them if all_of_them else float("nan")


def evenings(part: PartRecord, months: np.ndarray) -> Evenings:
    """Return what became of those that waited on past evenings."""
    ways = [part.of(f"{_EVENING}{how}", months) for how in ("done", "cancelled", "broken")]
    return Evenings(sum(ways, np.zeros_like(ways[0])), ways[2])


def squared_errors(seen: Evenings, chance: np.ndarray | float) -> np.ndarray:
    """Return the summed squared errors of a forecast, by value and bucket (Brier, Monthly Weather Review 78, 1950)."""
    kept = seen.items - seen.broken
    found: np.ndarray = seen.broken * (1 - chance) ** 2 + kept * np.asarray(chance) ** 2
    return found


def with_fallback(own: Chances, whole: Chances) -> np.ndarray:
    """Return the chance in the middle of each bucket by value, the whole's where a value has too few."""
    found: np.ndarray = np.where(np.isnan(own.middle), whole.middle, own.middle)
    return found


def chosen_segment(parts: dict[str, PartRecord], months: np.ndarray) -> str:
    """Return the segment that chances are told by, the whole where none tells better.

    Each is learnt from all but the last of `months` and tried on the evenings of the last. It is the one with the smallest
    mean squared error, if that is smaller than the whole's by BETTER_BY at least.
    """
    numbers = np.flatnonzero(months)
    if len(numbers) < 2:
        return WHOLE
    before, last = (np.isin(np.arange(len(months)), part) for part in (numbers[:-1], numbers[-1:]))
    whole = learnt(parts[WHOLE], before)
    errors: dict[str, float] = {}
    for name, part in parts.items():
        seen = evenings(part, last)
        chance = with_fallback(learnt(part, before), whole)
        is_told = ~np.isnan(chance)
        if seen.items[is_told].sum() < FEWEST:
            return WHOLE
        errors[name] = float(squared_errors(seen, chance)[is_told].sum() / seen.items[is_told].sum())
    best = min(errors, key=lambda name: (errors[name], name))
    return best if errors[best] < (1 - BETTER_BY) * errors[WHOLE] else WHOLE


def parts_of(rows: pd.DataFrame) -> dict[str, PartRecord]:
    """Return the whole and the segments that chances may be told by, from a promise's rows of `left_monthly`."""
    values = rows.groupby("segment")["value"].nunique()
    names: Sequence[str] = [
        WHOLE,
        *(n for n in sorted(values.index) if n != WHOLE and values[n] <= MOST_VALUES),
    ]
    return {name: part_of(rows, name) for name in names}
