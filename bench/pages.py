"""What a page costs that nobody has opened yet, and what it costs from memory: seconds of CPU, without a browser.

`python -m bench.pages [ROUNDS]` shows each page of this workspace's snapshot in one warm process, in turn, as often as is
said. Before a first showing all is forgotten that was remembered of the snapshot; the second finds the page remembered.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest

from aspromised.app import pieces
from aspromised.app.house import HOUSE
from aspromised.app.opening import open_or_missing
from aspromised.display.things import Missing
from aspromised.notebook.memory import PageMemory
from aspromised.store.snapshot import Snapshot

PLACES = {
    "compliance": ("compliance", {}),
    "one claim": ("compliance", {"promise": "two-day-delivery"}),
    "gaps": ("gaps", {}),
    "gaps of one part": ("gaps", {"promise": "two-day-delivery", "segment": "region", "items": "open"}),
    "launches": ("launches", {}),
    "one launch": ("launches", {"promotion": "express-everything"}),
    "one planned launch": ("launches", {"promotion": "hallway-refresh"}),
    "monthly review": ("review", {}),
    "data health": ("health", {}),
}
"""Pages of the demo company, and what their links say."""


def forget(root: Path) -> None:
    """Forget what the app remembers of the snapshot it serves."""
    pieces._MEMORY = PageMemory()
    snapshot = open_or_missing(root)
    assert isinstance(snapshot, Snapshot), isinstance(snapshot, Missing) and snapshot.what
    snapshot.answers.forget(lambda _: True)
    snapshot.derived.forget(lambda _: True)


@cache
def _components() -> BidiComponentManager:
    components = BidiComponentManager()
    components.discover_and_register_components(start_file_watching=False)
    return components


def shown(name: str) -> AppTest:
    """Return a session that has the page of `name` before it and has shown nothing yet.

    What a server does once, when it starts (it looks for Streamlit's components among all packages), is done.
    """
    page, words = PLACES[name]
    app = AppTest.from_file(str(HOUSE / "main.py"), default_timeout=120)
    app._bidi_component_manager = _components()
    for key, value in words.items():
        app.query_params[key] = value
    return app.switch_page(f"pages/{page}.py")


@contextmanager
def counting(into: list[float]) -> Iterator[None]:
    """Add the seconds of CPU that the block takes, in all threads."""
    began = time.process_time()
    yield
    into.append(time.process_time() - began)


def measured(root: Path, rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    """Return the seconds of CPU of each page's first showings and of those from memory."""
    taken: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in PLACES}
    for number in range(rounds + 1):
        for name, (first, again) in taken.items():
            app = shown(name)
            forget(root)
            with counting(first):
                app.run()
            assert not app.exception, (name, app.exception)
            with counting(again):
                app.run()
            if not number:  # imports, and what a process works out once
                first.clear(), again.clear()
    return taken


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else 7
    print("| page | first: median s of CPU | least | most | from memory: median |\n|---|---|---|---|---|")
    for name, (first, again) in measured(Path.cwd(), rounds).items():
        print(
            f"| {name} | {statistics.median(first):.2f} | {min(first):.2f} | {max(first):.2f} | {statistics.median(again):.3f} |"
        )


if __name__ == "__main__":
    main()
