"""`status` answers in the shape of the contract, for the days and the moment asked for."""

import math
from pathlib import Path
from typing import Any

import pytest

from aspromised.analyse.windows.window import Window
from aspromised.notebook.choices import chosen_window
from aspromised.notebook.parameters import Parameter, resolve
from aspromised.store.snapshot import open_snapshot
from tests.cli.run import run
from tests.cli.shop import HEADER, MOMENT, ORDERS, PROMISES, open_shop

COUNTS = ("kept", "broken", "open", "exempt", "unknown", "not_promised")
CONTRACT = ["id", "window", *COUNTS, "rate", "low", "high", "target", "gap", "status", "segments"]


def answer(shop: Path, *words: str) -> dict[str, Any]:
    ran = run("status", "--workspace", shop, "--json", *words)
    assert ran.code == 0
    assert not ran.err or "--as-of" in words
    return ran.json


def row(shop: Path, promise: str, *words: str) -> dict[str, Any]:
    (found,) = answer(shop, promise, *words)["promises"]
    return found


def counts(found: dict[str, Any]) -> tuple[int, ...]:
    return tuple(found[name] for name in COUNTS)


def test_every_promise_is_a_row_with_the_keys_of_the_contract(shop: Path) -> None:
    whole = answer(shop)
    assert list(whole) == ["as_of", "promises"]
    assert whole["as_of"] == "2026-01-09T23:59:59.999999+00:00"
    assert [found["id"] for found in whole["promises"]] == ["next-day", "right-item"]
    for found in whole["promises"]:
        assert set(CONTRACT) <= set(found)
        assert found["window"].keys() == {"from", "to"}


def test_the_ten_orders_are_counted_as_the_eye_counts_them(shop: Path) -> None:
    found = row(shop, "next-day")
    assert counts(found) == (3, 2, 1, 2, 1, 1)
    assert (found["rate"], found["target"], found["status"]) == (0.6, 0.95, "missed")
    assert found["gap"] == pytest.approx(0.6 - 0.95)
    assert counts(row(shop, "right-item")) == (8, 1, 0, 0, 1, 0)


def test_counts_are_whole_numbers(shop: Path) -> None:
    for words in ([], ["--month", "2020-02"], ["--all"]):
        found = answer(shop, *words)["promises"]
        rows = [*found, *(part for row in found for part in (*row["segments"], *row["versions"]))]
        assert {type(row[name]) for row in rows for name in (*COUNTS, "waits_for")} == {int}, words


def test_the_interval_is_wilsons(shop: Path) -> None:
    found, z, n, p = row(shop, "next-day"), 1.959963984540054, 5, 0.6
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert found["low"] == pytest.approx((middle - half) / (1 + z * z / n))
    assert found["high"] == pytest.approx((middle + half) / (1 + z * z / n))


def test_each_segment_adds_up_to_the_whole_and_a_null_is_a_value_of_its_own(shop: Path) -> None:
    found = row(shop, "next-day")
    regions = {part["value"]: counts(part) for part in found["segments"] if part["name"] == "region"}
    assert regions == {"(none)": (1, 1, 0, 0, 0, 0), "north": (1, 1, 1, 0, 1, 1), "south": (1, 0, 0, 2, 0, 0)}
    for name in ("region", "weekday"):
        parts = [counts(part) for part in found["segments"] if part["name"] == name]
        assert tuple(map(sum, zip(*parts, strict=True))) == counts(found), name
    for part in found["segments"]:
        assert set(part) >= {"name", "value", *COUNTS, "rate", "low", "high", "target", "gap", "status"}


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-01-06", "2026-01-06", (2, 1, 0, 0, 0, 0)),
        ("2026-01-06", "2026-01-07", (3, 2, 0, 1, 0, 0)),
        ("2026-01-07", "2026-01-08", (1, 1, 0, 2, 0, 0)),
        ("2026-01-09", "2026-01-10", (0, 0, 1, 0, 1, 0)),
        ("2026-01-11", "2026-01-31", (0, 0, 0, 0, 0, 0)),
    ],
)
def test_from_and_to_are_local_days_both_included(
    shop: Path, first: str, last: str, expected: tuple[int, ...]
) -> None:
    found = row(shop, "next-day", "--from", first, "--to", last)
    assert found["window"] == {"from": first, "to": last}
    assert counts(found) == expected


