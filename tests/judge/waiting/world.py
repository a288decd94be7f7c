"""A chain read from a small event log, and the tables that judging it fills."""

from pathlib import Path
from typing import Any

import duckdb

from aspromised.declare.model import Calendar, Chain, Company, Source
from aspromised.declare.workspace import Workspace
from aspromised.judge.faults import find_faults
from aspromised.judge.verdicts.tables import ddl
from aspromised.judge.waiting.filling import judge_waiting
from aspromised.sql.duckdb import DuckDB
from aspromised.words.moments import as_of_moment

TYPES = {"case": "varchar", "what": "varchar", "who": "varchar", "team": "varchar", "begun": "timestamptz", "at": "timestamptz"}  # fmt: skip
EVENTS = {"source": "log", "id": "case", "activity": "what", "at": "at", "started": "begun", "resource": "who", "team": "team"}  # fmt: skip


def stages(*names: str, **more: dict[str, Any]) -> list[dict[str, Any]]:
    """Return stages done by activities of their own names in capitals."""
    return [
        {"stage": name, "supplier": "desk", "customer": "desk", "done": name.upper(), **more.get(name, {})}
        for name in names
    ]


def judged_waiting(
    rows: list[tuple[Any, ...]],
    of: list[dict[str, Any]],
    events: dict[str, Any] | None = None,
    as_of: str = "2026-06-30",
    timezone: str = "Europe/London",
    calendars: dict[str, Any] | None = None,
    types: dict[str, str] = TYPES,
) -> DuckDB:
    """Return a connection with the tables of a chain `c`, in its schema `out`; rows are case, what, who, team, begun, at."""
    con = DuckDB(duckdb.connect())
    con.execute(f"set TimeZone = '{timezone}'; create schema source; create schema out")
    con.execute(
        f"create table source.log ({', '.join(f'{chr(34)}{name}{chr(34)} {kind}' for name, kind in types.items())})"
    )
    con.run_each(f"insert into source.log values ({', '.join('?' * len(types))})", rows)
    for statement in ddl("out", []).values():
        con.execute(statement)
    workspace = Workspace(
        Path("nowhere"),
        Company(name="Test", timezone=timezone),
        chains={"c": Chain.model_validate({"events": events or EVENTS, "stages": of})},
        sources={"log": Source(files="log.csv")},
        calendars={name: Calendar.model_validate(each) for name, each in (calendars or {}).items()},
    )
    moment = as_of_moment(as_of, workspace.timezone)
    judge_waiting(con, workspace, moment, "out", find_faults(con, workspace))
    return con


def day(*lines: str, on: str = "2026-06-01") -> list[tuple[Any, ...]]:
    """Return rows of lines as `case what who team 10:00 10:30`, `-` for what is not told."""
    rows = []
    for line in lines:
        *named, begun, at = (None if word == "-" else word for word in line.split())
        rows.append((*named, *(f"{on} {moment}" if moment else None for moment in (begun, at))))
    return rows
