"""Values read as declared, or as inferred, never changed in silence."""

from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.store.shop import Shop

INSTANT = "TIMESTAMP WITH TIME ZONE"


def utc(shop: Shop, source: str, column: str = "at") -> list[datetime | None]:
    rows = shop.query(f"select timezone('UTC', \"{column}\") from source.{source} order by all")
    return [row[0] for row in rows]


def test_types_that_nobody_declared_are_inferred_from_every_value(shop: Shop) -> None:
    shop.file("o.csv", "id,price,paid,day,at,note\n1,2.5,true,2026-01-02,2026-01-02T10:00,x\n2,,,,,\n")
    shop.source("o", files="o.csv")
    shop.load()
    assert shop.types("o") == {
        "id": "BIGINT", "price": "DOUBLE", "paid": "BOOLEAN", "day": "DATE", "at": INSTANT, "note": "VARCHAR",
    }  # fmt: skip
    assert shop.query("select id, price, paid, day, note from source.o order by id") == [
        (1, 2.5, True, date(2026, 1, 2), "x"),
        (2, None, None, None, None),
    ]


def test_one_odd_value_in_the_last_row_makes_a_column_text_and_loses_nothing(shop: Shop) -> None:
    shop.file("o.csv", "n\n" + "\n".join(str(number) for number in range(5000)) + "\nmany\n")
    shop.source("o", files="o.csv")
    assert shop.load()["o"].rows_kept == 5001
    assert shop.types("o") == {"n": "VARCHAR"}
    assert shop.query("select n from source.o where n = 'many'") == [("many",)]


def test_a_column_that_is_empty_in_its_first_thousands_of_rows_still_has_its_type(shop: Shop) -> None:
    shop.file(
        "o.csv", "id,at\n" + "".join(f"{number},\n" for number in range(3000)) + "3000,2026-01-02T10:00\n"
    )
    shop.source("o", files="o.csv")
    shop.load()
    assert shop.types("o")["at"] == INSTANT


@pytest.mark.parametrize(
    "value", ["007", "+441234", "12345678901234567890", "1_000", "0x1f", "1,5", "Infinity"]
)
def test_a_text_that_would_read_back_differently_stays_text(shop: Shop, value: str) -> None:
    shop.file("o.csv", f'n\n"{value}"\n')
    shop.source("o", files="o.csv")
    shop.load()
    assert shop.query("select n from source.o") == [(value,)]


def test_a_value_that_is_not_of_the_declared_type_sets_its_row_aside_with_the_reason(shop: Shop) -> None:
    shop.file("o.csv", "id,at,n,d,b\n1,2026-01-02 10:00,1,2026-01-02,yes\n2,soon,1.5,2026-02-30,perhaps\n")
    columns = {"at": "timestamp", "n": "integer", "d": "date", "b": "boolean"}
    shop.source("o", files="o.csv", columns=columns)
    assert shop.load()["o"].rows_set_aside == 1
    assert shop.set_aside("o") == [
        (
            '{"id":"2","at":"soon","n":"1.5","d":"2026-02-30","b":"perhaps"}',
            "column 'at': 'soon' is not a timestamp; column 'n': '1.5' is not an integer; "
            "column 'd': '2026-02-30' is not a date; column 'b': 'perhaps' is not true or false",
        )
    ]


def test_texts_named_in_nulls_are_null_in_this_source_only(shop: Shop) -> None:
    shop.file("o.csv", "id,n\n1,?\n2,5\n")
    shop.source("o", files="o.csv", nulls=["", "?"])
    shop.source("other", files="o.csv")
    shop.load()
    assert shop.query("select n from source.o order by id") == [(None,), (5,)]
    assert shop.query("select n from source.other order by id") == [("?",), ("5",)]


def test_an_instant_without_a_zone_is_local_to_the_source(shop: Shop) -> None:
    shop.file("o.csv", "at\n2026-07-01 10:00\n")
    shop.source("london", files="o.csv")
    shop.source("tokyo", files="o.csv", timezone="Asia/Tokyo")
    shop.load()
    assert utc(shop, "london") == [datetime(2026, 7, 1, 9)]
    assert utc(shop, "tokyo") == [datetime(2026, 7, 1, 1)]


