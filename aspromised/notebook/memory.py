"""What a notebook showed of a snapshot, remembered: the snapshot never changes, so neither does the page.

Cells are remembered one by one. The key is the snapshot, the notebook as it was read, the parameters that the cell depends
on, and whatever else the look depends on. So where one parameter changes, only the cells that depend on it run, and those
they need, which show nothing anew. A notebook that reads something besides the snapshot (a file of its own, the clock) says
so with a cell tagged `live`, and is run each time.
"""

import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import pandas as pd

from aspromised.display.renderer import Renderer
from aspromised.notebook.cells import Notebook
from aspromised.notebook.dependence import Dependence, dependences
from aspromised.notebook.parameters import write_value
from aspromised.notebook.runner import Run
from aspromised.store.memo import Memo
from aspromised.store.snapshot import Snapshot

LIVE = "live"
"""The tag of a cell whose notebook is run anew each time."""

_REMEMBERED_BYTES = 256 * 1024 * 1024
_ENTRY_BYTES = 1024
"""What remembering a cell costs that shows nothing."""


@dataclass(frozen=True)
class Shown:
    """Everything one run of a cell showed: the renderer's method and the thing, in order."""

    calls: tuple[tuple[str, Any], ...]

    def again(self, renderer: Renderer) -> None:
        """Show it all through `renderer`."""
        for method, thing in self.calls:
            getattr(renderer, method)(thing)


class _Tee:
    """Shows each thing at once, where it is to be seen, and keeps it."""

    def __init__(self) -> None:
        self.renderer: Renderer | None = None
        self.calls: list[tuple[str, Any]] = []

    def __getattr__(self, method: str) -> Any:
        def show(thing: Any) -> None:
            self.calls.append((method, thing))
            if self.renderer:
                getattr(self.renderer, method)(thing)

        return show


class Showing:
    """One showing of a notebook: each of its cells from memory, or run."""

    def __init__(
        self,
        memo: Memo[Shown],
        notebook: Notebook,
        keys: Mapping[int, Hashable],
        overrides: Mapping[str, Any],
    ) -> None:
        self._memo = memo
        self._keys = keys
        self._known = {number: memo.look_up(key) if key else None for number, key in keys.items()}
        self._needs = [each.cells for each in dependences(notebook)]
        missing = {number for number, shown in self._known.items() if shown is None}
        self._due = sorted(missing.union(*(self._needs[each] for each in missing)))
        self._failed: set[int] = set()
        self._tee = _Tee()
        self._run = Run(notebook, self._tee, overrides) if self._due else None

    def show(self, cells: Iterable[int], renderer: Renderer) -> None:
        """Show `cells`, which come after those shown before."""
        for number in cells:
            shown = self._known[number]
            self._catch_up(number)
            if shown is not None:
                shown.again(renderer)
            else:
                self._step(number, renderer)

    def _catch_up(self, number: int) -> None:
        """Run what is due before a cell, unseen."""
        while self._due and self._due[0] < number:
            self._step(self._due[0], None)

    def _step(self, number: int, renderer: Renderer | None) -> None:
        self._due.remove(number)
        self._tee.renderer, self._tee.calls = renderer, []
        went_well = self._run is not None and self._run.step(number)
        if not went_well:
            self._failed.add(number)
        key = self._keys.get(number)
        if (
            key
            and self._known[number] is None
            and went_well
            and not self._failed.intersection(self._needs[number])
        ):
            self._memo.keep(key, Shown(tuple(self._tee.calls)))


class PageMemory:
    """The pages of the app, remembered for all of its readers."""

    def __init__(self, most: int = _REMEMBERED_BYTES) -> None:
        self.memo: Memo[Shown] = Memo(most, _bytes_of)
        self._served = ""

    @contextmanager
    def showing(
        self,
        notebook: Notebook,
        snapshot: Snapshot,
        overrides: Mapping[str, Any],
        look: Hashable = None,
        cells: Iterable[int] | None = None,
    ) -> Iterator[Showing]:
        """Give a showing of `cells` (all of them where it is None) of `notebook`; `look` is what else it depends on.

        A reader who asks for the same at once waits for the first one's.
        """
        self._serve(snapshot.id)
        asked = range(len(notebook.cells)) if cells is None else cells
        if is_live(notebook):
            yield Showing(self.memo, notebook, dict.fromkeys(asked), overrides)
            return
        page = (snapshot.id, str(snapshot.root), notebook, look)
        keys = {
            number: (*page, number, _written(overrides, needed))
            for number, needed in enumerate(dependences(notebook))
            if number in asked
        }
        with self.memo.turn((*page, _written(overrides))):
            yield Showing(self.memo, notebook, keys, overrides)

    def show(
        self,
        notebook: Notebook,
        renderer: Renderer,
        snapshot: Snapshot,
        overrides: Mapping[str, Any],
        look: Hashable = None,
    ) -> None:
        """Show the whole of `notebook`."""
        with self.showing(notebook, snapshot, overrides, look) as showing:
            showing.show(range(len(notebook.cells)), renderer)

    def _serve(self, snapshot_id: str) -> None:
        """Forget the pages of older snapshots once a newer one is served."""
        if snapshot_id > self._served:
            self._served = snapshot_id
            self.memo.forget(lambda key: isinstance(key, tuple) and key[0] < snapshot_id)


def is_live(notebook: Notebook) -> bool:
    """Return whether a notebook reads more than the snapshot."""
    return any(LIVE in cell.tags for cell in notebook.cells)


def _written(overrides: Mapping[str, Any], needed: Dependence | None = None) -> tuple[tuple[str, str], ...]:
    """Return overrides as a key: those that a cell depends on, or all."""
    names = sorted(name for name in overrides if needed is None or needed.reads(name))
    return tuple((name, write_value(overrides[name])) for name in names)


def _bytes_of(shown: Shown) -> int:
    return _ENTRY_BYTES + sum(_size(thing) for _, thing in shown.calls)


def _size(thing: Any) -> int:
    """Return about how many bytes a shown thing holds on to."""
    if isinstance(thing, pd.DataFrame):
        return int(thing.memory_usage(deep=True).sum())
    if is_dataclass(thing):
        return sum(_size(getattr(thing, each.name)) for each in fields(thing))
    data = getattr(thing, "data", None)
    return sys.getsizeof(thing) + (_size(data) if isinstance(data, pd.DataFrame) else 0)
