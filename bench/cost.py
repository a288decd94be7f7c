"""What judging a promise costs on each engine: seconds of the processor and bytes, per promise and per million items.

`python -m bench.cost [FEWER MORE]` judges the same promise of so many items (1 and 4 million) on DuckDB with one thread and on a
cluster that it starts, once to warm up and once measured, and splits what it took into what every promise costs and what a million
items do. Spark reads the parquet file itself; seconds are those of all processes of the cluster, its driver's too.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from aspromised.judge.planning.plan import Plan
from aspromised.judge.remote.judging import OnSpark
from aspromised.judge.run import judge_items, plan_promise
from aspromised.judge.verdicts.rollup import scans
from aspromised.judge.verdicts.verdict import AsOf
from aspromised.sql.engine import Engine
from aspromised.sql.on_spark.rendering import view_of
from aspromised.sql.on_spark.session import Spark, connected
from aspromised.sql.templates import identifier, render
from bench import by_hand, contenders, items
from bench.cluster import cluster

_READ = ("order_id", "ordered_at", "delivered_at", "region", "channel", "carrier")
_TICKS = os.sysconf("SC_CLK_TCK")

Taken = tuple[float, float, int]
"""Seconds of the clock and of the processor, and bytes that came back."""


def on_duckdb(number: int) -> Taken:
    """Judge on DuckDB, one thread."""
    con = contenders.connected(number)
    con.execute("set threads = 1")
    plan, moment = _planned(con)

    def judge() -> int:
        judge_items(con, plan, moment)
        return sum(con.arrow(render(query)).nbytes for query in scans(plan).values())

    return _taken(judge, lambda: time.process_time())


def on_spark(number: int, spark: Spark) -> Taken:
    """Judge on Spark, which reads the file itself."""
    con = contenders.connected(number)
    plan, moment = _planned(con)
    spark.create(view_of("source", "orders"), f"select * from parquet.`{items.parquet(number).resolve()}`")
    there = OnSpark(con, contenders._workspace({"p": contenders.promise()}), spark)
    there.handed_over.add(f"{identifier('source')}.{identifier('orders')}")
    return _taken(
        lambda: sum(answer.rows.nbytes for answer in there.answers(plan, moment).values()), _of_all_processes
    )


def _planned(con: Engine) -> tuple[Plan, AsOf]:
    workspace = contenders._workspace({"p": contenders.promise()})
    return plan_promise(con, workspace, "p", datetime.fromisoformat(by_hand.AS_OF))


def _taken(judge: Callable[[], int], processor: Callable[[], float]) -> Taken:
    judge()
    began, worked = time.perf_counter(), processor()
    came = judge()
    return time.perf_counter() - began, processor() - worked, came


def _of_all_processes() -> float:
    """Return the seconds of the processor that this process and all that hang on it have taken."""
    of: dict[int, tuple[int, float]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        of[int(stat.parent.name)] = (int(words[1]), sum(map(int, words[11:15])) / _TICKS)
    return sum(worked for process, (_, worked) in of.items() if os.getpid() in _line(process, of))


def _line(process: int, of: dict[int, tuple[int, float]]) -> Iterator[int]:
    while process in of:
        yield process
        process = of[process][0]


def read(number: int) -> int:
    """Return the bytes of the columns that the promise reads, as they lie in the file."""
    about = pq.ParquetFile(items.parquet(number)).metadata
    return sum(
        group.column(n).total_compressed_size
        for group in (about.row_group(n) for n in range(about.num_row_groups))
        for n in range(group.num_columns)
        if group.column(n).path_in_schema in _READ
    )


@contextmanager
def _engines() -> Iterator[dict[str, Callable[[int], Taken]]]:
    with cluster(has_connect=False) as made, connected(made.master) as spark:
        yield {
            "DuckDB, one thread": on_duckdb,
            f"{spark.version}, two workers of a core": lambda n: on_spark(n, spark),
        }


def main(fewer: int, more: int) -> None:
    """Print a row for each engine."""
    for number in (fewer, more):
        items.warehouse(number)
    millions = (more - fewer) / 1e6
    print(
        f"{fewer:,} and {more:,} items; {read(more) / more:.1f} bytes an item in the columns read (parquet)\n"
    )
    print(
        "| engine | CPU s a promise | CPU s per million items | s of the clock, fewer | more | MB back, fewer | more |"
    )
    print("|---|---|---|---|---|---|---|")
    with _engines() as engines:
        for name, judge in engines.items():
            many, few = (
                judge(more),
                judge(fewer),
            )  # in this order: Java compiles what it runs often, the longer the better
            each = (many[1] - few[1]) / millions
            row: list[Any] = [
                name,
                f"{few[1] - each * fewer / 1e6:.2f}",
                f"{each:.2f}",
                f"{few[0]:.1f}",
                f"{many[0]:.1f}",
            ]
            print(
                " | ".join(["", *row, f"{few[2] / 1e6:.1f}", f"{many[2] / 1e6:.1f}", ""]).strip(), flush=True
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3] or ("1000000", "4000000")))
