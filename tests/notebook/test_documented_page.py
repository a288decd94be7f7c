"""docs/notebooks.md tells of all that notebooks import, and its worked page runs."""

import re
from pathlib import Path

import pytest

import aspromised.notebook
from aspromised.notebook.cells import read_notebook
from aspromised.notebook.context import reading
from aspromised.notebook.parameters import declared_parameters
from aspromised.notebook.runner import run
from tests.analyse.shelf import shelf
from tests.notebook.recorder import Recorder

DOCUMENT = Path(__file__).parents[2] / "docs" / "notebooks.md"


@pytest.fixture
def page(tmp_path):
    """The worked page as a notebook's file."""
    text = DOCUMENT.read_text(encoding="utf-8")
    [source] = re.findall(r"```python\n(# %% \[markdown\].*?)```", text, re.S)
    (tmp_path / "late.py").write_text(source, encoding="utf-8")
    return read_notebook(tmp_path / "late.py")


def counted(segment: str, value: str, kept: int, broken: int):
    return {"segment": segment, "value": value, "day": "2026-10-05", "kept": kept, "broken": broken}


@pytest.fixture
def snapshot():
    parts = [counted("region", "north", 60, 10), counted("region", "<b>south", 30, 0)]
    return shelf(promise=[{}], verdict_daily=[counted("(all)", "(all)", 90, 10), *parts])


def shown(page, snapshot, **chosen):
    recorder = Recorder()
    with reading(snapshot):
        done = run(page, recorder, chosen)
    assert [failure.message for _, failure in done.failures] == []
    return recorder.shown


def test_the_page_shows_what_it_says(page, snapshot):
    found = shown(page, snapshot, segment="region", month="2026-10")
    assert [method for method, _ in found] == [
        "markdown", "sentence", "chart", "prose", "ledger", "prose", "download",
    ]  # fmt: skip
    told = dict(found)
    assert told["sentence"] == "90 of 100 were kept in October 2026."
    assert told["chart"].takeaway == "north: 10 broken."
    assert told["prose"] == "- north: 85.7%\n- <b>south: 100.0%", "words of rows are text in prose"
    assert "<b>south" not in told["ledger"].html
    assert told["download"].filename == "p-2026-10-01.csv"


def test_it_says_what_is_missing_and_opens_as_it_is_written(page, snapshot):
    assert dict(shown(page, snapshot, month="2026-09"))["missing"].commands == "aspromised refresh"
    assert dict(shown(page, snapshot))["sentence"] == "90 of 100 were kept in October 2026."


def test_its_parameters_are_those_the_document_explains(page):
    assert [(one.name, one.kind, one.required, one.values) for one in declared_parameters(page)] == [
        ("month", "choice", False, []),
        ("promise", "choice", True, []),
        ("segment", "choice", False, []),
        ("most", "integer", False, []),
        ("first", "choice", False, ["broken", "lowest rate"]),
    ]


def test_every_name_of_the_face_is_explained():
    text = DOCUMENT.read_text(encoding="utf-8")
    explained = set(re.findall(r"`(\w+)", text))
    assert set(aspromised.notebook.__all__) <= explained
