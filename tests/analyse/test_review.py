"""The review of a month on rows few enough to count by hand, its intervals worked out a second way."""

from datetime import date
from math import isnan, sqrt
from typing import Any

import pytest

from aspromised.analyse.review import REVIEW_COLUMNS, Review, difference, review
from aspromised.store.snapshot import Snapshot
from tests.analyse.shelf import shelf

Z = 1.959963984540054


def promise(name: str, **more: Any) -> dict[str, Any]:
    return {"promise_id": name, "claim": name.title(), "kept_by": f"{name} team", **more}


def days(name: str, september: tuple[int, int] | None, october: tuple[int, int] | None, **more: int):
    months = [(date(2026, 9, 10), september, {}), (date(2026, 10, 12), october, more)]
    return [
        {"promise_id": name, "day": day, "kept": counts[0], "broken": counts[1], **extra}
        for day, counts, extra in months
        if counts
    ]


def two_months(as_of: str = "2026-10-31", **tables: Any) -> Snapshot:
    """Up rises and is kept, down falls and is missed, near stays, new has no month before, bad is not judged."""
    names = ("up", "down", "near", "new")
    return shelf(
        as_of,
        promise=[*map(promise, names), promise("bad", problem="promises/a.yaml:3: not judged yet")],
        promise_version=[{"promise_id": name, "claim": name.title()} for name in names],
        verdict_daily=[
            *days("up", (880, 120), (930, 70), exempt=4, unknown=2),
            *days("down", (95, 5), (80, 20), open=3),
            *days("near", (90, 10), (91, 9)),
            *days("new", None, (3, 0)),
        ],
        **tables,
    )


def wilson(kept: int, decided: int) -> tuple[float, float]:
    p, n = kept / decided, decided
    middle, spread = p + Z * Z / (2 * n), Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (middle - spread) / (1 + Z * Z / n), (middle + spread) / (1 + Z * Z / n)


def newcombe(kept: int, decided: int, before_kept: int, before_decided: int) -> tuple[float, float]:
    """Square and add, as the paper writes it (method 10)."""
    p, q = kept / decided, before_kept / before_decided
    (low, high), (before_low, before_high) = wilson(kept, decided), wilson(before_kept, before_decided)
    below, above = (
        sqrt((p - low) ** 2 + (before_high - q) ** 2),
        sqrt((high - p) ** 2 + (q - before_low) ** 2),
    )
    return p - q - below, p - q + above


def findings(found: Review) -> dict[str, str]:
    return dict(found.findings)


@pytest.mark.parametrize("counts", [(930, 1000, 880, 1000), (80, 100, 95, 100), (3, 3, 1, 4), (0, 9, 9, 9)])
def test_the_interval_of_a_change_is_newcombes(counts: tuple[int, int, int, int]) -> None:
    assert difference(*counts) == pytest.approx(newcombe(*counts))


def test_each_promise_stands_beside_its_month_before() -> None:
    table = review(two_months(), "2026-10").table
    assert tuple(table.columns) == REVIEW_COLUMNS
    assert table["promise_id"].tolist() == ["down", "new", "near", "up", "bad"]
    rows = table.set_index("promise_id")
    assert rows["change"].drop(["new", "bad"]).to_dict() == pytest.approx(
        {"down": -0.15, "near": 0.01, "up": 0.05}
    )
    assert rows["moved"].to_dict() == {
        "down": "worse",
        "near": "chance",
        "new": "",
        "up": "better",
        "bad": "",
    }
    assert isnan(rows.loc["new", "change"])


def test_the_sentence_counts_both_months() -> None:
    assert review(two_months(), "2026-10").sentence == (
        "Of 4 promises with enough items to tell in October 2026, 1 was kept, 1 was missed and 2 are too close to call;"
        " in September 2026 it was 0 kept, 1 missed and 2 too close, of 3."
    )


def test_the_findings_name_the_number_the_interval_and_the_owner() -> None:
    said = findings(review(two_months(), "2026-10"))
    low, high = wilson(80, 100)
    assert said["Biggest miss"] == (
        f"“Down” was kept for 80.0 % of 100 orders ({100 * low:.1f} % to {100 * high:.1f} %), 10.0 points below its"
        " target of 90 %: 10 orders short (kept by down team)."
    )
    far, near = (abs(100 * end) for end in newcombe(80, 100, 95, 100))
    assert said["Change"] == (
        "Improved most: “Up” by 5.0 points (2.4 to 7.6), from 88.0 % to 93.0 % (kept by up team)."
        f" Worsened most: “Down” by 15.0 points ({near:.1f} to {far:.1f}), from 95.0 % to 80.0 % (kept by down team)."
    )
    assert said["Owed now"] == "Not judged: “Bad” (marketing)."
    assert len(said) <= 6


def test_items_left_out_of_the_rates_are_counted() -> None:
    left_out = review(two_months(), "2026-10").left_out
    assert left_out == "Not in the rates, over all promises: 4 exempt, 2 unknown and 3 still open."


