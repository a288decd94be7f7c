"""The budget of misses: the published arithmetic, days few enough to count, and a second way in scipy."""

import math
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from aspromised.analyse.budget.budget import Budget, budget, budgets, spent_promises
from aspromised.analyse.budget.sentences import mark, review_line, sentences
from aspromised.analyse.rates.status import statuses
from aspromised.analyse.windows.window import Window
from aspromised.chart.budget import budget_ledger
from aspromised.cli.standing.budgets import budget_json
from aspromised.stats.burn_rate import (
    allowed,
    burn_rate,
    critical_misses,
    probability_of_meeting,
    probability_of_more,
)
from aspromised.words.problems import MisuseError
from tests.analyse.shelf import shelf

OCTOBER = Window.month("2026-10")


def days(first: str, number: int, kept: int, broken: int, **more: Any) -> list[dict[str, Any]]:
    begin = date.fromisoformat(first)
    return [
        {"day": str(begin + timedelta(days=n)), "kept": kept, "broken": broken, **more} for n in range(number)
    ]


def one(rows: list[dict[str, Any]], as_of: str = "2026-10-31", **promise: Any) -> Budget:
    target = promise.get("target", 0.9)
    snapshot = shelf(as_of, promise=[promise], promise_version=[{"target": target}], verdict_daily=rows)
    return budget(snapshot, "p")


def test_the_worked_examples_of_error_budgets() -> None:
    """1,200 items at 95 %: 60 misses; 45 in the first 400 are three quarters of it, 2.25 times too fast."""
    assert allowed(1200, 0.95) == 60
    assert 45 / allowed(1200, 0.95) == 0.75
    assert burn_rate(45, 400, 0.95).times == pytest.approx(2.25)


def test_a_month_that_is_over_with_items_open_is_not_closed_and_has_one_answer() -> None:
    """14 of 871 broken at 95 %, 129 started in the month and are open: 50 of 1,000 may be, not 43 of 871."""
    rows = [{"day": "2026-10-20", "kept": 857, "broken": 14}, {"day": "2026-10-30", "open": 129}]
    found = one(rows, counted="started", target=0.95)
    assert (found.is_over, found.is_closed, found.to_come) == (True, False, 129)
    assert (found.allowed_so_far, found.allowed, found.left) == (43, 50, 36)
    assert found.chance_spent is not None
    told = budget_json(found)
    assert told and (told["closed"], told["items_to_come"], told["left"]) == (False, 129, 36)
    assert sentences(found)[0] == (
        "To 31 Oct 2026, 14 of 871 orders were broken; the target of 95 % forgives 43 of those, and 50 of the 1,000 there will"
        " be once the 129 orders still open are told: 28 % of it spent, 36 left."
    )
    table = budget_ledger(found)
    assert table and "whole window, once the 129 still open are told" in table.html and "36" in table.html
    closed = one([{"day": "2026-10-20", "kept": 857, "broken": 14}], target=0.95)
    assert closed.is_closed and closed.allowed == closed.allowed_so_far == 43


def test_a_week_alarms_only_where_the_lower_bound_of_its_burn_is_above_one() -> None:
    bad, good = burn_rate(20, 250, 0.95), burn_rate(8, 250, 0.95)
    assert (round(bad.times, 2), round(bad.low, 3), bad.is_fast) == (1.60, 1.048, True)
    assert (round(good.times, 2), good.is_fast) == (0.64, False)
    high = burn_rate(14, 200, 0.95)
    assert high.times > 1 > high.low and not high.is_fast


def test_the_chance_of_spending_the_rest_is_the_tail_of_the_binomial() -> None:
    """30 of 50 spent, 500 items to come of which 6 % are missed."""
    assert round(probability_of_more(50 - 30, 500, 0.06), 4) == 0.9687
    assert probability_of_more(-1, 500, 0.06) == 1.0
    assert probability_of_more(0, 0, 0.06) == 0.0


@pytest.mark.parametrize(
    ("items", "kept_rate", "chance"),
    [(50, 0.96, 0.677), (200, 0.96, 0.820), (1000, 0.96, 0.951), (200, 0.95, 0.583)],
)
def test_the_chance_of_meeting_a_target_of_95_percent(items: int, kept_rate: float, chance: float) -> None:
    assert round(probability_of_meeting(items, 0.95, kept_rate), 3) == chance


