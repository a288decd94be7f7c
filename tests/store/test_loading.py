"""What is loaded again, what is left as it stands, and what is told of each source."""

import os

from aspromised.sql.authored import guard as expression
from aspromised.store.sources.sources import load_sources
from aspromised.store.warehouse import writing
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


def test_the_ends_of_a_column_are_told_without_a_look_at_its_rows_also_after_rows_came(shop: Shop) -> None:
    shop.source("orders", files="orders/*.csv", key="id")
    for number in range(2):
        shop.file(f"orders/{number}.csv", f"id,placed\n{number},2026-11-0{number + 1} 09:00\n")
        with writing(shop.workspace) as con:
            load_sources(con, shop.workspace, guards=expression)
            plan = con.run("explain select min(placed), max(placed) from source.orders")[0][1]
            assert "orders" not in plan, plan
            assert con.run("select day(max(placed)) from source.orders") == [(number + 1,)]