def test_an_instant_with_a_zone_keeps_it_and_may_stand_beside_one_without(shop: Shop) -> None:
    shop.file(
        "o.csv",
        "at\n2026-07-01T10:00:00Z\n2026-07-01T13:00+02:00\n2026-07-01 13:00:00.5 +0200\n2026-07-01T13:00\n",
    )
    shop.source("o", files="o.csv")
    shop.load()
    assert utc(shop, "o") == [
        datetime(2026, 7, 1, 10),
        datetime(2026, 7, 1, 11),
        datetime(2026, 7, 1, 11, 0, 0, 500_000),
        datetime(2026, 7, 1, 12),
    ]


def test_a_time_the_clocks_skip_moves_on_and_a_time_they_repeat_is_the_second(shop: Shop) -> None:
    shop.file("o.csv", "at\n2026-03-29 01:30\n2026-10-25 01:30\n")
    shop.source("o", files="o.csv")
    shop.load()
    assert utc(shop, "o") == [datetime(2026, 3, 29, 1, 30), datetime(2026, 10, 25, 1, 30)]
    assert shop.query('''select strftime("at", '%H:%M') from source.o order by "at"''')[0] == ("02:30",)


def test_declared_formats_decide_how_texts_are_read(shop: Shop) -> None:
    shop.file("o.csv", "at,d\n03/04/2026 10:00,03.04.26\n")
    shop.source("o", files="o.csv", timestamp_format="%d/%m/%Y %H:%M", date_format="%d.%m.%y",
                columns={"at": "timestamp", "d": "date"})  # fmt: skip
    shop.load()
    assert shop.query("""select timezone('UTC', "at"), d from source.o""") == [
        (datetime(2026, 4, 3, 9), date(2026, 4, 3))
    ]


def test_a_format_that_is_not_one_is_told(shop: Shop) -> None:
    shop.file("o.csv", "at\n1\n")
    shop.source("o", files="o.csv", timestamp_format="%Q", columns={"at": "timestamp"})
    assert "%Q" in (shop.load()["o"].problem or "")


def test_parquet_types_stand_but_instants_become_zoned_and_not_a_number_null(shop: Shop) -> None:
    table = pa.table({
        "code": ["007"], "at": [datetime(2026, 7, 1, 10)], "d": [date(2026, 7, 1)], "x": [float("nan")],
    })  # fmt: skip
    pq.write_table(table, shop.data / "o.parquet")
    shop.source("o", files="o.parquet")
    shop.load()
    assert shop.types("o") == {"code": "VARCHAR", "at": INSTANT, "d": "DATE", "x": "DOUBLE"}
    assert shop.query("""select code, timezone('UTC', "at"), d, x from source.o""") == [
        ("007", datetime(2026, 7, 1, 9), date(2026, 7, 1), None)
    ]


def test_a_float_is_an_integer_only_where_it_is_whole(shop: Shop) -> None:
    pq.write_table(pa.table({"n": [1.0, 1.5]}), shop.data / "o.parquet")
    shop.source("o", files="o.parquet", columns={"n": "integer"})
    shop.load()
    assert shop.query("select n from source.o") == [(1,)]
    assert shop.set_aside("o") == [('{"n":1.5}', "column 'n': '1.5' is not an integer")]


def test_names_that_look_like_sql_are_only_names(shop: Shop) -> None:
    odd = 'a "b"; drop table loaded; --'
    shop.file("it's [old]*.csv", f'"{odd.replace(chr(34), chr(34) * 2)}",row,key\n1,2,3\n')
    pq.write_table(pa.table({odd: [1]}), shop.data / "it's [old]*.parquet")
    shop.source(odd, files="it's [old]*.csv", key=odd)
    shop.source("p", files="it's [old]*.parquet", columns={odd: "text"})
    assert [health.rows_kept for health in shop.load().values()] == [1, 1]
