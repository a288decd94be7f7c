"""From raw rows to typed rows: which are kept, which are set aside and why, which of several a key wins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from aspromised.declare.model import Source
from aspromised.schema.warehouse import ROWS_SET_ASIDE
from aspromised.sql import quoting
from aspromised.sql.tables import insert
from aspromised.store.formats.raw import STORED, Raw
from aspromised.store.typing import row_versions as versions
from aspromised.store.typing.stage import STAGED, StageRule, stage


@dataclass(frozen=True)
class StageCounts:
    """Where the rows went: rows_in = kept + set_aside + duplicates_resolved."""

    rows_in: int
    kept: int
    set_aside: int
    duplicates_resolved: int


def load_typed(
    con: duckdb.DuckDBPyConnection,
    name: str,
    source: Source,
    raw: Raw,
    zone: str,
    rules: Mapping[str, StageRule],
) -> StageCounts:
    """Make the table of a source from `raw` and record the rows set aside; return where the rows went."""
    columns = stage(con, source, raw, zone, rules)
    table = quoting.source_table(name)
    rows_in, passed = read_staged(con, columns)
    con.execute(f"create or replace table {table} as {kept_rows(columns)}")
    record_aside(con, name, raw, rows_in - passed)
    if source.keeps_versions:
        versions.keep(con, name, source, columns)
    resolved, ambiguous = _resolve(con, name, source, columns)
    aside = rows_in - passed + ambiguous + raw.rejected.count
    return StageCounts(rows_in + raw.rejected.count, _count(con, table), aside, resolved)


def read_staged(con: duckdb.DuckDBPyConnection, columns: Iterable[str]) -> tuple[int, int]:
    """Make `read` of the rows staged; return how many they are, and how many of them are to be kept."""
    con.execute(
        f'create or replace temp table read as select {quoting.names(columns)}, "#reason" from {STAGED}'
    )
    rows_in, failed = con.execute('select count(*), count("#reason") from read').fetchall()[0]
    return rows_in, rows_in - failed


def kept_rows(columns: Iterable[str]) -> str:
    """Return the query of the rows of `read` that are to be kept."""
    return f'select {quoting.names(columns)} from read where "#reason" is null'


def _resolve(
    con: duckdb.DuckDBPyConnection, name: str, source: Source, columns: list[str]
) -> tuple[int, int]:
    """Settle repeated keys; return how many rows gave way to a later one and how many were set aside."""
    if source.key is None:
        return 0, 0
    table, key = quoting.source_table(name), quoting.name(source.key)
    con.execute(
        f'create or replace temp table repeated as select {key} as "#key", count(*) as "#rows" from {table} '
        f"group by {key} having count(*) > 1"
    )
    keys, rows = con.execute('select count(*), coalesce(sum("#rows"), 0) from repeated').fetchall()[0]
    if not keys:
        return 0, 0
    if source.latest_by:
        _keep_latest(con, table, key, source.latest_by, columns)
        return int(rows) - keys, 0
    said = quoting.literal(f"the key '{source.key}' stands on ")
    _set_aside(con, name, f'select "#row", {said} || "#rows" || \' rows and the source has no latest_by\' as "#reason" '
               f'from {STAGED} join repeated on {key} = "#key" where "#reason" is null')  # fmt: skip
    con.execute(f'delete from {table} where {key} in (select "#key" from repeated)')
    return 0, int(rows)


def _keep_latest(
    con: duckdb.DuckDBPyConnection, table: str, key: str, latest_by: str, columns: list[str]
) -> None:
    """Keep the latest row of each repeated key."""
    con.execute(
        f'create or replace temp table latest as select * from {table} where {key} in (select "#key" from repeated) '
        f"qualify row_number() over (partition by {key} order by {versions.latest_first(latest_by, columns)}) = 1"
    )
    con.execute(f'delete from {table} where {key} in (select "#key" from repeated)')
    con.execute(f"insert into {table} by name select * from latest")


def record_aside(con: duckdb.DuckDBPyConnection, name: str, raw: Raw, failed: int) -> None:
    """Record the lines that are not rows, and the rows staged of which so many are not to be kept."""
    if raw.rejected.rows:
        values = [(name, row, reason) for row, reason in raw.rejected.rows]
        con.executemany(insert(ROWS_SET_ASIDE), values)
    if failed:
        _set_aside(con, name, f'select "#row", "#reason" from {STAGED} where "#reason" is not null')


def _set_aside(con: duckdb.DuckDBPyConnection, name: str, rows: str) -> None:
    """Record rows set aside, a query of "#row" and "#reason", while there is room; which ones does not depend on their order."""
    stored = con.execute('select count(*) from set_aside where "source" = ?', [name]).fetchall()[0][0]
    con.execute(
        f'insert into set_aside ("source", "row", reason) select ?, "#row", "#reason" from ({rows})'
        f" order by all limit {max(0, STORED - stored)}",
        [name],
    )


def _count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(con.execute(f"select count(*) from {relation}").fetchall()[0][0])
