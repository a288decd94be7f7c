"""What commands answer with --json is declared once: the page and the schema say it, and every test of a command holds it to it.

`tests/cli/run.py` holds each answer it sees against its declaration.
"""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from aspromised.cli.answers.document import ANSWERS, answers_document, answers_schema
from tests.cli.answers import hold
from tests.cli.run import run
from tests.cli.shop import open_shop

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_and_the_schema_are_those_that_are_generated() -> None:
    assert (DOCS / "json.md").read_text(encoding="utf-8") == answers_document(), "write it anew: make docs"
    assert json.loads((DOCS / "answers.schema.json").read_text(encoding="utf-8")) == answers_schema()


def test_every_link_of_the_page_leads_to_a_heading() -> None:
    text = answers_document()
    linked = {part.partition(")")[0] for part in text.split("](#")[1:]}
    headings = {line[3:].lower() for line in text.splitlines() if line.startswith("## ")}
    assert linked <= headings


def test_every_answer_says_which_command_gives_it() -> None:
    parts = answers_schema()["$defs"]
    assert [name for name in ANSWERS if "`aspromised " not in parts[name]["description"]] == []


def test_an_answer_has_no_other_keys_and_no_other_nulls(tmp_path: Path) -> None:
    shop = open_shop(tmp_path / "shop")
    run("refresh", "--workspace", shop)
    words = ("status", "--workspace", str(shop), "--json", "--all")
    answer = run(*words).json
    hold(words, json.dumps(answer))
    for wrong in ({"extra": 1}, {"claim": None}, {"kept": "3"}, {"window": {"from": None}}):
        other = {**answer, "promises": [{**answer["promises"][0], **wrong}]}
        with pytest.raises(ValidationError):
            hold(words, json.dumps(other))
