"""Benchmarks: what judging costs beside queries written by hand, pandas and polars, in one run on one machine.

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
    "twenty_by_hand": IN_MEMORY,
    "twenty": IN_MEMORY,
    "twenty_whole": 1_000_000,
}
"""Items up to which some are asked, lest a run takes an hour."""

ONE = ("hand", "rollup", "everything", "pandas", "polars")
TWENTY = ("twenty_by_hand", "twenty", "twenty_whole")


def measure(name: str, number: int) -> dict[str, Any]:
    """Return seconds (median of RUNS after a first), peak memory in MB, and the counts, in this process."""
    run = getattr(contenders, name)(number)
    answer = run()
    seconds = []
    for _ in range(1 if name in TWENTY else RUNS):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": statistics.median(seconds), "peak": peak, "answer": answer}


def judging(sizes: list[int]) -> None:
    """Print what judging costs beside the same counts by hand."""
    print("| items | contender | seconds | × by hand | peak memory |\n|---|---|---|---|---|")
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
    by_hand = rows[names[0]]["seconds"]
    for name, row in rows.items():
        said = (getattr(contenders, name).__doc__ or name).strip().splitlines()[0].rstrip(".")
        print(
            f"| {number:,} | {said} | {row['seconds']:.2f} | {row['seconds'] / by_hand:.2f} | {row['peak']:,.0f} MB |",
            flush=True,
        )


def refreshing(sizes: list[int]) -> None:
    """Print what a day costs that comes to two years."""
    print(
        "\n| items | refresh of two years | one day more | share of a full refresh | peak memory |\n|---|---|---|---|---|"
    )
    for number in sizes:
        items.folder(number)
        row = _in_a_process("refresh", "", number)
        share = row["a day more"] / row["full again"]
        print(
            f"| {number:,} | {row['full again']:.1f} s | {row['a day more']:.2f} s | {100 * share:.1f} % | {row['peak']:,.0f} MB |",
            flush=True,
        )


def asking(sizes: list[int]) -> None:
    """Print how long the queries of each page take."""
    print("\n| items | page | queries | median ms | longest ms |\n|---|---|---|---|---|")
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
