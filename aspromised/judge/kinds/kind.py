"""What is particular to each kind of measure; everything else of a verdict is shared (`judge.verdicts.verdict`)."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from aspromised.declare.model import ClockMeasure, CountsMeasure, RepeatMeasure
from aspromised.declare.rules.clock import limit_unit
from aspromised.judge.clocks.business_clock import Step, pause_columns, running_steps
from aspromised.judge.clocks.due import amount, by_version, due
from aspromised.judge.planning.plan import Plan
from aspromised.sql.templates import quoted, tree
from aspromised.words.lengths import EXACT_SECONDS, Length
from aspromised.words.vocabulary import KNOWN_FROM

Rule = tuple[exp.Expr, str, exp.Expr]
"""When it holds, the verdict, and the reason; the first rule that holds decides."""


@dataclass(frozen=True)
class Kind:
    """The parts of the query that one kind of measure writes its own way."""

    started: Callable[[Plan], exp.Expr]
    done: Callable[[Plan, int], exp.Expr]
    """When the item was done, as known at the moment (µs)."""
    columns: Callable[[Plan], list[exp.Expr]]
    """Further columns of the first step."""
    due: Callable[[Plan, int], list[Step]]
    """The steps from `dated` to `with_due`."""
    unknown: Callable[[Plan], dict[str | exp.Expr, exp.Expr]]
    """Why an item cannot be judged (words, or SQL that makes them) → when."""
    outcome: Callable[[Plan, exp.Expr], list[Rule]]
    """The rules at a moment (µs)."""
    turns: Callable[[Plan], list[exp.Expr]]
    """The moments (µs, null: none) at which the rules may come to another answer."""
    again: Callable[[Plan], list[Step]] = lambda _: []
    """The step after `with_due` that adds when it became known that an item came up again, where that is told."""


def kind_of(plan: Plan) -> Kind:
    """Return the kind of the plan's measure."""
    return _KINDS[plan.measure.kind]


def instant(plan: Plan, column: str | None) -> exp.Expr:
    """Return a column as an instant (µs UTC); a day is its beginning, no column is null."""
    if column is None:
        return tree("cast(null as bigint)")
    if plan.is_date(column):
        return tree("ap_day_start(ap_number_of_date(:a))", a=quoted(column))
    return tree("ap_instant_us(:a)", a=quoted(column))


def known_by(moment: exp.Expr, known_from: exp.Expr, as_of: int) -> exp.Expr:
    """Return a moment if it was known by `as_of`, else null."""
    return tree("case when :test <= :as_of then :moment end", test=known_from, as_of=as_of, moment=moment)


def _end_of_day(column: str) -> exp.Expr:
    return tree("ap_day_start(ap_number_of_date(:a) + 1) - 1", a=quoted(column))


# clock ---------------------------------------------------------------------------------------------------------------


def _clock(plan: Plan) -> ClockMeasure:
    assert isinstance(plan.measure, ClockMeasure), "asked of clocks only"
    return plan.measure


def _clock_done(plan: Plan, as_of: int) -> exp.Expr:
    """Return when the item was done. A day stands for its end, unless the start is a day as well."""
    column, started = _clock(plan).done, _clock(plan).started
    begins = instant(plan, column)
    if plan.is_date(column) and not (started and plan.is_date(started)):
        return known_by(_end_of_day(column), begins, as_of)
    return known_by(begins, begins, as_of)


def _clock_columns(plan: Plan) -> list[exp.Expr]:
    lengths = [getattr(s.measure, key, None) for s in plan.standings for key in ("within", "less_than")]
    numbers = dict.fromkeys(column for length in lengths if (column := getattr(length, "column", None)))
    dues = dict.fromkeys(by for s in plan.standings if (by := getattr(s.measure, "by", None)))
    first = getattr(plan.measure, "originally_by", None)
    return [
        *(_given(plan, by).as_(f"by_{by}", quoted=True) for by in dues),
        *([_given(plan, first).as_("first_given")] if first else []),
        *(quoted(column).as_(f"length_{column}", quoted=True) for column in numbers),
        *([quoted(plan.terms.match).as_("bought_by")] if plan.terms else []),
        *pause_columns(plan),
    ]


def _given(plan: Plan, column: str) -> exp.Expr:
    return _end_of_day(column) if plan.is_date(column) else instant(plan, column)


