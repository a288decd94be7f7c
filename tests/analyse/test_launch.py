"""What launches coincided with, on rows few enough to count; the intervals a second time from the formulas on paper."""

import math
from datetime import date, timedelta

import pandas as pd
import pytest

from aspromised.analyse.launch import GATE_COLUMNS, PROMOTION_COLUMNS, launches, promotions
from aspromised.analyse.launch_change import CHANGE_COLUMNS
from aspromised.analyse.launch_opened import WEEK_COLUMNS, demand_words, opened
from aspromised.chart.launch import lanes_figure, lanes_note, weeks_figure, weeks_note
from aspromised.chart.launch_ledgers import changes_ledger, changes_note, facts_ledger, gates_ledger
from aspromised.words.problems import MisuseError
from tests.analyse.shelf import shelf

SPRING = {"promotion_id": "spring", "says": "All of spring", "launched": "2026-05-01 07:00", "leans_on": ["p"],
          "ends": "2026-05-10 22:59:59.999999"}  # fmt: skip
"""Launched at 8 on 1 May in London, to the end of 10 May there."""
VERSION = {"version": 1, "from_day": None}


def shop(*days: tuple[str, int, int], promotions=(SPRING,), **tables):
    """A promise `p`; a day is (day, kept, broken)."""
    rows = [{"day": day, "kept": kept, "broken": broken} for day, kept, broken in days]
    tables = {"promise": [{}], "promise_version": [VERSION], **tables}
    return shelf(verdict_daily=rows, promotion=promotions, **tables)


BEFORE = ("2026-04-20", 90, 10)
AFTER = ("2026-05-05", 60, 40)


def wilson(kept: int, n: int) -> tuple[float, float]:
    z = 1.959963984540054
    centre = (kept + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(kept * (n - kept) / n + z * z / 4)
    return centre - half, centre + half


def newcombe(kept: int, n: int, kept_before: int, n_before: int) -> tuple[float, float]:
    """Newcombe 1998, method 10, as printed there."""
    p1, p2 = kept / n, kept_before / n_before
    (l1, u1), (l2, u2) = wilson(kept, n), wilson(kept_before, n_before)
    low = p1 - p2 - math.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2)
    return low, p1 - p2 + math.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)


def only_change(snapshot) -> pd.Series:
    found = launches(snapshot)
    assert list(found.changes.columns) == list(CHANGE_COLUMNS)
    assert len(found.changes) == 1
    return found.changes.iloc[0]


def test_the_change_and_its_interval_are_those_worked_out_on_paper():
    row = only_change(shop(BEFORE, AFTER))
    assert (row["kept_before"], row["decided_before"], row["kept_after"], row["decided_after"]) == (
        90,
        100,
        60,
        100,
    )
    assert row["change"] == pytest.approx(-0.3)
    assert (row["low_before"], row["high_before"]) == pytest.approx(wilson(90, 100))
    assert (row["change_low"], row["change_high"]) == pytest.approx(newcombe(60, 100, 90, 100))
    assert row["standing"] == "less often"


def test_the_spans_are_28_days_before_the_launch_day_and_from_it_to_the_last_local_day():
    edges = [("2026-04-02", 1000, 0), ("2026-04-03", 1, 0), ("2026-04-30", 2, 0), ("2026-05-01", 4, 0),
             ("2026-05-10", 8, 0), ("2026-05-11", 1000, 0)]  # fmt: skip
    row = only_change(shop(*edges))
    assert (row["kept_before"], row["kept_after"]) == (3, 12)
    assert row["is_over"]


def test_a_launch_just_after_local_midnight_belongs_to_the_local_day():
    night = {**SPRING, "launched": "2026-04-30 23:30"}
    table = promotions(shop(promotions=[night]))
    assert list(table.columns) == list(PROMOTION_COLUMNS)
    assert table["first"].iloc[0] == pd.Timestamp("2026-05-01")
    assert table["last"].iloc[0] == pd.Timestamp("2026-05-10")


