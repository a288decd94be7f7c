"""Patterns in authors' SQL: written out and small, for matching one cannot be interrupted once it runs."""

import re

from sqlglot import exp

from aspromised.sql.authored.parse import ExpressionError

MAX_PATTERN = 200
"""How many characters a pattern may have."""
MAX_STEPS = 500
"""How many steps a pattern may have once its repetitions are written out; measured: 2,048 texts of 1,000 characters take seconds."""
_UNICODE = 10
"""How many steps a class of Unicode, such as \\p{L}, stands for."""
_UNKNOWN = 150
_PART = re.compile(
    r"(?P<unicode>\\[pP](\{[^}]*\}|.))|(?P<class>\[\^?\]?(\\.|\[:\w+:\]|[^\]\\])*\])|\{(?P<least>\d*)(?P<most>,\d*)?\}"
    r"|(?P<opens>\()|(?P<closes>\))|(?P<sign>[*+?|^$])|\\?.",
    re.DOTALL | re.ASCII,
)


def allow_pattern(node: exp.Expr) -> None:
    """Raise ExpressionError where a node matches a pattern that is no text as it stands, or one that could take for ever."""
    if not isinstance(node, exp.RegexpLike | exp.RegexpExtract | exp.SimilarTo):
        return
    pattern = node.expression.unnest()
    if not isinstance(pattern, exp.Literal) or not pattern.is_string:
        raise ExpressionError(
            "a pattern is a text as it stands, such as '^north': no column or call can make one"
        )
    if len(pattern.name) > MAX_PATTERN:
        raise ExpressionError(
            f"a pattern of {len(pattern.name):,} characters: at most {MAX_PATTERN} are allowed"
        )
    if (count := steps(pattern.name)) > MAX_STEPS:
        raise ExpressionError(
            f"the pattern '{pattern.name[:40]}' has {count:,} steps once its repetitions are written out:"
            f" at most {MAX_STEPS} are allowed"
        )


def pattern_steps(node: exp.Expr) -> int:
    """Return how many steps each byte of a text may take that a node matches; 0 where it matches none, or hardly costs.

    What `like` costs a letter of its pattern was measured as a twentieth of a step. One that stands in a column is taken for long.
    """
    if isinstance(node, exp.RegexpLike | exp.RegexpExtract | exp.SimilarTo):
        return steps(node.expression.unnest().name)
    if isinstance(node, exp.Like | exp.ILike | exp.Glob):
        pattern = node.expression.unnest()
        return len(pattern.name.encode()) // 20 if isinstance(pattern, exp.Literal) else _UNKNOWN
    return 0


def steps(pattern: str) -> int:
    """Return how many characters and classes a pattern has once {n,m} is written out.

    >>> steps("north"), steps("[A-Z]{2}[0-9]{4,10}"), steps("((a?){30}){30}"), steps(r"\\p{L}{2}(a|b)*")
    (5, 12, 900, 22)
    """
    groups, last = [0], 0
    for part in _PART.finditer(pattern):
        if part["opens"]:
            groups.append(0)
        elif part["least"] is not None:
            times = max(1, *(int(number or 0) for number in (part["least"], (part["most"] or "")[1:])))
            groups[-1] += last * (times - 1)
            last *= times
        elif not part["sign"]:
            last = groups.pop() if part["closes"] and len(groups) > 1 else _size(part)
            groups[-1] += last
    return sum(groups)


def _size(part: re.Match[str]) -> int:
    return _UNICODE if part["unicode"] or "\\p" in (part["class"] or "").lower() else 1
