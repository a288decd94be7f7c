"""What may be written for good: names and notes that everybody can read."""

import unicodedata

from aspromised.words.problems import AsPromisedError

NAME, NOTE = 200, 2000
"""How many letters a name, and a note, may have."""
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and signs, to Unicode, that show nothing."""


def refuse_odd(name: str, word: str, most: int = NAME) -> None:
    """Raise AsPromisedError where a word of an event cannot be read, or not at a glance.

    >>> refuse_odd("who", "Ann 2")
    >>> refuse_odd("who", "\u3164")
    Traceback (most recent call last):
    aspromised.words.problems.AsPromisedError: '\\u3164' cannot be who: write it on one line, in letters that can be read
    """
    if not word.strip():
        raise AsPromisedError(f"an event needs to say {name}")
    if len(word) > most:
        raise AsPromisedError(f"{name} is {len(word):,} letters long: say it in {most:,} at most")
    if not word.isprintable() or not _BLANKS.isdisjoint(word) or not any(map(_is_seen, word)):
        raise AsPromisedError(
            f"{word[:60]!a} cannot be {name}: write it on one line, in letters that can be read"
        )


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LN"
