"""Each notebook of the house runs in Jupyter on the demo company: same file, no Streamlit, nothing fetched."""

import os
from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

from aspromised.notebook.context import ROOT_VARIABLE
from tests.e2e.conftest import Demo
from tests.patience import PATIENCE

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.py"))


def test_there_is_a_notebook_for_each_page() -> None:
    pages = {path.stem for path in (Path(__file__).parents[2] / "pages").glob("*.py")}
    assert pages and pages <= {path.stem for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_runs_in_jupyter(path: Path, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, os.fspath(demo.root))
    notebook = jupytext.read(path)
    for cell in notebook.cells[:3]:  # as a reader does who opens one: a promise is chosen
        cell.source = cell.source.replace('\npromise = ""', '\npromise = "two-day-delivery"')
    NotebookClient(
        notebook, timeout=PATIENCE, resources={"metadata": {"path": os.fspath(path.parent)}}
    ).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert {output.output_type for output in outputs} <= {"display_data", "execute_result"}
    shown = "".join(output.data.get("text/html", "") for output in outputs)
    assert len(shown) > 1000, "something is shown"
    assert "<script" not in shown and "cdn." not in shown
