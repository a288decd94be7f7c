"""SQL in YAML reaches no file and no second statement: the guard refuses it, and the lock holds where the guard errs."""

import re
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse, parse_one, tokenize

from aspromised.judge import binding
from aspromised.judge.planning import planner as planning
from aspromised.sql import connect
from aspromised.sql.authored import guard as expression
from aspromised.sql.authored.guard import guard, guard_query, rendered
from aspromised.sql.authored.parse import ExpressionError
from aspromised.sql.limits import MEMORY_VARIABLE
from tests.cli.run import run
from tests.cli.shop import MOMENT, SOURCES, open_shop

SECRET = "the-secret-of-another-folder"

MORE_THAN_ONE_EXPRESSION = [
    """cast(s as \"""varchar"" from t); copy (select 1) to '{there}'; --")""",
    "s::\"varchar); copy (select 1) to '{there}'; --\"",
    "try_cast(s as \"date); copy (select 1) to '{there}'; --\")",
    "extract(\"year from t) from t); copy (select 1) to '{there}'; --\" from t)",
    "cast(n as decimal(\"3,1)); copy (select 1) to '{there}'; --\"))",
    "date_trunc('day''; copy (select 1) to ''{there}''; --', t)",
    "date_diff('day'', t, t); copy (select 1) to ''{there}''; --', t, t)",
    "last_day(t, \"month); copy (select 1) to '{there}'; --\")",
    "t + interval (n) \"day; copy (select 1) to '{there}'; --\"",
    "s collate \"nocase; copy (select 1) to '{there}'; --\"",
    "s /* */ = 'a' -- */ ; copy (select 1) to '{there}'",
    "s = 'a\0'; copy (select 1) to '{there}'",
    "s::struct(\"a int); copy (select 1) to '{there}'; --\" int)",
    's::"varchar"',
    "s::enum('a')",
    "s::map(int, int)",
    "n::decimal(s, 1)",
]


@pytest.mark.parametrize("text", MORE_THAN_ONE_EXPRESSION)
def test_an_expression_that_is_more_than_one_is_refused(text: str, tmp_path: Path) -> None:
    there = tmp_path / "there"
    try:
        sql = rendered(guard(text.format(there=there), ["s", "t", "n"]))
    except ExpressionError:
        return
    assert "copy" not in re.sub(r"'(''|[^'])*'", "''", sql.lower())  # a comment, or text between quotes


@pytest.mark.parametrize(
    "text", [MORE_THAN_ONE_EXPRESSION[0], MORE_THAN_ONE_EXPRESSION[3], MORE_THAN_ONE_EXPRESSION[4]]
)
def test_check_tells_it_with_its_place_and_runs_nothing(text: str, tmp_path: Path) -> None:
    there = tmp_path / "there"
    hostile = (
        text.format(there=there)
        .replace("(s ", "(region ")
        .replace("(n ", "(order_id ")
        .replace("t)", "ordered_at)")
    )
    quoted = hostile.replace("'", "''")
    shop = open_shop(tmp_path / "shop", sources=f"{SOURCES}    must: ['{quoted}']\n")
    checked = run("check", "--workspace", shop)
    assert checked.code == 1
    assert "data/sources.yaml:6:12: " in checked.out
    assert not there.exists()


READS_WHAT_IS_NO_SOURCE = [
    'select * from (with "{secret}" as (select 1) select * from "{secret}") a, "{secret}" b',
    'with a as (with "{secret}" as (select 1) select * from "{secret}") select * from "{secret}"',
    'select * from "{secret}", (with "{secret}" as (select 1) select 1)',
    'select (with "{secret}" as (select 1 as x) select x from "{secret}") from "{secret}"',
    'with a as (select * from "{secret}"), "{secret}" as (select 1) select * from a',
    'with "{secret}" as (select * from "{secret}") select * from "{secret}"',
    'select 1 union all (with "{secret}" as (select 1) select * from "{secret}") union all select * from "{secret}"',
    "select * from '{secret}'",
    'select * from orders join "{secret}" on true',
    'select * from main."{secret}"',
    "select * from source.orders",
    'select exists (select 1 from "{secret}") from orders',
    "select * from loaded",
    "select * from read_text('{secret}')",
]


