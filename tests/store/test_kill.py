"""A refresh that is killed at any moment leaves the last snapshot served and the next refresh clean."""

import time
from multiprocessing import get_context
from pathlib import Path
from random import Random

from aspromised.store.layout import Layout
from aspromised.store.snapshot import KEPT_SNAPSHOTS, open_snapshot, published
from tests.store.refresh_once import orders, refresh, refresh_for_ever

ROWS = 20_000
TRIES = 20


def test_a_refresh_killed_at_any_moment_leaves_the_last_snapshot_and_a_clean_next_refresh(
    tmp_path: Path,
) -> None:
    shop = orders(tmp_path / "shop")
    shop.file("orders.csv", "id,n\n" + "".join(f"{number},{number % 7}\n" for number in range(ROWS)))
    started = time.monotonic()
    refresh(shop)
    seconds = time.monotonic() - started
    random = Random(2)
    for _ in range(TRIES):
        before = served(shop.root)
        kill_after(shop.root, random.uniform(0, 1.5 * seconds))
        assert served(shop.root) >= before
    refresh(shop)
    assert shop.query("select count(*) from source.orders") == [(ROWS,)]
    assert len(published(Layout(shop.root))) == KEPT_SNAPSHOTS
    assert not [path for path in Layout(shop.root).snapshots.iterdir() if path.name.startswith(".")]


def served(root: Path) -> str:
    """Return the id of the snapshot being served, having checked that it is whole."""
    with open_snapshot(root) as snapshot:
        assert (
            snapshot.query("select count(*) as n from orders")["n"].item()
            == ROWS
            == int(snapshot.meta["rows"])
        )
        assert snapshot.path.stem == Layout(root).pointer.read_text().strip()
        return snapshot.id


def kill_after(root: Path, seconds: float) -> None:
    """Refresh again and again in another process, and kill it so many seconds after it began."""
    context = get_context("forkserver")  # imports once, before any thread is started
    context.set_forkserver_preload(["tests.store.refresh_once"])
    ready = context.Event()
    child = context.Process(target=refresh_for_ever, args=(root, ready))
    child.start()
    assert ready.wait(30)
    time.sleep(seconds)
    child.kill()
    child.join()
    assert child.exitcode == -9, "the refresh ended by itself"
