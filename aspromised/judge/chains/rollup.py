"""What cases add up to: by the day they began, by stage, and by every combination of segment values."""

from collections.abc import Iterator

from aspromised.judge.chains.plan import ChainPlan, StagePlan
from aspromised.judge.clocks.lateness import bucket
from aspromised.schema.snapshot import segment_column
from aspromised.sql.templates import identifier, render, text
from aspromised.words.vocabulary import NONE_VALUE

CASES, GROUPED, STRETCHES = "chain_case", "chain_grouped", "chain_stretch"
"""The relations of this connection that a chain's tables are filled from."""

_SUMS = {
    "begun": "case when not f_{i} is null then 1 end", "done": "case when n_{i} > 0 then 1 end",
    "open": "case when here = {i} and not is_stopped then 1 end", "skipped": "case when n_{i} = 0 and last_pos > {i} then 1 end",
    "late": "case when late_{i} then 1 end", "late_done": "case when late_{i} and n_{i} > 0 then 1 end",
    "spent_us": "t_{i}", "done_us": "case when n_{i} > 0 then t_{i} end", "open_us": "o_{i}", "told": "case when n_{i} > 0 and d_{i} = n_{i} then 1 end",
    "waiting_us": "case when d_{i} = n_{i} then wait_{i} end", "working_us": "case when d_{i} = n_{i} then work_{i} end", "times": "n_{i}", "repeated": "case when n_{i} > 1 then 1 end",
    "accepted": "acc_{i}", "refused": "ref_{i}", "changed": "chg_{i}", "unchanged": "unc_{i}",
}  # fmt: skip
"""What `stage_cell` sums, of the columns of a case."""


def _sums(plan: ChainPlan, stage: StagePlan) -> dict[str, str]:
    """Return what is summed of a stage, by its name: what is another sum anyway, or nothing, is not summed again."""
    declared, is_log = stage.declared, plan.chain.events is not None
    works = bool(declared.working_from) or (
        plan.chain.events is not None and plan.chain.events.started is not None
    )
    left_out = set() if works else {"told", "waiting_us", "working_us"}
    left_out |= set() if declared.accepted_when else {"accepted", "refused"}
    left_out |= set() if declared.changed_when else {"changed", "unchanged"}
    left_out |= set() if declared.budget else {"late", "late_done"}
    left_out |= set() if is_log else {"times", "repeated"}
    left_out |= {"open_us"} if stage.ground.is_wall else set()
    return {name: sql.format(i=stage.position) for name, sql in _SUMS.items() if name not in left_out}


_INSTEAD = {"open_us": "done_us", "times": "done"}
"""What a sum that was left out is the same as; nothing where it is not here."""


def grouped(plan: ChainPlan) -> str:
    """Return the query of the one scan: the sums of every stage beside each other, by day and segment values."""
    keys = ["cast(local_day(s) as integer) as day_number", *(f"seg_{k}" for k, _ in enumerate(plan.segments))]
    sums = ["count(*) as cases"]
    for stage in plan.stages:
        i = stage.position
        sums += [
            f"cast(coalesce(sum({sql.format(i=i)}), 0) as bigint) as {name}_{i}"
            for name, sql in _SUMS.items()
        ]
        for k, _ in enumerate(stage.inputs):
            sums += [f"cast(sum({name}_{i}_{k}) as bigint) as {name}_{i}_{k}" for name in ("met", "not")]
    places = ", ".join(str(n) for n in range(1, len(keys) + 1))
    return f"select {', '.join([*keys, *sums])} from {CASES} group by {places}"


def stage_cells(plan: ChainPlan) -> str:
    """Return the query that fills `stage_cell` from GROUPED."""
    segments, parts = _segments(plan), []
    for stage in plan.stages:
        told = _sums(plan, stage)
        instead = {name: f"{_INSTEAD[name]}_{stage.position}" if name in _INSTEAD else "0" for name in _SUMS}
        sums = [
            f"{f'{name}_{stage.position}' if name in told else instead[name]} as {name}" for name in _SUMS
        ]
        parts.append(
            f"select {', '.join([_DAY, f'{stage.position} as position', *segments, 'cases', *sums])} from {GROUPED}"
        )
    return " union all ".join(parts)


_DAY = "date '1970-01-01' + day_number as day"


def _segments(plan: ChainPlan) -> list[str]:
    """Return the columns of a case's segments, as they are told."""
    return [
        f"{told_value(f'seg_{k}')} as {identifier(segment_column(name))}"
        for k, name in enumerate(plan.segments)
    ]


def told_value(column: str) -> str:
    """Return a segment's value as it is told: null as a value of its own, a text that says the same in quotes."""
    none = text(NONE_VALUE)
    quoted = text(f'"{NONE_VALUE}"')
    return f"case when {column} is null then {none} when contains({column}, {none}) then replace({column}, {none}, {quoted}) else {column} end"