def test_five_misses_of_forty_are_the_fewest_that_alarm() -> None:
    assert critical_misses(40, 0.95) == 5
    assert round(float(binom.sf(4, 40, 0.05)), 3) == 0.048


@settings(max_examples=40)
@given(st.integers(1, 5000), st.integers(0, 1000), st.sampled_from([0.8, 0.9, 0.95, 0.975, 0.99, 0.999]))
def test_what_is_allowed_is_the_most_misses_that_still_meet_the_target(
    items: int, per_mille: int, aim: float
) -> None:
    most = allowed(items, aim)
    assert (items - most) / items >= aim - 1e-12
    assert (items - most - 1) / items < aim
    kept_rate = per_mille / 1000
    meeting = (
        sum(binom.pmf(misses, items, 1 - kept_rate) for misses in range(most + 1)) if items < 60 else None
    )
    if meeting is not None:
        assert probability_of_meeting(items, aim, kept_rate) == pytest.approx(float(meeting), abs=1e-9)


def test_a_closed_window_has_one_allowance_and_nothing_to_come() -> None:
    found = one(days("2026-10-01", 31, 18, 2))
    assert (found.window, found.decided, found.broken) == (OCTOBER, 620, 62)
    assert (found.allowed_so_far, found.allowed, found.left, found.to_come) == (62, 62, 0, 0)
    assert found.share_spent == 1 and not found.is_spent
    assert found.chance_spent is None, "over is over"
    assert one(days("2026-10-01", 31, 18, 2) + days("2026-10-31", 1, 0, 2)).is_spent


def test_an_open_window_has_an_allowance_so_far_and_one_with_the_items_to_come() -> None:
    """Ten full weeks of 20 a day; to 12 October 240 of 620 items are decided."""
    found = one(days("2026-08-03", 71, 18, 2), as_of="2026-10-12")
    assert (found.decided, found.broken, found.to_come, found.items) == (240, 24, 380, 620)
    assert (found.allowed_so_far, found.allowed, found.left) == (24, 62, 38)
    assert found.share_spent == pytest.approx(24 / 62)
    assert (found.recent_decided, found.recent_broken) == (56 * 20, 56 * 2)
    assert found.chance_spent == pytest.approx(float(binom.sf(38, 380, 0.1)))
    assert found.next_window.label == "November 2026" and found.next_items == 600
    assert found.chance_next == pytest.approx(float(binom.cdf(60, 600, 0.1)))


def test_the_items_to_come_are_those_of_the_same_weekdays() -> None:
    """Only Mondays have items: 19 and 26 October are the Mondays left."""
    mondays = [row for row in days("2026-08-03", 71, 8, 2) if date.fromisoformat(row["day"]).weekday() == 0]
    assert one(mondays, as_of="2026-10-13").to_come == 20


@pytest.mark.parametrize(
    ("day", "as_of"), [("01", "2026-10-31"), ("01", "2026-11-26"), ("end", "2026-10-31")]
)
def test_figures_that_come_once_a_month_are_expected_once_a_month(day: str, as_of: str) -> None:
    ends = {"08": "31", "09": "30", "10": "31"}
    dated = [
        f"2026-{month}-{ends.get(month, '31') if day == 'end' else day}" for month in ("05", "07", *ends)
    ]
    if as_of > "2026-11":
        dated.append("2026-11-01")
    rows = [{"day": each, "kept": 90, "broken": 10} for each in dated]
    found = one(rows, as_of=as_of)
    assert (found.next_items, found.recent_decided) == (100, 300)
    assert found.to_come == 0, "this month's figures are in"
    assert "as in the 3 months to" in " ".join(sentences(found))


def test_a_month_whose_figures_are_still_to_come_expects_them_once() -> None:
    rows = [
        {"day": f"2026-{month}-{last}", "kept": 90, "broken": 10}
        for month, last in (("07", 31), ("08", 31), ("09", 30))
    ]
    found = one(rows, as_of="2026-10-12")
    assert (found.to_come, found.next_items) == (100, 100)


