"""A budget of misses as JSON has it, and in the lines under a ledger."""

import math
from collections.abc import Iterator, Mapping

from aspromised.analyse.budget.budget import Budget
from aspromised.analyse.budget.sentences import mark, overspent
from aspromised.analyse.windows.window import Window
from aspromised.cli.answers.figures import DaysAnswer
from aspromised.cli.answers.standing import BudgetAnswer, BurnAnswer
from aspromised.stats.burn_rate import BurnRate


def budget_json(budget: Budget) -> BudgetAnswer | None:
    """Return a budget over its window; None where the target forgives nothing.

    `allowed_so_far` is what is forgiven of the items decided, `allowed` what is of the whole window, with the items
    expected to come; `left` and `is_spent` are of the whole window, which is `closed` once none is. Where `wordings` is
    more than 1, it is of so many wordings together.
    """
    if not budget.has_budget:
        return None
    return {
        "window": _days(budget.window),
        "closed": budget.is_closed,
        "counted_to": budget.counted_to.isoformat(),
        "decided": budget.decided,
        "spent": budget.broken,
        "wordings": budget.wordings,
        "allowed_so_far": budget.allowed_so_far,
        "items_to_come": round(budget.to_come),
        "allowed": budget.allowed,
        "left": budget.left,
        "is_spent": budget.is_spent,
        "burn": _burn(budget.burn),
        "last_7_days": _burn(budget.week),
        "chance_spent_at_end": _plain(budget.chance_spent),
        "next": {
            **_days(budget.next_window),
            "items": budget.next_items,
            "chance_kept": _plain(budget.chance_next),
        },
        "policy": budget.policy or None,
    }


def _burn(burn: BurnRate) -> BurnAnswer:
    return {
        "rate": _plain(burn.times), "low": _plain(burn.low), "high": _plain(burn.high), "too_fast": burn.is_fast,
        "decided": burn.decided, "broken": burn.broken,
    }  # fmt: skip


def _days(window: Window) -> DaysAnswer:
    return {
        "from": window.first.isoformat() if window.first else None,
        "to": window.last.isoformat() if window.last else None,
    }


def _plain(number: float | None) -> float | None:
    return None if number is None or math.isnan(number) else round(number, 10)


def warnings(budgets: Mapping[str, Budget]) -> Iterator[str]:
    """Yield a line a promise whose budget is spent, or used up faster than chance explains."""
    for name, budget in budgets.items():
        said = [words for words in (_spent(budget), mark(budget)) if words]
        if said:
            yield f"{name}: {'; '.join(said)} ({budget.window.said(budget.as_of, budget.over)})"
        if budget.is_spent and budget.policy:
            yield f"  agreed: {budget.policy}"


def _spent(budget: Budget) -> str:
    return f"budget spent, {overspent(budget)}" if budget.is_spent else ""
