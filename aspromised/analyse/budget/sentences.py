"""What is to be said of a budget of misses: spent or not, how fast, and what to expect."""

from collections.abc import Iterator

from aspromised.analyse.budget.budget import Budget
from aspromised.analyse.rates.wordings import in_wordings
from aspromised.stats.burn_rate import BurnRate, critical_misses
from aspromised.words.figures import chance, count, day, percent, plural, target, times, two_figures

_FEW = 5
"""With fewer misses forgiven than this, one more or less is mostly chance: the fewest that alarm are named."""


def sentences(budget: Budget) -> list[str]:
    """Return what is to be said of a budget, the state first; [] where nothing is decided."""
    return list(_said(budget)) if budget.decided else []


def _said(budget: Budget) -> Iterator[str]:
    if not budget.has_budget:
        yield _nothing_forgiven(budget)
        return
    yield _closed(budget) if budget.is_closed else _running(budget)
    if budget.wordings > 1:
        yield f"That is in {in_wordings(budget.wordings)} together, each item held against the target of its own."
    yield from _pace(budget)
    yield from _few(budget)
    yield from _ahead(budget)


def _nothing_forgiven(budget: Budget) -> str:
    said = f"A target of {target(budget.target)} forgives nothing, so there is no budget to spend"
    return f"{said}: every miss counts, and there {_were(budget.broken)} so far."


def _were(number: int) -> str:
    return "was 1" if number == 1 else f"were {count(number)}"


def _closed(budget: Budget) -> str:
    forgiven = _items(budget, budget.allowed) if budget.allowed else f"{forgiven_words(0)} {budget.noun.one}"
    said = f"A target of {target(budget.target)} forgives {forgiven} in {budget.window.label}"
    if budget.left < 0:
        return f"{said}: {count(budget.broken)} broken, {count(-budget.left)} too many{_spent(budget)}."
    return f"{said}: {count(budget.broken)} broken, {count(budget.left)} left."


def forgiven_words(number: int) -> str:
    """Return how many misses a target below 100 % forgives: of few items it is part of one, which is not none.

    >>> forgiven_words(3), forgiven_words(0)
    ('3', 'less than one')
    """
    return count(number) if number else "less than one"


def _spent(budget: Budget) -> str:
    if budget.is_spent:
        return ", so the budget is spent"
    return f"; with fewer than {count(budget.at_least)} judged that may be chance"


def _running(budget: Budget) -> str:
    """So far and over the whole window, each with its allowance named for what it is."""
    so_far = (
        f"To {day(budget.counted_to)}, {count(budget.broken)} of {_items(budget, budget.decided)} were broken;"
        f" the target of {target(budget.target)} forgives {forgiven_words(budget.allowed_so_far)} of those,"
    )
    whole = f"{forgiven_words(budget.allowed)} of the {count(budget.items)}"
    last = f"{whole} {_once(budget, 'expected by', 'there will be')}"
    if budget.left < 0:
        return f"{so_far} and {last}: {count(-budget.left)} too many already{_spent(budget)}."
    share = f"{percent(budget.share_spent, 0)} of it spent, " if budget.share_spent is not None else ""
    return f"{so_far} and {last}: {share}{count(budget.left)} left."


def _once(budget: Budget, by: str, then: str = "") -> str:
    """When the whole window is told: by its end, or where that is past, once what is open in it is."""
    if not budget.is_over:
        return f"{by} {day(budget.window.last)}"
    return f"{then} once the {_items(budget, round(budget.to_come))} still open are told".strip()


def _pace(budget: Budget) -> Iterator[str]:
    if budget.is_judged:
        yield f"Misses come {_times(budget.burn)}."
    week = budget.week
    if week.is_fast and week.decided < budget.decided:
        yield f"In the 7 days to {day(budget.counted_to)} they came {_times(week)}."


