"""What an expression makes of long cells is bounded while it runs: one that is too long stops it, and says so."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspromised.sql.authored.cells import LONG_CELL
from aspromised.sql.authored.growth import MAX_GROWTH
from aspromised.sql.authored.guard import guard, guard_query, guard_together, rendered
from aspromised.sql.authored.parse import ExpressionError
from aspromised.sql.limits import TOO_LONG
from tests.cli.run import run
from tests.cli.shop import MOMENT, PROMISES, SOURCES, open_shop

B = "b" * 90
COSTLY = [
    f"replace(s, 'a', '{B}')",
    f"replace(lower(trim(s)), 'a', '{B}')",
    f"replace(coalesce(nullif(u, u), s || s), 'a', '{B[:40]}')",
    f"replace(case when n > 3 then s else u end, 'a', '{B}')",
    f"case when n > 3 then replace(s, 'a', '{B}') end",
    f"replace(s, 'ä', '{'🎉' * 40}')",
    "replace(left(s, 20), 'a', s)",
    f"concat({', '.join(['s'] * 20)})",
    " || ".join(["s"] * 20),
    "replace(replace(replace(s, 'a', 'aaaa'), 'a', 'aaaa'), 'a', 'aaaa')",
    "cast(regexp_matches(s, '(a?){200}b') as text)",
    "regexp_extract(regexp_extract(s, '[a-z]{60}', 0), '[a-z]{60}', 0)",
    "regexp_matches(s || s, '[a-z]{30}')",
    " or ".join(f"regexp_matches(s, '{each}[a-z]{{20}}')" for each in "abcdef"),
    "not s similar to '[a-z]{200}'",
    f"s like '%{'_a' * 500}%'",
    "s ilike u || '%'",
    "u glob s",
]
ORDINARY = [
    "s || ' ' || u || ' ' || n",
    "replace(replace(replace(s, '&', '&amp;'), 'ä', 'ae'), ' ', '')",
    f"replace(left(s, 200), 'a', '{B}')",
    f"replace(substring(s, 3, 50), 'a', '{B}') || right(u, 100)",
    "regexp_matches(s, '[0-9]{4}-[0-9]{2}-[0-9]{2}')",
    "s like '%refund%' and u ilike 'north_%'",
    "strftime(t, '%Y-%m') || '-' || dayname(t)",
]
QUERIES = [
    f"select replace(s, 'a', '{B}') as k, count(*) as n from o group by k",
    f"select replace(s, 'a', '{B[:40]}') as k, count(*) as n from o group by replace(s, 'a', '{B[:40]}')",
    f"select s, replace(s, 'a', '{B}') as k from o group by s order by s",
    f"select replace(max(s) filter (where n > 3), 'a', '{B}') as k from o",
    f"select replace(max(s || s) filter (where n > 3), 'a', '{B[:40]}') as k from o",
    f"select replace(lag(s) over (order by n desc), 'a', '{B}') as k from o",
    f"select lag(replace(s, 'a', '{B}')) over (partition by u order by n) as k from o",
    f"with a as (select s || u as s from o) select replace(s, 'a', '{B[:40]}') as k from a",
    f"select replace((select max(s) from o), 'a', '{B}') as k from o",
    f"select replace(case when s in (select u from o) then u else s end, 'a', '{B}') as k from o",
    f"select s from o as x where exists (select 1 from o as y where replace(x.s, 'a', '{B}') = y.u)",
]  # fmt: skip


def rows(long: int) -> duckdb.DuckDBPyConnection:
    """Return a source `o` of a short cell and a long one, and one that is null."""
    con = duckdb.connect()
    con.execute("create schema source")
    con.execute("create table source.o (s text, u text, n integer, t timestamp)")
    con.executemany(
        "insert into source.o values (?, ?, ?, timestamp '2026-01-02 10:00')",
        [["a b", "south", 7], [None, None, None], ["a" * long, "ä", 8]],
    )
    return con


def asked(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    """Return what an expression is on every row."""
    return con.execute(f"select ({sql}) from source.o").fetchall()


@pytest.mark.parametrize("text", COSTLY)
def test_what_grows_or_matches_a_long_cell_stops_and_says_which(text: str) -> None:
    sql = rendered(guard(text, ["s", "u", "n", "t"]))
    with pytest.raises(duckdb.InvalidInputException, match=TOO_LONG):
        asked(rows(25_000), sql)
    assert asked(rows(30), sql) == asked(rows(30), text), "short cells are as they were"


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_sql_stays_as_it_is_written(text: str) -> None:
    sql = rendered(guard(text, ["s", "u", "n", "t"]))
    assert "ERROR(" not in sql
    assert len(asked(rows(25_000), sql)) == 3


@pytest.mark.parametrize("query", QUERIES)
def test_queries_are_guarded_where_they_grow_and_answer_as_before(query: str) -> None:
    sql = rendered(guard_query(query, ["o"]))
    assert "ERROR(" in sql
    assert sorted(map(str, rows(30).execute(sql).fetchall())) == sorted(
        map(str, rows(30).execute(query.replace("from o", "from source.o")).fetchall())
    )
    with pytest.raises(duckdb.InvalidInputException, match=TOO_LONG):
        rows(25_000).execute(sql).fetchall()


def test_what_no_cell_is_short_enough_for_is_refused() -> None:
    many = " or ".join(f"regexp_matches(s, '{n}[a-z]{{400}}')" for n in range(15))
    with pytest.raises(ExpressionError, match="none could have 100 bytes"):
        guard(many, ["s"])
    inside = f"select replace((select max(s || s) from o), 'a', '{B[:40]}') from o"
    with pytest.raises(ExpressionError, match="give it a name with 'with'"):
        guard_query(inside, ["o"])


_LEAVES = st.sampled_from(["s", "u", "'a'", "'aaaaaaaaaaaa'", "left(s, 20)", "''"])
_TEXTS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("({0[0]} || {0[1]})".format),
        st.tuples(inner, inner, inner).map("replace({0[0]}, {0[1]}, {0[2]})".format),
        st.tuples(inner, inner).map("coalesce({0[0]}, {0[1]})".format),
        inner.map("upper({})".format),
        inner.map("cast({} as text)".format),
    ),
    max_leaves=8,
)


@settings(max_examples=150)
@given(_TEXTS, st.integers(0, LONG_CELL))
def test_no_expression_makes_a_longer_text_than_it_may(text: str, long: int) -> None:
    try:
        sql = rendered(guard(text, ["s", "u"]))
        made = asked(rows(long), f"strlen({sql})")
    except (ExpressionError, duckdb.InvalidInputException) as error:
        assert any(said in str(error) for said in (TOO_LONG, "could make texts of", "none could have"))
        return
    assert max(row[0] or 0 for row in made) <= MAX_GROWTH


def long_note(root: Path) -> Path:
    """Put a region of 25,000 letters among a shop's orders."""
    orders = root / "data/orders.csv"
    orders.write_text(orders.read_text().replace("2,north,", f"2,{'a' * 25_000},"))
    return root


