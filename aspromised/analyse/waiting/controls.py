"""Approvals and checks that change almost nothing, and what they cost in time."""

from dataclasses import dataclass

from aspromised.analyse.handoffs.stages import stage_figures
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import Window
from aspromised.stats.proportion import wilson
from aspromised.words.figures import count, percent, roughly

SELDOM = 0.02
"""A control changes almost nothing where it surely changes no more than this share of what passes it."""


@dataclass(frozen=True)
class SeldomChanges:
    """An approval or check that changes almost nothing."""

    stage: str
    owner: str
    passed: int
    changed: int
    high: float
    """The share it changes, at most (95 % interval)."""
    median_s: float
    p90_s: float

    @property
    def sentence(self) -> str:
        """The finding in words: a question to its owner, no advice to drop it."""
        return (
            f"{self.stage} changed {count(self.changed)} of {count(self.passed)} ({percent(self.changed / self.passed)}, at most"
            f" {percent(self.high)}) and takes {roughly(self.median_s)} in the middle, {roughly(self.p90_s)} for one in ten."
            f" Ask {self.owner} what it is for before changing it."
        )


def seldom_changes(snapshot: Queryable, chain_id: str, window: Window) -> list[SeldomChanges]:
    """Return the approvals and checks of a chain that change almost nothing of what passes them in a window."""
    rows = stage_figures(snapshot, chain_id, window)
    found = []
    for row in rows[rows["changed_share"].notna()].itertuples():
        passed, changed = int(row.passed), round(row.changed_share * row.passed)
        high = float(wilson([changed], [passed])[1][0])
        if row.kind in ("approval", "check") and high <= SELDOM:
            found.append(
                SeldomChanges(row.stage, row.supplier, passed, changed, high, row.median_s, row.p90_s)
            )
    return found
