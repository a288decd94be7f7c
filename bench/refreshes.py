"""A refresh of two years from files, and the refresh after one more day came."""

import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from bench import by_hand
from bench.contenders import promise
from bench.items import folder

SOURCES = {"sources": {"orders": {"files": "orders/*.parquet", "key": "order_id"}}}
BEFORE, AFTER = datetime(2026, 9, 30, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)


def workspace(items: int, root: Path) -> None:
    """Write a workspace of one promise over the items but for the last day's."""
    (root / "promises").mkdir()
    (root / "data").mkdir()
    company = {"company": {"name": "Bench", "timezone": "Europe/London"}}
    (root / "promises/all.yaml").write_text(yaml.safe_dump(company | {"promises": {"p": promise()}}))
    (root / "data/sources.yaml").write_text(yaml.safe_dump(SOURCES))
    shutil.copytree(folder(items) / "orders", root / "data/orders")


SETTLED = 2.1
"""Seconds after which a file counts as written: one that is younger is read again by the next refresh."""

Taken = tuple[float, float]
"""Seconds, and those of the processor."""


def day_after_day(items: int) -> dict[str, Taken]:
    """Return what it takes to refresh everything, then after a day came, then everything with that day; and to load by hand.

    By hand is one load of the same files into a database and the best query.
    """
    from aspromised.declare.load import load
    from aspromised.refresh import refresh

    with tempfile.TemporaryDirectory() as where:
        root = Path(where)
        workspace(items, root)
        time.sleep(SETTLED)
        refresh(load(root), BEFORE)
        shutil.copy(folder(items) / "last-day.parquet", root / "data/orders/99.parquet")
        added, more = _timed(lambda: refresh(load(root), AFTER))
        again, full = _timed(lambda: refresh(load(root), AFTER, force=True))
        assert added.verdicts == again.verdicts, (added.verdicts, again.verdicts)
        counted, hand = _timed(lambda: _by_hand(root))
        assert counted == tuple(again.verdicts[word] for word in ("kept", "broken", "open"))
        return {"a day more": more, "full": full, "by hand": hand}


def _by_hand(root: Path) -> tuple[int, ...]:
    """Load the files once, ask the best query, and write its answer to a database of its own."""
    with duckdb.connect(str(root / "hand.duckdb"), config={"memory_limit": "1500MB"}) as con:
        con.execute(
            "set TimeZone = 'Europe/London'; set preserve_insertion_order = false; create schema source"
        )
        con.execute(f"create table source.orders as from read_parquet('{root}/data/orders/*.parquet')")
        con.execute(f"attach '{root}/counts.duckdb' as counts")
        con.execute(by_hand.best("counts.cells"))
        found = con.execute("select sum(kept), sum(broken), sum(open) from counts.cells").fetchall()[0]
        return tuple(map(int, found))


def _timed(run: Callable[[], Any]) -> tuple[Any, Taken]:
    began, worked = time.perf_counter(), time.process_time()
    return run(), (time.perf_counter() - began, time.process_time() - worked)
