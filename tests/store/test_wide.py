"""A wide file is read in time that grows with its columns, and one wider than a source may be is refused in words."""

import json
from typing import Any

import duckdb
import pandas as pd
import pytest

from aspromised.store.formats.raw import MOST_COLUMNS
from aspromised.store.typing import infer
from aspromised.store.typing.casting import Reading
from tests.store.shop import Shop


def test_types_are_asked_of_a_few_columns_at_a_time() -> None:
    columns = [f"c{n}" for n in range(120)]
    asked: list[str] = []

    class Recording:
        def execute(self, sql: str, *more: Any) -> duckdb.DuckDBPyConnection:
            asked.append(sql)
            return con.execute(sql, *more)

    def cleaned(names: Any) -> str:
        return f"select {', '.join(names)} from wide"

    with duckdb.connect() as con:
        values = ", ".join(f"'{n}' as {name}" for n, name in enumerate(columns))
        con.execute(f"create table wide as select {values}")
        found = infer.types(Recording(), columns, frozenset(), Reading("Europe/London"), cleaned)  # type: ignore[arg-type]
    assert found == dict.fromkeys(columns, "integer")
    assert max(sql.count("count(case") for sql in asked) <= 25
    assert max(len(sql.rpartition("select ")[2].split(",")) for sql in asked) <= 25


@pytest.mark.parametrize("kind", ["csv", "json", "parquet", "sql"])
def test_data_wider_than_a_source_may_be_is_refused_in_words(kind: str, shop: Shop) -> None:
    row = {f"c{n}": "1" for n in range(MOST_COLUMNS + 1)}
    if kind == "parquet":
        pd.DataFrame([row]).to_parquet(shop.data / "o.parquet")
    elif kind == "sql":
        shop.source("wide", sql=f"select {', '.join(f'1 as c{n}' for n in range(600))}")
        shop.source(
            "o", sql="select * from wide join wide as b on true join wide as c on true join wide as d on true"
        )
    else:
        lines = f"{','.join(row)}\n{','.join(row.values())}\n"
        shop.file(f"o.{kind}", lines if kind == "csv" else json.dumps([row]))
    if kind != "sql":
        shop.source("o", files=f"o.{kind}")
    problem = shop.load()["o"].problem
    assert problem is not None
    at_most, mend = (
        ("2,001 keys in all", "one object a row")
        if kind == "json"
        else ("columns, at most", "export those that promises need")
    )
    assert at_most in problem and "at most 2,000 can be read" in problem and mend in problem
