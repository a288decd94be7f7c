"""Verdicts by the language's rules, in pandas: the generator's own count, independent of the judge's SQL."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aspromised.demo.wall import DAY, NEVER, Bools, instants, local_days

DECIDED_OR_OPEN = ("kept", "broken", "open", "exempt", "unknown")
_ITEM_COLUMNS = ("id", "day", "version", "verdict")


@dataclass(frozen=True)
class Rules:
    """What one version of a clock promise lets pass: due moments, and whether the boundary itself is late."""

    due: pd.Series
    strict: bool = False


def last_moment(days: pd.Series) -> pd.Series:
    """Return the last microsecond of local days (midnights without zone), as UTC."""
    midnight = np.asarray(pd.DatetimeIndex(days).as_unit("us").asi8)
    last = instants(np.where(midnight == NEVER, NEVER, midnight + DAY)) - pd.Timedelta(microseconds=1)
    return last.set_axis(days.index)


def within_calendar_days(started: pd.Series, days: pd.Series | int) -> pd.Series:
    """Return the end of the local day that many days after the start's."""
    ahead = pd.to_timedelta(days, unit="D") if isinstance(days, pd.Series) else pd.Timedelta(days=days)
    return last_moment(local_days(started) + ahead)


def clock_verdicts(
    started: pd.Series, done: pd.Series, rules: Rules, as_of: pd.Timestamp, *,
    exempt: Bools, promised: Bools, cancelled: pd.Series | None = None, cancelled_is: str = "exempt",
) -> np.ndarray:  # fmt: skip
    """Return each item's verdict ('' where not promised), the first rule that fits deciding."""
    due, finished = rules.due, done.where(done <= as_of)
    called = cancelled.where(cancelled <= as_of) if cancelled is not None else done.where(done.isna())
    void = called.notna() & ~(finished.notna() & (finished <= called))
    unknown = started.isna() | due.isna() | (finished < started)
    in_time = (finished < due) if rules.strict else (finished <= due)
    late = finished.notna() | (due <= as_of)
    return np.select(
        [~promised, exempt, void, unknown, in_time, late],
        ["", "exempt", cancelled_is, "unknown", "kept", "broken"],
        default="open",
    )


def check_verdicts(kept: pd.Series, exempt: Bools) -> np.ndarray:
    """Return each item's verdict from a nullable boolean: null is unknown."""
    return np.select(
        [exempt, kept.isna().to_numpy(), kept.fillna(False).to_numpy(dtype=bool)],
        ["exempt", "unknown", "kept"],
        default="broken",
    )


def verdict_counts(items: pd.DataFrame) -> dict[str, int | float | None]:
    """Return how many items have each verdict, how many were not promised, and the kept rate."""
    found = items["verdict"].value_counts()
    told: dict[str, int | float | None] = {verdict: int(found.get(verdict, 0)) for verdict in DECIDED_OR_OPEN}
    told["not_promised"] = int(found.get("", 0))
    judged = int(found.get("kept", 0)) + int(found.get("broken", 0))
    told["rate"] = float(found.get("kept", 0)) / judged if judged else None
    return told


def by_month(items: pd.DataFrame) -> dict[str, dict[str, int | float | None]]:
    """Return the counts of each month of the counted day; '(none)' holds items without one."""
    month = items["day"].to_numpy().astype("datetime64[M]")
    parts = items.groupby(month.astype(np.int64), sort=True)
    return {_month_name(number): verdict_counts(part) for number, part in parts}


def _month_name(number: int) -> str:
    return "(none)" if number == NEVER else str(np.datetime64(number, "M"))
