"""Declared values as a reader says them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from aspromised.declare.model import Declared
from aspromised.words import figures

SHARES = frozenset({"target", "kept_at_least", "headroom_at_least"})
"""Fields that hold a share."""

_NOTHING = "nothing"
_LONGEST = 120


def said(value: Any, field: str = "") -> str:
    """Return a value in words, on one line and not too long.

    >>> said(0.95, "target"), said(None), said(["tv", "checkout"]), said(date(2026, 3, 1)), said({"a": True})
    ('95 %', 'nothing', 'tv, checkout', '1 Mar 2026', 'a: yes')
    """
    words = " ".join(_said(value, field).split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _said(value: Any, field: str) -> str:
    if value is None or value in ([], {}):
        return _NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _number(value, field)
    if isinstance(value, datetime):
        return figures.moment(value)
    if isinstance(value, date):
        return figures.day(value)
    if isinstance(value, Declared):
        return _said(given(value), field)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_said(each, str(key))}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_said(each, field) for each in value)
    return str(value)


def _number(value: float, field: str) -> str:
    if field in SHARES:
        return figures.target(value)
    if field == "demand":
        return f"{100 * value:+g} %".replace("-", figures.MINUS)
    return f"{value:g}"


def given(declared: Declared) -> dict[str, Any]:
    """Return what an object declares, by the names authors write, without what is left at its default."""
    fields = type(declared).model_fields
    return {
        field.alias or name: value
        for name, field in fields.items()
        if (value := getattr(declared, name)) != field.get_default(call_default_factory=True)
    }
