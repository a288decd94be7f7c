"""What an author's SQL makes of long texts: a call that grows a text, or matches one, cannot be interrupted once it runs."""

from math import ceil

from sqlglot import exp

from aspromised.sql.authored.patterns import pattern_steps
from aspromised.sql.limits import TEXT

MAX_GROWTH = 100_000
"""How many bytes the texts may have in all that an expression makes of its columns: the database makes 2,048 at once,
and neither counts them as memory nor can be stopped meanwhile."""
MAX_MATCHED = 500_000
"""How many bytes patterns may be held against, each as often as its pattern has steps; measured: 2,048 times that take 13 seconds."""

_TRUTH = (exp.Predicate, exp.Connector, exp.Not)
_PUT_TOGETHER = (exp.Concat, exp.DPipe, exp.Tuple)
_KEEPS: dict[type, str] = {exp.Left: "expression", exp.Right: "expression", exp.Substring: "length"}
"""The calls that keep so many letters of a text, and where they say how many."""
_LETTER = 4
"""The most bytes that a letter takes."""
_NUMBER = 64
_FORMATTED = 32


class Sizes:
    """The bytes of an expression's texts over columns of `column` bytes, counted from the leaves up.

    What a query makes is a column to the queries around it and to those after it.

    >>> from sqlglot import parse_one
    >>> Sizes(parse_one("replace(replace('aaaa', 'a', 'bbbbb'), 'b', 'cccccccccc')")).made
    200
    >>> Sizes(parse_one("replace(s, 'a', 'bb') = '' or replace(s, 'b', 'aa') = ''")).made
    4000
    >>> Sizes(parse_one("regexp_matches(left(s, 100) || s, '[0-9]{9}')", dialect="duckdb")).matched
    12600
    """

    def __init__(self, tree: exp.Expr, column: int = TEXT) -> None:
        self.text = self.column = column
        self.longest = self.grown = 0
        self.matched = 0
        """How many bytes patterns are held against, each as often as its pattern has steps."""
        self.costly: set[int] = set()
        """The nodes (their `id`) that grow a text or match one."""
        self._of(tree)

    @property
    def made(self) -> int:
        """How many bytes no row exceeds in all the texts made longer than the columns: the database holds them at once."""
        return max(self.longest, self.grown)

    def _of(self, node: exp.Expr) -> int:
        sizes = {id(child): self._of(child) for child in _in_order(node)}
        size = self._size(node, sizes)
        self.longest = max(self.longest, size)
        if isinstance(node, exp.Func | exp.Binary) and size > max(sizes.values(), default=0):
            self._grows(node, size, sizes)
        if steps := pattern_steps(node):
            self.costly.add(id(node))
            self.matched += steps * sizes[id(node.this)]
        if isinstance(node, exp.Query):
            self.column = max(self.column, size)
        return size

    def _grows(self, node: exp.Expr, size: int, sizes: dict[int, int]) -> None:
        self.costly.add(id(node))
        is_part = isinstance(node, exp.DPipe) and isinstance(node.parent, exp.DPipe)
        if size > self.text and not is_part:
            self.grown += size - self._doubled(node, size, sizes)

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
            return len(node.name.encode())
        if isinstance(node, _TRUTH):
            return _NUMBER
        if isinstance(node, exp.Replace):
            return _replaced(node, sizes)
        if isinstance(node, _PUT_TOGETHER):
            return sum(sizes.values())
        widest = max(sizes.values(), default=0)
        if isinstance(node, exp.TimeToStr):
            return _FORMATTED * sizes[id(node.args["format"])]
        if isinstance(node, exp.Cast):
            return 2 * widest if node.to.this in exp.DataType.TEXT_TYPES else _NUMBER
        if (kept := _letters_kept(node)) is not None:
            return min(widest, _LETTER * kept)
        return max(widest, _NUMBER) if isinstance(node, exp.Func | exp.Binary) else widest


def _letters_kept(node: exp.Expr) -> int | None:
    """Return how many letters a call keeps at most, None where it does not say so in a number."""
    said = node.args.get(_KEEPS.get(type(node), ""))
    return int(said.name) if isinstance(said, exp.Literal) and said.is_int else None


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
