"""What stands here for a source whose rows Spark reads itself: its columns, to plan by, and the rows it set aside."""

from collections.abc import Mapping

import duckdb

from aspromised.declare.model import Source
from aspromised.sql import quoting
from aspromised.sql.authored.nothing import EMPTY_TYPE
from aspromised.sql.on_spark.there import RowsThere
from aspromised.store.formats.raw import Raw, columns_of
from aspromised.store.typing.stage import STAGED, StageRule, stage
from aspromised.store.typing.typed import repeated_key, set_aside

_THERE, _ASIDE = "there", "aside"


def stand_in(con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str]) -> None:
    """Make a view with the columns of a source; every look at its rows is an error that says where they are."""
    said = quoting.literal(f"the rows of '{name}' are read by spark alone, and this is asked here")
    refused = f"error({said} || i) is null"  # of a value, or it would be an error to make the view

    def value(kind: str) -> str:
        if kind == EMPTY_TYPE:
            return f"cast(null as {kind})"
        return f"case when {refused} then try_cast(i as {kind}) end"  # where a filter looks at it first

    values = ", ".join(f"{value(kind)} as {quoting.name(column)}" for column, kind in columns.items())
    con.execute(
        f"create view {quoting.source_table(name)} as select {values} from (select unnest(['']) as i) where {refused}"
    )


def record_aside_there(
    con: duckdb.DuckDBPyConnection,
    name: str,
    source: Source,
    read: RowsThere,
    zone: str,
    rules: Mapping[str, StageRule],
) -> None:
    """Record the rows that were set aside there, each with the reason it would have here."""
    if not read.aside.num_rows:
        return
    *columns, rows = map(quoting.name, read.aside.column_names)
    con.register(_THERE, read.aside)
    con.execute(f"create or replace temp table {_ASIDE} as select * from {_THERE}")
    con.unregister(_THERE)
    told = ", ".join(
        f"{quoting.literal(n)}: {c}" for n, c in zip(read.aside.column_names, columns, strict=False)
    )
    if source.key:
        reason = repeated_key(source.key, rows)
        found = f'select to_json({{{told}}}) as "#row", {reason} as "#reason" from {_ASIDE} where {rows} is not null'
        set_aside(con, name, found)
    con.execute(
        f"create or replace temp view failed as select {', '.join(columns)} from {_ASIDE} where {rows} is null"
    )
    raw = Raw(columns_of(con, "failed"), relation="failed")
    stage(con, source, raw, zone, rules, read.columns)
    set_aside(
        con,
        name,
        f'select "#row", coalesce("#reason", {quoting.literal(_BEYOND)}) as "#reason" from {STAGED}',
    )


_BEYOND = "a day or moment in it is not of the years 1 to 9999"
"""Of what a file holds as without an end, which is kept here and has no such meaning there."""
