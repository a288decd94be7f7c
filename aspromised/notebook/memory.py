"""What a notebook showed of a snapshot, remembered: the snapshot never changes, so neither does the page.

The key is the snapshot, the notebook as it was read, the parameters, and whatever else the look depends on. A notebook
that reads something besides the snapshot (a file of its own, the clock) says so with a cell tagged `live`, and is run
each time.
"""

import sys
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import pandas as pd

from aspromised.display.renderer import Renderer
from aspromised.notebook.cells import Notebook
from aspromised.notebook.parameters import write_value
from aspromised.notebook.runner import run
from aspromised.store.memo import Memo
from aspromised.store.snapshot import Snapshot

LIVE = "live"
"""The tag of a cell whose notebook is run anew each time."""

_REMEMBERED_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Shown:
    """Everything one run of a notebook showed: the renderer's method and the thing, in order."""

    calls: tuple[tuple[str, Any], ...]

    def again(self, renderer: Renderer) -> None:
        """Show it all through `renderer`."""
        for method, thing in self.calls:
            getattr(renderer, method)(thing)


class _FailedError(Exception):
    """The run ended with a failed cell: it has been shown, and the next reader tries again."""


class _Tee:
    """Shows each thing at once and keeps it."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self.calls: list[tuple[str, Any]] = []

    def __getattr__(self, method: str) -> Any:
        def show(thing: Any) -> None:
            self.calls.append((method, thing))
            getattr(self._renderer, method)(thing)

        return show


class PageMemory:
    """The pages of the app, remembered for all of its readers."""

    def __init__(self, most: int = _REMEMBERED_BYTES) -> None:
        self.memo: Memo[Shown] = Memo(most, _bytes_of)
        self._served = ""

    def show(
        self,
        notebook: Notebook,
        renderer: Renderer,
        snapshot: Snapshot,
        overrides: Mapping[str, Any],
        look: Hashable = None,
    ) -> None:
        """Show what `notebook` shows of `snapshot`: from memory, or by running it; `look` is what else it depends on."""
        if any(LIVE in cell.tags for cell in notebook.cells):
            run(notebook, renderer, overrides)
            return
        self._serve(snapshot.id)
        ran = False

        def first() -> Shown:
            nonlocal ran
            ran = True
            tee = _Tee(renderer)
            if run(notebook, tee, overrides).failures:
                raise _FailedError
            return Shown(tuple(tee.calls))

        chosen = tuple((name, write_value(value)) for name, value in sorted(overrides.items()))
        try:
            shown = self.memo.get((snapshot.id, str(snapshot.root), notebook, chosen, look), first)
        except _FailedError:
            return
        if not ran:
            shown.again(renderer)

    def _serve(self, snapshot_id: str) -> None:
        """Forget the pages of older snapshots once a newer one is served."""
        if snapshot_id > self._served:
            self._served = snapshot_id
            self.memo.forget(lambda key: isinstance(key, tuple) and key[0] < snapshot_id)


def _bytes_of(shown: Shown) -> int:
    return sum(_size(thing) for _, thing in shown.calls)


def _size(thing: Any) -> int:
    """Return about how many bytes a shown thing holds on to."""
    if isinstance(thing, pd.DataFrame):
        return int(thing.memory_usage(deep=True).sum())
    if is_dataclass(thing):
        return sum(_size(getattr(thing, each.name)) for each in fields(thing))
    data = getattr(thing, "data", None)
    return sys.getsizeof(thing) + (_size(data) if isinstance(data, pd.DataFrame) else 0)
