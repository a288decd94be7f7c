"""A chain with every name resolved and every expression guarded, ready to become SQL."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from aspromised.declare.model import Chain, ClockMeasure, ItemsMeasure, Promise, PromiseInForce, Stage
from aspromised.declare.workspace import Workspace
from aspromised.judge.clocks.local_days import LocalDays
from aspromised.judge.planning.arrivals import arrivals, arrived_by
from aspromised.judge.planning.plan import WALL, Columns, Ground, Plan, instant_us
from aspromised.judge.run import with_calendars
from aspromised.sql.authored.guard import guard
from aspromised.sql.engine import Engine
from aspromised.sql.templates import identifier, quoted, render, tree
from aspromised.words.lengths import EXACT_SECONDS
from aspromised.words.moments import microseconds


@dataclass(frozen=True)
class StagePlan:
    """A stage: its place, what authors ask of it, and the clock that its budget and its time run on."""

    position: int
    declared: Stage
    accepted: str
    changed: str
    inputs: tuple[tuple[str, str], ...]
    clock: Plan
    """A plan of a promise of the budget alone, from which its due moment is written."""

    @property
    def ground(self) -> Ground:
        """What the stage's own time is counted on."""
        return self.clock.calendars.get(self.declared.calendar or "", WALL)


@dataclass(frozen=True)
class ChainPlan:
    """What the SQL of a chain is written from; nothing in it is an author's text any more."""

    chain_id: str
    chain: Chain
    columns: Columns
    rows: str
    """What to read: the source's table, or what of it had arrived by the moment."""
    stages: tuple[StagePlan, ...]
    segments: Mapping[str, str]
    """Segments of the promises that name the chain, over its own source."""
    cancelled: tuple[str, ...]
    """Columns in which those promises read that an item was cancelled."""
    moment: int
    days: LocalDays

    def instant(self, column: str | None) -> str:
        """Return a column as an instant (µs); a day is its beginning, no column is null."""
        if column is None:
            return "cast(null as bigint)"
        return render(self._began(column), pretty=False)

    def end(self, column: str) -> str:
        """Return when something ended (µs), null if not by the moment. A day stands for its end, unless cases begin by days too."""
        began = self._began(column)
        ended = began
        read = self.chain.items
        if self.columns[column] == "DATE" and not (read and self.columns[read.started] == "DATE"):
            ended = tree("ap_day_start(ap_number_of_date(:a) + 1) - 1", a=quoted(column))
        known = tree(
            "case when :began <= :moment then :ended end", began=began, moment=self.moment, ended=ended
        )
        return render(known, pretty=False)

    def _began(self, column: str) -> exp.Expr:
        if self.columns[column] == "DATE":
            return tree("ap_day_start(ap_number_of_date(:a))", a=quoted(column))
        return instant_us(self.columns, column)


def plan_chain(
    con: Engine, workspace: Workspace, chain_id: str, as_of: datetime, tables: Mapping[str, Columns]
) -> ChainPlan:
    """Return the plan of a chain that `check` finds no error in, over sources with these columns; its calendars are laid out."""
    chain = workspace.chains[chain_id]
    columns, moment = tables[chain.source], microseconds(as_of)
    arrival = arrivals(workspace, tables).get(chain.source)
    rows = exp.table_(exp.to_identifier(chain.source, quoted=True), db="source")
    known = arrived_by(exp.convert(moment), chain.source, arrival, columns) if arrival else rows
    days = _days(con, workspace, chain, as_of)
    about = list(_about(workspace, chain_id, chain))
    segments: dict[str, str] = {}
    for promise in about:
        for name, sql in promise.segment_expressions.items():
            segments.setdefault(name, _guarded(sql, columns))
    cancelled = dict.fromkeys(filter(None, (getattr(each, "cancelled", None) for each in about)))
    stages = tuple(
        _stage(con, workspace, number, stage, chain, columns, days)
        for number, stage in enumerate(chain.stages, start=1)
    )
    return ChainPlan(
        chain_id,
        chain,
        columns,
        render(known, pretty=False),
        stages,
        segments,
        tuple(cancelled),
        moment,
        days,
    )


def _about(workspace: Workspace, chain_id: str, chain: Chain) -> Iterator[ItemsMeasure]:
    """Yield the measures of the promises that name the chain and are about the rows it is read from."""
    for _, promise in sorted(workspace.promises.items()):
        measure = promise.measure
        if promise.chain != chain_id or chain.items is None or not isinstance(measure, ItemsMeasure):
            continue
        if measure.items == chain.source and getattr(measure, "id", None) == chain.items.id:
            yield measure


def _guarded(text: str | None, columns: Columns) -> str:
    return render(guard(text, columns), pretty=False) if text else "cast(null as boolean)"


def _stage(
    con: Engine,
    workspace: Workspace,
    number: int,
    stage: Stage,
    chain: Chain,
    columns: Columns,
    days: LocalDays,
) -> StagePlan:
    clock = with_calendars(con, workspace, _clock(workspace, number, stage, chain), days)
    inputs = tuple((each.input, _guarded(each.met_when, columns)) for each in stage.requires)
    accepted, changed = _guarded(stage.accepted_when, columns), _guarded(stage.changed_when, columns)
    return StagePlan(number, stage, accepted, changed, inputs, clock)


def _clock(workspace: Workspace, number: int, stage: Stage, chain: Chain) -> Plan:
    """Return the plan of a promise that the stage be done within its budget; its ground has the stage's number."""
    measure = ClockMeasure.model_construct(
        items=chain.source, id="", started="", done="", within=stage.budget, calendar=stage.calendar
    )
    calendar = workspace.calendars.get(stage.calendar) if stage.calendar else None
    grounds: dict[str, Ground] = {}
    if stage.calendar and calendar:
        foreign = calendar.timezone not in (None, workspace.company.timezone)
        suffix = f"_{number}" if foreign else ""
        name = stage.calendar if calendar.open != "always" else None
        if name or foreign:
            grounds[stage.calendar] = Ground(number, name, suffix=suffix)
    standing = PromiseInForce(1, None, None, "", 1.0, measure)
    promise = Promise.model_construct(claim="", measure=measure, target=1.0, made_by="", kept_by="")
    return Plan("", promise, measure, (standing,), {}, None, {}, (), (), {}, {}, grounds)


def _days(con: Engine, workspace: Workspace, chain: Chain, as_of: datetime) -> LocalDays:
    """Return the company's local days from the first case to where all budgets end, one after the other, after the moment."""
    read = chain.read_from
    assert read, "a chain that is judged is read from somewhere"
    columns = [column for key in read.moments if (column := getattr(read, key))]
    years = [as_of.year]
    for column in columns:
        name = identifier(column)
        asked = f"select year(min({name}) filter (isfinite({name}))) from source.{identifier(chain.source)}"
        years += [year for (year,) in con.run(asked) if year is not None]
    ahead = 2 + int(sum(map(_years, chain.stages)))
    return LocalDays(workspace.timezone, max(min(years) - 1, 1800), min(as_of.year + ahead, 2300))


def _years(stage: Stage) -> float:
    """Return how many years a budget may take at most, five times its length where places close."""
    if stage.budget is None:
        return 0.0
    seconds = EXACT_SECONDS.get(stage.budget.unit, 86_400)
    return float(stage.budget.amount) * seconds * 5 / (365 * 86_400)
