"""Broken items of one promise over a launch's days, beside what was to be expected of them: the pure middle of harm."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from aspromised.schema.snapshot import LAUNCH_HARM
from aspromised.stats.diff_in_diff import MIN_ITEMS_A_SIDE, difference_in_differences, side_by_day
from aspromised.stats.overdispersion import (
    BaselineLevel,
    History,
    QuietStretches,
    prediction_interval,
    quiet_stretches,
    upper_tail_probability,
)

BUYERS, OTHERS, ALL = "buyers", "others", "all"
_WHO = (BUYERS, OTHERS, ALL)
OPEN_LEAST = 0.05
"""A day of which more than this share of the items is still open is not counted yet."""
ROW_COLUMNS = LAUNCH_HARM.but(
    "promotion_id", "first", "until", "position", "promise_id", "claim", "source", "leaned_on", "standing"
)


@dataclass(frozen=True)
class Usual:
    """A promise day by day (`rows`: usual.USUAL_COLUMNS), its first day, and what happened where no promotion had brought
    the items."""

    rows: pd.DataFrame
    first: pd.Timestamp
    history: History
    found: dict[int, QuietStretches | None] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: pd.DataFrame) -> "Usual":
        """Read the rows, from the first day to the last."""
        rows = rows.assign(day=pd.to_datetime(rows["day"]))
        days = pd.date_range(rows["day"].min(), rows["day"].max(), freq="D")
        own = rows[rows["brought"].isna()]
        sums = (
            own.groupby("day")[["items", "broken", "open", "expected", "spread"]]
            .sum()
            .reindex(days, fill_value=0)
        )
        of_day = rows.groupby("day")[["version", "quiet"]].max().reindex(days)
        decided = sums["open"] <= OPEN_LEAST * (sums["items"] + sums["open"])
        history = History(
            observed=sums["broken"].to_numpy(dtype=float),
            expected=sums["expected"].to_numpy(dtype=float),
            variance=sums["spread"].to_numpy(dtype=float),
            version=of_day["version"].ffill().to_numpy(dtype=int),
            quiet=of_day["quiet"].eq(True).to_numpy() & decided.to_numpy(),
        )
        return cls(rows, days[0], history)

    @cached_property
    def own_days(self) -> pd.DataFrame:
        """The items no promotion brought, by day and whether they lie outside the shared capacity."""
        own = self.rows[self.rows["brought"].isna()]
        return own.groupby(["day", "outside"], as_index=False)[["items", "broken", "expected"]].sum()

    def quiet_stretches(self, length: int) -> QuietStretches | None:
        """Return the quiet stretches of a length, found once."""
        if length not in self.found:
            self.found[length] = quiet_stretches(self.history, length)
        return self.found[length]

    def place(self, day: date) -> int:
        """Return the number of a day, counted from the first."""
        return int((pd.Timestamp(day) - self.first).days)


def excess_rows(usual: Usual, promotion_id: str, first: date, until: date) -> pd.DataFrame:
    """Return ROW_COLUMNS for buyers, others and all of the items started on the days [first, until).

    `expected` is what `risk.score` expects of their weekdays, version and kind, times how the quiet days before went
    beside it. The range of what would have broken anyway has three parts: chance among the items, the doubt about the
    level, and how far quiet stretches of the same length strayed from what was expected of them (`stretches`). `low` and
    `high` are the broken less that 95 % range, so they tell of these very items. `p`: so many or more without harm.
    """
    start, stop = usual.place(first), usual.place(until)
    inside = usual.rows[usual.rows["day"].between(pd.Timestamp(first), pd.Timestamp(until), inclusive="left")]
    counted, undecided = _decided(inside)
    quiet = usual.quiet_stretches(max(stop - start, 1))
    levels = {
        int(version): usual.history.level(start, stop, int(version))
        for version in counted["version"].unique()
    }
    told = [
        _row(who, part, levels, quiet, undecided) | _control(usual, part, counted, levels)
        for who, part in _parts(counted, promotion_id)
    ]
    return pd.DataFrame(told, columns=list(ROW_COLUMNS))


def _decided(inside: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the rows of the days that are decided, and the number of days that are not."""
    sums = inside.groupby("day")[["items", "open"]].sum()
    undecided = sums.index[sums["open"] > OPEN_LEAST * (sums["items"] + sums["open"])]
    return inside[~inside["day"].isin(undecided)], len(undecided)