@pytest.mark.parametrize("text", READS_WHAT_IS_NO_SOURCE)
def test_a_query_that_reads_what_is_no_source_where_it_stands_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"unknown source|is not a source|not a function"):
        guard_query(text.format(secret="/etc/passwd"), ["orders"])


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("with a as (select 1 as x) select * from A", set()),
        ("with a as (select * from orders), b as (select * from a) select * from b, a", {"orders"}),
        ("with orders as (select * from ORDERS) select * from orders", {"orders"}),
        ("select * from (with a as (select 1) select * from a) as x, stock", {"stock"}),
        (
            "(with a as (select * from stock) select * from a) union all select * from orders",
            {"orders", "stock"},
        ),
        ("select (select max(n) from stock where stock.id = o.id) from orders o", {"orders", "stock"}),
    ],
)
def test_a_name_means_what_is_in_scope_where_it_stands(text: str, reads: set[str]) -> None:
    assert tables_of(rendered(guard_query(text, ["orders", "stock"]))) == {f"source.{name}" for name in reads}


def tables_of(sql: str) -> set[str]:
    """Return the tables that the database itself finds in a query."""
    found = duckdb.connect().get_table_names(sql, qualified=True)
    return {name.partition(" AS ")[0].replace('"', "") for name in found}


def test_what_the_database_has_no_words_for_is_refused_and_not_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for query in ("select count(s ignore nulls) from orders", "select sum(n respect nulls) from orders"):
        with pytest.raises(ExpressionError):
            guard_query(query, ["orders"])
    with pytest.raises(ExpressionError):
        guard("fetch first 1e5", [])
    assert not caplog.records


def through(text: str, *_: object) -> exp.Expr:
    """A guard that errs: whatever is written goes on as it stands."""
    return exp.Var(this=text)


@pytest.fixture
def no_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (expression, binding, planning):
        monkeypatch.setattr(module, "guard", through)
    for module in (expression, binding):
        monkeypatch.setattr(module, "rendered", lambda tree: tree.sql(dialect="duckdb"))
        monkeypatch.setattr(module, "guard_query", through)


REACHES_OUT = [
    "(select content from read_text('{secret}'))",
    "(select any_value(column0) from read_csv('{secret}', header = false))",
    "(select max(file) from glob('{secret}*'))",
    "(select any_value(a) from '{secret}' t(a))",
    "1); copy (select 1) to '{there}'; select (1",
    "1); attach '{there}' as there; select (1",
    "1); copy (select content from read_text('{secret}')) to '{there}'; select (1",
    "1); export database '{there}'; select (1",
    "1); install httpfs; select (1",
    "1); load '{there}'; select (1",
    "1); set enable_external_access = true; select (1",
]
PLACES = {
    "must": lambda text: {"sources": f"{SOURCES}    must: ['{text} is not null']\n"},
    "sql": lambda text: {"sources": f"{SOURCES}  view: {{sql: 'select {text} as it from source.orders'}}\n"},
    "only": lambda text: {"promises": ONE.replace("ONLY", f"'{text} is not null'")},
    "kept_when": lambda text: {
        "promises": ONE.replace("not wrong", f"'{text} is not null'").replace("ONLY", "'true'")
    },
}
ONE = """promises:
  right-item:
    claim: The right item
    made_by: marketing
    kept_by: dispatch
    target: 90%
    measure: {items: orders, id: order_id, at: ordered_at, kept_when: not wrong, only: ONLY}
"""