def test_a_change_within_chance_is_not_told_as_one() -> None:
    still = shelf(promise=[{}], promise_version=[{}], verdict_daily=days("p", (90, 10), (91, 9)))
    assert (
        findings(review(still, "2026-10"))["Change"]
        == "No promise changed beyond chance against September 2026."
    )


def test_a_change_on_fewer_items_than_asked_is_no_finding() -> None:
    few = shelf(promise=[{"at_least": 200}], promise_version=[{}], verdict_daily=days("p", (95, 5), (50, 50)))
    found = review(few, "2026-10")
    assert found.table["moved"].tolist() == [""]
    assert "Change" not in findings(found)


@pytest.mark.parametrize(("still_open", "moved"), [(0, "better"), (10, "better"), (300, "chance")])
def test_a_change_that_open_items_can_undo_is_none(still_open: int, moved: str) -> None:
    """Counted on the day they started, those of the last days are open when the month is over."""
    rows = days("p", (880, 120), (940, 60))
    rows[-1]["open"] = still_open
    found = review(
        shelf(promise=[{"counted": "started"}], promise_version=[{}], verdict_daily=rows), "2026-10"
    )
    assert found.table["moved"].tolist() == [moved]


def test_the_first_month_has_nothing_to_compare_with() -> None:
    found = review(two_months(), "2026-09")
    assert found.sentence.endswith(
        "; none could be judged in August 2026, so there is nothing to compare with."
    )
    assert found.table["change"].isna().all()
    assert "Change" not in findings(found)


def test_a_month_that_is_not_over_is_marked_and_not_compared() -> None:
    found = review(two_months("2026-10-20"), "2026-10")
    assert found.not_final.startswith("October 2026 is not closed yet: these figures run to 20 Oct 2026")
    assert "in October 2026, not closed yet" in found.sentence
    assert findings(found)["Change"] == "Not compared with September 2026 before the month is over."
    assert review(two_months("2026-10-31"), "2026-10").not_final == ""


def test_where_nothing_is_judged_the_sentence_says_so() -> None:
    found = review(two_months(), "2026-03")
    assert found.sentence == "No promise could be judged in March 2026."
    assert set(findings(found)) == {"Launched", "Owed now"}
    assert found.weakest is None


def test_the_weakest_part_is_that_of_the_missed_promise_with_most_excess() -> None:
    parts = [("north", 60, 40), ("south", 95, 5), ("west", 95, 5)]
    rows = [
        {"day": date(2026, 10, 3), "segment": "region", "value": value, "kept": kept, "broken": broken}
        for value, kept, broken in parts
    ]
    whole = {"day": date(2026, 10, 3), "kept": 250, "broken": 50}
    snapshot = shelf(promise=[{"segments": ["region"]}], promise_version=[{}], verdict_daily=[whole, *rows])
    found = review(snapshot, "2026-10")
    assert found.weakest is not None
    assert found.weakest.part is not None
    assert found.weakest.part["excess"] == pytest.approx(40 - 100 * 10 / 200)
    assert (
        "breaks most at region north: 35 more orders broken than at the others' rate ("
        in found.weakest.sentence
    )
    assert found.weakest.sentence.endswith("(kept by fulfilment).")


def launch(name: str, launched: str, **more: Any) -> dict[str, Any]:
    return {"promotion_id": name, "says": name.title(), "launched": f"2026-{launched}", **more}


PROMOTIONS = [
    launch("before", "09-30 22:59:59"),
    launch("first", "09-30 23:00:00"),
    launch("last", "10-31 23:59:59"),
    launch("off", "10-15 09:00:00", cancelled=True),
    launch("next", "11-20 08:00:00"),
    launch("later", "12-01 08:00:00"),
]


def test_launches_are_those_on_local_days_of_the_month_and_the_next_planned_one() -> None:
    said = findings(review(two_months(promotion=PROMOTIONS), "2026-10"))["Launched"]
    assert (
        said
        == "“First” on 1 Oct 2026 (marketing); “Last” on 31 Oct 2026 (marketing). Next: “Next” on 20 Nov 2026 (marketing)."
    )


def test_what_is_to_be_launched_in_the_month_is_called_planned() -> None:
    said = findings(review(two_months("2026-10-20", promotion=PROMOTIONS), "2026-10"))["Launched"]
    assert said.startswith("“First” on 1 Oct 2026 (marketing). Planned: “Last” on 31 Oct 2026 (marketing).")


def test_a_review_is_overdue_from_the_day_after() -> None:
    due = [
        ("a", date(2026, 10, 30)),
        ("b", date(2026, 10, 31)),
        ("c", date(2026, 9, 1)),
        ("d", date(2026, 10, 2)),
    ]
    snapshot = shelf(promise=[promise(name, review_by=day) for name, day in due])
    found = review(snapshot, "2026-10")
    assert found.owed.overdue["promise_id"].tolist() == ["c", "d", "a"]
    assert found.owed.sentence == (
        "Review overdue: “C” since 1 Sep 2026 (marketing); “D” since 2 Oct 2026 (marketing); and 1 more."
    )
