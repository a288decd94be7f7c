"""Whole workspaces judged on a Spark and on DuckDB, and every item and table held against each other.

`python -m bench.on_spark ADDRESS [WORKSPACE …]` reads what each workspace's last refresh loaded, and prints "equal: N
items, 0 differences" for each. The address `sail` starts Sail; `cluster` starts a cluster on loopback and asks it both ways, as its
driver and through Spark Connect.
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
from aspromised.words.problems import AsPromisedError
from bench.cluster import cluster


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
def _addresses(asked: str) -> Iterator[list[str]]:
    """Give the addresses to ask, having started what has to be."""
    if asked == "cluster":
        with cluster() as made:
            yield [made.master, made.connect]
    elif asked == "sail":
        from pysail.spark import SparkConnectServer

        server = SparkConnectServer("127.0.0.1", 0)
        server.start(background=True)
        yield [f"sc://127.0.0.1:{server.listening_address[1]}"]
    else:
        yield [asked]


def _compared(root: Path, spark: Spark) -> int:
    """Print what came of each promise of a workspace and of all; return how many rows differ."""
    began, items, differing = time.perf_counter(), 0, 0
    for promise, found, alone in compare(root, spark):
        print(f"  {promise}: {found:,} items, {alone} differences", flush=True)
        items, differing = items + found, differing + alone
    seconds = time.perf_counter() - began
    name = load(root).company.name
    print(
        f"{name} at {spark.shown}, {spark.version}: {'equal' if not differing else 'not equal'}: {items:,} items,"
        f" {differing} differences ({seconds:.0f} s)",
        flush=True,
    )
    return differing


def main(asked: str, roots: list[Path]) -> int:
    """Hold each workspace against DuckDB at each address; return how many rows differ."""
    differing = 0
    with _addresses(asked) as addresses:
        for address in addresses:
            with connected(address) as spark:
                differing += sum(_compared(root, spark) for root in roots)
    return differing


if __name__ == "__main__":
    try:
        found = main(sys.argv[1], [Path(each) for each in sys.argv[2:] or [".", "examples/flights"]])
    except AsPromisedError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("stopped, with all that was started")
    sys.exit(1 if found else 0)
