"""Write readiness into a snapshot: `load_daily`, `gate_daily`, `readiness`, and what each gate came to in `gate`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aspromised.declare.model import Gate
from aspromised.declare.workspace import Workspace
from aspromised.judge.faults import Faults, find_faults
from aspromised.judge.planning.arrivals import arrivals
from aspromised.judge.planning.plan import Columns, placed_message
from aspromised.judge.readiness.headroom import headroom, headroom_states
from aspromised.judge.readiness.launch import Launch, draws_on, launch_of
from aspromised.judge.readiness.load import LoadDays, load_days
from aspromised.judge.readiness.promises import promise_states
from aspromised.judge.readiness.queries import Answer, query_states
from aspromised.judge.readiness.signing import Signatures, sign_off_states
from aspromised.judge.readiness.state import GateDays, State, cannot_tell, on_every_day
from aspromised.judge.readiness.verdict import PromotionReadiness, judge, marks
from aspromised.schema.snapshot import GATE_DAILY, LOAD_DAILY, READINESS
from aspromised.schema.table import TableSchema
from aspromised.sql import quoting
from aspromised.sql.columns import source_columns
from aspromised.sql.engine import Engine
from aspromised.words.problems import Problem

ReadinessRow = Sequence[object]


@dataclass(frozen=True)
class _Ground:
    """What gates are judged on."""

    con: Engine
    schema: str
    workspace: Workspace
    tables: Mapping[str, Columns]
    loads: dict[str, LoadDays]
    launches: list[Launch]
    signatures: Signatures
    unreadable: str | None
    answers: dict[str, dict[date, Answer]]
    faults: Faults
    as_of: datetime

    def gate_days(self, launch: Launch) -> list[GateDays]:
        """Return what each gate of a promotion was on each day; of one with an error nobody can tell."""
        found = []
        for number, gate in enumerate(launch.promotion.ready_when):
            errors = self.faults.of_gate(launch.promotion_id, number)
            states = (
                on_every_day(launch.days, cannot_tell("; ".join(map(placed_message, errors))))
                if errors
                else self.states(launch, gate)
            )
            found.append(GateDays(number + 1, gate, states))
        return found

    def states(self, launch: Launch, gate: Gate) -> dict[date, State]:
        """Return what a gate was on each day."""
        match gate.kind:
            case "promise":
                return promise_states(self.con, self.schema, self.workspace, gate, launch.days)
            case "capacity":
                load = self.loads.get(str(gate.capacity))
                if load is None:
                    missing = cannot_tell(
                        f"the capacity '{gate.capacity}' cannot be read", gate.headroom_at_least
                    )
                    return on_every_day(launch.days, missing)
                return headroom_states(gate, launch, self.launches, load)
            case "sql":
                return query_states(
                    self.con,
                    self.tables,
                    gate,
                    launch.days,
                    self.answers,
                    arrivals(self.workspace, self.tables),
                    self.as_of,
                )
        found = self.signatures.get((launch.promotion_id, gate.gate), ())
        return sign_off_states(gate, found, self.workspace.timezone, launch, self.unreadable)


def judge_readiness(
    con: Engine,
    workspace: Workspace,
    as_of: datetime,
    schema: str,
    signatures: Signatures,
    unreadable: str | None = None,
    faults: Faults | None = None,
) -> None:
    """Judge every gate on every day as of that day, and every promotion, into the tables of `schema`.

    The promises must have been judged there. `unreadable` says why sign-offs in the ledger are not among `signatures`.
    """
    zone = workspace.timezone
    launches = [launch_of(name, each, as_of, zone) for name, each in sorted(workspace.promotions.items())]
    tables = source_columns(con)
    faults = faults or find_faults(con, workspace)
    loads = {name: _load(con, workspace, name, tables, as_of, faults) for name in sorted(workspace.capacity)}
    ground = _Ground(
        con, schema, workspace, tables, loads, launches, signatures, unreadable, {}, faults, as_of
    )
    _write(con, schema, LOAD_DAILY, [row for load in loads.values() for row in _load_rows(load, launches)])
    daily: list[ReadinessRow] = []
    verdicts: list[ReadinessRow] = []
    for launch in launches:
        gates = ground.gate_days(launch)
        daily += _daily_rows(launch, gates)
        errors = faults.of_promotion(launch.promotion_id)
        verdicts.append(_verdict_row(launch, _refused(errors) if errors else judge(launch, gates)))
        for each in gates:
            _tell_gate(con, schema, launch, each)
    _write(con, schema, GATE_DAILY, daily)
    _write(con, schema, READINESS, [*verdicts, *_unreadable_rows(workspace)])


def _load(
    con: Engine,
    workspace: Workspace,
    name: str,
    tables: Mapping[str, Columns],
    as_of: datetime,
    faults: Faults,
) -> LoadDays:
    """Return a capacity day by day; of one that `check` finds an error in, that."""
    if errors := faults.of_capacity(name):
        return LoadDays(name, problem="; ".join(map(placed_message, errors)))
    return load_days(con, workspace, name, tables, as_of)


def _refused(errors: Sequence[Problem]) -> PromotionReadiness:
    """Return that nobody can tell of a promotion whose declaration has errors."""
    return PromotionReadiness(
        "cannot_tell", "its declaration cannot be judged: " + "; ".join(map(placed_message, errors))
    )


def _load_rows(load: LoadDays, launches: list[Launch]) -> Iterable[ReadinessRow]:
    for day, each in (load.days or {}).items():
        running = [one for one in launches if one.runs_on(day) and draws_on(one, load.source, load.capacity)]
        uplift = sum(one.uplift for one in running)
        known = each.planned is not None and each.usual is not None
        left = headroom(each.planned or 0.0, each.usual or 0.0, uplift) if known else None
        promoted = each.promoted if each.load is not None else None
        yield (load.capacity, day, each.available, each.load, each.usual, promoted, uplift, left)


def _daily_rows(launch: Launch, gates: Iterable[GateDays]) -> Iterable[ReadinessRow]:
    for each in gates:
        for day, state in each.states.items():
            yield (
                launch.promotion_id,
                each.position,
                day,
                state.value,
                state.needed,
                state.met,
                state.evidence,
            )


def _verdict_row(launch: Launch, found: PromotionReadiness) -> ReadinessRow:
    return (
        launch.promotion_id, found.verdict, found.ready_on, found.days_early, launch.launched, launch.ends,
        found.ready_since, launch.judged_on, list(found.missing), found.why,
    )  # fmt: skip


def _unreadable_rows(workspace: Workspace) -> Iterable[ReadinessRow]:
    for path, problems in workspace.unreadable.items():
        if path[0] == "promotions" and len(path) > 1:
            why = "its declaration cannot be read: " + "; ".join(map(placed_message, problems))
            yield (str(path[1]), "cannot_tell", None, None, None, None, None, None, [], why)


def _tell_gate(con: Engine, schema: str, launch: Launch, each: GateDays) -> None:
    """Write what a gate came to on the day that decides, and what had happened to it."""
    state, happened = each.states[launch.judged_on], marks(launch, each)
    con.run(
        f"""
        update {schema}.gate set judged_on = ?, value = ?, met = ?, evidence = ?, first_met = ?, lost_on = ?, met_on = ?,
            lost_again = ?
        where promotion_id = ? and position = ?
        """,
        [
            launch.judged_on, state.value, state.met, state.evidence, happened.first_met, happened.lost_on,
            happened.met_on, happened.lost_again, launch.promotion_id, each.position,
        ],
    )  # fmt: skip


def _write(con: Engine, schema: str, table: TableSchema, rows: list[ReadinessRow]) -> None:
    """Insert rows all at once, a list a column."""
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    parts = ", ".join(f"unnest(cast(? as {each.type}[]))" for each in table.columns)
    con.run(f"insert into {schema}.{table.name} ({quoting.names(table.names)}) select {parts}", columns)
