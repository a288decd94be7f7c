"""A decimal comma is read as declared; what could be two numbers is read as none."""

import duckdb
import pytest

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
