"""Sources that are queries over other sources."""

from datetime import datetime

import pytest

from aspromised.sql.authored.reads import reads
from tests.store.shop import Shop


def test_a_query_reads_other_sources_whatever_the_order_they_are_declared_in(shop: Shop) -> None:
    shop.file("events.csv", "ticket_id,at\n1,2026-07-01 10:00\n1,2026-07-01 12:00\n2,2026-07-02 09:00\n")
    shop.source("late", sql="select ticket_id from last_event where last_at > timestamp '2026-07-02'")
    shop.source(
        "last_event", sql="select ticket_id, max(at) as last_at from events group by 1", key="ticket_id"
    )
    shop.source("events", files="events.csv")
    shop.load()
    assert shop.query("select ticket_id, timezone('UTC', last_at) from source.last_event order by 1") == [
        (1, datetime(2026, 7, 1, 11)),
        (2, datetime(2026, 7, 2, 8)),
    ]
    assert shop.query("select * from source.late") == [(2,)]


def test_a_name_given_inside_the_query_hides_a_source_of_the_same_name(shop: Shop) -> None:
    shop.file("events.csv", "n\n1\n")
    shop.source("events", files="events.csv")
    shop.source("v", sql="with raw as (select n + 1 as m from events) select m from raw")
    shop.source("raw", files="events.csv")
    shop.load()
    assert shop.query("select * from source.v") == [(2,)]


def test_a_name_that_another_part_of_the_query_gives_is_still_a_source_here(shop: Shop) -> None:
    shop.file("events.csv", "n\n1\n")
    shop.source(
        "v",
        sql="select * from (with raw as (select 5 as n) select * from raw) as five union all select * from RAW",
    )
    shop.source("raw", files="events.csv")
    shop.load()
    assert sorted(shop.query("select * from source.v")) == [(1,), (5,)]
    shop.source("u", sql="with raw as (select n + 1 as n from raw) select * from raw")
    assert reads(shop.sources["u"].sql or "", shop.sources) == ["raw"]
    shop.load()
    assert shop.query("select * from source.u") == [(2,)]


def test_a_naive_instant_made_by_a_query_is_local_to_the_source(shop: Shop) -> None:
    shop.file("days.csv", "day\n2026-07-01\n")
    shop.source("days", files="days.csv")
    shop.source("v", sql="select cast(day as timestamp) as opens from days", timezone="Asia/Tokyo")
    shop.load()
    assert shop.query("select timezone('UTC', opens) from source.v") == [(datetime(2026, 6, 30, 15),)]


def test_queries_that_read_one_another_in_a_circle_are_a_problem_and_the_rest_loads(shop: Shop) -> None:
    shop.file("o.csv", "n\n1\n")
    shop.source("a", sql="select * from b")
    shop.source("b", sql="select * from a")
    shop.source("c", sql="select * from a")
    shop.source("o", files="o.csv")
    healths = shop.load()
    assert healths["o"].rows_kept == 1
    for name in ("a", "b"):
        assert (healths[name].problem or "").startswith("the sources read one another in a circle: ")
    assert healths["c"].problem == "it reads 'a', which could not be loaded: mend that first"


@pytest.mark.parametrize(
    "sql",
    [
        "select * from v",
        "select * from nowhere",
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "drop table loaded",
        "select 1; select 2",
        "select from where",
    ],
)
def test_a_query_may_only_read_declared_sources(shop: Shop, sql: str) -> None:
    shop.source("v", sql=sql)
    assert shop.load()["v"].problem
    assert shop.query("select count(*) from loaded") == [(0,)]


def test_a_query_that_fails_while_it_runs_is_a_problem(shop: Shop) -> None:
    shop.file("o.csv", "n\nx\n")
    shop.source("o", files="o.csv")
    shop.source("v", sql="select cast(n as integer) as n from o")
    assert (shop.load()["v"].problem or "").startswith("its sql: Could not convert string 'x'")
