"""A decimal comma is read as declared; what could be two numbers is read as none."""

import duckdb
import pandas as pd
import pytest

from aspromised.demo.export.xlsx import write_xlsx
from aspromised.store.typing import infer
from aspromised.store.typing.casting import Reading, cast

COMMA, POINT = Reading("UTC", decimal=","), Reading("UTC")


def read(text: str, wanted: str, reading: Reading) -> float | int | None:
    with duckdb.connect() as con:
        sql = f"select {cast('value', 'VARCHAR', wanted, reading)} from (select $text as value)"
        return con.execute(sql, {"text": text}).fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,5", 1.5), ("-0,25", -0.25), ("+3", 3), (",5", 0.5), ("5,", 5), ("1,5e3", 1500), ("1.234,5", 1234.5),
        ("1.234.567", 1234567), ("-12.345.678,9", -12345678.9),
        ("1.234", None), ("1.5", None), ("1.23,4", None), ("1,234,567", None), ("1234.567,8", None), ("1,2,3", None),
        ("1 234,5", None), ("", None), ("x", None),
    ],
)  # fmt: skip
def test_with_a_decimal_comma(text: str, number: float | None) -> None:
    assert read(text, "number", COMMA) == number


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("12,0", 12), ("1.234.567", 1234567), ("1.234", None), ("1,5", None)]
)
def test_an_integer_with_a_decimal_comma(text: str, number: int | None) -> None:
    assert read(text, "integer", COMMA) == number


@pytest.mark.parametrize("text", ["1,5", "1,234", "1,234.5", "1.234,5"])
def test_without_it_no_comma_is_read_as_anything(text: str) -> None:
    assert read(text, "number", POINT) is None


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1,5", "2"], "number"), (["1.234,50", "0,5"], "number"), (["1", "2"], "integer"),
        (["1,5", "1.234"], "text"), (["1.5", "2,5"], "text"), (["01,5"], "text"),
    ],
)  # fmt: skip
def test_what_nobody_declared_is_a_number_where_every_value_is_one_number(
    values: list[str], kind: str
) -> None:
    with duckdb.connect() as con:
        con.execute("create table cleaned as select unnest($values::varchar[]) as n", {"values": values})
        found = infer.types(con, ["n"], frozenset(), COMMA, lambda _: "select n from cleaned")
        assert found == {"n": kind}


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "number"),
    [
        ("1.234,56", ",", ".", 1234.56), ("1.234", ",", ".", 1234), ("1.234.567", ",", ".", 1234567), ("1234,5", ",", ".", 1234.5),
        ("-1.234,", ",", ".", -1234), (",5", ",", ".", 0.5), ("12.34", ",", ".", None), ("1.2345", ",", ".", None),
        ("1,234.5", ",", ".", None), ("1 234,5", ",", ".", None),
        ("1,234.56", ".", ",", 1234.56), ("1,234", ".", ",", 1234), ("1.5", ".", ",", 1.5), ("12,34", ".", ",", None),
        ("1 234,5", ",", " ", 1234.5), ("1\u00a0234\u202f567,5", ",", " ", 1234567.5), ("1.234,5", ",", " ", None),
        ("1'234.5", ".", "'", 1234.5), ("1,5e3", ",", ".", 1500),
    ],
)  # fmt: skip
def test_what_parts_thousands_is_read_as_declared(text, decimal, thousands, number):
    assert read(text, "number", Reading("UTC", decimal=decimal, thousands=thousands)) == number


@pytest.mark.parametrize(
    ("text", "number"), [("1.234", 1234), ("1.234,00", 1234), ("1.234,5", None), ("12.34", None)]
)
def test_whole_numbers_with_parted_thousands(text, number):
    assert read(text, "integer", Reading("UTC", decimal=",", thousands=".")) == number


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1.234", "7"], "integer"),
        (["1.234,50", "1.234"], "number"),
        (["01.234"], "text"),
        (["12.34"], "text"),
        (["1.234", "x"], "text"),
    ],
)
def test_parted_thousands_that_nobody_declared_as_numbers(values, kind):
    with duckdb.connect() as con:
        con.execute("create table cleaned as select unnest($values::varchar[]) as n", {"values": values})
        reading = Reading("UTC", decimal=",", thousands=".")
        assert infer.types(con, ["n"], frozenset(), reading, lambda _: "select n from cleaned") == {"n": kind}


@pytest.mark.parametrize(
    ("text", "wanted", "declared", "told"),
    [
        ("1,5", "number", {}, "decimal: ','"), ("1.234,56", "number", {}, "decimal: ','"),
        ("1,234.56", "number", {}, "thousands: ','"), ("1,234", "integer", {}, "decimal: ',' or thousands: ',', whichever its comma is"),
        ("1.234", "number", {"decimal": ","}, "thousands: '.', if that is what its point is"),
        ("1.234.567", "integer", {}, "thousands: '.' and decimal: ','"), ("1 234", "integer", {}, "thousands: ' '"),
        ("31.10.2026 14:05", "timestamp", {}, "timestamp_format: '%d.%m.%Y %H:%M'"),
        ("31.10.2026", "date", {}, "date_format: '%d.%m.%Y'"),
        ("3.1.2026 9:05:30", "timestamp", {}, "timestamp_format: '%d.%m.%Y %H:%M:%S'"),
        ("10/31/2026", "date", {}, "date_format: '%d/%m/%Y' or date_format: '%m/%d/%Y'"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_read_says_what_to_declare_and_that_then_works(
    shop, text, wanted, declared, told
):
    shop.file("o.csv", f'n\n"{text}"\n')
    shop.source("o", files="o.csv", columns={"n": wanted}, **declared)
    shop.load()
    assert shop.set_aside("o")[0][1].endswith(f": give the source {told}")
    worked = []
    for choice in told.partition(", ")[0].split(" or "):
        more = dict(part.split(": ") for part in choice.split(" and "))
        shop.source(
            "o",
            files="o.csv",
            columns={"n": wanted},
            **declared,
            **{key: value.strip("'") for key, value in more.items()},
        )
        worked.append(shop.load()["o"].rows_kept)
    assert 1 in worked


@pytest.mark.parametrize(("text", "wanted"), [("n/a", "number"), ("soon", "timestamp"), ("1.2.3", "number")])
def test_nothing_is_proposed_that_would_not_read_it(shop, text, wanted):
    shop.file("o.csv", f"n\n{text}\n")
    shop.source("o", files="o.csv", columns={"n": wanted})
    shop.load()
    assert "give" not in shop.set_aside("o")[0][1]


@pytest.mark.parametrize("thousands", [None, "."])
def test_numbers_of_the_format_itself_are_no_text_and_mean_what_they_are(shop, thousands):
    frame = pd.DataFrame({"n": [1.234, 1234.0, 0.5]})
    write_xlsx(frame, shop.data / "x.xlsx")
    shop.file("j.jsonl", '{"n": 1.234}\n{"n": 1234}\n{"n": 0.5}\n')
    for name, file in (("x", "x.xlsx"), ("j", "j.jsonl")):
        shop.source(name, files=file, columns={"n": "number"}, decimal=",", thousands=thousands)
        shop.load()
        assert shop.query(f"select n from source.{name} order by 1") == [(0.5,), (1.234,), (1234.0,)]
        shop.source(name, files=file, decimal=",", thousands=thousands)
        shop.load()
        assert shop.query(f"select n from source.{name} order by 1") == [(0.5,), (1.234,), (1234.0,)]
