"""From raw rows to typed rows: which are kept, which are set aside and why, which of several a key wins."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from aspromised.declare.model.source import ColumnType, Source
from aspromised.store import infer, quoting
from aspromised.store.casting import NAMED, Reading, as_stored, cast
from aspromised.store.raw import RAW, STORED, Raw, SourceProblem
from aspromised.words.problems import did_you_mean

Rule = Callable[[Sequence[str]], str]
"""Given the columns, the guarded SQL of a `must` rule."""

STAGED = "staged"
"""The temporary view of typed rows with "#row" (the original, JSON) and "#reason" (null: the row is kept)."""


@dataclass(frozen=True)
class Counts:
    """Where the rows went: rows_in = kept + set_aside + duplicates_resolved."""

    rows_in: int
    kept: int
    set_aside: int
    duplicates_resolved: int


def load(
    con: duckdb.DuckDBPyConnection, name: str, source: Source, raw: Raw, zone: str, rules: Mapping[str, Rule]
) -> Counts:
    """Make the table of a source from `raw` and record the rows set aside; return where the rows went."""
    columns = _stage(con, source, raw, zone, rules)
    table = quoting.table(name)
    con.execute(f"create or replace table {table} as select {_names(columns)} from {STAGED} "
                'where "#reason" is null')  # fmt: skip
    rows_in, passed = _count(con, RAW), _count(con, table)
    _record_lines(con, name, raw)
    if passed < rows_in:
        _set_aside(con, name, f'select "#row", "#reason" from {STAGED} where "#reason" is not null')
    resolved, ambiguous = _resolve(con, name, source, columns)
    set_aside = rows_in - passed + ambiguous + raw.rejected.count
    return Counts(rows_in + raw.rejected.count, _count(con, table), set_aside, resolved)


def _stage(
    con: duckdb.DuckDBPyConnection, source: Source, raw: Raw, zone: str, rules: Mapping[str, Rule]
) -> list[str]:
    """Make the view `staged` and return its columns."""
    declared = _declared(source, raw)
    nulls = source.nulls if not raw.computed or "nulls" in source.model_fields_set else []
    values = {name: _value(name, held, nulls) for name, held in raw.columns.items()}
    reading = Reading(zone, source.timestamp_format, source.date_format, raw.iso)
    if raw.infer:
        unknown = {name: value for name, value in values.items() if name not in declared}
        declared |= infer.types(con, unknown, raw.strings, reading)
    casts = {name: _typed(values[name], raw.columns[name], declared.get(name), reading) for name in values}
    unread = [
        _not_read(name, values[name], casts[name], declared[name]) for name in values if name in declared
    ]
    selected = ", ".join(f"{sql} as {quoting.name(name)}" for name, sql in casts.items())
    con.execute(
        f'create or replace temp view typed as select {selected}, to_json("#raw") as "#row", '
        f'concat_ws(\'; \', {", ".join(["null", *unread])}) as "#unread" from {RAW} as "#raw"'
    )
    broken = [_no_key(source), *(_broken(said, rule(list(casts))) for said, rule in rules.items())]
    con.execute(
        f"create or replace temp view {STAGED} as select *, nullif(concat_ws('; ', nullif(\"#unread\", ''), "
        f"{', '.join(broken)}), '') as \"#reason\" from typed"
    )
    return list(casts)


def _declared(source: Source, raw: Raw) -> dict[str, ColumnType]:
    """Return the declared types by the data's own column names; SourceProblem where a column is missing."""
    known = {name.lower(): name for name in raw.columns}
    asked = [*source.columns, *filter(None, (source.key, source.latest_by))]
    for column in asked:
        if column.lower() not in known:
            has = ", ".join(raw.columns)
            near = did_you_mean(column, raw.columns)
            raise SourceProblem(f"there is no column '{column}': the data has {has}.{near}")
    return {known[column.lower()]: wanted for column, wanted in source.columns.items()}


