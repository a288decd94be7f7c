r"""When two columns are the same: as the database compares names, whatever surrounds them and however letters are composed.

>>> is_same("Café ", "CAFe\u0301")
True
"""

import re
from collections.abc import Iterable
from unicodedata import normalize

from aspromised.words.names import folded

_AROUND = re.compile(r"^[\s\ufeff\u200b]+|[\s\ufeff\u200b]+$")
"""Blanks around a name, and the marks without a width that exports leave there."""


def column_name(written: str) -> str:
    r"""Return a column's name without blanks and marks around it, each letter one character.

    >>> column_name("\ufeff id ")
    'id'
    """
    return _AROUND.sub("", normalize("NFC", written))


def column_key(written: str) -> str:
    """Return what is equal of two names if they name the same column."""
    return folded(column_name(written))


def is_same(one: str, other: str) -> bool:
    """Return whether two names name the same column."""
    return column_key(one) == column_key(other)


def spelled(columns: Iterable[str]) -> dict[str, str]:
    """Return each column once by its key, as it is spelled first.

    >>> spelled(["id", "At", "at"])
    {'id': 'id', 'at': 'At'}
    """
    found: dict[str, str] = {}
    for column in columns:
        found.setdefault(column_key(column), column)
    return found
