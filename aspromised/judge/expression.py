"""The guard: what an author may write in SQL, and nothing else.

A promise file is read on machines that hold customers' records, so an author's text is never run as it
stands. It is parsed, every node is looked up in a closed list, every column in the source's, and only the
tree goes on. A database's own locks cannot do this: a single scalar call such as `repeat('x', 2e9)` cannot be
interrupted once it runs.
"""

import re
from collections.abc import Collection, Mapping
from itertools import accumulate

from sqlglot import exp, parse
from sqlglot.errors import SqlglotError

from aspromised.judge.allowed import AGGREGATES, NOT_THE_PRESENT, QUERY_NODES, SCALAR_FUNCTIONS, SCALAR_NODES
from aspromised.words.problems import AsPromisedError, did_you_mean

MAX_CHARACTERS = 10_000
MAX_DEPTH = 60
MAX_NODES = 4_000


class ExpressionError(AsPromisedError):
    """An author's SQL that is refused; the message says what is allowed instead."""


def guard(text: str, columns: Collection[str]) -> exp.Expr:
    """Return `text` as a tree of one scalar expression over `columns`, quoted; ExpressionError where it is not.

    >>> print(guard("shipping = 'standard'", ["shipping"]).sql(dialect="duckdb"))
    "shipping" = 'standard'
    >>> guard("read_text('/etc/passwd') = ''", ["shipping"])
    Traceback (most recent call last):
    ...
    aspromised.judge.expression.ExpressionError: read_text() is not a function promises may use.
    """
    tree = _parse_one(text)
    if isinstance(tree, exp.Query | exp.Command | exp.DDL | exp.DML):
        raise ExpressionError("a whole statement stands where one expression is expected")
    for node in tree.walk():
        _allow(node, SCALAR_NODES, SCALAR_FUNCTIONS)
        if isinstance(node, exp.Column):
            _known_column(node, columns)
    return tree


def guard_query(
    text: str, tables: Mapping[str, Collection[str]] | Collection[str], parameters: Collection[str] = ()
) -> exp.Query:
    """Return `text` as a tree of one query that reads only `tables`; ExpressionError where it is not.

    `parameters` are the names that may stand behind a colon, such as `day` for `:day`.
    """
    tree = _parse_one(text)
    if not isinstance(tree, exp.Query):
        raise ExpressionError("only one select can stand here")
    known = {name.lower() for name in tables} | {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
    for node in tree.walk():
        _allow(node, SCALAR_NODES | QUERY_NODES, SCALAR_FUNCTIONS | AGGREGATES)
        if isinstance(node, exp.With) and node.recursive:
            raise ExpressionError("a recursive query is not allowed here")
        if isinstance(node, exp.Table):
            _known_table(node, known, tables)
        if isinstance(node, exp.Placeholder) and node.name not in parameters:
            raise ExpressionError(f"unknown parameter ':{node.name}'.{did_you_mean(node.name, parameters)}")
    return tree


def _parse_one(text: str) -> exp.Expr:
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(f"longer than {MAX_CHARACTERS:,} characters: move the work into a source's sql")
    if _depth(text) > MAX_DEPTH:
        raise ExpressionError(f"nested deeper than {MAX_DEPTH} parentheses")
    try:
        trees = parse(text, dialect="duckdb")
    except (SqlglotError, RecursionError) as error:
        raise ExpressionError(f"cannot be read as SQL{_where(error)}") from None
    if not any(trees):
        raise ExpressionError("empty expression" if not text.strip() else "cannot be read as SQL")
    if len(trees) != 1 or trees[0] is None:
        raise ExpressionError("one expression is expected, without ';'")
    if sum(1 for _ in trees[0].walk()) > MAX_NODES:
        raise ExpressionError("too long: move the work into a source's sql")
    return trees[0]


def _depth(text: str) -> int:
    steps = ((character in "([{") - (character in ")]}") for character in text)
    return max(accumulate(steps, initial=0))


def _where(error: Exception) -> str:
    details = getattr(error, "errors", None)
    if not details or not details[0].get("highlight"):
        return ""
    return f" near '{details[0]['highlight'][:40]}'"


def _allow(node: exp.Expr, nodes: Collection[type], functions: Collection[str]) -> None:
    if isinstance(node, exp.Func) and not isinstance(node, exp.Cast | exp.Case | exp.If | exp.Connector):
        _allow_function(node, functions)
    elif type(node) not in nodes:
        raise ExpressionError(f"{_words(type(node))} is not allowed here")


def _allow_function(node: exp.Func, functions: Collection[str]) -> None:
    name = node.name.lower() if isinstance(node, exp.Anonymous) else node.sql_name().lower()
    if name in NOT_THE_PRESENT:
        raise ExpressionError(
            f"{name} reads the present, and a verdict must not change with the hour it is computed: "
            "compare the item's own columns"
        )
    if name not in functions:
        raise ExpressionError(
            f"{name}() is not a function promises may use.{did_you_mean(name, functions, 0.8)}"
        )


def _words(node: type) -> str:
    return f"'{re.sub(r'(?<=[a-z])(?=[A-Z])', ' ', node.__name__).lower()}'"


def _known_column(node: exp.Column, columns: Collection[str]) -> None:
    if node.table:
        raise ExpressionError(f"write the column's name alone: '{node.name}', not '{node.sql()}'")
    if isinstance(node.this, exp.Star) or node.name.lower() not in {column.lower() for column in columns}:
        raise ExpressionError(f"unknown column '{node.name}'.{did_you_mean(node.name, columns)}")
    node.this.set("quoted", True)


def _known_table(node: exp.Table, known: Collection[str], tables: Collection[str]) -> None:
    if not isinstance(node.this, exp.Identifier) or node.args.get("db") or node.args.get("catalog"):
        raise ExpressionError(f"'{node.sql()[:60]}' is not a source; only declared sources can be read")
    if node.name.lower() not in known:
        raise ExpressionError(f"unknown source '{node.name}'.{did_you_mean(node.name, tables)}")
