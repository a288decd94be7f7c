"""What the charts and ledgers of launches say, on the rows of the analysis' own tests."""

import json
from datetime import date

import pytest

from aspromised.analyse.launches.board import Board, board
from aspromised.analyse.launches.detail.opened import open_launch
from aspromised.analyse.launches.outlook.calendar import calendar
from aspromised.chart.launches.gates import gates_figure, gates_note
from aspromised.chart.launches.harm import harm_ledger, harm_note
from aspromised.chart.launches.lanes import lanes_figure, lanes_in_order, lanes_note, strip_figure
from aspromised.chart.launches.ledgers import facts_ledger, gates_ledger, launches_ledger
from aspromised.chart.launches.outlook import calendar_ledger, calendar_note, outlook_ledger
from aspromised.chart.launches.weeks import launch_weeks_figure, launch_weeks_note
from tests.analyse.launches.test_board import (
    CANNOT_READ,
    EARLY,
    GATES,
    HARM,
    SPRING,
    UNREAD,
    gate,
    load,
    only,
    shop,
    weeks,
)
from tests.analyse.shelf import shelf

DAYS = [{"promotion_id": "spring", "position": 1, "day": f"2026-05-0{n}", "met": n > 3, "evidence": "signed" if n > 3 else "not signed"}
        for n in range(1, 8)]  # fmt: skip


def drawn(figure) -> dict:
    return figure.chart.to_dict()


def data_with(chart: dict, *names: str) -> list[dict]:
    """Return the rows of the data sets that have these columns."""
    return [row for rows in chart["datasets"].values() for row in rows if set(names) <= set(row)]


def lanes(found: Board, only: str = "") -> dict[str, dict]:
    """Return the rows that the lanes are drawn from, by what customers read."""
    return {row["says"]: row for row in data_with(drawn(lanes_figure(found, only)), "early", "verdict")}


def test_each_lane_counts_days_from_its_own_launch_and_is_orange_until_it_was_ready():
    found = board(shop())
    spring = lanes(found)["All of spring"]
    assert {name: spring[name] for name in ("announced", "launch", "early", "ready", "stop")} == {
        "announced": -11, "launch": 0, "early": 3, "ready": 3, "stop": 10,
    }  # fmt: skip
    assert (spring["verdict"], spring["colour"]) == ("✕ 3 days early", "short")
    assert lanes_figure(found).takeaway == (
        "3 promotions around their launch, as of 31 Oct 2026: “All of spring” 1 May 2026: 3 days early; “Winter” planned for"
        " 1 Dec 2026: not ready today; “Nothing needed” 1 Jun 2026: cannot tell."
    )
    assert len(lanes_figure(found).table) == 3


def test_the_earliest_launch_comes_first_and_what_was_called_off_has_no_lane():
    found = board(shop())
    assert [each.says for each in lanes_in_order(found)] == ["All of spring", "Winter", "Nothing needed"]


def test_what_never_became_ready_is_orange_to_its_end_and_has_no_diamond():
    found = board(only(SPRING, {**EARLY, "ready_on": None, "days_early": None}))
    row = lanes(found)["All of spring"]
    assert (row["early"], row["stop"], row["ready"]) == (10, 10, None)
    assert "early, still not ready" in lanes_figure(found).takeaway


def test_a_gate_met_after_the_launch_is_named_with_its_days_and_the_harm_in_a_few_words():
    late = gate("spring", gate="agents trained", met_on="2026-05-04")
    found = board(only(SPRING, EARLY, gate=[late], launch_harm=[HARM]))
    row = lanes(found)["All of spring"]
    assert row["late"] == "agents trained met +3 days"
    assert row["when"] == "1 May 2026 · 30 more orders broke than expected"


def test_what_lies_beyond_thirty_days_stands_at_the_edge():
    found = board(only({**SPRING, "announced": "2026-01-01"}, {**EARLY, "ends_day": "2026-09-01"}))
    row = lanes(found)["All of spring"]
    assert (row["announced"], row["stop"]) == (-30, 30)