def test_a_month_is_its_first_to_its_last_day(shop: Path) -> None:
    assert row(shop, "next-day", "--month", "2026-01") == row(
        shop, "next-day", "--from", "2026-01-01", "--to", "2026-01-31"
    )


def test_absence_is_no_data_and_few_is_too_few(shop: Path) -> None:
    empty = row(shop, "next-day", "--month", "2020-02")
    assert (empty["status"], empty["segments"]) == ("no data", [])
    assert [empty[name] for name in ("rate", "low", "high", "gap", "gap_items")] == [None] * 5
    assert row(shop, "right-item")["status"] == "too few"


@pytest.mark.parametrize("moment", ["2026-01-07T08:00", "2026-01-06", "2026-01-12", "2025-06-01"])
def test_another_moment_is_judged_again_as_a_refresh_of_that_moment_would(
    shop: Path, tmp_path: Path, moment: str
) -> None:
    other = open_shop(tmp_path / "shop")
    assert run("refresh", "--workspace", other, "--as-of", moment).code == 0
    assert answer(shop, "--as-of", moment) == answer(other)


def test_a_past_moment_knows_only_what_was_known_then(shop: Path) -> None:
    assert counts(row(shop, "next-day", "--as-of", "2026-01-07T08:00")) == (2, 1, 2, 1, 0, 1)
    assert answer(shop, "--as-of", MOMENT) == answer(shop)


def test_by_names_the_segments_to_show(shop: Path) -> None:
    found = row(shop, "next-day", "--by", "region")
    assert {part["name"] for part in found["segments"]} == {"region"}
    told = run("status", "next-day", "--workspace", shop, "--by", "region").out
    assert "region = (none)" in told and "region = north" in told


def test_a_ledger_for_people_says_the_status_in_words(shop: Path) -> None:
    told = run("status", "--workspace", shop).out
    assert "✕ missed" in told and "… too few" in told
    assert "−35.0 points" in told
    assert "60.0 %" in told


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        (["--week", "2026-W02"], "2026-01-05", "2026-01-11"),
        (["--week", "2026-01-08"], "2026-01-05", "2026-01-11"),
        (["--quarter", "2026-Q1"], "2026-01-01", "2026-03-31"),
        (["--year", "2026"], "2026-01-01", "2026-12-31"),
        (["--fiscal-quarter", "2026-Q1"], "2026-01-01", "2026-03-31"),
        (["--fiscal-year", "2026"], "2026-01-01", "2026-12-31"),
        (["--last", "3 days"], "2026-01-07", "2026-01-09"),
        (["--last", "1 week"], "2026-01-03", "2026-01-09"),
        (["--own"], "2026-01-01", "2026-01-31"),
    ],
)
def test_a_window_is_named_in_the_companys_words(shop: Path, words: list[str], first: str, last: str) -> None:
    found = row(shop, "next-day", *words)
    assert found == row(shop, "next-day", "--from", first, "--to", last)
    assert found["window"] == {"from": first, "to": last}


def test_the_company_says_when_its_weeks_and_fiscal_years_start(tmp_path: Path) -> None:
    company = (
        "company: {name: Shop, timezone: Europe/London, week_starts: thursday, fiscal_year_starts: april}\n"
    )
    other = open_shop(tmp_path / "shop", company=company)
    assert run("refresh", "--workspace", other, "--as-of", MOMENT).code == 0
    for words, first, last in (
        (["--week", "2026-01-09"], "2026-01-08", "2026-01-14"),
        (["--fiscal-quarter", "2025/26-Q4"], "2026-01-01", "2026-03-31"),
        (["--fiscal-year", "2026"], "2025-04-01", "2026-03-31"),
    ):
        for moment in ([], ["--as-of", MOMENT]):
            assert row(other, "next-day", *words, *moment)["window"] == {"from": first, "to": last}


def test_a_window_that_is_not_over_says_so_and_one_that_is_does_not(shop: Path) -> None:
    told = run("status", "--workspace", shop, "--month", "2026-01").out
    assert "January 2026, not closed yet (to 9 Jan 2026), as of 2026-01-09" in told
    assert "not closed yet" not in run("status", "--workspace", shop, "--last", "9 days").out


