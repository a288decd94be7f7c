"""How late is late: decided items against the moment that was promised, from the buckets of lateness."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import Scope
from aspromised.judge.clocks.lateness import IN_TIME, LOG_BUCKET
from aspromised.words.figures import at_most, count, duration, percent, plural, roughly
from aspromised.words.lengths import EXACT_SECONDS, Length

LATENESS_COLUMNS = ("bucket", "from_seconds", "to_seconds", "items", "up_to")


@dataclass(frozen=True)
class Lateness:
    """How late the decided items were. `lateness_table` is LATENESS_COLUMNS of those done: `up_to` is the share of all decided done by
    `to_seconds`, so that it is the kept rate at the promise itself."""

    table: pd.DataFrame
    items: str
    kept: int
    decided: int
    length: float | None
    """What was promised, in seconds, where it was one exact length for all of them."""
    length_words: str
    seen: float | None = None
    """By how many seconds the latest item that is listed by itself was late; None where none is."""

    @property
    def latest(self) -> str:
        """How late the latest was, in words: as it is listed, or no later than its bucket ends where it is not."""
        row = self.table.iloc[-1]
        if self.seen is not None and self.seen >= 0.999 * row["from_seconds"]:
            return duration(self.seen)
        return f"at most {at_most(row['to_seconds'])}"

    @property
    def in_time(self) -> float:
        """The share done in time: the kept rate."""
        return self.kept / self.decided

    @property
    def late(self) -> int:
        """How many were done late."""
        return int(self.table.loc[self.table["to_seconds"] > 0, "items"].sum())

    @property
    def not_done(self) -> int:
        """Broken items that are not done at all, or not for the customer: cancelled before."""
        return self.decided - self.kept - self.late

    @property
    def sentence(self) -> str:
        """How many were in time, and how late the late ones are."""
        if not self.late:
            return f"None of the {count(self.kept)} {self.items} done was late{self._never}."
        half, tenth = self.late_by(0.5), self.late_by(0.9)
        return (
            f"{percent(self.in_time)} of {count(self.decided)} {self.items} were done in time; {plural(self.late, 'was', 'were')} late: half of those by about"
            f" {roughly(half[1])} or less, 1 in 10 by about {roughly(tenth[0])} or more{self._never}."
        )

    @property
    def _never(self) -> str:
        if not self.not_done:
            return ""
        verb = "is" if self.not_done == 1 else "are"
        return f"; {count(self.not_done)} more {verb} not done at all"

    def late_by(self, share: float) -> tuple[float, float]:
        """Return the bucket, in seconds, that the `share` quantile of the late ones lies in."""
        late = self.table[self.table["to_seconds"] > 0]
        row = late.iloc[int(np.searchsorted(late["items"].cumsum(), share * self.late - 1e-9))]
        return float(row["from_seconds"]), float(row["to_seconds"])

    def by(self, share: float) -> float:
        """Return the lateness in seconds by which the `share` of those decided was done, or the greatest there is."""
        row = min(int(np.searchsorted(self.table["up_to"], share - 1e-12)), len(self.table) - 1)
        return float(self.table["to_seconds"].iloc[row])


def lateness(snapshot: Queryable, scope: Scope, items: str) -> Lateness | None:
    """Return how late the decided items of a scope were; None where nothing has a time to be late by."""
    inside = scope.inside(snapshot)
    counted = inside.query(
        "select bucket, sum(items)::bigint as items, sum(kept)::bigint as kept"
        f" from lateness_daily where {scope.of_daily} group by bucket order by bucket",
        scope.parameters,
    )
    if counted.empty:
        return None
    seen = f"from item where verdict = 'broken' and done is not null and {scope.of_items} and {scope.window.condition}"
    known = inside.query(
        f"select coalesce(sum(kept + broken), 0)::bigint as decided, (select max(late_seconds) {seen}) as latest"
        f" from verdict_daily where {scope.of_daily}",
        scope.parameters,
    ).iloc[0]
    whole, words = int(known["decided"]), _lengths(inside, scope)
    latest = None if pd.isna(known["latest"]) else float(known["latest"])
    return Lateness(
        lateness_table(counted, whole), items, int(counted["kept"].sum()), whole, *exact_length(words), latest
    )


def lateness_table(counted: pd.DataFrame, decided: int) -> pd.DataFrame:
    """Return LATENESS_COLUMNS of items by bucket and those of them kept; edges are within 5 % of each other.

    What lies within a second of the promise is cut at the promise itself, by what was kept. Done in time but not kept, for
    it was cancelled before, an item is in no row.

    >>> rows = lateness_table(pd.DataFrame({"bucket": [-2, 0, 1], "items": [1, 3, 1], "kept": [1, 2, 0]}), 10)
    >>> rows["to_seconds"].round(2).tolist(), rows["up_to"].tolist()
    ([-1.05, 0.0, 1.0, 1.05], [0.1, 0.3, 0.4, 0.5])
    """
    kept = [
        (bucket, low, min(high, 0.0), number)
        for bucket, number in zip(counted["bucket"], counted["kept"], strict=True)
        if number
        for low, high in [bucket_edges(bucket)]
    ]
    late = [
        (bucket, max(low, 0.0), high, number)
        for bucket, number in zip(counted["bucket"], counted["items"] - counted["kept"], strict=True)
        if number and bucket >= 0
        for low, high in [bucket_edges(bucket)]
    ]
    rows = pd.DataFrame(sorted(kept) + sorted(late), columns=list(LATENESS_COLUMNS[:-1]))
    return rows.assign(up_to=rows["items"].cumsum() / decided)


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


def _lengths(snapshot: Queryable, scope: Scope) -> list[str]:
    found = snapshot.query(
        f"""
        select distinct v.length
        from lateness_daily d join promise_version v using (promise_id, version)
        where {scope.of_daily}
        """,
        scope.parameters,
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
