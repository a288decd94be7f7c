"""Cells know where they stand in their file."""

from pathlib import Path

import jupytext

from aspromised.notebook.cells import read_notebook

SAMPLE = Path(__file__).parent / "notebooks" / "sample.py"


def test_every_code_cell_starts_on_the_line_it_has_in_the_file():
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    code = read_notebook(SAMPLE).code
    assert len(code) == 7
    for cell in code:
        assert lines[cell.first_line - 1] == cell.source.splitlines()[0]


def test_equal_cells_have_each_their_own_line(tmp_path):
    path = tmp_path / "twice.py"
    path.write_text("# %%\nx = 1\n\n# %% [markdown]\n# x = 1\n\n# %%\nx = 1\n", encoding="utf-8")
    assert [cell.first_line for cell in read_notebook(path).code] == [2, 8]


def test_the_title_is_the_first_heading_and_otherwise_the_name_of_the_file(tmp_path):
    plain = tmp_path / "late_orders.py"
    plain.write_text("# %%\n1\n", encoding="utf-8")
    assert read_notebook(SAMPLE).title == "Where do we break it?"
    assert read_notebook(plain).title == "Late orders"


def test_tags_are_read(tmp_path):
    assert [cell.first_line for cell in read_notebook(SAMPLE).cells if "parameters" in cell.tags] == [13]


def test_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "notebook.py"
    path.write_text("# %%\n1\n", encoding="utf-8")
    first = read_notebook(path)
    assert read_notebook(path) is first
    path.write_text("# %%\n1 + 1\n", encoding="utf-8")
    assert read_notebook(path).code[0].source == "1 + 1"


def test_a_cell_of_an_ipynb_is_called_by_its_number(tmp_path):
    path = tmp_path / "built.ipynb"
    jupytext.write(jupytext.read(SAMPLE), path)
    code = read_notebook(path).code
    assert [cell.source for cell in code] == [cell.source for cell in read_notebook(SAMPLE).code]
    assert code[0].filename.endswith("built.ipynb#cell 2")


def test_a_file_without_cells_has_none(tmp_path):
    path = tmp_path / "empty.py"
    path.write_text("", encoding="utf-8")
    assert read_notebook(path).cells == ()
