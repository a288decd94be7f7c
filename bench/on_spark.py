"""Whole workspaces judged on a Spark and on DuckDB, and every item and table held against each other.

`python -m bench.on_spark ADDRESS [WORKSPACE …]` reads what each workspace's last refresh loaded, and prints "equal: N
items, 0 differences" for each. The address `sail` starts Sail; `cluster` starts a cluster on loopback and asks it both ways, as its
driver and through Spark Connect. With `--read-there` every source is written as parquet, earlier versions
of its rows too, and read by Spark itself: it must see this machine's temporary folder, or that of TMPDIR.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from aspromised.declare.load import load
from aspromised.declare.model import Source
from aspromised.declare.model.company import JudgedOn
from aspromised.declare.workspace import Workspace
from aspromised.judge.planning.plan import CannotJudgeError
from aspromised.judge.remote.judging import OnSpark
from aspromised.judge.remote.sources import SourcesThere
from aspromised.judge.run import judge_items, plan_promise, promise_ids
from aspromised.judge.verdicts.rollup import scans
from aspromised.sql.columns import source_columns
from aspromised.sql.engine import Engine
from aspromised.sql.on_spark.session import Spark, connected
from aspromised.sql.templates import identifier, render
from aspromised.store.snapshot import open_snapshot
from aspromised.store.warehouse import reading_warehouse
from aspromised.words.moments import as_of_moment
from aspromised.words.problems import AsPromisedError
from bench.cluster import cluster


def compare(root: Path, spark: Spark, folder: Path | None = None) -> Iterator[tuple[str, int, int]]:
    """Yield each promise, how many items it has, and how many rows only one of the engines has, of its items and tables.

    With a folder, sources are written there and read by Spark itself.
    """
    workspace = load(root)
    with open_snapshot(root) as snapshot:
        as_of = as_of_moment(snapshot.meta["as_of"], workspace.timezone)
    with reading_warehouse(workspace, seconds=600) as con:
        there = _reading_there(con, workspace, spark, folder) if folder else OnSpark(con, workspace, spark)
        for promise in promise_ids(workspace):
            try:
                plan, moment = plan_promise(con, workspace, promise, as_of)
            except CannotJudgeError:
                continue  # nobody judges it
            judge_items(con, plan, moment)
            planned = (
                plan_promise(con, there.workspace, promise, as_of, there=there) if folder else (plan, moment)
            )
            answers = there.answers(*planned)
            asked = {table: (render(query), answers[table].rows) for table, query in scans(plan).items()}
            asked |= {
                view: (f"from {view}", spark.rows(f"select * from {view}"))
                for view in ("judged", "known")[: 1 + plan.is_gated]
            }
            items = asked["judged"][1].num_rows
            yield promise, items, sum(_differing(con, *both) for both in asked.values())


def _reading_there(con: Engine, workspace: Workspace, spark: Spark, folder: Path) -> OnSpark:
    """Write what is loaded as parquet and have Spark read it; AssertionError where it keeps other rows than are held here."""
    held = source_columns(con)
    sources = dict(workspace.sources)
    for name in held:
        columns = ", ".join(map(identifier, held[name]))
        every = f"select {columns} from source.{identifier(name)}"
        if workspace.sources[name].keeps_versions:
            every += f" union all select {columns} from earlier.{identifier(name)}"
        (folder / name).mkdir()
        pq.write_table(con.arrow(every), folder / name / "rows.parquet")  # type: ignore[no-untyped-call]
        same = {key: getattr(workspace.sources[name], key) for key in ("key", "latest_by", "arrived")}
        sources[name] = Source(spark=f"{folder / name}/", **same)
    away = replace(workspace, sources=sources, engine=JudgedOn(spark="sc://there"))
    there = SourcesThere(away, spark)
    for name in held:
        read = there.read(name, 0)
        rows = con.run(f"select count(*) from source.{identifier(name)}")[0][0]
        assert (read.kept, read.set_aside) == (rows, 0), f"{name}: {read} is not {rows} rows"
        assert dict(read.columns) == held[name], f"{name}: {read.columns} is not {held[name]}"
    return OnSpark(con, away, spark, there)


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


def _compared(root: Path, spark: Spark, read_there: bool) -> int:
    """Print what came of each promise of a workspace and of all; return how many rows differ."""
    began, items, differing = time.perf_counter(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for promise, found, alone in compare(root, spark, Path(folder) if read_there else None):
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


def main(asked: str, roots: list[Path], read_there: bool = False) -> int:
    """Hold each workspace against DuckDB at each address; return how many rows differ."""
    differing = 0
    with _addresses(asked) as addresses:
        for address in addresses:
            with connected(address) as spark:
                differing += sum(_compared(root, spark, read_there) for root in roots)
    return differing


if __name__ == "__main__":
    given = [each for each in sys.argv[1:] if each != "--read-there"]
    workspaces = [Path(each) for each in given[1:] or [".", "examples/flights"]]
    try:
        found = main(given[0], workspaces, "--read-there" in sys.argv)
    except AsPromisedError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("stopped, with all that was started")
    sys.exit(1 if found else 0)
