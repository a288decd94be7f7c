"""Launches as the page tells them, on rows few enough to count: the verdicts are rows of `readiness`, as the judge writes them."""

from datetime import date

import pandas as pd
import pytest

from aspromised.analyse.launches.board import LAUNCH_COLUMNS, board, launch_table
from aspromised.analyse.launches.detail.opened import LEANING_COLUMNS, demand_words, open_launch
from aspromised.analyse.launches.outlook.calendar import (
    CALENDAR_COLUMNS,
    OUTLOOK_WEEKS,
    calendar,
    calendar_table,
)
from aspromised.analyse.launches.outlook.table import OUTLOOK_COLUMNS, outlook_table
from aspromised.analyse.launches.readiness.words import verdict_words
from aspromised.words.problems import MisuseError
from tests.analyse.shelf import shelf

SPRING = {"promotion_id": "spring", "says": "All of spring", "launched": "2026-05-01 07:00", "leans_on": ["p"],
          "ends": "2026-05-10 22:59:59.999999", "announced": "2026-04-19 23:00"}  # fmt: skip
"""Launched at 8 on 1 May in London, to the end of 10 May there; announced on 20 April."""
WINTER = {"promotion_id": "winter", "says": "Winter", "launched": "2026-12-01 08:00", "leans_on": ["p"],
          "ends": "2026-12-05 23:59:59.999999", "expects_demand": 0.6, "basis": "last winter"}  # fmt: skip
OFF = {
    **SPRING,
    "promotion_id": "autumn",
    "says": "Autumn",
    "launched": "2026-09-01 07:00",
    "cancelled": True,
}
UNREAD = {"promotion_id": "odd", "says": "odd", "leans_on": [], "problem": "launched is missing"}
BARE = {
    **SPRING,
    "promotion_id": "bare",
    "says": "Nothing needed",
    "launched": "2026-06-01 07:00",
    "announced": None,
    "ends": None,
}

EARLY = {"promotion_id": "spring", "verdict": "launched_before_ready", "ready_on": "2026-05-04", "days_early": 3,
         "launched_day": "2026-05-01", "ends_day": "2026-05-10", "judged_on": "2026-05-01", "missing": ["agents trained"],
         "why": "launched 3 days before it was ready"}  # fmt: skip
NO_GO = {"promotion_id": "winter", "verdict": "planned_not_ready", "launched_day": "2026-12-01", "ends_day": "2026-12-05",
         "judged_on": "2026-10-31", "missing": ["agents trained"], "why": "as of 31 Oct 2026: not signed"}  # fmt: skip
CALLED_OFF = {"promotion_id": "autumn", "verdict": "cancelled", "launched_day": "2026-09-01", "judged_on": "2026-09-01",
              "missing": [], "why": "it was called off"}  # fmt: skip
CANNOT_READ = {
    "promotion_id": "odd",
    "verdict": "cannot_tell",
    "missing": [],
    "why": "its declaration cannot be read: launched is missing",
}
CANNOT_TELL = {"promotion_id": "bare", "verdict": "cannot_tell", "launched_day": "2026-06-01", "judged_on": "2026-06-01",
               "days_early": None, "missing": [], "why": "it has no gates"}  # fmt: skip


def gate(promotion: str, **other) -> dict:
    return {"promotion_id": promotion, "position": 1, "gate": "agents trained", "kind": "sign-off", "optional": False,
            "needed": "signed off by care", "asks_of": "care", "met": False, "evidence": "not signed off by care", **other}  # fmt: skip


GATES = [gate("spring", met_on="2026-05-04", first_met="2026-05-04"), gate("winter")]
ALL = {
    "promotion": [SPRING, WINTER, OFF, UNREAD, BARE],
    "readiness": [EARLY, NO_GO, CALLED_OFF, CANNOT_READ, CANNOT_TELL],
    "gate": GATES,
}
HARM = {"promotion_id": "spring", "first": "2026-05-01", "until": "2026-05-04", "position": 0, "promise_id": "p", "claim": "Here in 2 days",
        "source": "orders", "leaned_on": True, "who": "all", "items": 100, "broken": 40, "expected": 10.0, "excess": 30.0, "low": 22.0,
        "high": 36.0, "p": 0.0, "reference_days": 84, "reference_first": "2026-01-20", "reference_last": "2026-04-30", "placebos": 51, "placebo_rank": 51, "placebo_days": 3, "undecided_days": 0,
        "standing": "more than usual"}  # fmt: skip


