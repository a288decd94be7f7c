"""Every chart of ours is held against Vega-Lite's schema here, so that no page has to do so again."""

import ast
import sys
from pathlib import Path

import pytest

import aspromised.chart
from aspromised.chart.base.figure import Figure
from aspromised.display.html import HtmlRenderer
from aspromised.notebook.cells import read_notebook
from aspromised.notebook.context import reading
from aspromised.notebook.runner import run
from aspromised.store.snapshot import open_snapshot
from tests.e2e.conftest import Demo

_ROOM = Path(aspromised.chart.__file__).parent
_NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
_SHOWN = [
    ("promise", {"promise": "two-day-delivery"}),
    ("gaps", {"promise": "two-day-delivery"}),
    ("variation", {"promise": "two-day-delivery"}),
    ("handoffs", {"promise": "two-day-delivery"}),
    ("tonight", {}),
    ("launches", {}),
    ("launches", {"promotion": "express-everything"}),
    ("launch", {"promotion": "express-everything"}),
]


class _Charts(HtmlRenderer):
    """Writes out each chart as a page does, and draws nothing."""

    def chart(self, figure: Figure) -> None:
        assert figure.vega_lite.text


def _drawers() -> set[tuple[str, str]]:
    """The functions that make a figure: their files and names."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _ROOM.rglob("*.py")}
    functions = (
        (path, node)
        for path, tree in trees.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    )
    return {
        (str(path), function.name)
        for path, function in functions
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Figure"
    }


def test_every_chart_of_ours_is_drawn_and_valid(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: set[tuple[str, str]] = set()
    check = Figure.__post_init__

    def noted(figure: Figure) -> None:
        maker = sys._getframe(2).f_code
        drawn.add((maker.co_filename, maker.co_name))
        assert figure.is_tested
        check(figure)

    monkeypatch.setattr(Figure, "__post_init__", noted)
    with open_snapshot(demo.root) as snapshot, reading(snapshot):
        for name, words in _SHOWN:
            assert run(read_notebook(_NOTEBOOKS / f"{name}.py"), _Charts(), words).failures == []
    assert drawn == _drawers()
