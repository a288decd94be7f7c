"""Names as the database compares them."""

import string

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(name: str) -> str:
    """Return a name as the database compares it: A to Z are a to z, and no other letter is another's equal.

    >>> folded("Orders"), folded("\\u212aüche") == folded("küche")
    ('orders', False)
    """
    return name.translate(_LOWER)
