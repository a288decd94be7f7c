"""How many tables and columns an author's query makes of those it reads: each `with` may double what stands before it.

The database lists every column before it runs anything, and plans every join; neither can be stopped meanwhile.
"""

from collections.abc import Collection, Mapping

from sqlglot import exp

from aspromised.sql.authored.parse import ExpressionError
from aspromised.words.names import folded

MAX_TABLES = 100
"""How often a query may read a table, in all and through what it names; measured: a plan of 100 takes 4 seconds, of 200 minutes."""
MAX_WIDTH = 10_000
"""How many columns one select may make; measured: 10,000 take 1 second, 20,000 take 4."""
MAX_COLUMNS = 100_000
"""How many columns all selects of a query may make."""

_Scope = Mapping[str, "_Made"]
_Made = tuple[int, int]
"""How many tables are read, and how many columns made."""


def refuse_fanout(query: exp.Query, tables: Mapping[str, Collection[str]] | Collection[str]) -> None:
    """Raise ExpressionError where a query, its sources named as the warehouse names them, makes more than can be planned.

    >>> from sqlglot import parse_one
    >>> refuse_fanout(parse_one("with a as (select * from source.o) select * from a, a b"), {"o": ["x", "y"]})
    >>> refuse_fanout(parse_one("with a as (select * from source.o) select * from a, a b"), {"o": ["x"] * 5_001})
    Traceback (most recent call last):
    ...
    aspromised.sql.authored.parse.ExpressionError: '*' makes 10,002 columns: at most 10,000 are allowed, name those that are needed
    """
    fan = _Fan(tables if isinstance(tables, Mapping) else {})
    read, _ = fan.made(query, {})
    if read > MAX_TABLES:
        raise ExpressionError(
            f"reads tables {read:,} times in all: at most {MAX_TABLES} are allowed, make sources of its parts"
        )
    if fan.columns > MAX_COLUMNS:
        raise ExpressionError(
            f"its selects make {fan.columns:,} columns in all: at most {MAX_COLUMNS:,} are allowed, name those that are needed"
        )


class _Fan:
    """Counts from the inside out; each part of a tree is met once."""

    def __init__(self, tables: Mapping[str, Collection[str]]) -> None:
        self.widths = {name: max(1, len(columns)) for name, columns in tables.items()}
        self.columns = 0

    def made(self, node: exp.Expr, scope: _Scope) -> _Made:
        """Return what a relation makes; any other part of a tree makes no columns."""
        defined = node.args.get("with_")
        for each in defined.expressions if defined else ():
            scope = {**scope, folded(each.alias): self.made(each.this, scope)}
        parts = [
            (child, self.made(child, scope)) for child in node.iter_expressions() if child is not defined
        ]
        tables = sum(read for _, (read, _) in parts)
        if isinstance(node, exp.Table):
            read, width = scope.get(folded(node.name), (1, 1)) if not node.db else (1, self._width(node))
            return tables + read, width + _joined(parts)
        if isinstance(node, exp.Select):
            return tables, self._selected(node, _relations(parts))
        if isinstance(node, exp.SetOperation):
            sides = [width for child, (_, width) in parts if child.arg_key in ("this", "expression")]
            return tables, sum(sides) if node.args.get("by_name") else max(sides, default=1)
        if isinstance(node, exp.Values):
            return tables, max((len(row.expressions) for row in node.expressions), default=1)
        passed_on = [width for child, (_, width) in parts if child.arg_key == "this"]
        return tables, sum(passed_on) + _joined(parts)

    def _width(self, table: exp.Table) -> int:
        return self.widths.get(table.name, 1)

    def _selected(self, select: exp.Select, relations: list[tuple[str, int]]) -> int:
        every, named, width = sum(columns for _, columns in relations), dict(relations), 0
        for each in select.expressions:
            if isinstance(each, exp.Column) and isinstance(each.this, exp.Star):
                width += named.get(folded(each.table), every)
            else:
                width += every if isinstance(each, exp.Star) else 1
        if width > MAX_WIDTH:
            raise ExpressionError(
                f"'*' makes {width:,} columns: at most {MAX_WIDTH:,} are allowed, name those that are needed"
            )
        self.columns += width
        return width


_Parts = list[tuple[exp.Expr, _Made]]


def _joined(parts: _Parts) -> int:
    return sum(width for child, (_, width) in parts if child.arg_key == "joins")


def _relations(parts: _Parts) -> list[tuple[str, int]]:
    """Return the relations a select reads, by their names, each with its columns."""
    return [
        (folded(child.this.alias_or_name), width)
        for child, (_, width) in parts
        if child.arg_key in ("from_", "joins")
    ]