def _parts(counted: pd.DataFrame, promotion_id: str) -> list[tuple[str, pd.DataFrame]]:
    bought = counted["brought"] == promotion_id
    if not bought.any():
        return [(OTHERS, counted), (ALL, counted)]
    return [(BUYERS, counted[bought]), (OTHERS, counted[~bought]), (ALL, counted)]


def _row(
    who: str,
    part: pd.DataFrame,
    levels: dict[int, BaselineLevel | None],
    quiet: QuietStretches | None,
    undecided: int,
) -> dict[str, object]:
    items, broken = int(part["items"].sum()), int(part["broken"].sum())
    row: dict[str, object] = {"who": who, "items": items, "broken": broken, "undecided_days": undecided}
    known = [level for level in levels.values() if level is not None]
    if quiet is None or not items or not known or len(known) < len(levels):
        return row | {"reference_days": sum(len(level.days) for level in known), "placebos": 0}
    expected, chance = _expected(part, levels)
    variance = chance + quiet.between_variance * expected**2
    apart = int(quiet.non_overlapping.sum())
    least, most = prediction_interval(expected, variance, items, apart)
    return row | {
        "expected": expected, "excess": broken - expected, "low": broken - most, "high": broken - least,
        "p": upper_tail_probability(broken, expected, variance, items, apart),
        "reference_days": sum(len(level.days) for level in known),
        "reference_first": min(level.days.min() for level in known),
        "reference_last": max(level.days.max() for level in known),
        "placebos": apart, "placebo_rank": quiet.rank(broken - expected, expected, chance),
        "placebo_days": quiet.length,
    }  # fmt: skip


def _expected(part: pd.DataFrame, levels: dict[int, BaselineLevel | None]) -> tuple[float, float]:
    """Return what is expected of the items, and its variance by chance and by the doubt about the levels."""
    expected = chance = 0.0
    for version, rows in part.groupby("version"):
        level = levels[int(version)]
        if level is None:
            continue
        here = level.factor * float(rows["expected"].sum())
        expected += here
        chance += level.factor * float(rows["spread"].sum()) + level.relative_variance * here**2
    return expected, chance


def _control(
    usual: Usual, part: pd.DataFrame, counted: pd.DataFrame, levels: dict[int, BaselineLevel | None]
) -> dict[str, object]:
    """Return the difference in differences, in items, beside the items outside the shared capacity."""
    touched, beside = part[~part["outside"].astype(bool)], counted[counted["outside"].astype(bool)]
    row: dict[str, object] = {"control_items": int(beside["items"].sum())}
    known = [level.days for level in levels.values() if level is not None]
    if beside["items"].sum() < MIN_ITEMS_A_SIDE or touched["items"].sum() < MIN_ITEMS_A_SIDE or not known:
        return row
    days = usual.own_days[
        usual.own_days["day"].isin(usual.first + pd.to_timedelta(np.concatenate(known), unit="D"))
    ]
    before = {outside: days[days["outside"] == outside] for outside in (True, False)}
    sides = [
        side_by_day(before[False], True, False),
        side_by_day(_daily(touched), True, True),
        side_by_day(before[True], False, False),
        side_by_day(_daily(beside), False, True),
    ]
    if min(side["weight"].sum() for side in sides) < MIN_ITEMS_A_SIDE:
        return row
    found = difference_in_differences(pd.concat(sides, ignore_index=True))
    items = int(touched["items"].sum())
    return row | {
        "control_did": items * found.value,
        "control_low": items * found.low,
        "control_high": items * found.high,
    }


def _daily(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.groupby("day", as_index=False)[["items", "broken", "expected"]].sum()


def day_of(usual: Usual, number: float) -> date | None:
    """Return the day of a number, None of none."""
    return None if pd.isna(number) else (usual.first + timedelta(days=int(number))).date()