def shop(**tables):
    return shelf(**{"promise": [{}], "promise_version": [{"version": 1, "from_day": None}], **ALL, **tables})


def only(promotion: dict, readiness: dict, **tables):
    return shop(**{"promotion": [promotion], "readiness": [readiness], "gate": [], **tables})


def test_the_sentence_says_who_was_early_who_was_hurt_and_what_is_not_ready():
    assert board(shop(launch_harm=[HARM])).sentence == (
        "1 promotion was launched before operations were ready in 2026: “All of spring” by 3 days. 30 more orders (22 to 36) than were to be expected broke"
        " “Here in 2 days” during “All of spring”. Of 1 planned, 1 is not ready: “Winter”."
    )


def test_an_early_launch_without_harm_beyond_chance_is_not_said_to_have_done_none():
    calm = {
        **HARM,
        "broken": 12,
        "excess": 2.0,
        "low": -4.0,
        "high": 8.0,
        "p": 0.3,
        "standing": "no more than usual",
    }
    assert "What broke then is within what chance does." in board(shop(launch_harm=[calm])).sentence


def test_of_an_early_launch_whose_harm_cannot_be_told_nothing_is_said():
    untold = {
        **HARM,
        "expected": None,
        "excess": None,
        "low": None,
        "high": None,
        "p": None,
        "standing": "cannot tell",
    }
    assert "within what chance" not in board(shop(launch_harm=[untold])).sentence
    assert "within what chance" not in board(shop()).sentence


@pytest.mark.parametrize(
    ("promotion", "readiness", "said"),
    [
        (SPRING, {**EARLY, "verdict": "ready", "days_early": 0, "ready_on": None},
         "None of 1 launch that can be judged went out before operations were ready in 2026. None is planned."),
        (BARE, CANNOT_TELL, "Of 1 launch in 2026 nobody can tell whether it was ready. None is planned."),
        (OFF, CALLED_OFF, "Nothing was launched in 2026. None is planned."),
        (WINTER, {**NO_GO, "verdict": "planned_ready", "missing": []}, "Nothing was launched in 2026. The one planned is ready today."),
        (SPRING, {**EARLY, "days_early": None, "ready_on": None},
         "1 promotion was launched before operations were ready in 2026: “All of spring”, not ready yet. None is planned."),
        (SPRING, {**EARLY, "launched_day": "2025-05-01"}, "Nothing was launched in 2026. None is planned."),
    ],
)  # fmt: skip
def test_the_sentence_never_makes_readiness_of_what_is_not_known(promotion, readiness, said):
    assert board(only(promotion, readiness)).sentence == said


def test_planned_ones_come_first_then_the_latest_launch_and_last_what_was_called_off_or_cannot_be_read():
    found = board(shop())
    assert [each.promotion_id for each in found.ordered] == ["winter", "bare", "spring", "autumn", "odd"]
    assert list(launch_table(found).columns) == list(LAUNCH_COLUMNS)
    assert launch_table(found)["days_early"].tolist()[2] == 3
    assert found.announced == {"spring": date(2026, 4, 20), "autumn": date(2026, 4, 20)}


def test_only_what_went_out_has_harm():
    assert sorted(board(shop()).harms) == ["bare", "spring"]


def test_the_next_steps_lead_to_what_is_planned_to_the_worst_harm_and_to_what_nobody_can_judge():
    assert board(shop(launch_harm=[HARM])).next_steps == [
        "“Winter” is planned for 1 Dec 2026: settle “agents trained”, or move it.",
        "Open “All of spring”: it went out before operations were ready and did the most harm.",
        "Declare what must be ready before such a launch as “Nothing needed”, under ready_when.",
    ]


def test_without_promotions_there_is_nothing_to_tell():
    found = board(shelf())
    assert found.launches == ()
    assert launch_table(found).empty