@pytest.mark.parametrize("end", [None, "2026-12-01 23:59:59.999999"])
def test_one_that_has_not_ended_is_counted_to_the_day_of_the_data_so_far(end):
    running = {**SPRING, "ends": end}
    snapshot = shop(BEFORE, ("2026-10-31", 50, 0), ("2026-11-01", 1000, 0), promotions=[running])
    row = only_change(snapshot)
    assert (row["kept_after"], row["is_over"]) == (50, False)
    assert promotions(snapshot)["state"].tolist() == ["is running"]
    assert "so far" in changes_ledger(launches(snapshot).changes).html


def test_too_few_on_one_side_is_said_and_never_counted_as_a_change():
    snapshot = shop(BEFORE, ("2026-05-05", 0, 29), promise=[{"at_least": 30}])
    assert only_change(snapshot)["standing"] == "too few"
    assert "too few: 30 needed on either side" in changes_ledger(launches(snapshot).changes).html
    assert "None of the launches can be compared" in launches(snapshot).sentence


def test_a_launch_without_any_items_after_it_is_too_few_not_a_zero():
    row = only_change(shop(BEFORE))
    assert row["standing"] == "too few"
    assert math.isnan(row["change"])


def test_a_promise_that_is_not_judged_stands_with_its_reason_and_so_does_one_that_is_not_there():
    both = {**SPRING, "leans_on": ["p", "nowhere"]}
    snapshot = shop(BEFORE, AFTER, promotions=[both], promise=[{"problem": "a <spread> is not judged yet"}])
    found = launches(snapshot)
    assert found.changes["standing"].tolist() == ["not judged", "not judged"]
    html = changes_ledger(found.changes).html
    assert "a &lt;spread&gt; is not judged yet" in html
    assert "there is no promise &#x27;nowhere&#x27;" in html
    assert weeks_figure(opened(snapshot, "spring")) is None
    assert facts_ledger(opened(snapshot, "spring")).html.count(": not judged, ") == 2


def test_a_promise_reworded_between_the_spans_is_shown_but_not_compared():
    versions = [{"version": 1}, {"version": 2, "from_day": "2026-04-25"}]
    snapshot = shop(BEFORE, AFTER, promise_version=versions)
    row = only_change(snapshot)
    assert (row["standing"], row["reworded"], row["comparable"]) == ("reworded", "25 Apr 2026", False)
    assert "a new wording on 25 Apr 2026" in changes_ledger(launches(snapshot).changes).html


@pytest.mark.parametrize("from_day", ["2026-04-03", "2026-05-11"])
def test_a_wording_that_stood_over_both_spans_leaves_them_alike(from_day):
    versions = [{"version": 1}, {"version": 2, "from_day": from_day}]
    rows = [
        {"day": day, "kept": kept, "broken": broken, "version": 2} for day, kept, broken in (BEFORE, AFTER)
    ]
    snapshot = shelf(promise=[{}], promise_version=versions, verdict_daily=rows, promotion=[SPRING])
    assert only_change(snapshot)["standing"] == "less often"


def test_the_largest_loss_comes_first_and_what_cannot_be_compared_last():
    promises = [{"promise_id": name} for name in "pqr"]
    rows = [
        {"promise_id": name, "day": day, "kept": kept, "broken": 100 - kept}
        for name, *sides in (("p", 90, 80), ("q", 90, 50), ("r", 90, 10))
        for day, kept in zip(("2026-04-20", "2026-05-05"), sides, strict=True)
    ]
    versions = [{"promise_id": name} for name in "pqr"] + [
        {"promise_id": "r", "version": 2, "from_day": "2026-05-01"}
    ]
    leaning = {**SPRING, "leans_on": ["p", "q", "r"]}
    snapshot = shelf(promise=promises, promise_version=versions, verdict_daily=rows, promotion=[leaning])
    assert launches(snapshot).changes["promise_id"].tolist() == ["q", "p", "r"]


