"""A page: its title, its parameters in one row, and its notebooks."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from aspromised.app.controls import controls
from aspromised.app.frame import doubt_lines, name_tab, older_line, stop_without_doors
from aspromised.app.house import find_notebook, workspace
from aspromised.app.opening import open_or_missing
from aspromised.app.pieces import Piece, pieces, redrawn, show_pieces
from aspromised.app.renderer import StreamlitRenderer
from aspromised.chart.base.theme import DARK, LIGHT, on
from aspromised.display.things import Missing
from aspromised.notebook.cells import Notebook, read_notebook
from aspromised.notebook.context import reading
from aspromised.notebook.parameters import Parameter, declared_parameters
from aspromised.store.snapshot import Snapshot

Panel = Callable[[Snapshot, Mapping[str, Any]], None]
"""What a notebook cannot be: a form that writes to the ledger. It is given the snapshot and the parameters chosen."""


def page(title: str, notebooks: Sequence[str | Panel]) -> None:
    """Show `notebooks`, by their names under `notebooks/`, and panels between them, one after the other under `title`.

    A workspace's own notebook of the same name is shown in the place of ours.
    """
    stop_without_doors()
    enter_through_the_door()
    root = workspace()
    parts = [find_notebook(part, root) if isinstance(part, str) else part for part in notebooks]
    show_notebooks(title, parts, root)


def enter_through_the_door() -> None:
    """Start again at `main.py` if Streamlit came here without it.

    Until `main.py` has run once, Streamlit takes the scripts in `pages/` for an older kind of app and
    serves a link to one of them without our navigation, style and footer.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def show_notebooks(title: str, parts: Sequence[Path | Panel], root: Path) -> None:
    """Show notebooks, by their paths, and panels on the workspace's snapshot, or what to do where there is none."""
    st.title(title, anchor=False)
    snapshot = open_or_missing(root)
    if isinstance(snapshot, Missing):
        StreamlitRenderer("missing").missing(snapshot)
        return
    older_line(snapshot)
    ground = DARK if st.context.theme.type == "dark" else LIGHT
    with reading(snapshot), on(ground):
        _run(title, [read_notebook(part) if isinstance(part, Path) else part for part in parts], snapshot)
    if snapshot.is_broken:
        st.rerun()  # the one before serves, and says so


def _run(title: str, parts: Sequence[Notebook | Panel], snapshot: Snapshot) -> None:
    shown = {number: _pieces(number, part) for number, part in enumerate(parts) if isinstance(part, Notebook)}
    asked = _together([part for part in parts if isinstance(part, Notebook)])
    above = st.container()
    values = controls(asked, snapshot, title, partial(redrawn, list(chain(*shown.values()))))
    with above:
        doubt_lines(snapshot, values.get("promise") or "")
    name_tab(values, snapshot)
    for number, part in enumerate(parts):
        if isinstance(part, Notebook):
            show_pieces(shown[number], snapshot, values)
        else:
            st.fragment(part)(snapshot, values)


def _pieces(number: int, notebook: Notebook) -> list[Piece]:
    """Return a notebook as it stands on a page, where only the first has no title of its own."""
    return pieces(notebook.lowered() if number else notebook.untitled(), f"{notebook.path.stem}-{number}")


def _together(notebooks: Sequence[Notebook]) -> list[Parameter]:
    """The parameters of all notebooks; one that several have is asked for once."""
    by_name: dict[str, Parameter] = {}
    for notebook in notebooks:
        for parameter in declared_parameters(notebook):
            by_name.setdefault(parameter.name, parameter)
    return list(by_name.values())