def test_one_lane_alone_shows_only_its_promotion():
    assert list(lanes(board(shop()), "spring")) == ["All of spring"]


def test_promotions_that_overlap_stand_in_two_rows_of_the_strip():
    strip = data_with(drawn(strip_figure(board(shop()))), "row", "stop")
    assert {row["says"]: row["row"] for row in strip} == {
        "All of spring": 0,
        "Nothing needed": 0,
        "Winter": 0,
    }


def test_where_nothing_has_a_launch_nothing_is_drawn():
    found = board(only(UNREAD, CANNOT_READ))
    assert lanes_figure(found) is lanes_note(found) is strip_figure(found) is None


def test_every_promotion_has_its_row_also_one_that_cannot_be_read():
    html = launches_ledger(board(shop(launch_harm=[HARM]))).html
    assert 'href="?promotion=spring"' in html
    assert "✕ 3 days early" in html
    assert "30 orders</span><br><small>22 to 36, of 100: “Here in 2 days”" in html
    assert "– cannot be read" in html
    assert "its declaration cannot be read: launched is missing" in html
    assert "no gates: nothing says what had to be ready" in html


def test_what_authors_wrote_is_shown_and_not_obeyed():
    sly = {**SPRING, "says": "<b>All</b> & more", "run_by": "<i>us</i>"}
    named = [gate("spring", gate="<u>agents</u>", evidence="<s>not</s> signed", needed="<x>")]
    found = board(only(sly, {**EARLY, "missing": ["<u>agents</u>"]}, gate=named))
    one = open_launch(only(sly, EARLY, gate=named), "spring")
    html = "".join(one.html for one in (launches_ledger(found), gates_ledger(one), facts_ledger(one)))
    assert not any(tag in html for tag in ("<b>", "<i>", "<u>", "<s>", "<x>"))


def test_a_gate_shows_what_it_was_at_launch_and_the_evidence_of_the_day_it_was_met():
    html = gates_ledger(open_launch(shop(gate_daily=DAYS), "spring")).html
    assert "✕ not met" in html
    assert "not signed off by care" in html
    assert "4 May 2026<br><small>signed</small>" in html
    assert gates_ledger(open_launch(shop(), "bare")) is None


@pytest.mark.parametrize(("met", "said"), [(True, "✓ met"), (False, "✕ not met"), (None, "? cannot tell")])
def test_a_gate_nobody_can_tell_of_is_never_called_met(met, said):
    html = gates_ledger(open_launch(only(SPRING, EARLY, gate=[gate("spring", met=met)]), "spring")).html
    assert said in html
    assert sum(word in html for word in ("✓ met", "✕ not met", "? cannot tell")) == 1


def test_the_gates_day_by_day_say_on_how_many_days_each_was_met():
    found = open_launch(shop(gate_daily=DAYS), "spring")
    figure = gates_figure(found)
    assert (
        figure.takeaway
        == "Gates of “All of spring”: “agents trained” was met on 4 of 7 days, for good from 4 May 2026."
    )
    assert list(figure.table.columns) == ["Gate", "Day", "Value", "Needed", "Met", "Evidence"]
    strip = {
        (row["day"][:10], row["stop"][:10], row["state"]) for row in data_with(drawn(figure), "state", "stop")
    }
    assert strip == {("2026-05-01", "2026-05-04", "not met"), ("2026-05-04", "2026-05-08", "met")}
    assert "1 May 2026" in gates_note(found)


def test_a_number_is_drawn_with_what_it_needs():
    numbers = [{**day, "value": 0.1 * n, "needed": 0.3} for n, day in enumerate(DAYS)]
    named = [
        gate("spring", kind="capacity", gate="picking", at_least=0.3, needed="picking headroom at least 30 %")
    ]
    figure = gates_figure(open_launch(only(SPRING, EARLY, gate=named, gate_daily=numbers), "spring"))
    assert [row["needed"] for row in data_with(drawn(figure), "needed") if len(row) == 1] == [0.3]
    assert "picking: headroom at least 30 %" in json.dumps(figure.chart.to_dict(), ensure_ascii=False)


