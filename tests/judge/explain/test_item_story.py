"""The story of one item, in the words a reader gets."""

import pytest

from aspromised.judge.explain.item_story import tell_story
from aspromised.words.moments import as_of_moment
from aspromised.words.problems import MisuseError

CLOCK = {"items": "items", "id": "id", "started": "s", "done": "d"}
TYPES = {"id": "integer", "s": "timestamptz", "d": "timestamptz"}
NINE_TO_SIX = {"mon-fri": ["09:00-18:00"]}
HOLDS = {"source": "holds", "id": "item", "from": "a", "to": "b"}
HOLD_TYPES = {"item": "integer", "a": "timestamptz", "b": "timestamptz"}


def story(small, item, as_of="2026-12-31"):
    moment = as_of_moment(as_of, small.workspace.timezone)
    return tell_story(small.con, small.workspace, "p", str(item), moment)


def test_a_weekend_a_pause_and_eleven_minutes(world):
    measure = {**CLOCK, "within": "100 business minutes", "calendar": "shop", "paused": HOLDS}
    small = world(
        {"measure": measure},
        TYPES,
        [(1, "2026-03-06 16:40", "2026-03-09 09:31")],
        calendars={"shop": {"open": NINE_TO_SIX}},
        others={"holds": (HOLD_TYPES, [(1, "2026-03-07 09:10", "2026-03-07 09:50")])},
    )
    told = story(small, 1)
    assert told.in_one_line == (
        "started Fri 6 Mar 2026 16:40 · shop closes 18:00 · paused 40 min (Sat 7 Mar 09:10–09:50, none of it in opening hours)"
        " · shop opens Mon 9 Mar 09:00 (closed Sat, Sun) · due 09:20 (100 business minutes) · done 09:31"
        ": broken by 11 min: done late"
    )
    assert told.run.sentence == "1 h 51 min of 100 business minutes, 2 d 16 h on the wall; 11 min over"


def test_holidays_are_named_and_pauses_that_last_or_overlap_are_told(world):
    measure = {**CLOCK, "within": "100 business minutes", "calendar": "shop", "paused": HOLDS}
    closed = {"country": "GB", "subdivision": "ENG", "extra": ["2026-04-07"]}
    holds = [
        (1, "2026-04-08 09:05", None),
        (1, "2026-04-02 17:50", "2026-04-02 17:55"),
        (1, "2026-04-02 17:52", "2026-04-02 17:56"),
    ]
    small = world(
        {"measure": measure},
        TYPES,
        [(1, "2026-04-02 17:40", None)],
        calendars={"shop": {"open": NINE_TO_SIX, "holidays": closed}},
        others={"holds": (HOLD_TYPES, holds)},
    )
    assert story(small, 1, "2026-04-09T10:00").lines[1:] == [
        "started Thu 2 Apr 2026 17:40",
        "paused 6 min (17:50–17:56, 2 pauses that overlap)",
        "shop closes 18:00",
        "shop opens Wed 8 Apr 09:00 (closed Fri 3 Apr: Good Friday, Sat, Sun, Mon 6 Apr: Easter Monday, Tue 7 Apr: closed by the calendar)",
        "paused 1 d 55 min so far, since 09:05 (9 h 55 min of it in opening hours)",
        "shop closes 18:00",
        "shop opens Thu 9 Apr 09:00",
        "not done by 10:00",
        "due 11:21 (100 business minutes)",
    ]
    assert story(small, 1, "2026-04-09T10:00").sentence == "open: 1 h 21 min left"


def test_a_pause_after_the_clock_has_run_out_is_told_as_not_counted(world):
    promise = {"measure": {**CLOCK, "within": "2 hours", "paused": [{"from": "a", "to": "b"}]}}
    rows = [(1, "2026-03-02 10:00", "2026-03-02 13:30", "2026-03-02 12:30", "2026-03-02 13:00")]
    small = world(promise, {**TYPES, "a": "timestamptz", "b": "timestamptz"}, rows)
    assert "paused 30 min (12:30–13:00, not counted: the clock had run out)" in story(small, 1).lines