def _times(burn: BurnRate) -> str:
    between = f"95 % interval {times(burn.low)} to {times(burn.high)}"
    said = f"{times(burn.times)} times as fast as the target allows ({between})"
    if burn.is_fast:
        return f"{said}: faster than chance explains"
    return said if burn.high < 1 else f"{said}; chance alone could explain it"


def _few(budget: Budget) -> Iterator[str]:
    """At low volume a count says more than a rate."""
    if budget.items and budget.allowed < _FEW:
        fewest = critical_misses(budget.items, budget.target)
        yield (
            f"Among {_items(budget, budget.items)} it takes {plural(fewest, 'miss', 'misses')} before chance is no"
            f" explanation (under 5 % at the target itself)."
        )


def _ahead(budget: Budget) -> Iterator[str]:
    said = []
    if budget.chance_spent is not None and budget.left >= 0:
        said.append(
            f"the chance that the budget is spent {_once(budget, 'by')} is {chance(budget.chance_spent)}"
        )
    if budget.chance_next is not None and budget.target_next is not None:
        expected = _items(budget, two_figures(budget.next_items))
        said.append(
            f"the chance to meet {target(budget.target_next)} in {budget.next_window.label} is"
            f" {chance(budget.chance_next)} (about {expected})"
        )
    if said and budget.miss_rate is not None:
        yield f"If it goes on as in the {budget.recent_span} to {day(budget.as_of)} ({percent(budget.miss_rate)} broken), {' and '.join(said)}."


def mark(budget: Budget) -> str:
    """Return the few words a row of a ledger has for it: "" where there is nothing to warn of.

    The window's own pace comes first; where only the newest seven days are fast, they are named.
    """
    if not budget.has_budget:
        return ""
    if budget.burn.is_fast:
        return f"burning {times(budget.burn.times)} times too fast{_in(budget)}"
    if budget.week.is_fast:
        return f"last 7 days: burning {times(budget.week.times)} times too fast"
    return ""


def review_line(found: dict[str, Budget], claims: dict[str, str]) -> str:
    """Return one sentence on all budgets: how many are spent, and which others are being used up too fast."""
    judged = {name: each for name, each in found.items() if each.has_budget and each.is_judged}
    if not judged:
        return ""
    spent = sorted(
        (name for name, each in judged.items() if each.is_spent), key=lambda name: judged[name].left
    )
    fast = [name for name, each in judged.items() if not each.is_spent and mark(each)]
    if not spent and not fast:
        return f"None of {len(judged)} is spent, and none is used up faster than chance explains."
    said = f"Spent for {len(spent)} of {len(judged)}" if spent else f"None of {len(judged)} is spent"
    if spent:
        worst = spent[0]
        where = f", furthest for “{claims[worst]}”: " if len(spent) > 1 else f": “{claims[worst]}”, "
        said += f"{where}{overspent(judged[worst])}"
    return f"{said}.{_fast([claims[name] for name in fast])}"


def overspent(budget: Budget) -> str:
    """Return how many were broken and how many are forgiven; of few items it may be less than one."""
    forgiven = (
        f"{count(budget.allowed)} are"
        if budget.allowed > 1
        else "one is"
        if budget.allowed
        else f"{forgiven_words(0)} is"
    )
    return f"{count(budget.broken)} broken where {forgiven} forgiven{_in(budget)}"


def _in(budget: Budget) -> str:
    return f" in {in_wordings(budget.wordings)} together" if budget.wordings > 1 else ""


def _fast(claims: list[str]) -> str:
    if not claims:
        return ""
    more = f" and {len(claims) - 2} more" if len(claims) > 2 else ""
    named = (
        " and ".join(f"“{claim}”" for claim in claims[:2])
        if not more
        else ", ".join(f"“{claim}”" for claim in claims[:2])
    )
    return f" Used up too fast: {named}{more}."


def _items(budget: Budget, number: float) -> str:
    return plural(number, budget.noun.one, budget.noun.many)
