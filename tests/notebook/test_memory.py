"""A page is computed once for all of its readers, and shown again as it was."""

from dataclasses import replace
from pathlib import Path

import pytest

from aspromised.notebook.cells import Notebook, read_notebook
from aspromised.notebook.context import reading
from aspromised.notebook.memory import PageMemory
from aspromised.store.snapshot import Snapshot
from tests.analyse.shelf import shelf
from tests.notebook.recorder import Recorder

SOURCE = """# %% tags=["parameters"]
how = "day"  # choices: day, night

# %%
from aspromised.notebook import show, snapshot
show(snapshot().query("select count(*) as n, random() as luck from meta"), how)
"""


@pytest.fixture
def snapshot() -> Snapshot:
    return shelf()


def notebook(folder: Path, source: str = SOURCE) -> Notebook:
    (folder / "page.py").write_text(source, encoding="utf-8")
    return read_notebook(folder / "page.py")


def shown(memory: PageMemory, page: Notebook, snapshot: Snapshot, look: str = "", **chosen: str) -> str:
    recorder = Recorder()
    with reading(snapshot):
        memory.show(page, recorder, snapshot, chosen, look)
    return str(recorder.shown)


def test_the_second_reader_is_shown_the_same_without_running_the_notebook(tmp_path, snapshot):
    memory, page = PageMemory(), notebook(tmp_path)
    assert shown(memory, page, snapshot) == shown(memory, page, snapshot) != "[]"
    assert memory.memo.computed == 2  # its two cells


def test_another_choice_another_look_and_another_text_are_other_pages(tmp_path, snapshot):
    memory, page = PageMemory(), notebook(tmp_path)
    shown(memory, page, snapshot, how="day")
    assert "night" in shown(memory, page, snapshot, how="night")
    shown(memory, page, snapshot, look="dark", how="day")
    shown(memory, notebook(tmp_path, SOURCE + "\n# %%\n'more'\n"), snapshot, how="day")
    assert memory.memo.computed == 2 + 1 + 2 + 3  # the literals depend on no choice


def test_pages_of_an_older_snapshot_are_forgotten_with_it(tmp_path, snapshot):
    memory, page = PageMemory(), notebook(tmp_path)
    shown(memory, page, snapshot)
    shown(memory, page, replace(snapshot, path=Path("newer.duckdb")))
    assert len(memory.memo) == 2  # the two cells of the newer one


def test_a_page_that_failed_is_tried_again(tmp_path, snapshot):
    memory, page = PageMemory(), notebook(tmp_path, "# %%\n1 / 0\n")
    assert shown(memory, page, snapshot).count("ZeroDivisionError") == 1
    assert "error" in shown(memory, page, snapshot)
    assert len(memory.memo) == 0


def test_a_notebook_that_reads_more_than_the_snapshot_is_run_each_time(tmp_path, snapshot):
    memory = PageMemory()
    page = notebook(tmp_path, '# %% tags=["live"]\nimport itertools\nnext(itertools.count(5))\n')
    assert shown(memory, page, snapshot) == "[('text', '5')]"
    assert memory.memo.computed == 0
