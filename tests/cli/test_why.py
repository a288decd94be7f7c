"""`why` leads from a number to the SQL behind it, and from an item to each step of its clock."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from aspromised.store.layout import Layout
from tests.cli.run import run
from tests.cli.shop import MOMENT, PROMISES, open_shop

STORIES = {
    "2": "kept, with 4 h to spare",
    "3": "broken by 9 h: done late",
    "5": "kept, with 15 h to spare",
    "6": "broken by 2 d: not done and overdue",
    "7": "exempt: the customer moved it",
    "8": "exempt: cancelled",
    "9": "open: 1 d left",
    "10": "unknown: done before it started",
}


def why(shop: Path, *words: str) -> dict[str, Any]:
    ran = run("why", "next-day", "--workspace", shop, "--json", *words)
    assert (ran.code, ran.err) == (0, "")
    return ran.json


@pytest.mark.parametrize(("item", "sentence"), STORIES.items())
def test_each_order_has_its_story(shop: Path, item: str, sentence: str) -> None:
    assert why(shop, "--item", item)["sentence"] == sentence


def test_a_story_tells_each_step_with_its_moment(shop: Path) -> None:
    told = why(shop, "--item", "3")
    assert (told["promise"], told["item"], told["verdict"], told["day"]) == (
        "next-day",
        "3",
        "broken",
        "2026-01-06",
    )
    assert told["as_of"] == "2026-01-09T23:59:59.999999+00:00"
    assert [(step["what"], step["at"]) for step in told["steps"]] == [
        ("promised: “Yours tomorrow”, target 95 %, as promised from 5 Jan 2026", None),
        ("started", "2026-01-05T11:00:00+00:00"),
        ("due", "2026-01-06T23:59:59.999999+00:00"),
        ("done", "2026-01-07T09:00:00+00:00"),
    ]
    assert told["in_one_line"] == (
        "started Mon 5 Jan 2026 11:00 · due the end of Tue 6 Jan (1 calendar day) · done Wed 7 Jan 09:00: broken by 9 h: done late"
    )
    assert told["clock"] == {
        "limit": "1 calendar day",
        "limit_seconds": 133_199.999999,
        "own": {"elapsed_seconds": 165_600.0, "left_seconds": -32_400.000001},
        "wall": {"elapsed_seconds": 165_600.0, "left_seconds": -32_400.000001},
        "sentence": "1 d 22 h of 1 d 13 h (1 calendar day); 9 h over",
    }
    assert told["segments"] == {"region": "north", "weekday": "Monday"}


def test_the_story_of_a_past_moment_is_the_one_known_then(shop: Path) -> None:
    told = why(shop, "--item", "3", "--as-of", "2026-01-06T12:00")
    assert (told["verdict"], [step["what"] for step in told["steps"][1:]]) == (
        "open",
        ["started", "not done by", "due"],
    )


def test_a_story_reads_as_lines(shop: Path) -> None:
    told = run("why", "next-day", "--workspace", shop, "--item", "7")
    assert told.out.splitlines() == [
        "next-day, item 7",
        "  promised: “Yours tomorrow”, target 95 %, as promised from 5 Jan 2026",
        "  started Tue 6 Jan 2026 10:00",
        "  due the end of Wed 7 Jan (1 calendar day)",
        "  done Fri 9 Jan 10:00",
        "  exempt by rule, when moved: the customer moved it (without it: broken)",
        "  region = south, weekday = Tuesday",
        "  3 d of 1 d 14 h (1 calendar day); 1 d 10 h over",
        "  exempt: the customer moved it",
    ]


def test_the_counts_are_those_of_status_and_the_answering_table_is_named(shop: Path) -> None:
    told = why(shop, "--from", "2026-01-06", "--to", "2026-01-07")
    (row,) = run(
        "status", "next-day", "--workspace", shop, "--json", "--from", "2026-01-06", "--to", "2026-01-07"
    ).json["promises"]
    shared = ("kept", "broken", "open", "exempt", "unknown", "not_promised", "rate", "low", "high", "target", "gap", "status")  # fmt: skip
    assert {name: told[name] for name in shared} == {name: row[name] for name in shared}
    assert told["answered_from"] == "the snapshot's table verdict_daily"
    assert why(shop, "--as-of", MOMENT)["answered_from"] == "judged now from the warehouse"


def test_the_sql_shown_gives_the_verdicts_when_it_is_run(shop: Path) -> None:
    sql = why(shop)["sql"]
    with duckdb.connect(str(Layout(shop).warehouse), read_only=True) as con:
        con.execute("set TimeZone = 'Europe/London'")
        for statement in sql.split(";\n\n"):
            con.execute(statement)
        found = dict(con.execute("select item_id, verdict from judged").fetchall())
    assert found == {"1": "not promised", "2": "kept", "3": "broken", "4": "kept", "5": "kept", "6": "broken",
                     "7": "exempt", "8": "exempt", "9": "open", "10": "unknown"}  # fmt: skip


def test_a_promise_without_items_says_no_data(shop: Path) -> None:
    told = run("why", "right-item", "--workspace", shop, "--month", "2020-01")
    assert told.code == 0
    assert "status: no data" in told.out
    assert why(shop, "--month", "2020-01")["rate"] is None


def test_how_many_items_a_status_takes_is_not_read_as_how_many_more(shop: Path) -> None:
    told = run("why", "next-day", "--workspace", shop).out
    assert "(a status takes at least 5 items)" in told and "needed" not in told.split("every item")[0]


@pytest.mark.parametrize("words", [["why", "next-day"], ["why", "next-day", "--item", "3"]])
def test_a_published_number_is_never_explained_by_words_that_changed_since(
    words: list[str], tmp_path: Path
) -> None:
    root = open_shop(tmp_path / "shop")
    assert run("refresh", "--workspace", root, "--as-of", MOMENT).code == 0
    promises = root / "promises" / "promises.yaml"
    promises.write_text(PROMISES.replace("claim: Yours tomorrow", "claim: Tomorrow, yours"))
    assert run(*words, "--workspace", root).code == 0, "words that decide nothing may change"
    promises.write_text(PROMISES.replace("within: 1 calendar day", "within: 3 calendar days"))
    ran = run(*words, "--workspace", root)
    assert (ran.code, ran.out) == (1, "")
    assert "'next-day' would be judged otherwise now" in ran.err and "run `aspromised refresh`" in ran.err
    assert run("why", "right-item", "--workspace", root).code == 0, "another promise is as it was"
    assert run(*words, "--workspace", root, "--as-of", MOMENT).code == 0, "judged now, as it says"
    assert run("refresh", "--workspace", root, "--as-of", MOMENT).code == 0
    assert run(*words, "--workspace", root).code == 0


def test_a_promise_declared_since_the_last_refresh_is_said_to_be_in_no_number_yet(tmp_path: Path) -> None:
    root = open_shop(tmp_path / "shop")
    assert run("refresh", "--workspace", root, "--as-of", MOMENT).code == 0
    promises = root / "promises" / "promises.yaml"
    promises.write_text(PROMISES.replace("  right-item:", "  wrong-item:"))
    ran = run("why", "wrong-item", "--workspace", root)
    assert (ran.code, ran.out) == (1, "")
    assert "'wrong-item' was declared since the last refresh, and is in no number yet" in ran.err
