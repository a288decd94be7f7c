"""What a source's columns are when Spark reads them itself: they stand as they are typed, and moments get a zone."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from sqlglot import exp

from aspromised.declare.model.source import ColumnType, Source
from aspromised.judge.clocks.local_days import LocalDays
from aspromised.sql.authored.nothing import EMPTY_TYPE
from aspromised.sql.on_spark.authored import kind_of_column
from aspromised.sql.templates import first_match, quoted, tree
from aspromised.words.columns import column_key, spelled
from aspromised.words.problems import AsPromisedError, did_you_mean

WITH_ZONE = "TIMESTAMP WITH TIME ZONE"
NO_KIND = "BLOB"
"""What a column of no kind of ours is called: it is there, and nothing may be asked of it."""


def typed_columns(source: Source, raw: Mapping[str, str], empty: Iterable[str] = ()) -> dict[str, str]:
    """Return the type of each column as it is read; AsPromisedError tells every one that is missing, or cannot be read so there."""
    known = spelled(raw)
    named = filter(None, [*source.columns, source.key, source.latest_by, source.arrived])
    has = f": the data has {', '.join(raw)}"
    wrong = [
        f"there is no column '{name}'{has}.{did_you_mean(name, raw)}"
        for name in dict.fromkeys(named)
        if column_key(name) not in known
    ]
    declared = {column_key(name): wanted for name, wanted in source.columns.items()}
    types = {}
    for name, held in raw.items():
        wanted = declared.get(column_key(name))
        read = read_as(quoted(name), held, wanted)
        if read is None:
            wrong.append(
                f"column '{name}' is {_in_words(held)} and declared '{wanted}': spark reads typed columns as they stand, so"
                " write it with that type, or declare another"
            )
        else:
            types[name] = EMPTY_TYPE if name in set(empty) else read[1]
    if wrong:
        raise AsPromisedError(" ".join(wrong))
    return types


def without_nulls(source: Source, name: str) -> exp.Expr:
    """Return a column of texts without those that are read as null."""
    if not source.nulls:
        return quoted(name)
    nulls = exp.In(this=quoted(name), expressions=[exp.convert(each) for each in source.nulls])
    return first_match([(exp.not_(nulls), quoted(name))], None)


def local_moments(source: Source, raw: Mapping[str, str]) -> list[str]:
    """Return the columns whose moments have no zone, or become moments: how the clocks of their years went decides them."""
    wanted = {column_key(name): kind for name, kind in source.columns.items()}
    return [
        name
        for name, held in raw.items()
        if (held == "TIMESTAMP" and wanted.get(column_key(name)) != "date")
        or (held == "DATE" and wanted.get(column_key(name)) in _MOMENTS)
    ]


def wall_us(name: str, held: str) -> exp.Expr:
    """Return the microseconds that the wall shows at a moment without a zone, or at the beginning of a day."""
    if held == "DATE":
        return tree("ap_number_of_date(:a) * 86400000000", a=quoted(name))
    return tree("spark_unix_micros(spark_to_timestamp(:a))", a=quoted(name))


def utc_of_wall(zone: ZoneInfo, first_year: int, last_year: int) -> dict[str, tuple[str, exp.Expr]]:
    """Return the function that makes instants of what the wall shows: of a time that was twice the second, one that never was moved on."""
    steps = LocalDays(zone, first_year, last_year).offsets()
    before = zip(steps[1:], steps, strict=False)
    branches = [(tree("wall < :at", at=at + offset), earlier) for (at, offset), (_, earlier) in before]
    return {"utc_of_wall": ("wall", tree("wall - :offset", offset=first_match(branches, steps[-1][1])))}


def undeclared_texts(source: Source, raw: Mapping[str, str]) -> list[str]:
    """Return the columns of texts of which nobody says that they are."""
    declared = set(map(column_key, source.columns))
    return [name for name, held in raw.items() if held == "VARCHAR" and column_key(name) not in declared]


_MOMENTS = ("timestamp", "timestamptz")
_WHOLE_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
_FLOATS = ("FLOAT", "DOUBLE")
_EXACT_DIGITS = 15
"""Decimals of so many digits become the same double wherever they are read."""


def read_as(value: exp.Expr, held: str, wanted: ColumnType | None) -> tuple[exp.Expr, str] | None:
    """Return a column as it is read with its type; None where that takes more than to take it as it stands."""
    if wanted is None:
        return _as_it_stands(value, held)
    if wanted in _MOMENTS:
        return (
            (value, WITH_ZONE)
            if held == WITH_ZONE
            else _instant(value, held)
            if held in ("DATE", "TIMESTAMP")
            else None
        )
    if wanted == "date":
        return (exp.cast(value, exp.DType.DATE), "DATE") if held in ("DATE", "TIMESTAMP") else None
    if wanted == "integer":
        return (exp.cast(value, exp.DType.BIGINT), "BIGINT") if held in _WHOLE_NUMBERS else None
    if wanted == "number":
        if not (held in (*_WHOLE_NUMBERS, *_FLOATS) or _is_short_decimal(held)):
            return None
        return exp.cast(_as_it_stands(value, held)[0], exp.DType.DOUBLE), "DOUBLE"
    return (value, held) if held == ("VARCHAR" if wanted == "text" else "BOOLEAN") else None


def _as_it_stands(value: exp.Expr, held: str) -> tuple[exp.Expr, str]:
    """Return a column whose type stands, with moments made zoned and what is no number null."""
    if held == "TIMESTAMP":
        return _instant(value, held)
    if held in _FLOATS:
        return tree("case when not spark_isnan(:a) then :a end", a=value), held
    return value, held if kind_of_column(held) else NO_KIND


def _instant(value: exp.Expr, held: str) -> tuple[exp.Expr, str]:
    wall = wall_us(value.name, held)
    return tree("spark_timestamp_micros(utc_of_wall(:wall))", wall=wall), WITH_ZONE


def _is_short_decimal(held: str) -> bool:
    return held.startswith("DECIMAL(") and int(held[8:].partition(",")[0]) <= _EXACT_DIGITS


def _in_words(held: str) -> str:
    return {"VARCHAR": "text", "": "of no type that can be read", NO_KIND: "of no type that can be read"}.get(
        held, held.lower()
    )
