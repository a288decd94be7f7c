"""Rows of a query on a real server are read as rows of a file are: typed, set aside, never changed in silence."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest

from aspromised.declare.model import Connection
from tests.postgres import Server, needs_postgres
from tests.store.shop import Shop

pytestmark = needs_postgres

VARIABLE = "SHOP_DATABASE_URL"
INSTANT = "TIMESTAMP WITH TIME ZONE"


@pytest.fixture
def connected(shop: Shop, postgres: Server, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return an empty shop whose connection `shop` reaches the server."""
    monkeypatch.setenv(VARIABLE, postgres.url)
    shop.connections["shop"] = Connection(kind="postgres", url_env=VARIABLE)
    return shop


def ask(shop: Shop, query: str, **declared: object) -> None:
    shop.source("o", connection="shop", query=query, **declared)


def test_the_database_s_own_types_stand(connected: Shop) -> None:
    ask(
        connected,
        """
        select 7::smallint as small, 8::bigint as big, 1.5::real as part, 'x'::text as words, 'y'::varchar(9) as few,
               true as yes, date '2026-01-02' as day, time '10:30' as clock,
               timestamptz '2026-07-01 12:00+00' as zoned, array['a', null] as tags, array[1, 2] as numbers,
               interval '90 minutes' as took, null::integer as nothing
    """,
    )
    health = connected.load()["o"]
    assert (health.problem, health.kind, health.rows_in, health.rows_kept) == (None, "connection", 1, 1)
    assert connected.types("o") == {
        "small": "SMALLINT", "big": "BIGINT", "part": "FLOAT", "words": "VARCHAR", "few": "VARCHAR", "yes": "BOOLEAN",
        "day": "DATE", "clock": "TIME", "zoned": INSTANT, "tags": "VARCHAR[]", "numbers": "INTEGER[]",
        "took": "INTERVAL", "nothing": "INTEGER",
    }  # fmt: skip
    assert connected.query("select * exclude (zoned), timezone('UTC', zoned) from source.o") == [
        (7, 8, 1.5, "x", "y", True, date(2026, 1, 2), time(10, 30), ["a", None], [1, 2], timedelta(minutes=90), None,
         datetime(2026, 7, 1, 12))
    ]  # fmt: skip


def test_numeric_is_a_number_unless_declared_otherwise_and_not_a_number_is_null(connected: Shop) -> None:
    ask(connected, "select * from (values (1, 19.90::numeric), (2, 'NaN'), (3, null)) as t (id, price)")
    connected.load()
    assert connected.types("o")["price"] == "DOUBLE"
    assert connected.query("select price from source.o order by id") == [(19.9,), (None,), (None,)]
    wide = "select 123456789012345678::numeric as id, 19.90::numeric(9, 2) as price"
    ask(connected, wide, columns={"id": "integer", "price": "text"})
    connected.load()
    assert connected.query("select id, price from source.o") == [(123456789012345678, "19.90")]


def test_uuid_json_and_texts_of_other_types_are_readable(connected: Shop, postgres: Server) -> None:
    postgres.run(
        "create extension if not exists citext",
        "drop type if exists mood",
        "create type mood as enum ('sad', 'ok')",
    )
    ask(
        connected,
        """
        select '11111111-2222-3333-4444-555555555555'::uuid as id, '{"lines": 3}'::jsonb as basket,
               'Ann@X.org'::citext as mail, 'ok'::mood as mood, '<a/>'::xml as page
    """,
    )
    assert connected.load()["o"].problem is None
    assert connected.query("select id, basket ->> 'lines', mail, mood, page from source.o") == [
        (UUID("11111111-2222-3333-4444-555555555555"), "3", "Ann@X.org", "ok", "<a/>")
    ]


def test_a_timestamp_without_a_zone_is_local_time_in_the_source_s_zone(connected: Shop) -> None:
    ask(connected, "select timestamp '2026-07-01 12:00' as at")
    connected.load()
    assert connected.query("select timezone('UTC', \"at\") from source.o") == [(datetime(2026, 7, 1, 11),)]
    ask(connected, "select timestamp '2026-07-01 12:00' as at", timezone="America/New_York")
    connected.load()
    assert connected.query("select timezone('UTC', \"at\") from source.o") == [(datetime(2026, 7, 1, 16),)]


def test_a_day_that_the_query_itself_takes_of_an_instant_is_a_day_of_the_source_s_zone(
    connected: Shop,
) -> None:
    query = "select timestamptz '2026-06-30 23:30+00' :: date as day"
    ask(connected, query)
    connected.load()
    assert connected.query("select day from source.o") == [(date(2026, 7, 1),)]
    ask(connected, query, timezone="UTC")
    connected.load()
    assert connected.query("select day from source.o") == [(date(2026, 6, 30),)]


