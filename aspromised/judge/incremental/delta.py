"""Judge only what changed: a promise's tables brought from one moment to a later one.

Counts add up, so what the touched items were worth before is taken off and what they are worth now is put on. Touched
are the rows that came or went, the items open before, and those with anything dated between the two moments.
The rows that came and went are in temporary tables, "come …" and "gone …" one of each source.
"""

import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlglot import exp

from aspromised.declare.model import Pause
from aspromised.judge.clocks.time_left import forget_what_is_old
from aspromised.judge.kinds.registry import kind_of
from aspromised.judge.planning.arrivals import arrived_us
from aspromised.judge.planning.matching import as_id_of
from aspromised.judge.planning.plan import Columns, Plan
from aspromised.judge.verdicts.derived import derive
from aspromised.judge.verdicts.rollup import VERDICT_OF_COUNT
from aspromised.judge.verdicts.verdict import AsOf, views
from aspromised.judge.verdicts.written import scans_written
from aspromised.schema.snapshot import FILLED, JUDGING
from aspromised.sql.engine import Engine
from aspromised.sql.tables import insert
from aspromised.sql.templates import identifier, quoted, render, text, tree
from aspromised.words.vocabulary import WHOLE

LARGEST_SHARE = 0.2
"""Of a source's rows: where more is touched, judging all of it again costs less."""

_FEW = 100
"""Items that are judged by themselves however small their source is."""

_TOUCHED_DAY = "(day is null or day in (select day from touched_day))"


def sources_read(plan: Plan) -> set[str]:
    """Return the sources that decide a promise's verdicts."""
    kind = kind_of(plan)
    return {plan.source, *kind.sources_by_item, *kind.sources_by_many}


def can_add(plan: Plan, key: str | None, changed: Collection[str]) -> bool:
    """Return whether each item can be judged without the others, and by its own rows alone.

    A repeat looks at other items, counts have no items, and terms are of many items.
    """
    kind = kind_of(plan)
    return kind.is_judged_by_item and key == kind.identity and kind.sources_by_many.isdisjoint(changed)


def add_changes(
    con: Engine,
    schema: str,
    plan: Plan,
    was: AsOf,
    now: AsOf,
    changed: Collection[str],
    largest: float = LARGEST_SHARE,
) -> bool:
    """Bring a promise's tables in `schema` from the moment `was` to `now`; False, and nothing done, where too much changed.

    `changed` names the sources of which the tables "come …" and "gone …" tell the difference.
    """
    if not _is_told_by_the_load(con, plan, was, now, changed):
        return False
    if plan.arrivals:
        latest = {name: replace(each, keeps_versions=False) for name, each in plan.arrivals.items()}
        plan = replace(plan, arrivals=latest)
    if not _touch(con, schema, plan, was, now, changed, largest):
        return False
    _gather(con, plan, changed)
    for macro in now.days.macros():
        con.run(macro)
    queries = scans_written(plan)
    for moment, state in ((was, "was"), (now, "now")):
        for name, view in views(plan, moment).items():
            sql = render(_redirected(view, plan, state))
            con.create(name, sql, "temp view")
        for table, query in queries.items():
            con.create(f"{state}_{table}", query)
        days = [_STARTED_OR_COUNTED, *(f"select day from {state}_{table}" for table in queries)]
        con.run(f"{_DAYS[state]} {' union '.join(days)}")
    for table, query in queries.items():
        _bring(con, schema, plan, table, query)
    for table in FILLED:
        if table not in queries:
            con.run(f"delete from {schema}.{table} where {_ours(plan)} and {_TOUCHED_DAY}")
    if _is_on_the_wall(plan):
        _age(con, schema, plan, now)
    forget_what_is_old(con, schema, plan, now.moment_us, now.days)
    derive(con, schema, plan, _TOUCHED_DAY)
    return True


_STARTED_OR_COUNTED = render(
    tree("select day from judged union select ap_date(ap_local_day(started)) as day from judged"),
    pretty=False,
)
"""Days of which what is derived may change; each table's own days are touched too, whatever it counts an item on."""
_DAYS = {"was": "create or replace temp table touched_day as", "now": "insert into touched_day (day)"}


