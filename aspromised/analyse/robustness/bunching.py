"""Whether more items end just under a limit than just over it, beyond what their neighbours lead to expect.

Weber et al., Ann Emerg Med 60:699 (2012): under a four-hour target the share leaving in the last twenty minutes doubled.
The test is a caliper: a binomial of just under against just over, with the share expected from the bands on either side.
"""

import math
from dataclasses import dataclass

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.versions import standing
from aspromised.analyse.windows.window import Window
from aspromised.judge.clocks.lateness import LOG_BUCKET
from aspromised.words.figures import count, percent, roughly
from aspromised.words.lengths import Length

LEAST = 50
"""Fewer items near the limit than this are too few to speak of."""
SURPRISING = 0.01
"""Stricter than usual: every promise is looked at, every month."""
OF_LENGTH = 12
"""The band is this part of the length promised: twenty minutes of four hours, as in the study."""
AT_MOST = 3600.0
"""The widest band in seconds: over more than an hour the hour of the day shapes the counts, whatever the limit."""
WITHOUT_LENGTH = 20 * 60.0
"""The band in seconds where the limit is a moment given to each customer."""


@dataclass(frozen=True)
class Bunching:
    """Items just `under` and just `over` the limit, in bands of `seconds`; `below`, `above`: the bands beyond those."""

    seconds: float
    under: int
    over: int
    below: int
    above: int
    at_limit: int
    """Items within a second of the limit, in neither band."""
    expected: float
    """The share just under, of just under and over, that the bands on either side lead to expect."""

    @property
    def p_value(self) -> float:
        """How surprising the count just under is, two-sided; 1 where there is nothing to test."""
        return caliper(self.under, self.over, self.expected)

    @property
    def stands_out(self) -> bool:
        """Whether it is worth a look."""
        near = self.under + self.over
        return near >= LEAST and self.under > self.expected * near and self.p_value < SURPRISING

    @property
    def is_telling(self) -> bool:
        """Whether there is anything to say: enough near the limit, or times that are rounded onto it."""
        return self.under + self.over >= LEAST or bool(self._rounded)

    @property
    def sentence(self) -> str:
        """What is seen near the limit, and how it is to be taken."""
        near, band = self.under + self.over, roughly(self.seconds)
        if near < LEAST:
            there = "is 1 item" if near == 1 else f"are {count(near)} items"
            few = f"Within {band} of the limit there {there}: too few to see whether they bunch under it."
            return f"{few}{self._rounded}"
        seen = (
            f"Within {band} of the limit, {count(self.under)} ended just under and {count(self.over)} just over;"
            f" their neighbours would lead to expect {percent(self.expected, 0)} just under, seen were {percent(self.under / near, 0)}"
        )
        if not self.stands_out:
            return f"{seen}: nothing unusual.{self._rounded}"
        return (
            f"Look here: {seen} (p {_p(self.p_value)}). Times that are rounded, closing in batches and opening hours that end"
            " near the limit look the same; ask those who do the work before you conclude anything."
        )

    @property
    def _rounded(self) -> str:
        """That times seem to be rounded, "" where as many as expected stand on the very limit."""
        if self.at_limit <= self.under + self.over:
            return ""
        return f" {count(self.at_limit)} more ended on the very limit: such times are rounded."


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"


def caliper(under: int, over: int, expected: float = 0.5) -> float:
    """Return the two-sided binomial p-value of so many just under and over a limit.

    >>> f"{caliper(245, 214):.2f}", caliper(466, 107) < 1e-50
    ('0.16', True)
    """
    from scipy.stats import binomtest

    return float(binomtest(under, under + over, expected).pvalue) if under + over else 1.0


def bunching(snapshot: Queryable, promise_id: str, window: Window) -> Bunching | None:
    """Return what happens near the limit of the version that the window is told in.

    None where the limit is the end of a day (work stops before it) or there is no clock.
    """
    version = _version(snapshot, promise_id, window)
    band = None if version is None else _band(version[1])
    if version is None or band is None:
        return None
    buckets = snapshot.query(
        f"""
        select bucket, sum(items)::bigint as items from lateness_daily
        where promise_id = $promise and segment = '(all)' and version = $version and {window.condition}
        group by bucket
        """,
        {"promise": promise_id, "version": version[0], **window.parameters},
    ).set_index("bucket")["items"]
    return around(dict(zip(map(int, buckets.index), map(int, buckets), strict=True)), band)


def around(buckets: dict[int, int], seconds: float) -> Bunching:
    """Return the bands around the limit of a histogram of lateness (`judge.verdicts.rollup`: signed, logarithmic buckets)."""
    inner = max(1, round(math.log(seconds) / LOG_BUCKET))
    outer = max(inner + 1, round(math.log(2 * seconds) / LOG_BUCKET))

    def between(sign: int, first: int, last: int) -> int:
        return sum(buckets.get(sign * n, 0) for n in range(first, last + 1))

    width = math.exp(inner * LOG_BUCKET) - 1
    below, above = between(-1, inner + 1, outer), between(1, inner + 1, outer)
    return Bunching(
        seconds=width + 1,
        under=between(-1, 1, inner),
        over=between(1, 1, inner),
        below=below,
        above=above,
        at_limit=buckets.get(0, 0),
        expected=(2 * below + above) / (3 * (below + above)) if below + above else 0.5,
    )


def _version(snapshot: Queryable, promise_id: str, window: Window) -> tuple[int, str] | None:
    """The version that the window is told in and its length; None where there is none or it has no clock."""
    told = standing(snapshot, [promise_id], window).iloc[0]
    if not isinstance(told["length"], str) or not told["has_begun"]:
        return None
    return int(told["version"]), told["length"]


def _band(words: str) -> float | None:
    """Return the width of the band (s) for a length in words; None where the limit is the end of a day.

    >>> _band("4 hours"), _band("less than 15 minutes"), _band("2 calendar days"), _band("by slot_ends_at")
    (1200.0, 75.0, None, 1200.0)
    """
    if words.endswith(("calendar days", "calendar day", "business days", "business day")):
        return None
    try:
        length = Length.parse(words.removeprefix("less than ").replace("business ", ""))
    except ValueError:
        return WITHOUT_LENGTH
    return min(length.microseconds / 1e6 / OF_LENGTH, AT_MOST)
