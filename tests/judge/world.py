"""Small worlds to judge: one source, one promise, rows few enough to count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from aspromised.declare.model import Calendar, Company, Correction, Promise, Source
from aspromised.declare.workspace import Workspace
from aspromised.judge.run import judge_into, judge_items, plan_promise
from aspromised.sql.duckdb import DuckDB
from aspromised.sql.templates import identifier
from aspromised.words.moments import as_of_moment


@dataclass
class World:
    """One promise over one source, in memory."""

    con: DuckDB
    workspace: Workspace

    def items(self, as_of: str) -> list[dict[str, Any]]:
        """Return every item with its verdict, as of a moment, by id."""
        moment = as_of_moment(as_of, self.workspace.timezone)
        plan, at = plan_promise(self.con, self.workspace, "p", moment)
        judge_items(self.con, plan, at)
        frame = self.con.sql("select * from judged").df()
        return frame.sort_values("item_id").to_dict("records")

    def verdicts(self, as_of: str) -> dict[Any, str]:
        """Return each item's verdict."""
        return {item["item_id"]: item["verdict"] for item in self.items(as_of)}

    def table(self, name: str, as_of: str) -> list[tuple[Any, ...]]:
        """Return a table of a fresh snapshot, as of a moment."""
        self.con.execute("drop schema if exists out cascade; create schema out")
        judge_into(self.con, self.workspace, as_of_moment(as_of, self.workspace.timezone), "out")
        return self.con.execute(f"select * from out.{name} order by all").fetchall()


def make_world(
    promise: Mapping[str, Any],
    types: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
    timezone: str = "Europe/London",
    corrections: Mapping[str, Any] | None = None,
    calendars: Mapping[str, Any] | None = None,
    others: Mapping[str, tuple[Mapping[str, str], Sequence[Sequence[Any]]]] | None = None,
) -> World:
    """Return a world of a promise, its columns' types and its rows (texts or None).

    `others` are further sources: name → (types, rows).
    """
    con = DuckDB(duckdb.connect())
    con.execute(f"set TimeZone = '{timezone}'; create schema source")
    for name, (kinds, values) in {"items": (types, rows), **(others or {})}.items():
        columns = ", ".join(f"{identifier(column)} {kind}" for column, kind in kinds.items())
        con.execute(f"create table source.{name} ({columns})")
        if values:
            con.executemany(f"insert into source.{name} values ({', '.join('?' * len(kinds))})", values)
    given = {"claim": "c", "made_by": "a", "kept_by": "b", "target": "90%", **promise}
    workspace = Workspace(
        Path("nowhere"),
        Company(name="Test", timezone=timezone),
        promises={"p": Promise.model_validate(given)},
        sources={name: Source(files=f"{name}.csv") for name in ("items", *(others or {}))},
        calendars={name: Calendar.model_validate(each) for name, each in (calendars or {}).items()},
        corrections={k: Correction.model_validate(v) for k, v in (corrections or {}).items()},
    )
    return World(con, workspace)
