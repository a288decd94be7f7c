"""One row a case: what each stage of its chain took.

The ends of a case's stages are ordered by time and place: one end a stage from columns, every occurrence of its activity from a
log. Each stretch between two of them, from the case's beginning on, belongs to the stage that its later end ends; the last, of a
case that is not through, runs to the moment and belongs to the first stage not done after the last one done. So the stretches
of a case add up to what has elapsed from its beginning to its last end, or to the moment, whatever is parallel, missing, tied
or repeated. Nothing after the moment counts.

Columns of a case, i standing for a stage: `case_id` (as text), `own_id` (as it is in the data), `s` (beginning), `seg_k` (segments), `last` (last end), `last_pos` (whose),
`here` (the stage it is in), `is_stopped` (cancelled there), `f_i` (when the stage began), `n_i` (how often it was done), `t_i`
(time spent), `o_i` (the same on the stage's calendar, of those done), `d_i` (how often it is told when work began), `wait_i`
and `work_i` (time before and from then), `acc_i`, `ref_i`, `chg_i`, `unc_i` (handovers accepted, refused; changed, not), `met_i_k`
and `not_i_k` (inputs there, not there), `b_i` (the budget from `f_i` on as time on the wall), `late_i`. Times are microseconds.
"""

from collections.abc import Sequence

from aspromised.declare.model import ChainItems, Events
from aspromised.judge.chains.plan import ChainPlan, StagePlan
from aspromised.judge.clocks.business_clock import running_steps
from aspromised.judge.clocks.due import due
from aspromised.sql.templates import identifier, render, text

_NONE = "cast(null as bigint)"


def cases(plan: ChainPlan, among: str = "") -> str:
    """Return the query of a chain's cases, of all or of those whose `case_id` is `among` those of a query."""
    base = _of_columns(plan, among) if plan.chain.items else _of_log(plan, among)
    for stage in plan.stages:
        base = with_budget(stage, base, f"f_{stage.position}", f"b_{stage.position}")
    late = ", ".join(
        f"coalesce(t_{s.position} > b_{s.position} and not (is_stopped and n_{s.position} = 0), false) as late_{s.position}"
        for s in plan.stages
    )
    return f"select *, {late} from ({base}) as budgeted"


def stretches(plan: ChainPlan, among: str) -> str:
    """Return the query of the stretches of some cases of a log: case_id, position, from_us, to_us, is_running (the stage is not done)."""
    return f"with {_log_steps(plan, among)} {_LOG_STRETCHES}{_running(plan)}"


# ---- columns


def _of_columns(plan: ChainPlan, among: str) -> str:
    return f"with {_column_steps(plan, among)} {_measured(plan)}"


def _column_steps(plan: ChainPlan, among: str) -> str:
    read = plan.chain.items
    assert isinstance(read, ChainItems)
    places = [s.position for s in plan.stages]
    identity = f"cast({identifier(read.id)} as varchar)"
    chosen = f" and {identity} in ({among})" if among else ""
    began = plan.instant(read.started)
    columns = [
        f"{identity} as case_id",
        f"{identifier(read.id)} as own_id",
        f"{began} as s",
        f"{_cancelled(plan)} as stopped",
    ]
    for stage in plan.stages:
        i, declared = stage.position, stage.declared
        columns += [
            f"{plan.end(declared.done)} as end_{i}",
            f"{plan.end(declared.working_from) if declared.working_from else _NONE} as w_{i}",
            f"cast({stage.accepted} as boolean) as a_{i}",
            f"cast({stage.changed} as boolean) as c_{i}",
            *(f"cast({met} as boolean) as m_{i}_{k}" for k, (_, met) in enumerate(stage.inputs)),
        ]
    columns += [f"cast({sql} as varchar) as seg_{k}" for k, sql in enumerate(plan.segments.values())]
    known = f"coalesce({began} <= {plan.moment}, true)"
    clipped = ", ".join(f"case when end_{i} < s then s else end_{i} end as e_{i}" for i in places)
    nothing_done = " ".join(f"when last_pos < {i} and e_{i} is null then {i}" for i in places)
    is_last = " ".join(f"when e_{i} = last then {i}" for i in reversed(places))
    ends = ", ".join(f"e_{i}" for i in places)
    spent = ", ".join(
        f"case when here = {i} then last when not e_{i} is null then {_before(i, places)} end as f_{i},"
        f" case when here = {i} then until - last when not e_{i} is null then e_{i} - {_before(i, places)} end as t_{i},"
        f" case when e_{i} is null then 0 else 1 end as n_{i}"
        for i in places
    )
    return (
        f"item as (select {', '.join(columns)} from {plan.rows} where {known}{chosen}),"
        f" clipped as (select *, {clipped} from item where not s is null),"
        f" lasting as (select *, greatest(s, {ends}) as last from clipped),"
        f" placed as (select *, case {is_last} else 0 end as last_pos from lasting),"
        f" opened as (select *, case {nothing_done} end as here,"
        f" greatest(last, coalesce(stopped, {plan.moment})) as until from placed),"
        f" spent as (select *, not here is null and not stopped is null as is_stopped, {spent} from opened)"
    )


