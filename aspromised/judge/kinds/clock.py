"""Done within a length of time, or by a date. How its clock runs is in `judge.clocks`."""

from collections.abc import Mapping, Sequence

from sqlglot import exp, select

from aspromised.declare.model import ClockMeasure, ItemLength, Pause, PauseSource, TermsLength
from aspromised.declare.rules.clock import limit_unit
from aspromised.judge.clocks.business_clock import NamedQuery, pause_columns, running_steps
from aspromised.judge.clocks.due import amount, by_version, due, is_length, number_said
from aspromised.judge.clocks.elapsed import left_us, run_steps
from aspromised.judge.clocks.lateness import lateness_buckets
from aspromised.judge.clocks.other_bases import bases, correction_columns, original
from aspromised.judge.clocks.time_left import ending_columns, time_left
from aspromised.judge.clocks.together import from_together, kept_together
from aspromised.judge.kinds.kind import MeasureKind, Rule, cancelled_rules, instant, known_by
from aspromised.judge.kinds.seen import ends_asked
from aspromised.judge.planning.plan import Ask, Plan, number
from aspromised.sql.templates import quoted, tree
from aspromised.words.lengths import BELOW_NONE, IN_PART, OVER_A_CENTURY, Length, most_of


class ClockKind(MeasureKind):
    """A clock: started, done, due."""

    is_timed = True
    has_clock = True

    @property
    def measure(self) -> ClockMeasure:
        """The plan's measure."""
        assert isinstance(self.plan.measure, ClockMeasure), "asked of clocks only"
        return self.plan.measure

    def started(self) -> exp.Expr:
        """Return when the clock was started; null where it needs no start."""
        return instant(self.plan, self.measure.started)

    def done(self, as_of: int) -> exp.Expr:
        """Return when the item was done. A day stands for its end, unless the start is a day as well."""
        column, started = self.measure.done, self.measure.started
        begins = instant(self.plan, column)
        if self.plan.is_date(column) and not (started and self.plan.is_date(started)):
            return known_by(_end_of_day(column), begins, as_of)
        return known_by(begins, begins, as_of)

    def columns(self) -> list[exp.Expr]:
        """Return the dates given, the lengths of the item, whose terms it goes by, and its own pauses."""
        plan = self.plan
        dues = dict.fromkeys(by for s in plan.standings if (by := getattr(s.measure, "by", None)))
        first = self.measure.originally_by
        return [
            *(_given(plan, by).as_(f"by_{by}", quoted=True) for by in dues),
            *([_given(plan, first).as_("first_given")] if first else []),
            *(
                number(plan.columns, column).as_(f"length_{column}", quoted=True)
                for column in self._length_columns
            ),
            *([quoted(plan.terms.match).as_("bought_by")] if plan.terms else []),
            *pause_columns(plan),
        ]

    def due(self, as_of: int) -> list[NamedQuery]:
        """Return the steps that add the length promised to the start."""
        if self.plan.runs_and_stops:
            return running_steps(self.plan, as_of)
        return [("with_due", tree("select *, :due as due from dated", due=due(self.plan)))]

    def unknown(self) -> Mapping[str | exp.Expr, exp.Expr]:
        """Return what leaves a clock without a verdict: no start, two lengths sold at once, no due date."""
        plan = self.plan
        found: dict[str | exp.Expr, exp.Expr] = {"no id": tree("item_id is null")}
        if self.measure.started:
            found |= {"no start": tree("started is null"), "done before it started": tree("done < started")}
        if plan.terms:
            found[tree(_SOLD_TWICE, unit=plan.terms.unit)] = tree("sold_length < sold_longest")
        if any(map(_is_told_by_data, self._clocks)):
            found[by_version(plan, _why_no_length)] = by_version(plan, _is_no_length)
        if bounds := [ground.years for ground in plan.grounds if ground.years]:
            first, last = max(first for first, _ in bounds), min(last for _, last in bounds)
            why = f"due outside the years {first} to {last}, for which its calendar is laid out"
            has_length = by_version(plan, _has_business_length)
            found[why] = tree("due is null and :has_length", has_length=has_length)
        return found | {"no due date": tree("due is null")}

    def outcome(self, moment: exp.Expr) -> list[Rule]:
        """Return the rules: kept if done by the due moment."""
        return [
            (tree("done <= due"), "kept", exp.null()),
            (tree("done > due"), "broken", exp.convert("done late")),
            (tree("due <= :moment", moment=moment), "broken", exp.convert("not done and overdue")),
            (exp.true(), "open", exp.convert("not due yet")),
        ]

    def turns(self) -> list[exp.Expr]:
        """Return when it was begun, where that is its day; when it fell due; was cancelled; was done.

        Of an item counted elsewhere than on the day it was done, being done late changes nothing any more, unless its
        authors ask for it.
        """
        counted, asked = self.plan.promise.counted, ends_asked(self.plan)
        is_done_asked = counted == "done" or "done" in asked
        done = tree("done" if is_done_asked else "case when done <= due then done end")
        begun = [exp.column("started")] if counted == "started" else []
        due = "case when coalesce(due < done, true) and coalesce(due < cancelled, true) then due end"
        cancelled = (
            "cancelled"
            if "cancelled" in asked
            else "case when coalesce(cancelled < done, true) then cancelled end"
        )
        return [*begun, tree(due), tree(cancelled), done]

    def dates_given(self) -> list[exp.Expr]:
        """Return the date or time each version gives the customer."""
        return [quoted(f"by_{by}") for s in self.plan.standings if (by := getattr(s.measure, "by", None))]

    def not_promised(self) -> exp.Expr | None:
        """Return when nothing was sold to the customer, so that nothing was promised."""
        return tree("sold_length is null and not started is null") if self.plan.terms else None

    def cancelled(self) -> list[Rule]:
        """Return the rules of items that were cancelled before they were done."""
        if self.measure.cancelled is None:
            return []
        cancelled = tree("not cancelled is null and (done is null or cancelled < done)")
        return cancelled_rules(cancelled, self.measure.if_cancelled)

    def cancelled_otherwise(self) -> list[tuple[exp.Expr, str]]:
        """Return broken where it was overdue when it was cancelled; before, nothing was left to keep: still exempt."""
        return [(rule[0], word) for rule, word in zip(self.cancelled(), ("broken", "exempt"), strict=False)]

    def judged_columns(self, as_of: int) -> list[exp.Expr]:
        """Return how it stood by the date first given, where that is known, whose items each correction is for, how it ended."""
        broken_anyway = [when for when, word, _ in self.cancelled() if word == "broken"]
        first_given = original(self.plan, as_of, broken_anyway)
        return [*first_given, *correction_columns(self.plan), *ending_columns(self.plan, as_of)]

    def left(self) -> exp.Expr:
        """Return what is left of the clock on its own ground."""
        return left_us(self.plan)

    def tables(self) -> Mapping[str, exp.Expr]:
        """Return how late items were, on which other days they might have been counted, and with what time left they ended."""
        return {
            "lateness_daily": lateness_buckets(),
            "basis_daily": bases(self.plan),
            "left_monthly": time_left(self.plan),
        }

    def together(self) -> tuple[exp.Select, Mapping[str, exp.Expr]] | None:
        """Return how both tables follow from the kept items grouped once; not where the date first given is asked for too, or
        who a correction is for, which the items shown do not tell."""
        return (
            None
            if self.plan.has_original or correction_columns(self.plan)
            else (kept_together(self.plan), from_together(self.plan))
        )

    @property
    def is_judged_by_item(self) -> bool:
        """Not where its pauses are rows of its own source under another id: one row then is of two items."""
        paused = self.plan.paused
        if not isinstance(paused, PauseSource) or paused.source != self.plan.source:
            return True
        return paused.id == self.measure.id

    @property
    def sources_by_item(self) -> Mapping[str, str]:
        """The items, and the source of their pauses."""
        paused = self.plan.paused
        pauses = {paused.source: paused.id} if isinstance(paused, PauseSource) else {}
        return {self.plan.source: self.measure.id, **pauses}

    @property
    def sources_by_many(self) -> frozenset[str]:
        """The terms: what was sold decides about all items of a customer."""
        return frozenset([self.plan.terms.terms] if self.plan.terms else [])

    def pauses_of(self, source: str) -> Sequence[Pause]:
        """Return the pauses between columns of the items, or that of their source."""
        paused = self.plan.paused
        if isinstance(paused, PauseSource):
            return [paused] if source == paused.source else []
        return paused or [] if source == self.plan.source else []

    def lengths(self, ask: Ask) -> list[tuple[float, str, str | None]]:
        """Return the longest length of each version that has one."""
        return [(*self._longest(ask, each), each.calendar) for each in self._clocks if not each.by]

    def _longest(self, ask: Ask, measure: ClockMeasure) -> tuple[float, str]:
        length = measure.within or measure.less_than
        assert length, "a clock without `by` has a length"
        if isinstance(length, Length):
            return float(length.amount), length.unit
        source, column = (
            (self.plan.source, length.column)
            if isinstance(length, ItemLength)
            else (length.terms, length.value)
        )
        number = exp.cast(quoted(column), exp.DType.DOUBLE)
        longest = select(exp.func("max", number)).from_(exp.table_(source, db="source", quoted=True))
        return ask(longest.where(is_length(number, length.unit))) or 0.0, length.unit

    def story_steps(self, as_of: int) -> list[NamedQuery]:
        """Return the steps that add how far the clock has run."""
        return run_steps(self.plan, as_of)

    def story_columns(self) -> list[exp.Expr]:
        """Return how far the clock has run, and the lengths it goes by."""
        names = ["clock_at", "ends_at", "limit_us", "elapsed_us"]
        sold = ["sold_length", "bought_by"] if self.plan.terms else []
        own = [quoted(f"length_{column}") for column in self._length_columns]
        return [*map(exp.column, names), *own, *map(exp.column, sold)]

    @property
    def _clocks(self) -> list[ClockMeasure]:
        """The measure of each version."""
        return [s.measure for s in self.plan.standings if isinstance(s.measure, ClockMeasure)]

    @property
    def _length_columns(self) -> list[str]:
        """The columns in which items carry their lengths, each once."""
        lengths = (
            getattr(s.measure, key, None) for s in self.plan.standings for key in ("within", "less_than")
        )
        return list(dict.fromkeys(each.column for each in lengths if isinstance(each, ItemLength)))


