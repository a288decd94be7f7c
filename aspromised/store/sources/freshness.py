"""How fresh each source was at the snapshot's moment, told in the snapshot's `source_health`."""

from datetime import UTC, datetime

from aspromised.declare.model import Source
from aspromised.declare.workspace import Workspace
from aspromised.schema.snapshot import SOURCE_HEALTH
from aspromised.sql import quoting
from aspromised.sql.engine import Engine
from aspromised.sql.tables import create
from aspromised.store.sources import health
from aspromised.store.typing.casting import ZONED
from aspromised.words.lengths import EXACT_SECONDS


def tell_health(con: Engine, schema: str, workspace: Workspace, as_of: datetime) -> None:
    """Create `source_health` in `schema`: as loaded, `newest` as of the moment, and what was promised.

    `fresh_within` is the promise in words, `fresh_seconds` in seconds; null where nothing was promised.
    """
    con.run(create(SOURCE_HEALTH, schema, how="create or replace table"))
    con.run(f"insert into {schema}.source_health by name select * from source_health")
    moment = as_of.astimezone(UTC).replace(tzinfo=None)
    for name in health.recorded(con):
        source = workspace.sources.get(name)
        con.run(
            f'update {schema}.source_health set newest = ?, fresh_within = ?, fresh_seconds = ? where "source" = ?',
            [_newest(con, name, source, moment), *_promised(source), name],
        )


def _newest(con: Engine, name: str, source: Source | None, moment: datetime) -> datetime | None:
    """The newest `latest_by`, where it is declared: a planned date must not make old records look fresh."""
    relation = quoting.source_table(name)
    types = _types(con, name)
    column = source.latest_by if source else None
    if not types:
        return None
    if column and types.get(column) in ("DATE", ZONED):
        relation = f"(select {quoting.name(column)} from {relation})"
    return health.newest(con, relation, moment)


def _types(con: Engine, name: str) -> dict[str, str]:
    rows = con.run(
        "select column_name, data_type from duckdb_columns() where schema_name = 'source' and table_name = ?"
        " and database_name = current_database()",
        [name],
    )
    return dict(rows)


def _promised(source: Source | None) -> tuple[str | None, float | None]:
    length = source.fresh_within if source else None
    if length is None or length.unit not in EXACT_SECONDS:
        return (str(length) if length else None, None)
    return str(length), float(length.amount) * EXACT_SECONDS[length.unit]
