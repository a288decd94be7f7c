"""Whole workspaces judged on a Spark and on DuckDB, and every item and table held against each other.

`python -m bench.on_spark ADDRESS [WORKSPACE …]` reads what each workspace's last refresh loaded, and prints "equal: N
items, 0 differences"; the address `sail` starts Sail.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from aspromised.declare.load import load
from aspromised.judge.planning.plan import CannotJudgeError
from aspromised.judge.remote.judging import OnSpark
from aspromised.judge.run import judge_items, plan_promise, promise_ids
from aspromised.judge.verdicts.rollup import scans
from aspromised.sql.engine import Engine
from aspromised.sql.on_spark.session import Spark, connected
from aspromised.sql.templates import identifier, render
from aspromised.store.snapshot import open_snapshot
from aspromised.store.warehouse import reading_warehouse
from aspromised.words.moments import as_of_moment


def compare(root: Path, spark: Spark) -> Iterator[tuple[str, int, int]]:
    """Yield each promise, how many items it has, and how many rows only one of the engines has, of its items and tables."""
    workspace = load(root)
    with open_snapshot(root) as snapshot:
        as_of = as_of_moment(snapshot.meta["as_of"], workspace.timezone)
    with reading_warehouse(workspace, seconds=600) as con:
        there = OnSpark(con, workspace, spark)
        for promise in promise_ids(workspace):
            try:
                plan, moment = plan_promise(con, workspace, promise, as_of)
            except CannotJudgeError:
                continue  # nobody judges it
            judge_items(con, plan, moment)
            answers = there.answers(plan, moment)
            asked = {table: (render(query), answers[table].rows) for table, query in scans(plan).items()}
            asked |= {
                view: (f"from {view}", spark.rows(f"select * from {view}"))
                for view in ("judged", "known")[: 1 + plan.is_gated]
            }
            items = asked["judged"][1].num_rows
            yield promise, items, sum(_differing(con, *both) for both in asked.values())


def _differing(con: Engine, query: str, rows: pa.Table) -> int:
    """Return how many rows only one side has, by the names of its columns and as the types of ours."""
    ours = con.arrow(query)
    con.register("ours", ours)
    con.register("theirs", rows)
    kinds = con.columns("ours")
    named = ", ".join(
        f"cast({identifier(name)} as {kind}) as {identifier(name)}" for name, kind in kinds.items()
    )
    sides = [f"(select {named} from {side})" for side in ("ours", "theirs")]
    alone = [
        con.run(f"select count(*) from ({one} except all {other})")[0][0]
        for one, other in (sides, sides[::-1])
    ]
    con.unregister("ours")
    con.unregister("theirs")
    return sum(alone) + abs(ours.num_rows - rows.num_rows)


@contextmanager
def _at(address: str) -> Iterator[Spark]:
    if address != "sail":
        with connected(address) as spark:
            yield spark
        return
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    with connected(f"sc://127.0.0.1:{server.listening_address[1]}") as spark:
        yield spark


def main(address: str, roots: list[Path]) -> int:
    """Print what came of each promise and of all; return how many rows differ."""
    items = differing = 0
    with _at(address) as spark:
        for root in roots:
            began = time.perf_counter()
            for promise, found, alone in compare(root, spark):
                print(f"{promise}: {found:,} items, {alone} differences", flush=True)
                items, differing = items + found, differing + alone
            print(f"{root}: {time.perf_counter() - began:.0f} s on {spark.version}", flush=True)
    print(f"{'equal' if not differing else 'not equal'}: {items:,} items, {differing} differences")
    return differing


if __name__ == "__main__":
    sys.exit(
        1 if main(sys.argv[1], [Path(each) for each in sys.argv[2:] or [".", "examples/flights"]]) else 0
    )
