"""Judge every chain of a workspace as of a moment, after its promises, into the tables of `schema.chains`."""

import time
from collections.abc import Mapping
from datetime import datetime

from aspromised.declare.model import Chain, ItemsMeasure
from aspromised.declare.workspace import Workspace
from aspromised.judge.chains import rollup
from aspromised.judge.chains.attribution import (
    LATE,
    LATE_CASES,
    MOST_STAGES,
    late_columns,
    late_items,
    shared,
    spent_of_columns,
    spent_of_log,
)
from aspromised.judge.chains.cases import cases, stretches
from aspromised.judge.chains.plan import ChainPlan, plan_chain
from aspromised.judge.chains.rollup import CASES, GROUPED, STRETCHES
from aspromised.judge.faults import Faults
from aspromised.judge.planning.plan import CannotJudgeError, Columns, placed_message
from aspromised.judge.run import judge_items, plan_promise
from aspromised.schema.chains import CHAIN, CHAIN_EXPECTATION, CHAIN_STAGE, OF_CHAINS
from aspromised.schema.snapshot import segment_column
from aspromised.sql.columns import source_columns
from aspromised.sql.engine import Engine, EngineError
from aspromised.sql.limits import stopped
from aspromised.sql.tables import insert
from aspromised.sql.templates import identifier, text

HANDED = "chain_handed"
"""The relation of the cases that left stages, and which of them late."""


def judge_chains(
    con: Engine,
    workspace: Workspace,
    as_of: datetime,
    schema: str,
    faults: Faults,
    is_elsewhere: bool = False,
) -> None:
    """Fill the tables of chains in `schema`, where promises stand already; a fault in one is its own row and hides no other.

    `is_elsewhere` says that promises were judged on Spark: how their kept items were handed over is not told then.
    """
    tables = source_columns(con)
    for chain_id in chain_ids(workspace):
        began = time.perf_counter()
        declared = workspace.chains.get(chain_id)
        told: dict[str, object] = {"chain_id": chain_id, "promises": keeps(workspace, chain_id)}
        try:
            told |= _refused(workspace, chain_id, declared, tables, faults) or _judged(
                con, workspace, chain_id, as_of, schema, faults, tables, is_elsewhere
            )
        except CannotJudgeError as error:
            told["problem"] = str(error)
        except EngineError as error:
            told["problem"] = (
                f"its data cannot be judged: {stopped(error) or str(error).strip().splitlines()[0]}"
            )
        if told.get("problem"):
            for table in OF_CHAINS:
                con.run(f"delete from {schema}.{table.name} where chain_id = ?", [chain_id])
        _describe(con, schema, chain_id, declared, told | {"seconds": time.perf_counter() - began})


def chain_ids(workspace: Workspace) -> list[str]:
    """Return the ids of all chains, those that could not be read too."""
    unreadable = [str(path[1]) for path in workspace.unreadable if path[0] == "chains" and len(path) > 1]
    return sorted({*workspace.chains, *unreadable})


def keeps(workspace: Workspace, chain_id: str) -> list[str]:
    """Return the promises that name a chain."""
    return sorted(name for name, promise in workspace.promises.items() if promise.chain == chain_id)


def _refused(
    workspace: Workspace, chain_id: str, chain: Chain | None, tables: Mapping[str, Columns], faults: Faults
) -> dict[str, object] | None:
    """Return why a chain is not judged, None where it is."""
    problems = workspace.unreadable.get(("chains", chain_id)) or (faults.of_chain(chain_id) if chain else ())
    if problems or chain is None:
        return {"problem": "\n".join(map(placed_message, problems))}
    source = workspace.sources.get(chain.source)
    if source and source.spark:
        return {
            "problem": f"the rows of '{chain.source}' are read on Spark alone, and chains are judged on this machine"
        }
    if chain.source not in tables:
        return {"problem": f"the source '{chain.source}' has no data: see Data health"}
    return None


