"""The literals of the cell tagged `parameters`: what a reader of the notebook may change."""

import ast
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal

from aspromised.notebook.cells import Cell, Notebook
from aspromised.notebook.choices import CHOOSERS, DEFAULTS, EVERY, Choice
from aspromised.notebook.runner import PARAMETERS
from aspromised.store.snapshot import Snapshot

ParameterKind = Literal["choice", "choices", "toggle", "integer", "number", "text", "link"]

_CHOICES = re.compile(r"#\s*choices:\s*(?P<list>.+)$")
_FEW = 12
"""How many choices are all listed."""
_REQUIRED = re.compile(r"#\s*required\b")
_LINKED = re.compile(r"#\s*by links\b")
"""Written behind a literal that links and marks change: it stands in the address and has no control."""


@dataclass(frozen=True)
class Parameter:
    """One name a reader may set: its default, the kind of control, and the choices where they are closed."""

    name: str
    default: Any
    kind: ParameterKind
    choices: tuple[Choice, ...] = ()
    required: bool = False
    """Whether a choice must be made: written `# required` behind the literal; then "" is not offered."""

    @property
    def label(self) -> str:
        """The name as readers see it."""
        return self.name.replace("_", " ").capitalize()

    @property
    def values(self) -> list[str]:
        """The values to choose from."""
        return [choice.value for choice in self.choices]


def declared_parameters(notebook: Notebook) -> list[Parameter]:
    """Return the parameters of `notebook` in their order; choices the snapshot knows are not yet filled in.

    >>> cell = Cell("code", "month = ''\\ntop = 10\\nhow = 'a'  # choices: a, b", "x.py", 1, frozenset({PARAMETERS}))
    >>> [(p.name, p.kind, p.values) for p in declared_parameters(Notebook(None, (cell,)))]
    [('month', 'choice', []), ('top', 'integer', []), ('how', 'choice', ['a', 'b'])]
    """
    return [found for cell in notebook.code if PARAMETERS in cell.tags for found in _of(cell)]


def _of(cell: Cell) -> list[Parameter]:
    """None where the cell cannot be parsed: the run shows that error in its place."""
    try:
        body = ast.parse(cell.source).body
    except SyntaxError:
        return []
    lines = cell.source.splitlines()
    found = [_parameter(node, lines[(node.end_lineno or 1) - 1]) for node in body]
    return [parameter for parameter in found if parameter]


def _parameter(node: ast.stmt, line: str) -> Parameter | None:
    named = _assignment(node)
    if not named:
        return None
    name, value = named
    listed = _CHOICES.search(line)
    choices = (
        tuple(Choice(word.strip(), word.strip()) for word in listed["list"].split(",")) if listed else ()
    )
    kind = "link" if _LINKED.search(line) and isinstance(value, str) else _kind(name, value, bool(choices))
    return Parameter(name, value, kind, choices, bool(_REQUIRED.search(line))) if kind else None


def _assignment(node: ast.stmt) -> tuple[str, Any] | None:
    """`name = literal`, with or without a type."""
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    if len(targets) != 1 or not isinstance(targets[0], ast.Name) or getattr(node, "value", None) is None:
        return None
    try:
        return targets[0].id, ast.literal_eval(node.value)  # type: ignore[attr-defined]
    except ValueError:
        return None


def _kind(name: str, value: Any, listed: bool) -> ParameterKind | None:
    if isinstance(value, list):
        return "choices" if all(isinstance(one, str) for one in value) else None
    if name in CHOOSERS or listed:
        return "choice"
    kinds: dict[type, ParameterKind] = {bool: "toggle", int: "integer", float: "number", str: "text"}
    return kinds.get(type(value))


def resolve(parameter: Parameter, snapshot: Snapshot, chosen: Mapping[str, Any]) -> Parameter:
    """Return `parameter` with its choices from `snapshot` and a default that is one of them.

    `chosen` are the values of the parameters before it: the segments to choose from are the promise's.
    """
    if parameter.name in CHOOSERS and parameter.kind != "link":
        return _with_choices(parameter, CHOOSERS[parameter.name](snapshot, chosen), snapshot, chosen)
    if parameter.kind == "choices" and not parameter.choices:
        return replace(parameter, choices=tuple(Choice(word, word) for word in parameter.default))
    return parameter


def _with_choices(
    parameter: Parameter, choices: list[Choice], snapshot: Snapshot, chosen: Mapping[str, Any]
) -> Parameter:
    every = EVERY.get(parameter.name)
    if every and choices and not parameter.default and not parameter.required:
        choices = [Choice("", every), *choices]
    may_be_none = any(choice.value == "" for choice in choices)
    chooser = None if parameter.default or may_be_none else DEFAULTS.get(parameter.name)
    wanted = chooser(snapshot, chosen) if chooser else parameter.default
    values = [choice.value for choice in choices]
    default = wanted if wanted in values else values[0] if values else ""
    return replace(parameter, choices=tuple(choices), default=default)


def read_value(parameter: Parameter, text: str) -> Any:
    """Return what `text` of a URL or a command line means for `parameter`; ValueError says what it may be.

    >>> read_value(Parameter("top", 10, "integer"), "25")
    25
    >>> read_value(Parameter("how", "a", "choice", (Choice("a", "a"),)), "z")
    Traceback (most recent call last):
    ...
    ValueError: how cannot be 'z': choose one of a
    """
    match parameter.kind:
        case "toggle":
            return _toggle(parameter, text)
        case "integer":
            return _number(parameter, text, int, "a whole number")
        case "number":
            return _number(parameter, text, float, "a number")
        case "choices":
            return [_one_of(parameter, word) for word in text.split(",") if word]
        case "choice":
            return _one_of(parameter, text)
        case "text" | "link":
            return text


def _number(parameter: Parameter, text: str, kind: Callable[[str], float], words: str) -> float:
    try:
        value = kind(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{parameter.name} cannot be '{text}': write {words}")
    return value


def _toggle(parameter: Parameter, text: str) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.lower() not in words:
        raise ValueError(f"{parameter.name} cannot be '{text}': write true or false")
    return words[text.lower()]


def _one_of(parameter: Parameter, text: str) -> str:
    if text not in parameter.values:
        raise ValueError(f"{parameter.name} cannot be '{text}': choose {_choosable(parameter, text)}")
    return text


def _choosable(parameter: Parameter, text: str) -> str:
    """Return what may be chosen instead, in words: all where they are few, else a span of months or the nearest.

    >>> _choosable(Parameter("month", "", "choice", tuple(Choice(f"2026-{n:02}", "") for n in range(1, 10))), "x")
    'a month from 2026-01 to 2026-09'
    """
    values = [value for value in parameter.values if value]
    if parameter.name == "month" and values:
        return f"a month from {min(values)} to {max(values)}"
    if len(values) <= _FEW:
        return f"one of {', '.join(values)}"
    near = get_close_matches(text, values, n=5, cutoff=0.2) or values[:5]
    return f"one of {len(values)}, such as {', '.join(near)}"


def write_value(value: Any) -> str:
    """Return `value` as `read_value` reads it.

    >>> write_value(True), write_value(["a", "b"]), write_value(25)
    ('true', 'a,b', '25')
    """
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else str(value)