def test_a_promise_over_a_long_cell_is_told_at_its_place_and_the_others_go_on(tmp_path: Path) -> None:
    grown = PROMISES.replace("kept_when: not wrong", f"kept_when: \"replace(region, 'a', '{B}') <> ''\"")
    shop = long_note(open_shop(tmp_path, promises=grown))
    assert run("check", "--workspace", shop).code == 0
    refreshed = run("refresh", "--workspace", shop, "--as-of", MOMENT)
    line = 1 + grown[: grown.rindex("measure:")].count("\n")
    told = f"'region' has 25000 bytes, {TOO_LONG} (1,111): cut it first, as in left(region, 277)"
    assert (
        f"promises/promises.yaml:{line}:14: judging it was stopped: {told}" in refreshed.out + refreshed.err
    )
    of = {row["id"]: row for row in run("status", "--workspace", shop, "--json").json["promises"]}
    assert of["next-day"]["kept"] > 0
    assert told in str(of["right-item"])


@pytest.mark.parametrize("where", ["must", "sql"])
def test_a_source_over_a_long_cell_is_told_at_its_place_and_the_others_go_on(
    where: str, tmp_path: Path
) -> None:
    grown = f"replace(region, 'a', '{B}')"
    declared = {
        "must": f'  more: {{sql: "select order_id, region from orders", must: ["{grown} <> \'\'"]}}\n',
        "sql": f'  more: {{sql: "select order_id, length({grown}) as n from orders"}}\n',
    }
    shop = long_note(open_shop(tmp_path, sources=f"{SOURCES}{declared[where]}"))
    for ran in (run("check", "--workspace", shop), run("refresh", "--workspace", shop, "--as-of", MOMENT)):
        assert f"has 25000 bytes, {TOO_LONG} (1,111)" in ran.out + ran.err
        assert "Traceback" not in ran.err
    assert run("status", "--workspace", shop, "--json").json["promises"][0]["kept"] > 0


