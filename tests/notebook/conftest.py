"""A notebook written as text, and run."""

import itertools

import pytest

from aspromised.notebook.cells import read_notebook
from aspromised.notebook.runner import run
from tests.notebook.recorder import Recorder


@pytest.fixture
def played(tmp_path):
    """Return a function: the source of a notebook → what it showed."""
    numbers = itertools.count(1)

    def play(source: str, **overrides: object) -> list[tuple[str, object]]:
        path = tmp_path / "notebooks" / f"n{next(numbers)}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")
        recorder = Recorder()
        run(read_notebook(path), recorder, overrides)
        return recorder.shown

    return play
