"""Judge every promise of a workspace as of a moment, from the warehouse's sources into a schema's tables."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from aspromised.declare.rules.spreads import spread_fault
from aspromised.declare.rules.there import read_there_alone
from aspromised.declare.workspace import Workspace
from aspromised.judge.clocks.local_days import LocalDays
from aspromised.judge.clocks.opening_hours import OpenTime, create_tables, open_time, zone_of
from aspromised.judge.clocks.time_left import forget_what_is_old
from aspromised.judge.clocks.together import KEPT, SHOWN
from aspromised.judge.described import describe
from aspromised.judge.faults import Faults, find_faults
from aspromised.judge.incremental.delta import add_changes, can_add, sources_read
from aspromised.judge.incremental.fingerprint import Since, clear, definition
from aspromised.judge.kinds.registry import kind_of
from aspromised.judge.planning.plan import Ask, CannotJudgeError, Columns, Ground, Plan, placed_message
from aspromised.judge.planning.planner import make_plan
from aspromised.judge.remote.judging import OnSpark
from aspromised.judge.verdicts.derived import derive
from aspromised.judge.verdicts.tables import ddl
from aspromised.judge.verdicts.verdict import AsOf, judged
from aspromised.judge.verdicts.written import scans_written, views_written
from aspromised.schema.snapshot import FILLED, JUDGING
from aspromised.sql.authored.guard import rendered
from aspromised.sql.authored.reads import read_through
from aspromised.sql.columns import source_columns
from aspromised.sql.engine import Engine, EngineError
from aspromised.sql.limits import stopped, too_much
from aspromised.sql.on_spark.session import SparkError, SparkGoneError
from aspromised.sql.tables import insert
from aspromised.sql.templates import identifier, render, text
from aspromised.words.lengths import EXACT_SECONDS
from aspromised.words.moments import microseconds
from aspromised.words.names import folded
from aspromised.words.problems import no_such
from aspromised.words.vocabulary import VERDICTS

_Progress = Callable[[str, int, int], None]

JUDGED = "judged"
"""What `judging` calls the items themselves, where they were judged elsewhere and no query here can tell how."""


@dataclass(frozen=True)
class JudgingOutcome:
    """What came of judging one promise: its problem, or nothing to say."""

    promise_id: str
    problem: str | None
    waits: bool = False
    """Whether there is nothing to mend: this version cannot judge it yet."""
    definition: str | None = None
    """What it was judged by, but for the moment and the rows."""
    reads: tuple[str, ...] | None = None
    """The sources that decide its verdicts, those that views read too; None where it was not judged."""


def judge_into(
    con: Engine,
    workspace: Workspace,
    as_of: datetime,
    schema: str,
    progress: _Progress | None = None,
    base: Since | None = None,
    faults: Faults | None = None,
    there: OnSpark | None = None,
) -> list[JudgingOutcome]:
    """Create the judge's tables in `schema` and fill them; return what came of each promise, in order.

    One promise that cannot be judged, or that `check` finds an error in, has its reason in `promise.problem` and never
    hides the others. With `base`,
    `schema` is a copy of the snapshot it tells of, and only what changed since is judged. With `there`, Spark is asked
    for each promise, whole.
    """
    ids, segments = promise_ids(workspace), segment_names(workspace)
    faults = faults or find_faults(con, workspace)
    if base:
        clear(con, schema, sorted(set(base.definitions) - set(ids)), segments)
    else:
        for statement in ddl(schema, segments).values():
            con.run(statement)
    outcomes = []
    for number, promise_id in enumerate(ids):
        if progress:
            progress(promise_id, number, len(ids))
        outcomes.append(_judge_one(con, workspace, promise_id, as_of, schema, base, faults, there))
    outcomes = _with_spreads(workspace, outcomes, faults)
    describe(
        con,
        workspace,
        schema,
        {outcome.promise_id: outcome.problem for outcome in outcomes},
        {outcome.promise_id: outcome.reads for outcome in outcomes},
    )
    return outcomes


def promise_ids(workspace: Workspace) -> list[str]:
    """Return the ids of all promises, those that could not be read too."""
    unreadable = [str(path[1]) for path in workspace.unreadable if path[0] == "promises" and len(path) > 1]
    return sorted({*workspace.promises, *unreadable})


def segment_names(workspace: Workspace) -> list[str]:
    """Return every segment name of the workspace once, whatever its case (SQL does not tell cases apart)."""
    measures = [getattr(p.measure, "segment_expressions", {}) for p in workspace.promises.values()]
    names = {folded(name): name for segments in measures for name in segments}
    return sorted(name for name in names.values() if name.strip())


def plan_promise(
    con: Engine,
    workspace: Workspace,
    promise_id: str,
    as_of: datetime,
    faults: Faults | None = None,
    there: OnSpark | None = None,
) -> tuple[Plan, AsOf]:
    """Return the plan of a promise and the moment with the local days its data spans; CannotJudgeError says why not.

    Of rows that Spark reads itself `there` is asked.
    """
    unreadable = workspace.unreadable.get(("promises", promise_id))
    if unreadable:
        raise CannotJudgeError(unreadable)
    if promise_id not in workspace.promises:
        raise no_such("promise", promise_id, workspace.promises)
    if errors := (faults or find_faults(con, workspace)).of_promise(promise_id):
        raise CannotJudgeError(errors)
    tables = source_columns(con)
    _refuse_missing_source(workspace, promise_id, tables)
    plan = make_plan(workspace, promise_id, tables)
    today = as_of.astimezone(workspace.timezone).date()
    plan = replace(plan, corrections=tuple(rule for rule in plan.corrections if rule.known_from <= today))
    _refuse_read_there(workspace, plan, there)
    _refuse_repeated_ids(con, workspace, plan, there)
    days = _days(con, plan, workspace, as_of, there)
    return with_calendars(con, workspace, plan, days), AsOf(microseconds(as_of), days)


def _judge_one(
    con: Engine,
    workspace: Workspace,
    promise_id: str,
    as_of: datetime,
    schema: str,
    base: Since | None,
    faults: Faults,
    there: OnSpark | None,
) -> JudgingOutcome:
    if _is_spread(workspace, promise_id):
        return JudgingOutcome(promise_id, None)
    try:
        plan, moment = plan_promise(con, workspace, promise_id, as_of, faults, there)
        if there:
            _judge_there(con, schema, plan, moment, there)
            return JudgingOutcome(promise_id, None, reads=read_through(workspace.sources, sources_read(plan)))
        known = definition(workspace, plan, moment)
        if not (base and _added(con, workspace, plan, moment, schema, base, known)):
            _judge_whole(con, schema, plan, moment, is_again=base is not None)
    except CannotJudgeError as error:
        if base:
            _forget(con, schema, promise_id)
        waits = all(problem.code == "not-judged-yet" for problem in error.problems)
        return JudgingOutcome(promise_id, str(error), waits)
    except SparkGoneError:
        raise  # no promise's fault: what was published last keeps serving
    except SparkError as error:
        _forget(con, schema, promise_id)
        return JudgingOutcome(promise_id, f"its data cannot be judged on spark: {error}")
    except EngineError as error:
        _forget(con, schema, promise_id)
        return JudgingOutcome(promise_id, _unjudged(workspace, promise_id, error))
    return JudgingOutcome(
        promise_id, None, definition=known, reads=read_through(workspace.sources, sources_read(plan))
    )


def _judge_whole(con: Engine, schema: str, plan: Plan, moment: AsOf, is_again: bool) -> None:
    if is_again:
        _forget(con, schema, plan.promise_id)
    judge_items(con, plan, moment)
    shorter: Mapping[str, str] = {}
    for table, sql in scans_written(plan).items():
        _fill(con, schema, table, plan.promise_id, shorter.get(table, sql), sql)
        if table == "item":
            shorter = _shorter(con, schema, plan)
    forget_what_is_old(con, schema, plan, moment.moment_us, moment.days)
    derive(con, schema, plan)


def _judge_there(con: Engine, schema: str, plan: Plan, moment: AsOf, there: OnSpark) -> None:
    """Fill a promise's tables with what Spark answers, and derive the others from them."""
    answers = there.answers(plan, moment)
    for table, answer in answers.items():
        con.register("answered", answer.rows)
        _fill(con, schema, table, plan.promise_id, "select * from answered", answer.sql)
        con.unregister("answered")
    forget_what_is_old(con, schema, plan, moment.moment_us, moment.days)
    derive(con, schema, plan)
    items = f"select coalesce(sum({' + '.join(VERDICTS)}), 0) from {schema}.verdict_cell where promise_id = ?"
    told = [
        plan.promise_id,
        JUDGED,
        there.judged_by[plan.promise_id],
        con.run(items, [plan.promise_id])[0][0],
        0.0,
    ]
    con.run(insert(JUDGING, schema), told)


