"""What another definition of a promise makes of the same days: both judged now, over the same items, from the warehouse.

The terms compared are those that each state would promise from now on, as if they had stood all along. Where they are the
same and only the past was edited, each state is judged with its versions. An item is in the comparison where both have
decided: the later of its two days lies in the window, and it is due by both.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import repeat
from typing import Literal, get_args

from sqlglot import exp

from aspromised.analyse.rates.figures import statuses_of
from aspromised.declare.model import Promise, PromiseInForce
from aspromised.declare.workspace import Workspace
from aspromised.judge.kinds.registry import kind_of
from aspromised.judge.planning.plan import CannotJudgeError, Plan
from aspromised.judge.run import judge_items, plan_promise
from aspromised.schema.snapshot import segment_column
from aspromised.sql.columns import temporary_tables
from aspromised.sql.engine import Engine, EngineError
from aspromised.sql.limits import stopped
from aspromised.sql.templates import identifier, quoted
from aspromised.stats.proportion import DIGITS, wilson
from aspromised.words.moments import microseconds
from aspromised.words.vocabulary import Status

DAYS = 90
"""How many local days are judged again, the last one included."""

Side = Literal["before", "after"]
SIDES: tuple[Side, ...] = get_args(Side)

TermsCounted = Literal["its own", "the last throughout", "several"]
"""One version's, that stood all along; the last version's, also where another stood; each item's own, of several."""


@dataclass(frozen=True)
class Tally:
    """What one definition makes of the items: how many it decides, and where the promise stands by them."""

    kept: int
    broken: int
    target: float
    """The mean of what the decided items were promised."""
    at_least: int
    is_pooled: bool = False
    """Whether the items may be of several wordings: then they have no status together."""

    @property
    def decided(self) -> int:
        """How many items were kept or broken."""
        return self.kept + self.broken

    @property
    def rate(self) -> float | None:
        """The kept rate; None where nothing is decided."""
        return self.kept / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The Wilson 95 % interval of the rate; None where nothing is decided."""
        if not self.decided:
            return None
        low, high = wilson([self.kept], [self.decided])
        return float(low[0]), float(high[0])

    @property
    def status(self) -> Status | None:
        """Where the promise would stand; None where no one wording would."""
        return (
            None
            if self.is_pooled
            else statuses_of([self.kept], [self.decided], self.target, self.at_least)[0]
        )


@dataclass(frozen=True)
class Effect:
    """A promise judged as it was and as it is, over the same items; or why that cannot be done."""

    promise_id: str
    first: date
    last: date
    before: Tally | None = None
    """None where it was not promised, or could not be judged."""
    after: Tally | None = None
    """None where it is not promised any more, or cannot be judged."""
    moved: int = 0
    """How many items get another verdict, or come in or fall out; of counts at least so many."""
    source: str | None = None
    problem: str | None = None
    terms: TermsCounted = "its own"
    """What the items were judged by, where that is not what each was promised, or not one thing for all."""


def effects(
    con: Engine, old: Workspace, new: Workspace, promises: list[str], as_of: datetime, days: int = DAYS
) -> Iterator[Effect]:
    """Yield the effect on each of the promises, over the last `days` local days up to the moment.

    `con` is that of `reading(workspace)`: the data is as it was loaded last, by whichever declaration.
    """
    last = as_of.astimezone(new.timezone).date()
    sources = {**old.sources, **new.sources}
    old, new = replace(old, sources=sources), replace(new, sources=sources)
    for promise_id in promises:
        both = _comparable(old, new, promise_id)
        none = Effect(
            promise_id, last - timedelta(days=days - 1), last, terms=_terms((old, new), both, promise_id)
        )
        yield _effect(con, *both, as_of, none)


def _terms(declared: Iterable[Workspace], compared: Iterable[Workspace], id: str) -> TermsCounted:
    """What the compared states judge items by, where the promise was declared in several versions."""
    if any(map(_is_versioned, compared, repeat(id))):
        return "several"
    return "the last throughout" if any(map(_is_versioned, declared, repeat(id))) else "its own"


def _is_versioned(workspace: Workspace, id: str) -> bool:
    return id in workspace.promises and len(workspace.promises[id].standings()) > 1


def _comparable(old: Workspace, new: Workspace, id: str) -> tuple[Workspace, Workspace]:
    """Return both with the promise's last terms alone, unless those are the same."""
    before, after = old.promises.get(id), new.promises.get(id)
    if before and after and _last_terms(before) == _last_terms(after):
        return old, new
    return _with_last_terms(old, id), _with_last_terms(new, id)


def _last_terms(promise: Promise) -> Promise:
    last = promise.standings()[-1]
    return promise.model_copy(update={"target": last.target, "measure": last.measure, "versions": []})


def _with_last_terms(workspace: Workspace, id: str) -> Workspace:
    promise = workspace.promises.get(id)
    return (
        replace(workspace, promises={**workspace.promises, id: _last_terms(promise)})
        if promise
        else workspace
    )


def _effect(con: Engine, old: Workspace, new: Workspace, as_of: datetime, none: Effect) -> Effect:
    both: dict[Side, Workspace] = {"before": old, "after": new}
    sides = {side: workspace for side, workspace in both.items() if none.promise_id in workspace.promises}
    measures = [workspace.promises[none.promise_id].measure for workspace in sides.values()]
    if not all(measure.has_rows for measure in measures):
        return replace(none, problem="a spread has no items of its own: `aspromised refresh` tells it")
    found = replace(none, source=getattr(measures[-1], "items", None))
    try:
        _Comparison(con, sides, as_of, found).judge()
        return _compared(con, sides, as_of, found)
    except CannotJudgeError as error:
        return replace(found, problem=str(error))
    except EngineError as error:
        return replace(found, problem=stopped(error) or str(error).strip().partition("\n")[0])


