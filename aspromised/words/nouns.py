"""What items are called: the name of their source where it is one plain plural, else items."""

import re
from typing import NamedTuple

_PLURAL = re.compile(r"[a-z]{3,}s")
_NOT_PLURAL = ("ss", "us", "is")
_ES = ("sses", "shes", "ches", "xes", "zes")


class Noun(NamedTuple):
    """A thing that is counted, one of it and many."""

    one: str
    many: str


def item_noun(source: str | None) -> Noun:
    """Return what the items of `source` are called.

    >>> item_noun("orders").one, item_noun("deliveries").one, item_noun("boxes").one, item_noun("invoices").one
    ('order', 'delivery', 'box', 'invoice')
    >>> item_noun("store_counts").many, item_noun("ae").many, item_noun("status").many, item_noun(None).many
    ('items', 'items', 'items', 'items')
    """
    if not isinstance(source, str) or not _PLURAL.fullmatch(source) or source.endswith(_NOT_PLURAL):
        return Noun("item", "items")
    if source.endswith("ies"):
        return Noun(f"{source[:-3]}y", source)
    return Noun(source[:-2] if source.endswith(_ES) else source[:-1], source)


def plural_of(noun: str) -> str:
    """Return the plural of a plain noun.

    >>> plural_of("region"), plural_of("category"), plural_of("branch"), plural_of("part of day"), plural_of("day")
    ('regions', 'categories', 'branches', 'parts of day', 'days')
    """
    first, of, rest = noun.partition(" of ")
    if of:
        return f"{plural_of(first)} of {rest}"
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(s|sh|ch|x|z)$", noun) else f"{noun}s"
