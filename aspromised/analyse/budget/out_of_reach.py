"""Promises whose windows hold too few items for their target ever to be shown."""

from dataclasses import dataclass

from aspromised.analyse.budget.budget import Budget, budgets
from aspromised.analyse.queryable import Queryable
from aspromised.declare.checks.reach import items_needed
from aspromised.words.figures import plural, target
from aspromised.words.nouns import Noun


@dataclass(frozen=True)
class OutOfReach:
    """A promise, the items its next window is expected to hold, and those that its target takes with no miss at all."""

    promise_id: str
    items: int
    needed: int
    share: float
    noun: Noun

    @property
    def sentence(self) -> str:
        """Why it cannot be shown to be kept."""
        usual = plural(self.items, self.noun.one, self.noun.many)
        return (
            f"its window usually holds about {usual}: even with no miss they could not show {target(self.share)}, which"
            f" takes {self.needed:,}"
        )


def out_of_reach(budget: Budget, share: float | None = None) -> OutOfReach | None:
    """Return why a target (default: the one in force) cannot be shown to be kept; None where it can, or nobody knows.

    A target of all items is left out: it is out of reach at any number.
    """
    aim = budget.target_to_come if share is None else share
    if aim >= 1 or not budget.next_items or budget.next_items >= items_needed(aim):
        return None
    return OutOfReach(budget.promise_id, budget.next_items, items_needed(aim), aim, budget.noun)


def all_out_of_reach(snapshot: Queryable, targets: dict[str, float]) -> list[OutOfReach]:
    """Return the promises whose target, as `targets` has it now, is out of reach of the items a window holds."""
    found = budgets(snapshot)
    told = (out_of_reach(found[name], share) for name, share in targets.items() if name in found)
    return [each for each in told if each]
