"""Spark's words for the judge's trees: each operation by name, each node looked up in a closed list, nothing transpiled in hope.

What a tree means is DuckDB's meaning. Where Spark reads the same words otherwise they are changed here (`_REWRITES`); what
neither list knows is refused by its name. The session has the zone UTC, ANSI arithmetic, and no variables in its SQL.
"""

import re
from collections.abc import Callable, Mapping
from itertools import count
from zlib import crc32

from sqlglot import exp
from sqlglot.errors import ErrorLevel

from aspromised.sql.dialects.spark import OWN, SPARK_WORDS
from aspromised.sql.templates import tree, wrapped
from aspromised.words.problems import AsPromisedError

Macros = Mapping[str, tuple[str, exp.Expr]]
"""Function → its parameter and its body: local days, which are no functions on Spark but stand in full where they are called."""


class NotOnSparkError(AsPromisedError):
    """Something that has no rendering on Spark, by its name."""


def spark_sql(query: exp.Expr, macros: Macros, pretty: bool = False) -> str:
    """Return the query in Spark's words; NotOnSparkError names what has none there."""
    whole = exp.paren(query.copy(), copy=False)
    _expand(whole, macros)
    for node in list(whole.walk()):
        _allow(node)
    for select in list(whole.find_all(exp.Select)):
        _join_lookups(select)
    for star in list(whole.find_all(exp.Star)):
        _spell_out(star)
    for node in list(whole.walk(bfs=False))[::-1]:
        if rewrite := _REWRITES.get(type(node)):
            rewrite(node)
    _name_own(whole)
    return str(whole.this.pop().sql(dialect="spark", pretty=pretty, unsupported_level=ErrorLevel.RAISE))


def view_of(schema: str, table: str) -> str:
    """Return the name of the temporary view that stands for a table of a schema: Spark keeps such views in none.

    >>> view_of("source", "orders")
    'source_orders'

    Such a name is of letters and digits; one with other signs is told from others by a number.
    """
    if re.fullmatch(r"[a-z][a-z0-9_]*", table):
        return f"{schema}_{table}"
    return f"{schema}_{re.sub(r'[^A-Za-z0-9]', '_', table)}_{crc32(table.encode()):08x}"


def _expand(whole: exp.Expr, macros: Macros) -> None:
    """Replace operations and local days by what they mean, until none is left."""
    while True:
        calls = [n for n in whole.find_all(exp.Anonymous) if n.name in SPARK_WORDS or _macro(n, macros)]
        if not calls:
            return
        for node in calls[::-1]:
            if template := SPARK_WORDS.get(node.name):
                meant = tree(template, a=node.expressions[0])
            else:
                parameter, body = macros[_macro(node, macros)]
                meant = _applied(body, parameter, node.expressions[0])
            node.replace(wrapped(meant))


def _macro(node: exp.Anonymous, macros: Macros) -> str:
    name = node.name.lower().removeprefix("ap_")
    return name if name in macros else ""


def _applied(body: exp.Expr, parameter: str, value: exp.Expr) -> exp.Expr:
    whole = exp.paren(body.copy())
    for column in list(whole.find_all(exp.Column)):
        if column.name == parameter and not column.table:
            column.replace(wrapped(value.copy()))
    return whole


_NODES: frozenset[type] = frozenset({
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Order, exp.Ordered, exp.Having, exp.Limit,
    exp.Union, exp.With, exp.CTE, exp.Subquery, exp.Table, exp.TableAlias, exp.Alias, exp.Star,
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Tuple, exp.DataType,
    exp.Window, exp.WindowSpec, exp.Distinct,
    exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Case, exp.If, exp.Cast, exp.TryCast,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.DPipe, exp.Like,
    exp.Sum, exp.Count, exp.Min, exp.Max, exp.LogicalOr, exp.Lead, exp.RowNumber,
    exp.Coalesce, exp.Replace, exp.Greatest, exp.Least, exp.Abs, exp.Floor, exp.Ln, exp.Round, exp.Trunc,
})  # fmt: skip
_TYPES = frozenset({
    exp.DType.BIGINT, exp.DType.INT, exp.DType.DOUBLE, exp.DType.VARCHAR, exp.DType.TEXT, exp.DType.BOOLEAN,
    exp.DType.DATE, exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ,
})  # fmt: skip


def _allow(node: exp.Expr) -> None:
    if isinstance(node, exp.Anonymous):
        if not node.name.startswith(OWN):
            raise NotOnSparkError(f"`{node.name.lower()}` has no rendering on spark")
    elif type(node) not in _NODES:
        raise NotOnSparkError(f"`{type(node).__name__.lower()}` has no rendering on spark")
    if isinstance(node, exp.DataType) and node.this not in _TYPES:
        raise NotOnSparkError(f"the type `{node.sql().lower()}` has no rendering on spark")


