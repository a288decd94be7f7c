"""What judging a chain of four stages costs beside judging one promise of the same items: `python -m bench.chains [ITEMS …]`.

Seconds of the processor within one process, so that their ratio stands on a busy machine; of the second of two runs.
"""

import sys
import time
from datetime import datetime
from pathlib import Path

import duckdb

from bench import by_hand
from bench.contenders import connected, promise
from bench.items import CACHE, warehouse

STAGES = ("paid_at", "picked_at", "left_at", "delivered_at")
RUNS = 2
BUDGETS = ("2 hours", "6 business hours", "10 hours", "1 calendar day")


def staged(items: int) -> Path:
    """Return a database of the items with the ends of three stages between their start and their end, made once."""
    path = CACHE / f"staged_{items}.duckdb"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        with duckdb.connect(str(unfinished)) as con:
            con.execute(f"attach '{warehouse(items)}' as loaded (read_only)")
            part = "case when hash(order_id * {k}) % 99 > 0 then ordered_at + (delivered_at - ordered_at) * {share} end"
            between = ", ".join(
                f"{part.format(k=17 + 2 * n, share=0.1 + 0.2 * n)} as {name}"
                for n, name in enumerate(STAGES[:-1])
            )
            con.execute(f"create table orders as select *, {between} from loaded.source.orders")
        unfinished.rename(path)
    return path


def measure(items: int) -> tuple[float, float]:
    """Return the processor's seconds of judging the promise, and those of judging its chain."""
    from aspromised.declare.model import Calendar, Chain, Company, Promise, Source
    from aspromised.declare.workspace import Workspace
    from aspromised.judge.chains.run import judge_chains
    from aspromised.judge.faults import find_faults
    from aspromised.judge.run import judge_into

    stages = [
        {"stage": done, "supplier": "a", "customer": "b", "done": done, "budget": budget}
        | ({"calendar": "shop"} if "business" in budget else {})
        for done, budget in zip(STAGES, BUDGETS, strict=True)
    ]
    chain = {"items": {"source": "orders", "id": "order_id", "started": "ordered_at"}, "stages": stages}
    workspace = Workspace(
        Path("bench"),
        Company(name="Bench", timezone="Europe/London"),
        promises={"p": Promise.model_validate(promise() | {"chain": "c"})},
        chains={"c": Chain.model_validate(chain)},
        calendars={
            "shop": Calendar.model_validate({"open": {"mon-fri": ["08:00-18:00"], "sat": ["09:00-13:00"]}})
        },
        sources={"orders": Source(files="orders.parquet", key="order_id")},
    )
    con, moment = connected(items), datetime.fromisoformat(by_hand.AS_OF)
    con.execute(f"attach '{staged(items)}' as staged (read_only)")
    con.execute("create or replace view source.orders as from staged.orders")
    faults = find_faults(con, workspace)
    found = (0.0, 0.0)
    for _ in range(RUNS):
        con.execute("drop schema if exists out cascade; create schema out")
        began = time.process_time()
        judge_into(con, workspace, moment, "out", faults=faults)
        judged = time.process_time()
        judge_chains(con, workspace, moment, "out", faults)
        found = judged - began, time.process_time() - judged
        problems = con.run("select problem from out.chain where problem is not null")
        assert not problems, problems
    return found


if __name__ == "__main__":
    print(
        "| items | one promise, CPU seconds | its chain of four stages | × the promise |\n|---|---|---|---|"
    )
    for number in map(int, sys.argv[1:] or ["1000000", "10000000"]):
        alone, chained = measure(number)
        print(f"| {number:,} | {alone:.2f} | {chained:.2f} | {chained / alone:.2f} |", flush=True)