def _shorter(con: Engine, schema: str, plan: Plan) -> Mapping[str, str]:
    """Return the tables that need not judge all items again, now that `item` is filled, with what fills them."""
    found = kind_of(plan).together()
    if found is None:
        return {}
    con.create(KEPT, render(found[0]))
    con.create(SHOWN, f"select * from {schema}.item where promise_id = {text(plan.promise_id)}", "temp view")
    return {table: render(query) for table, query in found[1].items()}


def _added(
    con: Engine, workspace: Workspace, plan: Plan, now: AsOf, schema: str, base: Since, known: str
) -> bool:
    """Bring a promise from the base's moment to now where that can be done by what changed alone."""
    if base.is_judged(plan, now, known):
        return True
    if not base.is_known(plan, known) or not can_add(plan, workspace.sources[plan.source].key, base.changed):
        return False
    try:
        return add_changes(con, schema, plan, replace(now, moment_us=base.moment_us), now, base.changed)
    except EngineError as error:
        if too_much(error):  # all of it would take longer still
            raise
        return False  # what was begun is forgotten, and all of it judged: if the fault stays, that tells it


def _is_spread(workspace: Workspace, promise_id: str) -> bool:
    promise = workspace.promises.get(promise_id)
    return promise is not None and not promise.measure.has_rows


