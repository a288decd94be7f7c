"""What is said of words is of the items that were promised in them: a world with two wordings, and whatever counts."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from aspromised.analyse.budget.budget import budgets
from aspromised.analyse.gaps.gap import gap, most_missed
from aspromised.analyse.promises.advice import next_steps
from aspromised.analyse.promises.claim import open_claim
from aspromised.analyse.promises.compliance import compliance, compliance_summary
from aspromised.analyse.rates.figures import COUNTS, FIGURES
from aspromised.analyse.rates.own_window import own_windows, period_by_period
from aspromised.analyse.rates.status import statuses, versions_each
from aspromised.analyse.rates.versions import words_of_now
from aspromised.analyse.rates.wordings import statuses_in_words
from aspromised.analyse.review import review
from aspromised.analyse.robustness.doubts import doubts
from aspromised.analyse.windows.periods import Periods
from aspromised.analyse.windows.window import Window
from aspromised.cli.standing.rows import periods, status_answer
from aspromised.cli.standing.tables import _cells, _part_cells
from aspromised.store.snapshot import Snapshot
from tests.analyse.shelf import rolled_up, shelf

QUARTER = Window.of_months(2026, 1, 3, "quarter")
MARCH = Window.month("2026-03")
VERSIONS = [
    {"version": 1, "claim": "In 5 days", "length": "5 days", "target": 0.9, "to_day": "2026-03-01"},
    {"version": 2, "claim": "In 2 days", "length": "2 days", "target": 0.95, "from_day": "2026-03-01"},
]
_FIGURES = ["kept", "broken", "open", *(name for name in FIGURES if name != "due_open")]


def world(rows: list[dict[str, object]], as_of: str = "2026-04-10", **more: object) -> Snapshot:
    return shelf(
        as_of,
        ("g",),
        promise=[{"claim": "In 2 days", "at_least": 30, "target": 0.95, "segments": ["g"], **more}],
        promise_version=VERSIONS,
        **rolled_up([{**row, "g": "a"} for row in rows], ["g"]),
    )


def two(old: tuple[int, int], new: tuple[int, int], **more: object) -> Snapshot:
    """Of the old wording in February, and a tenth in March; of the new one in March."""
    rows = [
        {"day": "2026-02-10", "version": 1, "kept": old[0], "broken": old[1]},
        {"day": "2026-03-02", "version": 1, "kept": old[0] // 10, "broken": old[1] // 10},
        {"day": "2026-03-20", "version": 2, "kept": new[0], "broken": new[1]},
    ]
    return world(rows, **more)


def test_a_good_wording_of_the_past_does_not_say_that_the_new_one_is_kept() -> None:
    """97 % of all items were kept; in the words of now 80 %."""
    snapshot = two((2970, 30), (240, 60))
    row = compliance(snapshot, QUARTER).iloc[0]
    assert (row["claim"], row["decided"], row["rate"], row["status"]) == ("In 2 days", 300, 0.8, "missed")
    assert row["note"] == ("in these words since 1 Mar 2026; before, as “In 5 days”: 99.0 % of 3,300, kept")
    assert "none may be said" in compliance_summary(snapshot, QUARTER).sentence
    claim = open_claim(snapshot, "p", QUARTER)
    assert claim.verdict == (
        "“In 2 days” may not be said as it stands. It was kept for 80.0 % of 300 orders in Q1 2026 (Jan to Mar), against a"
        " target of 95 %: missed by 15.0 points, 45 orders short. Promised in other words, and not in this rate: before, as"
        " “In 5 days”: 99.0 % of 3,300, kept; 97.4 % of 3,600 orders in 2 wordings together."
    )
    assert next_steps(claim)[0].startswith("Say it nowhere new")
    assert "(before, as “In 5 days”: 99.0 % of 300, kept)" in claim.elsewhere
    found = gap(snapshot, "p", QUARTER)
    assert found.sentence.startswith(
        "In Q1 2026 (Jan to Mar) “In 2 days” was kept for 80.0 % of 300 orders, missing the target of 95 % by 15.0 points"
    )
    assert found.named == "“In 2 days” in all its wordings"
    assert gap(snapshot, "p", QUARTER, (("g", "a"),)).standing["rate"] == 0.8
    assert most_missed(snapshot, QUARTER) == "p"


def test_a_change_is_of_the_same_words_or_says_that_they_changed() -> None:
    found = review(two((2970, 30), (240, 60)), "2026-03")
    assert found.table[["moved", "reworded"]].values.tolist() == [["", True]]
    assert dict(found.findings)["Change"] == (
        "Not compared with February 2026, as the wording changed: “In 2 days”."
    )
    later = review(world([
        {"day": "2026-03-20", "version": 2, "kept": 240, "broken": 60},
        {"day": "2026-03-05", "version": 1, "kept": 900, "broken": 0},
        {"day": "2026-04-05", "version": 2, "kept": 295, "broken": 5},
    ], "2026-05-10"), "2026-04")  # fmt: skip
    row = later.table.iloc[0]
    assert (row["before_rate"], row["moved"], row["reworded"]) == (0.8, "better", False)


def test_before_any_item_was_promised_in_the_new_words_nothing_is_said_of_them() -> None:
    snapshot = world([{"day": "2026-03-02", "version": 1, "kept": 300, "broken": 1}])
    claim = open_claim(snapshot, "p", MARCH)
    assert (claim.row["status"], claim.row["decided"]) == ("no data", 0)
    assert "before, as “In 5 days”: 99.7 % of 301, kept" in claim.verdict
    assert next_steps(claim)[0].startswith("Nothing says yet that it is kept in these words")


def test_a_wording_that_begins_after_the_day_of_the_data_is_not_told_yet() -> None:
    rows = [{"day": "2026-02-10", "version": 1, "kept": 300, "broken": 1}]
    row = compliance(world(rows, "2026-02-20"), QUARTER).iloc[0]
    assert (row["claim"], row["status"]) == ("In 5 days", "kept")


def test_a_budget_is_of_all_wordings_and_says_so() -> None:
    snapshot = two((2970, 30), (240, 60))
    found = budgets(snapshot, QUARTER)["p"]
    assert (found.decided, found.broken, found.wordings) == (3600, 93, 2)
    assert found.allowed == 345  # a tenth of 3,300, a twentieth of 300


def test_windows_one_behind_the_other_tell_how_many_wordings_they_hold() -> None:
    table = period_by_period(two((2970, 30), (240, 60)), "p", MARCH, 3)
    assert table["wordings"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("seed", range(8))
def test_every_figure_told_of_words_is_that_of_status_by_wording(seed: int) -> None:
    rng = np.random.default_rng(seed)
    days = [f"2026-0{month}-{day:02}" for month in (1, 2, 3) for day in (3, 12, 27)]
    rows = [
        {"day": day, "version": int(version), **{name: int(rng.integers(0, most)) for name, most in (
            ("kept", 400), ("broken", 40), ("open", rng.choice([1, 8])), ("exempt", 5))}}
        for day in days for version in ((1, 2) if day >= "2026-03" else (1,)) if rng.random() < 0.8
    ]  # fmt: skip
    snapshot = world(rows, counted=str(rng.choice(["due", "started"])))
    counts = Periods.of(snapshot.meta)
    for window in (QUARTER, MARCH, counts.around("2026-03", "last 28 days"), Window.month("2026-02")):
        now = 2 if window.last >= date(2026, 3, 1) else 1
        each = versions_each(snapshot, statuses(snapshot, window), window)
        own = each[each["version"] == now]
        told = {
            "compliance": compliance(snapshot, window).iloc[0],
            "claim": open_claim(snapshot, "p", window).row,
            "gaps": gap(snapshot, "p", window).standing,
            "a part": gap(snapshot, "p", window, (("g", "a"),)).standing,
        }
        if window.kind == "month":
            told["review"] = review(snapshot, f"{window.first:%Y-%m}").table.iloc[0]
        for where, row in told.items():
            assert row["version"] == now, where
            if own.empty:
                assert (row["decided"], row["status"]) == (0, "no data"), where
            else:
                expected = own.iloc[0][_FIGURES].to_dict()
                assert row[_FIGURES].to_dict() == pytest.approx(expected, nan_ok=True), where
            others = each[(each["version"] != now) & (each["decided"] > 0)]
            assert [one["version"] for one in row["others"]] == others["version"].tolist(), where


THREE = [
    *VERSIONS,
    {"version": 3, "claim": "In 1 day", "length": "1 day", "target": 0.99, "from_day": "2026-04-20"},
]


def told_of(snapshot: Snapshot, window: Window) -> dict[str, Any]:
    """The row of `status --json`, which says as much of wordings as its row of `--periods`."""
    answer = status_answer(snapshot, window, "p", None, whole=True)
    row: dict[str, Any] = answer.json["promises"][0]
    assert {name: row[name] for name in ("wordings", "pooled")} == {
        name: period_of(snapshot, window)[name] for name in ("wordings", "pooled")
    }
    return row


def period_of(snapshot: Snapshot, window: Window) -> dict[str, Any]:
    row: dict[str, Any] = periods(snapshot, "p", window, 2)["periods"][-1]
    return row


def three(rows: list[dict[str, object]], as_of: str) -> Snapshot:
    promise = [{"claim": "In 1 day", "at_least": 30, "target": 0.99, "segments": ["g"]}]
    return shelf(
        as_of,
        ("g",),
        promise=promise,
        promise_version=THREE,
        **rolled_up([{**row, "g": "a"} for row in rows], ["g"]),
    )


def test_a_window_is_told_in_the_words_and_the_target_of_its_day_and_not_in_the_newest() -> None:
    """The newest declared words begin on 20 April."""
    rows: list[dict[str, object]] = [{"day": "2026-02-10", "version": 1, "kept": 300, "broken": 1}]
    snapshot = three(rows, "2026-04-10")
    for month, told in (
        ("2026-02", (1, "In 5 days", 0.9)),
        ("2026-03", (2, "In 2 days", 0.95)),
        ("2026-04", (2, "In 2 days", 0.95)),
    ):
        window = Window.month(month)
        row, period = told_of(snapshot, window), period_of(snapshot, window)
        assert (row["version"], row["claim"], row["target"]) == told, month
        assert (period["version"], period["claim"], period["target"]) == told, month
        opened = open_claim(snapshot, "p", window).row
        assert (opened["version"], opened["claim"], opened["target"]) == told, month
    assert told_of(snapshot, Window.month("2026-05"))["claim"] == "In 1 day", "that window is to come"
    assert told_of(snapshot, Window.month("2026-02"))["pooled"] is False
    assert (
        status_answer(snapshot, Window(), "p", None, whole=True).json["promises"][0]["claim"] == "In 2 days"
    )
    assert words_of_now(snapshot) == {"p": "In 2 days"}


def test_items_of_another_wording_alone_are_no_verdict_on_the_words_in_force() -> None:
    """All of March is of the words before."""
    snapshot = three([{"day": "2026-03-02", "version": 1, "kept": 300, "broken": 1}], "2026-04-10")
    row = told_of(snapshot, MARCH)
    assert (row["claim"], row["wordings"], row["pooled"]) == ("In 2 days", 1, True)
    assert [(one["claim"], one["status"]) for one in row["versions"]] == [("In 5 days", "kept")]
    assert [(part["wordings"], part["pooled"]) for part in row["segments"]] == [(1, True)]
    assert compliance(snapshot, MARCH)["status"].tolist() == ["no data"]
    february = three([{"day": "2026-02-02", "version": 1, "kept": 300, "broken": 1}], "2026-04-10")
    assert [part["pooled"] for part in told_of(february, Window.month("2026-02"))["segments"]] == [False]


def test_how_sure_a_number_is_names_the_other_wording_that_it_is_of() -> None:
    snapshot = three([{"day": "2026-03-02", "version": 1, "kept": 300, "broken": 1}], "2026-04-10")
    assert doubts(snapshot, "p", MARCH).sentence == (
        "In another wording, as “In 5 days”: 99.7 % as declared; there is no other usual definition of it."
        " Nothing is decided in the words of March 2026, “In 2 days”."
    )


def test_the_totals_of_a_month_are_those_of_status_and_tell_what_other_words_decided() -> None:
    rows: list[dict[str, object]] = [
        {"day": "2026-03-02", "version": 1, "kept": 300, "broken": 1, "exempt": 15, "open": 2},
        {"day": "2026-03-20", "version": 2, "kept": 90, "broken": 10, "exempt": 5, "unknown": 1},
    ]
    snapshot = three(rows, "2026-04-10")
    whole = statuses(snapshot, MARCH).iloc[0]
    assert (whole["exempt"], whole["unknown"], whole["open"]) == (20, 1, 2)
    assert review(snapshot, "2026-03").left_out == (
        "Not in the rates, over all promises: 20 exempt, 1 unknown and 2 still open; 301 more decided in other words,"
        " each told beside its claim."
    )


def test_a_part_of_several_wordings_has_no_verdict_either() -> None:
    row = told_of(two((2970, 30), (240, 60)), MARCH)
    assert [(part["wordings"], part["pooled"]) for part in row["segments"]] == [(2, True)]
    shown = _cells(row["segments"][0])
    assert shown[0] == "– several wordings" and _part_cells(row["segments"][0], whole=True) == [""] * len(
        shown
    )


def test_under_one_wording_it_is_the_row_of_status() -> None:
    snapshot = world([{"day": "2026-02-10", "version": 1, "kept": 95, "broken": 3, "open": 2}])
    for window in (Window.month("2026-02"), own_windows(snapshot, date(2026, 2, 1))):
        whole, told = statuses(snapshot, window), statuses_in_words(snapshot, window)
        same = [*COUNTS, *FIGURES]
        pd.testing.assert_frame_equal(whole[same], told[same])
        assert told["together"].tolist() == [None]