def test_a_pause_that_begins_before_a_clock_of_no_length_can_run_is_told_as_counted(world):
    paused = [{"from": "a", "to": "b"}]
    promise = {"measure": {**CLOCK, "within": "0 business hours", "calendar": "shop", "paused": paused}}
    rows = [(1, "2026-03-01 12:00", "2026-03-02 11:00", "2026-03-01 12:01", "2026-03-02 12:00")]
    calendars = {"shop": {"open": {"mon-fri": ["09:00-17:00"]}}}
    small = world(promise, {**TYPES, "a": "timestamptz", "b": "timestamptz"}, rows, calendars=calendars)
    told = story(small, 1)
    assert told.verdict == "kept"
    assert not any("not counted" in line for line in told.lines)


def test_a_cut_off_a_clock_change_and_calendar_days(world):
    promise = {"measure": {**CLOCK, "within": "2 calendar days", "cut_off": "14:00"}}
    small = world(promise, TYPES, [(1, "2026-03-27 16:40", "2026-03-29 09:31")])
    told = story(small, 1)
    assert told.lines[1:] == [
        "started Fri 27 Mar 2026 16:40",
        "after the cut-off of 14:00: counts from Sat 28 Mar 00:00",
        "clocks go forward 1 h, to Sun 29 Mar 02:00",
        "done 09:31",
        "due the end of Mon 30 Mar (2 calendar days)",
    ]
    assert told.run.sentence == "1 d 8 h of 2 d 23 h (2 calendar days), 1 d 15 h on the wall; 1 d 14 h left"


def test_business_days_tell_both_clocks_and_from_which_opening_they_count(world):
    promise = {"measure": {**CLOCK, "within": "2 business days", "calendar": "shop", "cut_off": "14:00"}}
    rows = [(1, "2026-03-06 16:40", None), (2, "2026-03-07 16:40", None)]
    small = world(promise, TYPES, rows, calendars={"shop": {"open": NINE_TO_SIX}})
    assert story(small, 1, "2026-03-10T12:00").sentence == "open: 15 h left, 1 d 6 h on the wall"
    assert (
        "after the cut-off of 14:00: counts from Mon 9 Mar 09:00" in story(small, 1, "2026-03-10T12:00").lines
    )
    closed = story(small, 2, "2026-03-10T12:00").lines
    assert "shop is closed that day: counts from Mon 9 Mar 09:00" in closed
    assert closed[-2:] == ["shop opens Wed 11 Mar 09:00", "due 18:00 (2 business days)"]


def test_done_after_closing_is_late_on_the_wall_though_its_own_clock_stood_still(world):
    promise = {"measure": {**CLOCK, "within": "2 business hours", "calendar": "shop"}}
    rows = [(1, "2026-03-06 16:00", "2026-03-06 20:00")]
    told = story(world(promise, TYPES, rows, calendars={"shop": {"open": NINE_TO_SIX}}), 1)
    assert told.sentence == "broken by 2 h on the wall, outside opening hours: done late"
    assert told.run.sentence == (
        "2 h of 2 business hours, 4 h on the wall; 2 h over on the wall, outside opening hours"
    )


@pytest.mark.parametrize(
    ("started", "told"),
    [("2026-03-06 20:00", "closed Sat, Sun"), ("2026-03-07 20:00", "closed Sat, Sun"), ("2026-03-08 20:00", "closed Sun")],
)  # fmt: skip
def test_only_days_wholly_closed_are_told_as_closed(world, started, told):
    promise = {"measure": {**CLOCK, "within": "2 business hours", "calendar": "shop"}}
    small = world(promise, TYPES, [(1, started, None)], calendars={"shop": {"open": NINE_TO_SIX}})
    assert story(small, 1, "2026-03-09T12:00").lines[2] == f"shop opens Mon 9 Mar 09:00 ({told})"


def test_many_openings_are_summed_up(world):
    shop = {"open": {"mon-sun": ["10:00-10:30", "11:00-11:30"]}}
    promise = {"measure": {**CLOCK, "within": "10 business hours", "calendar": "shop"}}
    small = world(promise, TYPES, [(1, "2026-03-06 09:00", None)], calendars={"shop": shop})
    lines = story(small, 1, "2026-03-20").lines
    assert len(lines) <= 14
    assert "… 31 more openings and closings" in lines
    assert lines[-3:] == [
        "shop opens 11:00",
        "due 11:30 (10 business hours)",
        "not done by the end of Fri 20 Mar",
    ]


