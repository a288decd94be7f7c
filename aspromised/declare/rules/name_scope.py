"""Which table a name means where it stands: a common table expression in scope, or a source."""

from collections.abc import Collection, Iterator

from sqlglot import exp

from aspromised.words.names import folded

SCHEMA = "source"
"""The schema of the warehouse that holds the sources."""


def to_sources(node: exp.Expr, sources: Collection[str]) -> Iterator[exp.Table]:
    """Name every source a query reads as the warehouse names it, and yield the tables that are none.

    A common table expression is known to those after it and to the query it belongs to, and nowhere else.

    >>> from sqlglot import parse_one
    >>> query = parse_one("select * from (with a as (select 1) select * from a) as b, a, orders", dialect="duckdb")
    >>> [table.sql() for table in to_sources(query, ["orders"])]
    ['a']
    >>> query.find(exp.Select).args["joins"][1].sql(dialect="duckdb")
    ', "source"."orders" AS "orders"'
    """
    for table in _tables(node, frozenset()):
        source = next((each for each in sources if folded(each) == folded(table.name)), None)
        if source is None or not _is_plain(table):
            yield table
        else:
            _name(table, source)


def outside(node: exp.Expr, sources: Collection[str]) -> Iterator[exp.Table]:
    """Yield the tables of a query that are neither common table expressions in scope nor named as the warehouse names sources."""
    for table in _tables(node, frozenset()):
        is_source = table.db == SCHEMA and not table.catalog and table.name in sources
        if not is_source or not isinstance(table.this, exp.Identifier):
            yield table


def _tables(node: exp.Expr, in_scope: frozenset[str]) -> Iterator[exp.Table]:
    """Yield the tables of a query that are no common table expression where they stand."""
    defined = node.args.get("with_")
    for each in defined.expressions if defined else ():
        yield from _tables(each.this, in_scope)
        in_scope |= {folded(each.alias_or_name)}
    if isinstance(node, exp.Table) and not (_is_plain(node) and folded(node.name) in in_scope):
        yield node
    for child in node.iter_expressions():
        if child is not defined:
            yield from _tables(child, in_scope)


def _is_plain(table: exp.Table) -> bool:
    """Return whether a table is a name alone."""
    return isinstance(table.this, exp.Identifier) and not (table.args.get("db") or table.args.get("catalog"))


def _name(table: exp.Table, source: str) -> None:
    if not table.alias:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name, quoted=True)))
    table.set("this", exp.to_identifier(source, quoted=True))
    table.set("db", exp.to_identifier(SCHEMA, quoted=True))