def test_each_verdict_has_its_words():
    said = {each.promotion_id: verdict_words(each) for each in board(shop()).launches}
    assert said == {
        "spring": "3 days early",
        "bare": "cannot tell",
        "autumn": "called off",
        "winter": "not ready today",
        "odd": "cannot be read",
    }


def weeks(*days: tuple[str, int, int, int]) -> list[dict]:
    return [{"day": day, "kept": kept, "broken": broken, "open": still} for day, kept, broken, still in days]


def test_weeks_are_counted_from_the_launch_so_that_none_has_days_of_both_sides():
    cells = weeks(
        ("2026-04-30", 90, 10, 0),
        ("2026-05-01", 60, 30, 0),
        ("2026-05-07", 0, 10, 0),
        ("2026-05-08", 7, 0, 1),
    )
    table = open_launch(shop(launch_cell=cells), "spring").weeks
    assert table["week"].tolist() == [-1, 0, 1]
    assert table["first"].dt.date.tolist() == [date(2026, 4, 24), date(2026, 5, 1), date(2026, 5, 8)]
    assert table["kept"].tolist() == [90, 60, 7]
    assert table["rate"].tolist() == [0.9, 0.6, 1.0]
    assert table["closed"].tolist() == [True, True, False]


def test_the_weeks_are_those_that_pandas_counts():
    days = pd.date_range("2026-02-01", "2026-08-01").date
    cells = weeks(*((str(day), 50 + number % 7, number % 5, 0) for number, day in enumerate(days)))
    table = open_launch(shop(launch_cell=cells), "spring").weeks.set_index("week")
    frame = pd.DataFrame(cells).assign(
        week=lambda rows: (pd.to_datetime(rows["day"]) - pd.Timestamp("2026-05-01")).dt.days // 7
    )
    expected = frame.groupby("week")[["kept", "broken"]].sum().loc[-8:7]
    assert table[["kept", "broken"]].astype("int64").equals(expected.astype("int64").rename_axis("week"))


def test_a_weeks_target_is_that_of_the_version_in_force_when_its_items_started():
    versions = [{"version": 1, "target": 0.8}, {"version": 2, "from_day": "2026-05-01", "target": 0.95}]
    cells = weeks(("2026-04-30", 9, 1, 0), ("2026-05-01", 9, 1, 0))
    assert open_launch(shop(launch_cell=cells, promise_version=versions), "spring").weeks[
        "target"
    ].tolist() == [0.8, 0.95]


def test_before_a_planned_launch_the_weeks_are_those_up_to_the_day_of_the_data():
    found = open_launch(shop(launch_cell=weeks(("2026-10-31", 9, 1, 0), ("2026-09-06", 9, 1, 0))), "winter")
    assert found.weeks["week"].tolist() == [-8, -1]
    assert found.weeks["last"].dt.date.tolist() == [date(2026, 9, 12), date(2026, 10, 31)]


@pytest.mark.parametrize(
    ("readiness", "until"),
    [
        (EARLY, date(2026, 5, 4)),
        ({**EARLY, "ready_on": "2026-05-20"}, date(2026, 5, 11)),
        ({**EARLY, "ready_on": None, "days_early": None, "ends_day": None}, date(2026, 11, 1)),
        ({**EARLY, "verdict": "ready", "ready_on": None}, None),
    ],
)
def test_it_ran_early_until_it_was_ready_or_ended_or_to_this_day(readiness, until):
    assert open_launch(only(SPRING, readiness), "spring").early_until == until


@pytest.mark.parametrize(
    ("promotion", "said"),
    [
        (
            "spring",
            "“All of spring” was launched on Fri 1 May 2026 08:00 and ran to 10 May 2026: 3 days early. Launched 3 days before",
        ),
        (
            "winter",
            "“Winter” is planned for Tue 1 Dec 2026 08:00: not ready today. As of 31 Oct 2026: not signed.",
        ),
        ("autumn", "“Autumn” was called off; its launch was declared for Tue 1 Sep 2026 08:00."),
        ("odd", "“odd” cannot be read: its declaration cannot be read: launched is missing."),
        (
            "bare",
            "“Nothing needed” was launched on Mon 1 Jun 2026 08:00 and is still running: cannot tell. It has no gates.",
        ),
    ],
)
def test_one_opened_says_its_verdict_and_why(promotion, said):
    assert open_launch(shop(), promotion).sentence.startswith(said)