def _with_spreads(
    workspace: Workspace, outcomes: list[JudgingOutcome], faults: Faults
) -> list[JudgingOutcome]:
    """Return the outcomes; a spread has no items of its own: it is told from the verdicts of the promise it is of."""
    by_id = {outcome.promise_id: outcome for outcome in outcomes}

    def told_of(outcome: JudgingOutcome) -> JudgingOutcome:
        promise = workspace.promises.get(outcome.promise_id)
        if promise is None or promise.measure.has_rows:
            return outcome
        if errors := faults.of_promise(outcome.promise_id):
            return replace(outcome, problem="\n".join(map(placed_message, errors)))
        if fault := spread_fault(workspace, promise):
            at = ("promises", outcome.promise_id, "measure", fault[1])
            return replace(outcome, problem=placed_message(workspace.problem("spread", fault[0], at)))
        of = str(promise.measure.compared["spread_of"])
        if by_id[of].problem:
            return replace(outcome, problem=f"'{of}' could not be judged, and this is its spread")
        return replace(outcome, reads=by_id[of].reads)

    return [told_of(outcome) for outcome in outcomes]


def _unjudged(workspace: Workspace, promise_id: str, error: EngineError) -> str:
    """Return why a promise's data could not be judged, with its place where it would take too much."""
    if reason := stopped(error):
        at = ("promises", promise_id, "measure")
        return placed_message(workspace.problem("too-much", f"judging it was stopped: {reason}", at))
    return f"its data cannot be judged: {_first_line(error)}"


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def _forget(con: Engine, schema: str, promise_id: str) -> None:
    for table in (*FILLED, JUDGING.name):
        con.run(f"delete from {schema}.{table} where promise_id = ?", [promise_id])


