"""What was known of a row before its latest version arrived: the rows that gave way, and from when to when each stood.

They are kept beside a source's table where it says both which version is the latest (`latest_by`) and when each became
known (`arrived`). What arrived is known from then on; the version known at a moment is the latest of those arrived by then.
"""

from collections.abc import Sequence

import duckdb

from aspromised.declare.model import Source
from aspromised.sql import quoting
from aspromised.store.formats.raw import columns_of
from aspromised.words.columns import column_key
from aspromised.words.vocabulary import KNOWN_FROM, KNOWN_UNTIL

_ALWAYS = -(1 << 62)
"""The moment of a row that does not say when it arrived."""


def versions_table(name: str) -> str:
    """Return the name of the warehouse table of a source's earlier versions."""
    return f"earlier.{quoting.name(name)}"


def latest_first(latest_by: str, columns: Sequence[str]) -> str:
    """Return SQL that orders the rows of a key, the latest first; between equals, the one that sorts last as a whole."""
    return ", ".join(f"{quoting.name(column)} desc nulls last" for column in [latest_by, *sorted(columns)])


def keep(con: duckdb.DuckDBPyConnection, name: str, source: Source, columns: Sequence[str]) -> None:
    """Make the table of earlier versions from a source's table that still holds all of them."""
    told = _earlier(con, quoting.source_table(name), name, source, columns)
    con.execute(f"create or replace table {versions_table(name)} as {told}")


def add_versions(
    con: duckdb.DuckDBPyConnection, name: str, source: Source, columns: Sequence[str], come: str
) -> None:
    """Bring the table of earlier versions to what it is with the rows of `come`, before they are put to the source's."""
    names, key = quoting.names(columns), quoting.name(source.key or "")
    chosen = f"{key} in (select {key} from {come})"
    con.execute(
        f"create or replace temp table told as select {names} from {come}"
        f" union all by name select {names} from {quoting.source_table(name)} where {chosen}"
        f" union all by name select {names} from {versions_table(name)} where {chosen}"
    )
    con.execute(f"delete from {versions_table(name)} where {chosen}")
    con.execute(f"insert into {versions_table(name)} by name {_earlier(con, 'told', name, source, columns)}")


def _earlier(
    con: duckdb.DuckDBPyConnection, relation: str, name: str, source: Source, columns: Sequence[str]
) -> str:
    """Return a query of the versions in a relation that were the latest known for a while, but for the latest of all."""
    key, order = quoting.name(source.key or ""), latest_first(source.latest_by or "", columns)
    return f"""
        select * exclude ("#rank") from (
            select *, lead("{KNOWN_FROM}") over (partition by {key} order by "{KNOWN_FROM}") as "{KNOWN_UNTIL}" from (
                select * from (
                    select *, {_arrived(con, name, source)} as "{KNOWN_FROM}",
                        row_number() over (partition by {key} order by {order}) as "#rank"
                    from {relation}
                ) qualify "#rank" = min("#rank") over (partition by {key} order by "{KNOWN_FROM}", "#rank")
            )
        ) where "#rank" > 1 order by {key}, "{KNOWN_FROM}"
    """


def _arrived(con: duckdb.DuckDBPyConnection, name: str, source: Source) -> str:
    """Return when a row became known (µs): a day stands for its end."""
    arrived = source.arrived or ""
    types = {column_key(column): kind for column, kind in columns_of(con, quoting.source_table(name)).items()}
    column = quoting.name(arrived)
    if types[column_key(arrived)] == "DATE":
        return f"coalesce(epoch_us(cast({column} + 1 as timestamptz)) - 1, {_ALWAYS})"
    if types[column_key(arrived)] == "TIMESTAMP WITH TIME ZONE":
        return f"coalesce(epoch_us({column}), {_ALWAYS})"
    return f"cast({_ALWAYS} as bigint)"
