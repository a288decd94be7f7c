"""Rows that fail are set aside with the reason; every row goes to exactly one place."""

import json
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.shop import Rows, Shop


def test_a_row_that_fails_a_rule_is_set_aside_and_the_reason_names_the_rule(shop: Shop) -> None:
    shop.file("o.csv", "id,ordered,done\n1,2026-01-02,2026-01-03\n2,2026-01-02,2026-01-01\n")
    shop.source("o", files="o.csv", must=["done is null or done >= ordered"])
    health = shop.load()["o"]
    assert (health.rows_in, health.rows_kept, health.rows_set_aside) == (2, 1, 1)
    assert shop.set_aside("o") == [
        ('{"id":"2","ordered":"2026-01-02","done":"2026-01-01"}', "must: done is null or done >= ordered")
    ]


def test_a_rule_that_is_null_for_a_row_has_not_failed(shop: Shop) -> None:
    shop.file("o.csv", "id,n\n1,\n2,5\n3,-5\n")
    shop.source("o", files="o.csv", must=["n > 0"])
    shop.load()
    assert shop.query("select id from source.o order by id") == [(1,), (2,)]


def test_a_rule_that_does_more_than_compare_is_refused_and_the_source_says_so(shop: Shop) -> None:
    shop.file("o.csv", "id\n1\n")
    shop.source("o", files="o.csv", must=["(select count(*) from read_csv('/etc/passwd')) > 0"])
    assert shop.load()["o"].problem


def test_an_empty_key_is_set_aside(shop: Shop) -> None:
    shop.file("o.csv", "id,n\n1,1\n,2\n")
    shop.source("o", files="o.csv", key="id")
    shop.load()
    assert shop.set_aside("o") == [('{"id":"","n":"2"}', "the key 'id' is empty")]


def test_every_row_of_a_repeated_key_is_set_aside_where_nothing_says_which_is_latest(shop: Shop) -> None:
    shop.file("o.csv", "id,n\n1,1\n2,2\n2,3\n")
    shop.source("o", files="o.csv", key="id")
    health = shop.load()["o"]
    assert (health.rows_in, health.rows_kept, health.rows_set_aside, health.duplicates_resolved) == (
        3,
        1,
        2,
        0,
    )
    assert shop.set_aside("o") == [
        ('{"id":"2","n":"2"}', "the key 'id' stands on 2 rows and the source has no latest_by"),
        ('{"id":"2","n":"3"}', "the key 'id' stands on 2 rows and the source has no latest_by"),
    ]


def test_the_latest_row_of_a_repeated_key_wins_and_the_others_are_counted(shop: Shop) -> None:
    shop.file(
        "o.csv",
        "id,n,at\n1,a,2026-01-01\n1,b,2026-01-03\n1,c,2026-01-02\n2,d,2026-01-01\n3,e,\n3,f,2026-01-01\n",
    )
    shop.source("o", files="o.csv", key="id", latest_by="at")
    health = shop.load()["o"]
    assert (health.rows_in, health.rows_kept, health.rows_set_aside, health.duplicates_resolved) == (
        6,
        3,
        0,
        3,
    )
    assert shop.query("select id, n from source.o order by id") == [(1, "b"), (2, "d"), (3, "f")]


def test_only_so_many_rows_are_kept_for_inspection_but_all_are_counted(shop: Shop) -> None:
    shop.file("o.csv", "n\n" + "x\n" * 10_500)
    shop.source("o", files="o.csv", columns={"n": "integer"})
    assert shop.load()["o"].rows_set_aside == 10_500
    assert shop.query("select count(*) from set_aside") == [(10_000,)]


row = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["1", "2", "3", ""]),
        "at": st.sampled_from(["2026-01-01 10:00", "2026-01-02", "soon", ""]),
        "n": st.sampled_from(["1", "-1", "many", ""]),
    }
)


@settings(max_examples=15)
@given(rows=st.lists(row, max_size=12), latest=st.booleans(), seed=st.integers(0, 99), cut=st.integers(0, 12))
def test_every_row_is_kept_set_aside_or_resolved_and_neither_order_nor_files_matter(
    rows: list[dict[str, str]], latest: bool, seed: int, cut: int
) -> None:
    shuffled = Random(seed).sample(rows, len(rows))
    with TemporaryDirectory() as folder:
        whole = _load(Shop(Path(folder) / "whole"), [rows], latest)
        split = _load(Shop(Path(folder) / "split"), [shuffled[:cut], shuffled[cut:]], latest)
    assert whole == split


def _load(shop: Shop, parts: list[list[dict[str, str]]], latest: bool) -> tuple[object, ...]:
    for number, part in enumerate(parts):
        shop.file(f"o/{number}.csv", "id,at,n\n" + "".join(f"{r['id']},{r['at']},{r['n']}\n" for r in part))
    shop.source("o", files="o", key="id", latest_by="at" if latest else None, must=["n > 0"],
                columns={"id": "text", "at": "timestamp", "n": "integer"})  # fmt: skip
    health = shop.load()["o"]
    counts = (health.rows_in, health.rows_kept, health.rows_set_aside, health.duplicates_resolved)
    assert counts[0] == sum(map(len, parts)) == sum(counts[1:])
    kept: Rows = shop.query('select id, epoch("at"), n from source.o order by all')
    assert health.rows_kept == len(kept)
    return counts, kept, shop.set_aside("o")


def test_a_set_aside_row_from_parquet_is_shown_as_it_stood(shop: Shop) -> None:
    pq.write_table(pa.table({"id": [1], "tags": [["a", "b"]]}), shop.data / "o.parquet")
    shop.source("o", files="o.parquet", must=["id > 1"])
    shop.load()
    assert json.loads(shop.set_aside("o")[0][0]) == {"id": 1, "tags": ["a", "b"]}


def test_a_text_too_long_for_what_may_be_made_of_it_is_set_aside(shop: Shop) -> None:
    shop.file("o.csv", f"id,note\n1,{'ä' * 50_000}\n2,{'x' * 100_001}\n3,short\n")
    shop.source("o", files="o.csv")
    assert shop.load()["o"].rows_set_aside == 1
    assert shop.query("select id from source.o order by id") == [(1,), (3,)]
    assert [why for _, why in shop.set_aside("o")] == ["column 'note': 100,001 bytes, more than 100,000"]