def _refuse_missing_source(workspace: Workspace, promise_id: str, tables: Mapping[str, Columns]) -> None:
    source = getattr(workspace.promises[promise_id].measure, "items", None)
    if source is None or source in tables:
        return
    message = f"there is no source '{source}'"
    if source in workspace.sources:
        message = f"the source '{source}' has no data: see Data health"
    elif ("sources", source) in workspace.unreadable:
        message = f"the declaration of the source '{source}' cannot be read: run `aspromised check`"
    problem = workspace.problem("judge", message, ("promises", promise_id, "measure", "items"))
    raise CannotJudgeError([problem])


def with_calendars(con: Engine, workspace: Workspace, plan: Plan, days: LocalDays) -> Plan:
    """Make the tables of the calendars the plan runs on, for whole blocks of years, and return it knowing them.

    A placeholder such as 1900-01-01 does not stretch them: before 1968 and after 2103 nothing is due by opening hours.
    """
    first, last = (
        max(days.first_year - days.first_year % 4, 1968),
        min(days.last_year + 3 - days.last_year % 4, 2103),
    )
    grounds: dict[str, Ground] = {}
    for name, ground in plan.calendars.items():
        if not ground.is_wall:
            table = _laid_out(workspace, name, first, last)
            prefix = f"calendar_{name}_{first}_{last}"
            create_tables(con, prefix, table)
            ground = replace(ground, prefix=prefix, slot_us=table.slot_us, years=(first, last))
        if ground.suffix:
            zone = zone_of(workspace.calendars[name], workspace.timezone)
            for macro in replace(days, zone=zone, suffix=ground.suffix).macros():
                con.run(macro)
        grounds[name] = ground
    return replace(plan, calendars=grounds)


def _laid_out(workspace: Workspace, name: str, first: int, last: int) -> OpenTime:
    """Return a calendar's open time; CannotJudgeError tells a day, an hour, a zone or a country that cannot be read."""
    try:
        return open_time(workspace.calendars[name], workspace.timezone, first, last)
    except (ValueError, LookupError, NotImplementedError) as error:
        message = f"the calendar '{name}' cannot be read: {error}"
        raise CannotJudgeError([workspace.problem("calendar", message, ("calendars", name))]) from None


def _refuse_read_there(workspace: Workspace, plan: Plan, there: OnSpark | None) -> None:
    """Refuse to judge here what reads rows that are not here."""
    away = {name for name, source in workspace.sources.items() if source.spark}
    if there is None and (source := min(away & sources_read(plan), default="")):
        raise CannotJudgeError(
            [workspace.problem("judge", read_there_alone(source), ("promises", plan.promise_id, "measure"))]
        )


def _refuse_repeated_ids(con: Engine, workspace: Workspace, plan: Plan, there: OnSpark | None) -> None:
    identity = getattr(plan.measure, "id", None)
    if identity is None or workspace.sources[plan.source].key == identity:
        return
    rows, ids = there.ids(plan, identity) if there and there.reads(plan) else _ids(con, plan, identity)
    if rows != ids:
        message = (
            f"'{identity}' is not one row an item: {rows:,} rows hold {ids:,} ids. "
            f"Give the source a key and latest_by, or name the column that is unique"
        )
        raise CannotJudgeError(
            [workspace.problem("judge", message, ("promises", plan.promise_id, "measure", "id"))]
        )


def _ids(con: Engine, plan: Plan, identity: str) -> tuple[int, int]:
    """Return how many items a plan has by their ids, and how many ids differ."""
    where = f"where {rendered(plan.only)}" if plan.only is not None else ""
    name = identifier(identity)
    source = identifier(plan.source)
    rows, ids = con.run(f"select count({name}), count(distinct {name}) from source.{source} {where}")[0]
    return rows, ids


