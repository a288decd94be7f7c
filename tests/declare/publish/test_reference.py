"""The reference of the YAML says what the models say."""

import re
from pathlib import Path

from aspromised.declare.check import check
from aspromised.declare.load import load
from aspromised.declare.publish.reference import reference
from aspromised.declare.publish.schema import json_schema
from aspromised.declare.rules.notyet import NOT_JUDGED_YET
from aspromised.declare.yaml.tree import read_tree

DOCUMENT = Path(__file__).parents[3] / "docs" / "yaml-reference.md"


def test_the_document_is_what_the_models_say() -> None:
    told = "write it anew: python -m aspromised.declare.publish.reference > docs/yaml-reference.md"
    assert DOCUMENT.read_text(encoding="utf-8") == reference(), told


def test_every_key_of_the_language_is_in_a_table() -> None:
    text = reference()
    schema = json_schema()
    keys = {*schema["properties"], *(key for each in schema["$defs"].values() for key in each["properties"])}
    assert [key for key in keys if f"| `{key}` |" not in text] == []


def test_every_link_leads_to_a_heading() -> None:
    text = reference()
    headings = {line[3:].lower().replace(" ", "-") for line in text.splitlines() if line.startswith("## ")}
    assert set(re.findall(r"\(#([^)]+)\)", text)) - headings == set()


def test_what_is_not_judged_yet_is_listed() -> None:
    assert all(f"- {row.words}\n" in reference() for row in NOT_JUDGED_YET)


def test_the_first_promise_in_the_introduction_loads(tmp_path: Path) -> None:
    blocks = reference().split("```yaml\n")[1:]
    promises, sources = (block.split("```")[0] for block in blocks)
    for name, text in {"promises/first.yaml": promises, "data/sources.yaml": sources}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_tree("first", promises.encode()).faults == []
    assert check(load(tmp_path)) == []
