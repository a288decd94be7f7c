"""What was known of a row before: versions that gave way, each with when it was known."""

from datetime import UTC, datetime
from random import Random

import pytest

from tests.store.shop import Rows, Shop

DECLARED = {"files": "o", "key": "id", "latest_by": "changed", "arrived": "loaded"}


def earlier(shop: Shop) -> Rows:
    return shop.query('select * from earlier.o order by id, "#known_from", n')


def day(number: int) -> int:
    return int(datetime(2026, 7, number, tzinfo=UTC).timestamp() * 1_000_000)


def test_a_version_is_known_until_a_later_one_arrives(shop: Shop) -> None:
    shop.file(
        "o/1.csv",
        "id,n,changed,loaded\n1,10,1,2026-07-01T00:00Z\n2,0,1,2026-07-01T00:00Z\n1,12,3,2026-07-05T00:00Z\n",
    )
    shop.file("o/2.csv", "id,n,changed,loaded\n1,11,2,2026-07-03T00:00Z\n")
    shop.source("o", **DECLARED)
    shop.load()
    found = shop.query('select n, "#known_from", "#known_until" from earlier.o order by n')
    assert found == [(10, day(1), day(3)), (11, day(3), day(5))]
    assert shop.query("select n from source.o order by id") == [(12,), (0,)]


def test_what_arrives_after_a_later_version_was_never_the_latest_known(shop: Shop) -> None:
    shop.file(
        "o/1.csv",
        "id,n,changed,loaded\n1,10,1,2026-07-01T00:00Z\n1,12,3,2026-07-02T00:00Z\n1,11,2,2026-07-03T00:00Z\n",
    )
    shop.source("o", **DECLARED)
    shop.load()
    assert [row[1] for row in earlier(shop)] == [10]


def test_a_day_of_arrival_is_over_when_it_counts_and_none_is_always(shop: Shop) -> None:
    shop.file("o/1.csv", "id,n,changed,loaded\n1,10,1,\n1,11,2,2026-07-03\n")
    shop.source("o", **DECLARED, timezone="UTC")
    shop.load()
    ((known_from, until),) = shop.query('select "#known_from", "#known_until" from earlier.o')
    assert known_from < day(1)
    assert until == day(4) - 1 - 3_600_000_000, "the company's day ends in London"


@pytest.mark.parametrize("seed", range(4))
def test_versions_that_come_file_by_file_are_those_of_all_files_at_once(shop: Shop, seed: int) -> None:
    random = Random(seed)
    shop.source("o", **DECLARED)
    for file in range(4):
        rows = [
            f"{random.randrange(4)},{random.randrange(3)},{random.randrange(4)},2026-07-0{random.randrange(1, 5)}T00:00Z"
            for _ in range(6)
        ]
        shop.file(f"o/{file}.csv", "id,n,changed,loaded\n" + "\n".join(rows) + "\n")
        shop.load()
    found = earlier(shop), shop.query("select * from source.o order by all")
    shop.load(force=True)
    assert found == (earlier(shop), shop.query("select * from source.o order by all"))


def test_versions_go_with_their_source(shop: Shop) -> None:
    shop.file("o/1.csv", "id,n,changed,loaded\n1,10,1,2026-07-01T00:00Z\n")
    shop.source("o", **DECLARED)
    shop.load()
    shop.sources.clear()
    shop.load()
    assert shop.query("select count(*) from duckdb_tables() where schema_name = 'earlier'") == [(0,)]