def test_a_young_promise_is_expected_to_go_on_as_since_its_first_item() -> None:
    assert one(days("2026-10-10", 3, 9, 1), as_of="2026-10-12").to_come == 19 * 10


def test_items_already_known_of_days_to_come_are_expected_at_least() -> None:
    busy = [{"day": "2026-10-20", "open": 500}]
    assert one(days("2026-08-03", 71, 18, 2) + busy, as_of="2026-10-12").to_come == 380 - 20 + 500


def test_the_rest_of_a_day_still_running_is_to_come() -> None:
    """100 calls a day at 94 %, 39 missed from Monday to Saturday: half an hour into Sunday no budget is spent."""
    rows = days("2026-08-17", 56, 100, 0) + days("2026-10-12", 3, 93, 7) + days("2026-10-15", 3, 94, 6)
    at = "2026-10-18T00:30:00"
    found = one(rows, as_of=at, window="week", target=0.94)
    assert (found.decided, found.to_come, found.allowed, found.left) == (600, 100, 42, 3)
    assert not found.is_spent and found.next_items == 700
    begun = [*rows, {"day": "2026-10-18", "kept": 30, "open": 5}]
    found = one(begun, as_of=at, window="week", target=0.94)
    assert (found.decided, found.to_come, found.allowed, found.next_items) == (630, 70, 42, 700)
    busy = [*rows, {"day": "2026-10-18", "kept": 130, "open": 5}]
    assert one(busy, as_of=at, window="week", target=0.94).to_come == 5, "never fewer than are open"
    over = one([*rows, *days("2026-10-18", 1, 100, 0)], as_of="2026-10-18", window="week", target=0.94)
    assert (over.to_come, over.allowed, over.left) == (0, 42, 3)


def test_the_first_day_of_all_says_how_many_come_where_no_day_is_over_yet() -> None:
    found = one(days("2026-10-12", 1, 9, 1), as_of="2026-10-12T12:00:00", target=0.9)
    assert (found.decided, found.to_come) == (10, 19 * 10)


def test_items_done_before_their_day_do_not_flatter_the_pace() -> None:
    """What is done early is decided before what is late; both are counted on their day."""
    early = [{"day": "2026-10-20", "kept": 15}]
    found = one(days("2026-08-03", 71, 18, 2) + early, as_of="2026-10-12")
    assert (found.decided, found.broken) == (240, 24)


def test_undecided_items_are_neither_spent_nor_forgiven() -> None:
    more = [{"day": "2026-10-12", "open": 40, "exempt": 30, "unknown": 20}]
    found = one(days("2026-08-03", 71, 18, 2) + more, as_of="2026-10-12")
    assert (found.decided, found.broken, found.allowed_so_far) == (240, 24, 24)
    assert found.to_come > 380, "those still open are to come"


def test_as_of_an_earlier_day_nothing_is_known_of_the_days_after_it() -> None:
    whole = days("2026-08-03", 71, 18, 2)
    later = days("2026-10-13", 19, 0, 20)
    snapshot = shelf(promise=[{}], promise_version=[{"target": 0.9}], verdict_daily=whole + later)
    then = budget(snapshot, "p", as_of_day=date(2026, 10, 12))
    known_then = one(whole, as_of="2026-10-12")
    assert (then.decided, then.broken, then.to_come, then.chance_next) == (
        known_then.decided,
        known_then.broken,
        known_then.to_come,
        known_then.chance_next,
    )
    assert not then.is_spent
    assert spent_promises(snapshot) == ("p",)
    assert spent_promises(snapshot, date(2026, 10, 12)) == ()


def test_each_version_forgives_by_its_own_target_and_only_the_one_in_force_says_what_to_expect() -> None:
    versions = [
        {"version": 1, "to_day": "2026-10-11", "target": 0.8},
        {"version": 2, "from_day": "2026-10-11", "target": 0.95},
    ]
    rows = days("2026-10-01", 10, 7, 3, version=1) + days("2026-10-11", 10, 9, 1, version=2)
    snapshot = shelf("2026-10-20", promise=[{"target": 0.95}], promise_version=versions, verdict_daily=rows)
    found = budget(snapshot, "p")
    assert found.forgiven == pytest.approx(100 * 0.2 + 100 * 0.05)
    assert found.target == pytest.approx(0.875) and found.target_to_come == 0.95
    assert found.burn.times == pytest.approx(40 / 25)
    assert found.miss_rate == pytest.approx(0.1)
    assert found.allowed == math.floor(25 + 11 * 10 * 0.05)


