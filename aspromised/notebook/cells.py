"""A notebook file as cells, each with its source and the line it starts on."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import jupytext

CellKind = Literal["code", "markdown"]

_MARKER = re.compile(r"#\s*%%")
_ANY_HEADING = re.compile(r"^(#{1,5} )", re.MULTILINE)
_HEADING = re.compile(r"#\s+(?P<title>.+)")


@dataclass(frozen=True)
class Cell:
    """One cell. `filename` and `first_line` are what a traceback calls it, counted from 1."""

    kind: CellKind
    source: str
    filename: str
    first_line: int
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Notebook:
    """A notebook read from `path`."""

    path: Path
    cells: tuple[Cell, ...]

    @property
    def title(self) -> str:
        """The first heading, or the file's name in words where there is none."""
        for cell in self.cells:
            heading = _HEADING.match(cell.source) if cell.kind == "markdown" else None
            if heading:
                return heading["title"].strip()
        return self.path.stem.replace("_", " ").replace("-", " ").capitalize()

    @property
    def code(self) -> tuple[Cell, ...]:
        """The cells that run."""
        return tuple(cell for cell in self.cells if cell.kind == "code")

    def untitled(self) -> "Notebook":
        """Return the notebook without its first heading, for a page that has said its title."""
        first, *rest = self.cells or (None,)
        heading = _HEADING.match(first.source) if first and first.kind == "markdown" else None
        if not first or not heading:
            return self
        source = first.source[heading.end() :].strip()
        return replace(self, cells=(*([replace(first, source=source)] if source else []), *rest))

    def lowered(self) -> "Notebook":
        """Return the notebook with every heading one level down, to stand below a title."""
        return replace(self, cells=tuple(map(_lowered, self.cells)))


def _lowered(cell: Cell) -> Cell:
    return replace(cell, source=_ANY_HEADING.sub(r"#\1", cell.source)) if cell.kind == "markdown" else cell


def read_notebook(path: Path) -> Notebook:
    """Return the notebook at `path` (percent-format .py, or .ipynb), read again only when the file changed.

    FileNotFoundError where there is none.
    """
    state = path.stat()
    return _read(path.resolve(), state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _read(path: Path, _mtime_ns: int, _size: int) -> Notebook:
    text = path.read_text(encoding="utf-8")
    nodes = jupytext.reads(text, fmt=path.suffix.lstrip(".")).cells
    cells = _of_ipynb(nodes, path) if path.suffix == ".ipynb" else _of_percent(nodes, path, text)
    return Notebook(path, tuple(cells))


def _of_ipynb(nodes: list[Any], path: Path) -> list[Cell]:
    """An .ipynb has no lines a reader could go to: each cell is its own file, `x.ipynb#cell 3`."""
    return [
        _cell(node, f"{path}#cell {number}", 1) for number, node in enumerate(nodes, start=1) if _kept(node)
    ]


def _of_percent(nodes: list[Any], path: Path, text: str) -> list[Cell]:
    lines = text.splitlines()
    cells, cursor = [], 0
    for node in nodes:
        start = _first_line(node.source.splitlines(), lines, cursor) if node.cell_type == "code" else cursor
        if _kept(node):
            cells.append(_cell(node, str(path), start + 1))
        cursor = _after(lines, start, node)
    return cells


def _first_line(source: list[str], lines: list[str], cursor: int) -> int:
    """Where `source` stands in `lines` from `cursor` on; the cursor where it does not."""
    if source:
        for start in range(cursor, len(lines) - len(source) + 1):
            if lines[start : start + len(source)] == source:
                return start
    return cursor


def _after(lines: list[str], start: int, node: Any) -> int:
    """The line after the cell that starts at `start`: past its code, or past the marker of a text cell."""
    if node.cell_type == "code":
        return start + len(node.source.splitlines())
    marker = next((i for i in range(start, len(lines)) if _MARKER.match(lines[i])), start)
    return marker + 1


def _kept(node: Any) -> bool:
    return node.cell_type in ("code", "markdown") and bool(node.source.strip())


def _cell(node: Any, filename: str, first_line: int) -> Cell:
    return Cell(node.cell_type, node.source, filename, first_line, frozenset(node.metadata.get("tags", ())))
