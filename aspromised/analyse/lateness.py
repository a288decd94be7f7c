"""How late is late: done items against the moment that was promised, from the buckets of lateness."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aspromised.analyse.scope import Scope, Source
from aspromised.judge.rollup import IN_TIME, LOG_BUCKET
from aspromised.words.figures import count, percent, roughly
from aspromised.words.lengths import EXACT_SECONDS, Length

LATENESS_COLUMNS = ("bucket", "from_seconds", "to_seconds", "items", "up_to")


@dataclass(frozen=True)
class Lateness:
    """Done items by how late they were. `table` is LATENESS_COLUMNS: `up_to` is the share done by `to_seconds`."""

    table: pd.DataFrame
    items: str
    not_done: int
    """Broken items that are not done at all."""
    length: float | None
    """What was promised, in seconds, where it was one exact length for all of them."""
    length_words: str

    @property
    def done(self) -> int:
        """How many were done."""
        return int(self.table["items"].sum())

    @property
    def late(self) -> int:
        """How many were done at least a second late."""
        return int(self.table.loc[self.table["bucket"] > 0, "items"].sum())

    @property
    def sentence(self) -> str:
        """How late the late ones are."""
        if not self.late:
            return f"None of the {count(self.done)} {self.items} done was late{self._never}."
        half, tenth = self.late_by(0.5), self.late_by(0.9)
        return (
            f"{percent(self.late / self.done)} of {count(self.done)} {self.items} done were late: half of those by less "
            f"than {roughly(half[1])}, 1 in 10 by more than {roughly(tenth[0])}{self._never}."
        )

    @property
    def _never(self) -> str:
        if not self.not_done:
            return ""
        verb = "is" if self.not_done == 1 else "are"
        return f"; {count(self.not_done)} more {verb} not done at all"

    def late_by(self, share: float) -> tuple[float, float]:
        """Return the bucket, in seconds, that the `share` quantile of the late ones lies in."""
        late = self.table[self.table["bucket"] > 0]
        row = late.iloc[int(np.searchsorted(late["items"].cumsum(), share * self.late - 1e-9))]
        return float(row["from_seconds"]), float(row["to_seconds"])

    def by(self, share: float) -> float:
        """Return the lateness in seconds by which the `share` of those done was done."""
        row = min(int(np.searchsorted(self.table["up_to"], share - 1e-12)), len(self.table) - 1)
        return float(self.table["to_seconds"].iloc[row])


def lateness(snapshot: Source, scope: Scope, items: str) -> Lateness | None:
    """Return how late the done items of a scope were; None where nothing has a time to be late by."""
    counted = snapshot.query(
        f"select bucket, sum(items)::bigint as items from lateness_daily where {scope.of_daily} group by bucket order by bucket",
        scope.of_daily_parameters,
    )
    if counted.empty:
        return None
    words = _lengths(snapshot, scope)
    return Lateness(table(counted), items, _not_done(snapshot, scope), *exact_length(words))


def table(counted: pd.DataFrame) -> pd.DataFrame:
    """Return LATENESS_COLUMNS of items by bucket; edges are within 5 % of each other.

    >>> rows = table(pd.DataFrame({"bucket": [-2, 0, 1], "items": [1, 2, 1]}))
    >>> rows["to_seconds"].round(2).tolist(), rows["up_to"].tolist()
    ([-1.05, 1.0, 1.05], [0.25, 0.75, 1.0])
    """
    ordered = counted.sort_values("bucket", ignore_index=True)
    edges = [bucket_edges(bucket) for bucket in ordered["bucket"]]
    return ordered.assign(
        from_seconds=[low for low, _ in edges],
        to_seconds=[high for _, high in edges],
        up_to=ordered["items"].cumsum() / ordered["items"].sum(),
    )[list(LATENESS_COLUMNS)]


def bucket_edges(bucket: int) -> tuple[float, float]:
    """Return the seconds of lateness between which a bucket lies.

    >>> bucket_edges(0), [round(edge, 4) for edge in bucket_edges(1)], [round(edge, 4) for edge in bucket_edges(-2)]
    ((-1.0, 1.0), [1.0, 1.05], [-1.1025, -1.05])
    """
    if bucket == IN_TIME:
        return -math.inf, 0.0
    if bucket == 0:
        return -1.0, 1.0
    near, far = (math.exp(LOG_BUCKET * edge) for edge in (abs(bucket) - 1, abs(bucket)))
    return (near, far) if bucket > 0 else (-far, -near)


def _lengths(snapshot: Source, scope: Scope) -> list[str]:
    found = snapshot.query(
        f"""
        select distinct v.length
        from lateness_daily d join promise_version v using (promise_id, version)
        where {scope.of_daily}
        """,
        scope.of_daily_parameters,
    )["length"]
    return [str(words) for words in found]


def exact_length(words: list[str]) -> tuple[float | None, str]:
    """Return the one exact length of versions in seconds, None where there are several or it depends on the day.

    >>> exact_length(["48 hours"]), exact_length(["less than 15 minutes"]), exact_length(["2 calendar days"])
    ((172800.0, '48 hours'), (900.0, '15 minutes'), (None, '2 calendar days'))
    """
    if len(words) != 1:
        return None, ""
    bare = words[0].removeprefix("less than ")
    try:
        length = Length.parse(bare)
    except ValueError:
        return None, bare
    return (length.microseconds / 1e6 if length.unit in EXACT_SECONDS else None), bare


def _not_done(snapshot: Source, scope: Scope) -> int:
    found = snapshot.query(
        f"select count(*) as items from item where {scope.of_items} and {scope.window.condition}"
        " and verdict = 'broken' and done is null",
        {**scope.of_item_parameters, **scope.window.parameters},
    )
    return int(found["items"].iloc[0])
