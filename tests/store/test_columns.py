"""Columns that change their place, come, go, take another name or type between loads."""

from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.store.shop import Rows, Shop


def loaded(shop: Shop, sql: str = "select * from source.o order by all") -> Rows:
    """Return what is loaded, having checked that loading all of it anew gives the same."""
    health = shop.load()["o"]
    found, aside = shop.query(sql), shop.set_aside("o")
    afresh = shop.load(force=True)["o"]
    assert (shop.query(sql), shop.set_aside("o")) == (found, aside)
    assert (afresh.problem, afresh.notes, afresh.rows_set_aside) == (
        None,
        health.notes,
        health.rows_set_aside,
    )
    return found


def come_and_gone(shop: Shop) -> tuple[Rows, Rows]:
    """Return the rows that a load tells to have come and gone: id and n."""
    from aspromised.sql.authored import guard as expression
    from aspromised.store.sources.sources import load_sources
    from aspromised.store.warehouse import writing

    with writing(shop.workspace) as con:
        load_sources(con, shop.workspace, guards=expression)
        assert con.execute("select is_told from source_change where \"source\" = 'o'").fetchall() == [(True,)]
        return tuple(
            con.execute(f'select id, n from "{which} o" order by all').fetchall()
            for which in ("come", "gone")
        )  # type: ignore[return-value]


def test_columns_exchanged_when_a_file_is_exported_again_change_no_row(shop: Shop) -> None:
    shop.file("o.csv", "id,n\n1,10\n2,20\n")
    shop.source("o", files="o.csv")
    shop.load()
    shop.file("o.csv", "n,id\n10,1\n21,2\n")
    assert come_and_gone(shop) == ([(2, 21)], [(2, 20)])


def test_a_new_file_in_another_order_is_read_by_name(shop: Shop) -> None:
    shop.file("o/1.csv", "id,n\n1,10\nx,11\n")
    shop.source("o", files="o", columns={"id": "integer"})
    shop.load()
    shop.file("o/2.csv", "n,id\n20,2\n21,x\n")
    assert come_and_gone(shop) == ([(2, 20)], [])
    assert loaded(shop) == [(1, 10), (2, 20)]
    assert [row for row, _ in shop.set_aside("o")] == ['{"id":"x","n":"11"}', '{"id":"x","n":"21"}']


@pytest.mark.parametrize("late", [True, False])
def test_a_file_without_a_column_is_told_and_its_rows_have_none(shop: Shop, late: bool) -> None:
    shop.file("o/1.csv", "id,n\n1,10\n")
    shop.source("o", files="o", key="id", columns={"n": "integer"}, must=["n > 5"])
    if late:
        shop.load()
    shop.file("o/2.csv", "id\n2\n")
    if late:
        assert come_and_gone(shop) == ([(2, None)], [])
    assert loaded(shop) == [(1, 10), (2, None)]
    notes = "the column 'n' is not in 1 of 2 files, the last of them 2.csv: it is empty there"
    assert shop.load()["o"].notes == notes


def test_a_column_of_another_name_is_told_under_both(shop: Shop) -> None:
    shop.file("o/1.csv", "id,n\n1,10\n")
    shop.source("o", files="o")
    shop.load()
    shop.file("o/2.csv", "id,number\n2,20\n")
    assert loaded(shop) == [(1, 10, None), (2, None, 20)]
    said = shop.load()["o"].notes or ""
    assert "'n' is not in 1 of 2 files, the last of them 2.csv" in said
    assert "'number' is not in 1 of 2 files, the last of them 1.csv" in said


def test_a_column_that_was_declared_and_is_in_no_file_is_a_problem(shop: Shop) -> None:
    shop.file("o.csv", "id,n\n1,10\n")
    shop.source("o", files="o.csv", columns={"n": "integer"})
    shop.load()
    shop.file("o.csv", "id,m\n1,10\n")
    assert (shop.load()["o"].problem or "").startswith(
        "o.csv: there is no column 'n'"
    ) or "no column 'n'" in (shop.load()["o"].problem or "")


def test_json_that_lacks_a_key_is_told(shop: Shop) -> None:
    shop.file("o/1.jsonl", '{"n": 10, "id": 1}\n')
    shop.source("o", files="o")
    shop.load()
    shop.file("o/2.jsonl", '{"id": 2}\n')
    assert come_and_gone(shop) == ([(2, None)], [])
    assert loaded(shop, "select id, n from source.o order by all") == [(1, 10), (2, None)]
    assert "the column 'n' is not in 1 of 2 files" in (shop.load()["o"].notes or "")


def parquet(shop: Shop, name: str, **columns: pa.Array) -> None:
    (shop.data / "o").mkdir(exist_ok=True)
    pq.write_table(pa.table(columns), shop.data / "o" / name)


def test_moments_with_and_without_a_zone_are_each_read_as_written(shop: Shop) -> None:
    moment = datetime(2026, 7, 1, 10)
    parquet(shop, "1.parquet", id=pa.array([1]), at=pa.array([moment], pa.timestamp("us")))
    shop.source("o", files="o", timezone="Asia/Tokyo")
    shop.load()
    parquet(shop, "2.parquet", id=pa.array([2]), at=pa.array([moment], pa.timestamp("us", "UTC")))
    assert loaded(shop, "select id, timezone('UTC', \"at\") from source.o order by all") == [
        (1, datetime(2026, 7, 1, 1)),
        (2, moment),
    ]
    assert "the column 'at' is of another type in some files" in (shop.load()["o"].notes or "")


@pytest.mark.parametrize("other", [pa.array(["2026-07-02"]), pa.array([None], pa.null())])
def test_days_in_text_beside_days_stay_days(shop: Shop, other: pa.Array) -> None:
    parquet(shop, "1.parquet", id=pa.array([1]), day=pa.array([datetime(2026, 7, 1).date()]))
    parquet(shop, "2.parquet", id=pa.array([2]), day=other)
    shop.source("o", files="o")
    loaded(shop)
    assert shop.types("o") == {"id": "BIGINT", "day": "DATE"}


def test_types_that_cannot_be_one_are_text_and_the_source_loads(shop: Shop) -> None:
    parquet(shop, "1.parquet", id=pa.array([1]), n=pa.array([datetime(2026, 7, 1).date()]))
    parquet(shop, "2.parquet", id=pa.array([2]), n=pa.array([5]))
    parquet(shop, "3.parquet", id=pa.array([3]))
    shop.source("o", files="o")
    assert loaded(shop) == [(1, "2026-07-01"), (2, "5"), (3, None)]


def test_whole_numbers_beside_others_are_numbers_without_a_word(shop: Shop) -> None:
    parquet(shop, "1.parquet", n=pa.array([1]))
    parquet(shop, "2.parquet", n=pa.array([1.5]))
    shop.source("o", files="o")
    assert loaded(shop) == [(1.0,), (1.5,)]
    assert shop.load()["o"].notes is None
