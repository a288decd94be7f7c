"""Ids of two sources are the same where they are written the same: 7 is no 007, whichever of them is a number."""

from sqlglot import exp

from aspromised.sql.authored.nothing import EMPTY_TYPE
from aspromised.sql.templates import tree

_WHOLE = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
)
_FLOATS = ("FLOAT", "DOUBLE")


def as_id_of(column: exp.Expr, held: str, wanted: str) -> exp.Expr:
    """Return a column of type `held` to be compared with one of type `wanted`, and of that type; null where it can equal none.

    Numbers stay what they are; else both are the same where their texts are, a whole number's being its digits.
    """
    if held == wanted or EMPTY_TYPE in (held, wanted) or (_is_number(held) and _is_number(wanted)):
        return column
    written = _written(column, held)
    if wanted == "VARCHAR":
        return written
    read = exp.TryCast(this=written, to=exp.DataType.build(wanted, dialect="duckdb"))
    return tree(
        "case when :back = :written then :read end", back=_written(read, wanted), written=written, read=read
    )


def _written(value: exp.Expr, kind: str) -> exp.Expr:
    if kind == "VARCHAR":
        return value
    if kind in _FLOATS or kind.startswith("DECIMAL"):
        return tree(
            "case when :a = trunc(:a) then coalesce(cast(try_cast(:a as bigint) as varchar), cast(:a as varchar)) else cast(:a as varchar) end",
            a=value,
        )
    return exp.cast(value, exp.DType.VARCHAR)


def _is_number(kind: str) -> bool:
    return kind in (*_WHOLE, *_FLOATS) or kind.startswith("DECIMAL")
