"""The guard lets promises say what they need and nothing else."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import tokenize

from aspromised.sql.authored import guard as the_guard
from aspromised.sql.authored.allowlist import AGGREGATES, OF_THE_ENGINE, SCALAR_FUNCTIONS
from aspromised.sql.authored.guard import guard, guard_query, rendered
from aspromised.sql.authored.parse import MAX_DEPTH, ExpressionError, depth

COLUMNS = ["t", "u", "s", "n", "b", "d"]

MEANS_THE_SAME = [
    "hour(t)", "isodow(t)", "dayofweek(t)", "weekday(t)", "date_trunc('week', t)", "date_diff('day', t, u)",
    "date_part('hour', t)", "extract(hour from t)", "lower(s)", "upper(s)", "trim(s)", "length(s)",
    "substring(s, 1, 2)", "left(s, 2)", "right(s, 2)", "replace(s, 'a', 'b')", "starts_with(s, 'a')",
    "contains(s, 'b')", "ends_with(s, 'c')", "abs(n)", "round(n, 1)", "floor(n)", "ceil(n)", "least(n, 2)",
    "greatest(n, 2)", "nullif(n, 2)", "coalesce(n, 0)", "strftime(t, '%H')", "epoch(t)", "dayname(t)",
    "monthname(t)", "regexp_matches(s, 'a')", "s || 'x'", "n is not distinct from 2", "n in (1, 2)",
    "n between 1 and 2", "s like 'a%'", "s ilike 'A%'", "case when b then 1 else 2 end", "t::date",
    "try_cast(s as integer)", "t + interval 5 minutes", "t + to_hours(2)", "not b", "-n", "n // 2", "n / 2", "n % 2",
    "t at time zone 'Asia/Tokyo'", "b is true", "t::date = date '2026-03-01'", "week(t)", "quarter(t)", "n ** 2",
    "split_part(s, 'b', 1)", "if(b, 1, 2)", "log(n)", "last_day(d)", "s similar to 'a.*'", "ifnull(n, 3)",
]  # fmt: skip

REFUSED = {
    "read_text('/etc/passwd') = 'x'": "read_text() is not a function",
    "s in (select s from other)": "'subquery' is not allowed here",
    "exists(select 1)": "exists() is not a function",
    "b; drop table orders": "without ';'",
    "current_setting('memory_limit') = 'x'": "current_setting() is not a function",
    "getenv('HOME') = 'x'": "getenv() is not a function",
    "repeat('x', 2000000000) = s": "repeat() is not a function",
    "lpad(s, 2000000000, 'x') = s": "is not a function",
    "list_sum(range(100000000)) > 1": "is not a function",
    "t < now()": "reads the present",
    "d < current_date": "reads the present",
    "orders.t is null": "write the column's name alone",
    "tt is null": "unknown column 'tt'. Did you mean 't'?",
    "*": "not allowed",
    "sum(n) over ()": "is not allowed here",
    "sum(n) > 1": "is not a function",
    "'unclosed": "cannot be read as SQL",
    "n = ": "cannot be read as SQL",
    "": "empty expression",
    "select 1": "whole statement",
    "drop table x": "not allowed here",
    "set memory_limit = '1GB'": "not allowed here",
    "pragma database_list": "not allowed here",
    "attach 'x.db'": "not allowed here",
    "copy t to 'x.csv'": "whole statement",
    "$1 = 1": "is not allowed here",
    "columns('x')": "is not a function",
}


@pytest.fixture(scope="module")
def rows():
    con = duckdb.connect()
    con.execute("set TimeZone = 'Europe/London'")
    con.execute(
        "create table rows as select timestamptz '2026-03-29 00:30' + to_hours(i * 7) as t,"
        " timestamptz '2026-04-02 12:00' as u, ['abc', 'xyz', null, 'Abc'][1 + i % 4] as s, i as n,"
        " i % 2 = 0 as b, date '2026-03-01' as d from range(1, 12) r(i)"
    )
    return con


@pytest.mark.parametrize("text", MEANS_THE_SAME)
def test_what_is_allowed_means_the_same_after_the_guard(rows, text):
    guarded = guard(text, COLUMNS).sql(dialect="duckdb")
    as_text = "select cast({} as varchar) from rows"
    assert rows.sql(as_text.format(guarded)).fetchall() == rows.sql(as_text.format(text)).fetchall()


@pytest.mark.parametrize(("text", "because"), REFUSED.items())
def test_what_is_not_allowed_is_refused_with_its_reason(text, because):
    with pytest.raises(ExpressionError) as refusal:
        guard(text, COLUMNS)
    assert because in str(refusal.value)


@pytest.mark.parametrize("text", ["(" * 500_000 + "1" + ")" * 500_000, "(" * 4000 + "1" + ")" * 4000, "1+" * 4900 + "1", "not " * 2000 + "b"])  # fmt: skip
def test_monstrous_expressions_are_refused(text):
    with pytest.raises(ExpressionError):
        guard(text, COLUMNS)


DEEP = ["{}1{}".format(*each) for each in [
    ("(" * 900, ")" * 900), ("case when true then " * 400, " end" * 400), ("not " * 2400, ""), ("- " * 3000, ""),
    ("~ " * 3000, ""), ("not (" * 800, ")" * 800), ("abs(" * 900, ")" * 900), ("(" * 3000, ""), ("interval " * 900, ""),
    ("1 + " * 1500, ""), ("s || " * 1500, ""), ("2 ** " * 1500, ""), ("n = " * 1500, ""),
]]  # fmt: skip


@pytest.mark.parametrize("text", DEEP)
def test_what_is_nested_too_deeply_is_refused_before_the_parser_loses_itself(text):
    for refused in (lambda: guard(text, COLUMNS), lambda: guard_query(f"select {text}", ["orders"])):
        with pytest.raises(ExpressionError, match=r"nested deeper than|too long"):
            refused()


@pytest.mark.parametrize("link", ["[1]", "[1:2]", ".f()", ".b[1]", " .f (1)", "{'k': 1}"])
def test_a_chain_that_costs_the_parser_its_square_never_reaches_it(link, monkeypatch):
    def reached(*_, **__):
        pytest.fail("the parser was asked")

    monkeypatch.setattr("aspromised.sql.authored.parse.parse", reached)
    for text in (f"s{link * 1200}", f"(1){link * 1200}", f"abs(n){link} = 1"):
        for refused in (lambda text=text: guard(text, COLUMNS), lambda text=text: guard_query(f"select {text}", ["orders"])):  # fmt: skip
            with pytest.raises(
                ExpressionError, match=r"not allowed here: there are no lists|'\.' stands between"
            ):
                refused()


@pytest.mark.parametrize(
    "wrap", ["({})", "abs({})", "not ({})", "case when true then {} end", "cast({} as integer)"]
)
def test_what_is_nested_as_deeply_as_it_may_be_can_be_read(wrap):
    text = "n"
    while depth(tokenize(wrap.format(text), read="duckdb")) <= MAX_DEPTH:
        text = wrap.format(text)
    assert guard(text, COLUMNS)


def test_columns_are_known_whatever_their_case():
    assert guard("S = 'x'", COLUMNS).sql(dialect="duckdb") == "\"S\" = 'x'"


def test_a_query_reads_declared_sources_only():
    assert guard_query("with a as (select t from orders) select count(*) from a", ["orders"])
    for text, because in {
        "select * from read_csv('x.csv')": "only declared sources",
        "select * from 'x.parquet'": "unknown source 'x.parquet'",
        "select * from ordres": "unknown source 'ordres'. Did you mean 'orders'?",
        "select * from information_schema.tables": "only declared sources",
        "with recursive a as (select 1 union all select 1 from a) select * from a": "recursive",
        "insert into orders values (1)": "only one select",
        "select * from orders; select 1": "without ';'",
        "select repeat('x', 2000000000) from orders": "repeat() is not a function",
        "select * from range(100000000)": "only declared sources",
    }.items():
        with pytest.raises(ExpressionError) as refusal:
            guard_query(text, ["orders"])
        assert because in str(refusal.value), text


def test_a_query_knows_its_parameters():
    assert guard_query("select min(n) from stock where day = :day", ["stock"], ["day"])
    with pytest.raises(ExpressionError, match=r"unknown parameter .:dya.\. Did you mean .day"):
        guard_query("select min(n) from stock where day = :dya", ["stock"], ["day"])


@pytest.mark.parametrize("text", ["ELSE", "else 1", "case else", "not", "(", "'", "a b c", "interval"])
def test_a_text_over_which_the_parser_stumbles_is_refused_in_words(text):
    with pytest.raises(ExpressionError):
        guard(text, COLUMNS)


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_is_either_a_tree_or_a_refusal(text):
    try:
        guard(text, COLUMNS)
    except ExpressionError as refusal:
        assert str(refusal)


GIVEN = {"texts": ["s", "'a'", "'b'", "'c'", "'d'", "'e'"], "others": ["'day'", "t", "u", "n", "b", "d"]}


@pytest.mark.parametrize("name", sorted(SCALAR_FUNCTIONS | AGGREGATES))
def test_a_call_with_too_few_or_too_many_values_is_its_authors_error(rows, name):
    for values in GIVEN.values():
        for count in range(len(values) + 1):
            call = f"{name}({', '.join(values[:count])})"
            for written, ask in ((call, guard), (f"select {call} as x from rows", guard_query)):
                try:
                    sql = rendered(ask(written, COLUMNS if ask is guard else {"rows": COLUMNS}))
                except ExpressionError:
                    continue
                sql = sql.replace('"source".', "") if ask is guard_query else f"select {sql} from rows"
                try:
                    rows.execute(f"describe {sql}")
                except duckdb.Error:
                    continue


def test_replace_with_two_values_says_which_are_missing():
    with pytest.raises(ExpressionError, match=r"replace.. takes three values"):
        guard("replace(s, 'a') = ''", COLUMNS)


@pytest.mark.parametrize(
    "error", [KeyError("x"), ValueError("x"), TypeError("x"), AttributeError("x"), IndexError("x")]
)
def test_what_no_one_thought_of_is_its_authors_error(monkeypatch, error):
    def stumble(*_):
        raise error

    monkeypatch.setattr(the_guard, "_allow_all", stumble)
    for ask in (lambda: guard("n > 1", COLUMNS), lambda: guard_query("select n from o", {"o": COLUMNS})):
        with pytest.raises(ExpressionError, match=r"cannot be read .*: write it in simpler words"):
            ask()


def answered_by_the_engine():
    """Return the words that the database answers by themselves where no table has such a column."""
    con = duckdb.connect()
    con.execute("create table t (a int)")
    words = [row[0] for row in con.execute("select keyword_name from duckdb_keywords()").fetchall()]
    words += [
        row[0] for row in con.execute("select distinct function_name from duckdb_functions()").fetchall()
    ]
    found = set()
    for word in words:
        name = word.replace('"', '""')
        try:
            con.execute(f'describe select "{name}" from t')
        except duckdb.Error:
            continue
        found.add(word)
    return found


def test_every_word_that_the_database_answers_by_itself_is_known():
    assert answered_by_the_engine() <= OF_THE_ENGINE | {"a"}


@pytest.mark.parametrize("name", sorted(OF_THE_ENGINE))
@pytest.mark.parametrize("written", ["{}", '"{}"', '"{}"::text', "coalesce({}, {})"])
def test_the_databases_own_words_are_no_columns_by_themselves(name, written):
    for cased in (name, name.upper()):
        value = written.format(cased, cased)
        with pytest.raises(ExpressionError):
            guard(f"{value} is null", COLUMNS)
        for query in (
            f"select {value} as x from o",
            f"select n from o where {value} is null",
            f"select n from o order by {value}",
        ):
            with pytest.raises(ExpressionError):
                guard_query(query, {"o": [*COLUMNS, name]})


@pytest.mark.parametrize("name", ["user", "current_date"])
def test_a_column_named_like_the_databases_own_words_is_read_where_its_table_is_said(name):
    assert f'"{name}"' in rendered(guard_query(f'select o."{name}" from o', {"o": [name]}))
    assert f'"{name}"' in rendered(guard(f'"{name}" is null', [name]))


def test_the_databases_own_number_of_a_row_is_no_column():
    for query in (
        "select rowid from o",
        "select o.rowid from o",
        'select "RowId" from o',
        "select n from o order by rowid",
        "select a.n from o as a join o as b using (rowid)",
        'select a.n from o as a join o as b using ("RowID")',
    ):
        with pytest.raises(ExpressionError, match="changes from load to load"):
            guard_query(query, {"o": COLUMNS})
    assert guard_query("select rowid from o", {"o": ["rowid"]})


@pytest.mark.parametrize("name", ["duc\u212adb_columns", "duckdb_column\u017f", "DUC\u212aDB_COLUMNS"])
def test_a_name_that_only_looks_the_same_hides_no_table(name):
    for read in ("duckdb_columns", "duckdb_columns as x", "(select * from duckdb_columns)"):
        with pytest.raises(ExpressionError, match=r"unknown source|is not a source"):
            guard_query(f'with "{name}" as (select 1 as n) select * from {read}', {"o": COLUMNS})


@pytest.mark.parametrize(
    "read", ["source.o", "o", "main.o", "information_schema.tables", "x.source.o", "source.p"]
)
def test_what_is_read_back_reads_only_sources(monkeypatch, read):
    monkeypatch.setattr(the_guard, "to_sources", lambda *_: [])
    if read == "source.o":
        assert guard_query(f"select n from {read}", {"o": COLUMNS})
    else:
        with pytest.raises(ExpressionError, match="source"):
            guard_query(f"select n from {read}", {"o": COLUMNS})


def doubling(levels, made="*", how=""):
    """Return a query that reads a table twice, what that makes twice, and so on."""
    steps = [
        f"c{level} as {how} (select {made} from c{level - 1} x, c{level - 1} y)"
        for level in range(1, levels + 1)
    ]
    return ", ".join([f"with c0 as {how} (select * from o)", *steps]) + f" select count(*) from c{levels}"


@pytest.mark.parametrize(
    ("query", "because"),
    [
        (doubling(20), "columns: at most"),
        (doubling(200), "columns: at most"),
        (doubling(12, made="x.n"), "reads tables 4,096 times"),
        (doubling(12, made="x.n", how="not materialized"), "reads tables 4,096 times"),
        ("select 1 from " + ", ".join(f"o t{number}" for number in range(101)), "reads tables 101 times"),
        (
            "select 1 from o where n in (select 1 from " + ", ".join(["o"] * 101) + ")",
            "reads tables 102 times",
        ),
        (
            "select * from (" + doubling(20).removesuffix("count(*) from c20") + "* from c20)",
            "columns: at most",
        ),
        (
            "select x.* from (select * from o union all by name select * from wide) x, wide, wide a, wide b",
            "",
        ),
        ("select * from wide a, wide b, wide c, wide d, wide e, wide f", "'*' makes 12,000 columns"),
        ("select a.*, a.*, a.*, a.*, a.*, a.* from wide a, o", "'*' makes 12,000 columns"),
        (
            "select 1 where exists (select * from (wide a join wide b on true join wide c on true), (wide d join wide e on true), wide f)",
            "'*' makes 12,000 columns",
        ),
        (
            "with " + ", ".join(f"c{n} as (select * from wide)" for n in range(60)) + " select 1 from c0",
            "its selects make 120,",
        ),
        (
            "with c0 as (select * from wide)"
            + "".join(f", c{n} as (select *, {n} as k{n} from c{n - 1})" for n in range(1, 20))
            + " select * from c19",
            "",
        ),
        (doubling(5), ""),
    ],
)
def test_what_a_query_makes_of_its_tables_is_bounded(query, because):
    tables = {"o": COLUMNS, "wide": [f"w{number}" for number in range(2_000)]}
    if not because:
        assert guard_query(query, tables)
        return
    with pytest.raises(ExpressionError, match=because.replace("*", "[*]")):
        guard_query(query, tables)


LENGTHS = ["1 day", "-1 day", "0.5 days", "1 day 2 hours", "1 day -2 hours", "1:30", "-1:30:00", "1day", " 1 day ", "1.5 months", "3 h", "1 quarter"]  # fmt: skip
CUT = ["2 days ago", "1 day 12:00:00", "0,5 days", "- 1 day", "+1 day", "1 day; drop", "P1D", "1 day 2", "1 décade", ".5 days", "a day", "5", "1e2 days"]  # fmt: skip


@pytest.mark.parametrize("text", LENGTHS)
def test_a_length_of_time_is_what_the_database_makes_of_its_text(text: str) -> None:
    ours = rendered(guard(f"a + interval '{text}'", ["a"])).partition(" + ")[2]
    with duckdb.connect() as con:
        assert con.execute(f"select {ours} = interval '{text}'").fetchall() == [(True,)]


@pytest.mark.parametrize(
    "text", [*(f"interval '{each}'" for each in CUT), "interval '1.5' days", "interval 1.5 days"]
)
def test_a_length_of_time_that_would_be_read_in_part_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="is not a length of time"):
        guard(f"a + {text}", ["a"])
    with pytest.raises(ExpressionError, match="is not a length of time"):
        guard_query(
            f"select sum(v) over (order by a range between {text} preceding and current row) as s from o",
            {"o": ["a", "v"]},
        )