def test_one_promise_is_shown_period_by_period(shop: Path) -> None:
    ran = run("status", "next-day", "--workspace", shop, "--periods", "2", "--week", "2026-W02", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert list(ran.json) == ["as_of", "promise", "claim", "periods"]
    before, this = ran.json["periods"]
    assert (before["window"], before["closed"], before["versions"]) == (
        {"from": "2025-12-29", "to": "2026-01-04"},
        True,
        "",
    )
    assert (this["closed"], this["versions"], counts(this)[:3]) == (False, "1", (3, 2, 1))
    assert this["label"] == "week 2 of 2026 (5 Jan to 11 Jan), not closed yet (to 9 Jan 2026)"
    own = run("status", "next-day", "--workspace", shop, "--periods", "2").out
    assert "December 2025" in own and "January 2026, not closed yet (to 9 Jan 2026)" in own


def test_the_budget_of_misses_stands_beside_each_promise(shop: Path) -> None:
    """To 9 January five orders are decided and two broken; one more is expected on each weekday left."""
    budget = row(shop, "next-day", "--own")["budget"]
    assert (budget["window"], budget["closed"]) == ({"from": "2026-01-01", "to": "2026-01-31"}, False)
    assert (budget["decided"], budget["spent"], budget["allowed_so_far"]) == (5, 2, 0)
    assert budget["burn"]["rate"] == pytest.approx(2 / 5 / 0.05)
    assert budget["burn"]["too_fast"] and budget["is_spent"] is (budget["left"] < 0)
    assert row(shop, "next-day", "--month", "2026-01")["budget"] == budget
    assert row(shop, "next-day")["budget"] == budget, "over all days: the promise's own window"
    assert row(shop, "next-day", "--from", "2026-01-06", "--to", "2026-01-06")["budget"]["spent"] == 1


def test_a_budget_that_burns_is_said_under_the_ledger(shop: Path) -> None:
    told = run("status", "--workspace", shop, "--from", "2026-01-01", "--to", "2026-01-09").out
    assert (
        "next-day: budget spent, 2 broken where less than one is forgiven; burning 8.0 times too fast" in told
    )


def test_without_a_window_it_is_the_latest_month_as_on_the_pages(tmp_path: Path) -> None:
    """As of 12 February January is over and February has begun: January, though February has an order."""
    late = ORDERS + "11,north,2026-02-03 10:00,2026-02-04 10:00,,false,false\n"
    other = open_shop(tmp_path / "shop", orders=f"{HEADER}\n{late}")
    assert run("refresh", "--workspace", other, "--as-of", "2026-02-12").code == 0
    assert answer(other) == answer(other, "--month", "2026-01")
    assert row(other, "next-day")["window"] == {"from": "2026-01-01", "to": "2026-01-31"}
    assert "January 2026, as of 2026-02-12" in run("status", "--workspace", other).out
    with open_snapshot(other) as snapshot:
        assert chosen_window("", "", snapshot) == Window.month("2026-01")
        assert resolve(Parameter("month", "", "choice"), snapshot, {}).default == "2026-01"


def test_where_the_last_full_month_has_nothing_it_is_the_newest_with_items(shop: Path) -> None:
    assert row(shop, "next-day")["window"] == {"from": "2026-01-01", "to": "2026-01-31"}
    with open_snapshot(shop) as snapshot:
        assert chosen_window("", "", snapshot) == Window.month("2026-01")
        assert resolve(Parameter("month", "", "choice"), snapshot, {}).default == "2026-01"


TWO_WORDINGS = PROMISES.replace(
    "versions: [{from: 2026-01-05}]",
    "versions: [{from: 2026-01-02, claim: Yours in 2 days, within: 2 calendar days, target: 60%}, {from: 2026-01-06}]",
)


def test_all_days_are_told_wording_by_wording(tmp_path: Path) -> None:
    """Until 5 January two days were promised: orders 1 to 4 are kept; of the six after that 5 is kept and 6 broken."""
    other = open_shop(tmp_path / "shop", promises=TWO_WORDINGS)
    assert run("refresh", "--workspace", other, "--as-of", MOMENT).code == 0
    found = row(other, "next-day", "--all")
    assert [
        (told["version"], told["claim"], told["from"], told["to"], *counts(told), told["target"])
        for told in found["versions"]
    ] == [
        (1, "Yours in 2 days", "2026-01-02", "2026-01-05", 4, 0, 0, 0, 0, 0, 0.6),
        (2, "Yours tomorrow", "2026-01-06", None, 1, 1, 1, 2, 1, 0, 0.95),
    ]
    assert [told["rate"] for told in found["versions"]] == [1.0, 0.5]
    for words in (["status", "next-day"], ["why", "next-day"]):
        pooled, told = "83.3", run(*words, "--workspace", other, "--all").out
        assert pooled not in told, "the share over both wordings is of neither"
        assert "100.0" in told and "50.0" in told and "Yours in 2 days" in told
        assert pooled in run(*words, "--workspace", other).out, (
            "in a month the page's figure, and both wordings"
        )
    why = run("why", "next-day", "--workspace", other, "--all", "--json").json
    assert why["versions"] == found["versions"]


def test_what_several_wordings_decided_has_no_status_in_json_either(tmp_path: Path) -> None:
    """The table says "several wordings" in its place: `kept` in JSON beside it would be a second answer."""
    other = open_shop(tmp_path / "shop", promises=TWO_WORDINGS)
    assert run("refresh", "--workspace", other, "--as-of", MOMENT).code == 0
    week = ("--from", "2026-01-02", "--to", "2026-01-09")
    found, why = row(other, "next-day", *week), run("why", "next-day", *week, "--workspace", other, "--json")
    months = run("status", "next-day", "--periods", "1", *week, "--workspace", other, "--json").json[
        "periods"
    ]
    pooled = [each for each in (found, *found["segments"], why.json, *months) if each["pooled"]]
    assert len(pooled) > 3 and {(each["status"], each["waits_for"]) for each in pooled} == {(None, 0)}
    assert all(each["kept"] is not None and each["rate"] is not None for each in pooled)
    assert "several wordings" in run("status", "--workspace", other, *week).out
    assert {each["status"] for each in found["versions"]} == {"too few"}, "each wording has its own"


def test_each_wording_adds_up_to_the_promise(shop: Path) -> None:
    (only,) = row(shop, "next-day", "--all")["versions"]
    *whole, not_promised = counts(row(shop, "next-day", "--all"))
    assert counts(only) == (*whole, 0) and not_promised, "what was not promised is of no wording"
    assert "from 5 Jan" not in run("status", "--workspace", shop, "--all").out, "one wording needs no row"


SPREAD = """
  alike:
    claim: The same everywhere
    made_by: marketing
    kept_by: dispatch
    target: 90%
    measure: {spread_of: next-day, across: region, at_most: 5 points}
"""


def test_the_days_named_for_all_days_are_those_that_answer_the_same(tmp_path: Path) -> None:
    """An order is open that is due on the 10th, the day after the snapshot's: the days named hold it."""
    other = open_shop(tmp_path / "shop", promises=PROMISES + SPREAD)
    assert run("refresh", "--workspace", other, "--as-of", MOMENT).code == 0
    found = row(other, "next-day", "--all")
    first, last = found["window"]["from"], found["window"]["to"]
    assert last == "2026-01-10" and found["open"] == 1
    assert row(other, "next-day", "--from", first, "--to", last)["open"] == 1
    assert row(other, "next-day", "--from", first)["window"] == found["window"]
    assert row(other, "alike", "--all")["window"] == found["window"]


@pytest.mark.parametrize("words", [[], ["--own"], ["--last", "9 days"], ["--all"], ["--from", "2026-01-06"]])
def test_why_answers_for_the_window_of_status(shop: Path, words: list[str]) -> None:
    why = run("why", "next-day", "--workspace", shop, "--json", *words).json
    found = row(shop, "next-day", *words)
    assert [why[name] for name in (*COUNTS, "rate", "target")] == [
        found[name] for name in (*COUNTS, "rate", "target")
    ]


def test_days_before_a_promise_began_have_no_numbers_and_say_from_when(shop: Path) -> None:
    """The first promise begins on 5 January, the second has no first day."""
    told = run("status", "--workspace", shop, "--from", "2025-12-01", "--to", "2025-12-31").out
    (line,) = [each for each in told.splitlines() if each.startswith("next-day ")]
    assert line.split() == ["next-day", "–", "not", "promised", "yet"]
    assert "next-day: promised from 5 Jan 2026, after these days" in told
    assert "right-item: promised" not in told
    why = run("why", "next-day", "--workspace", shop, "--from", "2025-12-01", "--to", "2025-12-31").out
    assert why.splitlines()[0].endswith("is promised from 5 Jan 2026, after December 2025")
