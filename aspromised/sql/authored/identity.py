"""The columns by which a query of an author joins and groups, and those that its own columns are."""

from collections.abc import Collection

from sqlglot import exp

from aspromised.sql.authored.parse import ExpressionError, parse_text
from aspromised.words.columns import column_key


def identities_behind(text: str, of: Collection[str]) -> set[str]:
    """Return the keys of the columns that a query tells rows apart by, and that its columns `of` (keys) are made of.

    They are known by name alone, whichever source has them; none where the query cannot be parsed.
    """
    try:
        tree = parse_text(text)
    except ExpressionError:
        return set()
    named = [
        column
        for each in tree.find_all(exp.Alias)
        if column_key(each.alias) in of
        for column in _columns(each)
    ]
    return {*of, *(column_key(column.name) for column in [*named, *_apart(tree)])}


def _apart(tree: exp.Expr) -> list[exp.Expr]:
    """Return the columns that rows are joined, looked up, grouped or parted by."""
    found: list[exp.Expr] = []
    for same in tree.find_all(exp.EQ, exp.NullSafeEQ):
        left, right = _columns(same.this), _columns(same.expression)
        if {column.table for column in left} != {column.table for column in right} and left and right:
            found += [*left, *right]
    for each in tree.find_all(exp.In):
        if query := each.args.get("query"):
            found += [
                *_columns(each.this),
                *(column for made in query.this.selects for column in _columns(made)),
            ]
    for join in tree.find_all(exp.Join):
        found += join.args.get("using") or []
    for query in tree.find_all(exp.Select):
        found += _grouped(query)
    for window in tree.find_all(exp.Window):
        found += [each for each in window.args.get("partition_by") or [] if isinstance(each, exp.Column)]
    return found


def _grouped(query: exp.Select) -> list[exp.Expr]:
    """Return the columns of which a query gives each row once, be they named, told by their place, or all that are plain."""
    plain = [each.unalias() for each in query.selects]
    group = query.args.get("group")
    if group is None:
        keys = plain if query.args.get("distinct") else []
    else:
        told = [_at(plain, each) if each.is_int else each for each in group.expressions]
        keys = plain if group.args.get("all") else told
    return [each for each in keys if isinstance(each, exp.Column)]


def _at(plain: list[exp.Expr], place: exp.Expr) -> exp.Expr:
    return plain[int(place.name) - 1] if 0 < int(place.name) <= len(plain) else place


def _columns(tree: exp.Expr) -> list[exp.Column]:
    return list(tree.find_all(exp.Column))