def test_expressions_that_are_allowed_each_are_refused_where_they_are_too_many(tmp_path: Path) -> None:
    segments = ", ".join(f"{{s{n}: \"replace(region, 'a', '{B}{n}')\"}}" for n in range(6))
    many = PROMISES.replace("segments: [region", f"segments: [{segments}, region")
    musts = ", ".join(f"\"replace(region, 'a', '{B}{n}') <> ''\"" for n in range(6))
    sources = f'{SOURCES}  more: {{sql: "select order_id, region from orders", must: [{musts}]}}\n'
    shop = open_shop(tmp_path, promises=many, sources=sources)
    told = "too many of its expressions make long texts or match them"
    checked = run("check", "--workspace", shop)
    line = 1 + many[: many.index("measure:")].count("\n")
    assert f"promises/promises.yaml:{line}:" in checked.out and f"more: {told}" in checked.out
    run("refresh", "--workspace", shop, "--as-of", MOMENT)
    of = {row["id"]: row for row in run("status", "--workspace", shop, "--json").json["promises"]}
    assert told in str(of["next-day"]) and of["right-item"]["kept"] > 0


def test_many_ordinary_expressions_are_not_too_many() -> None:
    guard_together([f"s || '-' || u || '{n}'" for n in range(100)])
    guard_together([f"regexp_matches(s, '^{n}[0-9]{{4}}')" for n in range(100)])
    with pytest.raises(ExpressionError, match="too many"):
        guard_together([f"regexp_matches(s, '{n}[a-z]{{400}}')" for n in range(6)])


def test_a_gate_over_a_long_cell_and_the_story_of_an_item_say_so(tmp_path: Path) -> None:
    gates = f"""promotions:
  sale:
    says: Everything tomorrow
    launched: 2026-01-06T08:00
    leans_on: [next-day]
    ready_when:
      - {{gate: long, sql: "select max(length(replace(region, 'a', '{B}'))) from orders", at_least: 1}}
      - {{gate: came, sql: "select count(*) from orders where cast(ordered_at as date) = :day", at_least: 1}}
"""
    grown = PROMISES.replace("kept_when: not wrong", f"kept_when: \"replace(region, 'a', '{B}') <> ''\"")
    shop = long_note(open_shop(tmp_path, promises=grown))
    (shop / "promises/promotions.yaml").write_text(gates)
    assert "Traceback" not in run("refresh", "--workspace", shop, "--as-of", MOMENT).err
    told = f"'region' has 25000 bytes, {TOO_LONG}"
    for more in ([], ["--as-of", "2026-01-08"]):
        asked_of = run("launches", "--workspace", shop, "--json", *more).json["promotions"][0]["gates"]
        of = {gate["gate"]: str(gate) for gate in asked_of}
        assert f"its query failed: {told}" in of["long"] and told not in of["came"]
    story = run("why", "right-item", "--item", "2", "--workspace", shop)
    assert story.code == 1 and told in story.err and "Traceback" not in story.err
