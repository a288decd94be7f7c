"""Periods with the limits they stay within by themselves, re-based where something declared moved them: the step without a snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from aspromised.stats.control_chart import (
    BINOMIAL,
    LOCKED_FROM,
    OUTSIDE,
    RUN,
    TRIAL_FROM,
    XMR,
    ControlLimits,
    binomial_limits,
    extended,
    fitting_chart,
    laney_p_prime,
    p_chart,
    special_causes,
    xmr_limits,
)

POINT_COLUMNS = (
    "first",
    "last",
    "kept",
    "decided",
    "rate",
    "target",
    "base",
    "centre",
    "low",
    "high",
    "cause",
    "side",
)
"""`side` is 1 where an exception lies above (or rises), -1 below (or falls), 0 of none."""
BEYOND = 4
"""So many of the first 7 periods beyond the old limits on one side tell that a change moved them: fewer come and go."""


@dataclass(frozen=True)
class Rebase:
    """A declared thing that may have moved what periods do: its day, and what it was, in words."""

    on: date
    what: str


@dataclass(frozen=True)
class LimitsBase:
    """A run of periods with limits of their own: its first day, what began it ("" the data), how many periods it has."""

    first: pd.Timestamp
    what: str
    periods: int
    dispersion: float

    @property
    def is_trial(self) -> bool:
        """Whether the next periods will still move its limits."""
        return self.periods < LOCKED_FROM

    @property
    def is_told(self) -> bool:
        """Whether it has periods enough for limits at all."""
        return self.periods >= TRIAL_FROM


@dataclass(frozen=True)
class ChartedPeriods:
    """The points (POINT_COLUMNS), by which chart they are judged, and the runs with limits of their own, oldest first."""

    points: pd.DataFrame
    method: str
    bases: tuple[LimitsBase, ...]


def charted(periods: pd.DataFrame, declared: Sequence[Rebase]) -> ChartedPeriods:
    """Return periods (first, last, kept, decided, target, version; all with something decided) as a control chart.

    A period of another version begins a new run; so does a declared change after which all of the first 7 periods lie on
    one side of the old middle, or four of them beyond the old limits on one side, if at least 6 went before it. Runs of fewer
    than 6 have no limits. With fewer than 12 periods in all each is held against the target instead: the range that chance
    alone gives so many items.
    """
    table = periods.reset_index(drop=True).assign(rate=lambda told: told["kept"] / told["decided"])
    method = fitting_chart(table["decided"])
    if method == BINOMIAL:
        return _against_target(table)
    bases, parts = [], []
    for begin, end, what in _runs(table, declared, method):
        rows = table.iloc[begin:end]
        base = LimitsBase(rows["first"].iloc[0], what, len(rows), 1.0)
        limits = _limits(rows, method)
        if base.is_told:
            base = LimitsBase(base.first, what, len(rows), limits.dispersion)
        else:
            unknown = np.full(len(rows), np.nan)
            limits = ControlLimits(unknown, unknown, unknown)
        bases.append(base)
        parts.append(_pointed(rows, limits, len(bases) - 1, with_rules=base.is_told))
    points = pd.concat(parts, ignore_index=True) if parts else _pointed(table, _limits(table, method), 0)
    return ChartedPeriods(points, method, tuple(bases))


def _limits(rows: pd.DataFrame, method: str) -> ControlLimits:
    """The limits of all rows, worked out without those beyond them: a week that fell out drags no other to a side."""
    limits, rates = _plain(rows, method), (rows["kept"] / rows["decided"]).to_numpy(dtype=float)
    beyond = special_causes(rates, limits) == OUTSIDE
    if not 0 < beyond.sum() <= max(1, len(rows) // 5) or len(rows) - beyond.sum() < TRIAL_FROM:
        return limits
    return extended(_plain(rows[~beyond], method), rows["decided"], is_share=method != XMR)


def _plain(rows: pd.DataFrame, method: str) -> ControlLimits:
    """XmR, or p′ that is no narrower than chance alone makes it."""
    if method == XMR:
        return xmr_limits(rows["kept"] / rows["decided"])
    straying = laney_p_prime(rows["kept"], rows["decided"], screened=True)
    return straying if straying.dispersion >= 1 else p_chart(rows["kept"], rows["decided"])


def _against_target(table: pd.DataFrame) -> ChartedPeriods:
    limits = binomial_limits(table["decided"], table["target"])
    points = _pointed(table, limits, 0, with_rules=False)
    rates = points["rate"]
    beyond = (rates > points["high"]) | (rates < points["low"])
    points["cause"] = np.where(beyond, OUTSIDE, "")
    points["side"] = np.where(beyond, np.sign(rates - points["centre"]), 0).astype(int)
    first = table["first"].iloc[0] if len(table) else pd.NaT
    return ChartedPeriods(points, BINOMIAL, (LimitsBase(first, "", len(table), 1.0),) if len(table) else ())


def _pointed(
    rows: pd.DataFrame, limits: ControlLimits, base: int, *, with_rules: bool = True
) -> pd.DataFrame:
    rates = rows["rate"].to_numpy(dtype=float)
    cause = special_causes(rates, limits) if with_rules else np.full(len(rows), "", dtype=object)
    told = rows.assign(base=base, centre=limits.centre, low=limits.low, high=limits.high, cause=cause)
    return told.assign(side=_sides(told))[list(POINT_COLUMNS)]


def _sides(told: pd.DataFrame) -> np.ndarray:
    """Above or below the middle, of a trend too: what rises from far below is not yet better than the run it is in."""
    sides = np.sign((told["rate"] - told["centre"]).to_numpy(dtype=float))
    return np.where(told["cause"] == "", 0, np.nan_to_num(sides)).astype(int)


def _runs(table: pd.DataFrame, declared: Sequence[Rebase], method: str) -> list[tuple[int, int, str]]:
    """Return the first place, the place after the last, and what began each run."""
    versions = table["version"].to_numpy()
    turns = [0, *(np.flatnonzero(versions[1:] != versions[:-1]) + 1), len(table)]
    runs: list[tuple[int, int, str]] = []
    for number, (begin, end) in enumerate(pairwise(turns)):
        what = "new wording" if number else ""
        for rebase in sorted(declared, key=lambda each: each.on):
            place = int((table["first"] < pd.Timestamp(rebase.on)).sum())
            if begin + TRIAL_FROM <= place <= end - RUN and _moved(
                table.iloc[begin:place], table.iloc[place : place + RUN], method
            ):
                runs.append((begin, place, what))
                begin, what = place, rebase.what
        runs.append((begin, end, what))
    return [run for run in runs if run[1] > run[0]]


def _moved(before: pd.DataFrame, after: pd.DataFrame, method: str) -> bool:
    """Whether the first periods after a change lie where those before it would not."""
    limits = extended(_limits(before, method), after["decided"], is_share=method != XMR)
    rates = after["rate"].to_numpy(dtype=float)
    sides = np.sign(rates - limits.centre)
    beyond = (rates > limits.high).sum(), (rates < limits.low).sum()
    return bool(abs(sides.sum()) == len(after) or max(beyond) >= BEYOND)
