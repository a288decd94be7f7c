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

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def of_pages(items: int) -> dict[str, list[float]]:
    """Return the milliseconds of the processor of every query of `status` and of each notebook, after a first run of it."""
    from aspromised.analyse.rates.status import statuses
    from aspromised.analyse.windows.window import Window
    from aspromised.declare.load import load
    from aspromised.notebook import context
    from aspromised.refresh import refresh
    from aspromised.store.snapshot import Snapshot, open_snapshot

    taken: list[float] = []
    asked = Snapshot.query
    pages: dict[str, Callable[[], object]]

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
        Snapshot.query = timed  # type: ignore[method-assign,assignment]
        try:
            with open_snapshot(root) as snapshot, context.reading(snapshot):
                pages = {path.stem: partial(_shown, path) for path in sorted(NOTEBOOKS.glob("*.py"))}
                pages["status"] = lambda: statuses(snapshot, Window.month("2026-08"))
                for name, page in pages.items():
                    page()
                    taken.clear()
                    for _ in range(3):
                        page()
                    found[name] = list(taken)
        finally:
            Snapshot.query = asked  # type: ignore[method-assign]
    return found


def _shown(path: Path) -> object:
    from aspromised.display.html import HtmlRenderer
    from aspromised.notebook.cells import read_notebook
    from aspromised.notebook.runner import run

    return run(read_notebook(path), HtmlRenderer(), {"month": "2026-08", "promise": "p", "claim": "p"})


def told(found: dict[str, list[float]]) -> dict[str, tuple[int, float, float]]:
    """Return of each page how many queries it asks, and their median and longest milliseconds of the processor."""
    return {name: (len(ms) // 3, statistics.median(ms), max(ms)) for name, ms in found.items() if ms}