def _judged(
    con: Engine,
    workspace: Workspace,
    chain_id: str,
    as_of: datetime,
    schema: str,
    faults: Faults,
    tables: Mapping[str, Columns],
    is_elsewhere: bool,
) -> dict[str, object]:
    """Fill a chain's tables; return what is told of the chain itself."""
    plan = plan_chain(con, workspace, chain_id, as_of, tables)
    _refuse_repeated(con, workspace, plan)
    _days(con, plan)
    query = cases(plan)
    if plan.chain.events:
        con.create("chain_case_of_log", query)
    con.create(CASES, "select * from chain_case_of_log" if plan.chain.events else query, "temp view")
    con.create(GROUPED, rollup.grouped(plan))
    filling = {
        "stage_cell": rollup.stage_cells(plan), "input_daily": rollup.inputs_met(plan),
        "stage_time_daily": rollup.stage_times(plan), "path_daily": rollup.paths(plan),
    }  # fmt: skip
    for table, rows in filling.items():
        if rows:
            _fill(con, schema, table, chain_id, rows)
    con.create(HANDED, rollup.handed_over(plan))
    (counted,) = con.run(f"select coalesce(sum(cases), 0) from {GROUPED}")[0]
    not_shared = None
    if len(plan.stages) > MOST_STAGES:
        not_shared = f"it has {len(plan.stages)} stages, and late minutes are shared among {MOST_STAGES} at most: join some"
    for promise_id in keeps(workspace, chain_id):
        if not not_shared:
            _share(con, schema, plan, promise_id)
        _place_open(con, schema, plan, promise_id)
        if not is_elsewhere:
            _hand_over(con, workspace, schema, plan, promise_id, as_of, faults)
    return {"cases": counted, "unbegun": _unbegun(con, plan), "sql": query, "not_shared": not_shared}


def _fill(con: Engine, schema: str, table: str, chain_id: str, rows: str) -> None:
    con.run(
        f"insert into {schema}.{table} by name select {text(chain_id)} as chain_id, * from ({rows}) order by day"
    )


def _days(con: Engine, plan: ChainPlan) -> None:
    """Make the macros of the chain's local days; those of a promise take their place while its items are judged."""
    for macro in plan.days.macros():
        con.run(macro)


def _unbegun(con: Engine, plan: ChainPlan) -> int:
    """Return how many rows tell of no case: without a beginning, or of a log without a case or a moment."""
    read = plan.chain.read_from
    assert read
    if plan.chain.items:
        lost = f"{identifier(plan.chain.items.started)} is null"
    else:
        assert plan.chain.events
        lost = f"{identifier(plan.chain.events.id)} is null or {identifier(plan.chain.events.at)} is null"
    return int(con.run(f"select count(*) from {plan.rows} where {lost}")[0][0])


def _refuse_repeated(con: Engine, workspace: Workspace, plan: ChainPlan) -> None:
    """Refuse items that are not one row each; a log has many rows a case."""
    read = plan.chain.items
    if read is None or workspace.sources[read.source].key == read.id:
        return
    name = identifier(read.id)
    rows, ids = con.run(f"select count({name}), count(distinct {name}) from {plan.rows}")[0]
    if rows != ids:
        message = f"'{read.id}' is not one row an item: {rows:,} rows hold {ids:,} ids. Give the source a key and latest_by, or name the column that is unique"
        raise CannotJudgeError(
            [workspace.problem("judge", message, ("chains", plan.chain_id, "items", "id"))]
        )


