"""docs/json.md and docs/answers.schema.json, written from the answers as they are declared."""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from aspromised.cli.answers.changes import ChangesAnswer
from aspromised.cli.answers.changing import CheckAnswer, DiffAnswer, RefreshAnswer
from aspromised.cli.answers.gaps import GapsAnswer
from aspromised.cli.answers.handing import HandoffsAnswer
from aspromised.cli.answers.launching import LaunchesAnswer
from aspromised.cli.answers.serving import BriefAnswer, ReviewedAnswer, ServiceAnswer
from aspromised.cli.answers.standing import (
    PeriodsAnswer,
    StatusLedgerAnswer,
    StoryAnswer,
    WhyAnswer,
    WhySpreadAnswer,
)
from aspromised.cli.answers.tonight import TonightAnswer
from aspromised.cli.answers.writing import (
    CertificateAnswer,
    CheckedFileAnswer,
    DisputeAnswer,
    EventAnswer,
    SignOffAnswer,
    VerifiedAnswer,
)

ANSWERS: dict[str, TypeAdapter[Any]] = {
    answer.__name__: TypeAdapter(answer)
    for answer in (
        StatusLedgerAnswer, PeriodsAnswer, WhyAnswer, WhySpreadAnswer, StoryAnswer, GapsAnswer, LaunchesAnswer, ChangesAnswer, HandoffsAnswer, ServiceAnswer, TonightAnswer, BriefAnswer, ReviewedAnswer, RefreshAnswer, CheckAnswer,
        DiffAnswer, SignOffAnswer, DisputeAnswer, EventAnswer, VerifiedAnswer, CertificateAnswer, CheckedFileAnswer,
    )
}  # fmt: skip
"""What reads and describes each answer, by its name."""


class _Untitled(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def answers_schema() -> dict[str, Any]:
    """Return the JSON Schema of all answers, each under its name in `$defs`."""
    named = [(name, "validation", adapter) for name, adapter in ANSWERS.items()]
    _, schema = TypeAdapter.json_schemas(named, schema_generator=_Untitled)  # type: ignore[arg-type]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What AsPromised's commands answer",
        **schema,
    }


def answers_document() -> str:
    """Return the page: each command's answer, then what answers are made of, a table of keys each."""
    parts = answers_schema()["$defs"]
    inner = [name for name in parts if name not in ANSWERS]
    introduction = Path(__file__).with_name("json.md").read_text(encoding="utf-8").rstrip()
    return "\n".join([introduction, "", *(_section(name, parts[name]) for name in [*ANSWERS, *inner])])


def _section(name: str, part: dict[str, Any]) -> str:
    rows = [_row(key, each, key in part.get("required", ())) for key, each in part["properties"].items()]
    head = [f"## {name}", "", part.get("description", ""), ""]
    return "\n".join([*head, "| key | value | null | what it says |", "|---|---|---|---|", *rows, ""])


def _row(key: str, part: dict[str, Any], is_always: bool) -> str:
    kinds = part.get("anyOf", [part])
    null = "may be" if {"type": "null"} in kinds else ""
    value = " or ".join(_kind(each) for each in kinds if each != {"type": "null"})
    told = part.get("description") or next(
        (each["description"] for each in kinds if "description" in each), ""
    )
    return f"| `{key}` | {value} | {null} | {told}{'' if is_always else ' (only where it applies)'} |"


def _kind(part: dict[str, Any]) -> str:
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in part:
        return ", ".join(f"`{each}`" for each in part["enum"])
    if part.get("type") == "array":
        items = part["items"]
        return f"list of {' or '.join(_kind(each) for each in items.get('anyOf', [items]))}"
    if isinstance(values := part.get("additionalProperties"), dict):
        return f"by name: {' or '.join(_kind(each) for each in values.get('anyOf', [values]))}"
    words = {"string": "text", "integer": "whole number", "object": "object", "boolean": "true or false"}
    return words.get(str(part.get("type")), str(part.get("type", "anything")))


if __name__ == "__main__":
    as_schema = json.dumps(answers_schema(), ensure_ascii=False, indent=2) + "\n"
    sys.stdout.write(as_schema if "--schema" in sys.argv else answers_document())
