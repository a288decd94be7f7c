"""Which sources a query of an author reads."""

from collections.abc import Collection

from sqlglot import exp

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
