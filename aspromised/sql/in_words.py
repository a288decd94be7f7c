"""What the database says of an author's SQL, in the words in which promises are written."""

import re
from collections.abc import Callable

from aspromised.sql.engine import EngineError

_KINDS = {
    **dict.fromkeys(("VARCHAR", "STRING_LITERAL"), "a text"),
    **dict.fromkeys(("BOOLEAN", "BOOL"), "true or false"),
    "DATE": "a day",
    "TIME": "a time of day",
    "INTERVAL": "a length of time",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_NS", "TIMESTAMP_S", "TIMESTAMP_MS"), "a moment"),
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"), "a number"),
    **dict.fromkeys(("DECIMAL", "FLOAT", "DOUBLE", "INTEGER_LITERAL", "INT8", "INT16", "INT32", "INT64", "INT128"), "a number"),
    **dict.fromkeys(("UINT8", "UINT16", "UINT32", "UINT64", "UINT128"), "a number"),
}  # fmt: skip
_WRITTEN = {
    "a day": "date '2026-01-31'",
    "a moment": "timestamp '2026-01-31 14:00:00'",
    "a time of day": "time '14:00:00'",
    "a length of time": "interval '2 days'",
    "a number": "1234.5",
    "true or false": "true",
}
"""How a value of each kind is written."""
_TYPE = r"[A-Z_0-9]+(?:\([\d, ]+\))?(?: WITH TIME ZONE)?"


def said_of(error: EngineError) -> str:
    """Return what does not fit, in our words where we know it, else the first line of what the database says without its heading."""
    said = str(error).strip().splitlines()[0]
    for pattern, told in _KNOWN:
        if found := pattern.search(said):
            return told(*found.groups())
    return _NAMED.sub(lambda found: kind_words(found[0]), said.partition("Error: ")[2] or said)


def kind_words(name: str) -> str:
    """Return a type of the database in words.

    >>> kind_words("DECIMAL(10,2)"), kind_words("TIMESTAMP WITH TIME ZONE"), kind_words("MAP")
    ('a number', 'a moment', 'MAP')
    """
    return _KINDS.get(name.partition("(")[0].strip(), name)


def _unlike(one: str, other: str) -> str:
    """Return in words that two types cannot be compared, and how to mend it.

    >>> _unlike("VARCHAR", "INTEGER_LITERAL")
    'it compares a text with a number: write both as the same kind, with cast(… as …)'
    """
    said = f"it compares {kind_words(one)} with {kind_words(other)}"
    if "INTERVAL" in (one, other):
        return f"{said}: write that as a length of time too, as in < interval '2 days'"
    return f"{said}: {_SAME}"


def _mixed(one: str, other: str) -> str:
    return f"it mixes {kind_words(one)} with {kind_words(other)}: {_SAME}"


def _refused(name: str, types: str) -> str:
    """Return that a function or sign does not take what it is given.

    >>> _refused("+", "TIMESTAMP WITH TIME ZONE, INTEGER_LITERAL")
    "'+' does not take a moment and a number: write a length of time as in + interval '2 days'"
    >>> _refused("upper", "INTEGER")
    'upper() does not take a number: write it as what it takes, with cast(… as …)'
    """
    given = [kind_words(each) for each in re.findall(_TYPE, types)]
    is_sign = not name[:1].isalpha()
    called = f"'{name}'" if is_sign else f"{name}()"
    said = f"{called} does not take {' and '.join(given) or 'nothing'}"
    if is_sign and {"a moment", "a day"} & set(given) and "a number" in given:
        return f"{said}: write a length of time as in {name} interval '2 days'"
    return f"{said}: {_SAME if is_sign else 'write it as what it takes, with cast(… as …)'}"


def _unreadable(kind: str) -> Callable[[str], str]:
    """Return what says of a text that it is no value of a kind."""
    none = "neither true nor false" if kind == "true or false" else f"not {kind}"
    return lambda text: f"'{text}' is {none}: write it as in {_WRITTEN[kind]}"


def _not_converted(text: str, name: str) -> str:
    kind = kind_words(name)
    return _unreadable(kind)(text) if kind in _WRITTEN else f"'{text}' is not {kind}"


def _no_cast(one: str, other: str) -> str:
    how = f": write it as in {_WRITTEN[kind]}" if (kind := kind_words(other)) in _WRITTEN else ""
    return f"{kind_words(one)} is not {kind}{how}"


_SAME = "write both as the same kind, with cast(… as …)"
_KNOWN: list[tuple[re.Pattern[str], Callable[..., str]]] = [
    (re.compile(rf"Cannot compare values of type ({_TYPE})[^\n]*? and type ({_TYPE})"), _unlike),
    (re.compile(rf"Cannot mix values of type ({_TYPE}) and ({_TYPE})"), _mixed),
    (re.compile(rf"Cannot combine types of ({_TYPE}) and ({_TYPE})"), _mixed),
    (re.compile(r"No function matches the given name and argument types '([^\s(]+)\((.*?)\)'\."), _refused),
    (re.compile(rf"Could not convert string [\"'](.*)[\"'] to ({_TYPE})"), _not_converted),
    (re.compile(rf"Unimplemented type for cast \(({_TYPE}) -> ({_TYPE})\)"), _no_cast),
    (re.compile(r'(?:invalid date field format|date field value out of range): "(.*?)"'), _unreadable("a day")),
    (re.compile(r'(?:invalid timestamp field format|timestamp field value out of range): "(.*?)"'), _unreadable("a moment")),
    (re.compile(r'(?:invalid time field format|time field value out of range): "(.*?)"'), _unreadable("a time of day")),
    (
        re.compile(r'Could not parse string "(.*)" according to format specifier "(.*)"'),
        "'{}' is not written as '{}' says".format,
    ),
]  # fmt: skip
_NAMED = re.compile(
    rf"\b(?:{'|'.join(sorted((re.escape(name) for name in _KINDS), key=len, reverse=True))})\b(?:\([\d, ]+\))?"
)
