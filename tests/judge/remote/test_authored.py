"""What an author may say on Spark means there what it means on DuckDB; the rest is refused by its name."""

from typing import Any

import pytest

from aspromised.sql.authored.guard import guard, rendered
from aspromised.sql.on_spark.authored import on_spark
from aspromised.sql.on_spark.rendering import NotOnSparkError, spark_sql
from aspromised.sql.on_spark.session import Spark
from tests.judge.test_functions import EXAMPLES, IN_ANY
from tests.judge.world import make_world

ZONE = "Europe/London"
TYPES = {
    "id": "varchar", "n": "bigint", "x": "double", "region": "varchar", "name": "varchar", "moved": "boolean", "day": "date",
    "at": "timestamptz", "done": "timestamptz", "price": "decimal(10, 2)",
}  # fmt: skip
ROWS = [
    [
        "1",
        7,
        -2.5,
        "north-east",
        " Ana ",
        True,
        "2026-03-27",
        "2026-03-27 10:30:15.5",
        "2026-03-30 09:00",
        "12.50",
    ],
    ["2", 1, 0.5, "south", "Bo", False, "2026-03-29", "2026-03-29 00:59:59", "2026-03-29 02:00", "0.00"],
    ["3", -4, None, None, "O'Neil \\", None, "1969-12-31", "1969-12-31 23:00", "2026-10-25 01:30", None],
    ["4", None, 1e300, "100% ${x}", "", True, None, None, "2028-02-29 23:59", "-3.10"],
]
SAID = [
    "region = 'north-east'", "region in ('south', 'north')", "region like '%\u006fu%'", "region like '100_ %'", "n = x", "x < 0.5", "price >= 0",
    "n between 0 and 5", "not moved", "moved is not true", "moved is null", "n is distinct from 7", "region is not distinct from null",
    "coalesce(region, 'none')", "case when n > 3 then 'many' when n > 0 then 'few' end", "if(moved, region, name)", "nullif(n, 7)", "-n + 2 * n - 1", "x * n > 3",
    "price + 1 > 3.5", "n % 3", "region || '!'", "starts_with(region, 'north')", "ends_with(region, 'east')", "contains(region, '$')", "trim(name)", "length(region)", "length(name)",
    "hour(at)", "minute(at)", "day(at)", "month(at)", "quarter(at)", "year(at)", "isodow(at)", "dayofweek(at)", "dayname(at)", "monthname(at)",
    "day(day)", "isodow(day)", "dayofweek(day)", "dayname(day)", "extract(hour from at)", "extract(isodow from at)", "strftime(at, '%Y-%m')", "strftime(at, 'at %H:%M:%S, %d')",
    "strftime(day, '%d.%m.%Y')", "hour(done) < 12", "done > at", "at::date", "day = at::date", "day > date '2026-03-27'", "cast(n as varchar)", "cast(moved as varchar)",
    "cast(day as text)", "cast(n as double) > 2.5", "'it''s \\ ${n} `q` \"r\" é'", "name = 'O''Neil \\'",
]  # fmt: skip


@pytest.fixture(scope="module")
def rows(spark: Spark) -> Any:
    """Return a connection that holds the rows, handed over to Spark as well."""
    small = make_world(
        {"measure": {"items": "items", "id": "id", "at": "at", "kept_when": "moved"}}, TYPES, ROWS
    )
    spark.register("source_items", small.con.arrow("select * from source.items"))
    return small.con


def columns(con: Any) -> dict[str, str]:
    found: dict[str, str] = con.columns("source.items")
    return found


@pytest.mark.parametrize("said", SAID)
def test_what_is_available_means_the_same(said: str, rows: Any, spark: Spark) -> None:
    tree = guard(said, columns(rows))
    there = spark.rows(
        f"select id, {spark_sql(on_spark(tree, columns(rows), ZONE), {})} as it from source_items order by id"
    )
    here = rows.run(f"select id, {rendered(tree)} as it from source.items order by id")
    assert list(zip(there["id"].to_pylist(), there["it"].to_pylist(), strict=True)) == here


def available(example: str, types: dict[str, str]) -> bool:
    try:
        on_spark(guard(example, types), types, ZONE)
    except NotOnSparkError:
        return False
    return True


@pytest.mark.parametrize("line", [f"e{n} {name}" for n, (name, _, _) in enumerate(IN_ANY)])
def test_each_documented_function_is_refused_or_means_the_same(line: str, rows: Any, spark: Spark) -> None:
    example, _ = EXAMPLES[line]
    types = columns(rows) | {"nothing": '"NULL"'}
    if not available(example, types):
        with pytest.raises(
            NotOnSparkError, match=r"is not available on spark: docs/scaling\.md lists what is"
        ):
            on_spark(guard(example, types), types, ZONE)
        return
    query = "select {} as it from (select *, null as nothing from {}) as t where id = '1'"
    tree = guard(example, types)
    there = spark.rows(query.format(spark_sql(on_spark(tree, types, ZONE), {}), "source_items"))[
        "it"
    ].to_pylist()
    assert there == [row[0] for row in rows.run(query.format(rendered(tree), "source.items"))]


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("regexp_extract(region, 'a')", "`regexp_extract`"),
        ("upper(region) = 'A'", "`upper`"),
        ("done - at < interval '2 days'", "`-` with a moment"),
        ("at > '2026-01-01'", "a comparison of a moment and a text"),
        ("n = '7'", "a comparison of a text and a whole number"),
        ("region like 'a\\%'", "`like` with a pattern"),
        ("hour(day)", "`hour` of a day"),
        ("strftime(at, '%A')", "`strftime` with %A"),
        ("n / 2 > 1", "`div`"),
        ("round(x) > 1", "`round`"),
        ("case n when 1 then 2 end", "`case … when` of a value"),
        ("coalesce(n, x)", "`coalesce` of"),
        ("cast(x as varchar)", "`cast` of a number with decimals to text"),
    ],
)
def test_what_is_not_available_is_named(said: str, refused: str, rows: Any) -> None:
    with pytest.raises(NotOnSparkError) as told:
        on_spark(guard(said, columns(rows)), columns(rows), ZONE)
    assert str(told.value).startswith(refused) and "is not available on spark" in str(told.value)


@pytest.mark.parametrize("said", ["x", "price", "at"])
def test_a_segment_that_is_written_unlike_is_refused(said: str, rows: Any) -> None:
    with pytest.raises(NotOnSparkError, match="as a segment is not available on spark"):
        on_spark(guard(said, columns(rows)), columns(rows), ZONE, is_text=True)
