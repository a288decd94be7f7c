"""A snapshot in memory with the judge's own tables, filled with rows few enough to count."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from aspromised.judge.verdicts.tables import ddl
from aspromised.sql.duckdb import DuckDB
from aspromised.store.snapshot import Snapshot

Rows = Sequence[Mapping[str, Any]]

_WHEN_NOT_SAID: dict[str, dict[str, Any]] = {
    "promise": {
        "claim": "Here in 2 days",
        "about": "speed",
        "made_by": "marketing",
        "kept_by": "fulfilment",
        "said_in": ["homepage"],
        "target": 0.9,
        "window": "month",
        "counted": "due",
        "at_least": 1,
        "kind": "clock",
        "source": "orders",
        "segments": [],
    },
    "promise_version": {"version": 1, "claim": "Here in 2 days", "target": 0.9, "length": "2 days"},
    "verdict_daily": {
        "version": 1,
        "segment": "(all)",
        "value": "(all)",
        **dict.fromkeys(("kept", "broken", "open", "exempt", "unknown", "not_promised"), 0),
    },
    "verdict_cell": {
        "version": 1,
        **dict.fromkeys(("kept", "broken", "open", "exempt", "unknown", "not_promised"), 0),
    },
    "item": {"version": 1, "items": 1},
    "promotion": {"cancelled": False, "run_by": "marketing"},
    "change": {"touches": "{}"},
}


def shelf(as_of: str = "2026-10-31", segments: Sequence[str] = (), **tables: Rows) -> Snapshot:
    """Return a snapshot as of the end of a day, or a moment of it in UTC; of `promise="p"` rows only what differs need be said."""
    con = DuckDB(duckdb.connect())
    con.execute("set TimeZone = 'UTC'; create table meta (key varchar, value varchar)")
    for statement in ddl("main", segments).values():
        con.execute(statement)
    meta = {
        "as_of": f"{as_of if 'T' in as_of else f'{as_of}T23:59:59.999999'}+00:00",
        "as_of_day": as_of.split("T")[0],
        "timezone": "Europe/London",
        "week_starts": "monday",
    }
    con.executemany("insert into meta values (?, ?)", list(meta.items()))
    return _with(con, tables)


def rolled_up(cells: Rows, segments: Sequence[str]) -> dict[str, Rows]:
    """Return cells as the judge keeps them: themselves, and by day for the whole and for each value of each segment."""
    daily = [
        {
            **{key: word for key, word in cell.items() if key not in segments},
            "segment": segment,
            "value": value,
        }
        for cell in cells
        for segment, value in [("(all)", "(all)"), *((name, cell.get(name)) for name in segments)]
    ]
    return {"verdict_cell": cells, "verdict_daily": daily}


def with_rows(snapshot: Snapshot, **tables: Rows) -> Snapshot:
    """Return the shelf of a snapshot that is done with, these tables holding these rows instead: nothing is made anew."""
    for table in tables:
        snapshot.con.execute(f"delete from {table}")
    return _with(snapshot.con, tables)


def _with(con: DuckDB, tables: Mapping[str, Rows]) -> Snapshot:
    """Fill the tables; return a snapshot that remembers nothing of what they held before."""
    for table, rows in tables.items():
        known = {name for (name,) in con.run(_COLUMNS, [table])}
        filled: defaultdict[str, list[list[Any]]] = defaultdict(list)
        for row in rows:
            said = {**_WHEN_NOT_SAID.get(table, {}), "promise_id": "p", **row}
            kept = {name: value for name, value in said.items() if name in known or name != "promise_id"}
            names = ", ".join(f'"{name}"' for name in kept)
            statement = f"insert into {table} ({names}) values ({', '.join('?' * len(kept))})"
            filled[statement].append(list(kept.values()))
        for statement, values in filled.items():
            con.executemany(statement, values)
    return Snapshot(Path("nowhere"), Path("memory.duckdb"), con)


_COLUMNS = "select column_name from duckdb_columns() where table_name = ?"
