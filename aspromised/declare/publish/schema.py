"""The JSON Schema of the YAML, from which editors complete keys and underline mistakes."""

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from aspromised.declare.model import Declared
from aspromised.declare.objects import BY_ID, SINGLE

SCHEMA_FILE = "aspromised.schema.json"
"""What the schema is called in a workspace; the first line of each YAML file points editors to it."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _AsWritten(GenerateJsonSchema):
    """Text may be written without quotes also where it looks like a number."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        plain = super().str_schema(schema)
        return {**plain, "type": ["string", "number"]} if plain == {"type": "string"} else plain


def json_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) of a whole file: every top-level key, none required."""
    models: list[type[Declared]] = [*BY_ID.values(), *SINGLE.values()]
    _, made = models_json_schema(
        [(model, "validation") for model in models], by_alias=True, schema_generator=_AsWritten
    )
    definitions = {name: _tidy(each) for name, each in made["$defs"].items() if name != "Length"}
    by_id = {key: _by_id(model) for key, model in BY_ID.items()}
    single = {
        key: {"description": _first_line(model), "$ref": f"#/$defs/{model.__name__}"}
        for key, model in SINGLE.items()
    }
    return {
        "$schema": _DIALECT,
        "title": "AsPromised",
        "description": "Promises, and the records they are judged by.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": by_id | single,
        "$defs": definitions,
    }


def schema_text() -> str:
    """Return the schema as it is written to a file."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def _first_line(model: type[Declared]) -> str:
    return (model.__doc__ or "").splitlines()[0]


def _by_id(model: type[Declared]) -> dict[str, Any]:
    return {
        "description": f"By id. {_first_line(model)}",
        "type": ["object", "null"],
        "additionalProperties": {"$ref": f"#/$defs/{model.__name__}"},
    }


def _tidy(schema: Any) -> Any:
    """Return a schema without what editors make nothing of: titles, and defaults that say nothing."""
    if isinstance(schema, list):
        return [_tidy(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "properties" in schema:
        properties = {key: _tidy(each) for key, each in schema["properties"].items()}
        rest = {key: each for key, each in schema.items() if key != "properties"}
        return {**_tidy(rest), "properties": properties}
    return {key: _tidy(each) for key, each in schema.items() if not _says_nothing(key, each)}


def _says_nothing(key: str, value: Any) -> bool:
    return key == "title" or (key == "default" and value in (None, []))
