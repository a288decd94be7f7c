"""How far a clock has run, on its own ground and on the wall: what has elapsed, what is left.

Both are read off the tables that decided the due moment, so they cannot disagree with the verdict:
elapsed + left = the length promised, and left < 0 exactly where the item was too late.
"""

from sqlglot import exp

from aspromised.declare.model import ClockMeasure
from aspromised.judge.clocks.business_clock import NamedQuery, begins_in_time
from aspromised.judge.clocks.due import by_version, clock_start
from aspromised.judge.planning.plan import Ground, Plan
from aspromised.sql.templates import tree


def left_us(plan: Plan) -> exp.Expr:
    """Return what is left of the clock (µs, negative is over) of an item in `judged` that is open or broken, else null.

    Reads `due` and `late_us`. Pauses are in `due` already: all that count have begun before the clock ran out.
    """

    def left(measure: ClockMeasure) -> exp.Expr:
        ground = plan.ground_of(measure)
        if ground.is_wall:
            return tree("-late_us")
        return tree("cast(:due - :ended as bigint)", due=on_ground(ground, "due"), ended=on_ground(ground, "(due + late_us)"))  # fmt: skip

    return tree("case when verdict in ('open', 'broken') then :left end", left=by_version(plan, left))


def on_ground(ground: Ground, instant: str) -> exp.Expr:
    """Return an instant as its place on a ground (µs): itself on the wall, else the open time before it."""
    if ground.is_wall:
        return tree(f"({instant})")
    width = ground.slot_us
    return tree(
        f"(select cum_us + case when is_open then {instant} - slot * {width} else 0 end"
        f" from {ground.table('slots')} where slot = {instant} // {width})"
    )


def run_steps(plan: Plan, moment_us: int) -> list[NamedQuery]:
    """Return the steps from `verdicts` to `run`, which adds, of a clock:

    `clock_at` when it starts, `ends_at` when it stopped or was looked at, `limit_us` the length promised,
    `elapsed_us` how much of it has run; each null where it cannot be known.
    """
    ends = tree(
        "select *, :starts as clock_at, case when not done is null then done when not cancelled is null then cancelled else :moment end as ends_at"
        " from verdicts",
        starts=exp.null() if plan.runs_and_stops else by_version(plan, clock_start),
        moment=moment_us,
    )
    if plan.runs_and_stops:  # the clock's start is known already
        ends.set("expressions", [e for e in ends.expressions if e.alias != "clock_at"])
    steps: list[NamedQuery] = [("ended", ends)]
    for ground in plan.grounds:
        steps += _on(plan, ground, steps[-1][0])
    return [*steps, ("run", _run(plan, steps[-1][0]))]


def _on(plan: Plan, ground: Ground, prior: str) -> list[NamedQuery]:
    """Add `from_k`, `until_k`: where on the ground the clock starts and ends; `used_k`: what pauses took between."""
    k = ground.number
    placed = tree(
        f"select *, :begins as from_{k}, :ends as until_{k} from {prior}",
        begins=on_ground(ground, "clock_at"),
        ends=on_ground(ground, "ends_at"),
    )
    if not plan.paused:
        return [(f"placed_{k}", placed)]
    used = tree(
        f"""
        select item_id, cast(sum(
            case when {begins_in_time(ground)} and begun < until_{k}
                then case when ended < until_{k} then ended else until_{k} end - begun else 0 end
        ) as bigint) as used_{k}
        from ordered_{k} join placed_{k} using (item_id) group by item_id
        """
    )
    joined = tree(
        f"select prior.*, used_{k} from placed_{k} as prior left join used_rows_{k} using (item_id)"
    )
    return [(f"placed_{k}", placed), (f"used_rows_{k}", used), (f"used_{k}_added", joined)]


def _run(plan: Plan, prior: str) -> exp.Expr:
    """Add `limit_us` and `elapsed_us`; a clock that ends before it starts has not run."""

    def limit(measure: ClockMeasure) -> exp.Expr:
        k = plan.ground_of(measure).number
        if plan.runs_and_stops:
            return tree(f"due_on_{k} - from_{k}")
        return tree(f"due - from_{k} + :more", more=1 if measure.less_than else 0)

    def elapsed(measure: ClockMeasure) -> exp.Expr:
        k = plan.ground_of(measure).number
        used = f" - coalesce(used_{k}, 0)" if plan.paused else ""
        return tree(f"case when until_{k} < from_{k} then 0 else until_{k} - from_{k}{used} end")

    return tree(
        f"select *, :limit as limit_us, :elapsed as elapsed_us from {prior}",
        limit=by_version(plan, limit),
        elapsed=by_version(plan, elapsed),
    )
