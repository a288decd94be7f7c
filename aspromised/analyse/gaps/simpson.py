"""Simpson's guard: whether a ranking of two values turns round inside every value of another segment."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np
import numpy.typing as npt
import pandas as pd

from aspromised.analyse.gaps.cells import every_cell
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import Scope, segments_of
from aspromised.words.figures import percent

LARGEST = 3
"""So many of a segment's largest values are compared in pairs."""
COVERED = 0.8
"""The share of both values' items that the compared strata must hold."""
WORSE = 1.1
"""Broken rates nearer than this ratio rank nothing that needs a caution."""
_Counts = npt.NDArray[np.float64]
_Values = tuple[npt.NDArray[np.intp], list[str]]
STRATA_COLUMNS = ("value", "stratum", "kept", "decided")


@dataclass(frozen=True)
class Reversal:
    """`worse` keeps less than `better` overall, and more inside every value of `by`."""

    segment: str
    worse: str
    better: str
    by: str
    worse_rate: float
    better_rate: float

    @property
    def sentence(self) -> str:
        """The caution a ranking of the two needs."""
        by, segment = self.by.replace("_", " "), self.segment.replace("_", " ")
        return (
            f"Do not rank {segment} {self.worse} below {self.better} on the whole ({percent(self.worse_rate)} against "
            f"{percent(self.better_rate)} kept): inside every {by} compared it keeps more, and only has more of the {by}s that are hard."
        )


def reversal(snapshot: Queryable, scope: Scope, at_least: int, segment: str = "") -> str:
    """Return the caution about the widest ranking that turns round in the scope (of the values of a `segment`), "" where none does."""
    taken = {name for name, _ in scope.where}
    names = [name for name in segments_of(snapshot, scope.promise_id) if name not in taken]
    if len(names) < 2:
        return ""
    firsts = [segment] if segment in names else names
    cells = every_cell(snapshot, scope)
    counts = cells[["kept", "decided"]].to_numpy(float)
    values = {name: _values(cells[name]) for name in names}
    found = [
        one
        for first, by in permutations(names, 2)
        if first in firsts
        for one in _reversals(values[first], values[by], counts, first, by, at_least)
    ]
    widest = max(found, key=lambda one: one.better_rate - one.worse_rate, default=None)
    return widest.sentence if widest else ""


def _values(column: pd.Series) -> _Values:
    """The place of each cell's value among the values of its segment, and these."""
    places, values = pd.factorize(column, sort=True)
    return places, list(values)


def reversals(strata: pd.DataFrame, segment: str, by: str, at_least: int) -> Iterator[Reversal]:
    """Yield the pairs of the largest values of `segment` whose ranking turns round inside every value of `by`.

    `strata` is STRATA_COLUMNS. Strata where both have `at_least` items are compared: at least two of them, holding
    most of both values' items, and all the other way round than the whole, where `worse` breaks at least a tenth more often.

    >>> rows = [("A", "small", 81, 87), ("A", "large", 192, 263), ("B", "small", 234, 270), ("B", "large", 55, 80)]
    >>> [found] = reversals(pd.DataFrame(rows, columns=STRATA_COLUMNS), "treatment", "stone", 30)
    >>> found.worse, round(found.worse_rate, 3), found.better, round(found.better_rate, 3)
    ('A', 0.78, 'B', 0.826)
    """
    counts = strata[["kept", "decided"]].to_numpy(float)
    yield from _reversals(_values(strata["value"]), _values(strata["stratum"]), counts, segment, by, at_least)


def _reversals(
    values: _Values, strata: _Values, counts: _Counts, segment: str, by: str, at_least: int
) -> Iterator[Reversal]:
    """`reversals` of cells: the value and the stratum of each, and its kept and decided items."""
    (rows, names), (columns, others) = values, strata
    added = np.zeros((len(names), len(others), 2))
    np.add.at(added, (rows, columns), counts)
    kept, decided = added[..., 0], added[..., 1]
    rates = kept.sum(axis=1) / decided.sum(axis=1)
    for pair in combinations(np.argsort(-decided.sum(axis=1), kind="stable")[:LARGEST], 2):
        worse, better = sorted(pair, key=lambda row: rates[row])
        two = [worse, better]
        if 1 - rates[worse] >= WORSE * (1 - rates[better]) > 0 and _turns(kept[two], decided[two], at_least):
            yield Reversal(
                segment, names[worse], names[better], by, float(rates[worse]), float(rates[better])
            )


def _turns(kept: _Counts, decided: _Counts, at_least: int) -> bool:
    """Whether the first row keeps more in every column that is compared."""
    both = (decided >= at_least).all(axis=0)
    covered = decided[:, both].sum(axis=1) / decided.sum(axis=1)
    if both.sum() < 2 or (covered < COVERED).any():
        return False
    rates = kept[:, both] / decided[:, both]
    return bool((rates[0] > rates[1]).all())
