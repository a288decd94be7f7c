"""The budget of misses: how many a target forgives over a window, how many are spent, and how fast.

Counted in items, not in minutes. Only items that are decided on days gone by are counted: what is still undecided is
neither spent nor forgiven. Two allowances are told apart everywhere: what is forgiven of the items *so far*, and of
those of the *whole window*, where the items still to come are those of the last eight weeks, weekday by
weekday; of the last three months where figures come once a month.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from aspromised.analyse.budget.spending import Days, Terms, budget_inputs
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import Window
from aspromised.stats import burn_rate as forecast
from aspromised.stats.burn_rate import BurnRate, burn_rate
from aspromised.words.moments import last_day_over
from aspromised.words.nouns import Noun
from aspromised.words.problems import no_such

_WEEK = 7
_ITEM = Noun("item", "items")


@dataclass(frozen=True)
class Budget:
    """A promise's misses over `window`, counted up to the end of the day `counted_to`."""

    promise_id: str
    window: Window
    counted_to: date
    as_of: date
    target: float
    """The mean of the versions' targets weighted by their decided items; where none is decided, the one it is told in."""
    at_least: int
    decided: int
    broken: int
    forgiven: float
    """Misses forgiven of the items decided so far, each by its version's target; not yet a whole number."""
    to_come: float
    """Items expected to be decided yet: those still open, those of the days to come, and the rest of a day still running."""
    target_to_come: float
    """The target that the window is told in (`versions.told_day`), which the items to come will be held against."""
    week_decided: int
    week_broken: int
    """Items of those of the seven days to `counted_to` that are in the window."""
    week_target: float
    recent_decided: int
    recent_broken: int
    """Items of the recent days to `as_of` (eight weeks; three months where figures come once a month) that the version in force judged: what is to be expected."""
    next_window: Window
    next_items: int
    target_next: float | None
    """The target of the next window; None where another version will stand there: of that nothing is known yet."""
    recent_span: str = "8 weeks"
    """The days that say what is to be expected, in words."""
    policy: str = ""
    noun: Noun = _ITEM
    wordings: int = 1
    """Under how many versions its items were decided: a budget is of all of them, each item with its version's target."""
    over: date | None = None
    """The last day that was over at the snapshot's moment; none: `as_of`."""

    @property
    def has_budget(self) -> bool:
        """Whether the target forgives anything: one of 100 % does not."""
        return self.target < 1

    @property
    def is_closed(self) -> bool:
        """Whether it is final: the window was over at the snapshot's moment, and nothing in it was still open."""
        return self.is_over and not self.to_come

    @property
    def is_over(self) -> bool:
        """Whether the window was over at the snapshot's moment; what started in it may still be open."""
        return self.window.is_closed(self.over or self.as_of)

    @property
    def is_judged(self) -> bool:
        """Whether there are as many items as the promise asks for."""
        return self.decided > 0 and self.decided >= self.at_least

    @property
    def allowed_so_far(self) -> int:
        """Misses the target forgives of the items decided so far."""
        return forecast.whole_misses(self.forgiven)

    @property
    def items(self) -> int:
        """Items of the whole window: those decided and those expected."""
        return self.decided + round(self.to_come)

    @property
    def allowed(self) -> int:
        """Misses the target forgives over the whole window, with the items to come."""
        return forecast.whole_misses(self.forgiven + self.to_come * (1 - self.target_to_come))

    @property
    def left(self) -> int:
        """Misses left over the whole window; negative: so many too many."""
        return self.allowed - self.broken

    @property
    def share_spent(self) -> float | None:
        """Misses ÷ allowed over the whole window, None where none is allowed."""
        return self.broken / self.allowed if self.allowed else None

    @property
    def is_spent(self) -> bool:
        """Whether more was broken than the target forgives over the whole window, on items enough to tell."""
        return self.has_budget and self.is_judged and self.left < 0

    @cached_property
    def burn(self) -> BurnRate:
        """How fast the window's budget has been used up so far."""
        return burn_rate(self.broken, self.decided, self.target, self.at_least)

    @cached_property
    def week(self) -> BurnRate:
        """How fast the seven days to `counted_to` used it up."""
        return burn_rate(self.week_broken, self.week_decided, self.week_target, self.at_least)

    @property
    def miss_rate(self) -> float | None:
        """The share of misses to be expected, None where the version in force has judged nothing lately."""
        return self.recent_broken / self.recent_decided if self.recent_decided else None

    @property
    def chance_spent(self) -> float | None:
        """The chance that the budget is spent once all its items are told; None where they are, or nobody can say."""
        if self.is_closed or not self.has_budget or self.miss_rate is None:
            return None
        return forecast.probability_of_more(self.left, round(self.to_come), self.miss_rate)

    @property
    def chance_next(self) -> float | None:
        """The chance to meet the target in `next_window`; None where nobody can say."""
        if self.miss_rate is None or not self.next_items or self.target_next is None:
            return None
        return forecast.probability_of_meeting(self.next_items, self.target_next, 1 - self.miss_rate)


def budget(
    snapshot: Queryable, promise_id: str, window: Window | None = None, as_of_day: date | None = None
) -> Budget:
    """Return the budget of a promise over `window`; MisuseError where there is no such promise.

    Without a window, over the promise's own one that holds the day. As of an earlier day than the snapshot's, only
    days up to it are counted, as they are known now.
    """
    found = budgets(snapshot, window, as_of_day, promise_id)
    if promise_id not in found:
        known = snapshot.query("select promise_id from promise")["promise_id"]
        raise no_such("promise", promise_id, known)
    return found[promise_id]


def budgets(
    snapshot: Queryable, window: Window | None = None, as_of_day: date | None = None, promise_id: str = ""
) -> dict[str, Budget]:
    """Return the budget of every promise by its id, or of one; a spread has none and is left out."""
    days, terms = budget_inputs(snapshot, window, as_of_day, promise_id)
    over = last_day_over(snapshot.meta["as_of"])
    return {name: _budget(days[name], each, min(over, each.as_of)) for name, each in terms.items()}


def spent_promises(snapshot: Queryable, as_of_day: date | None = None) -> tuple[str, ...]:
    """Return the promises whose budget over their own window is spent, by id."""
    found = budgets(snapshot, as_of_day=as_of_day)
    return tuple(sorted(name for name, each in found.items() if each.is_spent))


def _budget(days: Days, terms: Terms, over: date) -> Budget:
    so_far = days.between(terms.window.first, terms.counted_to)
    newest = terms.counted_to - timedelta(days=_WEEK - 1)
    week = days.between(max(terms.window.first or newest, newest), terms.counted_to)
    recent = days.recent(terms.as_of).of_version(terms.version)
    return Budget(
        promise_id=terms.promise_id,
        window=terms.window,
        counted_to=terms.counted_to,
        as_of=terms.as_of,
        target=so_far.target if so_far.decided else terms.target,
        at_least=terms.at_least,
        decided=so_far.decided,
        broken=so_far.missed,
        forgiven=so_far.forgiven,
        to_come=days.to_come(terms.window, terms.as_of, over),
        target_to_come=terms.target,
        week_decided=week.decided,
        week_broken=week.missed,
        week_target=week.target if week.decided else terms.target,
        recent_decided=recent.decided,
        recent_broken=recent.missed,
        next_window=terms.next_window,
        target_next=terms.target_next,
        next_items=round(days.to_come(terms.next_window, terms.as_of, over)),
        recent_span=days.recent_span,
        policy=terms.policy,
        noun=terms.noun,
        wordings=len(np.unique(so_far.version[so_far.kept + so_far.broken > 0])),
        over=over,
    )
