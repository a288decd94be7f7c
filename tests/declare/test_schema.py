"""The schema that editors read agrees with what loads."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from aspromised.declare.publish.schema import json_schema
from aspromised.declare.yaml.tree import read_tree

HERE = Path(__file__).parent
GOOD = sorted((HERE / "workspaces" / "contract").rglob("*.y*ml"))
ERRORS = HERE.parent / "golden" / "errors"


def errors(path: Path) -> list[Any]:
    value = read_tree(path.name, path.read_bytes()).value
    return list(Draft202012Validator(json_schema()).iter_errors(value))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_every_field_of_the_language_fits_the_schema(path: Path) -> None:
    assert errors(path) == []


@pytest.mark.parametrize(
    "case",
    [
        "promises-unknown-key",
        "promises-missing-claim",
        "promises-target-without-sign",
        "company-week-starts-short",
    ],
)
def test_an_editor_would_underline_it(case: str) -> None:
    assert errors(ERRORS / f"{case}.yaml") != []


def test_reserved_words_are_spelt_as_in_the_yaml() -> None:
    definitions = json_schema()["$defs"]
    assert {"from", "to"} <= definitions["Correction"]["properties"].keys()
    assert "except" in definitions["Holidays"]["properties"]


def test_every_key_is_described() -> None:
    undescribed = [
        f"{name}.{key}"
        for name, each in json_schema()["$defs"].items()
        for key, value in each["properties"].items()
        if not value.get("description")
    ]
    assert undescribed == []