def _is_told_by_the_load(con: Engine, plan: Plan, was: AsOf, now: AsOf, changed: Collection[str]) -> bool:
    """Return whether the latest version of each row is the one known at both moments, but for what came and went.

    Terms are of many items: none may have become known between the moments. A gate's history asks every version.
    """
    between = f"> {was.moment_us} and {{0}} <= {now.moment_us}"
    for name in sorted(sources_read(plan)):
        arrival = plan.arrivals.get(name)
        if arrival is None:
            continue
        at = render(arrived_us(arrival), pretty=False)
        if name in kind_of(plan).sources_by_many and _has(con, _table(name), f"{at} {between.format(at)}"):
            return False
        if not arrival.keeps_versions:
            continue
        if plan.is_gated and name == plan.source and name in changed:
            return False
        come = f"where not {identifier(arrival.key or '')} in (select {identifier(arrival.key or '')} from {_side(name, 'come')})"
        rest = f"(from {_table(name)} {come if name in changed else ''})"
        if _has(con, _table(name), f"{at} > {now.moment_us}") or _has(con, rest, f"{at} > {was.moment_us}"):
            return False
        if name in changed and _has(con, _side(name, "gone"), f"{at} > {was.moment_us}"):
            return False
    return True


def _has(con: Engine, rows: str, condition: str) -> bool:
    return bool(con.run(f"select 1 from {rows} where {condition} limit 1"))


def _touch(
    con: Engine, schema: str, plan: Plan, was: AsOf, now: AsOf, changed: Collection[str], largest: float
) -> bool:
    """Make `touched(id)`; return whether it is few enough to be worth it."""
    rows = con.run(f"select count(*) from {_table(plan.source)}")[0][0]
    union = " union all ".join(_touched(schema, plan, was, now, changed))
    con.create("touched", f"select distinct id from ({union}) where not id is null")
    count = con.run("select count(*) from touched")[0][0]
    return bool(count <= max(largest * rows, _FEW))


def _touched(schema: str, plan: Plan, was: AsOf, now: AsOf, changed: Collection[str]) -> Iterator[str]:
    by_item = dict(kind_of(plan).sources_by_item)
    identity = by_item.pop(plan.source)
    key, kind = identifier(identity), plan.columns[identity]
    window = _Window(was, now)
    if plan.source in changed:
        yield from (f"select {key} as id from {_side(plan.source, side)}" for side in ("come", "gone"))
    tests = [window.holds(name, plan.columns[name]) for name in plan.instants]
    yield f"select {key} as id from {_table(plan.source)} where {' or '.join(tests + _goes_on(plan, plan.source, window)) or 'false'}"
    waiting = "'open' in (verdict, otherwise)" if _is_on_the_wall(plan) else "done is null"
    yield f"select try_cast(item_id as {kind}) as id from {schema}.item where {_ours(plan)} and {waiting}"
    for source, column in by_item.items():
        of = f"select {_id(plan, source, column)} as id from"
        yield f"{of} {_table(source)} where {' or '.join(_goes_on(plan, source, window))}"
        if source in changed:
            yield from (f"{of} {_side(source, side)}" for side in ("come", "gone"))


def _goes_on(plan: Plan, source: str, window: "_Window") -> list[str]:
    """Return the tests of a source's rows that something of a pause lies in the window, or that they became known in it."""
    columns = plan.tables[source]
    pauses = [window.is_paused(pause, columns) for pause in kind_of(plan).pauses_of(source)]
    return pauses + _arrives(plan, source, window)


def _arrives(plan: Plan, source: str, window: "_Window") -> list[str]:
    """Return whether a row of the source became known in the window."""
    arrival = plan.arrivals.get(source)
    return [window.holds(arrival.column, plan.tables[source][arrival.column])] if arrival else []


class _Window:
    """The time after one moment up to another, as SQL over a column."""

    def __init__(self, was: AsOf, now: AsOf) -> None:
        self.first, self.last = _instant(was.moment_us), _instant(now.moment_us)
        self.zone = now.days.zone

    def holds(self, column: str, kind: str) -> str:
        name = identifier(column)
        if kind == "DATE":  # either day in part
            days = (f"date '{moment.astimezone(self.zone).date()}'" for moment in (self.first, self.last))
            return f"{name} between {' and '.join(days)}"
        return f"({name} > {_literal(self.first)} and {name} <= {_literal(self.last)})"

    def is_paused(self, pause: Pause, kinds: Columns) -> str:
        """Something of the pause lies in the window, or it had no known end before it."""
        begins, ends = identifier(pause.from_), identifier(pause.to)
        unended = f"(not {begins} is null and coalesce({ends} > {_literal(self.first)}, true))"
        return f"({self.holds(pause.from_, kinds[pause.from_])} or {self.holds(pause.to, kinds[pause.to])} or {unended})"


def _instant(us: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)


def _literal(moment: datetime) -> str:
    return f"timestamptz '{moment:%Y-%m-%d %H:%M:%S.%f}+00'"


def _gather(con: Engine, plan: Plan, changed: Collection[str]) -> None:
    """Make the tables "now …" and "was …": the rows of the touched items as they are, and as they were."""
    for source, column in kind_of(plan).sources_by_item.items():
        _restrict(con, plan, source, column, source in changed)


