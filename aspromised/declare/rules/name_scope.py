"""Which table a name means where it stands: a common table expression in scope, or a source."""

from collections.abc import Collection, Iterator

from sqlglot import exp

SCHEMA = "source"
"""The schema of the warehouse that holds the sources."""


def to_sources(
    node: exp.Expr, sources: Collection[str], in_scope: frozenset[str] = frozenset()
) -> Iterator[exp.Table]:
    """Name every source a query reads as the warehouse names it, and yield the tables that are none.

    A common table expression is known to those after it and to the query it belongs to, and nowhere else.

    >>> from sqlglot import parse_one
    >>> query = parse_one("select * from (with a as (select 1) select * from a) as b, a, orders", dialect="duckdb")
    >>> [table.sql() for table in to_sources(query, ["orders"])]
    ['a']
    >>> query.find(exp.Select).args["joins"][1].sql(dialect="duckdb")
    ', "source"."orders" AS "orders"'
    """
    defined = node.args.get("with_")
    for each in defined.expressions if defined else ():
        yield from to_sources(each.this, sources, in_scope)
        in_scope |= {each.alias_or_name.lower()}
    if isinstance(node, exp.Table):
        yield from _named(node, sources, in_scope)
    for child in node.iter_expressions():
        if child is not defined:
            yield from to_sources(child, sources, in_scope)


def _named(table: exp.Table, sources: Collection[str], in_scope: frozenset[str]) -> Iterator[exp.Table]:
    is_plain = isinstance(table.this, exp.Identifier) and not (
        table.args.get("db") or table.args.get("catalog")
    )
    if is_plain and table.name.lower() in in_scope:
        return
    source = next((each for each in sources if each.lower() == table.name.lower()), None)
    if source is None or not is_plain:
        yield table
        return
    if not table.alias:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name, quoted=True)))
    table.set("this", exp.to_identifier(source, quoted=True))
    table.set("db", exp.to_identifier(SCHEMA, quoted=True))
