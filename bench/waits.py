"""What it costs to tell why cases waited, beside the time between events by one window function: `python -m bench.waits [EVENTS …]`.

Seconds of the processor within one process, so that their ratio stands on a busy machine; of the second of two runs.
"""

import resource
import sys
import time
from datetime import datetime
from pathlib import Path

import duckdb

from aspromised.declare.model import Chain, Company, Source
from aspromised.declare.workspace import Workspace
from aspromised.judge.faults import find_faults
from aspromised.judge.verdicts.tables import ddl
from aspromised.judge.waiting.filling import judge_waiting
from aspromised.sql.duckdb import DuckDB

RUNS = 2
_EVENTS = """
create table source.log as
with event as (
    select range // 5 as "case", range % 5 as step, hash(range) % 1000000 / 1e6 as luck, hash(range * 7) % 400 as who from range({events})
),
placed as (
    select *, timestamptz '2025-01-01 08:00+00' + to_microseconds((hash("case") % 31536000 * 1000000)::bigint)
        + to_seconds(sum(20000 * luck + 1200) over (partition by "case" order by step)) as begun from event
)
select 'C' || "case" as "case", 'step ' || step as what, 'worker ' || who as who, 'team ' || who % 12 as team, begun,
    begun + to_seconds(1200 * luck) as done
from placed
"""
_BY_HAND = """
select what, "before", count(*), sum(epoch_us(begun) - epoch_us(ended)) from (
    select what, begun, lag(what) over run as "before", lag(done) over run as ended from source.log window run as (partition by "case" order by done, begun)
) where "before" is not null group by all
"""


def measure_waits(events: int) -> tuple[float, float]:
    """Return the processor's seconds of the window function, and those of judging why cases waited."""
    con = DuckDB(duckdb.connect())
    con.execute("set TimeZone = 'UTC'; create schema source")
    con.execute(_EVENTS.format(events=events))
    read = {"source": "log", "id": "case", "activity": "what", "started": "begun", "at": "done", "resource": "who", "team": "team"}  # fmt: skip
    stages = [{"stage": f"s{n}", "supplier": "a", "customer": "b", "done": f"step {n}"} for n in range(5)]
    workspace = Workspace(
        Path("bench"),
        Company(name="Bench", timezone="Europe/London"),
        chains={"c": Chain.model_validate({"events": read, "stages": stages})},
        sources={"log": Source(files="log.parquet")},
    )
    faults, found = find_faults(con, workspace), (0.0, 0.0)
    for _ in range(RUNS):
        con.execute("drop schema if exists out cascade; create schema out")
        for statement in ddl("out", []).values():
            con.execute(statement)
        began = time.process_time()
        con.run(_BY_HAND)
        by_hand = time.process_time()
        judge_waiting(con, workspace, datetime.fromisoformat("2026-12-31T00:00:00+00:00"), "out", faults)
        found = by_hand - began, time.process_time() - by_hand
        problems = con.run("select problem from out.log_read where problem is not null")
        assert not problems, problems
    return found


if __name__ == "__main__":
    print("| events | time between events by hand, CPU seconds | why cases waited | × by hand | peak memory |\n|---|---|---|---|---|")  # fmt: skip
    for number in map(int, sys.argv[1:] or ["100000", "1000000"]):
        alone, told = measure_waits(number)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(f"| {number:,} | {alone:.2f} | {told:.2f} | {told / alone:.1f} | {peak:,.0f} MB |", flush=True)
