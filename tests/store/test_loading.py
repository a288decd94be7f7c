"""What is loaded again, what is left as it stands, and what is told of each source."""

import os

from tests.store.shop import Shop


def test_a_source_that_did_not_change_is_not_loaded_again(shop: Shop) -> None:
    shop.file("o.csv", "n\n1\n")
    shop.source("o", files="o.csv")
    first = shop.load()["o"]
    assert shop.load()["o"] == first
    assert shop.load(force=True)["o"].loaded_at > first.loaded_at


def test_a_source_is_loaded_again_when_its_file_or_its_declaration_changed(shop: Shop) -> None:
    shop.file("o.csv", "n\n1\n")
    shop.source("o", files="o.csv")
    shop.load()
    shop.file("o.csv", "n\n2\n")
    os.utime(shop.data / "o.csv", (1, 1))
    shop.load()
    assert shop.query("select n from source.o") == [(2,)]
    shop.source("o", files="o.csv", columns={"n": "text"})
    shop.load()
    assert shop.query("select n from source.o") == [("2",)]


def test_a_query_is_run_again_when_a_source_it_reads_changed(shop: Shop) -> None:
    shop.file("o.csv", "n\n1\n")
    shop.source("o", files="o.csv")
    shop.source("v", sql="select n + 1 as m from o")
    first = shop.load()["v"]
    assert shop.load()["v"] == first
    shop.file("o.csv", "n\n10\n11\n")
    assert shop.load()["v"].rows_kept == 2


def test_a_source_that_went_bad_leaves_no_table_and_comes_back_when_mended(shop: Shop) -> None:
    shop.file("o.csv", "n\n1\n")
    shop.source("o", files="o.csv")
    shop.load()
    shop.file("o.csv", "")
    assert shop.load()["o"].problem
    assert shop.query("select count(*) from duckdb_tables() where schema_name = 'source'") == [(0,)]
    shop.file("o.csv", "n\n1\n")
    assert shop.load()["o"].problem is None


def test_a_source_that_is_no_longer_declared_is_forgotten(shop: Shop) -> None:
    shop.file("o.csv", "n\n1\nx\n")
    shop.source("o", files="o.csv", columns={"n": "integer"})
    shop.load()
    shop.sources.clear()
    shop.load()
    for table in ("source_health", "set_aside", "loaded", "duckdb_tables() where schema_name = 'source'"):
        assert shop.query(f"select count(*) from {table}") == [(0,)]


def test_a_load_tells_how_far_it_is(shop: Shop) -> None:
    shop.file("o.csv", "n\n1\n")
    shop.source("o", files="o.csv")
    told: list[tuple[str, int, int]] = []
    shop.load(progress=lambda *step: told.append(step))
    assert told == [("loading o", 0, 1), ("sources loaded", 1, 1)]
