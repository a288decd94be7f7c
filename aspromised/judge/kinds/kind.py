"""What is particular to a kind of measure, as shared code asks it; everything else of a verdict is `judge.verdicts`."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlglot import exp

from aspromised.declare.model import Pause
from aspromised.judge.clocks.business_clock import NamedQuery
from aspromised.judge.planning.plan import Ask, Plan, instant_us
from aspromised.sql.templates import quoted, tree
from aspromised.words.vocabulary import CANCELLED

Rule = tuple[exp.Expr, str, exp.Expr]
"""When it holds, the verdict, and the reason; the first rule that holds decides."""


@dataclass(frozen=True)
class MeasureKind(ABC):
    """The parts of judging one plan that its kind of measure does its own way.

    Moments are µs UTC. The steps of the query, and the columns each may read, are those of `judge.verdicts.verdict`.
    """

    plan: Plan

    stands_alone: ClassVar[bool] = True
    """Whether a row is judged without looking at the others."""
    counted_by: ClassVar[tuple[str, ...]] = ()
    """The columns of `verdicts` that hold counts, where a row is not one item."""
    worth: ClassVar[tuple[str, str]] = ("1", "1")
    """What a row of `verdicts` adds to what is kept, where it is kept, and to what is broken, where it is broken (SQL)."""
    is_timed: ClassVar[bool] = False
    """Whether its items are early or late: whether `lateness_daily` is filled."""

    # the verdict

    @abstractmethod
    def started(self) -> exp.Expr:
        """Return when an item started, from the columns of its source."""

    @abstractmethod
    def done(self, as_of: int) -> exp.Expr:
        """Return when an item was done, as known at the moment."""

    @abstractmethod
    def columns(self) -> list[exp.Expr]:
        """Return further columns of the step `item`."""

    @abstractmethod
    def due(self, as_of: int) -> list[NamedQuery]:
        """Return the steps from `dated` to `with_due`."""

    @abstractmethod
    def unknown(self) -> Mapping[str | exp.Expr, exp.Expr]:
        """Return why an item cannot be judged (words, or SQL that makes them) → when."""

    @abstractmethod
    def outcome(self, moment: exp.Expr) -> list[Rule]:
        """Return the rules at a moment, of an item that can be judged and is not exempt."""

    @abstractmethod
    def turns(self) -> list[exp.Expr]:
        """Return the moments (null: none) at which the rules may come to another answer."""

    def again(self) -> list[NamedQuery]:
        """Return the steps after `with_due` that part a version where those of other rows decide otherwise; none by default."""
        return []

    def dates_given(self) -> list[exp.Expr]:
        """Return the columns of `item` that date it where it has no start."""
        return []

    def not_promised(self) -> exp.Expr | None:
        """Return when nothing was promised of an item, though a version was in force; None where that cannot be."""
        return None

    def cancelled(self) -> list[Rule]:
        """Return the rules of items that were cancelled."""
        return []

    def cancelled_otherwise(self) -> list[tuple[exp.Expr, str]]:
        """Return what a cancelled item would have been had nothing exempted it: by default broken where cancelling breaks it,
        and where cancelling exempts it, as any other item."""
        return [(when, word) for when, word, _ in self.cancelled() if word == "broken"]

    def judged_columns(self, as_of: int) -> list[exp.Expr]:
        """Return further columns of `judged`, of what the steps have."""
        return []

    # what is told of the verdicts

    @property
    def has_items(self) -> bool:
        """Whether a row is one item."""
        return not self.counted_by

    def count_of(self, column: str, verdict: str) -> exp.Expr:
        """Return how many rows of `judged` have a verdict; `column` is the name of that count."""
        return tree("count(case when verdict = :word then 1 end)", word=verdict)

    def stands_for(self) -> exp.Expr:
        """Return how many items a row of `judged` worth seeing stands for: as many as `count_of` counts it as."""
        return exp.convert(1)

    def left(self) -> exp.Expr:
        """Return what is left of its clock (µs) of an item in `judged`; null where none runs."""
        return tree("cast(null as bigint)")

    def tables(self) -> Mapping[str, exp.Expr]:
        """Return further tables of the snapshot → the query over `judged` that fills each, but for `promise_id`."""
        return {}

    def together(self) -> tuple[exp.Select, Mapping[str, exp.Expr]] | None:
        """Return a cheaper way to some of `tables` where all items are judged: a query over `judged`, and by table what fills
        it from that (`clocks.together`); None where there is none."""
        return None

    # what has to be judged again

    @property
    def identity(self) -> str | None:
        """The column that holds an item's id."""
        return getattr(self.plan.measure, "id", None)

    @property
    def is_judged_by_item(self) -> bool:
        """Whether all that decides about an item are the rows of its own id."""
        return self.stands_alone and self.has_items

    @property
    def sources_by_item(self) -> Mapping[str, str]:
        """The sources whose rows are of one item each → their column that holds the item's id; the items' own first."""
        return {self.plan.source: self.identity} if self.identity else {}

    @property
    def sources_by_many(self) -> frozenset[str]:
        """The sources that decide about many items by a row."""
        return frozenset()

    def pauses_of(self, source: str) -> Sequence[Pause]:
        """Return the pauses that rows of a source hold: while one lasts, an item's verdict may change."""
        return []

    def lengths(self, ask: Ask) -> list[tuple[float, str, str | None]]:
        """Return the longest length that each version gives an item: its number, its unit and its calendar; `ask` answers a query."""
        return []

    # the story of one item

    has_clock: ClassVar[bool] = False
    """Whether its story is that of a clock."""

    @property
    def condition(self) -> str:
        """The key of the SQL that decides by itself, as the column `is_kept` answers; "" where there is none."""
        return ""

    @property
    def matter(self) -> Sequence[str]:
        """The columns in which two items are the same matter, where one that comes again decides; () where none does."""
        return ()

    @property
    def window(self) -> str:
        """How long a matter must not come up again, in words."""
        return ""

    @abstractmethod
    def story_columns(self) -> list[exp.Expr]:
        """Return further columns of the story's row, of what the last step has."""

    def story_steps(self, as_of: int) -> list[NamedQuery]:
        """Return the steps after `verdicts` that the story needs."""
        return []