def _join_lookups(select: exp.Select) -> None:
    """Make a left join of each lookup among the columns: Spark has no subquery whose columns are another query's.

    A lookup is `(select … from table where its_key = …)` of one row at most: the calendars' own tables.
    """
    numbers = count(1)
    for inner in [each for each in select.find_all(exp.Subquery) if _is_lookup(each, select)]:
        query, alias = inner.this, f"looked_up_{next(numbers)}"
        where, (value,) = query.args["where"].this, query.expressions
        assert isinstance(where, exp.EQ), "a lookup goes by one key"
        own = _LOOKED_UP
        for part in (where.this, *value.find_all(exp.Column)):
            if isinstance(part, exp.Column) and part.name in own and not part.table:
                part.set("table", exp.to_identifier(alias))
        table = query.args["from_"].this
        on = exp.EQ(this=where.this.copy(), expression=where.expression.copy())
        select.join(exp.alias_(table.copy(), alias, table=True), on=on, join_type="left", copy=False)
        inner.replace(wrapped(value.unalias().copy()))


_LOOKED_UP = ("slot", "is_open", "cum_us")


def _is_lookup(node: exp.Subquery, select: exp.Select) -> bool:
    if not isinstance(node.this, exp.Select) or node.parent_select is not select:
        return False
    return not isinstance(node.parent, exp.From | exp.Join) and node.this.args.get("where") is not None


def _divide(node: exp.Expr) -> None:
    """DuckDB's division is of doubles, whatever is divided."""
    for key in ("this", "expression"):
        node.set(key, exp.cast(node.args[key], exp.DType.DOUBLE))


def _truncate(node: exp.Expr) -> None:
    node.replace(tree("case when :a >= 0 then floor(:a) else -floor(-:a) end", a=node.this))


def _one_of(node: exp.Expr) -> None:
    """Spark's greatest and least take two values or more; like DuckDB's they pass nulls by."""
    if not node.expressions:
        node.replace(node.this)


def _spell_out(node: exp.Expr) -> None:
    """Name the columns that a star with `replace`, or one beside `using`, stands for: Spark has no such star."""
    column = node.parent if isinstance(node.parent, exp.Column) else node
    select = column.parent
    if not isinstance(select, exp.Select):
        return  # count(*)
    table = column.table if isinstance(column, exp.Column) else ""
    replaced = {each.alias: each for each in node.args.get("replace") or []}
    merged = _merged(select)
    if not replaced and not (table and merged):
        return
    spelled = [
        replaced.get(name) or _named(name, "" if name in merged else table)
        for name in _stands_for(select, table)
    ]
    place = next(n for n, each in enumerate(select.expressions) if each is column)
    select.set("expressions", [*select.expressions[:place], *spelled, *select.expressions[place + 1 :]])


def _named(name: str, table: str) -> exp.Expr:
    return exp.column(exp.to_identifier(name, quoted=True), table or None)


def _merged(select: exp.Select) -> set[str]:
    """Return the columns that `using` makes one of two: they are of no table any more."""
    joins = select.args.get("joins") or []
    return {name.name for join in joins for name in join.args.get("using") or []}


def _stands_for(select: exp.Select, table: str) -> list[str]:
    """Return the names of the columns of a select's tables, or of the one of that name."""
    tables = [select.args["from_"].this, *(join.this for join in select.args.get("joins") or [])]
    chosen = [each for each in tables if not table or each.alias_or_name == table]
    return list(dict.fromkeys(name for each in chosen for name in _columns(each)))


def _columns(table: exp.Expr) -> list[str]:
    """Return the names of the columns of a step, or of a query in brackets."""
    query = table.this if isinstance(table, exp.Subquery) else _step(table)
    while isinstance(query, exp.SetOperation):
        query = query.this
    assert isinstance(query, exp.Select), "only steps are read by a star"
    found: list[str] = []
    for each in query.expressions:
        if each.is_star:
            found += _stands_for(query, each.table if isinstance(each, exp.Column) else "")
        else:
            found.append(each.alias_or_name)
    return found


def _step(table: exp.Expr) -> exp.Expr:
    """Return the query of the step that a table names."""
    within = table.parent_select
    while within is not None:
        for step in within.ctes:
            if step.alias == table.name:
                query: exp.Expr = step.this
                return query
        within = within.parent_select
    raise NotOnSparkError(f"`*` of `{table.name}` has no rendering on spark")


def _round(node: exp.Expr) -> None:
    """A product becomes the nearest whole number; Spark's cast would leave off its part."""
    if node.args["to"].this in (exp.DType.BIGINT, exp.DType.INT) and isinstance(node.this.unnest(), exp.Mul):
        node.set("this", tree("spark_rint(cast(:a as double))", a=node.this))


_REWRITES: Mapping[type, Callable[[exp.Expr], None]] = {
    exp.Div: _divide,
    exp.Cast: _round,
    exp.Trunc: _truncate,
    exp.Greatest: _one_of,
    exp.Least: _one_of,
}


def _name_own(whole: exp.Expr) -> None:
    """Give functions and tables the names that Spark knows them by."""
    for call in whole.find_all(exp.Anonymous):
        call.set("this", call.name.removeprefix(OWN))
    for table in whole.find_all(exp.Table):
        if schema := table.db:
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name, quoted=True)))
            table.set("this", exp.to_identifier(view_of(schema, table.name), quoted=True))
            table.set("db", None)
