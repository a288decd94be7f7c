"""Raw rows read as declared: a view of typed rows, each with its original and the reason it fails, if it does."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

import duckdb

from aspromised.declare.model.source import ColumnType, Source
from aspromised.sql import quoting
from aspromised.sql.authored.nothing import EMPTY_TYPE
from aspromised.sql.limits import MOST_BYTES
from aspromised.store.formats.raw import Raw, SourceProblem, columns_of, refuse_width
from aspromised.store.typing import infer
from aspromised.store.typing.casting import TYPE_WORDS, ZONED, Reading, as_stored, cast
from aspromised.store.typing.hints import hint
from aspromised.words.columns import column_key, spelled
from aspromised.words.problems import AsPromisedError, did_you_mean

StageRule = Callable[[Mapping[str, str]], str]
"""Given the columns and their types, the guarded SQL of a `must` rule."""

STAGED = "staged"
"""The temporary view of typed rows with "#row" (the original as JSON), "#reason" (null: the row is kept) and "#is_whole" (it is)."""


def stage(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    raw: Raw,
    zone: str,
    rules: Mapping[str, StageRule],
    held: Mapping[str, str] | None = None,
) -> list[str]:
    """Make the view `staged` over `raw` and return its columns.

    Each step is a view of its own (cleaned, typed, staged), so that no cast is written twice and run twice.
    A column that nobody declared and that is empty has no type; where rows were read before, that of those: `held`.
    """
    refuse_width(len(raw.columns))
    declared, judged = _declared(source, raw, rules)
    reading = Reading(
        zone, source.timestamp_format, source.date_format, raw.iso, source.decimal, source.thousands
    )
    cleaned = partial(_cleaned, source, raw)
    original = 'to_json("#raw") as "#row"'
    con.execute(f"create or replace temp view cleaned as {cleaned(raw.columns, original)}")
    unknown = [name for name in raw.columns if name not in declared and (raw.infer or name in raw.mixed)]
    identity = frozenset(name for name in unknown if column_key(name) in raw.identity)
    inferred = infer.types(con, unknown, raw.strings, reading, cleaned, identity) if unknown else {}
    texts = [name for name in raw.columns if name not in declared and _is_text(raw, name, inferred)]
    empty = {name: (held or {}).get(name, EMPTY_TYPE) for name in infer.empty(con, texts, cleaned)}
    if empty:
        judged = {said: rule({**raw.columns, **empty}) for said, rule in rules.items()}
    _type(con, raw, declared, inferred, empty, reading)
    _judge(con, source, list(raw.columns), declared, judged, reading)
    return list(raw.columns)


_OURS = re.compile(r"#(is_whole|reason|row|rows|raw|key|new|old|trim .*|was .*)", re.IGNORECASE | re.DOTALL)
"""Names that stand beside a row's own columns while it is read."""


def _declared(
    source: Source, raw: Raw, rules: Mapping[str, StageRule]
) -> tuple[dict[str, ColumnType], dict[str, str]]:
    """Return the declared types by the data's own column names, and the SQL of each rule.

    SourceProblem tells every column that is missing and every rule that may not stand, or a column that is ours.
    """
    if ours := next(filter(_OURS.fullmatch, raw.columns), None):
        raise SourceProblem(
            f"a column cannot be called '{ours}': give it another name where the data comes from"
        )
    known = spelled(raw.columns)
    wrong = [*_missing(source, raw, known)]
    judged: dict[str, str] = {}
    for said, rule in rules.items():
        try:
            judged[said] = rule(raw.columns)
        except AsPromisedError as error:
            wrong.append(str(error))
    if wrong:
        raise SourceProblem(" ".join(wrong))
    return {known[column_key(column)]: wanted for column, wanted in source.columns.items()}, judged