class AtOneMoment(MeasureKind):
    """The kinds whose items have but one moment: they start, are done and fall due at once."""

    def started(self) -> exp.Expr:
        """Return when it happened."""
        return instant(self.plan, getattr(self.plan.measure, "at", None))

    def done(self, as_of: int) -> exp.Expr:
        """Return when it happened, as known at the moment."""
        return known_by(self.started(), self.started(), as_of)

    def due(self, as_of: int) -> list[NamedQuery]:
        """Return the step that makes it due when it happened."""
        return [("with_due", tree("select *, started as due from dated"))]


def cancelled_rules(when: exp.Expr, if_cancelled: str) -> list[Rule]:
    """Return the rules of items that were cancelled (`when`): broken, or exempt, said apart where it was overdue."""
    if if_cancelled == "broken":
        return [(when, "broken", exp.convert(CANCELLED))]
    after = tree(":cancelled and cancelled > due", cancelled=when)
    return [
        (after, "exempt", exp.convert("cancelled after it was due")),
        (when, "exempt", exp.convert(CANCELLED)),
    ]


def instant(plan: Plan, column: str | None) -> exp.Expr:
    """Return a column as an instant (µs UTC); a day is its beginning, no column is null."""
    if column is None:
        return tree("cast(null as bigint)")
    if plan.is_date(column):
        return tree("ap_day_start(ap_number_of_date(:a))", a=quoted(column))
    return instant_us(plan.columns, column)


def known_by(moment: exp.Expr, known_from: exp.Expr, as_of: int) -> exp.Expr:
    """Return a moment if it was known by `as_of`, else null."""
    return tree("case when :test <= :as_of then :moment end", test=known_from, as_of=as_of, moment=moment)