def _share(con: Engine, schema: str, plan: ChainPlan, promise_id: str) -> None:
    """Fill `late_stage` with the late items of a promise."""
    _days(con, plan)
    con.create(LATE, late_items(schema, plan.moment).replace("$promise", text(promise_id)))
    among = f"select item_id from {LATE}"
    if plan.chain.events:
        con.create(STRETCHES, stretches(plan, among))
    else:
        con.create(LATE_CASES, f"select {late_columns(plan)} from ({cases(plan, among)}) as late")
    items = con.frame(spent_of_log(plan) if plan.chain.events else spent_of_columns(plan))
    if not len(items):
        return
    con.register("chain_shared", shared(items, [stage.position for stage in plan.stages]))
    segments = [identifier(segment_column(name)) for name in _segments_of(con, schema, promise_id)]
    columns = "".join(f", item.{name}" for name in segments)
    con.run(
        f"insert into {schema}.late_stage by name select {text(plan.chain_id)} as chain_id, item.promise_id, item.item_id, item.day,"
        f" item.version, position, spent_us, budget_us, chain_shared.late_us{columns} from chain_shared"
        f" join {schema}.item on item.promise_id = {text(promise_id)} and item.item_id = chain_shared.item_id order by item.day"
    )
    con.unregister("chain_shared")


def _place_open(con: Engine, schema: str, plan: ChainPlan, promise_id: str) -> None:
    """Fill `open_stage` with the stage that each item of a promise is in which is open, or overdue and not done."""
    _days(con, plan)
    waiting = (
        f"select item_id from {schema}.item where promise_id = {text(promise_id)}"
        " and (verdict = 'open' or verdict = 'broken' and done is null)"
    )
    rows = CASES if plan.chain.events else f"({cases(plan, waiting)})"
    con.run(
        f"insert into {schema}.open_stage by name select {text(plan.chain_id)} as chain_id, {text(promise_id)} as promise_id,"
        f" case_id as item_id, here as position, make_timestamp(last) as since from {rows} as placed"
        f" where not here is null and case_id in ({waiting}) order by case_id"
    )


def _segments_of(con: Engine, schema: str, promise_id: str) -> list[str]:
    rows = con.run(f"select segments from {schema}.promise where promise_id = ?", [promise_id])
    return list(rows[0][0]) if rows else []


def _hand_over(
    con: Engine,
    workspace: Workspace,
    schema: str,
    plan: ChainPlan,
    promise_id: str,
    as_of: datetime,
    faults: Faults,
) -> None:
    """Fill `handed_cell` with the kept and broken items of a promise; nothing of one that is not judged item by item."""
    measure = workspace.promises[promise_id].measure
    if not isinstance(measure, ItemsMeasure) or getattr(measure, "id", None) is None:
        return
    try:
        promise, moment = plan_promise(con, workspace, promise_id, as_of, faults)
    except CannotJudgeError:
        return  # its own row tells why
    judge_items(con, promise, moment)
    read = plan.chain.items
    is_same = read is not None and (read.source, read.id) == (measure.items, getattr(measure, "id", None))
    rows = rollup.handed_cells(plan, list(promise.segments), HANDED, is_same)
    con.run(
        f"insert into {schema}.handed_cell by name select {text(plan.chain_id)} as chain_id, {text(promise_id)} as promise_id, *"
        f" from ({rows}) where late_broken + late_kept + timely_broken + timely_kept > 0 order by day"
    )


def _describe(
    con: Engine, schema: str, chain_id: str, chain: Chain | None, told: Mapping[str, object]
) -> None:
    """Write a chain, its stages and what is expected of it."""
    row = dict(told)
    if chain:
        row |= {"source": chain.source, "is_log": chain.events is not None, "review_by": chain.review_by}
    con.run(insert(CHAIN, schema), [row.get(name) for name in CHAIN.names])
    for number, stage in enumerate(chain.stages if chain else (), start=1):
        con.run(
            insert(CHAIN_STAGE, schema),
            [
                chain_id, number, stage.stage, stage.kind, stage.supplier, stage.customer,
                str(stage.budget) if stage.budget else None, stage.calendar, stage.delivers,
                [each.input for each in stage.requires], stage.accepted_when is not None,
                stage.changed_when is not None, stage.review_by,
            ],
        )  # fmt: skip
    for expected in chain.expects if chain else ():
        con.run(
            insert(CHAIN_EXPECTATION, schema), [chain_id, expected.customer, expected.what, expected.from_]
        )
