"""How long a text an author's SQL could make: one call that grows a text cannot be interrupted once it runs."""

from math import ceil

from sqlglot import exp

from aspromised.sql.limits import TEXT

_TRUTH = (exp.Predicate, exp.Connector, exp.Not)
_ONE_OF = (exp.If, exp.Case, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least)
_PUT_TOGETHER = (exp.Concat, exp.DPipe, exp.Tuple)
_NUMBER = 64
_FORMATTED = 32


def grown(tree: exp.Expr, column: int = TEXT) -> int:
    """Return how many characters no row exceeds in all the texts that `tree` makes longer than its columns of `column` characters.

    What a query makes is a column to the queries around it and to those after it.

    >>> from sqlglot import parse_one
    >>> grown(parse_one("replace(replace('aaaa', 'a', 'bbbbb'), 'b', 'cccccccccc')"))
    200
    >>> grown(parse_one("replace(s, 'a', 'bb') = '' or replace(s, 'b', 'aa') = ''"))
    4000
    """
    sizes = _Sizes(column)
    sizes.of(tree)
    return max(sizes.longest, sizes.made)


class _Sizes:
    """Counts from the leaves up: the longest text on the way, and all that are longer than a column; the database holds them at once."""

    def __init__(self, column: int) -> None:
        self.text = self.column = column
        self.longest = self.made = 0

    def of(self, node: exp.Expr) -> int:
        sizes = {id(child): self.of(child) for child in _in_order(node)}
        size = self._size(node, sizes)
        self.longest = max(self.longest, size)
        is_part = isinstance(node, exp.DPipe) and isinstance(node.parent, exp.DPipe)
        if size > self.text and isinstance(node, exp.Func | exp.Binary) and not is_part:
            self.made += size - self._doubled(node, size, sizes)
        if isinstance(node, exp.Query):
            self.column = max(self.column, size)
        return size

    def _doubled(self, node: exp.Expr, size: int, sizes: dict[int, int]) -> int:
        """Return the length of a text counted already that a replacement at least doubles: all of such a chain is twice its last."""
        before = (
            sizes[id(node.this)]
            if isinstance(node, exp.Replace) and isinstance(node.this, exp.Replace)
            else 0
        )
        return before if self.text < before <= size // 2 else 0

    def _size(self, node: exp.Expr, sizes: dict[int, int]) -> int:
        if isinstance(node, exp.Column | exp.Star):
            return self.column
        if isinstance(node, exp.Literal):
            return len(node.name)
        if isinstance(node, _TRUTH):
            return _NUMBER
        if isinstance(node, exp.Replace):
            return _replaced(node, sizes)
        if isinstance(node, _PUT_TOGETHER):
            return sum(sizes.values())
        widest = max(sizes.values(), default=0)
        if isinstance(node, exp.TimeToStr):
            return _FORMATTED * widest
        if isinstance(node, exp.Cast):
            return 2 * widest if node.to.this in exp.DataType.TEXT_TYPES else _NUMBER
        return max(widest, _NUMBER) if isinstance(node, exp.Func | exp.Binary) else widest


def _replaced(node: exp.Replace, sizes: dict[int, int]) -> int:
    """Return the length where every occurrence is replaced by the longest replacement."""
    text, sought, new = (sizes[id(part)] for part in (node.this, node.expression, node.args["replacement"]))
    is_known = isinstance(node.expression, exp.Literal)
    return text * max(1, ceil(new / max(1, sought)) if is_known else new)


def _in_order(node: exp.Expr) -> list[exp.Expr]:
    """Return a node's parts so that what is read comes before what reads it."""
    first = [node.args.get(key) for key in ("with_", "from_")]
    joins = node.args.get("joins") or []
    before = [part for part in (*first, *joins) if isinstance(part, exp.Expr)]
    return [*before, *(child for child in node.iter_expressions() if not any(child is one for one in before))]