@dataclass(frozen=True)
class _Comparison:
    """The tables `before` and `after`: the items that either state counts in the window, as each judges them."""

    con: Engine
    sides: dict[Side, Workspace]
    as_of: datetime
    window: Effect

    def judge(self) -> None:
        """Fill the tables. One view of verdicts stands at a time, so what only `after` counts is judged twice."""
        for side in SIDES:
            self.con.run(
                f"create or replace temp table {side}"
                " (item_id varchar, day date, due bigint, kept bigint, broken bigint, aims double)"
            )
        inside = f"day between date '{self.window.first}' and date '{self.window.last}'"
        self._take("before", inside)
        self._take("after", f"{inside} or {_is_in('before')}")
        if len(self.sides) == len(SIDES):
            self._take("before", f"{_is_in('after')} and not {_is_in('before')}")

    def _take(self, side: Side, condition: str) -> None:
        """Add the items that meet the condition, judged by one side."""
        if side not in self.sides:
            return
        _forget_calendars(self.con)
        plan, moment = plan_promise(self.con, self.sides[side], self.window.promise_id, self.as_of)
        kind = kind_of(plan)
        if kind.has_items:
            chosen, amounts = "judged", "(verdict = 'kept')::int as kept, (verdict = 'broken')::int as broken"
        else:
            plan = replace(plan, segments={_ROW: self._row(plan)})
            chosen = (
                f"(select * replace ({identifier(segment_column(_ROW))} as item_id) from judged) as judged"
            )
            amounts = ", ".join(
                f"case when verdict = 'counted' then {number} else 0 end as {name}"
                for name, number in zip(("kept", "broken"), kind.worth, strict=True)
            )
        judge_items(self.con, plan, moment)
        self.con.run(
            f"""
            insert into {side} (item_id, day, due, kept, broken, aims)
            with each as (
                select item_id::varchar as item_id, day, due, {amounts}, {_target(plan.standings)} as target
                from {chosen} where {condition}
            )
            select item_id, day, due, sum(kept), sum(broken), sum(target * (kept + broken))
            from each group by item_id, day, due
            """
        )

    def _row(self, plan: Plan) -> exp.Expr:
        """Return what a row of counts is: all it holds, for rows that are the same are judged the same.

        Rows of two sources are the same where they are of one moment.
        """
        sources = {
            getattr(each.promises[plan.promise_id].measure, "items", None) for each in self.sides.values()
        }
        if len(sources) > 1:
            return kind_of(plan).started()
        return exp.array(*(exp.cast(quoted(name), exp.DType.VARCHAR) for name in sorted(plan.columns)))


_ROW = "row"
"""Holds what tells a row of counts from others, as a segment of its own."""


def _target(standings: Iterable[PromiseInForce]) -> str:
    """Return SQL for the target of the version that judged an item."""
    return f"case version {' '.join(f'when {each.number} then {each.target!r}' for each in standings)} end"


def _forget_calendars(con: Engine) -> None:
    """Drop the tables of opening hours: the two states may mean different hours by one name."""
    for name in temporary_tables(con):
        if name.startswith("calendar_"):
            con.run(f"drop table temp.{identifier(name)}")


def _is_in(side: Side) -> str:
    return f"exists (from {side} as other where other.item_id = judged.item_id::varchar)"


def _compared(con: Engine, sides: dict[Side, Workspace], as_of: datetime, none: Effect) -> Effect:
    row = con.run(
        """
        with joined as (
            select b.kept as b_kept, b.broken as b_broken, b.aims as b_aims,
                a.kept as a_kept, a.broken as a_broken, a.aims as a_aims,
                coalesce(a.kept, 0) - coalesce(b.kept, 0) as kept_more,
                coalesce(a.broken, 0) - coalesce(b.broken, 0) as broken_more
            from before as b full join after as a using (item_id)
            where greatest(b.day, a.day) between $first and $last and coalesce(greatest(b.due, a.due) <= $moment, true)
        )
        select sum(b_kept)::bigint, sum(b_broken)::bigint, sum(b_aims),
            sum(a_kept)::bigint, sum(a_broken)::bigint, sum(a_aims),
            -- what is kept on one side and broken on the other moved once
            coalesce(sum(greatest(abs(kept_more), abs(broken_more), abs(kept_more + broken_more))), 0)::bigint
        from joined
        """,
        {"first": none.first, "last": none.last, "moment": microseconds(as_of)},
    )[0]
    tallies = dict(zip(SIDES, [row[:3], row[3:6]], strict=True))
    found = {
        side: _tally(workspace.promises[none.promise_id], *(number or 0 for number in tallies[side]))
        for side, workspace in sides.items()
    }
    return replace(none, before=found.get("before"), after=found.get("after"), moved=row[6])


def _tally(promise: Promise, kept: int, broken: int, aims: float) -> Tally:
    decided = kept + broken
    target = round(aims / decided, DIGITS) if decided else promise.standings()[-1].target
    return Tally(kept, broken, target, promise.at_least, is_pooled=len(promise.standings()) > 1)
