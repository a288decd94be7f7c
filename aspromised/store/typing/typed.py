"""From raw rows to typed rows: which are kept, which are set aside and why, which of several a key wins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from aspromised.declare.model import Source
from aspromised.schema.warehouse import ROWS_SET_ASIDE
from aspromised.sql import quoting
from aspromised.sql.tables import insert
from aspromised.store.formats.raw import STORED, Raw, columns_of
from aspromised.store.typing import row_versions as versions
from aspromised.store.typing.stage import STAGED, StageRule, stage
from aspromised.words.columns import column_key


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
    rows_in, passed = keep_staged(con, f"table {table}", columns, raw)
    record_aside(con, name, raw, rows_in - passed)
    if source.keeps_versions:
        versions.keep(con, name, source, columns)
    resolved, ambiguous = _resolve(con, name, source, columns)
    aside = rows_in - passed + ambiguous + raw.rejected.count
    return StageCounts(rows_in + raw.rejected.count, _count(con, table), aside, resolved)


def keep_staged(
    con: duckdb.DuckDBPyConnection, table: str, columns: Iterable[str], raw: Raw
) -> tuple[int, int]:
    """Write the rows staged over `raw` that are to be kept, once; return how many there are, and how many are kept.

    `table` is written as in SQL: "table a", "temp table b".
    """
    rows = f'select {quoting.names(columns)} from {STAGED} where "#is_whole"'
    con.execute(f"create or replace {table} as {rows}")
    return _count(con, raw.relation), _count(con, table.partition("table ")[2])


def _resolve(
    con: duckdb.DuckDBPyConnection, name: str, source: Source, columns: list[str]
) -> tuple[int, int]:
    """Settle repeated keys; return how many rows gave way to a later one and how many were set aside."""
    if source.key is None:
        return 0, 0
    table, key = quoting.source_table(name), quoting.name(source.key)
    if _are_different(con, table, source.key):
        return 0, 0
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
    reason = repeated_key(source.key, '"#rows"')
    set_aside(con, name, f'select "#row", {reason} as "#reason" '
               f'from {STAGED} join repeated on {key} = "#key" where "#reason" is null')  # fmt: skip
    con.execute(f'delete from {table} where {key} in (select "#key" from repeated)')
    return 0, int(rows)


_WHOLE_NUMBERS = ("BIGINT", "INTEGER", "UINTEGER", "SMALLINT", "USMALLINT")
_MOST_BITS = 500_000_000
"""How far apart the first and the last key may be to be told apart by a bit each: 60 MB a thread."""


def _are_different(con: duckdb.DuckDBPyConnection, table: str, key: str) -> bool:
    """Return whether all keys are known to differ, from a bit each: a thirtieth of what grouping by them costs.

    Only whole numbers that lie close together are looked at.
    """
    kinds = {column_key(name): kind for name, kind in columns_of(con, table).items()}
    if kinds[column_key(key)] not in _WHOLE_NUMBERS:
        return False
    name = quoting.name(key)
    first, last, count = con.execute(
        f"select min({name}), max({name}), count({name}) from {table}"
    ).fetchall()[0]
    if not count or last - first >= min(64 * count, _MOST_BITS):
        return False
    bits = con.execute(f"select bit_count(bitstring_agg({name}, {first}, {last})) from {table}").fetchall()
    return bool(bits == [(count,)])


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


def repeated_key(key: str, rows: str) -> str:
    """Return SQL for why rows of one key are set aside; `rows` is SQL for how many there are."""
    said = quoting.literal(f"the key '{key}' stands on ")
    return f"{said} || {rows} || ' rows and the source has no latest_by'"


def record_aside(con: duckdb.DuckDBPyConnection, name: str, raw: Raw, failed: int) -> None:
    """Record the lines that are not rows, and the rows staged of which so many are not to be kept."""
    if raw.rejected.rows:
        values = [(name, row, reason) for row, reason in raw.rejected.rows]
        con.executemany(insert(ROWS_SET_ASIDE), values)
    if failed:
        set_aside(con, name, f'select "#row", "#reason" from {STAGED} where "#reason" is not null')


def set_aside(con: duckdb.DuckDBPyConnection, name: str, rows: str) -> None:
    """Record rows set aside, a query of "#row" and "#reason", while there is room; which ones does not depend on their order."""
    stored = con.execute('select count(*) from set_aside where "source" = ?', [name]).fetchall()[0][0]
    con.execute(
        f'insert into set_aside ("source", "row", reason) select ?, "#row", "#reason" from ({rows})'
        f" order by all limit {max(0, STORED - stored)}",
        [name],
    )


def _count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(con.execute(f"select count(*) from {relation}").fetchall()[0][0])
