"""Why a value does not fit its model, in our own words and placed by its way through the YAML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from aspromised.declare.workspace import KeyPath
from aspromised.words.problems import did_you_mean


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an object, at a way from its top; `at_key` points at the key, not the value."""

    code: str
    message: str
    path: KeyPath = ()
    at_key: bool = False
    key: str = ""
    """The key that is missing, or that an unknown one seems to mean."""
    choices: tuple[str, ...] = ()
    """The values it takes, where they are few."""


_MOST = 100
"""More faults of one object than this help nobody."""

TAGS = frozenset(
    (
        "<length>",
        "<item>",
        "<terms>",
        "<column>",
        "<named>",
        "<rows>",
        "<columns>",
        "<always>",
        "<days>",
        "<score>",
        "<pairs>",
    )
)
"""What the models call the members of their unions: part of pydantic's way to an error, not of the YAML."""

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list: [one, another]",
    "dict_type": "a mapping: {key: value}",
    "model_type": "a mapping: {key: value}",
    "model_attributes_type": "a mapping: {key: value}",
}


def faults(error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """Return what is wrong with a value of `model`, one fault for each thing to mend."""
    details = error.errors(include_url=False)[:_MOST]
    found = [_fault(dict(detail), model) for detail in details]
    misspelt = {(fault.path[:-1], fault.key) for fault in found if fault.code == "unknown-key"}
    return [
        fault for fault in found if fault.code != "missing-key" or (fault.path, fault.key) not in misspelt
    ]


def _fault(detail: dict[str, Any], model: type[BaseModel]) -> Fault:
    kind, last = detail["type"], detail["loc"][-1:]
    loc = (*(part for part in detail["loc"][:-1] if part not in TAGS), *last)
    if kind == "extra_forbidden":
        near = did_you_mean(str(loc[-1]), _keys(model, loc[:-1]))
        meant = near.split("'")[1] if near else ""
        return Fault("unknown-key", f"unknown key '{_short(loc[-1])}'.{near}", loc, True, meant)
    if kind == "missing":
        message = f"missing key '{loc[-1]}'{_meaning(model, loc)}"
        return Fault("missing-key", message, loc[:-1], key=str(loc[-1]))
    loc = tuple(part for part in loc if part not in TAGS)
    if kind in _KINDS:
        wanted = _example(kind, detail["input"], model, loc) or _KINDS[kind]
        return Fault("wrong-type", f"{_subject(loc)} must be {wanted}{_but(detail['input'])}", loc)
    if bound := _bound(detail):
        return Fault("bad-value", f"{_subject(loc)} must be {bound}, not {_short(detail['input'])}", loc)
    choices = tuple(_choices(detail)) if kind == "literal_error" else ()
    return Fault("bad-value", f"{_subject(loc)}: {_value_words(detail)}", loc, choices=choices)


def _example(kind: str, value: Any, model: type[BaseModel], loc: KeyPath) -> str:
    """Return what is to be written instead, as far as it can be read off what was written or what is needed."""
    holds_texts = _models_at(model, loc) == _models_at(model, loc[:-1])
    if kind == "list_type" and holds_texts and isinstance(value, str) and not set(value) & set("()[]{}:'\"#"):
        return f"a list: [{_short(', '.join(part.strip() for part in value.split(',')))}]"
    if kind == "list_type" and isinstance(value, Mapping):
        return "a list: put '- ' before the mapping, or [ ] around it"
    if kind in ("model_type", "model_attributes_type") and len(found := _models_at(model, loc)) == 1:
        fields = found[0].model_fields.items()
        needed = [info.alias or name for name, info in fields if info.is_required()]
        return f"a mapping: {{{', '.join(f'{name}: …' for name in needed)}}}" if needed else ""
    return ""


def _subject(loc: KeyPath) -> str:
    """Return the nearest key, quoted, with the number of a list's item.

    >>> _subject(("measure", "segments", 1))
    "'segments' item 2"
    """
    names = [place for place, part in enumerate(loc) if isinstance(part, str)]
    if not names:
        return "this"
    items = "".join(f" item {part + 1}" for part in loc[names[-1] :] if isinstance(part, int))
    return f"'{loc[names[-1]]}'{items}"


def _but(value: Any) -> str:
    if value is None:
        return ", but nothing is written here"
    if isinstance(value, bool):
        return f", not {str(value).lower()}: put it in quotes if text is meant"
    if isinstance(value, Mapping):
        return ", not a mapping"
    return ", not a list" if isinstance(value, list) else f", not '{_short(value)}'"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _bound(detail: dict[str, Any]) -> str | None:
    limits = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    context = detail.get("ctx", {})
    return next((f"{words} {context[limit]}" for limit, words in limits.items() if limit in context), None)


def _value_words(detail: dict[str, Any]) -> str:
    context = detail.get("ctx", {})
    if detail["type"] == "value_error":
        return str(context["error"])
    if detail["type"] == "literal_error":
        return _one_of(str(detail["input"]), _choices(detail))
    return f"'{_short(detail['input'])}' is not a value this key takes"


def _choices(detail: dict[str, Any]) -> list[str]:
    expected = detail["ctx"]["expected"].replace(" or ", ", ")
    return [part.strip().strip("'") for part in expected.split(",")]


def _one_of(written: str, choices: list[str]) -> str:
    known_as = _KNOWN_AS.get(written.lower())
    near = f" Did you mean '{known_as}'?" if known_as in choices else did_you_mean(written, choices)
    only = choices[0] if len(choices) == 1 else f"one of {', '.join(choices)}"
    return f"'{_short(written)}' is not {only}.{near}"


_KNOWN_AS = {
    **dict.fromkeys(("string", "str", "varchar", "char"), "text"),
    **dict.fromkeys(("int", "bigint", "smallint", "int64"), "integer"),
    **dict.fromkeys(("float", "double", "decimal", "numeric", "real"), "number"),
    **dict.fromkeys(("bool", "bit"), "boolean"),
    "datetime": "timestamp",
}
"""What others call the types of columns."""


def _meaning(model: type[BaseModel], loc: KeyPath) -> str:
    for candidate in _models_at(model, loc[:-1]):
        for name, info in candidate.model_fields.items():
            if (info.alias or name) == loc[-1] and info.description:
                return f" ({_uncapitalised(info.description).rstrip('.')})"
    return ""


def _keys(model: type[BaseModel], loc: KeyPath) -> list[str]:
    found = _models_at(model, loc)
    return [info.alias or name for each in found for name, info in each.model_fields.items()]


def _models_at(model: type[BaseModel], loc: KeyPath) -> list[type[BaseModel]]:
    """Return the models that may stand at `loc` in a value of `model`."""
    here = [model]
    for part in loc:
        inside = [
            inner
            for each in here
            for name, info in each.model_fields.items()
            if (info.alias or name) == part
            for inner in _models_in(info.annotation)
        ]
        here = inside or here
    return here


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _uncapitalised(sentence: str) -> str:
    """Return the sentence as it goes on inside another; abbreviations stay as they are.

    >>> _uncapitalised("The team that says it."), _uncapitalised("SQL boolean.")
    ('the team that says it.', 'SQL boolean.')
    """
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]
