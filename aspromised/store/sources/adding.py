"""Rows of new files put to a source's table, as if all of its files had been read at once.

What came and what gave way stands in the temporary tables `come` and `gone` of the source. Where the new rows could
change how the old ones are read (another column or type, a repeated key without `latest_by`), nothing is added.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb

from aspromised.declare.model import Source
from aspromised.sql import quoting
from aspromised.store.formats.raw import STORED, Raw, columns_of
from aspromised.store.sources.health import SourceHealth
from aspromised.store.typing import row_versions as versions
from aspromised.store.typing.stage import StageRule, stage
from aspromised.store.typing.typed import keep_staged, record_aside
from aspromised.words.columns import column_key, is_same, spelled

_WIDENS = {("BIGINT", "DOUBLE")}
"""Types of new values that read as the type of the old ones just as they would have among them."""


def side(name: str, which: str) -> str:
    """Return the quoted name of the temporary table of a source's rows that `come` or are `gone`."""
    return quoting.name(f"{which} {name}")


def add_rows(
    con: duckdb.DuckDBPyConnection,
    name: str,
    source: Source,
    raw: Raw,
    zone: str,
    rules: Mapping[str, StageRule],
    before: SourceHealth,
    columns: Sequence[str],
) -> SourceHealth | None:
    """Put the rows of `raw` to the source's table and return its health; None where all must be read again.

    `columns` are those of all files in their order, as reading them at once would give them.
    """
    held = columns_of(con, quoting.source_table(name))
    if list(columns) != list(held) or raw.rejected.count + before.rows_set_aside > STORED:
        return None
    raw = _completed(con, raw, held)
    stage(con, source, raw, zone, rules, held)
    rows_in, passed = keep_staged(con, f"temp table {side(name, 'come')}", held, raw)
    if not _fits(con, name, source, raw, held):
        return None
    failed = rows_in - passed + raw.rejected.count
    if before.rows_set_aside + failed > STORED:
        return None
    if source.keeps_versions:
        versions.add_versions(con, name, source, list(held), side(name, "come"))
    if not _settle(con, name, source, list(held)):
        return None
    record_aside(con, name, raw, rows_in - passed)
    kept = con.execute(f"select count(*) from {quoting.source_table(name)}").fetchall()[0][0]
    resolved = before.rows_kept + passed - kept
    return replace(
        before,
        rows_in=before.rows_in + rows_in + raw.rejected.count,
        rows_kept=kept,
        rows_set_aside=before.rows_set_aside + failed,
        duplicates_resolved=before.duplicates_resolved + resolved,
    )


def keep_old(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Keep a source's table aside while it is read again, to tell then what came and what went."""
    con.execute(f"alter table {quoting.source_table(name)} rename to {_OLD}")


def compare(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Make `come` and `gone` of a table read again, and drop the old one; False where its columns are others."""
    table, old = quoting.source_table(name), f"source.{_OLD}"
    columns = columns_of(con, table)
    alike = columns == columns_of(con, old)
    if alike:
        names = quoting.names(columns)  # a set operation goes by place, and columns may have changed theirs
        for which, one, other in (("come", table, old), ("gone", old, table)):
            query = f"select {names} from {one} except all select {names} from {other}"
            con.execute(f"create or replace temp table {side(name, which)} as {query}")
    con.execute(f"drop table {old}")
    return alike


_OLD = '"#old"'


def _completed(con: duckdb.DuckDBPyConnection, raw: Raw, held: Mapping[str, str]) -> Raw:
    """Return the rows with the columns held, in their order and spelling; a column that no new file has is null."""
    lacking = "varchar" if raw.infer else None
    come, ours = spelled(raw.columns), spelled(held)
    values = [
        f"{quoting.name(come[key]) if key in come else f'cast(null as {lacking or held[name]})'} as {quoting.name(name)}"
        for key, name in ours.items()
    ]
    con.execute(f"create or replace temp view completed as select {', '.join(values)} from {raw.relation}")
    strings, mixed = (
        frozenset(ours[column_key(name)] for name in names) for names in (raw.strings, raw.mixed)
    )
    columns = columns_of(con, "completed")
    return replace(raw, columns=columns, strings=strings, mixed=mixed, relation="completed")


def _fits(
    con: duckdb.DuckDBPyConnection, name: str, source: Source, raw: Raw, held: Mapping[str, str]
) -> bool:
    """Return whether the new values have the types of the old ones, or would have had them among those."""
    read = columns_of(con, side(name, "come"))
    odd = [name for name, kind in held.items() if read[name] != kind]
    inferred = raw.infer and not any(is_same(name, declared) for name in odd for declared in source.columns)
    return not odd or (inferred and all((read[name], held[name]) in _WIDENS for name in odd))


def _settle(con: duckdb.DuckDBPyConnection, name: str, source: Source, columns: list[str]) -> bool:
    """Put the rows in `come` to the table, the latest of a key winning; False where a repeated key cannot be settled."""
    table, come, gone = quoting.source_table(name), side(name, "come"), side(name, "gone")
    con.execute(f"create or replace temp table {gone} as select * from {table} limit 0")
    if source.key:
        key = quoting.name(source.key)
        old = f"select * from {table} where {key} in (select {key} from {come})"
        con.execute(f"create or replace temp table {gone} as {old}")
        repeated = con.execute(
            f"select (select count(*) from {gone}) + (select count({key}) - count(distinct {key}) from {come})"
        ).fetchall()[0][0]
        if not source.latest_by and (repeated or _has_ambiguous(con, name)):
            return False
        if repeated:
            _let_the_latest_win(con, name, source, columns)
            con.execute(f"delete from {table} where {key} in (select {key} from {gone})")
    con.execute(f"insert into {table} by name select * from {come}")
    return True


def _let_the_latest_win(
    con: duckdb.DuckDBPyConnection, name: str, source: Source, columns: list[str]
) -> None:
    """Leave in `come` the rows that win, in `gone` the rows they replace; a row that stays is in neither."""
    come, gone = side(name, "come"), side(name, "gone")
    key = quoting.name(source.key or "")
    con.execute(
        f"""
        create or replace temp table ranked as
        select * from (select *, true as "#new" from {come} union all by name select *, false as "#new" from {gone})
        qualify row_number() over (partition by {key} order by {versions.latest_first(source.latest_by or "", columns)}, "#new") = 1
        """
    )
    con.execute(f'create or replace temp table {come} as select * exclude ("#new") from ranked where "#new"')
    con.execute(f"delete from {gone} where {key} not in (select {key} from {come})")


def _has_ambiguous(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Return whether rows were set aside for a repeated key, which a new row may repeat again."""
    found = con.execute(
        "select count(*) from set_aside where \"source\" = ? and reason like 'the key % rows and the source has no latest_by'",
        [name],
    ).fetchall()
    return bool(found[0][0])
