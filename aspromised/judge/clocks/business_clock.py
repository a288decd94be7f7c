"""Clocks that stop: opening hours, business days, pauses, and lengths that were sold.

A clock runs on a *ground*: the wall, or a calendar's open time. On its ground a due moment is a sum, and pauses add the
ground's time they cover, as long as they begin before the clock has run out. Only then is it turned back into an
instant. The steps below are common table expressions in their order; each reads the one before it as `prior`.
"""

from collections.abc import Mapping

from sqlglot import exp

from aspromised.declare.model import ClockMeasure, Pause, PauseSource, TermsLength
from aspromised.judge.clocks.due import after_cut_off, amount, by_version, clock_start, day_start, first_day
from aspromised.judge.planning.arrivals import known_rows
from aspromised.judge.planning.matching import as_id_of
from aspromised.judge.planning.plan import Ground, Plan, instant_us, number
from aspromised.sql.templates import quoted, tree
from aspromised.words.lengths import EXACT_SECONDS

NamedQuery = tuple[str, exp.Expr]

_BUSINESS_US = {"business minutes": 60_000_000, "business hours": 3_600_000_000}
_NEVER = "cast(null as bigint)"


def running_steps(plan: Plan, moment_us: int) -> list[NamedQuery]:
    """Return the steps from `dated` to `with_due` for a clock that stops."""
    steps: list[NamedQuery] = []

    def prior() -> str:
        return steps[-1][0] if steps else "dated"

    if plan.terms:
        steps += _sold(plan, plan.terms, moment_us, prior())
    steps.append(_clocked(plan, prior()))
    for ground in plan.grounds:
        steps.append(
            _on_wall(plan, ground, prior()) if ground.is_wall else _on_calendar(plan, ground, prior())
        )
    if plan.paused:
        steps += _merged_pauses(plan, moment_us, prior())
        before = steps[-len(_PAUSE_STEPS) - 1][0]
        for ground in plan.grounds:
            steps += _paused_on(ground, before)
            before = prior()
    return [*steps, ("with_due", _with_due(plan, prior()))]


def pause_columns(plan: Plan) -> list[exp.Expr]:
    """Return the item's own pause columns, as instants, for the first step to carry."""
    pauses: list[Pause] = plan.paused if isinstance(plan.paused, list) else []
    return [
        instant_us(plan.columns, column).as_(f"paused_{end}_{number}")
        for number, pause in enumerate(pauses)
        for end, column in (("from", pause.from_), ("to", pause.to))
    ]


def offered(
    plan: Plan, terms: TermsLength, moment_us: int, more: Mapping[str, exp.Expr] | None = None
) -> exp.Expr:
    """Return the step `offered`: what was sold to whom, from when to when (µs), and `more` columns of its source."""
    is_days, columns = plan.is_terms_date, plan.tables[terms.terms]
    begins = (
        tree("ap_day_start(ap_number_of_date(:a))", a=quoted(terms.from_))
        if is_days(terms.from_)
        else instant_us(columns, terms.from_)
    )
    ends = (
        tree("ap_day_start(ap_number_of_date(:a) + 1)", a=quoted(terms.to))
        if is_days(terms.to)
        else instant_us(columns, terms.to)
    )
    rows = exp.select(
        as_id_of(quoted(terms.match), columns[terms.match], plan.columns[terms.match]).as_("sold_to"),
        number(columns, terms.value).as_("sold"),
        begins.as_("sold_from"),
        ends.as_("sold_until"),
    )
    more_columns = [column.as_(name) for name, column in (more or {}).items()]
    return rows.select(*more_columns).from_(known_rows(plan, terms.terms, moment_us))


def _sold(plan: Plan, terms: TermsLength, moment_us: int, prior: str) -> list[NamedQuery]:
    """Add the length sold to the item's customer: of the terms valid when its clock started, the newest.

    Where two lengths are valid from the same moment neither is the newer: `sold_length` to `sold_longest`.
    """
    valid = tree(
        f"""
        select item_id, sold, sold_from, max(sold_from) over (partition by item_id) as newest
        from {prior} join offered on sold_to = bought_by and sold_from <= started
        where coalesce(started < sold_until, true) and not sold is null
        """
    )
    chosen = tree(
        """
        select item_id, min(sold) as sold_length, max(sold) as sold_longest
        from valid where sold_from = newest group by item_id
        """
    )
    joined = tree(
        f"select prior.*, sold_length, sold_longest from {prior} as prior left join chosen using (item_id)"
    )
    return [
        ("offered", offered(plan, terms, moment_us)),
        ("valid", valid),
        ("chosen", chosen),
        ("with_terms", joined),
    ]


def _clocked(plan: Plan, prior: str) -> NamedQuery:
    """Add when the clock starts (`clock_at`) and its first day: after the cut-off of its version, the next day.

    Both are read on the clock of its version's calendar, and without one on the company's.
    """
    starts = by_version(plan, lambda measure: clock_start(measure, plan.ground_of(measure).suffix))
    days = by_version(plan, lambda measure: first_day(measure, plan.ground_of(measure).suffix))
    return "clocked", tree(
        f"select *, :starts as clock_at, :days as clock_day from {prior}", starts=starts, days=days
    )