def test_a_window_in_which_nothing_is_decided_has_the_target_it_is_told_in() -> None:
    """80 % until 14 October, 95 % until 30 November, then 99 %: each window by its own day, and no other's chances."""
    versions = [
        {"version": 1, "to_day": "2026-10-15", "target": 0.8},
        {"version": 2, "from_day": "2026-10-15", "to_day": "2026-12-01", "target": 0.95},
        {"version": 3, "from_day": "2026-12-01", "target": 0.99},
    ]
    rows = days("2026-11-01", 20, 30, 1, version=2)
    snapshot = shelf("2026-11-20", promise=[{"target": 0.99}], promise_version=versions, verdict_daily=rows)
    told = [
        (found.target, found.target_to_come)
        for month in ("2026-09", "2026-10", "2026-12")
        for found in [budget(snapshot, "p", Window.month(month))]
    ]
    assert told == [(0.8, 0.8), (0.95, 0.95), (0.99, 0.99)]
    running = budget(snapshot, "p")
    assert (running.target, running.target_to_come) == (0.95, 0.95)
    assert running.chance_spent is not None and running.chance_next is None, "December has another version"


def test_a_budget_runs_over_the_promises_own_window() -> None:
    rows = days("2026-08-03", 71, 18, 2)
    found = one(rows, as_of="2026-10-12", window="fiscal quarter")
    assert found.window.label == "fiscal Q4 2026 (Oct to Dec 2026)"
    assert one(rows, as_of="2026-10-12", window="week").decided == 20
    rolling = one(rows, as_of="2026-10-12", window="rolling 28 days")
    assert (rolling.decided, rolling.to_come, rolling.is_closed) == (560, 0, True)
    assert rolling.next_window.label == "the 28 days to 9 Nov 2026"


def test_a_target_of_all_forgives_nothing_and_has_no_budget() -> None:
    found = one(days("2026-10-01", 31, 20, 0) + days("2026-10-09", 1, 0, 1), target=1.0)
    assert not found.has_budget and not found.is_spent and math.isnan(found.burn.times)
    assert sentences(found) == [
        "A target of 100 % forgives nothing, so there is no budget to spend: every miss counts, and there was 1 so far."
    ]
    assert mark(found) == ""


def test_few_items_neither_spend_a_budget_nor_burn_it() -> None:
    found = one(days("2026-10-01", 1, 0, 3), at_least=30)
    assert found.left < 0 and not found.is_spent and not found.burn.is_fast and mark(found) == ""
    assert "with fewer than 30 judged that may be chance" in sentences(found)[0]


def test_nothing_decided_has_nothing_to_say() -> None:
    found = one([])
    assert sentences(found) == [] and mark(found) == ""
    assert (found.decided, found.allowed, found.miss_rate, found.chance_next) == (0, 0, None, None)


def test_a_promise_that_is_not_there_is_misuse() -> None:
    with pytest.raises(MisuseError, match="there is no promise 'q'"):
        budget(shelf(promise=[{}]), "q")


def test_a_spread_has_no_budget() -> None:
    assert budgets(shelf(promise=[{"kind": "spread"}, {"promise_id": "q"}])).keys() == {"q"}


@settings(max_examples=12)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), min_size=31, max_size=31))
def test_a_closed_windows_budget_is_what_its_status_is_short_of(counts: list[tuple[int, int]]) -> None:
    rows = [
        {"day": f"2026-10-{n:02}", "kept": kept, "broken": broken}
        for n, (kept, broken) in enumerate(counts, 1)
    ]
    snapshot = shelf(promise=[{}], promise_version=[{"target": 0.9}], verdict_daily=rows)
    row, found = statuses(snapshot, OCTOBER).iloc[0], budget(snapshot, "p", OCTOBER)
    assert (found.decided, found.broken) == (row["decided"], row["broken"])
    if row["decided"]:
        assert found.left == row["gap_items"]
        assert found.burn.is_fast == (row["status"] == "missed")


