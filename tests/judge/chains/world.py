"""Small worlds with a chain: rows few enough to count, judged in memory."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd

from aspromised.declare.model import Calendar, Chain, Company, Promise, Source
from aspromised.declare.workspace import Workspace
from aspromised.judge.chains.run import judge_chains
from aspromised.judge.faults import find_faults
from aspromised.judge.run import judge_into
from aspromised.sql.duckdb import DuckDB
from aspromised.sql.templates import identifier

TEN_DAYS = {
    "measure": {"items": "items", "id": "id", "started": "s", "done": "d", "within": "10 days"},
    "chain": "c",
}
ABOUT = {"claim": "x", "made_by": "sales", "kept_by": "desk", "target": "90%"}


def stage(name, done, budget=None, **more):
    """Return a stage as it is declared; done by the team `name`s."""
    return {
        "stage": name,
        "supplier": f"{name}s",
        "customer": "next",
        "done": done,
        **({"budget": budget} if budget else {}),
        **more,
    }


class ChainWorld:
    """A chain `c` over a table `items`, and promises that name it."""

    def __init__(
        self, chain, columns, rows, promises=None, calendars=None, logs=None, timezone="UTC", key="id"
    ):
        self.con = DuckDB(duckdb.connect())
        self.con.execute(f"set TimeZone = '{timezone}'; create schema source")
        for name, (kinds, values) in {"items": (columns, rows), **(logs or {})}.items():
            told = ", ".join(f"{identifier(column)} {kind}" for column, kind in kinds.items())
            self.con.execute(f"create table source.{name} ({told})")
            if values:
                self.con.executemany(
                    f"insert into source.{name} values ({', '.join('?' * len(kinds))})", values
                )
        self.workspace = Workspace(
            Path("nowhere"),
            Company(name="Test", timezone=timezone),
            promises={k: Promise.model_validate(ABOUT | v) for k, v in (promises or {}).items()},
            chains={"c": Chain.model_validate(chain)} if chain else {},
            sources={
                name: Source(files=f"{name}.csv", key=key if name == "items" else None)
                for name in ("items", *(logs or {}))
            },
            calendars={name: Calendar.model_validate(each) for name, each in (calendars or {}).items()},
        )

    def judge(self, as_of):
        """Judge everything as of a moment, and return how to ask."""
        moment = datetime.fromisoformat(as_of)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=self.workspace.timezone)
        self.con.execute("drop schema if exists out cascade; create schema out")
        faults = find_faults(self.con, self.workspace)
        judge_into(self.con, self.workspace, moment.astimezone(UTC), "out", faults=faults)
        judge_chains(self.con, self.workspace, moment.astimezone(UTC), "out", faults)
        problems = self.con.execute(
            "select chain_id, problem from out.chain where problem is not null"
        ).fetchall()
        self.problems = dict(problems)
        return self

    def rows(self, sql):
        """Return rows of the tables of the last judging."""
        return self.con.execute(sql).fetchall()

    def frame(self, sql) -> pd.DataFrame:
        return self.con.execute(sql).df()

    def query(self, sql, params=None) -> pd.DataFrame:
        """Return rows as analyses ask for them: of the tables of the last judging."""
        self.con.execute("set schema 'out'")
        self.con.execute(
            "create table if not exists meta as select 'as_of_day' as key, '2027-01-01' as value"
        )
        found = self.con.execute(sql, params).df() if params else self.frame(sql)
        self.con.execute("set schema 'main'")
        return found

    def stages(self, *columns):
        """Return figures of every stage, over all days and segments."""
        sums = ", ".join(f"cast(sum({name}) as bigint)" for name in columns)
        return self.rows(f"select {sums} from out.stage_cell group by position order by position")

    def shared(self, item):
        """Return place → hours late of one item."""
        found = self.rows(
            f"select position, late_us / 3.6e9 from out.late_stage where item_id = '{item}' order by 1"
        )
        return dict(found)