SUMMER = {**SPRING, "promotion_id": "summer", "says": "Summer", "launched": "2026-04-25 07:00"}
PLANNED = {**SPRING, "promotion_id": "winter", "says": "Winter", "launched": "2026-12-01 08:00",
           "ends": "2026-12-05 23:59:59.999999", "expects_demand": 0.6, "basis": "last winter"}  # fmt: skip
OFF = {
    **SPRING,
    "promotion_id": "autumn",
    "says": "Autumn",
    "launched": "2026-09-01 07:00",
    "cancelled": True,
}
UNREAD = {"promotion_id": "odd", "says": "odd", "leans_on": [], "problem": "launched is missing"}


def test_the_sentence_counts_the_states_and_claims_nothing_about_readiness():
    found = launches(shop(BEFORE, AFTER, promotions=[SPRING, PLANNED, OFF]))
    assert found.sentence == (
        "3 promotions: 1 has run, 1 is planned and 1 was called off. 1 of 1 launch coincided with a promise it leans on"
        " being kept less often than in the 28 days before, by more than chance."
        " Whether anything was ready is not judged yet."
    )


def test_planned_called_off_and_unreadable_ones_are_never_compared():
    found = launches(shop(BEFORE, AFTER, promotions=[PLANNED, OFF, UNREAD]))
    assert found.changes.empty
    assert changes_ledger(found.changes) is changes_note(found.changes) is None
    assert (
        found.sentence
        == "3 promotions: 1 is planned, 1 was called off and 1 cannot be read. Whether anything was ready is not judged yet."
    )


def test_a_launch_at_the_very_moment_of_the_data_is_launched():
    moment = {**SPRING, "launched": "2026-10-31 23:59:59", "ends": None}
    assert promotions(shop(promotions=[moment]))["state"].tolist() == ["is running"]
    after = {**SPRING, "launched": "2026-11-01 00:00:01", "ends": None}
    assert promotions(shop(promotions=[after]))["state"].tolist() == ["is planned"]


def test_other_promotions_of_the_same_days_are_named_but_not_those_called_off():
    snapshot = shop(BEFORE, AFTER, promotions=[SPRING, SUMMER, {**OFF, "launched": "2026-05-02 07:00"}])
    beside = launches(snapshot).changes.set_index("promotion_id")["beside"]
    assert beside.to_dict() == {"spring": ["Summer"], "summer": ["All of spring"]}


def test_the_lanes_say_what_each_bar_is_and_a_planned_one_looks_unlike_one_that_ran():
    found = launches(shop(BEFORE, AFTER, promotions=[SPRING, PLANNED, OFF, UNREAD]))
    figure = lanes_figure(found)
    assert figure.takeaway == (
        "3 promotions as of 31 Oct 2026: “All of spring” 1 May 2026 to 10 May 2026; “Autumn” called off (was 1 Sep 2026);"
        " “Winter” planned for 1 Dec 2026."
    )
    assert "strokeDash" in figure.chart.to_json()
    assert "struck through" in lanes_note(found)
    assert len(figure.table) == 3
    assert lanes_figure(launches(shop(promotions=[UNREAD]))) is None


GATES = [
    {"promotion_id": "winter", "position": 1, "gate": "agents <trained>", "kind": "sign-off", "needed": "signed off by care"},
    {"promotion_id": "winter", "position": 2, "gate": "cover", "kind": "sql", "needed": "at least 14", "optional": True},
]  # fmt: skip


def test_gates_are_listed_with_what_they_need_planned_ones_first_and_never_judged():
    found = launches(shop(promotions=[SPRING, PLANNED], gate=GATES))
    assert list(found.gates.columns) == list(GATE_COLUMNS)
    assert found.gates["promotion_id"].tolist() == ["winter", "winter", "spring"]
    html = gates_ledger(found).html
    assert "agents &lt;trained&gt;" in html
    assert "number from a query, optional" in html
    assert "no gates declared" in html
    assert "not ready" not in html
    assert found.next_steps == ["Before “Winter” is launched on 1 Dec 2026, go through its 2 gates by hand."]