def _restrict(con: Engine, plan: Plan, source: str, key: str, is_changed: bool) -> None:
    chosen = f"where {_id(plan, source, key)} in (select id from touched)"
    columns = ", ".join(map(identifier, plan.tables[source]))  # a set operation goes by place
    now, was = _side(source, "now"), _side(source, "was")
    con.create(now, f"select {columns} from {_table(source)} {chosen}")
    query = f"select {columns} from {now}"
    if is_changed:
        come, gone = (f"select {columns} from {_side(source, side)} {chosen}" for side in ("come", "gone"))
        query = f"({query} except all {come}) union all {gone}"
    con.create(was, query)


def _id(plan: Plan, source: str, column: str) -> str:
    """Return SQL of a source's column of items' ids, of the type that the items have."""
    wanted = plan.columns[kind_of(plan).sources_by_item[plan.source]]
    return render(as_id_of(quoted(column), plan.tables[source][column], wanted), pretty=False)


def _redirected(query: exp.Expr, plan: Plan, state: str) -> exp.Expr:
    """Return the query over the gathered rows instead of the whole sources."""
    gathered = kind_of(plan).sources_by_item
    for table in query.find_all(exp.Table):
        if table.db == "source" and table.name in gathered:
            table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name, quoted=True)))
            table.set("this", exp.to_identifier(f"{state} {table.name}", quoted=True))
            table.set("db", None)
    return query


def _bring(con: Engine, schema: str, plan: Plan, table: str, query: str) -> None:
    """Bring one table to what it is now, and record what filled it."""
    began = time.perf_counter()
    ours = _ours(plan)
    if table == "item":
        where = f"{ours} and item_id in (select cast(id as varchar) from touched)"
        con.run(f"delete from {schema}.item where {where}")
        con.run(
            f"insert into {schema}.item by name select {text(plan.promise_id)} as promise_id, * from now_item"
        )
    else:
        _add_up(con, schema, plan, table)
    whole = f" and segment = {text(WHOLE)}" if table == "lateness_daily" else ""
    rows = con.run(f"select count(*) from {schema}.{table} where {ours}{whole}")[0][0]
    told = [plan.promise_id, table, query, rows, time.perf_counter() - began]
    con.run(f"delete from {schema}.judging where {ours} and table_name = ?", [table])
    con.run(insert(JUDGING, schema), told)


def _add_up(con: Engine, schema: str, plan: Plan, table: str) -> None:
    """Take off what was and put on what is, on the touched days."""
    columns = list(con.columns(f"now_{table}"))
    counts = [name for name in columns if name in VERDICT_OF_COUNT or name == "items"]
    keys = ", ".join(identifier(name) for name in columns if name not in counts)
    ours = f"{_ours(plan)} and {_TOUCHED_DAY}"
    whole = f" and segment = {text(WHOLE)}" if table == "lateness_daily" else ""
    plus, minus = ", ".join(counts), ", ".join(f"-{name} as {name}" for name in counts)
    sums = ", ".join(f"cast(sum({name}) as bigint) as {name}" for name in counts)
    left = " or ".join(f"sum({name}) <> 0" for name in counts)
    con.create(
        "brought",
        f"select {keys}, {sums} from ("
        f" select {keys}, {plus} from {schema}.{table} where {ours}{whole}"
        f" union all select {keys}, {plus} from now_{table}"
        f" union all select {keys}, {minus} from was_{table}"
        f") group by {keys} having {left}",
    )
    con.run(f"delete from {schema}.{table} where {ours}")
    con.run(
        f"insert into {schema}.{table} by name select {text(plan.promise_id)} as promise_id, * from brought order by day"
    )


def _is_on_the_wall(plan: Plan) -> bool:
    return all(ground.is_wall for ground in plan.grounds)


def _age(con: Engine, schema: str, plan: Plan, now: AsOf) -> None:
    """Tell how late the items are that are still not done: on the wall that needs no judging again."""
    late = f"({now.moment_us} - epoch_us(due)) / 1000000.0"
    left = f", clock_left_seconds = case when verdict in ('open', 'broken') then -{late} end"
    con.run(
        f"update {schema}.item set late_seconds = {late}{left if kind_of(plan).is_timed else ''}"
        f" where {_ours(plan)} and done is null and not due is null"
    )


def _ours(plan: Plan) -> str:
    return f"promise_id = {text(plan.promise_id)}"


def _table(source: str) -> str:
    return f"source.{identifier(source)}"


def _side(source: str, which: str) -> str:
    return identifier(f"{which} {source}")
