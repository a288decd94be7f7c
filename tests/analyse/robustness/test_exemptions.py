"""What a kept rate leaves out: how much, why, who approved it, and the rate had it counted."""

import pytest

from aspromised.analyse.robustness.exemptions import LARGE, exemptions, heavily_exempt
from aspromised.analyse.windows.window import Window
from tests.analyse.shelf import shelf

OCTOBER = Window.month("2026-10")
DAY = "2026-10-05"


def exempt(
    by: str, reason: str, items: int, kept: int = 0, broken: int = 0, still_open: int = 0, day: str = DAY
) -> dict:
    return {
        "day": day, "version": 1, "exempt_by": by, "reason": reason, "items": items, "kept": kept, "broken": broken, "open": still_open,
    }  # fmt: skip


SHOP = shelf(
    promise=[{}],
    verdict_daily=[{"day": DAY, "kept": 80, "broken": 10, "exempt": 10}],
    exempt_daily=[
        exempt("rule", "the customer chose a later slot", 4, kept=1, broken=3),
        exempt("correction", "red weather warning", 2, broken=2),
        exempt("cancelled", "cancelled after it was due", 3, broken=3),
        exempt("cancelled", "cancelled", 1),
        exempt("rule", "the customer chose a later slot", 99, day="2026-09-30"),
    ],
    correction=[{"reason": "red weather warning", "approved_by": "operations-director"}],
)


def test_the_rate_with_and_without_exemptions_is_counted_by_eye() -> None:
    """80 of 90 kept; had they counted, 81 of 99: one would have been kept, eight broken, one still left out."""
    found = exemptions(SHOP, OCTOBER)["p"]
    assert (found.items, found.share) == (10, 0.1)
    assert found.rate == 80 / 90
    assert (found.kept_without, found.broken_without) == (81, 18)
    assert found.rate_without == 81 / 99
    assert list(found.sentences("order", "orders")) == [
        "10 exempt orders, 10.0 % of all: with them left out the rate is 88.9 %, had they counted 81.8 % (−7.1 points).",
        "Of 4 cancelled orders, 3 were already past due when cancelled: left out, though late.",
    ]


def test_each_reason_stands_with_its_count_its_share_and_who_approved_it() -> None:
    found = exemptions(SHOP, OCTOBER)["p"].reasons
    assert found[["exempt_by", "reason", "items"]].to_records(index=False).tolist() == [
        ("rule", "the customer chose a later slot", 4),
        ("cancelled", "cancelled after it was due", 3),
        ("correction", "red weather warning", 2),
        ("cancelled", "cancelled", 1),
    ]
    assert found["share"].tolist() == [0.04, 0.03, 0.02, 0.01]
    assert found["approved_by"].tolist()[2] == "operations-director"
    assert found["approved_by"].isna().tolist() == [True, True, False, True]


def test_a_share_of_more_than_a_tenth_is_told_on_data_health_and_exactly_a_tenth_is_not() -> None:
    assert LARGE == 0.10
    assert heavily_exempt(SHOP) != []  # September's 99 are within ninety days
    within = shelf(
        promise=[{}], verdict_daily=[{"day": DAY, "kept": 90}], exempt_daily=[exempt("rule", "a", 10)]
    )
    assert heavily_exempt(within) == []
    above = shelf(
        promise=[{}],
        verdict_daily=[{"day": DAY, "kept": 89}],
        exempt_daily=[exempt("rule", "a", 11, kept=11)],
    )
    assert heavily_exempt(above) == [
        "p leaves out 11.0 % of its items as exempt in the last 90 days (a: 11): read its rate with and without them on"
        " its page."
    ]
    assert list(exemptions(above, OCTOBER)["p"].sentences())[-1] == (
        "More than 10 % is left out: look at the reasons before the rate is quoted."
    )


@pytest.mark.parametrize(("still_open", "told"), [(5, True), (20, False)])
def test_a_share_that_open_items_may_bring_to_a_tenth_is_not_told(still_open: int, told: bool) -> None:
    """11 of 100 are exempt; with 20 more that are still open it may be 11 of 120."""
    found = shelf(
        promise=[{}],
        verdict_daily=[{"day": DAY, "kept": 89, "open": still_open}],
        exempt_daily=[exempt("rule", "a", 11, kept=11)],
    )
    assert bool(heavily_exempt(found)) is told
    assert not told or "(a: 11; 5 still open)" in heavily_exempt(found)[0]


def test_exempt_items_that_are_still_open_are_told_as_open_had_they_counted() -> None:
    decided = [{"day": DAY, "kept": 80, "broken": 20, "open": 3}]
    waiting = exempt("rule", "a", 7, still_open=7)
    found = exemptions(shelf(promise=[{}], verdict_daily=decided, exempt_daily=[waiting]), OCTOBER)["p"]
    assert (found.open_without, found.kept_without, found.broken_without) == (10, 80, 20)
    assert next(found.sentences()) == (
        "7 exempt items, 6.5 % of all: had they counted, 7 more would still be open, and the rate so far 80.0 %."
    )
    both = {**waiting, "items": 9, "broken": 2}
    found = exemptions(shelf(promise=[{}], verdict_daily=decided, exempt_daily=[both]), OCTOBER)["p"]
    assert next(found.sentences()).endswith("had they counted 78.4 % (−1.6 points), with 7 more still open.")


def test_nothing_exempt_says_nothing_and_nothing_decided_has_no_rate() -> None:
    nothing = exemptions(shelf(promise=[{}]), OCTOBER)["p"]
    assert (nothing.items, nothing.share, nothing.rate, nothing.rate_without) == (0, None, None, None)
    assert list(nothing.sentences()) == []
    only = shelf(promise=[{}], exempt_daily=[exempt("cancelled", "cancelled", 2)])
    assert next(exemptions(only, OCTOBER)["p"].sentences()) == (
        "2 exempt items, 100.0 % of all: there is no rate to compare."
    )
