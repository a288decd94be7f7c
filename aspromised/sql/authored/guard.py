"""The guard: what an author may write in SQL, and nothing else.

A promise file is read on machines that hold customers' records, so an author's text is never run as it
stands. It is parsed, every node is looked up in a closed list, every column in the source's, every table of a query in
the sources, and only the tree goes on, as `rendered` writes it. The connection it runs on is locked besides
(`sql.connect`); but a single scalar call cannot be interrupted, so what it may grow to is bounded here.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, lru_cache
from typing import Any

import duckdb
from sqlglot import exp
from sqlglot.errors import ErrorLevel

from aspromised.declare.rules.name_scope import outside, to_sources
from aspromised.sql.authored.allowlist import (
    AGGREGATES,
    NOT_THE_PRESENT,
    OF_THE_ENGINE,
    QUERY_NODES,
    ROW_NUMBER,
    SCALAR_FUNCTIONS,
    SCALAR_NODES,
    TYPES,
    WORDS,
)
from aspromised.sql.authored.cells import bounded, burden
from aspromised.sql.authored.fanout import refuse_fanout
from aspromised.sql.authored.growth import MAX_GROWTH, MAX_MATCHED, Sizes
from aspromised.sql.authored.nothing import as_moments, holding_nothing
from aspromised.sql.authored.parse import NOT_AGAIN, STUMBLES, ExpressionError, parse_again, parse_text
from aspromised.sql.authored.patterns import allow_pattern
from aspromised.sql.limits import TEXT
from aspromised.sql.templates import without_places
from aspromised.words.names import folded
from aspromised.words.problems import did_you_mean

MAX_TOGETHER = 5
"""How many times what one expression may make and match all those may that stand in one statement."""


def guard(text: str, columns: Collection[str] | None) -> exp.Expr:
    """Return `text` as a tree of one scalar expression over `columns`, quoted; ExpressionError where it is not.

    With no columns known (None), any name may be one.

    >>> print(rendered(guard("shipping = 'standard'", ["shipping"])))
    "shipping" = 'standard'
    >>> guard("read_text('/etc/passwd') = ''", ["shipping"])
    Traceback (most recent call last):
    ...
    aspromised.sql.authored.parse.ExpressionError: read_text() is not a function promises may use.
    """
    if isinstance(columns, Mapping):
        return _guarded(text, tuple(columns.items()), is_typed=True).copy()
    return _guarded(text, None if columns is None else tuple(columns)).copy()


@lru_cache(maxsize=1024)
def _guarded(text: str, known: tuple[Any, ...] | None, is_typed: bool = False) -> exp.Expr:
    """Return the tree of `guard`, over columns (with their types, where those are known): each promise asks for it again."""
    columns: Collection[str] | None = dict(known or ()) if is_typed else known
    tree = parse_text(text)
    if isinstance(tree, exp.Query | exp.Command | exp.DDL | exp.DML):
        raise ExpressionError("a whole statement stands where one expression is expected")
    with _foreseen():
        _allow_all(tree, SCALAR_NODES, SCALAR_FUNCTIONS)
        for column in tree.find_all(exp.Column):
            _known_column(column, columns)
        again = _read_back(tree)
        _allow_all(again, SCALAR_NODES, SCALAR_FUNCTIONS)
        return without_places(bounded(as_moments(again, holding_nothing(columns or ()))))


def guard_query(
    text: str, tables: Mapping[str, Collection[str]] | Collection[str], parameters: Collection[str] = ()
) -> exp.Query:
    """Return `text` as a tree of one query that reads only `tables`, each named as the warehouse names it: source."orders".

    `parameters` are the names that may stand behind a colon, such as `day` for `:day`. ExpressionError says why not.
    """
    tree = parse_text(text)
    if not isinstance(tree, exp.Query):
        raise ExpressionError("only one select can stand here")
    with _foreseen():
        _allow_shape(tree, parameters)
        for unknown in to_sources(tree, tables):
            raise ExpressionError(_no_source(unknown, tables))
        _allow_all(tree, SCALAR_NODES | QUERY_NODES, SCALAR_FUNCTIONS | AGGREGATES)
        again = _read_back(tree)
        _allow_all(again, SCALAR_NODES | QUERY_NODES, SCALAR_FUNCTIONS | AGGREGATES)
        assert isinstance(again, exp.Query), "what is read back is what was written"
        for unknown in outside(again, tables):
            raise ExpressionError(_no_source(unknown, tables))
        _allow_names(again, tables)
        refuse_fanout(again, tables)
        query = bounded(as_moments(again, _holding_nothing(again, tables)))
    assert isinstance(query, exp.Query), "what is read back is what was written"
    return query


def _holding_nothing(query: exp.Query, tables: Mapping[str, Collection[str]] | Collection[str]) -> set[str]:
    """Return the columns that hold nothing in every table of a query that has one of that name."""
    read = {table.name for table in query.find_all(exp.Table)}
    held = [each for name, each in tables.items() if name in read] if isinstance(tables, Mapping) else []
    filled = [{folded(name) for name in each} - holding_nothing(each) for each in held]
    return set().union(*map(holding_nothing, held)) - set().union(*filled)


def guard_together(texts: Iterable[str]) -> None:
    """Raise ExpressionError where expressions that stand in one statement, each allowed, make or match too much together.

    One that is no expression is told by `guard`.
    """
    made = matched = 0
    for text in texts:
        with suppress(ExpressionError), _foreseen():
            grown, held = burden(parse_text(text))
            made, matched = made + grown, matched + held
    if made > MAX_TOGETHER * MAX_GROWTH or matched > MAX_TOGETHER * MAX_MATCHED:
        raise ExpressionError(
            f"too many of its expressions make long texts or match them: at most {MAX_TOGETHER} of those that do it most. "
            "Read less, as in left(note, 200)"
        )


def _allow_shape(tree: exp.Query, parameters: Collection[str]) -> None:
    """Quote every name; refuse recursion and parameters that are none."""
    for node in tree.walk():
        if isinstance(node, exp.With) and node.recursive:
            raise ExpressionError("a recursive query is not allowed here")
        if isinstance(node, exp.Placeholder) and node.name not in parameters:
            raise ExpressionError(f"unknown parameter ':{node.name}'.{did_you_mean(node.name, parameters)}")
        if isinstance(node, exp.Identifier):
            node.set("quoted", True)


@contextmanager
def _foreseen() -> Iterator[None]:
    """Raise what is raised over a text that no one thought of as an error of its author's."""
    try:
        yield
    except RecursionError:
        raise ExpressionError("too long: move the work into a source's sql") from None
    except STUMBLES as error:
        said = f"{type(error).__name__}: {str(error)[:60]}"
        raise ExpressionError(f"cannot be read ({said}): write it in simpler words") from error


