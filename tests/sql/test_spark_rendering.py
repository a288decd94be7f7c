"""Trees in Spark's words: what means another thing there is changed, what is not known is refused by its name."""

import pytest

from aspromised.sql.on_spark.rendering import NotOnSparkError, spark_sql, view_of
from aspromised.sql.templates import tree


def words(template: str) -> str:
    return spark_sql(tree(template), {})


def test_a_division_is_of_doubles() -> None:
    assert words("a / 1000000.0") == "CAST(a AS DOUBLE) / CAST(1000000.0 AS DOUBLE)"


def test_a_product_becomes_the_nearest_whole_number() -> None:
    assert words("cast(a * 3600 as bigint)") == "CAST(RINT(CAST((a * 3600) AS DOUBLE)) AS BIGINT)"


def test_the_least_of_one_value_is_that_value() -> None:
    assert words("least(a) + greatest(a, b)") == "a + GREATEST(a, b)"


def test_nulls_come_last_in_an_order() -> None:
    assert words("max(a) over (order by b)") == "MAX(a) OVER (ORDER BY b NULLS LAST)"


def test_a_star_with_replace_is_spelt_out() -> None:
    query = "with s as (select 1 as a, 2 as b) select * replace (b + 1 as b) from s"
    assert words(query).endswith("SELECT `a`, b + 1 AS b FROM s")


def test_a_lookup_is_a_join() -> None:
    query = "select a, (select cum_us + a from slots where slot = a // 60) as c from t"
    assert words(query) == (
        "SELECT a, (looked_up_1.cum_us + a) AS c FROM t LEFT JOIN slots AS looked_up_1 ON looked_up_1.slot = a DIV 60"
    )


def test_a_table_of_a_schema_is_a_view_with_a_name_of_its_own() -> None:
    assert words('select "a b" from source."orders"') == "SELECT `a b` FROM `source_orders` AS `orders`"
    assert view_of("source", "a b") != view_of("source", "a_b") != view_of("earlier", "a_b")


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("regexp_extract(a, 'b')", "regexpextract"),
        ("isfinite(a)", "isfinite"),
        ("a + interval '1 day'", "interval"),
        ("cast(a as time)", "time"),
        ("spread(a)", "spread"),
        ("median(a)", "median"),
    ],
)
def test_what_is_on_no_list_is_refused_by_its_name(template: str, name: str) -> None:
    with pytest.raises(NotOnSparkError, match=f"`{name}` has no rendering on spark"):
        words(template)