def test_a_calendar_of_another_zone_tells_the_time_there(world):
    tokyo = {"open": {"mon-fri": ["09:00-17:00"]}, "timezone": "Asia/Tokyo"}
    promise = {"measure": {**CLOCK, "within": "2 business hours", "calendar": "shop"}}
    small = world(promise, TYPES, [(1, "2026-03-02 07:00", None)], calendars={"shop": tokyo})
    assert "shop closes 08:00 (17:00 in Asia/Tokyo)" in story(small, 1, "2026-03-02T09:00").lines


def test_what_was_sold_tells_who_sold_it_and_when(world):
    within = {"terms": "sold", "match": "who", "value": "hours", "unit": "hours", "from": "f", "to": "t",
              "sold_by": "by", "sold_on": "on"}  # fmt: skip
    types = {"who": "varchar", "hours": "double", "f": "date", "t": "date", "by": "varchar", "on": "date"}
    terms = [
        ("ann", 8, "2025-01-01", None, "web", "2024-12-10"),
        ("ann", 4, "2026-01-01", "2026-12-31", "north", "2025-12-10"),
    ]
    rows = [(1, "2026-03-27 16:40", "2026-03-27 21:00", "ann")]
    small = world({"measure": {**CLOCK, "within": within}}, {**TYPES, "who": "varchar"}, rows, others={"sold": (types, terms)})  # fmt: skip
    told = story(small, 1)
    assert told.lines[1] == (
        "sold to ann by north on 10 Dec 2025: 4 hours, valid from 1 Jan 2026 until 31 Dec 2026"
    )
    assert told.lines[3] == "due 20:40 (4 hours, as sold)"
    assert told.sentence == "broken by 20 min: done late"


def test_what_was_not_promised_says_why_and_has_no_clock(world):
    within = {"terms": "sold", "match": "who", "value": "hours", "unit": "hours", "from": "f", "to": "t"}
    types = {"who": "varchar", "hours": "double", "f": "date", "t": "date"}
    rows = [(1, "2026-03-27 16:40", "2026-03-27 21:00", "bob"), (2, "2025-12-31 16:40", None, "ann")]
    promise = {
        "measure": {**CLOCK, "within": within},
        "versions": [{"from": "2026-01-01"}, {"from": "2026-02-01"}],
    }
    sold = {"sold": (types, [("ann", 8, "2025-01-01", None)])}
    small = world(promise, {**TYPES, "who": "varchar"}, rows, others=sold)
    told = story(small, 1)
    assert told.lines == ["started Fri 27 Mar 2026 16:40", "done 21:00"] and told.run is None
    assert told.sentence == "not promised: nothing was sold to this customer then"
    assert story(small, 2).sentence == "not promised: started before the first version, from 1 Jan 2026"


def test_a_length_of_the_item_and_the_version_in_force_are_told(world):
    promise = {
        "measure": {**CLOCK, "within": {"column": "n", "unit": "days"}},
        "versions": [{"from": "2025-01-01"}, {"from": "2026-03-01", "claim": "Sooner"}],
    }
    small = world(promise, {**TYPES, "n": "integer"}, [(1, "2026-03-02 10:00", None, 1)])
    lines = story(small, 1, "2026-03-02T12:00").lines
    assert lines[0] == "promised: “Sooner”, target 90 %, as promised from 1 Mar 2026 (version 2 of 2)"
    assert lines[-1] == "due Tue 3 Mar 10:00 (1 day, its n)"


