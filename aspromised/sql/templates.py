"""Trees from readable SQL: templates with holes, and operations of ours with one rendering a dialect.

A template is parsed once; its holes (`:name`) take trees, never text. An operation is written as a function
named `ap_…`; `render` replaces it by DuckDB's own words, `sql.on_spark` by Spark's, since a plain transpilation would
silently change its meaning (see docs/decisions/0001-judging-is-a-tree.md).
"""

from collections.abc import Sequence
from functools import cache

from sqlglot import exp, parse_one

from aspromised.sql.dialects.duckdb import DUCKDB_WORDS

Hole = exp.Expr | str | int | float | None


def tree(template: str, **holes: Hole) -> exp.Expr:
    """Return the template as a tree, with each `:name` replaced by its hole (a tree or a literal).

    >>> tree("case when :a < 3 then :b end", a=exp.column("x"), b="late").sql()
    "CASE WHEN x < 3 THEN 'late' END"
    """
    whole = _parsed(template).copy()
    for hole in list(whole.find_all(exp.Placeholder)):
        if hole.name in holes:
            value = holes[hole.name]
            filled = wrapped(value.copy() if isinstance(value, exp.Expr) else exp.convert(value))
            if hole is whole:
                return filled
            hole.replace(filled)
    return whole


def render(query: exp.Expr, pretty: bool = True) -> str:
    """Return the query in DuckDB's words; KeyError names an operation that has none there."""

    whole = exp.paren(query.copy(), copy=False)
    for node in [n for n in whole.walk() if isinstance(n, exp.Anonymous) and n.name.startswith("ap_")][::-1]:
        node.replace(wrapped(tree(DUCKDB_WORDS[node.name], a=node.expressions[0])))
    text: str = whole.this.pop().sql(dialect="duckdb", pretty=pretty, copy=False)
    return text


def text(value: str) -> str:
    """Return SQL for a text."""
    return exp.convert(value).sql(dialect="duckdb")


def quoted(name: str) -> exp.Column:
    """Return a column of that name, quoted."""
    return exp.column(exp.to_identifier(name, quoted=True))


def identifier(name: str) -> str:
    """Return a name quoted for SQL text, whatever characters it has.

    >>> print(identifier('a "b" c'))
    "a ""b"" c"
    """
    text: str = exp.to_identifier(name, quoted=True).sql(dialect="duckdb")
    return text


def first_match(branches: Sequence[tuple[exp.Expr, Hole]], otherwise: Hole) -> exp.Expr:
    """Return a case of the branches; just `otherwise` where there are none.

    What never holds is left out, what always does ends it, and neighbours that say the same are one.

    >>> first_match([(exp.column("a"), 1)], 2).sql()
    'CASE WHEN a THEN 1 ELSE 2 END'
    >>> first_match([(exp.column("a"), 1), (exp.false(), 3), (exp.column("b"), 1), (exp.true(), 2), (exp.column("c"), 4)], 5).sql()
    'CASE WHEN a OR b THEN 1 ELSE 2 END'
    """
    last = otherwise if isinstance(otherwise, exp.Expr) else exp.convert(otherwise)
    found: list[tuple[list[exp.Expr], exp.Expr]] = []
    for condition, value in branches:
        said = value if isinstance(value, exp.Expr) else exp.convert(value)
        if condition == exp.true():
            last = said
            break
        if found and found[-1][1] == said:
            found[-1][0].append(condition)
        elif condition != exp.false():
            found.append(([condition], said))
    if not found:
        return last
    case = exp.Case()
    for conditions, said in found:
        case.when(exp.or_(*conditions, copy=False), said, copy=False)
    return case.else_(last, copy=False)


@cache
def _parsed(template: str) -> exp.Expr:
    return without_places(parse_one(template, dialect="duckdb"))


def without_places(parsed: exp.Expr) -> exp.Expr:
    """Return a tree that was read, without where in its text each node stood: every copy would copy that."""
    for node in parsed.walk():
        node._meta = None
    return parsed


def wrapped(node: exp.Expr) -> exp.Expr:
    """Return the node in parentheses where it might bind looser than what is around it."""
    return exp.paren(node, copy=False) if isinstance(node, exp.Binary | exp.Unary | exp.Connector) else node
