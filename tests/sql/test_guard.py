"""The guard lets promises say what they need and nothing else."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import tokenize

from aspromised.sql.guard import guard, guard_query
from aspromised.sql.parse import MAX_DEPTH, ExpressionError, depth

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

    monkeypatch.setattr("aspromised.sql.parse.parse", reached)
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
