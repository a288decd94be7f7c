"""Benchmarks: what judging costs beside a query written by hand, and beside pandas, in one run on one machine.

`python -m bench.run [ITEMS …]` prints a table of seconds, ratios and peak memory; each figure is the median of its
runs, and each contender runs in a process of its own.
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from bench.items import parquet

RUNS = 3
AS_OF = datetime(2026, 10, 1, tzinfo=UTC)

BY_HAND = """
create or replace table cells as
with judged as (
    select
        (timezone('Europe/London', ordered_at)::date + 2) as day,
        coalesce(region, '(none)') as region,
        channel,
        carrier,
        timezone('Europe/London', (timezone('Europe/London', ordered_at)::date + 3)::timestamp) as due,
        case when delivered_at <= $as_of then delivered_at end as done
    from source.orders
    where ordered_at <= $as_of
)
select
    day, region, channel, carrier,
    count(*) filter (where done < due) as kept,
    count(*) filter (where done >= due or (done is null and due <= $as_of)) as broken,
    count(*) filter (where done is null and due > $as_of) as open
from judged
group by all
"""


def warehouse(items: int) -> duckdb.DuckDBPyConnection:
    """Return a warehouse in memory with the items loaded as a source is."""
    con = duckdb.connect(config={"threads": 2})
    con.execute("set global TimeZone = 'Europe/London'; create schema source")
    con.execute(f"create table source.orders as select * from '{parquet(items)}'")
    return con


def judged(items: int) -> Callable[[], object]:
    """Return AsPromised's judging and rollup of one clock promise with three segments."""
    from aspromised.declare.model import Company, Promise, Source
    from aspromised.declare.workspace import Workspace
    from aspromised.judge.judging import judge_into

    measure = {
        "items": "orders", "id": "order_id", "started": "ordered_at", "done": "delivered_at",
        "within": "2 calendar days", "segments": ["region", "channel", "carrier"],
    }  # fmt: skip
    promise = Promise.model_validate(
        {"claim": "c", "made_by": "m", "kept_by": "k", "target": "95%", "measure": measure}
    )
    workspace = Workspace(
        Path("bench"),
        Company(name="Bench", timezone="Europe/London"),
        promises={"p": promise},
        sources={"orders": Source(files="orders.parquet", key="order_id")},
    )
    con = warehouse(items)

    def run() -> object:
        con.execute("drop schema if exists out cascade; create schema out")
        outcome = judge_into(con, workspace, AS_OF, "out")
        assert outcome[0].problem is None, outcome
        return con.execute("select sum(kept), sum(broken), sum(open) from out.verdict_cell").fetchall()[0]

    return run


def by_hand(items: int) -> Callable[[], object]:
    """Return the same counts by one query an engineer would write."""
    con = warehouse(items)

    def run() -> object:
        con.execute(BY_HAND, {"as_of": AS_OF})
        return con.execute("select sum(kept), sum(broken), sum(open) from cells").fetchall()[0]

    return run


def in_pandas(items: int) -> Callable[[], object]:
    """Return the same counts by pandas."""
    import pandas as pd

    frame = pd.read_parquet(parquet(items))
    for column in ("ordered_at", "delivered_at"):
        frame[column] = frame[column].dt.tz_convert("Europe/London")

    def run() -> object:
        scope = frame[frame["ordered_at"] <= AS_OF]
        day = scope["ordered_at"].dt.tz_localize(None).dt.normalize()
        due = (day + pd.Timedelta(days=3)).dt.tz_localize("Europe/London")
        done = scope["delivered_at"].where(scope["delivered_at"] <= AS_OF)
        verdict = pd.DataFrame({
            "day": day + pd.Timedelta(days=2), "region": scope["region"].fillna("(none)"), "channel": scope["channel"],
            "carrier": scope["carrier"], "kept": done < due, "open": done.isna() & (due > AS_OF),
        })  # fmt: skip
        verdict["broken"] = ~verdict["kept"] & ~verdict["open"]
        cells = verdict.groupby(["day", "region", "channel", "carrier"], observed=True)[
            ["kept", "broken", "open"]
        ].sum()
        return tuple(int(cells[name].sum()) for name in ("kept", "broken", "open"))

    return run


CONTENDERS = {"AsPromised": judged, "one query by hand": by_hand, "pandas": in_pandas}


def measure(name: str, items: int) -> dict[str, object]:
    """Return seconds (median of RUNS after a first), peak memory in MB, and the counts, in this process."""
    run = CONTENDERS[name](items)
    answer = run()
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": statistics.median(seconds), "peak": peak, "answer": list(map(int, answer))}  # type: ignore[call-overload]


def main(sizes: list[int]) -> None:
    """Print the table, each contender in a fresh process, and fail where two disagree."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}\n"
    )
    print("| items | contender | seconds | × by hand | peak memory |")
    print("|---|---|---|---|---|")
    for items in sizes:
        parquet(items)
        rows = {name: _in_a_process(name, items) for name in CONTENDERS}
        answers = {tuple(row["answer"]) for row in rows.values()}
        assert len(answers) == 1, rows
        for name, row in rows.items():
            ratio = row["seconds"] / rows["one query by hand"]["seconds"]
            print(
                f"| {items:,} | {name} | {row['seconds']:.2f} | {ratio:.2f} | {row['peak']:,.0f} MB |",
                flush=True,
            )


def _in_a_process(name: str, items: int) -> dict:
    command = [sys.executable, "-m", "bench.run", "--one", name, str(items)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
    else:
        main([int(size) for size in sys.argv[1:]] or [1_000_000, 10_000_000])