def inputs_met(plan: ChainPlan) -> str:
    """Return the query that fills `input_daily` from GROUPED; "" where no stage needs anything."""
    return " union all ".join(
        f"select {', '.join([_DAY, f'{s.position} as position', f'{text(name)} as input', *_segments(plan)])}, cast(sum(met_{s.position}_{k}) as bigint) as met,"
        f" cast(sum(not_{s.position}_{k}) as bigint) as unmet,"
        f" cast(sum({'times' if plan.chain.events else 'done'}_{s.position} - met_{s.position}_{k} - not_{s.position}_{k}) as bigint) as unknown"
        f" from {GROUPED} group by all"
        for s in plan.stages
        for k, (name, _) in enumerate(s.inputs)
    )


def stage_times(plan: ChainPlan) -> str:
    """Return the query that fills `stage_time_daily` of the stages that are no plain work; "" where all are."""
    return " union all ".join(
        _times_of(plan, stage) for stage in plan.stages if stage.declared.kind != "work"
    )


def _times_of(plan: ChainPlan, stage: StagePlan) -> str:
    i = stage.position
    buckets = render(bucket(f"t_{i} / 1e6"), pretty=False)
    day = "date '1970-01-01' + cast(local_day(s) as integer) as day"
    keys = ", ".join([day, f"{i} as position", *_segments(plan)])
    return f"select {keys}, {buckets} as bucket, count(*) as cases from {CASES} where n_{i} > 0 group by all"


def handed_over(plan: ChainPlan) -> str:
    """Return the query of the cases that left a stage, and which of them late: own_id, `left_stages` and `left_late`, a bit a stage."""
    done = " + ".join(f"case when n_{s.position} > 0 then {1 << s.position} else 0 end" for s in plan.stages)
    late = " + ".join(
        f"case when n_{s.position} > 0 and late_{s.position} then {1 << s.position} else 0 end"
        for s in plan.stages
    )
    return f"select own_id, {done} as left_stages, {late} as left_late from {CASES}"


def handed_cells(plan: ChainPlan, segments: Iterator[str] | list[str], handed: str, is_same_id: bool) -> str:
    """Return the query that fills `handed_cell` from the promise's `judged` items and those handed over.

    Ids are compared as they are where both are of one column (`is_same_id`), else as text.
    """
    ids = f"{handed}.own_id", "judged.item_id"
    same = " = ".join(ids if is_same_id else (f"cast({each} as varchar)" for each in ids))
    columns = [identifier(segment_column(name)) for name in segments]
    counted = {
        f"{word}_{verdict}_{s.position}": f"count(*) filter (where verdict = '{verdict}' and left_stages & {1 << s.position} > 0"
        f" and left_late & {1 << s.position} {'>' if word == 'late' else '='} 0)"
        for s in plan.stages
        for word in ("late", "timely")
        for verdict in ("broken", "kept")
    }
    keys = ", ".join(["day", "version", *columns])
    sums = ", ".join(f"{sql} as {name}" for name, sql in counted.items())
    joined = (
        f"select {keys}, {sums} from judged join {handed} on {same}"
        f" where verdict in ('kept', 'broken') group by {keys}"
    )
    names = [f"{word}_{verdict}" for word in ("late", "timely") for verdict in ("broken", "kept")]
    parts = [
        f"select {keys}, {s.position} as position, {', '.join(f'{n}_{s.position} as {n}' for n in names)} from counted"
        for s in plan.stages
    ]
    return f"with counted as ({joined}) {' union all '.join(parts)}"


def paths(plan: ChainPlan) -> str:
    """Return the query that fills `path_daily`, of a log that tells teams; "" of others."""
    read = plan.chain.events
    if read is None or read.team is None:
        return ""
    at = plan.end(read.at)
    again = " or ".join(f"n_{s.position} > 1" for s in plan.stages)
    return f"""
        with event as (
            select cast({identifier(read.id)} as varchar) as case_id, {at} as at_us, cast({identifier(read.team)} as varchar) as team,
                cast({identifier(read.activity)} as varchar) as activity
            from {plan.rows} where not {identifier(read.id)} is null and not {identifier(read.team)} is null
        ),
        following as (
            select *, lag(team) over (partition by case_id order by at_us, activity, team) as before_it
            from event where not at_us is null
        ),
        turn as (select * from following where before_it is null or team <> before_it),
        turned as (select *, lag(team, 2) over (partition by case_id order by at_us, activity, team) as two_before from turn),
        moved as (
            select case_id, count(*) - 1 as moves, coalesce(bool_or(two_before = team), false) as came_back
            from turned group by case_id
        )
        select date '1970-01-01' + cast(local_day(s) as integer) as day, count(*) as cases,
            count(*) filter (where moves > 0) as moved, cast(coalesce(sum(moves), 0) as bigint) as moves,
            count(*) filter (where came_back) as came_back, count(*) filter (where {again}) as reworked
        from {CASES} left join moved using (case_id) group by all"""