def _allow_names(query: exp.Query, tables: Mapping[str, Collection[str]] | Collection[str]) -> None:
    """Refuse names that the database answers by itself where no table has a column of that name."""
    read = {table.name for table in query.find_all(exp.Table) if table.db}
    held = [tables[name] for name in read] if isinstance(tables, Mapping) else []
    has_row_number = all(ROW_NUMBER in map(folded, columns) for columns in held if columns)
    joined = [each for join in query.find_all(exp.Join) for each in join.args.get("using") or ()]
    for column in [*query.find_all(exp.Column), *joined]:
        name = folded(column.name)
        if name in OF_THE_ENGINE and not column.text("table"):
            raise ExpressionError(
                f"'{column.name}' is the database's own word, for the hour or for who asks: "
                f"where it is a column, write which table's, as in orders.{column.name}"
            )
        if name == ROW_NUMBER and not has_row_number:
            raise ExpressionError(
                f"'{column.name}' is the database's own number of a row, which changes from load to load: name a column"
            )


def rendered(tree: exp.Expr) -> str:
    """Return the SQL of an author's tree, ExpressionError where reading it again would give another tree or more than it.

    Every word of an author's that reaches the database is written here.
    """
    sql = _written(tree)
    if parse_again(sql) != tree or not _is_one_select(sql, isinstance(tree, exp.Query)):
        raise ExpressionError(NOT_AGAIN)
    return sql