def _given(plan: Plan, column: str) -> exp.Expr:
    return _end_of_day(column) if plan.is_date(column) else instant(plan, column)


def _end_of_day(column: str) -> exp.Expr:
    return tree("ap_day_start(ap_number_of_date(:a) + 1) - 1", a=quoted(column))


_SOLD_TWICE = (
    "'two lengths were sold from the same day: ' || cast(sold_length as varchar) || ' and '"
    " || cast(sold_longest as varchar) || ' ' || :unit"
)


def _is_told_by_data(measure: ClockMeasure) -> bool:
    return isinstance(measure.within or measure.less_than, ItemLength | TermsLength)


def _is_no_length(measure: ClockMeasure) -> exp.Expr:
    if not _is_told_by_data(measure):
        return exp.false()
    return tree("coalesce(not :is_one, false)", is_one=is_length(*number_said(measure)))


def _why_no_length(measure: ClockMeasure) -> exp.Expr:
    """Return why a number that the data tell is no length: less than none, more than a century, or in part."""
    if not _is_told_by_data(measure):
        return exp.convert("")
    number, unit = number_said(measure)
    return tree(
        """
        cast(:n as varchar) || case when :n < 0 then :less when :n > :most then :longer else :in_part end
        """,
        n=number,
        less=f" {unit} {BELOW_NONE}",
        most=most_of(unit),
        longer=f" {unit} {OVER_A_CENTURY}",
        in_part=f" {IN_PART} {unit}",
    )


def _has_business_length(measure: ClockMeasure) -> exp.Expr:
    if not (limit_unit(measure) or "").startswith("business"):
        return exp.false()
    return tree("not :number is null and not started is null", number=amount(measure)[0])
