"""Judge again as of another moment, from the warehouse, without touching what is published."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from aspromised.analyse.launches.effect.tables import write_launch_tables
from aspromised.analyse.unpublished import Unpublished
from aspromised.declare.workspace import Workspace
from aspromised.judge.readiness.filling import judge_readiness
from aspromised.judge.run import judge_into
from aspromised.schema.snapshot import META
from aspromised.sql.tables import create, insert
from aspromised.store.ledger.gates import all_sign_offs
from aspromised.store.warehouse import reading_warehouse


@contextmanager
def rejudged(workspace: Workspace, as_of: datetime, launches: bool = False) -> Iterator[Unpublished]:
    """Give the tables of a snapshot as of `as_of`, judged now from the sources loaded last; what launches did, if asked for."""
    with reading_warehouse(workspace) as con:
        judge_into(con, workspace, as_of, "temp")
        judge_readiness(con, workspace, as_of, "temp", *all_sign_offs(workspace, as_of))
        if launches:
            write_launch_tables(con, "temp", workspace, as_of)
        local = as_of.astimezone(workspace.timezone)
        company = workspace.company
        meta = {
            "as_of": local.isoformat(), "as_of_day": local.date().isoformat(), "timezone": company.timezone,
            "week_starts": company.week_starts, "fiscal_year_starts": company.fiscal_year_starts,
        }  # fmt: skip
        con.run(create(META, "temp", how="create or replace temp table"))
        con.run_each(insert(META, "temp"), list(meta.items()))
        yield Unpublished(con, "temp", meta)