def test_an_exemption_tells_its_rule_and_a_correction_who_approved_it(world):
    storm = {"promises": ["p"], "from": "2026-03-01", "to": "2026-03-05", "because": "red warning", "approved_by": "ops"}  # fmt: skip
    flood = {**storm, "because": "flood", "only": "id = 2"} | {"approved_by": "board"}
    rule = [{"when": "id = 3", "because": "a test order"}]
    rows = [(n, "2026-03-02 10:00", "2026-03-02 18:00") for n in (1, 2, 3)]
    promise = {"measure": {**CLOCK, "within": "4 hours", "exempt": rule}}
    small = world(promise, TYPES, rows, corrections={"flood-2026": flood, "storm-2026": storm})
    assert story(small, 1).lines[-1] == (
        "exempt by the correction storm-2026, 1 Mar 2026 to 5 Mar 2026: red warning, approved by ops (without it: broken)"
    )
    assert "flood-2026" in story(small, 2).lines[-1] and "approved by board" in story(small, 2).lines[-1]
    assert story(small, 3).lines[-1] == "exempt by rule, when id = 3: a test order (without it: broken)"


def test_short_clocks_are_told_to_the_second(world):
    small = world(
        {"measure": {**CLOCK, "less_than": "15 minutes"}},
        TYPES,
        [
            (1, "2026-03-02 15:00:10", "2026-03-02 15:15:09"),
            (2, "2026-03-02 15:00:10", "2026-03-02 15:15:10"),
        ],
    )
    assert story(small, 1).lines[-2:] == ["done 15:15:09", "due before 15:15:10 (less than 15 minutes)"]
    assert story(small, 1).sentence == "kept, with 1 s to spare"
    assert story(small, 2).sentence == "broken, by less than a second: done late"


def test_a_check_tells_its_condition_and_the_values_it_looked_at(world):
    measure = {"items": "items", "id": "id", "at": "s", "kept_when": "n = 0 and m < 2"}
    rows = [(1, "2026-03-27 16:40", 1, None), (2, "2026-03-27 16:40", 0, None)]
    small = world(
        {"measure": measure}, {"id": "integer", "s": "timestamptz", "n": "integer", "m": "integer"}, rows
    )
    assert story(small, 1).lines[-1] == "kept when n = 0 and m < 2: no (n = 1, m = null)"
    assert story(small, 2).lines[-1] == "kept when n = 0 and m < 2: cannot be told (n = 0, m = null)"
    assert story(small, 2).sentence == "unknown: cannot be told"


def test_a_repeat_tells_what_came_up_again_and_as_what(world):
    measure = {"items": "items", "id": "id", "at": "s", "same": ["n"], "not_again_within": "7 days"}
    rows = [(1, "2026-03-02 16:40", 1), (2, "2026-03-03 16:40", 1), (3, "2026-03-03 16:40", 2)]
    small = world({"measure": measure}, {"id": "integer", "s": "timestamptz", "n": "integer"}, rows)
    assert story(small, 1).lines[1:] == [
        "happened Mon 2 Mar 2026 16:40 (n = 1)",
        "came up again Tue 3 Mar 16:40 (as 2)",
        "must not come up again until Mon 9 Mar 16:40 (7 days)",
    ]
    assert story(small, 3, "2026-03-05T12:00").lines[2] == (
        "looked at Thu 5 Mar 12:00 (told once the window has passed)"
    )


def test_counts_are_told_by_the_day(world):
    measure = {"items": "items", "at": "s", "kept": "k", "total": "n", "segments": ["r"]}
    rows = [("a", "2026-03-27", 3, 4), ("b", "2026-03-27", 30, 40), ("c", "2026-03-27", 50, 40)]
    small = world({"measure": measure}, {"r": "varchar", "s": "date", "k": "integer", "n": "integer"}, rows)
    told = story(small, "2026-03-27")
    assert told.lines[1:] == ["b: 30 of 40 kept", "c: unknown: more kept than there are, or less than none", "a: 3 of 4 kept"]  # fmt: skip
    assert told.sentence == "counted: 33 of 44 kept (75.0 %)"
    with pytest.raises(MisuseError, match="name a day, as in --item 2026-03-27"):
        story(small, "b")
    with pytest.raises(
        MisuseError, match="there are no counts of 28 Mar 2026; the nearest are of --item 2026-03-27"
    ):
        story(small, "2026-03-28")


def test_an_item_without_a_start_still_has_a_story(world):
    small = world({"measure": {**CLOCK, "within": "4 hours"}}, TYPES, [(1, None, "2026-03-02 10:00")])
    told = story(small, 1)
    assert (told.sentence, told.lines[1:]) == ("unknown: no start", ["done Mon 2 Mar 2026 10:00"])