def test_one_opened_says_whom_to_ask():
    assert open_launch(shop(launch_harm=[HARM]), "spring").next_steps == [
        "Ask fulfilment, who must keep “Here in 2 days”, what changed on 1 May 2026; the page Gaps shows where it breaks."
    ]
    assert open_launch(shop(), "winter").next_steps == [
        "Ask care to sign off “agents trained” before 1 Dec 2026."
    ]
    assert open_launch(shop(), "bare").next_steps == [
        "Declare what must be ready before such a launch, under ready_when."
    ]
    assert open_launch(shop(), "odd").next_steps == open_launch(shop(), "autumn").next_steps == []


def test_a_promise_it_leans_on_that_is_not_there_stands_with_its_reason():
    both = {**SPRING, "leans_on": ["p", "nowhere"]}
    found = open_launch(only(both, EARLY, promise=[{"problem": "no data"}]), "spring")
    assert list(found.leaning.columns) == list(LEANING_COLUMNS)
    assert found.leaning["problem"].tolist() == ["no data", "there is no promise 'nowhere'"]
    assert found.weeks.empty


def test_expected_demand_comes_with_its_basis():
    assert demand_words(open_launch(shop(), "winter")) == "+60 %, on the basis of: last winter"
    assert demand_words(open_launch(shop(), "spring")) == ""


def test_a_promotion_that_is_not_there_is_named():
    with pytest.raises(MisuseError, match=r"there is no promotion 'sprin'.*spring"):
        open_launch(shop(), "sprin")


def load(day: str, headroom: float | None) -> dict:
    return {
        "capacity": "picking",
        "day": day,
        "available": 100.0,
        "usual": 80.0,
        "expected_uplift": 0.0,
        "headroom": headroom,
    }


def test_the_calendar_has_the_weeks_of_the_next_quarter_with_what_starts_what_runs_on_and_the_least_headroom():
    days = [
        load("2026-10-30", 0.01),
        load("2026-11-02", 0.4),
        load("2026-11-05", 0.2),
        load("2026-12-07", -0.1),
        load("2026-12-08", None),
    ]
    snapshot = shop(load_daily=days)
    found = calendar(snapshot, board(snapshot).ready)
    assert len(found) == OUTLOOK_WEEKS
    assert (found[0].first, found[0].last) == (
        date(2026, 11, 1),
        date(2026, 11, 1),
    )  # a Sunday: weeks start on Monday
    assert [(each.share, each.on) for each in found[1].headroom] == [(0.2, date(2026, 11, 5))]
    assert [each.share for each in found[0].headroom] == [None]
    assert [[each.promotion_id for each in week.launched] for week in found if week.launched] == [["winter"]]
    assert {each.promotion_id for each in found[0].running} == {"bare"}
    december = next(week for week in found if week.first == date(2026, 12, 7))
    assert (december.headroom[0].share, december.headroom[0].days) == (-0.1, 1)


def test_the_calendar_and_the_outlook_can_be_taken_away():
    snapshot = shop(load_daily=[load("2026-11-05", 0.2)])
    found = board(snapshot)
    table = calendar_table(calendar(snapshot, found.ready))
    assert list(table.columns) == list(CALENDAR_COLUMNS)
    assert table["least_headroom"].dropna().tolist() == [0.2]
    assert table.loc[table["launched"] != "", ["first", "launched"]].to_numpy().tolist() == [
        [date(2026, 11, 30), "winter"]
    ]
    assert len(calendar_table(calendar(shop(), board(shop()).ready))) == OUTLOOK_WEEKS
    ahead = outlook_table(found.planned)
    assert list(ahead.columns) == list(OUTLOOK_COLUMNS)
    assert ahead[["promotion", "go", "gate", "met_today"]].to_numpy().tolist() == [
        ["winter", False, "agents trained", False]
    ]
