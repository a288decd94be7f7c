"""The one way an author's text becomes a tree: bounded in length and depth before the parser, which recurses, sees it."""

import logging
import re
from collections.abc import Iterable, Sequence

from sqlglot import exp, parse, tokenize
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from aspromised.sql.authored.allowlist import UNITS
from aspromised.words.problems import AsPromisedError

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it tells the terminal of texts that are refused anyway

MAX_CHARACTERS = 10_000
MAX_DEPTH = 25
"""How deep parentheses, `case` and signs before a value may stand in one another: the parser takes 25 calls for each."""
MAX_CHAIN = 250
"""How long a chain of operators, such as `a or b or c`, may be: each is one step deeper in the tree."""
MAX_NODES = 4_000

STUMBLES = (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, LookupError)
"""What the parser raises over texts that no one thought of."""
_OPENS = {TokenType.L_PAREN, TokenType.CASE}
_CLOSES = {TokenType.R_PAREN, TokenType.END}
_LISTS = {TokenType.L_BRACKET, TokenType.L_BRACE}
_BEFORE = {TokenType.NOT, TokenType.DASH, TokenType.PLUS, TokenType.TILDE, TokenType.INTERVAL}


class ExpressionError(AsPromisedError):
    """An author's SQL that is refused; the message says what is allowed instead."""


def parse_text(text: str) -> exp.Expr:
    """Return what an author wrote as one tree without comments, not yet guarded; ExpressionError where it is none.

    >>> parse_text("a + 1 -- one more").sql()
    'a + 1'
    >>> parse_text("not " * 900 + "a")
    Traceback (most recent call last):
    ...
    aspromised.sql.authored.parse.ExpressionError: nested deeper than 25 parentheses, cases or signs: move the work into a source's sql
    """
    if odd := _ODD.search(text):
        raise ExpressionError(f"the character U+{ord(odd[0]):04X} cannot stand in SQL: remove it")
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(f"longer than {MAX_CHARACTERS:,} characters: move the work into a source's sql")
    try:
        tokens = tokenize(text, read="duckdb")
        _refuse_parts(tokens)
        if depth(tokens) > MAX_DEPTH:
            raise ExpressionError(_TOO_DEEP)
        _refuse_lengths(tokens)
        trees = parse(text, dialect="duckdb")
    except RecursionError:
        raise ExpressionError(_TOO_DEEP) from None
    except STUMBLES as error:
        raise ExpressionError(f"cannot be read as SQL{_where(error)}") from None
    if not any(trees):
        raise ExpressionError("empty expression" if not text.strip() else "cannot be read as SQL")
    if len(trees) != 1 or trees[0] is None:
        raise ExpressionError("one expression is expected, without ';'")
    _bound(trees[0])
    return trees[0]


def parse_again(sql: str) -> exp.Expr:
    """Return the one tree of SQL that was written from a tree; ExpressionError where it is not one."""
    try:
        (tree,) = parse(sql, dialect="duckdb")
    except STUMBLES:
        raise ExpressionError(NOT_AGAIN) from None
    if tree is None:
        raise ExpressionError(NOT_AGAIN)
    return tree


def depth(tokens: Iterable[Token]) -> int:
    """Return how deep parentheses, cases and signs before a value stand in one another.

    >>> depth(tokenize("not (a and not - - 1)")), depth(tokenize("case when a then '((((' end")), depth([])
    (5, 1, 0)
    """
    around: list[int] = []
    signs = deepest = 0
    for token in tokens:
        if token.token_type in _OPENS:
            around.append(signs + 1)
            signs = 0
        elif token.token_type in _CLOSES:
            signs = 0
            del around[-1:]
        else:
            signs = signs + 1 if token.token_type in _BEFORE else 0
        deepest = max(deepest, sum(around) + signs)
    return deepest


def _refuse_parts(tokens: Sequence[Token]) -> None:
    """Refuse what takes a part of a value or calls on one, `a[1]` and `f(a).g()`: a chain of either costs the parser its square or worse."""
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.token_type in _LISTS:
            raise ExpressionError(
                f"'{token.text}' is not allowed here: there are no lists and structs, write 'in (…)' for one of several"
            )
        if token.token_type is TokenType.DOT and before is not None and before.token_type in _CLOSES:
            raise ExpressionError("'.' stands between the name of a table and its column, and nowhere else")


def _refuse_lengths(tokens: Sequence[Token]) -> None:
    """Refuse a length of time that is not read whole: the parser takes from its text what it knows, and leaves the rest out.

    A unit behind the text has the database cut a fraction off: `interval '1.5' days` is one day.
    """
    for before, token, after in zip(tokens, tokens[1:], [*tokens[2:], None], strict=False):
        if before.token_type is TokenType.INTERVAL and token.token_type in (
            TokenType.STRING,
            TokenType.NUMBER,
        ):
            has_unit = after is not None and after.text.upper() in UNITS
            if not (_WHOLE if has_unit else _LENGTH).fullmatch(token.text):
                raise ExpressionError(
                    f"'{token.text[:40]}' is not a length of time: write it as in interval '2 days', interval '1.5 days' or"
                    " interval '1 day 12 hours'"
                )


def _bound(tree: exp.Expr) -> None:
    """Refuse a tree that is too large or too deep to be walked; take out its comments."""
    steps: dict[int, int] = {}
    for node in tree.walk():
        steps[id(node)] = steps.get(id(node.parent), 0) + 1
        node.comments = None
    if len(steps) > MAX_NODES:
        raise ExpressionError("too long: move the work into a source's sql")
    if max(steps.values()) > MAX_CHAIN:
        raise ExpressionError(
            f"nested deeper than {MAX_CHAIN} steps: write 'in (…)' for a long chain of 'or', or move the work into a source's sql"
        )


_WHOLE = re.compile(r"\s*-?\d+\s*", re.ASCII)
_AMOUNT = r"-?\d+(\.\d+)?\s*[a-z]+"
_LENGTH = re.compile(
    rf"\s*({_AMOUNT}(\s+{_AMOUNT})*|-?\d+:\d\d(:\d\d(\.\d+)?)?)\s*", re.ASCII | re.IGNORECASE
)
"""Amounts with their units, or hours and minutes."""
_TOO_DEEP = f"nested deeper than {MAX_DEPTH} parentheses, cases or signs: move the work into a source's sql"
NOT_AGAIN = "cannot be written back as it was read: write it in simpler words"
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _where(error: Exception) -> str:
    details = getattr(error, "errors", None)
    if not details or not details[0].get("highlight"):
        return ""
    return f" near '{details[0]['highlight'][:40]}'"