def _read_back(tree: exp.Expr) -> exp.Expr:
    """Return the tree that the database will read: the parser changes some words for others on the way out."""
    again = parse_again(_written(tree))
    rendered(again)
    return again


def _written(tree: exp.Expr) -> str:
    """Return the SQL of a tree; what the database has no words for raises an error, where it would be left out."""
    try:
        return tree.sql(dialect="duckdb", comments=False, unsupported_level=ErrorLevel.RAISE)
    except STUMBLES:
        raise ExpressionError(NOT_AGAIN) from None


def _is_one_select(sql: str, is_query: bool) -> bool:
    """Return whether the database itself reads one select, and nothing after or before it."""
    whole = sql if is_query else f"select ({sql})"
    try:
        statements = _parser().extract_statements(whole.replace(":day", "$day") if is_query else whole)
    except duckdb.Error:
        return False
    return [statement.type for statement in statements] == [duckdb.StatementType.SELECT]


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"enable_external_access": False, "lock_configuration": True, "threads": 1})


_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)


def _allow_all(tree: exp.Expr, nodes: Collection[type], functions: Collection[str]) -> None:
    for node in tree.walk():
        _allow(node, nodes, functions)
        allow_pattern(node)
        for place, word in _bare_words(node):
            _allow_word(node, place, word)
    if (size := Sizes(tree).made) > MAX_GROWTH:
        raise ExpressionError(
            f"could make texts of {size:,} bytes out of {TEXT:,}: at most {MAX_GROWTH:,} are allowed"
        )


def _allow(node: exp.Expr, nodes: Collection[type], functions: Collection[str]) -> None:
    if isinstance(node, exp.Func) and not isinstance(node, exp.Cast | exp.Case | exp.If | exp.Connector):
        _allow_function(node, functions)
    elif isinstance(node, exp.Alias) and exp.Alias not in nodes:
        raise ExpressionError(
            f"'{node.alias}' stands behind a value with nothing between them: a length of time is written interval '2 days',"
            " a text in single quotes"
        )
    elif isinstance(node, exp.In) and node.args.get("field"):
        raise ExpressionError(f"what stands behind 'in' is in parentheses: in ({node.args['field'].sql()})")
    elif isinstance(node, exp.EQ | exp.NEQ | exp.GT | exp.GTE | exp.LT | exp.LTE) and _is_with_null(node):
        raise ExpressionError("nothing is equal to null, nor other than it: write 'is null' or 'is not null'")
    elif type(node) not in nodes:
        raise ExpressionError(f"{_words(type(node))} is not allowed here")
    if isinstance(node, exp.DataType):
        _allow_type(node)
    if isinstance(node, exp.Literal) and not node.is_string and not _NUMBER.fullmatch(node.name):
        raise ExpressionError(f"'{node.name}' is not a number")


def _is_with_null(node: exp.Expr) -> bool:
    return isinstance(node.this, exp.Null) or isinstance(node.expression, exp.Null)


def _bare_words(node: exp.Expr) -> Iterator[tuple[str, object]]:
    """Yield what a node holds that is neither a node nor quoted when it is printed."""
    for place, held in node.args.items():
        for each in held if isinstance(held, list) else [held]:
            if each is not None and not isinstance(each, exp.Expr | bool):
                yield place, each


