"""Long cells before what grows or matches them: an expression is bounded over short ones, but data holds what it holds."""

from sqlglot import exp

from aspromised.sql.authored.growth import MAX_GROWTH, MAX_MATCHED, Sizes
from aspromised.sql.authored.parse import ExpressionError
from aspromised.sql.limits import TEXT, TOO_LONG
from aspromised.sql.templates import tree as made_of

LONG_CELL = 12_500
"""How many bytes a cell may have whatever reads it: what grows a text eightfold, or matches forty steps, is left as it stands."""
SHORT_CELL = 100
"""How many bytes every cell may have: what takes no more is refused."""

_NAME = 40
_TAKE_A_CALL = (exp.Window, exp.Filter, exp.WithinGroup, exp.IgnoreNulls)
_VALUES = (exp.Column, exp.Func, exp.Binary, exp.Unary, exp.Window, exp.AtTimeZone)
_TRUTH = (exp.Predicate, exp.Connector, exp.Not)
_GUARDED = "case when strlen(cast(:it as text)) > :most then error(:what || strlen(cast(:it as text)) || :told) else :it end"


def reach(tree: exp.Expr) -> int:
    """Return the longest cell, in bytes, that an expression may read for what it makes and matches to be bounded, at most LONG_CELL.

    >>> from sqlglot import parse_one
    >>> reach(parse_one("replace(s, 'a', '0123456789')")), reach(parse_one("s || s"))
    (10000, 12500)
    """
    low, high = 0, LONG_CELL
    while low < high:
        middle = high if high == LONG_CELL else (low + high + 1) // 2
        sizes = Sizes(tree, middle)
        if sizes.made <= MAX_GROWTH and sizes.matched <= MAX_MATCHED:
            low = middle
        else:
            high = middle - 1
    return low


def bounded(tree: exp.Expr) -> exp.Expr:
    """Return an expression whose costly calls stop with an error at a cell longer than they may read; most are left as they stand.

    >>> from sqlglot import parse_one
    >>> bounded(parse_one("replace(s, 'a', 'bbbbbbbbb')")).sql()[:54]
    'REPLACE(CASE WHEN STRLEN(CAST(s AS TEXT)) > 11111 THEN'
    """
    most = reach(tree)
    if most == LONG_CELL:
        return tree
    if most < SHORT_CELL:
        raise ExpressionError(
            f"grows or matches texts so much that none could have {SHORT_CELL} bytes: make it simpler"
        )
    return _Guarding(tree, most).of(tree, is_read=False)


def burden(tree: exp.Expr) -> tuple[int, int]:
    """Return how many bytes an expression makes beside its columns, and holds patterns against, over the longest cells that it guards.

    >>> from sqlglot import parse_one
    >>> burden(parse_one("replace(s, 'a', '0123456789')")), burden(parse_one("s || s"))
    ((100000, 0), (2000, 0))
    """
    most = reach(tree)
    sizes = Sizes(tree, TEXT if most == LONG_CELL else most)
    return sizes.grown, sizes.matched


class _Guarding:
    """Puts a guard around each value that a costly call reads and that makes no such call itself."""

    def __init__(self, tree: exp.Expr, most: int) -> None:
        self.most = most
        self.costly = Sizes(tree, most).costly
        self.hold: set[int] = set()
        """The nodes (their `id`) that are, or hold, a costly call."""
        self._held(tree)

    def _held(self, node: exp.Expr) -> bool:
        below = [self._held(child) for child in node.iter_expressions()]
        holds = id(node) in self.costly or any(below)
        if holds:
            self.hold.add(id(node))
        return holds

    def of(self, node: exp.Expr, is_read: bool) -> exp.Expr:
        """Return a node with guards below it, or around it where it `is_read` by a costly call."""
        if id(node) not in self.hold:
            if not is_read or isinstance(node, _TRUTH) or not node.find(exp.Column):
                return node
            if isinstance(node, _VALUES) and not _is_a_part(node):
                return self._guarded(node)
        elif is_read and isinstance(node, exp.Query):
            raise ExpressionError(
                "a query inside of what grows or matches its text: give it a name with 'with'"
            )
        for child in list(node.iter_expressions()):
            made = self.of(child, is_read or id(node) in self.costly)
            if made is not child:
                child.replace(made)
        return node

    def _guarded(self, node: exp.Expr) -> exp.Expr:
        name = node.sql(dialect="duckdb", normalize_functions="lower").replace('"', "")
        short = name if len(name) <= _NAME else "…"
        told = f" bytes, {TOO_LONG} ({self.most:,}): cut it first, as in left({short}, {self.most // 4})"
        return made_of(_GUARDED, it=node, most=self.most, what=f"'{name[:_NAME]}' has ", told=told)


def _is_a_part(node: exp.Expr) -> bool:
    """Return whether a node is no value by itself: a branch of a case, the call before `over` or `filter`."""
    parent = node.parent
    return (isinstance(parent, exp.Case) and isinstance(node, exp.If)) or (
        isinstance(parent, _TAKE_A_CALL) and node.arg_key == "this"
    )
