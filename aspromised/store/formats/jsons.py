"""JSON files as raw rows of text: one object a row; a line that is not one is set aside."""

from pathlib import Path

import duckdb

from aspromised.sql import connect, quoting
from aspromised.store.formats import outside
from aspromised.store.formats.header import checked, refuse_nul, union
from aspromised.store.formats.raw import (
    MOST_COLUMNS,
    RAW,
    STORED,
    Raw,
    Rejected,
    SourceProblem,
    all_text,
    columns_of,
    first_line,
)
from aspromised.words.columns import column_key, column_name, spelled

_LONGEST = 1 << 28
_AT_ONCE = 10_000


def read_lines(con: duckdb.DuckDBPyConnection, files: list[Path], decimal: str = ".") -> Raw:
    """Leave the objects of JSON Lines files in the table `raw`; other lines are set aside."""
    con.execute("create or replace temp table line (file varchar, line varchar)")
    for file in files:
        _run(con, file, "select ? as file, line from read_csv(?, columns = {'line': 'varchar'}, "
             "delim = '\x01', quote = '', escape = '', header = false, auto_detect = false, "
             f"max_line_size = {_LONGEST}, buffer_size = {2 * _LONGEST}) where trim(line) <> ''",
             [str(file), str(file)])  # fmt: skip
    con.execute(
        "create or replace temp table object as select file, line::json as object from line "
        "where json_valid(line) and json_type(line) = 'OBJECT'"
    )
    return _objects(con, files, _not_objects(con), decimal)


def read_documents(con: duckdb.DuckDBPyConnection, files: list[Path], decimal: str = ".") -> Raw:
    """Leave the objects of JSON files (a list of objects, or objects one after another) in the table `raw`."""
    con.execute("create or replace temp table line (file varchar, line varchar)")
    for file in files:
        _run(con, file, "select ? as file, json::varchar as line from read_json_objects(?, format = 'auto', "
             f"maximum_object_size = {_LONGEST})", [str(file), str(file)])  # fmt: skip
    con.execute(
        "create or replace temp table object as select file, line::json as object from line "
        "where json_type(line) = 'OBJECT'"
    )
    return _objects(con, files, _not_objects(con), decimal)


def _run(con: duckdb.DuckDBPyConnection, file: Path, sql: str, parameters: list[str]) -> None:
    if not file.stat().st_size:
        raise SourceProblem(f"{file}: the file is empty: export it again")
    try:
        with connect.to_read_files() as reader:
            rows = reader.sql(sql, params=parameters).to_arrow_reader(_AT_ONCE)
            outside.take(con, rows, "insert into line by name select * from incoming")
    except duckdb.Error as error:
        raise SourceProblem(
            f"{file}: not whole JSON in UTF-8: export it again ({first_line(error)})"
        ) from error


def _not_objects(con: duckdb.DuckDBPyConnection) -> Rejected:
    where = "from line where not json_valid(line) or json_type(line) <> 'OBJECT'"
    count = con.execute(f"select count(*) {where}").fetchall()[0][0]
    rows = con.execute(
        f"select line, parse_filename(file) || ': not a JSON object' {where} order by all limit {STORED}"
    ).fetchall()
    return Rejected(count, rows)


def _objects(con: duckdb.DuckDBPyConnection, files: list[Path], rejected: Rejected, decimal: str) -> Raw:
    """Spread the objects over text columns, one a key; nested values stay JSON text, numbers take the decimal sign."""
    for file, key in con.execute(
        "select distinct file, key from (select file, unnest(json_keys(object)) as key from object)"
        " where contains(key, chr(0))"
    ).fetchall():
        refuse_nul(file, [key])
    keys = con.execute(
        "select key, bool_and(json_type(object, path) in ('VARCHAR', 'NULL')) from "
        "(select object, key, '$.\"' || replace(replace(key, '\\', '\\\\'), '\"', '\\\"') || '\"' as path from "
        "(select object, unnest(json_keys(object)) as key from object) where key <> '') "
        "group by key order by key"
    ).fetchall()
    if len(keys) > MOST_COLUMNS:
        raise SourceProblem(
            f"{files[0]}: its objects have {len(keys):,} keys in all, such as {_some(keys)}; at most {MOST_COLUMNS:,} can be"
            " read: where ids stand as keys, export each as a value, one object a row"
        )
    keys = [(key, text) for key, text in keys if column_name(key)]
    if not keys:
        raise SourceProblem(f"{files[0]}: holds no JSON objects: it needs one object a row")
    of_files = con.execute(
        "select file, list_sort(list(distinct key)) from (select file, unnest(json_keys(object)) as key from object)"
        " where key <> '' group by file"
    ).fetchall()
    found = {Path(file): checked(file, list(filter(column_name, held))) for file, held in of_files}
    written = _by_column([found[file] for file in files if file in found], [key for key, _ in keys])
    picked = ", ".join(
        f"coalesce({', '.join(_picked(key, decimal) for key in same)}) as {quoting.name(column)}"
        for column, same in written.items()
    )
    con.execute(f"create or replace temp table {RAW} as select {picked} from object")
    is_text = dict(keys)
    return Raw(
        columns_of(con),
        {file: all_text(found.get(file, [])) for file in files},
        infer=True,
        strings=frozenset(column for column, same in written.items() if all(is_text[key] for key in same)),
        rejected=rejected,
    )


def _by_column(names: list[list[str]], keys: list[str]) -> dict[str, list[str]]:
    """Return the columns in the order of their names, each with the keys that mean it."""
    columns = spelled(sorted(union(names)))
    found: dict[str, list[str]] = {column: [] for column in columns.values()}
    for key in keys:
        found[columns[column_key(key)]].append(key)
    return found


def _picked(key: str, decimal: str) -> str:
    path = quoting.literal(_path(key))
    if decimal == ".":
        return f"object ->> {path}"
    number = f"replace(object ->> {path}, '.', {quoting.literal(decimal)})"
    return f"case when json_type(object, {path}) = 'DOUBLE' then {number} else object ->> {path} end"


def _some(keys: list[tuple[str, bool]]) -> str:
    return " and ".join(f"'{key[:40]}'" for key, _ in keys[:2])


def _path(key: str) -> str:
    return '$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
