"""The ramp of newcomers: how long until they keep a promise like the others."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import segments_of
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import count, percent, points_between, points_of, without_sign
from aspromised.words.vocabulary import NONE_VALUE

RAMP_COLUMNS = ("value", "begins", "kept", "decided", "rate", "low", "high", "is_reference")
"""`begins` is the days a band or week begins with; `low` and `high` are of the share kept less that of the others."""
DAYS_IN = {"day": 1.0, "week": 7.0, "month": 30.4375, "quarter": 91.3125, "year": 365.25}
_NAMED = re.compile(
    r"tenure|seniority|experience|time_in_(job|team)|(weeks?|months?|days?)_(since|with|in|here)|joined"
)
_WEEKS = re.compile(r"week", re.IGNORECASE)
RAMP_LEAST = 30
"""Items below which a band or week is too few to be held against the others."""
NEWCOMER_WEEKS = 52
"""Weeks after which nobody is a newcomer, where weeks are known."""
POOLED = 4
"""A week is held against the others together with the next three: one alone is thin, and one of many is low by chance."""


@dataclass(frozen=True)
class Ramp:
    """What newcomers kept by how long they have been there: `rows` are RAMP_COLUMNS, the newest first, the others last."""

    segment: str
    rows: pd.DataFrame
    by_week: bool
    items: str

    @property
    def others(self) -> pd.Series:
        """The row that newcomers are held against: those who have been there longest."""
        return self.rows[self.rows["is_reference"]].iloc[0]

    @property
    def newest(self) -> pd.Series:
        """The row of those who came last."""
        return self.rows.iloc[0]

    @property
    def lag(self) -> pd.DataFrame:
        """The rows from the newest on that are kept less often than by the others, beyond chance, up to the first that is not."""
        told = self.rows[~self.rows["is_reference"]]
        behind = (told["high"] < 0).tolist()
        return told.head(next((place for place, is_behind in enumerate(behind) if not is_behind), len(told)))

    @property
    def sentence(self) -> str:
        """How newcomers keep it, and from when on like the others."""
        newest, others, name = self.newest, self.others, self.segment.replace("_", " ")
        if newest["decided"] < RAMP_LEAST:
            return f"Newcomers ({name} {newest['value']}) had {count(newest['decided'])} {self.items}: too few to hold against the others."
        told = (
            f"{self._who(newest)} kept {percent(newest['rate'])} of {count(newest['decided'])} {self.items},"
            f" {self._others(others)} {percent(others['rate'])}"
        )
        if self.lag.empty:
            return f"{told}: newcomers keep it like the others, as far as can be told."
        ends = sorted(abs(float(newest[name])) for name in ("low", "high"))
        between = points_of(round(ends[0], 4), round(ends[1], 4))
        return f"{told}: {without_sign(points_between(newest['rate'], others['rate']))} less ({between}). {self._until}"

    def _who(self, row: pd.Series) -> str:
        if self.by_week:
            return f"In week {int(row['begins'] // 7) + 1} newcomers"
        return f"Newcomers ({self.segment.replace('_', ' ')} {row['value']})"

    def _others(self, row: pd.Series) -> str:
        return "those who have been there longer" if self.by_week else f"the others ({row['value']})"

    @property
    def _until(self) -> str:
        after = self.rows.iloc[len(self.lag)]
        if after["is_reference"]:
            return (
                f"They keep it less often all the while, until they are among the others ({after['value']})."
            )
        if self.by_week:
            return f"From week {int(after['begins'] // 7) + 1} on they keep it like the others."
        return (
            f"From “{after['value']}” on they keep it like the others ({percent(after['rate'])}); only bands of tenure are known,"
            " so in which week that begins nobody can say."
        )


def ramps(snapshot: Queryable, promise_id: str, window: Window, items: str) -> list[Ramp]:
    """Return the ramp of each segment of a promise that tells how long somebody has been there, up to the window's end.

    Such a segment is known by its name (tenure, seniority, weeks since …) and by values that are numbers of weeks, or bands
    of lengths ("under 3 months", "3 to 12 months", "over a year"). Only what was promised in the version last in force counts.
    """
    names = [name for name in segments_of(snapshot, promise_id) if _NAMED.search(name.lower())]
    return [found for name in names if (found := _ramp(snapshot, promise_id, name, window, items))]


def _ramp(snapshot: Queryable, promise_id: str, segment: str, window: Window, items: str) -> Ramp | None:
    looked = Window(last=window.last)
    counts = snapshot.query(
        f"select coalesce(value, '{NONE_VALUE}') as value, sum(kept)::bigint as kept, sum(kept + broken)::bigint as decided"
        f" from verdict_daily where promise_id = $promise and segment = $segment and {looked.condition} and version = ("
        f" select max(version) from verdict_daily where promise_id = $promise and kept + broken > 0 and {looked.condition})"
        " group by all having sum(kept + broken) > 0 order by all",
        {"promise": promise_id, "segment": segment, **looked.parameters},
    )
    by_week = bool(_WEEKS.search(segment)) and _are_numbers(counts["value"])
    told = weeks_told(counts) if by_week else bands_told(counts)
    return None if told is None else Ramp(segment, ramp_rows(told, POOLED if by_week else 1), by_week, items)


def _are_numbers(values: pd.Series) -> bool:
    known = values[values != NONE_VALUE]
    return len(known) > 0 and bool(pd.to_numeric(known, errors="coerce").notna().all())


def weeks_told(counts: pd.DataFrame) -> pd.DataFrame | None:
    """Return value, begins, kept and decided of each week up to NEWCOMER_WEEKS, and of all later ones together, newest first.

    None where nobody has been there longer: then there is nothing to hold newcomers against.
    """
    numbers = pd.to_numeric(counts["value"], errors="coerce")
    table = counts.assign(week=np.floor(numbers))[numbers >= 0]
    late = table["week"] >= NEWCOMER_WEEKS
    if not late.any() or late.all():
        return None
    weeks = table[~late].groupby("week", as_index=False)[["kept", "decided"]].sum()
    others = table[late][["kept", "decided"]].sum()
    rows = weeks.assign(value=[f"week {int(week) + 1}" for week in weeks["week"]], begins=7 * weeks["week"])
    last = pd.DataFrame([{"value": f"over {NEWCOMER_WEEKS} weeks", "begins": 7.0 * NEWCOMER_WEEKS, **others}])
    return pd.concat([rows[["value", "begins", "kept", "decided"]], last], ignore_index=True)


def bands_told(counts: pd.DataFrame) -> pd.DataFrame | None:
    """Return value, begins, kept and decided of each band, newest first; None where fewer than two can be read as lengths."""
    begins = counts["value"].map(band_begins)
    table = counts.assign(begins=begins)[begins.notna()].sort_values("begins", ignore_index=True)
    return table[["value", "begins", "kept", "decided"]] if len(table) > 1 else None


def band_begins(words: str) -> float | None:
    """Return with how many days a band of lengths begins, None where it is none.

    >>> [band_begins(words) for words in ("under 3 months", "3 to 12 months", "over a year", "0-4 weeks", "2+ years", "new")]
    [0.0, 91.3125, 365.25, 0.0, 730.5, None]
    """
    text = words.lower().strip()
    units = re.findall(r"(day|week|month|quarter|year)s?\b", text)
    if not units:
        return None
    if re.match(r"(under|less than|up to|below|first|<)", text):
        return 0.0
    number = re.search(r"\d+(?:\.\d+)?", text)
    first = float(number.group()) if number else 1.0 if re.search(r"\b(a|an|one)\b", text) else None
    return None if first is None else first * DAYS_IN[units[0]]


def ramp_rows(told: pd.DataFrame, pooled: int = 1) -> pd.DataFrame:
    """Return RAMP_COLUMNS of value, begins, kept and decided: each, with those after it up to `pooled`, held against the last row.

    The interval is Newcombe's hybrid score (Stat Med 17:873, 1998).
    """
    others, newcomers = told.iloc[-1], told.iloc[:-1]
    ends = [
        _behind(newcomers.iloc[place : place + pooled][["kept", "decided"]].sum(), others)
        for place in range(len(newcomers))
    ]
    rows = told.assign(
        rate=told["kept"] / told["decided"],
        low=[*(low for low, _ in ends), np.nan],
        high=[*(high for _, high in ends), np.nan],
        is_reference=[False] * len(newcomers) + [True],
    )
    return rows[list(RAMP_COLUMNS)]


def _behind(some: pd.Series, others: pd.Series) -> tuple[float, float]:
    low, high = confint_proportions_2indep(
        some["kept"], some["decided"], others["kept"], others["decided"], method="newcomb", compare="diff"
    )
    return float(low), float(high)