def test_a_date_of_infinity_is_null_and_a_day_before_the_year_1_is_set_aside(connected: Shop) -> None:
    ask(
        connected,
        """
        select 'infinity'::date as a, '-infinity'::date as b, 'infinity'::timestamp as c, '-infinity'::timestamp as d,
               'infinity'::timestamptz as e
    """,
    )
    connected.load()
    assert connected.query("select a, b, c, d, e from source.o") == [(None, None, None, None, None)]
    ask(connected, "select date '4713-01-02 BC' as a")
    health = connected.load()["o"]
    assert (health.rows_in, health.rows_kept, health.rows_set_aside) == (1, 0, 1)


def test_rows_are_typed_as_declared_and_those_that_fail_are_set_aside(connected: Shop) -> None:
    ask(connected, """
        select * from (values ('1', '02/01/2026 10:00', 'n/a'), ('2', 'soon', 'b'), (null, '03/01/2026 10:00', 'c'),
                              ('4', '04/01/2026 10:00', 'bad')) as t (id, at, note)
    """, key="id", columns={"id": "integer", "at": "timestamp"}, timestamp_format="%d/%m/%Y %H:%M", nulls=["n/a"],
        must=["note <> 'bad'"])  # fmt: skip
    health = connected.load()["o"]
    assert (health.rows_in, health.rows_kept, health.rows_set_aside) == (4, 1, 3)
    assert connected.query("select id, note, timezone('UTC', \"at\") from source.o") == [
        (1, None, datetime(2026, 1, 2, 10))
    ]
    assert [reason for _, reason in connected.set_aside("o")] == [
        "column 'at': 'soon' is not a timestamp",
        "must: note <> 'bad'",
        "the key 'id' is empty",
    ]


def test_the_latest_row_of_a_repeated_key_wins(connected: Shop) -> None:
    ask(connected, """
        select * from (values (1, 'old', timestamp '2026-01-01 10:00'), (1, 'new', '2026-01-02 10:00')) as t (id, n, at)
    """, key="id", latest_by="at")  # fmt: skip
    health = connected.load()["o"]
    assert (health.rows_kept, health.duplicates_resolved) == (1, 1)
    assert connected.query("select n from source.o") == [("new",)]


def test_empty_texts_are_meant_unless_nulls_are_declared(connected: Shop) -> None:
    ask(connected, "select '' as note")
    connected.load()
    assert connected.query("select note from source.o") == [("",)]
    ask(connected, "select '' as note", nulls=[""])
    connected.load()
    assert connected.query("select note from source.o") == [(None,)]


def test_a_query_is_read_at_each_refresh_and_what_reads_it_only_where_rows_changed(
    connected: Shop, postgres: Server
) -> None:
    postgres.run(
        "drop table if exists parcels",
        "create table parcels (id integer)",
        "insert into parcels values (1), (2)",
    )
    ask(connected, "select id from parcels")
    connected.source("twice", sql="select id * 2 as id from o")
    first = connected.load()
    second = connected.load()
    assert second["o"].loaded_at > first["o"].loaded_at
    assert second["twice"] == first["twice"]
    postgres.run("insert into parcels values (3)")
    third = connected.load()
    assert (third["o"].rows_kept, third["twice"].rows_kept) == (3, 3)
    postgres.run("update parcels set id = 9 where id = 3")
    connected.load()
    assert connected.query("select max(id)::integer from source.twice") == [(18,)]


def test_many_rows_are_streamed_and_none_is_lost(connected: Shop) -> None:
    ask(connected, "select i as id, i % 7 as day, 'order ' || i as name from generate_series(1, 200000) as i")
    assert connected.load()["o"].rows_kept == 200_000
    assert connected.query("select sum(id)::bigint, count(distinct name) from source.o") == [
        (20_000_100_000, 200_000)
    ]


def test_a_query_may_end_in_a_semicolon_or_a_comment(connected: Shop) -> None:
    for query in (
        "select 1 as n;",
        "select 1 as n -- the first",
        "with t as (select 1 as n) select n from t",
        "values (1)",
    ):
        ask(connected, query)
        assert connected.load()["o"].problem is None, query


def test_columns_that_exchange_their_names_in_the_database_are_noticed(
    connected: Shop, postgres: Server
) -> None:
    postgres.run("drop table if exists told", "create table told as select 1 as a, 2 as b")
    ask(connected, "select * from told")
    connected.load()
    postgres.run("drop table told", "create table told as select 1 as b, 2 as a")
    connected.load()
    assert connected.query("select a, b from source.o") == [(2, 1)]
