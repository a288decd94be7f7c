"""The YAML parser's complaints in plain words."""

from typing import Any

import yaml

_WORDS = {
    "tab character": "a tab cannot indent here: use spaces",
    "mapping values are not allowed": "a second ': ' on one line: put the text in quotes",
    "did not find expected key": "this line is not indented like the lines before it",
    "expected <block end>": "this line is not indented like the lines before it",
    "did not find expected '-'": "this line is not indented like the list before it",
    "could not find expected ':'": "a key without ':' after it",
    "incompatible YAML document": "the %YAML line names a version that is not read here: remove it",
    "unknown escape": "an unknown escape in double quotes: use single quotes, or write \\\\ for \\",
    "undefined tag handle": "a value begins with '!': put the text in quotes",
    "tag": "a value begins with '!': put the text in quotes",
    "alphabetic or numeric": "a value begins with '&' or '*': put the text in quotes",
    "document start": "text after the end of the document",
}
_OPENED = {
    "quoted scalar": "this quote is not closed",
    "flow sequence": "this '[' is not closed, or a ',' is missing",
    "flow mapping": "this '{' is not closed, or a ',' is missing",
}


def plain_words(error: yaml.YAMLError, lines: list[str]) -> tuple[str, Any]:
    """Return what is wrong, and the mark (line and column from 0) where, or None where that is not known."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or ""
    context = getattr(error, "context", None) or ""
    opened = getattr(error, "context_mark", None)
    for words, message in _OPENED.items():
        if words in context and opened and "escape" not in problem:
            return message, opened
    if "cannot start any token" in problem and mark:
        return _odd_character(lines, mark), mark
    if mark and (message := _of_the_line(problem, lines, mark)):
        return message, mark
    for words, message in _WORDS.items():
        if words in problem or words in context:
            return message, mark
    return "this is not YAML", mark


def _of_the_line(problem: str, lines: list[str], mark: Any) -> str:
    """Return what the line itself gives away: it is indented too far, or a quote ends in the middle of its text."""
    line = lines[mark.line] if mark.line < len(lines) else ""
    before, after = line[: mark.column], line[mark.column :]
    if "mapping values" in problem and ":" not in before and before.strip().isidentifier():
        return (
            "this line is indented further than the line before it, which has its value already: line it up"
        )
    is_block = "expected <block end>" in problem or "did not find expected key" in problem
    if is_block and before.endswith("'") and after[:1].isalnum():
        return "the quote ends here: in single quotes an apostrophe is written twice (''), or put the text in double quotes"
    return ""


def _odd_character(lines: list[str], mark: Any) -> str:
    line = lines[mark.line] if mark.line < len(lines) else ""
    character = line[mark.column] if mark.column < len(line) else ""
    if character == "\t":
        return _WORDS["tab character"]
    return f"text cannot begin with '{character}': put it in quotes" if character else "this is not YAML"