def _on_wall(plan: Plan, ground: Ground, prior: str) -> NamedQuery:
    """Add `due_on_k`: when the clock runs out, were it never paused; null for versions on another ground."""

    def due(measure: ClockMeasure) -> exp.Expr:
        if plan.ground_of(measure) != ground:
            return tree(_NEVER)
        if measure.by:
            return quoted(f"by_{measure.by}")
        number, unit = amount(measure)
        if unit.endswith("days") and unit != "days":  # a place that is always open closes at midnight
            return tree(":end - 1", end=day_start(tree("clock_day + :n + 1", n=number), ground.suffix))
        size = _BUSINESS_US.get(unit) or EXACT_SECONDS[unit] * 1_000_000  # type: ignore[index]  # checked on reading
        return tree("clock_at + cast(:number * cast(:size as bigint) as bigint)", number=number, size=size)

    return f"on_{ground.number}", tree(
        f"select *, :due as due_on_{ground.number} from {prior}", due=by_version(plan, due)
    )


def _on_calendar(plan: Plan, ground: Ground, prior: str) -> NamedQuery:
    """Add `due_on_k`: how much open time has passed when the clock runs out, were it never paused; `begun_k`: when it starts."""
    k = ground.number
    begun = _open_by(exp.column("clock_at"), "slot", ground)

    def hours(measure: ClockMeasure) -> exp.Expr:
        number, unit = amount(measure) if plan.ground_of(measure) == ground else (exp.null(), "")
        if unit not in _BUSINESS_US:
            return tree(_NEVER)
        return tree(
            ":begun + cast(:number * cast(:size as bigint) as bigint)",
            begun=begun,
            number=number,
            size=_BUSINESS_US[unit],
        )

    def days(measure: ClockMeasure) -> exp.Expr:
        """How many open days after the newest one; one more once its cut-off has passed, one at least after closing.

        On a closed day the cut-off of the open day before it has passed: what starts then counts from the next opening.
        """
        number, unit = amount(measure) if plan.ground_of(measure) == ground else (exp.null(), "")
        if unit != "business days":
            return tree(_NEVER)
        late = (
            tree(":late or not day.is_open", late=after_cut_off(measure, ground.suffix))
            if measure.cut_off
            else exp.false()
        )
        end = (
            "greatest(cast(:number as bigint) + case when :late then 1 else 0 end,"
            " case when :begun >= today.cum_us then 1 else 0 end)"
        )
        return tree(
            end if isinstance(number, exp.Literal) else f"case when not :number is null then {end} end",
            number=number,
            late=late,
            begun=begun,
        )

    return f"on_{k}", tree(
        f"""
        select prior.*, :begun as begun_{k}, coalesce(:hours, closing.cum_us) as due_on_{k}
        from {prior} as prior
        left join {ground.table("slots")} as slot on slot.slot = clock_at // {ground.slot_us}
        left join {ground.table("days")} as day on day.day = local_day{ground.suffix}(started)
        left join {ground.table("closings")} as today on today.ordinal = day.ordinal
        left join {ground.table("closings")} as closing on closing.ordinal = day.ordinal + :days
        """,
        begun=begun,
        hours=by_version(plan, hours),
        days=by_version(plan, days),
    )


_PAUSE_STEPS = ("pauses", "known", "clipped", "marked", "islands", "merged")


def _merged_pauses(plan: Plan, moment_us: int, prior: str) -> list[NamedQuery]:
    """Give `merged`: an item's pauses, overlapping ones as one, from its clock's start on.

    A pause without an end lasts until the moment of judging; what is known only later is not used. With the clock over,
    done or cancelled, no pause goes on, lest an item's due day move long after it.
    """
    known = tree(
        """
        select item_id, paused_from, coalesce(case when paused_to <= :moment then paused_to end, :moment) as paused_to
        from pauses where paused_from <= :moment
        """,
        moment=moment_us,
    )
    clipped = tree(
        f"""
        select item_id, greatest(paused_from, clock_at) as paused_from, least(paused_to, done, cancelled) as paused_to
        from known join {prior} using (item_id)
        where least(paused_to, done, cancelled) > greatest(paused_from, clock_at)
        """
    )
    marked = tree(
        """
        select *, max(paused_to) over (
            partition by item_id order by paused_from, paused_to rows between unbounded preceding and 1 preceding
        ) as reached from clipped
        """
    )
    islands = tree(
        """
        select *, sum(case when paused_from <= reached then 0 else 1 end) over (
            partition by item_id order by paused_from, paused_to rows between unbounded preceding and current row
        ) as island from marked
        """
    )
    merged = tree(
        "select item_id, min(paused_from) as paused_from, max(paused_to) as paused_to from islands group by item_id, island"
    )
    return list(
        zip(
            _PAUSE_STEPS, (_pause_rows(plan, moment_us), known, clipped, marked, islands, merged), strict=True
        )
    )