def test_one_opened_has_its_weeks_around_the_launch_with_the_target_of_each_week():
    versions = [{"version": 1, "target": 0.8}, {"version": 2, "from_day": "2026-06-01", "target": 0.95}]
    rows = [
        {"day": date(2026, 1, 5) + timedelta(days=7 * n), "kept": 9, "broken": 1, "version": 1}
        for n in range(40)
    ]
    found = opened(
        shelf(promise=[{}], promise_version=versions, verdict_daily=rows, promotion=[SPRING]), "spring"
    )
    assert list(found.weeks.columns) == list(WEEK_COLUMNS)
    assert len(found.weeks) == 12 + 1 + 8
    assert found.weeks["first"].iloc[0] == pd.Timestamp("2026-02-02")
    launch_week = found.weeks[found.weeks["first"] == pd.Timestamp("2026-04-27")]
    assert len(launch_week) == 1
    assert found.weeks["target"].iloc[0] == 0.8


def test_weeks_that_have_not_begun_are_left_out_and_one_that_is_not_over_is_marked():
    late = {**SPRING, "launched": "2026-10-20 07:00", "ends": None}
    days = [("2026-10-13", 9, 1), ("2026-10-28", 9, 1)]
    found = opened(shop(*days, promotions=[late]), "spring")
    assert found.weeks["first"].max() == pd.Timestamp("2026-10-26")
    assert not found.weeks["closed"].iloc[-1]
    assert "A hollow dot is a week that is not over." in weeks_note(found)
    assert weeks_figure(found).takeaway == (
        "Promotion launched on 20 Oct 2026: “Here in 2 days” clearly short in 0 of 2 weeks, lowest 90.0 % in the week from"
        " 12 Oct 2026."
    )


def test_one_opened_says_what_its_launch_coincided_with_and_whom_to_ask():
    found = opened(shop(BEFORE, AFTER), "spring")
    assert found.sentence == (
        "“All of spring” was launched on Fri 1 May 2026 08:00 and ran to 10 May 2026. The launch coincided with the kept rate"
        " of “Here in 2 days” moving from 90.0 % in the 28 days before to 60.0 %: −30.0 points (−40.8 to −18.3 points)."
        " Whether anything was ready is not judged yet."
    )
    assert found.next_steps == [
        "Ask fulfilment, who must keep “Here in 2 days”, what changed on 1 May 2026; the page Gaps shows where it breaks.",
        "Declare what must be ready before such a launch, under ready_when.",
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [(PLANNED, "“Winter” is planned for Tue 1 Dec 2026 08:00."), (OFF, "“Autumn” was called off"),
     (UNREAD, "“odd” cannot be read: launched is missing.")],
)  # fmt: skip
def test_one_opened_that_never_ran_says_so_and_draws_no_change(row, said):
    found = opened(shop(BEFORE, AFTER, promotions=[row]), row["promotion_id"])
    assert found.sentence.startswith(said)
    assert found.changes.empty
    assert facts_ledger(found).html


def test_expected_demand_comes_with_its_basis():
    assert (
        demand_words(promotions(shop(promotions=[PLANNED])).iloc[0]) == "+60 %, on the basis of: last winter"
    )
    assert demand_words(promotions(shop()).iloc[0]) == ""


def test_a_promotion_that_is_not_there_is_named():
    with pytest.raises(MisuseError, match="there is no promotion 'nowhere'"):
        opened(shop(), "nowhere")


def test_without_promotions_there_is_nothing_to_draw():
    found = launches(shop(promotions=[]))
    assert found.promotions.empty
    assert found.changes.empty
    assert lanes_figure(found) is gates_ledger(found) is lanes_note(found) is None


def test_where_nothing_is_declared_at_all_there_are_no_launches():
    found = launches(shelf())
    assert list(found.changes.columns) == list(CHANGE_COLUMNS)
    assert found.changes.empty
