"""Which sources a query of an author reads, and which stand behind it."""

from collections.abc import Collection, Iterable, Mapping

from sqlglot import exp

from aspromised.declare.model import Source
from aspromised.declare.rules.name_scope import SCHEMA, to_sources
from aspromised.sql.authored.parse import ExpressionError, parse_text


def reads(text: str, sources: Collection[str]) -> list[str]:
    """Return the sources that a query reads, sorted; empty where it cannot be parsed (the guard says why)."""
    try:
        tree = parse_text(text)
    except ExpressionError:
        return []
    list(to_sources(tree, sources))  # which names them; what is no source, the guard refuses
    return sorted(
        {table.name for table in tree.find_all(exp.Table) if table.db == SCHEMA and table.name in sources}
    )


def read_through(sources: Mapping[str, Source], names: Iterable[str]) -> tuple[str, ...]:
    """Return these sources and all that the views among them read, however many stand between; sorted."""
    found, left = set[str](), list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            view = sources[name].sql if name in sources else None
            left += reads(view, sources) if view else []
    return tuple(sorted(found))