def _pause_rows(plan: Plan, moment_us: int) -> exp.Expr:
    if isinstance(plan.paused, PauseSource):
        assert isinstance(plan.measure, ClockMeasure), "only clocks pause"
        columns = plan.tables[plan.paused.source]
        rows = exp.select(
            as_id_of(quoted(plan.paused.id), columns[plan.paused.id], plan.columns[plan.measure.id]).as_(
                "item_id"
            ),
            instant_us(columns, plan.paused.from_).as_("paused_from"),
            instant_us(columns, plan.paused.to).as_("paused_to"),
        )
        rows = rows.from_(known_rows(plan, plan.paused.source, moment_us))
        if plan.is_history:
            of_versions = tree(
                'select item.item_id, paused_from, paused_to from held join item on item."#id" = held.item_id'
            )
            return of_versions.with_("held", rows)  # type: ignore[attr-defined,no-any-return]
        return rows
    each = "select item_id, paused_from_{n} as paused_from, paused_to_{n} as paused_to from item"
    return tree(" union all ".join(each.format(n=number) for number, _ in enumerate(plan.paused or [])))


def _paused_on(ground: Ground, prior: str) -> list[NamedQuery]:
    """Add `paused_on_k`: the ground's time that pauses cover, of those begun before the clock has run out.

    A clock of no length that starts inside a pause has not run out before that pause ends, nor before its place opens.
    """
    k = ground.number
    begun: exp.Expr = exp.column("paused_from")
    ended: exp.Expr = exp.column("paused_to")
    joins = ""
    if not ground.is_wall:
        slots = ground.table("slots")
        joins = (
            f" left join {slots} as b on b.slot = paused_from // {ground.slot_us}"
            f" left join {slots} as e on e.slot = paused_to // {ground.slot_us}"
        )
        begun, ended = _open_by(begun, "b", ground), _open_by(ended, "e", ground)
    measured = tree(
        f"select item_id, paused_from, paused_to, :begun as begun, :ended as ended from merged{joins}",
        begun=begun,
        ended=ended,
    )
    ordered = tree(
        f"""
        select *, cast(coalesce(sum(ended - begun) over (
            partition by item_id order by begun, ended rows between unbounded preceding and 1 preceding
        ), 0) as bigint) as before_it from measured_{k}
        """
    )
    total = tree(
        f"""
        select item_id,
            cast(sum(case
                when {begins_in_time(ground)} then ended - begun else 0
            end) as bigint) as paused_on_{k}
        from ordered_{k} join {prior} using (item_id) group by item_id
        """
    )
    joined = tree(f"select prior.*, paused_on_{k} from {prior} as prior left join total_{k} using (item_id)")
    return [
        (f"measured_{k}", measured),
        (f"ordered_{k}", ordered),
        (f"total_{k}", total),
        (f"paused_{k}", joined),
    ]


def begins_in_time(ground: Ground) -> str:
    """Return whether a pause of `ordered_k` begins before the clock has run out (SQL); one of no length begins to run with it."""
    k = ground.number
    start = "clock_at" if ground.is_wall else f"begun_{k}"
    return f"(begun - before_it < due_on_{k} or (begun - before_it = due_on_{k} and due_on_{k} = {start}))"


def _with_due(plan: Plan, prior: str) -> exp.Expr:
    """Turn the end of the clock on its ground back into an instant; "less than" ends a microsecond earlier.

    Open time ends where a place closes, and where that is 24:00 with the last moment of its day; a clock of no length that
    starts while it is closed, or paused, ends where it opens.
    """
    joins, ends = "", {}
    for ground in plan.grounds:
        k, width = ground.number, ground.slot_us
        end = f"(due_on_{k} + coalesce(paused_on_{k}, 0))" if plan.paused else f"due_on_{k}"
        ends[k] = end
        if not ground.is_wall:
            last = f"case when due_on_{k} > begun_{k} then {end} - 1 else {end} end"
            joins += f" left join {ground.table('open_slots')} as open_{k} on open_{k}.open_slot = ({last}) // {width}"
            ends[k] = f"open_{k}.from_us + {end} - open_{k}.open_slot * {width}"

    def moment(measure: ClockMeasure) -> exp.Expr:
        ground = plan.ground_of(measure)
        end = ends[ground.number]
        if measure.less_than:
            return tree(f"{end} - 1")
        if ground.is_wall:
            return tree(end)
        until = "day_until_us" if amount(measure)[1] == "business days" else "until_us"
        return tree(f"least({end}, open_{ground.number}.{until})")

    return tree(f"select prior.*, :due as due from {prior} as prior{joins}", due=by_version(plan, moment))


def _open_by(instant: exp.Expr, slot: str, ground: Ground) -> exp.Expr:
    """Return the open time up to an instant, whose slot is joined under the name `slot`."""
    return tree(
        f"{slot}.cum_us + case when {slot}.is_open then :instant - {slot}.slot * {ground.slot_us} else 0 end",
        instant=instant,
    )
