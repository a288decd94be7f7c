"""Literals of the parameters cell become what a reader may choose."""

from pathlib import Path

import pytest

from aspromised.notebook.cells import Cell, Notebook, read_notebook
from aspromised.notebook.choices import Choice
from aspromised.notebook.parameters import Parameter, declared_parameters, read_value

SAMPLE = Path(__file__).parent / "notebooks" / "sample.py"


def of(source: str) -> list[Parameter]:
    return declared_parameters(
        Notebook(Path("x.py"), (Cell("code", source, "x.py", 1, frozenset({"parameters"})),))
    )


def test_the_kind_of_control_follows_from_the_literal():
    found = of("a = True\nb = 3\nc = 0.5\nd = 'x'\ne = ['x', 'y']\nf = -2")
    assert [(p.name, p.kind, p.default) for p in found] == [
        ("a", "toggle", True),
        ("b", "integer", 3),
        ("c", "number", 0.5),
        ("d", "text", "x"),
        ("e", "choices", ["x", "y"]),
        ("f", "integer", -2),
    ]


def test_names_the_workspace_knows_are_choices_whatever_their_default():
    assert [
        p.kind for p in of("month = ''\npromise = None\nteam = 'sales'\nsegment = ''\npromotion = ''")
    ] == ["choice"] * 5


def test_a_comment_closes_the_choices():
    assert of("how = 'week'  # choices: day, week, month")[0].values == ["day", "week", "month"]
    assert of("hows: list[str] = ['week']  # choices: day, week")[0].kind == "choices"


def test_a_comment_says_that_a_choice_must_be_made():
    assert [p.required for p in of("promise = ''  # required\nteam = ''")] == [True, False]


def test_what_is_not_a_literal_is_no_parameter():
    assert of("import os\na = b = 1\nc = os.name\nd = [1, 2]\ne: int\nf = {'a': 1}\n(g, h) = 1, 2") == []


def test_a_cell_that_cannot_be_parsed_has_no_parameters():
    assert of("a = (") == []


def test_the_sample_has_three():
    assert [(p.name, p.kind, p.label) for p in declared_parameters(read_notebook(SAMPLE))] == [
        ("region", "choice", "Region"),
        ("top", "integer", "Top"),
        ("detailed", "toggle", "Detailed"),
    ]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("toggle", "true", True),
        ("toggle", "No", False),
        ("integer", "-3", -3),
        ("number", "0.5", 0.5),
        ("text", "a, b", "a, b"),
        ("choice", "a", "a"),
        ("choices", "a,b", ["a", "b"]),
        ("choices", "", []),
    ],
)
def test_text_of_a_url_is_read_by_kind(kind, text, value):
    assert read_value(Parameter("p", None, kind, (Choice("a", "A"), Choice("b", "B"))), text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("toggle", "perhaps"),
        ("integer", "3.5"),
        ("number", "nan"),
        ("number", "much"),
        ("number", "nan"),
        ("number", "much"),
        ("choice", "c"),
        ("choices", "a,c"),
    ],
)
def test_text_that_cannot_be_meant_is_refused(kind, text):
    with pytest.raises(ValueError):
        read_value(Parameter("p", None, kind, (Choice("a", "A"), Choice("b", "B"))), text)