def _before(i: int, places: Sequence[int]) -> str:
    """Return when the stretch that a stage's end ends began: the end before it by time and place, or the beginning."""
    others = [f"case when e_{j} {'<=' if j < i else '<'} e_{i} then e_{j} end" for j in places if j != i]
    return f"greatest({', '.join(['s', *others])})"


def _cancelled(plan: ChainPlan) -> str:
    if not plan.cancelled:
        return _NONE
    return f"least({', '.join(plan.end(column) for column in plan.cancelled)})"


def _measured(plan: ChainPlan) -> str:
    """Return the query of what each stage took on its calendar, and how it handed over, of cases from columns."""
    told = [
        "case_id",
        "own_id",
        "s",
        "last",
        "last_pos",
        "here",
        "is_stopped",
        *(f"seg_{k}" for k in range(len(plan.segments))),
    ]
    begins, instants = [], []
    for stage in plan.stages:
        i, done, works = stage.position, f"n_{stage.position} = 1", stage.declared.working_from is not None
        begins += [
            f"case when {done} and not w_{i} is null then greatest(f_{i}, least(w_{i}, e_{i})) end as g_{i}"
        ] * works
        instants.append((stage, (f"f_{i}", f"e_{i}", *([f"g_{i}"] if works else []))))
        told += [
            f"f_{i}", f"t_{i}", f"n_{i}",
            f"case when {done} then e_{i}_open_{i} - f_{i}_open_{i} end as o_{i}",
            f"case when not g_{i} is null then 1 else 0 end as d_{i}" if works else f"0 as d_{i}",
            f"g_{i}_open_{i} - f_{i}_open_{i} as wait_{i}" if works else f"{_NONE} as wait_{i}",
            f"e_{i}_open_{i} - g_{i}_open_{i} as work_{i}" if works else f"{_NONE} as work_{i}",
            *_counted_if(f"a_{i}", done, f"acc_{i}", f"ref_{i}"),
            *_counted_if(f"c_{i}", done, f"chg_{i}", f"unc_{i}"),
            *(
                each
                for k, _ in enumerate(stage.inputs)
                for each in _counted_if(f"m_{i}_{k}", done, f"met_{i}_{k}", f"not_{i}_{k}")
            ),
        ]  # fmt: skip
    working = f"(select *{''.join(f', {each}' for each in begins)} from spent)"
    return f"select {', '.join(told)} from ({_placed(instants, working)}) as placed"


def _counted_if(condition: str, asked: str, yes: str, no: str) -> list[str]:
    return [
        f"case when {asked} and {condition} then 1 else 0 end as {yes}",
        f"case when {asked} and not {condition} then 1 else 0 end as {no}",
    ]


def _placed(stages: Sequence[tuple[StagePlan, Sequence[str]]], prior: str) -> str:
    """Return the query of `prior` with the open time before instants of it: `<instant>_open_i`, of each stage with a calendar.

    An equality join to the calendar's slots an instant; of a stage without one, the instant itself stands for it.
    """
    columns, joins = [], []
    for stage, instants in stages:
        i, ground = stage.position, stage.ground
        for name in instants:
            if ground.is_wall:
                columns.append(f"{name} as {name}_open_{i}")
                continue
            slot = f"{name}_slot_{i}"
            columns.append(
                f"cast({slot}.cum_us + case when {slot}.is_open then {name} - {slot}.slot * {ground.slot_us} else 0 end as bigint)"
                f" as {name}_open_{i}"
            )
            joins.append(
                f" left join {ground.table('slots')} as {slot} on {slot}.slot = {name} // {ground.slot_us}"
            )
    return f"select prior.*{''.join(f', {each}' for each in columns)} from {prior} as prior{''.join(joins)}"