def _value(name: str, held: str, nulls: list[str]) -> str:
    column = quoting.name(name)
    if held != "VARCHAR" or not nulls:
        return column
    return f"case when {column} not in ({', '.join(map(quoting.text, nulls))}) then {column} end"


def _typed(value: str, held: str, wanted: ColumnType | None, reading: Reading) -> str:
    return cast(value, held, wanted, reading) if wanted else as_stored(value, held, reading)[0]


def _not_read(name: str, value: str, sql: str, wanted: ColumnType) -> str:
    before, after = quoting.text(f"column '{name}': '"), quoting.text(f"' is not {NAMED[wanted]}")
    message = f"{before} || left(cast({value} as varchar), 60) || {after}"
    return f"case when {value} is not null and {sql} is null then {message} end"


def _no_key(source: Source) -> str:
    if source.key is None:
        return "null"
    reason = quoting.text(f"the key '{source.key}' is empty")
    return f"case when {quoting.name(source.key)} is null and \"#unread\" = '' then {reason} end"


def _broken(said: str, rule: str) -> str:
    """Return SQL for a rule's reason. As in a SQL check, a rule that is null for a row has not failed."""
    return f"case when not ({rule}) then {quoting.text(f'must: {said}')} end"


def _resolve(
    con: duckdb.DuckDBPyConnection, name: str, source: Source, columns: list[str]
) -> tuple[int, int]:
    """Settle repeated keys; return how many rows gave way to a later one and how many were set aside."""
    if source.key is None:
        return 0, 0
    table, key = quoting.table(name), quoting.name(source.key)
    con.execute(f'create or replace temp table repeated as select {key} as "#key", count(*) as "#rows" from {table} '
                f"group by {key} having count(*) > 1")  # fmt: skip
    keys, rows = con.execute('select count(*), coalesce(sum("#rows"), 0) from repeated').fetchall()[0]
    if not keys:
        return 0, 0
    if source.latest_by:
        _keep_latest(con, table, key, quoting.name(source.latest_by), columns)
        return int(rows) - keys, 0
    said = quoting.text(f"the key '{source.key}' stands on ")
    _set_aside(con, name, f'select "#row", {said} || "#rows" || \' rows and the source has no latest_by\' '
               f'from {STAGED} join repeated on {key} = "#key" where "#reason" is null')  # fmt: skip
    con.execute(f'delete from {table} where {key} in (select "#key" from repeated)')
    return 0, int(rows)


def _keep_latest(
    con: duckdb.DuckDBPyConnection, table: str, key: str, latest_by: str, columns: list[str]
) -> None:
    """Keep the latest row of each repeated key; between equals, the one that sorts last as a whole."""
    whole = ", ".join(f"{quoting.name(column)} desc nulls last" for column in sorted(columns))
    con.execute(
        f'create or replace temp table latest as select * from {table} where {key} in (select "#key" from repeated) '
        f"qualify row_number() over (partition by {key} order by {latest_by} desc nulls last, {whole}) = 1"
    )
    con.execute(f'delete from {table} where {key} in (select "#key" from repeated)')
    con.execute(f"insert into {table} select * from latest")


def _record_lines(con: duckdb.DuckDBPyConnection, name: str, raw: Raw) -> None:
    if raw.rejected.rows:
        values = [(name, row, reason) for row, reason in raw.rejected.rows]
        con.executemany("insert into set_aside values (?, ?, ?)", values)


def _set_aside(con: duckdb.DuckDBPyConnection, name: str, rows: str) -> None:
    """Record rows set aside while there is room; which ones does not depend on their order."""
    stored = con.execute('select count(*) from set_aside where "source" = ?', [name]).fetchall()[0][0]
    con.execute(f"insert into set_aside select ?, * from ({rows}) order by all limit {max(0, STORED - stored)}",
                [name])  # fmt: skip


def _names(columns: list[str]) -> str:
    return ", ".join(map(quoting.name, columns))


def _count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(con.execute(f"select count(*) from {relation}").fetchall()[0][0])
