"""Which cells of a notebook depend on what: rather one too many than one too few."""

from itertools import product
from pathlib import Path

import pytest

from aspromised.app.house import HOUSE
from aspromised.notebook.cells import Notebook, read_notebook
from aspromised.notebook.context import reading
from aspromised.notebook.dependence import dependences
from aspromised.notebook.memory import PageMemory
from aspromised.notebook.runner import run
from tests.analyse.shelf import shelf
from tests.notebook.recorder import Recorder

PARAMETERS = '# %% tags=["parameters"]\na = 1\nb = 1\n\n'
HEAD = PARAMETERS + "# %%\nfrom aspromised.notebook import points, show\n\n"

SHAPES = {
    "apart": ["one = a", "two = b", "one", "two"],
    "bound anew": ["x = a", "show(x)", "x = b", "x"],
    "a list that grows": ["x = []", "x.append(a)", "x"],
    "by another name": ["x = []\ny = x", "y.append(a)", "x"],
    "held by another": ["x = {}\ny = [x]", "y[0]['a'] = a", "x", "y"],
    "something of it": ["class Own: pass\nx = Own()", "x.a = a", "x.a"],
    "a key": ["x = {}", "x['a'] = a", "x"],
    "in place": ["x = [1]", "x += [a]", "x"],
    "deleted": ["x = 1", "if a == 2:\n    del x", "x"],
    "a function of its own": ["x = []\ndef put(what):\n    x.append(what)", "put(a)", "x"],
    "a function that reads later": ["def get():\n    return x", "x = a", "get()"],
    "given away": ["def grow(what, by):\n    what.append(by)\nx = []", "grow(x, a)", "x"],
    "used up": ["x = iter([1, 2, 3])", "list(x) if a == 2 else 0", "list(x)"],
    "walked": ["x = iter([1, 2, 3])", "if a == 2:\n    for each in x:\n        pass", "[each for each in x]"],
    "asked for its effect": ["class Own:\n    def take(self, what): self.a = what\nx = Own()", "x.take(a)", "x.__dict__"],
    "a method with an answer": ["x = {}", "y = x.setdefault('a', a)", "x"],
    "a package's state": ["import random", "random.seed(a)", "random.random()"],
    "the last answer": ["a", "_"],
    "a loop's name": ["for x in range(a):\n    pass", "x"],
    "in place, by word": ["import pandas as pd\nx = pd.DataFrame({'n': [2, 1]})", "if a == 2:\n    x.sort_values('n', inplace=True)\n''", "x['n'].tolist()"],
    "a comprehension": ["x = [a, b]", "[each + b for each in x]"],
    "by name at run time": ["x = 'a'", "globals()[x]"],
    "a lambda": ["x = lambda: a + y", "y = b", "x()"],
    "matched": ["x = {'k': []}", "match x:\n    case {'k': found}:\n        found.append(a)", "x"],
    "with ours": ["x = [str(a)]", "show(points(x))", "show(points(str(b)))"],
    "a failure": ["x = 1 // (a - 1)", "x", "y = b", "y"],
}  # fmt: skip


def notebook(folder: Path, cells: list[str], head: str = HEAD) -> Notebook:
    path = folder / "page.py"
    path.write_text(head + "\n".join(f"# %%\n{cell}\n" for cell in cells), encoding="utf-8")
    return read_notebook(path)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_remembered_is_what_a_whole_run_shows(shape, tmp_path):
    page, memory, snapshot = notebook(tmp_path, SHAPES[shape]), PageMemory(), shelf()
    with reading(snapshot):
        for a, b in [*product((1, 2), (1, 2)), (1, 1), (2, 2)]:
            whole, again = Recorder(), Recorder()
            run(page, whole, {"a": a, "b": b})
            memory.show(page, again, snapshot, {"a": a, "b": b})
            assert str(again.shown) == str(whole.shown), (a, b)


def needed(page: Notebook, *names: str) -> list[str]:
    return ["".join(name for name in names if each.reads(name)) for each in dependences(page)]


def test_a_cell_depends_on_what_it_reads_and_on_the_cells_that_made_it(tmp_path):
    page = notebook(tmp_path, ["one = a", "two = b", "three = one + 1", "three, two"])
    assert needed(page, "a", "b") == ["", "", "a", "b", "a", "ab"]
    assert [each.cells for each in dependences(page)] == [(), (), (0,), (0,), (0, 2), (0, 2, 3, 4)]


@pytest.mark.parametrize("whole", ["from math import *", "from __future__ import annotations", "eval('a')", "(", "global x"])  # fmt: skip
def test_a_notebook_that_cannot_be_read_off_its_source_is_one_whole(whole, tmp_path):
    assert needed(notebook(tmp_path, [whole, "1"]), "a", "b") == ["ab"] * 4


def test_our_own_page_asks_for_items_where_they_are_listed_and_nowhere_else():
    page = read_notebook(HOUSE / "notebooks" / "gaps.py")
    assert [number for number, each in enumerate(dependences(page)) if each.reads("items")] == [10]
    assert "item_table(" in page.cells[10].source


def test_only_what_depends_on_a_choice_runs_again(tmp_path):
    page = notebook(tmp_path, ["x = a", "y = b", "x", "y"], PARAMETERS)
    memory, snapshot = PageMemory(), shelf()
    memory.show(page, Recorder(), snapshot, {"a": 1, "b": 1})
    before = memory.memo.computed
    memory.show(page, Recorder(), snapshot, {"a": 1, "b": 2})
    assert memory.memo.computed - before == 2
