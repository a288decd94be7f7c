"""The reference of the YAML, written from the models: docs/yaml-reference.md."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aspromised.declare.objects import BY_ID, SINGLE
from aspromised.declare.publish.schema import json_schema
from aspromised.declare.rules.notyet import NOT_JUDGED_YET

Schema = dict[str, Any]

_INTRODUCTION = Path(__file__).with_name("reference.md")
_PLAIN = {"integer": "whole number", "number": "number", "boolean": "true or false", "string": "text"}


def reference() -> str:
    """Return the reference as Markdown: an introduction, the top-level keys, and a table an object."""
    schema = json_schema()
    objects = [_object(name, schema["$defs"][name]) for name in _in_order(schema)]
    introduction = _INTRODUCTION.read_text(encoding="utf-8").rstrip()
    return "\n".join([introduction, "", _not_yet(), _top_level(), *objects])


def _not_yet() -> str:
    head = "Declared, read and checked, and `aspromised check` notes where they stand:"
    rows = [f"- {row.words}" for row in NOT_JUDGED_YET]
    return "\n".join(["## Not judged yet", "", head, "", *rows, ""])


def _in_order(schema: Schema) -> list[str]:
    """Return the names of the objects as a reader meets them, following the keys from the top."""
    met: dict[str, None] = {}

    def meet(part: Any) -> None:
        for name in _references(part):
            if name not in met:
                met[name] = None
                meet(schema["$defs"][name])

    for key in ("company", "calendars", "promises", "promotions"):
        meet(schema["properties"][key])
    meet(schema["properties"])
    return list(met)


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"].rpartition("/")[2]
        for each in part.values():
            yield from _references(each)
    elif isinstance(part, list):
        for each in part:
            yield from _references(each)


def _top_level() -> str:
    rows = [
        f"| `{key}` | by id: {_link(model.__name__)} | {_first_line(model)} |" for key, model in BY_ID.items()
    ]
    rows += [f"| `{key}` | {_link(model.__name__)} | {_first_line(model)} |" for key, model in SINGLE.items()]
    return "\n".join(["## Top-level keys", "", "| key | holds | what it is |", "|---|---|---|", *rows, ""])


def _first_line(model: type) -> str:
    return (model.__doc__ or "").splitlines()[0]


def _object(name: str, schema: Schema) -> str:
    required = schema.get("required", [])
    rows = [_row(key, each, key in required) for key, each in schema["properties"].items()]
    head = [f"## {_heading(name)}", "", schema["description"], ""]
    return "\n".join([*head, "| key | value | default | what it is |", "|---|---|---|---|", *rows, ""])


def _row(key: str, schema: Schema, required: bool) -> str:
    default = "**required**" if required else _default(schema.get("default"))
    return f"| `{key}` | {_kind(schema)} | {default} | {schema['description'].replace('|', chr(92) + '|')} |"


def _default(value: Any) -> str:
    if value in (None, [], {}):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if not isinstance(value, list) else f"`{value}`".replace("'", '"')


def _kind(schema: Schema) -> str:
    """Return what may be written for a key, in words."""
    for union in ("anyOf", "oneOf"):
        if union in schema:
            kinds = [_kind(each) for each in schema[union] if each.get("type") != "null"]
            return " or ".join(dict.fromkeys(kinds))
    if "$ref" in schema:
        return _link(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "examples" in schema:
        return "as in " + " or ".join(f"`{each}`" for each in schema["examples"])
    return _kind_of_type(schema)


def _kind_of_type(schema: Schema) -> str:
    written = schema["type"]
    if written == "array":
        return f"list of: {_kind(schema['items'])}"
    if written == "object":
        return f"mapping to: {_kind(schema['additionalProperties'])}"
    return _PLAIN["string" if isinstance(written, list) else written]


def _heading(name: str) -> str:
    """Return a model's name as a heading.

    >>> _heading("ClockMeasure")
    'Clock measure'
    """
    words = re.findall("[A-Z][a-z]*", name)
    return " ".join([words[0], *(word.lower() for word in words[1:])])


def _link(name: str) -> str:
    heading = _heading(name)
    return f"[{heading.lower()}](#{heading.lower().replace(' ', '-')})"


if __name__ == "__main__":
    print(reference(), end="")
