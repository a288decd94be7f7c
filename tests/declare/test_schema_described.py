"""The schema an editor shows says of every key what it means."""

from collections.abc import Iterator
from typing import Any

from aspromised.declare.publish.schema import json_schema


def undescribed(part: Any, at: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        for name, each in part.get("properties", {}).items():
            if isinstance(each, dict) and not each.get("description", "").strip():
                yield f"{at}/{name}"
        for name, each in part.items():
            yield from undescribed(each, f"{at}/{name}")
    elif isinstance(part, list):
        for number, each in enumerate(part):
            yield from undescribed(each, f"{at}/{number}")


def test_every_key_is_described() -> None:
    assert list(undescribed(json_schema())) == []
