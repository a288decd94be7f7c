"""One declared object from plain values, or what is wrong with it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from pydantic import ValidationError

from aspromised.declare.model import (
    Calendar,
    Capacity,
    Chain,
    Change,
    Company,
    Complaints,
    Connection,
    Correction,
    Costs,
    Declared,
    JudgedOn,
    Measure,
    Promise,
    Promotion,
    Ratings,
    Source,
    SpreadMeasure,
    meant_keys,
    measure_class,
)
from aspromised.declare.yaml.explain import Fault, faults

BY_ID: dict[str, type[Declared]] = {
    "calendars": Calendar,
    "promises": Promise,
    "promotions": Promotion,
    "chains": Chain,
    "capacity": Capacity,
    "corrections": Correction,
    "changes": Change,
    "connections": Connection,
    "sources": Source,
}
"""The top-level keys that hold objects by id."""

SINGLE: dict[str, type[Declared]] = {
    "company": Company,
    "complaints": Complaints,
    "ratings": Ratings,
    "costs": Costs,
    "engine": JudgedOn,
}
"""The top-level keys that hold one object."""

_NO_MEASURE = cast(Measure, SpreadMeasure.model_construct(spread_of="", across="", at_most=0.0))
"""Stands in for a measure that cannot be read, so that the rest of its promise is still checked."""

_KINDS_OF_MEASURE = (
    "'measure' does not tell its kind: give within, less_than or by (a clock), kept_when (a check),"
    " kept and total (counts), same and not_again_within (repeats), or spread_of (a spread)"
)


def read_object(kind: str, value: Any) -> tuple[Declared | None, list[Fault]]:
    """Return the object that `value` declares under the top-level key `kind`, and what is wrong with it."""
    model = BY_ID.get(kind) or SINGLE[kind]
    if model is Promise and isinstance(value, Mapping) and "measure" in value:
        return _promise(value)
    return _validated(model, value)


def _validated(model: type[Declared], value: Any) -> tuple[Declared | None, list[Fault]]:
    try:
        return model.model_validate(value, by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, faults(error, model)


def _promise(value: Mapping[str, Any]) -> tuple[Declared | None, list[Fault]]:
    measure, wrong = _measure(value["measure"])
    wrong = [replace(fault, path=("measure", *fault.path)) for fault in wrong]
    promise, others = _validated(Promise, {**value, "measure": measure or _NO_MEASURE})
    return (None if wrong else promise), wrong + others


def _measure(value: Any) -> tuple[Declared | None, list[Fault]]:
    if not isinstance(value, Mapping):
        return None, [Fault("wrong-type", "'measure' must be a mapping: {items: a source, …}")]
    kind = measure_class(value) or measure_class(meant_keys(value))
    if kind is None:
        return None, [Fault("no-kind", _KINDS_OF_MEASURE)]
    return _validated(kind, value)
