"""The items themselves, as of 2026-10-20 23:59:59 UTC; London is an hour ahead until 25 October."""

import pandas as pd

from aspromised.analyse.gaps.items import items, reasons
from aspromised.analyse.rates.scope import Scope
from aspromised.analyse.windows.window import Window
from tests.analyse.shelf import shelf

ITEMS = [
    {"item_id": "late", "day": "2026-10-03", "verdict": "broken", "reason": "done late", "region": "north",
     "started": "2026-10-01 09:00", "due": "2026-10-03 09:00", "done": "2026-10-03 10:00", "late_seconds": 3600.0},
    {"item_id": "later", "day": "2026-10-04", "verdict": "broken", "reason": "not done and overdue", "region": None,
     "started": "2026-10-02 09:00", "due": "2026-10-04 09:00", "late_seconds": 90_000.0},
    {"item_id": "old", "day": "2026-09-30", "verdict": "broken", "reason": "done late", "late_seconds": 5.0},
    {"item_id": "next month", "day": "2026-11-02", "verdict": "open", "reason": "not due yet",
     "due": "2026-11-02 00:00:00", "region": "south"},
    {"item_id": "tonight", "day": "2026-10-21", "verdict": "open", "reason": "not due yet",
     "due": "2026-10-21 01:59:59.999999", "late_seconds": -7200.0, "clock_left_seconds": 1800.0, "region": "north"},
    {"item_id": "moved", "day": "2026-10-09", "verdict": "exempt", "reason": "the customer chose a later slot"},
    {"item_id": "moved too", "day": "2026-10-10", "verdict": "exempt", "reason": "the customer chose a later slot"},
    {"item_id": "lost", "day": "2026-10-11", "verdict": "unknown", "reason": "no start"},
]  # fmt: skip


def snapshot():
    return shelf(
        "2026-10-20", promise=[{"segments": ["region", "reason"]}], segments=["region", "reason"], item=ITEMS
    )


def month(text, *part):
    return Scope("p", Window.month(text), part)


def test_open_ones_come_first_by_when_they_are_due_then_broken_ones_the_latest_first():
    found = items(snapshot(), Scope("p", Window.of_months(2026, 10, 2, "month")))
    assert found["item_id"].tolist() == ["tonight", "next month", "later", "late"]


def test_what_is_open_and_counted_in_another_month_is_not_listed_in_this_one():
    """`status` counts it in November."""
    assert items(snapshot(), month("2026-10"))["item_id"].tolist() == ["tonight", "later", "late"]
    assert items(snapshot(), month("2026-11"))["item_id"].tolist() == ["next month"]


def test_a_month_that_was_over_lists_nothing_that_is_open_now():
    assert items(snapshot(), month("2026-09"))["item_id"].tolist() == ["old"]


def test_moments_are_read_off_the_companys_clock():
    late = items(snapshot(), month("2026-10")).set_index("item_id").loc["late"]
    assert late["done"] == pd.Timestamp("2026-10-03 11:00")


def test_time_left_counts_from_the_snapshots_moment_and_lateness_only_for_what_is_broken():
    found = items(snapshot(), month("2026-10")).set_index("item_id")
    assert found.loc["tonight", "left_seconds"] == 7200
    assert pd.isna(found.loc["tonight", "late_seconds"])
    assert found.loc["late", "late_seconds"] == 3600
    assert pd.isna(found.loc["late", "left_seconds"])


def test_what_is_left_on_the_promises_own_clock_stands_beside_the_wall():
    found = items(snapshot(), month("2026-10")).set_index("item_id")
    assert found.loc["tonight", ["left_seconds", "clock_left_seconds"]].tolist() == [7200, 1800]


def test_a_segment_called_as_a_column_of_ours_does_not_hide_it():
    found = items(snapshot(), month("2026-10"))
    assert found.columns.is_unique
    assert {"reason", "reason_"} <= set(found.columns)


def test_one_part_lists_its_own_items():
    assert items(snapshot(), month("2026-10", ("region", "north")))["item_id"].tolist() == ["tonight", "late"]
    assert items(snapshot(), month("2026-10", ("region", "(none)")))["item_id"].tolist() == ["later"]


def test_a_row_of_counts_is_counted_as_the_items_it_told_of():
    rows = [{"day": "2026-10-09", "verdict": "unknown", "reason": "no counts", "items": n} for n in (10, 1)]
    rows += [{"day": "2026-10-09", "verdict": "exempt", "reason": "storm", "items": 0}]
    found = reasons(shelf(promise=[{}], item=rows), month("2026-10"))
    assert found.to_numpy().tolist() == [["unknown", "no counts", 11]]


def test_reasons_of_exempt_and_unknown_ones_are_counted():
    assert reasons(snapshot(), month("2026-10")).values.tolist() == [
        ["exempt", "the customer chose a later slot", 2],
        ["unknown", "no start", 1],
    ]
    assert reasons(snapshot(), month("2026-09")).empty