# ---- an event log


def _log_steps(plan: ChainPlan, among: str) -> str:
    """Return the steps from a log to `stretch`, one row an end of a stage, and `began`, one row a case."""
    read = plan.chain.events
    assert isinstance(read, Events)
    identity, activity = (
        f"cast({identifier(read.id)} as varchar)",
        f"cast({identifier(read.activity)} as varchar)",
    )
    chosen = f" and {identity} in ({among})" if among else ""
    at = plan.end(read.at)
    work = plan.end(read.started) if read.started else _NONE
    ends = " ".join(f"when {activity} = {text(s.declared.done)} then {s.position}" for s in plan.stages)
    begins = " ".join(
        f"when {activity} = {text(s.declared.working_from)} then {s.position}"
        for s in plan.stages
        if s.declared.working_from
    )

    def by_stage(expressions: Sequence[str]) -> str:
        return _by_stage(plan, activity, expressions)

    widest = max(len(s.inputs) for s in plan.stages)
    columns = [
        f"{identity} as case_id", f"{at} as at_us", f"{work} as work_us",
        f"case {ends} end as position", f"case {begins} end as begins" if begins else "cast(null as integer) as begins",
        f"{by_stage([s.accepted for s in plan.stages])} as is_accepted",
        f"{by_stage([s.changed for s in plan.stages])} as is_changed",
        *(
            f"{by_stage([s.inputs[k][1] if k < len(s.inputs) else 'null' for s in plan.stages])} as is_met_{k}"
            for k in range(widest)
        ),
    ]  # fmt: skip
    work_by_stage = " ".join(
        f"when max(position) = {s.position} then min(at_us) filter (where begins = {s.position})"
        for s in plan.stages
        if s.declared.working_from
    )
    told = (
        f"case {work_by_stage} else max(work_us) filter (where not position is null) end"
        if begins
        else "max(work_us) filter (where not position is null)"
    )
    kept = "".join(
        f", bool_or(is_met_{k}) filter (where not position is null) as is_met_{k}" for k in range(widest)
    )
    return (
        f"event as (select {', '.join(columns)} from {plan.rows} where not {identifier(read.id)} is null{chosen}),"
        f" known as (select *, min(least(at_us, coalesce(work_us, at_us))) over (partition by case_id) as s"
        f" from event where not at_us is null),"
        f" began as (select case_id, min(s) as s from known group by case_id),"
        f" numbered as (select *, coalesce(sum(case when position is null then 0 else 1 end) over ("
        f"partition by case_id order by at_us, position is null, coalesce(position, 0)"
        f" rows between unbounded preceding and 1 preceding), 0) as nth"
        f" from known where not position is null or not begins is null),"
        f" ended as (select case_id, nth, min(s) as s, max(at_us) filter (where not position is null) as to_us,"
        f" max(position) as position, {told} as w,"
        f" bool_or(is_accepted) filter (where not position is null) as is_accepted,"
        f" bool_or(is_changed) filter (where not position is null) as is_changed{kept}"
        f" from numbered group by case_id, nth),"
        f" stretch as (select *, lag(to_us, 1, s) over (partition by case_id order by nth) as from_us"
        f" from ended where not position is null),"
        f" last_seen as (select case_id, max(to_us) as last, arg_max(position, nth) as last_pos,"
        f" list(distinct position) as done from stretch group by case_id),"
        f" seen as (select began.case_id, began.s, coalesce(last, began.s) as last, coalesce(last_pos, 0) as last_pos,"
        f" coalesce(done, []) as done from began left join last_seen using (case_id))"
    )


def _by_stage(plan: ChainPlan, activity: str, expressions: Sequence[str]) -> str:
    """Return what the expression of each stage says of an event that ends it."""
    of_each = zip(plan.stages, expressions, strict=True)
    whens = (f"when {activity} = {text(s.declared.done)} then cast({sql} as boolean)" for s, sql in of_each)
    return f"case {' '.join(whens)} end"


_LOG_STRETCHES = "select case_id, position, from_us, to_us, false as is_running from stretch"


def _here(plan: ChainPlan) -> str:
    whens = " ".join(
        f"when last_pos < {s.position} and not list_contains(done, {s.position}) then {s.position}"
        for s in plan.stages
    )
    return f"case {whens} end"


