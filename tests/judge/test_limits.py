"""What an author may write is bounded: a query that never ends, a text that never stops growing."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from aspromised.declare.model import Gate
from aspromised.judge import run as judging
from aspromised.judge.readiness.queries import query_states
from aspromised.sql.authored.guard import guard, guard_query
from aspromised.sql.authored.parse import ExpressionError
from aspromised.sql.limits import MEMORY_VARIABLE, SECONDS_VARIABLE, SPILL_VARIABLE
from tests.cli.run import run
from tests.cli.shop import MOMENT, PROMISES, SOURCES, open_shop

ENDLESS = f"select count(*) as n, now_is.order_id from {', '.join(f'orders o{n}' for n in range(14))}, orders now_is group by 2"
SPILLING = f"select o0.order_id || o1.order_id || o2.order_id as id from {', '.join(f'orders o{n}' for n in range(9))} order by 1"


@pytest.mark.parametrize(
    "text",
    [
        f"replace(replace('{'a' * 400}', 'a', '{'b' * 400}'), 'b', 'cc') = s",
        f"replace(replace(replace('{'a' * 90}', 'a', '{'a' * 90}'), 'a', '{'a' * 90}'), 'a', '{'a' * 90}') = s",
        "replace(replace(s, 'a', s), 'b', s) = s",
        "replace(s, '', 'x') || replace(s, 'a', upper(s)) = s",
        "concat(" + ", ".join(["s"] * 101) + ") = s",
        "replace(cast(replace(s, 'a', 'aaaaaaaa') as varchar), 'a', 'aaaaaaaaaaa') = s",
        f"replace(s, lower('a'), '{'b' * 200}') = s",
        " or ".join(f"replace(s, 'a', '{'b' * 9}{n}') = ''" for n in range(11)),
        " or ".join(["s || s || s || s = ''"] * 26),
    ],
)
def test_a_text_that_could_grow_without_end_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"could make texts of [\d,]+ bytes out of 1,000"):
        guard(text, ["s"])


def test_a_text_that_grows_a_little_is_not() -> None:
    umlauts = "s"
    for letter in "äöüÄÖÜ":
        umlauts = f"replace({umlauts}, '{letter}', 'ae')"
    for text in [f"{umlauts} = s", "replace(s, '&', ' and ') = s", "replace(replace(lower(s), '-', ''), ' ', '') = s",
                 "concat(s, ', ', s, ', ', s) = s", "s || '-' || s = s", " || '-' || ".join(["s"] * 20) + " = s", "case when s = 'a' then s else s || s end = s"]:  # fmt: skip
        assert guard(text, ["s"])


@pytest.mark.parametrize(
    "pattern",
    [
        "s || '(a?){1000}a{1000}'",
        "s",
        "lower('a')",
        "'(a?){400}a{400}'",
        "'((a?){30}){30}'",
        f"'{'a' * 201}'",
        r"'(\p{L}{20}){5}'",
        "'[^a]{501}'",
        "'((((a{9}){9}){9}){9})'",
    ],
)
@pytest.mark.parametrize(
    "match",
    ["regexp_matches(s, {})", "regexp_extract(s, {}, 0) = s", "s similar to {}", "not s similar to ({})"],
)
def test_a_pattern_that_could_match_for_ever_is_refused(match: str, pattern: str) -> None:
    with pytest.raises(ExpressionError, match="pattern"):
        guard(match.format(pattern), ["s"])


@pytest.mark.parametrize(
    "pattern",
    [
        "^north",
        "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        r"(?i)\d{4}-\d{2}-\d{2}.*",
        r"[\p{L}]{2,20}",
        "a{2}|b{3,}|c{0,4}",
        "]{{})(",
        "",
    ],
)
def test_a_pattern_of_everyday_is_not(pattern: str) -> None:
    assert guard(f"regexp_matches(s, '{pattern}')", ["s"])


def test_what_a_query_makes_grows_in_the_queries_around_it() -> None:
    doubled = "with a0 as (select s || s as s from t)"
    for n in range(1, 12):
        doubled += f", a{n} as (select s || s as s from a{n - 1})"
    nested = "t"
    for n in range(12):
        nested = f"(select s || s as s from {nested}) as a{n}"
    for query in (f"{doubled} select s from a11", f"select s from {nested}"):
        with pytest.raises(ExpressionError, match="could make texts of"):
            guard_query(query, ["t"])
    assert guard_query(
        "with a as (select s || s as s from t), b as (select lower(s) as s from a) select trim(s) from b",
        ["t"],
    )


def test_sources_one_after_another_do_not_make_a_longer_text_than_one_may(tmp_path: Path) -> None:
    sources = (
        f"{SOURCES}  once: {{sql: \"select order_id, order_id || '{'y' * 900}' as long from orders\"}}\n"
    )
    sources += '  twice: {sql: "select order_id, long || long as long from once"}\n'
    checked = run("check", "--workspace", open_shop(tmp_path, sources=sources))
    assert checked.code == 1
    assert (
        "data/sources.yaml:7:16: twice: it makes a text of 1,804 characters, and reads none as long: at most 1,000"
        in checked.out
    )


@pytest.mark.parametrize("deep", ["(" * 900 + "1" + ")" * 900, "not " * 2000 + "true"])
def test_a_query_nested_too_deeply_is_told_at_its_place_and_stops_nothing_else(
    deep: str, tmp_path: Path
) -> None:
    gates = f"promotions:\n  p:\n    says: x\n    launched: 2026-03-01\n    leans_on: [right-item]\n    ready_when:\n      - {{gate: g, sql: 'select {deep}', at_least: 1}}\n"
    shop = open_shop(tmp_path, sources=f"{SOURCES}  deep:\n    sql: select {deep}\n")
    (shop / "promises/gates.yaml").write_text(gates)
    checked = run("check", "--workspace", shop)
    assert "Traceback" not in checked.err
    assert "data/sources.yaml:7:10: deep: nested deeper than" in checked.out
    assert "promises/gates.yaml:7:24: nested deeper than" in checked.out
    assert "Traceback" not in run("refresh", "--workspace", shop, "--as-of", MOMENT).err
    assert any(row["kept"] for row in run("status", "--workspace", shop, "--json").json["promises"])


@pytest.mark.parametrize(
    ("sql", "limits", "told"),
    [
        (ENDLESS, {SECONDS_VARIABLE: "4"}, "it took longer than it may"),
        (SPILLING, {SPILL_VARIABLE: "5MB", MEMORY_VARIABLE: "80MB"}, "it needs more memory and disk than it may take"),
    ],
)  # fmt: skip
def test_a_query_without_end_is_told_at_its_place_and_stops_nothing_else(
    sql: str, limits: dict[str, str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop(tmp_path, sources=f"{SOURCES}  endless:\n    sql: {sql}\n")
    for name, value in limits.items():
        monkeypatch.setenv(name, value)
    checked = run("check", "--workspace", shop)
    assert checked.code == 1
    assert f"data/sources.yaml:7:10: endless: {told}" in checked.out
    refreshed = run("refresh", "--workspace", shop, "--as-of", MOMENT)
    assert "Traceback" not in refreshed.err
    assert run("status", "--workspace", shop, "--json").json["promises"]


def test_a_promise_that_runs_out_of_its_time_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge_items = judging.judge_items

    def endless(con: duckdb.DuckDBPyConnection, plan: Any, moment: Any) -> None:
        if plan.promise_id == "next-day":
            raise duckdb.InterruptException("INTERRUPT Error: Query exceeded maximum execution time")
        judge_items(con, plan, moment)

    monkeypatch.setattr(judging, "judge_items", endless)
    shop = open_shop(tmp_path)
    refreshed = run("refresh", "--workspace", shop, "--as-of", MOMENT)
    line = 1 + PROMISES[: PROMISES.index("measure:")].count("\n")
    assert (
        f"promises/promises.yaml:{line}:5: judging it was stopped: it took longer than it may"
        in refreshed.out + refreshed.err
    )
    rows = {row["id"]: row for row in run("status", "--workspace", shop, "--json").json["promises"]}
    assert rows["right-item"]["kept"] > 0


def test_a_gate_whose_query_never_ends_is_asked_once_and_not_every_day() -> None:
    con = duckdb.connect(config={"max_execution_time": 200})
    con.execute("create schema source")
    con.execute(
        "create table source.stock as select i as n, date '2026-01-01' as day from range(100000) r(i)"
    )
    asked: list[str] = []

    class Counting:
        def run(self, sql: str, *more: object) -> list[tuple[Any, ...]]:
            asked.append(sql)
            return con.execute(sql, *more).fetchall()

    gate = Gate(
        gate="stocked", sql="select count(*) from stock a, stock b, stock c where a.day <= :day", at_least=1
    )
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(400)]
    states = query_states(Counting(), {"stock": {"n": "BIGINT", "day": "DATE"}}, gate, days, {})  # type: ignore[arg-type]
    assert len(asked) == 1
    assert {state.met for state in states.values()} == {None}


@pytest.mark.parametrize("name", [SECONDS_VARIABLE, SPILL_VARIABLE, MEMORY_VARIABLE])
def test_a_limit_that_is_none_is_told_in_words(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop(tmp_path)
    for value in ("soon", "-1", "1e9", "'; select 1"):
        monkeypatch.setenv(name, value)
        checked = run("check", "--workspace", shop)
        assert (checked.code, checked.out) != (0, "")
        assert f"{name} is '{value}': write a" in checked.err
