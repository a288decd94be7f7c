"""What is said of words is of the items that were promised in them: a world with two wordings, and whatever counts."""

from datetime import date

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
from aspromised.analyse.rates.wordings import statuses_in_words
from aspromised.analyse.review import review
from aspromised.analyse.windows.periods import Periods
from aspromised.analyse.windows.window import Window
from aspromised.store.snapshot import Snapshot
from tests.analyse.shelf import shelf

QUARTER = Window.of_months(2026, 1, 3, "quarter")
MARCH = Window.month("2026-03")
VERSIONS = [
    {"version": 1, "claim": "In 5 days", "length": "5 days", "target": 0.9, "to_day": "2026-03-01"},
    {"version": 2, "claim": "In 2 days", "length": "2 days", "target": 0.95, "from_day": "2026-03-01"},
]
_FIGURES = ["kept", "broken", "open", *(name for name in FIGURES if name != "due_open")]


def world(rows: list[dict[str, object]], as_of: str = "2026-04-10", **more: object) -> Snapshot:
    parts = [{**row, "segment": "g", "value": "a"} for row in rows]
    return shelf(
        as_of,
        ("g",),
        promise=[{"claim": "In 2 days", "at_least": 30, "target": 0.95, "segments": ["g"], **more}],
        promise_version=VERSIONS,
        verdict_daily=[*rows, *parts],
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
    assert gap(snapshot, "p", QUARTER, "g", "a").standing["rate"] == 0.8
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
    periods = Periods.of(snapshot.meta)
    for window in (QUARTER, MARCH, periods.around("2026-03", "last 28 days"), Window.month("2026-02")):
        now = 2 if window.last >= date(2026, 3, 1) else 1
        each = versions_each(snapshot, statuses(snapshot, window), window)
        own = each[each["version"] == now]
        told = {
            "compliance": compliance(snapshot, window).iloc[0],
            "claim": open_claim(snapshot, "p", window).row,
            "gaps": gap(snapshot, "p", window).standing,
            "a part": gap(snapshot, "p", window, "g", "a").standing,
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


def test_under_one_wording_it_is_the_row_of_status() -> None:
    snapshot = world([{"day": "2026-02-10", "version": 1, "kept": 95, "broken": 3, "open": 2}])
    for window in (Window.month("2026-02"), own_windows(snapshot, date(2026, 2, 1))):
        whole, told = statuses(snapshot, window), statuses_in_words(snapshot, window)
        same = [*COUNTS, *FIGURES]
        pd.testing.assert_frame_equal(whole[same], told[same])
        assert told["together"].tolist() == [None]
