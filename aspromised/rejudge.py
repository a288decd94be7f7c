"""Judge again as of another moment, from the warehouse, without touching what is published."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from aspromised.analyse.unpublished import Unpublished
from aspromised.declare.workspace import Workspace
from aspromised.judge.chains.run import judge_chains
from aspromised.judge.faults import find_faults
from aspromised.judge.incremental.delta import sources_read
from aspromised.judge.ratings import judge_ratings
from aspromised.judge.readiness.filling import judge_readiness
from aspromised.judge.run import judge_into, plan_promise
from aspromised.judge.waiting.filling import judge_waiting
from aspromised.schema.snapshot import META, PROMISE
from aspromised.sql.authored.reads import read_through
from aspromised.sql.engine import Engine
from aspromised.sql.tables import create, insert
from aspromised.store.ledger.disputing import all_disputes, tell_disputes
from aspromised.store.ledger.gates import all_sign_offs
from aspromised.store.ledger.serving import all_service_acts, tell_service_acts
from aspromised.store.snapshot import if_published
from aspromised.store.sources.freshness import rows_before, tell_health
from aspromised.store.warehouse import reading_warehouse


@contextmanager
def rejudged(
    workspace: Workspace,
    as_of: datetime,
    launches: bool = False,
    handoffs: bool = False,
    chances: bool = False,
) -> Iterator[Unpublished]:
    """Give the tables of a snapshot as of `as_of`, judged now from the sources loaded last.

    What launches did, what stages took and why cases waited between activities, and how likely what is open is to break, only where asked for: it takes its time.
    """
    with reading_warehouse(workspace) as con:
        faults = find_faults(con, workspace)
        judge_into(con, workspace, as_of, "temp", faults=faults)
        judge_readiness(con, workspace, as_of, "temp", *all_sign_offs(workspace, as_of), faults)
        judge_ratings(con, workspace, as_of, "temp", faults)
        tell_service_acts(con, "temp", all_service_acts(workspace, as_of)[0])
        if handoffs:
            judge_waiting(con, workspace, as_of, "temp", faults)
        if handoffs or chances:
            judge_chains(con, workspace, as_of, "temp", faults)
            tell_disputes(con, "temp", all_disputes(workspace, as_of)[0])
        if chances:
            from aspromised.analyse.tonight.tables import write_chances

            write_chances(con, "temp", as_of.astimezone(workspace.timezone))
        if launches:
            # The statistics of harm take seconds to import, which only those who ask for them wait for.
            from aspromised.analyse.launches.effect.tables import write_launch_tables

            write_launch_tables(con, "temp", workspace, as_of)
        yield _told(con, workspace, as_of)


def sources_as_of(con: Engine, workspace: Workspace, as_of: datetime, promise_id: str = "") -> Unpublished:
    """Return tables of what was known of the sources as of `as_of`, and which of them a promise reads; nothing is judged."""
    if not promise_id:
        return _told(con, workspace, as_of)
    plan, _ = plan_promise(con, workspace, promise_id, as_of)
    reads = list(read_through(workspace.sources, sources_read(plan)))
    con.run(create(PROMISE, "temp", how="create or replace temp table"))
    con.run(
        "insert into temp.promise (promise_id, claim, said_in, segments, reads) values (?, ?, [], [], ?)",
        [promise_id, promise_id, reads],
    )
    return _told(con, workspace, as_of)


def _told(con: Engine, workspace: Workspace, as_of: datetime) -> Unpublished:
    """Return the tables that are there, with what is known of their sources and of the moment."""
    with if_published(workspace.root) as served:
        tell_health(con, "temp", workspace, as_of, rows_before(served))
    local = as_of.astimezone(workspace.timezone)
    company = workspace.company
    meta = {
        "as_of": local.isoformat(), "as_of_day": local.date().isoformat(), "timezone": company.timezone,
        "week_starts": company.week_starts, "fiscal_year_starts": company.fiscal_year_starts,
    }  # fmt: skip
    con.run(create(META, "temp", how="create or replace temp table"))
    con.run_each(insert(META, "temp"), list(meta.items()))
    return Unpublished(con, "temp", meta)
