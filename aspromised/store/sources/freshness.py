"""How fresh each source was at the snapshot's moment, told in the snapshot's `source_health`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from aspromised.declare.model import Source
from aspromised.declare.rules.evidence import evidence
from aspromised.declare.workspace import Workspace
from aspromised.schema.snapshot import SOURCE_HEALTH
from aspromised.sql import quoting
from aspromised.sql.authored.reads import reads
from aspromised.sql.columns import source_columns
from aspromised.sql.engine import Engine, EngineError
from aspromised.sql.on_spark.there import There
from aspromised.sql.tables import create
from aspromised.store.snapshot import Snapshot
from aspromised.store.sources import health
from aspromised.store.typing.casting import ZONED
from aspromised.words.columns import column_key
from aspromised.words.lengths import EXACT_SECONDS
from aspromised.words.problems import AsPromisedError


def tell_health(
    con: Engine,
    schema: str,
    workspace: Workspace,
    as_of: datetime,
    before: Mapping[str, int] | None = None,
    there: There | None = None,
) -> None:
    """Create `source_health` in `schema`: as loaded, `newest` as of the moment, and what was promised.

    `fresh_within` is the promise in words, `fresh_seconds` in seconds; null where nothing was promised.
    `before` tells how many rows sources last had, for those that have none; `there` is asked of rows that Spark reads itself.
    """
    of_sources, newest = health.recorded(con), newest_known(con, workspace, as_of, there)
    (here,) = con.run("select current_database()")[0]
    kind = "temp table" if schema == "temp" else "table"
    con.run(create(SOURCE_HEALTH, schema, how=f"create or replace {kind}"))
    con.run(
        f"insert into {schema}.source_health by name select * from {quoting.name(here)}.main.source_health"
    )
    for name, loaded in of_sources.items():
        promised = _promised(workspace.sources.get(name))
        had = (before or {}).get(name) if loaded.kind != "sql" and not loaded.rows_in else None
        con.run(
            f"update {schema}.source_health set newest = ?, fresh_within = ?, fresh_seconds = ?, rows_before = ?"
            ' where "source" = ?',
            [newest.get(name), *promised, had, name],
        )


def rows_before(served: Snapshot | None) -> dict[str, int]:
    """Return how many rows each source had in a snapshot, or had before it lost them all there."""
    if served is None:
        return {}
    try:
        table = served.query('select "source", rows_in, rows_before from source_health')
    except (AsPromisedError, EngineError):
        return {}
    had = table["rows_in"].where(table["rows_in"] > 0, table["rows_before"].fillna(0))
    return {name: int(rows) for name, rows in zip(table["source"], had, strict=True) if rows}


def newest_known(
    con: Engine, workspace: Workspace, as_of: datetime, there: There | None = None
) -> dict[str, datetime | None]:
    """Return how far the records of each source reach, in UTC without a zone, of those up to `as_of`; None where nothing tells.

    A source that only views read is dated by the columns they pass on under the same name. Of rows that Spark reads
    itself `there` tells, or nothing.
    """
    columns = source_columns(con)
    moment = as_of.astimezone(UTC).replace(tzinfo=None)
    found: dict[str, datetime | None] = {}
    for name, source in workspace.sources.items():
        dated = _dated(columns.get(name, {}), _dating(workspace, name))
        if source.spark:
            found[name] = there.newest(name, dated, as_of) if there else None
        else:
            found[name] = _newest(con, name, dated, moment)
    return found


def _dating(workspace: Workspace, name: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """The keys of the columns that date a source's records."""
    found = {column_key(column) for column in evidence(workspace, name)}
    source = workspace.sources[name]
    if source.arrived or source.latest_by or name in seen:
        return found
    views = [
        other
        for other, each in workspace.sources.items()
        if each.sql and name in reads(each.sql, workspace.sources)
    ]
    return found.union(*(_dating(workspace, view, seen | {name}) for view in views))


def _dated(types: Mapping[str, str], dating: set[str]) -> list[str]:
    """Return the columns of days and moments that date a source's records."""
    return [
        column for column, kind in types.items() if column_key(column) in dating and kind in ("DATE", ZONED)
    ]


def _newest(con: Engine, name: str, dated: Sequence[str], moment: datetime) -> datetime | None:
    """The newest of these columns that is not after `moment`; a date counts as its midnight in the company's zone."""
    found = [_latest(con, quoting.source_table(name), quoting.name(column), moment) for column in dated]
    return max(filter(None, found), default=None)


def _latest(con: Engine, table: str, column: str, moment: datetime) -> datetime | None:
    """The newest value of a column up to `moment`; what the table's statistics tell is not looked for in its rows."""
    limit, week_before = map(_utc, (moment, moment - timedelta(days=7)))
    newest = f"timezone('UTC', max(cast({column} as timestamptz)))"
    of_all = (
        f"case when max({column}) <= {limit} then timezone('UTC', cast(max({column}) as timestamptz)) end"
    )
    in_time = f"{table} where {column} <= {limit}"
    lately = f"{in_time} and {column} > {week_before}"
    for query in (f"{of_all} from {table}", f"{newest} from {lately}", f"{newest} from {in_time}"):
        found: datetime | None = con.run(f"select {query}")[0][0]
        if found is not None:
            return found
    return None


def _utc(moment: datetime) -> str:
    return f"timezone('UTC', timestamp '{moment:%Y-%m-%d %H:%M:%S.%f}')"


def _promised(source: Source | None) -> tuple[str | None, float | None]:
    length = source.fresh_within if source else None
    if length is None or length.unit not in EXACT_SECONDS:
        return (str(length) if length else None, None)
    return str(length), float(length.amount) * EXACT_SECONDS[length.unit]
