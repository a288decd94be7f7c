"""A real refresh of a small workspace, run as a process of its own so that a test can kill it."""

from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path

from aspromised.declare.load import load
from aspromised.declare.publish.scaffold import scaffold
from aspromised.refresh import Refreshed
from aspromised.refresh import refresh as refresh_workspace

AS_OF = datetime(2026, 2, 1, tzinfo=UTC)


def shop(root: Path, rows: int) -> None:
    """Write a workspace of one promise over so many orders: every fourth is late."""
    scaffold(root, "Shop", "Europe/London")
    orders = (
        f"{number},{'north' if number % 3 else 'south'},2026-01-{1 + number % 20:02} 09:00:00,"
        f"2026-01-{2 + number % 20 + 2 * (number % 4 == 0):02} 10:00:00\n"
        for number in range(rows)
    )
    header = "order_id,region,ordered_at,delivered_at\n"
    (root / "data" / "example-orders.csv").write_text(header + "".join(orders), encoding="utf-8")


def refresh(root: Path) -> Refreshed:
    """Load everything again, judge and publish."""
    return refresh_workspace(load(root), AS_OF, force=True)


def refresh_for_ever(root: Path, ready: Event) -> None:
    """Refresh again and again until killed."""
    ready.set()
    while True:
        refresh(root)