def _clock_due(plan: Plan, as_of: int) -> list[Step]:
    if plan.runs_and_stops:
        return running_steps(plan, as_of)
    return [("with_due", tree("select *, :due as due from dated", due=due(plan)))]


def _clock_unknown(plan: Plan) -> dict[str | exp.Expr, exp.Expr]:
    found: dict[str | exp.Expr, exp.Expr] = {"no id": tree("item_id is null")}
    if _clock(plan).started:
        found |= {"no start": tree("started is null"), "done before it started": tree("done < started")}
    if plan.terms:
        found[tree(_SOLD_TWICE, unit=plan.terms.unit)] = tree("sold_length < sold_longest")
    if bounds := [ground.years for ground in plan.grounds if ground.years]:
        first, last = max(first for first, _ in bounds), min(last for _, last in bounds)
        why = f"due outside the years {first} to {last}, for which its calendar is laid out"
        found[why] = tree("due is null and :has_length", has_length=by_version(plan, _has_business_length))
    return found | {"no due date": tree("due is null")}


_SOLD_TWICE = (
    "'two lengths were sold from the same day: ' || cast(sold_length as varchar) || ' and '"
    " || cast(sold_longest as varchar) || ' ' || :unit"
)


def _has_business_length(measure: ClockMeasure) -> exp.Expr:
    if not (limit_unit(measure) or "").startswith("business"):
        return exp.false()
    return tree("not :number is null and not started is null", number=amount(measure)[0])


def _clock_outcome(_: Plan, as_of: exp.Expr) -> list[Rule]:
    return [
        (tree("done <= due"), "kept", exp.null()),
        (tree("done > due"), "broken", exp.convert("done late")),
        (tree("due <= :moment", moment=as_of), "broken", exp.convert("not done and overdue")),
        (exp.true(), "open", exp.convert("not due yet")),
    ]


def _clock_turns(plan: Plan) -> list[exp.Expr]:
    """Return when it was begun, where that is its day; when it fell due; was cancelled; was done.

    Of an item counted elsewhere than on the day it was done, being done late changes nothing any more.
    """
    done = tree("done" if plan.promise.counted == "done" else "case when done <= due then done end")
    begun = [exp.column("started")] if plan.promise.counted == "started" else []
    due = "case when coalesce(due < done, true) and coalesce(due < cancelled, true) then due end"
    cancelled = "case when coalesce(cancelled < done, true) then cancelled end"
    return [*begun, tree(due), tree(cancelled), done]


# check, counts, repeat: what happened at one moment -----------------------------------------------------------------


def _at(plan: Plan) -> exp.Expr:
    return instant(plan, getattr(plan.measure, "at", None))


def _at_known(plan: Plan, as_of: int) -> exp.Expr:
    return known_by(_at(plan), _at(plan), as_of)


def _due_at_once(_: Plan, __: int) -> list[Step]:
    return [("with_due", tree("select *, started as due from dated"))]


def _check_columns(plan: Plan) -> list[exp.Expr]:
    return [(plan.kept_when or exp.null()).copy().as_("is_kept")]


def _check_unknown(_: Plan) -> dict[str | exp.Expr, exp.Expr]:
    return {
        "no id": tree("item_id is null"),
        "no time": tree("started is null"),
        "cannot be told": tree("is_kept is null"),
    }


def _check_outcome(_: Plan, __: exp.Expr) -> list[Rule]:
    return [
        (tree("is_kept"), "kept", exp.null()),
        (tree("not is_kept"), "broken", exp.convert("not as promised")),
    ]


def _check_turns(_: Plan) -> list[exp.Expr]:
    return [exp.column("started"), exp.column("cancelled")]


def _counts_turns(_: Plan) -> list[exp.Expr]:
    return [exp.column("started")]


def _counts_columns(plan: Plan) -> list[exp.Expr]:
    assert isinstance(plan.measure, CountsMeasure) and plan.counts, "asked of counts only"
    kept, total = plan.counts
    return [
        tree("cast(:n as bigint)", n=kept).as_("kept_count"),
        tree("cast(:n as bigint)", n=total).as_("total_count"),
    ]


def _counts_unknown(_: Plan) -> dict[str | exp.Expr, exp.Expr]:
    return {
        "no time": tree("started is null"),
        "no counts": tree("kept_count is null or total_count is null"),
        "more kept than there are, or less than none": tree("kept_count < 0 or kept_count > total_count"),
    }


