"""Benchmarks: what judging costs beside the best query by hand, the usual one, pandas and polars, in one run on one machine.

`python -m bench.run [ITEMS …]` prints tables of seconds, ratios and peak memory. Each contender runs in a process of
its own; seconds are the median of three runs after a first (of one, for twenty promises); where two contenders count otherwise, the benchmark fails.
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from typing import Any

import duckdb

from bench import contenders, items, queries, refreshes

RUNS = 3
IN_MEMORY = 10_000_000
"""Items up to which pandas and polars are asked: beyond, they need more memory than a small machine has."""

MOST = {
    "pandas": IN_MEMORY,
    "polars": IN_MEMORY,
    "twenty_best": IN_MEMORY,
    "twenty": IN_MEMORY,
    "twenty_whole": IN_MEMORY,
}
"""Items up to which some are asked, lest a run takes an hour."""

ONE = ("best", "floor", "hand", "rollup", "everything", "pandas", "polars")
TWENTY = ("twenty_best", "twenty", "twenty_whole")

REFRESHES = {
    "by hand": "One load of the files and the best query, by hand",
    "full": "AsPromised: a refresh of two years from files",
    "a day more": "AsPromised: the refresh after one day more",
}
"""What is timed of a refresh, in words."""


def measure(name: str, number: int) -> dict[str, Any]:
    """Return seconds and those of the processor (medians of RUNS after a first), peak memory in MB, and the counts, in this process."""
    run = getattr(contenders, name)(number)
    answer = run()
    seconds, cpu = [], []
    for _ in range(1 if name in TWENTY else RUNS):
        began, worked = time.perf_counter(), time.process_time()
        run()
        seconds.append(time.perf_counter() - began)
        cpu.append(time.process_time() - worked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": statistics.median(seconds),
        "cpu": statistics.median(cpu),
        "peak": peak,
        "answer": answer,
    }


def judging(sizes: list[int]) -> None:
    """Print what judging costs beside the same counts by hand."""
    print(
        "| items | contender | seconds | × best by hand | CPU seconds | × best | peak memory |\n|---|---|---|---|---|---|---|"
    )
    for number in sizes:
        items.warehouse(number)
        for names in (ONE, TWENTY):
            asked = [
                n for n in names if number <= IN_MEMORY or (names is ONE and n not in ("pandas", "polars"))
            ]
            _judged(number, asked)


def _judged(number: int, names: list[str]) -> None:
    rows = {name: _in_a_process("contender", name, number) for name in names}
    if not rows:
        return
    assert len({tuple(row["answer"]) for row in rows.values()}) == 1, rows
    best = rows[names[0]]
    for name, row in rows.items():
        said = (getattr(contenders, name).__doc__ or name).strip().splitlines()[0].rstrip(".")
        print(
            f"| {number:,} | {said} | {row['seconds']:.2f} | {row['seconds'] / best['seconds']:.2f}"
            f" | {row['cpu']:.2f} | {row['cpu'] / best['cpu']:.2f} | {row['peak']:,.0f} MB |",
            flush=True,
        )


def refreshing(sizes: list[int]) -> None:
    """Print what a refresh costs beside one load and query by hand, and what a day costs that comes to two years."""
    print(
        "\n| items | what | seconds | × by hand | CPU seconds | × by hand | peak memory |\n|---|---|---|---|---|---|---|"
    )
    for number in sizes:
        items.folder(number)
        row = _in_a_process("refresh", "", number)
        wall, cpu = row["by hand"]
        for what, said in REFRESHES.items():
            seconds, worked = row[what]
            print(
                f"| {number:,} | {said} | {seconds:.2f} | {seconds / wall:.2f} | {worked:.2f} | {worked / cpu:.2f}"
                f" | {row['peak']:,.0f} MB |",
                flush=True,
            )


def asking(sizes: list[int]) -> None:
    """Print how long the queries of each page take."""
    print("\n| items | page | queries | median CPU ms | longest CPU ms |\n|---|---|---|---|---|")
    for number in sizes:
        items.folder(number)
        for page, (count, middle, longest) in _in_a_process("queries", "", number).items():
            print(f"| {number:,} | {page} | {count} | {middle:.1f} | {longest:.0f} |", flush=True)


def _in_a_process(what: str, name: str, number: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.run", "--one", what, name, str(number)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def one(what: str, name: str, number: int) -> dict[str, Any]:
    """Return what one process measures."""
    if what == "contender":
        return measure(name, number)
    if what == "queries":
        return dict(queries.told(queries.of_pages(number)))
    found: dict[str, Any] = refreshes.day_after_day(number)
    return found | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def main(sizes: list[int]) -> None:
    """Print all tables."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, DuckDB {duckdb.__version__}\n")
    judging(sizes)
    refreshing([number for number in sizes if number <= IN_MEMORY])
    asking([number for number in sizes if number <= IN_MEMORY])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(sys.argv[2], sys.argv[3], int(sys.argv[4]))))
    else:
        main([int(size) for size in sys.argv[1:]] or [1_000_000, 10_000_000, 50_000_000])