def _running(plan: ChainPlan) -> str:
    return (
        f" union all select case_id, {_here(plan)} as position, last as from_us, {plan.moment} as to_us, true as is_running"
        f" from seen where not {_here(plan)} is null"
    )


def _of_log(plan: ChainPlan, among: str) -> str:
    parts, told = [], []
    instants = [(stage, ("from_us", "to_us", "work_at")) for stage in plan.stages]
    working = "(select *, case when not w is null then greatest(from_us, least(w, to_us)) end as work_at from stretch)"
    for stage in plan.stages:
        i = stage.position
        own = f"filter (where position = {i})"
        parts += [
            f"count(*) {own} as n_{i}", f"min(from_us) {own} as first_{i}", f"sum(to_us - from_us) {own} as took_{i}",
            f"sum(to_us_open_{i} - from_us_open_{i}) {own} as o_{i}", f"count(w) {own} as d_{i}",
            f"sum(work_at_open_{i} - from_us_open_{i}) {own} as wait_{i}",
            f"sum(to_us_open_{i} - work_at_open_{i}) {own} as work_{i}",
            f"count(*) filter (where position = {i} and is_accepted) as acc_{i}",
            f"count(*) filter (where position = {i} and not is_accepted) as ref_{i}",
            f"count(*) filter (where position = {i} and is_changed) as chg_{i}",
            f"count(*) filter (where position = {i} and not is_changed) as unc_{i}",
            *(
                f"count(*) filter (where position = {i} and {no}is_met_{k}) as {name}_{i}_{k}"
                for k, _ in enumerate(stage.inputs)
                for name, no in (("met", ""), ("not", "not "))
            ),
        ]  # fmt: skip
        told += [
            f"case when here = {i} then last else first_{i} end as f_{i}",
            f"cast(case when here = {i} then {plan.moment} - last else took_{i} end as bigint) as t_{i}",
            f"cast(coalesce(n_{i}, 0) as bigint) as n_{i}", f"cast(o_{i} as bigint) as o_{i}",
            f"coalesce(d_{i}, 0) as d_{i}", f"cast(wait_{i} as bigint) as wait_{i}", f"cast(work_{i} as bigint) as work_{i}",
            *(f"coalesce({name}_{i}, 0) as {name}_{i}" for name in ("acc", "ref", "chg", "unc")),
            *(f"coalesce({name}_{i}_{k}, 0) as {name}_{i}_{k}" for k, _ in enumerate(stage.inputs) for name in ("met", "not")),
        ]  # fmt: skip
    return (
        f"with {_log_steps(plan, among)},"
        f" timed as ({_placed(instants, working)}), counted as (select case_id, {', '.join(parts)} from timed group by case_id),"
        f" opened as (select seen.*, counted.* exclude (case_id), {_here(plan)} as here from seen left join counted using (case_id))"
        f" select case_id, case_id as own_id, s, last, last_pos, here, false as is_stopped, {', '.join(told)} from opened"
    )


# ---- budgets


def with_budget(stage: StagePlan, prior: str, begins: str, name: str) -> str:
    """Add `name`: when the stage's budget runs out that begins at `begins` (µs), less that, by the clock that due moments are
    made with; null where nothing begins, or without a budget."""
    i, budget = stage.position, stage.declared.budget
    if budget is None:
        return f"select *, {_NONE} as {name} from ({prior}) as prior_{i}"
    began = f"select *, {begins} as started, local_day({begins}) as started_day, 1 as version from ({prior}) as prior_{i}"
    if not budget.is_business:
        ends = render(due(stage.clock), pretty=False)
        return f"select * exclude (started, started_day, version), {ends} - started as {name} from ({began}) as begun_{i}"
    k = stage.clock.grounds[0].number
    extra = [
        "clock_at",
        "clock_day",
        f"due_on_{k}",
        "due",
        *([f"begun_{k}"] if not stage.clock.grounds[0].is_wall else []),
    ]
    steps = [
        ("dated", began),
        *((step, render(query, pretty=False)) for step, query in running_steps(stage.clock, 0)),
    ]
    named = ", ".join(f"{step} as ({sql})" for step, sql in steps)
    left_out = ", ".join(["started", "started_day", "version", *extra])
    return f"with {named} select * exclude ({left_out}), due - started as {name} from with_due"
