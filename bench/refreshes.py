"""A refresh of two years from files, and the refresh after one more day came."""

import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import yaml

from aspromised.refresh import Refreshed
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


def day_after_day(items: int) -> dict[str, float]:
    """Return the seconds of a full refresh, of the one after a day came, and of a full one with that day."""
    from aspromised.declare.load import load
    from aspromised.refresh import refresh

    with tempfile.TemporaryDirectory() as where:
        root = Path(where)
        workspace(items, root)
        first = refresh(load(root), BEFORE)
        shutil.copy(folder(items) / "last-day.parquet", root / "data/orders/99.parquet")
        added, seconds = _timed(lambda: refresh(load(root), AFTER))
        again = refresh(load(root), AFTER, force=True)
        assert added.verdicts == again.verdicts, (added.verdicts, again.verdicts)
        return {"full": first.seconds, "a day more": seconds, "full again": again.seconds}


def _timed(run: Callable[[], Refreshed]) -> tuple[Refreshed, float]:
    began = time.perf_counter()
    return run(), time.perf_counter() - began