def _counts_outcome(_: Plan, __: exp.Expr) -> list[Rule]:
    """Return one rule: the row's counts are added up by the rollup."""
    return [(exp.true(), COUNTED, exp.null())]


COUNTED = "counted"
"""Stands in the verdict column for a row of counts, some kept and some broken; not a verdict of one item."""


def _repeat(plan: Plan) -> RepeatMeasure:
    assert isinstance(plan.measure, RepeatMeasure), "asked of repeats only"
    return plan.measure


def _repeat_columns(plan: Plan) -> list[exp.Expr]:
    """Add when the same matter came up next, and whether it is known what the matter is."""
    same = [quoted(column) for column in _repeat(plan).same]
    again = exp.Window(
        this=exp.Lead(this=_at(plan)),
        partition_by=same,
        order=exp.Order(
            expressions=[exp.Ordered(this=_at(plan)), exp.Ordered(this=quoted(_repeat(plan).id))]
        ),
    )
    unknown = tree(" or ".join(f":same_{n} is null" for n, _ in enumerate(same)), **{f"same_{n}": s for n, s in enumerate(same)})  # fmt: skip
    named = [column.copy().as_(f"same_{n}") for n, column in enumerate(same)] if _tells_again(plan) else []
    return [again.as_("again_at"), unknown.as_("is_nothing"), *named]


def _tells_again(plan: Plan) -> bool:
    return bool(plan.is_gated and plan.arrival)


def _repeat_again(plan: Plan) -> list[Step]:
    """Add when it became known that the same matter came up within the window: the first known of all that did."""
    if not _tells_again(plan):
        return []
    same = " and ".join(f"other.same_{n} = one.same_{n}" for n, _ in enumerate(_repeat(plan).same))
    first = tree(
        f"""
        select one.item_id, min(greatest(other.started, other."{KNOWN_FROM}")) as again_known
        from with_due as one join with_due as other on {same} and other.started <= one.due and (
            other.started > one.started or (other.started = one.started and other.item_id > one.item_id)
        )
        group by one.item_id
        """
    )
    joined = tree("select prior.*, again_known from with_due as prior left join first_again using (item_id)")
    return [("first_again", first), ("with_again", joined)]


def _repeat_due(plan: Plan, _: int) -> list[Step]:
    length: Length = _repeat(plan).not_again_within
    if length.unit == "calendar days":
        end = tree("ap_day_start(started_day + :n + 1) - 1", n=int(length.amount))
    else:
        assert length.unit in EXACT_SECONDS, "checked when planned"
        end = tree("started + :us", us=length.microseconds)
    return [("with_due", tree("select *, :due as due from dated", due=end))]


def _repeat_unknown(plan: Plan) -> dict[str | exp.Expr, exp.Expr]:
    return {
        "no id": tree("item_id is null"),
        "no time": tree("started is null"),
        f"no {' or '.join(_repeat(plan).same)}": tree("is_nothing"),
    }


def _repeat_outcome(_: Plan, as_of: exp.Expr) -> list[Rule]:
    """Return the rules: nothing is told before the window has passed, lest early repeats weigh more."""
    return [
        (tree("due > :moment", moment=as_of), "open", exp.convert("its window has not passed yet")),
        (tree("again_at <= due"), "broken", exp.convert("came up again")),
        (exp.true(), "kept", exp.null()),
    ]


def _repeat_turns(plan: Plan) -> list[exp.Expr]:
    begun = [exp.column("started")] if plan.promise.counted != "due" else []
    again = [tree("case when again_known > due then again_known end")] if _tells_again(plan) else []
    return [*begun, exp.column("due"), *again]


_KINDS = {
    "clock": Kind(
        lambda plan: instant(plan, _clock(plan).started), _clock_done, _clock_columns, _clock_due, _clock_unknown, _clock_outcome, _clock_turns,
    ),
    "check": Kind(_at, _at_known, _check_columns, _due_at_once, _check_unknown, _check_outcome, _check_turns),
    "counts": Kind(_at, _at_known, _counts_columns, _due_at_once, _counts_unknown, _counts_outcome, _counts_turns),
    "repeat": Kind(_at, _at_known, _repeat_columns, _repeat_due, _repeat_unknown, _repeat_outcome, _repeat_turns, _repeat_again),
}  # fmt: skip
