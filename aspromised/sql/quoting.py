"""Names and texts written safely into SQL."""

from collections.abc import Iterable


def name(identifier: str) -> str:
    """Return `identifier` quoted as a SQL name.

    >>> print(name('an "order" of mine'))
    "an ""order"" of mine"
    """
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: str) -> str:
    """Return `value` as a SQL string literal.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def literals(values: Iterable[str]) -> str:
    """Return `values` as a SQL list of string literals: "['a', 'b']"."""
    return "[" + ", ".join(literal(value) for value in values) + "]"


def names(columns: Iterable[str]) -> str:
    """Return columns as a list of SQL names: '"a", "b"'."""
    return ", ".join(name(column) for column in columns)


def source_table(source: str) -> str:
    """Return the name of the warehouse table that holds a source."""
    return f"source.{name(source)}"
