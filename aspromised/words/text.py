"""Text that came from rows, files and authors, made text again for where it goes: one function a surface.

| surface | function |
|---|---|
| HTML: pages, tables, alt text, paper | `html`; our own sentences, which name commands: `html_with_code` |
| a label that Streamlit reads as Markdown | `label` |
| Markdown on GitHub | `comment` |
| CSV | `cell` |
| a terminal | `line` (one line), `lines` (several), `json_text` |
"""

import html as _html
import json
import re
from math import isfinite
from typing import Any

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves a cursor, colours a terminal, or turns the figures that follow around: no text needs it."""

_FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*( ?%)?")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"}
_MARKS = re.compile(r"(?i)[&<>|\\`*_\[\]~!$@#]|(https?|ftp|mailto|xmpp)(?=:)|www(?=\.)|\bgh(?=-\d)")


def visible(text: str) -> str:
    r"""Return text whose control characters and direction overrides can be seen; line breaks and tabs stay.

    >>> visible("a\x1b[31mb\u202ec")
    'a\\x1b[31mb\\u202ec'
    """
    return _UNSEEN.sub(lambda found: _written(found[0]), text)


def _written(letter: str) -> str:
    return f"\\x{ord(letter):02x}" if ord(letter) < 256 else f"\\u{ord(letter):04x}"


def html(text: str) -> str:
    """Return text as HTML, for between tags and in quoted attributes.

    >>> html('<b> "x"')
    '&lt;b&gt; &quot;x&quot;'
    """
    return _html.escape(visible(text))


def html_with_code(text: str) -> str:
    """Return text as HTML, what stands between backticks as code.

    >>> html_with_code("run `a <b>` & look")
    'run <code>a &lt;b&gt;</code> &amp; look'
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html(text))


def label(text: str) -> str:
    r"""Return text that Streamlit's Markdown shows as it is.

    >>> label("![x](y) :red[z] $a$")
    '\\!\\[x\\](y) \\:red\\[z\\] \\$a\\$'
    """
    return re.sub(r"([\\`*_\[\]<>|&$:~!#@.+=^-])", r"\\\1", line(text))


def comment(text: str) -> str:
    """Return text that GitHub's Markdown shows as it is, on one line: no link, no mention, no cell of its own.

    GitHub looks for names, issues and addresses after it has read the entities, so what makes them is parted by a comment.

    >>> comment("*all* | <b>")
    '\\\\*all\\\\* &#124; &lt;b&gt;'
    >>> comment("@team #12 https://x.y www.x.y")
    '@<!-- -->team \\\\#<!-- -->12 https<!-- -->://x.y www<!-- -->.x.y'
    """
    return _MARKS.sub(lambda found: _unmarked(found[0]), line(text))


def _unmarked(mark: str) -> str:
    if mark in _ENTITIES:
        return _ENTITIES[mark]
    return f"\\{mark}" if mark in "\\`*_[]~!$" else f"{mark}<!-- -->".replace("#", r"\#")


def cell(value: Any) -> Any:
    """Return a value of a CSV file; words that a spreadsheet would run as a formula begin with an apostrophe.

    >>> [cell(v) for v in ("=1+1", "-13.7", "-x", " @a", -13.7, "a")]
    ["'=1+1", '-13.7', "'-x", "' @a", -13.7, 'a']
    """
    if not isinstance(value, str) or not _FORMULA.match(value) or _NUMBER.fullmatch(value):
        return value
    return f"'{value}"


def line(text: str) -> str:
    r"""Return text as one line of a terminal.

    >>> line("a\nb\x1b]8;;")
    'a b\\x1b]8;;'
    """
    return visible(re.sub(r"\s*[\t\r\n\v\f\x85\u2028\u2029]+\s*", " ", text))


def lines(text: str) -> str:
    r"""Return text of several lines for a terminal; what follows the first is indented, so that it cannot pass for ours.

    >>> lines("what\nframe")
    'what\n  frame'
    """
    first, *rest = visible(text.replace("\r\n", "\n")).split("\n")
    return "\n".join([first, *(f"  {each}" if each else "" for each in rest)])


def json_text(value: Any) -> str:
    """Return a value as JSON that a terminal shows as it is: what cannot be seen is escaped, the value is the same.

    What is no number, and what has no end, is null: JSON knows neither.

    >>> json_text([float("nan"), float("-inf"), 0.5]).split()
    ['[', 'null,', 'null,', '0.5', ']']
    """
    told = json.dumps(_known(value), indent=2, ensure_ascii=False, allow_nan=False)
    return re.sub(
        "[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", told
    )


def _known(value: Any) -> Any:
    """Return a value with None for every number in it that is none or has no end."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {name: _known(each) for name, each in value.items()}
    return [_known(each) for each in value] if isinstance(value, list | tuple) else value
