"""A notebook means here what it means in Jupyter."""

import contextvars
import threading

import hypothesis.strategies as st
import pytest
from hypothesis import given

from aspromised.notebook.cells import Cell, Notebook
from aspromised.notebook.runner import run
from tests.notebook.recorder import Recorder

PARAMETERS = '# %% tags=["parameters"]\n'


def test_a_cell_shows_its_last_expression_and_only_that(played):
    assert played("# %%\n1\n2 + 3\n") == [("text", "5")]


def test_a_cell_that_ends_in_a_statement_shows_nothing(played):
    assert played("# %%\nx = 5\n") == []


@pytest.mark.parametrize("quiet", ["5;", "5 ;  # a comment", "(5\n);", "5;\n\n# nothing follows"])
def test_a_semicolon_keeps_the_last_expression_quiet(played, quiet):
    assert played(f"# %%\n{quiet}\n") == []


def test_a_semicolon_in_a_comment_or_a_text_does_not(played):
    assert played("# %%\n5  # one; two;\n") == [("text", "5")]
    assert played("# %%\n'five;'\n") == [("prose", "five;")]


def test_none_shows_nothing(played):
    assert played("# %%\nNone\n") == []


def test_the_value_shown_last_is_called_underscore(played):
    assert played("# %%\n20\n\n# %%\n_ + 1\n") == [("text", "20"), ("text", "21")]


def test_cells_share_one_namespace_in_order(played):
    assert played("# %%\nx = 2\n\n# %%\ndef twice():\n    return 2 * x\n\n# %%\nx = 5\ntwice()\n") == [
        ("text", "10")
    ]


def test_markdown_cells_are_shown_in_their_place(played):
    assert played("# %% [markdown]\n# # Title\n\n# %%\n1\n\n# %% [markdown]\n# The end.\n") == [
        ("markdown", "# Title"),
        ("text", "1"),
        ("markdown", "The end."),
    ]


def test_print_writes_into_the_notebook(played):
    assert played("# %%\nprint('a', 'b', sep='-')\n3\n") == [("text", "a-b"), ("text", "3")]


def test_a_future_import_lasts_for_the_cells_after_it(played):
    source = (
        "# %%\nfrom __future__ import annotations\n\n# %%\ndef f(x: nowhere): ...\nf.__annotations__['x']\n"
    )
    assert played(source) == [("prose", "nowhere")]


def test_a_dataclass_can_be_made_in_a_notebook(played):
    source = "# %%\nfrom dataclasses import dataclass\n\n\n@dataclass\nclass P:\n    x: int\n\n\nP(3)\n"
    assert played(source) == [("text", "P(x=3)")]


def test_overrides_take_effect_after_the_parameters_cell(played):
    source = f"{PARAMETERS}top = 3\nshown = top\n\n# %%\n(top, shown)\n"
    assert played(source, top=9) == [("text", "(9, 3)")]


def test_overrides_come_first_where_no_cell_is_tagged(played):
    assert played("# %%\ntop\n", top=9) == [("text", "9")]


def test_a_failing_cell_is_told_in_its_place_and_the_rest_still_runs(played):
    shown = played("# %%\n1\n\n# %%\nx = 1 / 0\n\n# %%\n3\n")
    assert [method for method, _ in shown] == ["text", "error", "text"]
    assert shown[1][1].message == "ZeroDivisionError: division by zero"
    assert shown[1][1].trace == "notebooks/n1.py:5: x = 1 / 0"


def test_a_cell_that_needs_what_a_failed_cell_did_not_make_fails_in_turn(played):
    shown = played("# %%\nx = 1 / 0\n\n# %%\nx + 1\n")
    assert [failure.message for _, failure in shown] == [
        "ZeroDivisionError: division by zero",
        "NameError: name 'x' is not defined",
    ]


def test_what_was_shown_before_the_error_stays(played):
    shown = played("# %%\nfrom aspromised.notebook import show\nshow('first')\n1 / 0\n")
    assert [method for method, _ in shown] == ["prose", "error"]


def test_the_trace_leads_from_the_notebook_through_its_functions(played):
    shown = played("# %%\ndef rate(kept, n):\n    return kept / n\n\n\n# %%\n1\n\n# %%\nrate(3, 0)\n")
    assert shown[-1][1].trace == "notebooks/n1.py:10: rate(3, 0)\nnotebooks/n1.py:3: return kept / n"


def test_of_a_library_only_the_line_that_raised_is_told(played):
    shown = played("# %%\nimport json\n\njson.loads('{')\n")
    first, last = shown[0][1].steps
    assert str(first) == "notebooks/n1.py:4: json.loads('{')"
    assert last.file == "json/decoder.py"


def test_a_syntax_error_has_its_line_and_a_caret(played):
    shown = played("# %%\n1\n\n# %%\nx = (1 +\n")
    failure = shown[1][1]
    assert failure.message == "SyntaxError: '(' was never closed"
    assert failure.trace == "notebooks/n1.py:5: x = (1 +\nx = (1 +\n    ^"


def test_endless_recursion_is_told_in_six_lines(played):
    shown = played("# %%\ndef f():\n    return f()\n\n\nf()\n")
    assert shown[0][1].message.startswith("RecursionError")
    assert len(shown[0][1].steps) == 6


def test_what_a_user_can_mend_is_told_in_its_own_words(played):
    shown = played(
        "# %%\nfrom aspromised.words.problems import AsPromisedError\nraise AsPromisedError('do this')\n"
    )
    assert shown[0][1].message == "do this"


def test_the_cause_of_an_error_is_told_with_it(played):
    source = (
        "# %%\ntry:\n    {}['a']\nexcept KeyError as error:\n    raise ValueError('no column a') from error\n"
    )
    assert played(source)[0][1].message == "ValueError: no column a (because of KeyError: 'a')"


def test_leaving_the_program_is_an_error_of_the_cell(played):
    assert [method for method, _ in played("# %%\nraise SystemExit(3)\n\n# %%\n1\n")] == ["error", "text"]


def test_two_readers_at_once_see_each_their_own_notebook():
    recorders = [Recorder() for _ in range(8)]
    cell = "from aspromised.notebook import show\nfor i in range(50):\n    show(str(who))\n    print(who)\n"
    notebook = Notebook(None, (Cell("code", cell, "both.py", 1),))
    threads = [
        threading.Thread(
            target=contextvars.copy_context().run, args=(run, notebook, recorder, {"who": number})
        )
        for number, recorder in enumerate(recorders)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, recorder in enumerate(recorders):
        assert recorder.shown == [("prose", str(number)), ("text", str(number))] * 50


@given(st.lists(st.integers(-99, 99), min_size=1, max_size=8))
def test_what_is_shown_does_not_depend_on_how_statements_are_cut_into_cells(numbers):
    lines = [f"x{i} = {number}" for i, number in enumerate(numbers)]
    total = " + ".join(f"x{i}" for i in range(len(numbers)))
    one = Notebook(None, (Cell("code", "\n".join([*lines, total]), "a.py", 1),))
    many = Notebook(
        None, tuple(Cell("code", line, "a.py", i) for i, line in enumerate([*lines, total], start=1))
    )
    first, second = Recorder(), Recorder()
    run(one, first)
    run(many, second)
    assert first.shown == second.shown == [("text", str(sum(numbers)))]
