"""A refresh that is killed at any moment leaves the last snapshot served and the next refresh clean and equal."""

import time
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pandas as pd

from aspromised.store.layout import KEPT_SNAPSHOTS, Layout
from aspromised.store.snapshot import open_snapshot, published
from tests.patience import PATIENCE
from tests.store.refresh_once import refresh, refresh_for_ever, shop

ROWS = 8_000
TRIES = 20
TABLES = (
    "promise",
    "promise_version",
    "verdict_cell",
    "verdict_daily",
    "lateness_daily",
    "item",
    "set_aside",
)


def test_a_refresh_killed_at_any_moment_leaves_the_last_snapshot_and_a_clean_next_refresh(
    tmp_path: Path,
) -> None:
    root = tmp_path / "shop"
    shop(root, ROWS)
    refresh(root)  # the first is slower than those that follow
    started = time.monotonic()
    done = refresh(root)
    seconds = time.monotonic() - started
    assert done.verdicts == {"kept": ROWS * 3 // 4, "broken": ROWS // 4, "open": 0, "exempt": 0, "unknown": 0}
    before = tables(root)
    random = Random(2)
    for _ in range(TRIES):
        newest = served(root)
        kill_after(root, random.uniform(0, 2 * seconds))
        assert served(root) >= newest
    again = refresh(root)
    assert again.verdicts == done.verdicts
    for name, table in tables(root).items():
        pd.testing.assert_frame_equal(table, before[name], obj=name)
    assert len(published(Layout(root))) == KEPT_SNAPSHOTS
    assert not [path for path in Layout(root).snapshots.iterdir() if path.name.startswith(".")]


def served(root: Path) -> str:
    """Return the id of the snapshot being served, having checked that it is whole."""
    with open_snapshot(root) as snapshot:
        counted = snapshot.query("select sum(kept + broken)::integer as n from verdict_cell")["n"].item()
        assert counted == ROWS == int(snapshot.meta["items"])
        assert snapshot.path.stem == Layout(root).pointer.read_text().strip()
        return snapshot.id


def tables(root: Path) -> dict[str, pd.DataFrame]:
    """Return what is published, its rows in one order."""
    with open_snapshot(root) as snapshot:
        return {name: snapshot.query(f"select * from {name} order by all") for name in TABLES}


def kill_after(root: Path, seconds: float) -> None:
    """Refresh again and again in another process, and kill it so many seconds after it began."""
    context = get_context("forkserver")  # imports once, before any thread is started
    context.set_forkserver_preload(["tests.store.refresh_once"])
    ready = context.Event()
    child = context.Process(target=refresh_for_ever, args=(root, ready))
    child.start()
    assert ready.wait(PATIENCE), f"not begun, exit code {child.exitcode}"
    time.sleep(seconds)
    child.kill()
    child.join()
    assert child.exitcode == -9, "the refresh ended by itself"
