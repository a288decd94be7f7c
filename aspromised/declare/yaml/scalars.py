"""What a plain (unquoted) YAML scalar means: YAML 1.2's core types, and nothing guessed beyond them.

`NO`, `1:30`, `2026-01-01` and `0123` stay the text the author wrote.
"""

import re

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"[-+]?([0-9]*\.[0-9]+|[0-9]+\.?)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_CONSTANTS: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

Scalar = str | int | float | bool | None


class WrittenInteger(int):
    """A whole number that reads as text the way it was written, where text is wanted."""

    written: str

    def __str__(self) -> str:
        return self.written


class WrittenNumber(float):
    """A number that reads as text the way it was written, where text is wanted: 2.10 stays '2.10'."""

    written: str

    def __str__(self) -> str:
        return self.written


def plain_scalar(text: str) -> Scalar:
    """Return the value of an unquoted scalar.

    >>> plain_scalar("NO"), plain_scalar("1:30"), plain_scalar("0123"), plain_scalar("true")
    ('NO', '1:30', '0123', True)
    >>> plain_scalar("12") + 1, plain_scalar("2.5") * 2
    (13, 5.0)
    >>> str(plain_scalar("2.10"))
    '2.10'
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if len(text) > 40 or _LEADING_ZERO.match(text):
        return text
    if _INTEGER.fullmatch(text):
        whole = WrittenInteger(text)
        whole.written = text
        return whole
    if _NUMBER.fullmatch(text):
        number = WrittenNumber(text)
        number.written = text
        return number
    return text
