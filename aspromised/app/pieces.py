"""A notebook on a page, in pieces that depend on the same parameters: a choice redraws the pieces that depend on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import streamlit as st

from aspromised.app.renderer import StreamlitRenderer
from aspromised.chart.base.theme import on, palette
from aspromised.notebook.cells import Notebook
from aspromised.notebook.context import reading
from aspromised.notebook.dependence import dependences
from aspromised.notebook.memory import PageMemory, Showing, is_live
from aspromised.notebook.parameters import declared_parameters
from aspromised.notebook.runner import PARAMETERS
from aspromised.store.snapshot import Snapshot

_MEMORY = PageMemory()
"""One for all sessions of the server."""


@dataclass(frozen=True)
class Piece:
    """Cells one after the other, and the names of the parameters that they depend on; `key` is its fragment's."""

    key: str
    notebook: Notebook
    cells: range
    names: frozenset[str]


def pieces(notebook: Notebook, key: str) -> list[Piece]:
    """Return `notebook` in pieces; a heading belongs to what stands below it."""
    grouped = groupby(enumerate(_needed(notebook)), key=lambda each: each[1])
    runs = [(names, [number for number, _ in group]) for names, group in grouped]
    return [
        Piece(f"{key}-{numbers[0]}", notebook, range(numbers[0], numbers[-1] + 1), names)
        for names, numbers in runs
    ]


def _needed(notebook: Notebook) -> list[frozenset[str]]:
    """Return the parameters that each cell depends on, or is to be redrawn with."""
    names = frozenset(parameter.name for parameter in declared_parameters(notebook))
    if is_live(notebook):
        return [names] * len(notebook.cells)
    found: list[frozenset[str]] = []
    for cell, each in reversed(list(zip(notebook.cells, dependences(notebook), strict=True))):
        shows_nothing = cell.kind == "markdown" or PARAMETERS in cell.tags
        found.append(found[-1] if shows_nothing and found else frozenset(filter(each.reads, names)))
    return found[::-1]


def redrawn(shown: Sequence[Piece], name: str) -> list[str]:
    """Return the keys of the pieces that depend on a parameter; none where all do, so that the page is redrawn."""
    keys = [piece.key for piece in shown if name in piece.names]
    return [] if len(keys) == len(shown) else keys


def show_pieces(shown: Sequence[Piece], snapshot: Snapshot, values: Mapping[str, Any]) -> None:
    """Show the pieces of one notebook; each is drawn again by itself, with what `values` then hold."""
    if not shown:
        return
    ground = palette()
    own = {parameter.name for parameter in declared_parameters(shown[0].notebook)}

    def overrides() -> dict[str, Any]:
        return {name: value for name, value in values.items() if name in own}

    def again(piece: Piece) -> None:
        with (
            reading(snapshot),
            on(ground),
            _MEMORY.showing(piece.notebook, snapshot, overrides(), ground, piece.cells) as showing,
        ):
            showing.show(piece.cells, StreamlitRenderer(piece.key))
        if snapshot.is_broken:
            st.rerun()

    with _MEMORY.showing(shown[0].notebook, snapshot, overrides(), ground) as whole:
        for piece in shown:
            _draw(piece, whole, again)


def _draw(piece: Piece, whole: Showing, again: Callable[[Piece], None]) -> None:
    """Draw a piece as a fragment: the first time as part of the whole."""
    first = [whole]

    @st.fragment(key=piece.key)
    def fragment() -> None:
        if first:
            first.pop().show(piece.cells, StreamlitRenderer(piece.key))
        else:
            again(piece)

    fragment()
