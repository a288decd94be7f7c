"""What an analyst mistypes is told before anything is judged, with its place and in our words."""

import re
from pathlib import Path

import duckdb
import pytest

from aspromised.declare.load import load
from aspromised.judge.binding import bind
from aspromised.sql.duckdb import DuckDB

COLUMNS = """id bigint, ordered timestamptz, delivered timestamptz, due date, region varchar, n integer, price decimal(10, 2),
 gift boolean, slot time"""
SAME = "write both as the same kind, with cast(… as …)"
OTHERWISE = "write it as what it takes, with cast(… as …)"
DAY, MOMENT = "write it as in date '2026-01-31'", "write it as in timestamp '2026-01-31 14:00:00'"
MISTAKES = {
    "due < date '2026-13-45'": f"'2026-13-45' is not a day: {DAY}",
    "ordered < timestamp 'abc'": f"'abc' is not a moment: {MOMENT}",
    "ordered < cast('2026-02-30' as date)": f"'2026-02-30' is not a day: {DAY}",
    "due > '2026-02-30'": f"'2026-02-30' is not a day: {DAY}",
    "ordered > '31.01.2026'": f"'31.01.2026' is not a moment: {MOMENT}",
    "ordered between '2026-01-01' and '2026-01-32'": f"'2026-01-32' is not a moment: {MOMENT}",
    "timestamptz '2026-01-01 25:00' < ordered": f"'2026-01-01 25:00' is not a moment: {MOMENT}",
    "coalesce(due, '2026-99-99') < due": f"'2026-99-99' is not a day: {DAY}",
    "case when n > 9 then due < '2026-99-99' end": f"'2026-99-99' is not a day: {DAY}",
    "slot > '25:00'": "'25:00' is not a time of day: write it as in time '14:00:00'",
    "due = 2026-01-01": f"a number is not a day: {DAY}",
    "delivered - ordered < 'two days'": "'two days' is not a length of time: write it as in interval '2 days'",
    "interval 'abc' < delivered - ordered": "'abc' is not a length of time: write it as in interval '2 days'",
    "n > 'abc'": "'abc' is not a number: write it as in 1234.5",
    "n in (1, 'a')": "'a' is not a number: write it as in 1234.5",
    "price > '12,50'": "'12,50' is not a number: write it as in 1234.5",
    "cast('abc' as int) > n": "'abc' is not a number: write it as in 1234.5",
    "gift = 'maybe'": "'maybe' is neither true nor false: write it as in true",
    "strptime('x', '%Y') > ordered": "'x' is not written as '%Y' says",
    "ordered < 2 days": "'days' stands behind a value with nothing between them: a length of time is written interval '2 days'",
    "delivered - ordered < 2": "it compares a length of time with a number: write that as a length of time too",
    "ordered + 2 > delivered": "'+' does not take a moment and a number: write a length of time as in + interval '2 days'",
    "n + region > 2": f"'+' does not take a number and a text: {SAME}",
    "-region > 1": f"'-' does not take a text: {SAME}",
    "upper(n) = 'A'": f"upper() does not take a number: {OTHERWISE}",
    "coalesce(region, 0) = 'a'": f"it mixes a text with a number: {SAME}",
    "greatest(n, region) > 1": f"it mixes a number with a text: {SAME}",
    "region and n > 1": "'region' is varchar, not true or false",
    "not n": "'n' is integer, not true or false",
    "region in 'north'": "what stands behind 'in' is in parentheses: in ('north')",
    "n <> null": "nothing is equal to null, nor other than it: write 'is null' or 'is not null'",
}


def told(root: Path, conditions: list[str], query: str = "select count(*) from orders") -> list[str]:
    """Return what is said of promises of one condition each, a line each."""
    (root / "promises").mkdir(parents=True)
    (root / "data").mkdir()
    of = "claim: c, made_by: m, kept_by: k, target: 90%"
    measure = "items: orders, id: id, at: ordered, kept_when"
    lines = [f'  p{n}: {{{of}, measure: {{{measure}: "{each}"}}}}' for n, each in enumerate(conditions)]
    (root / "promises/p.yaml").write_text("\n".join(["promises:", *lines, *asking(query)]), encoding="utf-8")
    (root / "data/sources.yaml").write_text("sources: {orders: {files: orders.csv}}", encoding="utf-8")
    con = DuckDB(duckdb.connect())
    con.execute("set TimeZone = 'UTC'; create schema source")
    con.execute(f"create table source.orders ({COLUMNS})")
    return [f"{each.place.line}: {each.message}" for each in bind(con, load(root)) if each.place]


def asking(query: str) -> list[str]:
    return [
        "promotions:",
        f'  g: {{says: s, launched: 2026-03-02, leans_on: [p0], ready_when: [{{gate: g, at_least: 1, sql: "{query}"}}]}}',
    ]


@pytest.mark.parametrize(
    "query",
    [
        "select count(*) from orders where due > '2026-13-45'",
        "select count(*) from orders as o where o.due > '2026-13-45' and cast(o.due as date) <= :day",
        "with late as (select due > '2026-13-45' as it from orders) select count(*) from late where it",
        "select count_if(due between '2026-13-45' and :day) from orders",
    ],
)
def test_a_query_with_a_day_that_there_is_not_is_told(tmp_path: Path, query: str) -> None:
    (said,) = told(tmp_path, ["n > 1"], query)
    assert said == f"4: the query does not fit the data: '2026-13-45' is not a day: {DAY}"


def test_typical_mistakes_are_told_each_in_its_line(tmp_path: Path) -> None:
    found = told(tmp_path, list(MISTAKES))
    for line, (condition, message) in enumerate(MISTAKES.items(), 2):
        (said,) = [each for each in found if each.startswith(f"{line}: ")]
        assert message in said, condition
        assert not re.search(r"[A-Z]{4}|_LITERAL|\bINT\d", said.replace(condition, "")), said


@pytest.mark.parametrize(
    "right", ["delivered - ordered < '2 days'", "gift = 'yes'", "due > '2026-02-28' or n is null"]
)
def test_what_the_database_reads_as_meant_is_let_through(tmp_path: Path, right: str) -> None:
    assert told(tmp_path, [right]) == []
