"""Columns that hold nothing: of no type yet, they fit whatever is asked of them.

A column of texts that is empty in every row says nothing of what it will hold: no order is done yet, the month's first
file has come. The database has a type for it, which compares and adds up with every other; only where several of its
functions would do is it told which one is meant.
"""

from collections.abc import Collection, Mapping

from sqlglot import exp

from aspromised.words.names import folded

EMPTY_TYPE = '"NULL"'
"""How the database calls the type of a column that holds nothing."""

_OF_MOMENTS = (
    exp.AtTimeZone, exp.Day, exp.DayOfWeek, exp.DayOfWeekIso, exp.DayOfYear, exp.Extract, exp.Hour, exp.Minute, exp.Month,
    exp.Quarter, exp.Second, exp.TimestampTrunc, exp.TimeToUnix, exp.UnixToTime, exp.Week, exp.Year,
)  # fmt: skip
_ALSO_OF_MOMENTS = ("date_part", "epoch_us", "isoyear", "timezone", "weekday")
"""Those that the parser has no word for, by their names."""
_COMPARED = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)
_PASSED_ON = (exp.Paren, exp.Coalesce, exp.Greatest, exp.Least)


def holding_nothing(columns: Collection[str]) -> set[str]:
    """Return those of the columns that hold nothing, in lower case, where their types are told."""
    if not isinstance(columns, Mapping):
        return set()
    return {folded(name) for name, kind in columns.items() if kind == EMPTY_TYPE}


def as_moments(tree: exp.Expr, empty: Collection[str]) -> exp.Expr:
    """Return the tree in which columns that hold nothing (in lower case) are moments where one is asked for.

    >>> from sqlglot import parse_one
    >>> as_moments(parse_one("done + interval '1 day' > year(done) and n > 3", dialect="duckdb"), ["done", "n"]).sql("duckdb")
    "CAST(done AS TIMESTAMPTZ) + INTERVAL '1' DAY > YEAR(CAST(done AS TIMESTAMPTZ)) AND n > 3"
    """
    if not empty:
        return tree
    for node in list(tree.walk()):
        parts = [part for part in node.iter_expressions() if _is_nothing(part, empty)]
        if kind := _asked_for(node, len(parts)):
            for part in parts:
                part.replace(exp.cast(part.copy(), exp.DataType.build(kind, dialect="duckdb")))
    return tree


def _asked_for(node: exp.Expr, empty: int) -> str | None:
    """Return which type the database has to be told of the parts that hold nothing, so many; None: it needs no word."""
    moments = isinstance(node, _OF_MOMENTS) or _is_called(node, *_ALSO_OF_MOMENTS)
    between = (isinstance(node, exp.DateDiff) or _is_called(node, "date_sub")) and empty > 1
    if isinstance(node, exp.Extract):
        return "timestamp"  # the parser writes none of moments with a zone
    if moments or between or _moves(node) or (_is_length(node) and empty > 1):
        return "timestamptz"
    return "text" if isinstance(node, exp.Contains) else None


def _moves(node: exp.Expr) -> bool:
    """Return whether a moment is moved by a span of time."""
    return isinstance(node, exp.Add | exp.Sub) and any(map(_is_span, (node.left, node.right)))


def _is_length(node: exp.Expr) -> bool:
    """Return whether a difference is compared with a span of time."""
    if not isinstance(node, exp.Sub):
        return False
    whole: exp.Expr = node
    while isinstance(whole.parent, exp.Paren):
        whole = whole.parent
    beside = whole.parent
    return isinstance(beside, _COMPARED) and any(map(_is_span, beside.iter_expressions()))


def _is_span(node: exp.Expr) -> bool:
    name = node.name if isinstance(node, exp.Anonymous) else getattr(node, "sql_name", str)()
    return isinstance(node, exp.Interval) or (isinstance(node, exp.Func) and name.lower().startswith("to_"))


def _is_called(node: exp.Expr, *names: str) -> bool:
    return isinstance(node, exp.Anonymous) and node.name.lower() in names


def _is_nothing(node: exp.Expr, empty: Collection[str]) -> bool:
    """Return whether an expression is null because every column of it is."""
    if isinstance(node, exp.Column):
        return folded(node.name) in empty
    parts = list(node.iter_expressions())
    return isinstance(node, _PASSED_ON) and bool(parts) and all(_is_nothing(part, empty) for part in parts)