@pytest.mark.usefixtures("no_guard")
@pytest.mark.parametrize("place", PLACES)
def test_what_gets_past_the_guard_finds_every_file_locked(
    place: str, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    secret, there = tmp_path / "secret.txt", tmp_path / "there"
    secret.write_text(SECRET)
    for number, text in enumerate(REACHES_OUT):
        with subtests.test(text):
            hostile = text.format(secret=secret, there=there).replace("'", "''")
            shop = open_shop(tmp_path / f"shop{number}", **PLACES[place](hostile))
            checked = run("check", "--workspace", shop)
            refreshed = run("refresh", "--workspace", shop, "--as-of", MOMENT)
            status = run("status", "--workspace", shop)
            assert checked.code == 1, checked.out
            assert "Traceback" not in checked.out + checked.err + refreshed.err
            assert not there.exists()
            told = checked.out + refreshed.out + refreshed.err + status.out
            assert SECRET not in told
            kept = [*(shop / ".aspromised").rglob("*.duckdb*")]
            assert all(SECRET.encode() not in file.read_bytes() for file in kept)


@pytest.mark.parametrize("sql", [text for text in REACHES_OUT if ";" not in text] + [
    "copy (select 1) to '{there}'", "attach '{there}'", "export database '{there}'", "install httpfs", "load '{there}'",
    "set enable_external_access = true", "reset lock_configuration", "set allowed_directories = ['/']",
    "create table a as from read_json('{secret}')", "select 1; select 2", "",
])  # fmt: skip
def test_a_locked_connection_reaches_no_file_and_runs_one_statement(sql: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    con = connect.to_write(tmp_path / "w.duckdb", "Europe/London", tmp_path / "spill")
    connect.lock(con, [tmp_path / "new"])
    with con, pytest.raises(duckdb.Error):
        con.execute(
            sql.format(secret=secret, there=tmp_path / "there")
            if ";" in sql or not sql.startswith("(")
            else f"select {sql.format(secret=secret)}"
        ).fetchall()
    assert not (tmp_path / "there").exists()


def test_a_locked_connection_still_spills_and_writes_the_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MEMORY_VARIABLE, "60MB")
    con = connect.to_write(tmp_path / "w.duckdb", "Europe/London", tmp_path / "spill")
    connect.lock(con, [tmp_path / "new"])
    with con:
        con.execute(
            "create temp table a as select hash(i)::varchar || repeat('x', 90) as s from range(1000000) r(i)"
        )
        assert any((tmp_path / "spill").iterdir())
        con.execute(f"attach '{tmp_path / 'new'}' as snapshot")
        con.execute("create table snapshot.a as select * from a limit 1000")
        con.execute("checkpoint snapshot")
        con.execute("detach snapshot")
    with duckdb.connect(str(tmp_path / "new")) as new:
        assert new.execute("select count(*) from a").fetchall() == [(1000,)]


ODD = st.sampled_from([
    "a", "day", 'x" y', "x' y", "--", "/*", "*/", ";", "; drop table t", "$$", "$a$b$a$", "\\", "\\'", '""', "''", "é", "\u00a0",
    "\u2028", "\u200b", "😀", "source", "select", "1", ":day", "$1", "?", "varchar", '"#days"."#day"', "/*+ hint */", "x\ny", "e'",
    "now", "nocase", "Europe/London", "ROWS", "'); copy (select 1) to 'x'; --",
])  # fmt: skip
NAME = st.one_of(ODD, st.text(max_size=6)).map(lambda text: '"' + text.replace('"', '""') + '"')
TEXT = st.one_of(ODD, st.text(max_size=6)).map(lambda text: "'" + text.replace("'", "''") + "'")
WORD = st.one_of(
    NAME,
    TEXT,
    st.sampled_from(
        [
            "day",
            "hour",
            "week",
            "year",
            "isodow",
            "varchar",
            "decimal(3,1)",
            "x'00'",
            "e'\\''",
            "1e5",
            "$$a$$",
            "$1",
            ":day",
            "?",
        ]
    ),
)
SLOTS = [
    "cast(s as {0})", "s::{0}", "try_cast(s as decimal({0}, {1}))", "s::{0}[]", "s::struct({0} int)", "s::varchar({0})",
    "extract({0} from t)", "date_trunc({0}, t)", "date_part({0}, t)", "date_diff({0}, t, t)", "last_day(t, {0})",
    "t + interval {0}", "t + interval {0} {1}", "t + interval (n) {0}", "interval {0} day", "t at time zone {0}", "timezone({0}, t)",
    "s collate {0}", "s like {0} escape {1}", "s = {0}", "s || {0} || {1}", "{0}(s)", "s as {0}", "{0}.{1}", "trim({0} from s)",
    "trim(both {0} from s)", "strftime(t, {0})", "s similar to {0}", "s in ({0}, {1})", "{0} {1}", "s /* {0} */ = {1}",
    "s = {0} -- {1}", "case {0} when {1} then 1 end", "s is {0}", "date {0}", "timestamp {0}", "{0} {1} {0}", "n + {0}",
    "position({0} in s)", "substring(s from {0})", "lower({0})", "x[{0}]", "({0}, {1})", "{{{0}: {1}}}",
]  # fmt: skip
QUERY_SLOTS = [
    "select {0} from t", "select s as {0} from t", "select s {0} from t as {1}", "select * from {0}", "select * from t, {0}",
    "select * from t {0} join t as b on true", "select * from t join t as b using ({0})", "with {0} as (select 1) select * from {0}",
    "select * from (with {0} as (select 1) select * from {0}) as a, {1}", "select sum(n) over {0} from t window {0} as (order by s)",
    "select sum(n) over (order by s rows between {0} preceding and {1} following) from t", "select * from t limit {0} offset {1}",
    "select * from t order by {0} nulls {1}", "select * exclude ({0}) from t", "select * replace (1 as {0}) from t",
    "select * rename (s as {0}) from t", "select * from t tablesample {0}", "select * from t using sample {0}",
    "select * from (values ({0})) as v({1})", "select * from t as {0}({1})", "select count(*) filter (where s = {0}) from t",
"select :{0}", "select * from t union {0} select 1", "select * from t where {0} = any(select {1})",
    "select distinct on ({0}) * from t", "from t select {0}", "select /*+ {0} */ * from t", "select * from t group by {0} having {1}",
    "select {0}.{1}.s from t", "select * from {0}.{1}", "select * from t at (version => {0})", "select columns({0}) from t",
]  # fmt: skip


@settings(max_examples=300)
@given(st.sampled_from(SLOTS), WORD, WORD)
def test_any_expression_that_passes_is_one_expression_and_reads_back_as_itself(
    slot: str, one: str, other: str
) -> None:
    try:
        tree = guard(slot.format(one, other), ["s", "t", "n"])
    except ExpressionError:
        return
    sql = rendered(tree)
    assert parse_one(sql, dialect="duckdb") == tree
    assert kinds(f"select ({sql})") == [duckdb.StatementType.SELECT]
    assert not any(token.comments for token in tokenize(sql, read="duckdb"))


@settings(max_examples=300)
@given(st.sampled_from(QUERY_SLOTS), WORD, WORD)
def test_any_query_that_passes_reads_sources_and_nothing_else(slot: str, one: str, other: str) -> None:
    try:
        tree = guard_query(slot.format(one, other), ["t"], ["day"])
    except ExpressionError:
        return
    sql = rendered(tree)
    assert parse(sql, dialect="duckdb") == [tree]
    assert kinds(sql) == [duckdb.StatementType.SELECT]
    with suppress(duckdb.BinderException):  # which the database would not run either
        assert tables_of(sql) <= {"source.t"}


def kinds(sql: str) -> list[duckdb.StatementType]:
    return [statement.type for statement in duckdb.extract_statements(sql)]
