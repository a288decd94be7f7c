"""What a snapshot was judged from, so that the next one judges only what has changed since."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from aspromised.declare.workspace import Workspace
from aspromised.judge.clocks.opening_hours import open_time, zone_of
from aspromised.judge.incremental.delta import sources_read
from aspromised.judge.planning.plan import Plan
from aspromised.judge.verdicts.derived import derivations
from aspromised.judge.verdicts.tables import ddl
from aspromised.judge.verdicts.verdict import AsOf
from aspromised.judge.verdicts.written import scans_written, views_written
from aspromised.schema.snapshot import FILLED, JUDGED_FROM, JUDGING
from aspromised.sql.engine import ENGINE, Engine
from aspromised.sql.tables import create, insert

JUDGE_VERSION = 1
"""Raise it by one where the judge's own code would come to other rows from the same SQL, calendars, zones and sources.

That is: how changes are added up (`delta.py`), how open time becomes slots and lookups (`OpenTime`), how a query's rows
are put into their table (`judge.run`). A change that shows in the SQL of a promise, or that writes the same rows in
another way, needs nothing.
"""

MOST_TIMES = 50
"""Refreshes that add to the same snapshot before one is made afresh, which puts its rows in order again."""

Known = Mapping[tuple[str, str], str]
"""The rows of a snapshot's `judged_from`: (what, name) → value."""


@dataclass(frozen=True)
class Since:
    """A snapshot to add to: its moment, what its promises were, and what the sources have done since."""

    moment_us: int
    times: int
    definitions: Mapping[str, str]
    same: frozenset[str]
    """Sources that are as they were."""
    changed: frozenset[str]
    """Sources of which the warehouse tells which rows came and which are gone."""

    def is_judged(self, plan: Plan, now: AsOf, definition: str) -> bool:
        """Return whether a promise stands as it would be judged now."""
        stands = self.definitions.get(plan.promise_id) == definition
        return stands and self.moment_us == now.moment_us and sources_read(plan) <= self.same

    def is_known(self, plan: Plan, definition: str) -> bool:
        """Return whether a promise is what it was, and all is known that happened to its sources."""
        stands = self.definitions.get(plan.promise_id) == definition
        return stands and sources_read(plan) <= self.same | self.changed


def since(con: Engine, known: Known, segments: Iterable[str], moment_us: int) -> Since | None:
    """Return how a snapshot that was judged from `known` can be added to; None where judging afresh is better.

    It is added to from one moment to a later one, and where most of the rows are known to be the same.
    """
    was = int(known.get(("moment", ""), moment_us + 1))
    times = int(known.get(("times", ""), MOST_TIMES))
    if was > moment_us or times >= MOST_TIMES or known.get(("shape", "")) != shape(segments):
        return None
    same, changed = set[str](), set[str]()
    sizes, strange = 0, 0
    for name, now, before, is_told, rows in con.run(_SOURCES):
        then = known.get(("source", name))
        sizes += rows
        if then == now:
            same.add(name)
        elif then == before and is_told:
            changed.add(name)
        else:
            strange += rows
    if strange > sizes / 2:
        return None
    definitions = {name: value for (what, name), value in known.items() if what == "promise"}
    return Since(was, times + 1, definitions, frozenset(same), frozenset(changed))


_SOURCES = """
select l."source", l.fingerprint, c.before, coalesce(c.is_told, false), coalesce(h.rows_kept, 0)
from loaded l left join source_change c using ("source") left join source_health h using ("source")
"""


def shape(segments: Iterable[str]) -> str:
    """Return what the snapshot's tables look like."""
    return _digest(ddl("", segments))


def definition(workspace: Workspace, plan: Plan, now: AsOf) -> str:
    """Return all that decides a promise's verdicts but the moment and the rows.

    What was declared counts as it shows in the SQL, in the opening hours and in the local days: a claim worded
    otherwise changes nothing, another release of the holidays or of the time zones does.
    """
    if (
        plan.arrivals
    ):  # then columns are listed, and their order may be another in each file, which decides nothing
        by_name = {source: dict(sorted(columns.items())) for source, columns in plan.tables.items()}
        plan = replace(plan, tables=by_name)
    dated = [*views_written(plan, now).values(), *scans_written(plan).values()]
    return _digest(
        JUDGE_VERSION,
        ENGINE,
        workspace.company.timezone,
        [sql.replace(str(now.moment_us), "(now)") for sql in dated],  # the moment is another at each refresh
        derivations("", plan),
        now.days.macros(),
        [_calendar(workspace, name, plan, now) for name in sorted(plan.calendars)],
        {source: sorted(plan.tables[source].items()) for source in sorted(sources_read(plan))},
    )


def _calendar(workspace: Workspace, name: str, plan: Plan, now: AsOf) -> object:
    """Return what a calendar comes to over the years it is laid out for: its open time, and its own local days."""
    calendar, ground = workspace.calendars[name], plan.calendars[name]
    rows = open_time(calendar, workspace.timezone, *ground.years).digest() if ground.years else None
    own = replace(now.days, zone=zone_of(calendar, workspace.timezone), suffix=ground.suffix)
    return rows, own.macros() if ground.suffix else None


def tell(
    con: Engine,
    schema: str,
    moment_us: int,
    times: int,
    segments: Iterable[str],
    definitions: Mapping[str, str],
) -> None:
    """Write what a snapshot was judged from into its `judged_from`."""
    con.run(create(JUDGED_FROM, schema, how="create or replace table"))
    rows = [("moment", "", str(moment_us)), ("times", "", str(times)), ("shape", "", shape(segments))]
    rows += [("promise", name, value) for name, value in sorted(definitions.items())]
    rows += [("source", *row) for row in con.run('select "source", fingerprint from loaded')]
    con.run_each(insert(JUDGED_FROM, schema), rows)


def clear(con: Engine, schema: str, gone: Iterable[str], segments: Iterable[str]) -> None:
    """Leave in a copy of a snapshot what judging adds to: the rows of all promises but those that are gone."""
    forgotten = list(gone)
    kept = {*FILLED, JUDGING.name}
    for table, statement in ddl(schema, segments).items():
        if table in kept and forgotten:
            con.run(f"delete from {schema}.{table} where promise_id in (select unnest(?))", [forgotten])
        elif table not in kept:
            con.run(f"drop table if exists {schema}.{table}")
            con.run(statement)


def _digest(*known: object) -> str:
    return hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode()).hexdigest()
