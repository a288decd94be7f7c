"""The same file runs in Jupyter."""

import os
from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

from tests.patience import PATIENCE

SAMPLE = Path(__file__).parents[1] / "notebook" / "notebooks" / "sample.py"


@pytest.fixture(scope="module")
def executed():
    notebook = jupytext.read(SAMPLE)
    NotebookClient(
        notebook, timeout=PATIENCE, resources={"metadata": {"path": os.fspath(SAMPLE.parent)}}
    ).execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(cell):
    return [output.data["text/html"] for output in cell.outputs]


def test_every_thing_is_displayed_once_and_nothing_is_said_on_stderr(executed):
    assert [len(cell.outputs) for cell in executed] == [0, 0, 1, 1, 1, 1, 1]
    assert {output.output_type for cell in executed for output in cell.outputs} == {
        "display_data",
        "execute_result",
    }


def test_jupyter_shows_what_is_printed(executed):
    assert "In the north 1,240 orders came late" in outputs(executed[2])[0]
    assert "Delivered to your door within 2 days" in outputs(executed[3])[0]
    assert "<svg" in outputs(executed[4])[0] and "twelve weeks" in outputs(executed[4])[0]
    assert 'download="late.csv"' in outputs(executed[6])[0]


def test_jupyter_fetches_nothing(executed):
    made = "".join(html for cell in executed for html in outputs(cell))
    assert "<script" not in made and "cdn" not in made
