"""Small worlds of promotions: a few rows, a few gates, and what came of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from aspromised.declare.model import Capacity, Company, Promise, Promotion, Source
from aspromised.declare.workspace import Workspace
from aspromised.judge.readiness.filling import judge_readiness
from aspromised.judge.readiness.signing import Signatures
from aspromised.judge.run import judge_into
from aspromised.sql.duckdb import DuckDB
from aspromised.sql.templates import identifier
from aspromised.store.ledger import declared_sign_off
from aspromised.words.moments import as_of_moment

Table = tuple[Mapping[str, str], Sequence[Sequence[Any]]]

ORDERS = {"id": "varchar", "ordered": "timestamptz", "delivered": "timestamptz", "promo": "varchar"}
"""The columns of a source of orders."""

NEXT_DAY = {
    "claim": "Tomorrow",
    "made_by": "marketing",
    "kept_by": "dispatch",
    "target": "90%",
    "measure": {
        "items": "orders",
        "id": "id",
        "started": "ordered",
        "done": "delivered",
        "within": "1 calendar day",
    },
}
"""A promise over them."""


@dataclass
class World:
    """A workspace in memory with its sources."""

    con: DuckDB
    workspace: Workspace

    def judged(
        self, as_of: str, signatures: Signatures | None = None, unreadable: str | None = None
    ) -> "Judged":
        """Judge all promises and promotions as of a moment."""
        self.con.execute("drop schema if exists out cascade; create schema out")
        moment = as_of_moment(as_of, self.workspace.timezone)
        judge_into(self.con, self.workspace, moment, "out")
        known = {key: [*self._declared.get(key, []), *more] for key, more in (signatures or {}).items()}
        judge_readiness(self.con, self.workspace, moment, "out", self._declared | known, unreadable)
        return Judged(
            self._rows("readiness"), self._rows("gate"), self._rows("gate_daily"), self._rows("load_daily")
        )

    @property
    def _declared(self) -> dict[tuple[str, str], list[Any]]:
        gates = [(name, gate) for name, each in self.workspace.promotions.items() for gate in each.ready_when]
        found = {(name, gate.gate): declared_sign_off(name, gate) for name, gate in gates}
        return {key: [one] for key, one in found.items() if one}

    def _rows(self, table: str) -> list[dict[str, Any]]:
        result = self.con.execute(f"select * from out.{table} order by all")
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@dataclass(frozen=True)
class Judged:
    """The tables of readiness."""

    readiness: list[dict[str, Any]]
    gates: list[dict[str, Any]]
    daily: list[dict[str, Any]]
    load: list[dict[str, Any]]

    def of(self, promotion: str = "spring") -> dict[str, Any]:
        """Return what came of a promotion."""
        (found,) = [row for row in self.readiness if row["promotion_id"] == promotion]
        return found

    def verdict(self, promotion: str = "spring") -> tuple[str, date | None, int | None]:
        """Return the verdict, the day it was ready and the days it was early."""
        found = self.of(promotion)
        return found["verdict"], found["ready_on"], found["days_early"]

    def gate(self, gate: str, promotion: str = "spring") -> dict[str, Any]:
        """Return what came of a gate."""
        (found,) = [row for row in self.gates if row["promotion_id"] == promotion and row["gate"] == gate]
        return found

    def day(self, day: str, position: int = 1, promotion: str = "spring") -> dict[str, Any]:
        """Return a gate on a day."""
        key = (promotion, position, date.fromisoformat(day))
        (found,) = [row for row in self.daily if (row["promotion_id"], row["position"], row["day"]) == key]
        return found


@dataclass(frozen=True)
class Written:
    """A sign-off of the ledger, as judging meets it."""

    team: str
    who: str
    on: date
    counts: datetime
    written_at: datetime | None = field(default=None)

    def counts_from(self, zone: Any) -> datetime:
        return self.counts.astimezone(zone)

    def is_back_dated(self, zone: Any) -> bool:
        return self.written_at is not None and self.on < self.written_at.astimezone(zone).date()


def world(
    promotions: Mapping[str, Mapping[str, Any]],
    *,
    tables: Mapping[str, Table] | None = None,
    promises: Mapping[str, Any] | None = None,
    capacity: Mapping[str, Any] | None = None,
    timezone: str = "Europe/London",
) -> World:
    """Return a world; of a promotion only what differs need be said, and of the promise it leans on nothing."""
    con = DuckDB(duckdb.connect())
    con.execute(f"set TimeZone = '{timezone}'; create schema source")
    for name, (types, rows) in (tables or {}).items():
        columns = ", ".join(f"{identifier(column)} {kind}" for column, kind in types.items())
        con.execute(f"create table source.{identifier(name)} ({columns})")
        if rows:
            con.executemany(
                f"insert into source.{identifier(name)} values ({', '.join('?' * len(types))})", rows
            )
    given = {"says": "Spring", "leans_on": ["next-day"]}
    workspace = Workspace(
        Path("nowhere"),
        Company(name="Test", timezone=timezone),
        promises={
            name: Promise.model_validate(each)
            for name, each in ({"next-day": NEXT_DAY} | dict(promises or {})).items()
        },
        promotions={name: Promotion.model_validate(given | dict(each)) for name, each in promotions.items()},
        capacity={name: Capacity.model_validate(each) for name, each in (capacity or {}).items()},
        sources={name: Source(files=f"{name}.csv") for name in (tables or {})},
    )
    return World(con, workspace)