def _missing(source: Source, raw: Raw, known: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence a column that is declared and not there; the first tells which are."""
    has = f": the data has {', '.join(raw.columns)}"
    for column in dict.fromkeys(
        [*source.columns, *filter(None, (source.key, source.latest_by, source.arrived))]
    ):
        if column_key(column) not in known:
            yield f"there is no column '{column}'{has}.{did_you_mean(column, raw.columns)}"
            has = ""


def _cleaned(source: Source, raw: Raw, names: Iterable[str], *also: str) -> str:
    """Return the query of these columns where nulls are null, each text with its trimmed form beside it."""
    nulls = source.nulls if not raw.computed or "nulls" in source.model_fields_set else []
    values = {name: _null(name, raw.columns[name], nulls) for name in names}
    trimmed = {
        trim_of(name): f"trim({value})" for name, value in values.items() if raw.columns[name] == "VARCHAR"
    }
    return f'select {", ".join([_select(values | trimmed), *also])} from {raw.relation} as "#raw"'


def _type(
    con: duckdb.DuckDBPyConnection,
    raw: Raw,
    declared: Mapping[str, ColumnType],
    inferred: Mapping[str, ColumnType],
    empty: Mapping[str, str],
    reading: Reading,
) -> None:
    """Make the view `typed`: every column read as its type, and beside a declared one what it was."""
    wanted = {**declared, **inferred}
    casts = {name: _read(name, held, wanted.get(name), reading) for name, held in raw.columns.items()}
    casts |= {name: f"cast(null as {kind})" for name, kind in empty.items()}
    was = {_was(name): f"cast({quoting.name(name)} as varchar)" for name in declared}
    con.execute(f'create or replace temp view typed as select {_select(casts | was)}, "#row" from cleaned')


def _judge(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    columns: Iterable[str],
    declared: Mapping[str, ColumnType],
    rules: Mapping[str, str],
    reading: Reading,
) -> None:
    """Make the view `staged`: the reasons of each row, in the order unread values, years beyond all, texts too long, empty key, broken rules."""
    unread = [_not_read(name, wanted, reading) for name, wanted in declared.items()]
    keys = set(map(column_key, declared))
    key = [_no_key(source.key, column_key(source.key) in keys)] if source.key else []
    typed = columns_of(con, "typed")
    beyond = [_beyond(name, typed[name]) for name in columns if typed[name] in _YEARS]
    broken = [_broken(said, rule) for said, rule in rules.items()]
    long = [_too_long(name) for name in columns if typed[name] == "VARCHAR"]
    reasons = ", ".join(["null", *unread, *beyond, *long, *key, *broken])
    con.execute(
        f"create or replace temp view {STAGED} as "
        f"select *, nullif(concat_ws('; ', {reasons}), '') as \"#reason\", coalesce({reasons}) is null as \"#is_whole\" from typed"
    )


def _is_text(raw: Raw, name: str, inferred: Mapping[str, ColumnType]) -> bool:
    """Return whether a column is of texts, as is one that is empty and of no type of its own."""
    return raw.columns[name] in ("VARCHAR", EMPTY_TYPE) and inferred.get(name, "text") == "text"


def _null(name: str, held: str, nulls: list[str]) -> str:
    column = quoting.name(name)
    if held != "VARCHAR" or not nulls:
        return column
    return f"case when {column} not in ({', '.join(map(quoting.literal, nulls))}) then {column} end"


def _read(name: str, held: str, wanted: ColumnType | None, reading: Reading) -> str:
    column = quoting.name(name)
    if wanted is None:
        return as_stored(column, held, reading)
    trimmed = held == "VARCHAR" and wanted != "text"
    return cast(quoting.name(trim_of(name)) if trimmed else column, held, wanted, reading)


def trim_of(name: str) -> str:
    """Return the name of a text column's trimmed form in `cleaned`."""
    return f"#trim {name}"


def _was(name: str) -> str:
    return f"#was {name}"


def _not_read(name: str, wanted: ColumnType, reading: Reading) -> str:
    was, called = quoting.name(_was(name)), name.replace("'", "’")
    before, after = (
        quoting.literal(f"column '{called}': '"),
        quoting.literal(f"' is not {TYPE_WORDS[wanted]}"),
    )
    message = f"{before} || replace(left({was}, 60), '''', '’') || {after} || {hint(f'trim({was})', wanted, reading)}"
    return f"case when {was} is not null and {quoting.name(name)} is null then {message} end"


_YEARS = {
    "DATE": ("date '0001-01-01'", "date '9999-12-31'"),
    ZONED: ("timestamptz '0001-01-02 00:00:00+00'", "timestamptz '9999-12-31 23:59:59.999999+00'"),
}
"""The first and the last day or moment that is counted, in every time zone."""


def _beyond(name: str, kind: str) -> str:
    """Return SQL for the reason of a day or moment that no calendar has; one without an end ("infinity") has none to count."""
    column, called = quoting.name(name), name.replace("'", "’")
    first, last = _YEARS[kind]
    before, after = (
        quoting.literal(f"column '{called}': '"),
        quoting.literal("' is not of the years 1 to 9999"),
    )
    is_beyond = f"{column} < {first} or ({column} > {last} and isfinite({column}))"
    return f"case when {is_beyond} then {before} || cast({column} as varchar) || {after} end"


def _too_long(name: str) -> str:
    """Return SQL for the reason of a text beyond what authors' SQL is bounded for."""
    column, called = quoting.name(name), name.replace("'", "’")
    before, after = (
        quoting.literal(f"column '{called}': "),
        quoting.literal(f" bytes, more than {MOST_BYTES:,}"),
    )
    return f"case when strlen({column}) > {MOST_BYTES} then {before} || format('{{:,}}', strlen({column})) || {after} end"


def _no_key(key: str, declared: bool) -> str:
    unread = f" and {quoting.name(_was(key))} is null" if declared else ""
    empty = quoting.literal(f"the key '{key}' is empty")
    return f"case when {quoting.name(key)} is null{unread} then {empty} end"


def _broken(said: str, rule: str) -> str:
    """Return SQL for a rule's reason. As in a SQL check, a rule that is null for a row has not failed."""
    return f"case when not ({rule}) then {quoting.literal(f'must: {said}')} end"


def _select(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} as {quoting.name(name)}" for name, sql in columns.items())