def _days(con: Engine, plan: Plan, workspace: Workspace, as_of: datetime, there: OnSpark | None) -> LocalDays:
    """Return the company's local days over the years that the data, the lengths and the moment touch."""
    declared = [standing.from_.year for standing in plan.standings if standing.from_]
    of_rows = there.years(plan) if there and there.reads(plan) else _years_of_rows(con, plan)
    today = as_of.astimezone(workspace.timezone)
    years = [*of_rows, *declared, today.year]
    first, last = max(min(years) - 1, 1800), max(years) + 2
    ask: Ask = there.ask if there else lambda query: con.run(render(query))[0][0]
    last += _years_of_lengths(ask, workspace, plan, today.year)
    return LocalDays(workspace.timezone, first, min(last, 2300))


def _years_of_rows(con: Engine, plan: Plan) -> list[int]:
    """Return the first and the last year of every column of moments; one without an end ("infinity") is of none.

    Where none is infinite the table's statistics tell, without a look at its rows.
    """
    ends = [(end, identifier(column)) for column in plan.instants for end in ("min", "max")]
    whole = [f"case when isfinite({end}({name})) then year({end}({name})) end" for end, name in ends]
    finite = [f"year({end}({name}) filter (isfinite({name})))" for end, name in ends]
    found: tuple[int | None, ...] = ()
    for asked in (whole, finite) if ends else ():
        found = con.run(f"select {', '.join(asked)} from source.{identifier(plan.source)}")[0]
        if None not in found:
            break
    return [year for year in found if year is not None]


def _years_of_lengths(ask: Ask, workspace: Workspace, plan: Plan, year: int) -> int:
    """Return how many years the longest length of a promise may reach ahead."""
    found = [_years(workspace, *length, year) for length in kind_of(plan).lengths(ask)]
    return min(int(max(found, default=0.0) * 1.02), MOST_YEARS)


def _years(workspace: Workspace, number: float, unit: str, calendar: str | None, year: int) -> float:
    """Return how many years a length may take, on a calendar the longer the less it is open."""
    seconds = {"calendar days": 86_400, **BUSINESS_SECONDS} | {str(u): n for u, n in EXACT_SECONDS.items()}
    wall = min(number * seconds[unit] / (365 * 86_400), MOST_YEARS)
    if unit not in BUSINESS_SECONDS or calendar is None or workspace.calendars[calendar].open == "always":
        return wall
    years = 4
    table = _laid_out(workspace, calendar, year - year % years, year - year % years + years - 1)
    if unit == "business days":
        return wall * 365 * years / max(len(np.unique(table.days)), 1)
    return wall * 365 * 86_400_000_000 * years / max(int(np.sum(table.closes - table.opens)), 1)


BUSINESS_SECONDS = {"business days": 86_400, "business hours": 3600, "business minutes": 60}

MOST_YEARS = 500
"""What is longer ends after all that time zones and calendars are laid out for."""


def _fill(con: Engine, schema: str, table: str, promise_id: str, rows: str, told_by: str) -> None:
    """Fill a promise's table with the rows of a query, and record the one that told them."""
    began = time.perf_counter()
    filled = con.run(
        f"insert into {schema}.{table} by name select $promise as promise_id, * from ({rows}) order by day",
        {"promise": promise_id},
    )
    told = [promise_id, table, told_by, filled[0][0], time.perf_counter() - began]
    con.run(insert(JUDGING, schema), told)


def item_sql(plan: Plan, moment: AsOf) -> list[str]:
    """Return the statements that make the temporary view `judged` of the promise's items: its days, then it."""
    return [*moment.days.macros(), f"create or replace temp view judged as {render(judged(plan, moment))}"]


def judge_items(con: Engine, plan: Plan, moment: AsOf) -> None:
    """Make the temporary views of `judge.verdicts.verdict.views`: of `judged`, one row an item."""
    for macro in moment.days.macros():
        con.run(macro)
    for name, sql in views_written(plan, moment).items():
        con.create(name, sql, "temp view")
