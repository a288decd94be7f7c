"""Problems as a person, a program, GitHub or a code-scanning service reads them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any, Literal
from urllib.parse import quote

from aspromised.declare.load import problem_order
from aspromised.words.problems import Place, Problem, Severity
from aspromised.words.text import json_text, line, visible

Format = Literal["text", "json", "github", "sarif"]

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}
_GITHUB: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}


def report(problems: Iterable[Problem], format: Format = "text") -> str:
    """Return the problems in a format: errors first, each kind by place."""
    ordered = sorted(problems, key=lambda problem: (_ORDER[problem.severity], *problem_order(problem)))
    return {"text": problems_text, "json": problems_json, "github": github, "sarif": sarif}[format](ordered)


def problems_text(problems: Sequence[Problem]) -> str:
    """Return the problems with their line and a caret, and how many there are.

    >>> print(problems_text([Problem("unknown-key", "unknown key 'a'.", Place("promises/a.yaml", 1, 1), frame="1 | a: 1")]))
    promises/a.yaml:1:1: unknown key 'a'.
    1 | a: 1
    <BLANKLINE>
    1 error
    >>> print(problems_text([]))
    no problems
    """
    return "\n\n".join([*map(_text, problems), counts_by_severity(problems)])


def _text(problem: Problem) -> str:
    said = f"{problem.severity}: {problem.message}" if problem.severity != "error" else problem.message
    head = line(f"{problem.place}: {said}" if problem.place else said)
    return f"{head}\n{visible(problem.frame)}" if problem.frame else head


def counts_by_severity(problems: Iterable[Problem]) -> str:
    """Return how many problems of each severity there are: "2 errors, 1 note"; "no problems"."""
    found = Counter(problem.severity for problem in problems)
    named = [f"{found[each]} {each}{'' if found[each] == 1 else 's'}" for each in _ORDER if found[each]]
    return ", ".join(named) or "no problems"


def problems_json(problems: Sequence[Problem]) -> str:
    """Return {"problems": [{code, severity, message, path, line, column, frame}], "errors", "warnings", "notes"}."""
    found = Counter(problem.severity for problem in problems)
    totals = {f"{severity}s": found[severity] for severity in _ORDER}
    return json_text({"problems": [_row(problem) for problem in problems], **totals})


def _row(problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "path": place.path if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "frame": problem.frame,
    }


def github(problems: Sequence[Problem]) -> str:
    """Return one workflow command a problem, which GitHub shows beside the line."""
    return "\n".join(_command(problem) for problem in problems)


def _command(problem: Problem) -> str:
    where = _properties(problem.place) if problem.place else ""
    title = f"title={_escaped(problem.code, ',:')}"
    return f"::{_GITHUB[problem.severity]} {where}{title}::{_escaped(problem.message)}"


def _properties(place: Place) -> str:
    return f"file={_escaped(place.path, ',:')},line={place.line},col={place.column},"


def _escaped(words: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        words = words.replace(character, f"%{ord(character):02X}")
    return words


def sarif(problems: Sequence[Problem]) -> str:
    """Return a SARIF 2.1.0 log, which code-scanning services read."""
    rules = sorted({problem.code for problem in problems})
    driver = {
        "name": "aspromised",
        "version": version("aspromised"),
        "rules": [{"id": code, "name": code} for code in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem) for problem in problems],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json_text(log)


def _result(problem: Problem) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "level": problem.severity,
        "message": {"text": problem.message},
    }
    if place := problem.place:
        region = {"startLine": place.line, "startColumn": place.column}
        location = {"artifactLocation": {"uri": _uri(place.path)}, "region": region}
        result["locations"] = [{"physicalLocation": location}]
    return result


def _uri(path: str) -> str:
    return quote(path)
