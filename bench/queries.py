"""How long the queries of `status` and of each page take on a snapshot of so many items."""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.by_hand import AS_OF
from bench.refreshes import workspace

ROUNDS = 3
NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def of_pages(items: int) -> dict[str, list[float]]:
    """Return the milliseconds of the processor of every query of `status` and of each notebook, after a first run of it.

    Each run opens the snapshot anew: what it answered before is not remembered.
    """
    from aspromised.analyse.rates.status import statuses
    from aspromised.analyse.windows.window import Window
    from aspromised.declare.load import load
    from aspromised.notebook import context
    from aspromised.refresh import refresh
    from aspromised.store.snapshot import Snapshot, open_snapshot

    taken: list[float] = []
    asked = Snapshot._ask
    pages: dict[str, Callable[[Snapshot], object]]

    def timed(self: Snapshot, *sql: Any) -> Any:
        began = time.process_time()
        try:
            return asked(self, *sql)
        finally:
            taken.append(1000 * (time.process_time() - began))

    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as where:
        root = Path(where)
        workspace(items, root)
        refresh(load(root), datetime.fromisoformat(AS_OF))
        Snapshot._ask = timed  # type: ignore[method-assign,assignment]
        pages = {path.stem: partial(_shown, path) for path in sorted(NOTEBOOKS.glob("*.py"))}
        pages["status"] = lambda snapshot: statuses(snapshot, Window.month("2026-08"))
        try:
            for name, page in pages.items():
                for turn in range(1 + ROUNDS):
                    if turn == 1:
                        taken.clear()
                    with open_snapshot(root) as snapshot, context.reading(snapshot):
                        page(snapshot)
                found[name] = list(taken)
        finally:
            Snapshot._ask = asked  # type: ignore[method-assign]
    return found


def _shown(path: Path, snapshot: Any) -> object:
    from aspromised.display.html import HtmlRenderer
    from aspromised.notebook.cells import read_notebook
    from aspromised.notebook.runner import run

    return run(read_notebook(path), HtmlRenderer(), {"month": "2026-08", "promise": "p", "claim": "p"})


def told(found: dict[str, list[float]]) -> dict[str, tuple[int, float, float]]:
    """Return of each page how many queries it asks, and their median and longest milliseconds of the processor."""
    return {name: (len(ms) // ROUNDS, statistics.median(ms), max(ms)) for name, ms in found.items() if ms}