def _allow_word(node: exp.Expr, place: str, word: object) -> None:
    if (type(node), place) in _QUOTED or (isinstance(word, exp.DType) and word in TYPES):
        return
    if isinstance(node, exp.Anonymous) and place == "this":
        return  # the name of a function, looked up in the list
    if str(word).upper() not in WORDS.get((type(node), place), ()):
        known = ": write a unit such as second, minute, hour, isodow, day or year"
        meant = known if isinstance(node, exp.Var) else ""
        raise ExpressionError(f"'{str(word)[:40]}' is not a word that can stand here{meant}")


_QUOTED = {(exp.Literal, "this"), (exp.Identifier, "this"), (exp.Placeholder, "this")}
"""What is printed between quotation marks, or looked up by name."""


def _allow_type(node: exp.DataType) -> None:
    """Refuse types but the built-in ones; a decimal's precision and scale, a text's length are plain numbers."""
    if node.this not in TYPES:
        raise ExpressionError(f"'{node.sql()[:40]}' is not a type that can be cast to: {_TYPES_IN_WORDS}")
    for parameter in node.expressions:
        number = parameter.this if isinstance(parameter, exp.DataTypeParam) else None
        if not isinstance(number, exp.Literal) or not number.is_int or parameter.expression is not None:
            raise ExpressionError("the size of a type is a whole number, as in decimal(10, 2)")


_TYPES_IN_WORDS = (
    "cast to text, integer, bigint, double, decimal, boolean, date, time, timestamp or timestamptz"
)


def function_name(node: exp.Func) -> str:
    """Return the name by which the list of what is allowed knows a function: the parser's, which may be another than DuckDB's."""
    return (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()


def _allow_function(node: exp.Func, functions: Collection[str]) -> None:
    name = function_name(node)
    if name in NOT_THE_PRESENT:
        raise ExpressionError(
            f"{name} reads the present, and a verdict must not change with the hour it is computed: "
            "compare the item's own columns"
        )
    if name not in functions:
        said, instead = _WRITTEN_AS.get(name, (f"{name}()", did_you_mean(name, functions, 0.8)))
        raise ExpressionError(f"{said} is not a function promises may use.{instead}")
    if isinstance(node, exp.Replace) and node.args.get("replacement") is None:
        raise ExpressionError(
            "replace() takes three values: a text, what is sought in it, and what to put there"
        )


_WRITTEN_AS = {
    "array_overlaps": ("'&&'", " Write 'and'"),
    "isnull": ("isnull()", " Write 'x is null'"),
    "ifnull": ("ifnull()", " Write coalesce(x, y)"),
    "nvl": ("nvl()", " Write coalesce(x, y)"),
    "len": ("len()", " Write length(x)"),
}
"""What authors know by another name, and what is read as a function though none was written."""


def _words(node: type) -> str:
    return f"'{re.sub(r'(?<=[a-z])(?=[A-Z])', ' ', node.__name__).lower()}'"


def _known_column(node: exp.Column, columns: Collection[str] | None) -> None:
    if node.table:
        raise ExpressionError(f"write the column's name alone: '{node.name}', not '{node.sql()}'")
    known = columns is None or folded(node.name) in set(map(folded, columns))
    if isinstance(node.this, exp.Star) or not known:
        near = did_you_mean(node.name, columns or ())
        raise ExpressionError(f"unknown column '{node.name}'.{near or _perhaps_a_text(node)}")
    node.this.set("quoted", True)


def _perhaps_a_text(node: exp.Column) -> str:
    """Return that a word beside a comparison may have been meant as a text, which stands in quotes."""
    beside = isinstance(node.parent, exp.EQ | exp.NEQ | exp.In) and node.arg_key != "this"
    return f" A text stands in single quotes: '{node.name}'" if beside else ""


def _no_source(table: exp.Table, tables: Collection[str]) -> str:
    if not isinstance(table.this, exp.Identifier) or table.args.get("db") or table.args.get("catalog"):
        return f"'{table.sql()[:60]}' is not a source; only declared sources can be read"
    return f"unknown source '{table.name}'.{did_you_mean(table.name, tables)}"