def test_a_day_of_a_gate_without_data_is_grey_and_not_counted_as_met():
    days = [{**DAYS[0], "met": None, "evidence": "cannot tell: no data"}]
    figure = gates_figure(open_launch(shop(gate_daily=days), "spring"))
    assert {row["state"] for row in data_with(drawn(figure), "state", "stop")} == {"cannot tell"}
    assert "met on 0 of 1 day" in figure.takeaway


def test_where_there_are_no_gates_nothing_is_drawn():
    assert gates_figure(open_launch(shop(), "bare")) is gates_note(open_launch(shop(), "bare")) is None


def test_the_weeks_say_where_the_promise_was_short_and_shade_the_days_before_it_was_ready():
    cells = weeks(("2026-04-28", 950, 50, 0), ("2026-05-02", 600, 400, 0), ("2026-05-09", 20, 0, 5))
    found = open_launch(shop(launch_cell=cells), "spring")
    figure = launch_weeks_figure(found)
    assert figure.takeaway == (
        "Promotion launched on 1 May 2026: “Here in 2 days” clearly short in 1 of 3 weeks, lowest 60.0 % in the week from 1 May 2026."
    )
    (span,) = {row["first"]: row for row in data_with(drawn(figure), "early", "words")}.values()
    assert (span["first"][:10], span["early"][:10]) == ("2026-05-01", "2026-05-04")
    assert "hollow dot" in launch_weeks_note(found)
    assert (
        launch_weeks_figure(open_launch(shop(), "spring"))
        is launch_weeks_note(open_launch(shop(), "spring"))
        is None
    )


def test_the_harm_says_what_was_to_be_expected_and_that_it_coincided():
    found = open_launch(shop(launch_harm=[HARM]), "spring").harm
    html = harm_ledger(found).html
    assert "30 too many (22 to 36)" in html
    assert "more than usual" in html
    assert "coincided with the launch" in harm_note(found)


def test_harm_that_cannot_be_told_has_no_number():
    untold = {
        **HARM,
        "expected": None,
        "excess": None,
        "low": None,
        "high": None,
        "p": None,
        "standing": "cannot tell",
    }
    html = harm_ledger(open_launch(shop(launch_harm=[untold]), "spring").harm).html
    assert "cannot tell" in html
    assert "too many" not in html
    assert harm_ledger(open_launch(shop(), "winter").harm) is harm_note(None) is None


def test_what_is_planned_stands_gate_by_gate_and_unsigned_has_no_odds():
    html = outlook_ledger(board(shop()).planned).html
    assert "Winter · 1 Dec 2026, in 31 days · ✕ not ready today" in html
    assert "Nobody can say when somebody signs." in html
    assert outlook_ledger(()) is None


def test_the_calendar_marks_a_week_without_headroom_and_says_where_nothing_is_planned():
    snapshot = shop(load_daily=[load("2026-12-01", -0.05)], gate=GATES)
    html = calendar_ledger(calendar(snapshot, board(snapshot).ready)).html
    assert "✕ −5.0 %" in html
    assert "not planned" in html
    assert "Winter" in html
    assert "1 Nov" in html


def test_a_workspace_without_capacity_has_a_calendar_of_launches_alone():
    snapshot = shelf()
    weeks_ahead = calendar(snapshot, board(snapshot).ready)
    assert weeks_ahead[0].first == date(2026, 11, 1)
    assert "headroom" not in calendar_ledger(weeks_ahead).html
    assert calendar_note(weeks_ahead) is None, "nothing is there that it would explain"


def test_weeks_that_read_alike_are_one_row_and_what_is_never_planned_is_no_column():
    """Thirteen rows that say "not planned" of the same promotion running on say no more than one."""
    snapshot = shop(load_daily=[load("2026-10-20", 0.2)], gate=GATES)
    weeks = calendar(snapshot, board(snapshot).ready)
    html = calendar_ledger(weeks).html
    assert len(weeks) == 13 and html.count("<tr") < 7 and "weeks alike" in html
    assert "not planned" not in html and "Least headroom" not in html
    assert str(calendar_note(weeks)).startswith("Nothing is planned of picking in these weeks")
