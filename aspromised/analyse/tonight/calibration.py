"""How well chances were told: what was forecast on past evenings against what came."""

from dataclasses import dataclass

import pandas as pd

from aspromised.analyse.queryable import Queryable, remembered
from aspromised.stats.proportion import wilson
from aspromised.words.figures import count, listed, percent

TENTH_COLUMNS = ("tenth", "items", "told", "broke", "low", "high")
_ENOUGH = 100
"""Forecasts from which on a tenth is worth a sentence."""


@dataclass(frozen=True)
class Calibration:
    """By tenths of the chance told: how many there were, what was told on average and how many broke."""

    tenths: pd.DataFrame
    """TENTH_COLUMNS; shares 0 to 1."""
    months: tuple[str, ...]
    brier: float
    """The mean squared error of what was told; NaN where nothing was."""
    brier_base: float
    """The same, had everybody been told the share that broke in the months before."""

    @property
    def items(self) -> int:
        """How many forecasts there were: items, once an evening."""
        return int(self.tenths["items"].sum())

    @property
    def is_better(self) -> bool:
        """Whether it told more than the share that breaks anyhow."""
        return self.brier < self.brier_base

    @property
    def sentence(self) -> str:
        """How far it is to be relied on."""
        if not self.items:
            return (
                "How well chances are told cannot be said yet: that needs two whole months with items that"
                " waited over an evening."
            )
        said = self._said()
        better = (
            "closer than telling everybody the share that breaks anyhow"
            if self.is_better
            else "no closer than telling everybody the share that breaks anyhow: rely on the order, not on the number"
        )
        return (
            f"{said} Over {self._span()}, {count(self.items)} forecasts of past evenings, each from what was known"
            f" before the month, came {better}."
        )

    def _said(self) -> str:
        enough = self.tenths[self.tenths["items"] >= _ENOUGH]
        if enough.empty:
            return ""
        row = enough.iloc[-1]
        return (
            f"Of the {count(row['items'])} to which we gave {percent(row['told'], 0)} on average,"
            f" {percent(row['broke'], 0)} broke."
        )

    def _span(self) -> str:
        return listed([f"{pd.Timestamp(month):%B}" for month in self.months])


@remembered
def calibration(snapshot: Queryable, promise: str = "", team: str = "") -> Calibration:
    """Return how the chances of the last whole months fared, of a promise or of those a team keeps."""
    rows = snapshot.query(
        """
        select day, tenth, sum(items)::bigint as items, sum(broken)::bigint as broken, sum(told) as told,
            sum(squared) as squared, sum(squared_base) as squared_base
        from chance_checked join promise using (promise_id)
        where ($promise = '' or promise_id = $promise) and ($team = '' or kept_by = $team)
        group by all order by day, tenth
        """,
        {"promise": promise, "team": team},
    )
    sums = rows.drop(columns="day").groupby("tenth", as_index=False).sum()
    items = sums["items"].astype(float)
    low, high = wilson(sums["broken"], items)
    tenths = pd.DataFrame(
        {
            "tenth": sums["tenth"], "items": sums["items"], "told": sums["told"] / items, "broke": sums["broken"] / items,
            "low": low, "high": high,
        }
    )  # fmt: skip
    total = float(items.sum())
    error, base = (
        float(sums[name].sum()) / total if total else float("nan") for name in ("squared", "squared_base")
    )
    months = tuple(f"{day:%Y-%m-%d}" for day in sorted(set(pd.to_datetime(rows["day"]))))
    return Calibration(tenths[list(TENTH_COLUMNS)], months, error, base)