def test_the_sentences_of_a_running_window_tell_both_allowances_apart() -> None:
    rows = days("2026-08-03", 59, 95, 5) + days("2026-10-01", 4, 84, 16)
    assert sentences(one(rows, as_of="2026-10-04", target=0.95))[0] == (
        "To 4 Oct 2026, 64 of 400 orders were broken; the target of 95 % forgives 20 of those, and 155 of the 3,100"
        " expected by 31 Oct 2026: 41 % of it spent, 91 left."
    )


def test_a_spent_budget_is_told_with_its_pace_and_what_to_expect() -> None:
    said = sentences(one(days("2026-08-03", 90, 84, 16), target=0.95))
    assert said[0] == (
        "A target of 95 % forgives 155 orders in October 2026: 496 broken, 341 too many, so the budget is spent."
    )
    assert said[1].startswith("Misses come 3.2 times as fast as the target allows (95 % interval 3.0 to 3.5)")
    assert said[-1] == (
        "If it goes on as in the 8 weeks to 31 Oct 2026 (16.0 % broken), the chance to meet 95 % in November 2026 is under 1 %"
        " (about 3,000 orders)."
    )


def test_few_misses_are_told_as_a_number() -> None:
    said = sentences(one(days("2026-10-01", 20, 2, 0), target=0.95))
    assert (
        "Among 40 orders it takes 5 misses before chance is no explanation (under 5 % at the target itself)."
        in said
    )


def test_days_before_a_window_burn_nothing_of_its_budget() -> None:
    shown = shelf(
        "2026-10-31",
        promise=[{}],
        promise_version=[{"target": 0.95}],
        verdict_daily=days("2026-10-25", 7, 80, 20),
    )
    assert budget(shown, "p", Window.month("2026-10")).week.is_fast
    found = budget(shown, "p", Window.month("2027-01"))
    assert (found.decided, found.week_decided, mark(found)) == (0, 0, "")


def test_the_newest_week_is_told_where_only_it_is_fast() -> None:
    found = one(days("2026-10-01", 24, 98, 2) + days("2026-10-25", 7, 88, 12), target=0.95)
    assert not found.burn.is_fast and found.week.is_fast
    assert mark(found) == "last 7 days: burning 2.4 times too fast"
    assert any(
        said.startswith("In the 7 days to 31 Oct 2026 they came 2.4 times as fast")
        for said in sentences(found)
    )


def test_the_review_has_one_line_on_all_budgets() -> None:
    rows = [
        *days("2026-10-01", 31, 84, 16),
        *days("2026-10-01", 31, 99, 1, promise_id="good"),
        *days("2026-10-01", 24, 98, 2, promise_id="turning"),
        *days("2026-10-25", 7, 85, 15, promise_id="turning"),
    ]
    names = ("p", "good", "turning")
    snapshot = shelf(promise=[{"promise_id": name} for name in names], promise_version=[{"promise_id": name} for name in names], verdict_daily=rows)  # fmt: skip
    claims = {name: name.title() for name in names}
    assert review_line(budgets(snapshot), claims) == (
        "Spent for 1 of 3: “P”, 496 broken where 310 are forgiven. Used up too fast: “Turning”."
    )
    assert review_line({"good": budgets(snapshot)["good"]}, claims) == (
        "None of 1 is spent, and none is used up faster than chance explains."
    )


def test_a_target_that_forgives_part_of_an_item_is_told_to_forgive_less_than_one() -> None:
    said = sentences(one(days("2026-10-31", 1, 9, 3), target=0.95))
    assert said[0].startswith("A target of 95 % forgives less than one order in October 2026: 3 broken, ")


def test_the_table_of_a_budget_says_of_part_of_an_item_what_its_sentence_says() -> None:
    found = budget_ledger(one(days("2026-10-31", 1, 9, 3), target=0.95))
    assert found and "less than one" in found.table
