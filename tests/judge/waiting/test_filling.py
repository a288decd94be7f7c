"""Event logs of chains, judged at a refresh: handoffs, what was done and which way cases took; rows few enough to count."""

from datetime import date

import pytest

from aspromised.judge.waiting import event_log
from tests.judge.waiting.world import EVENTS, TYPES, day, judged_waiting, stages

MONDAY = date(2026, 6, 1)
THREE = stages("ask", "check", "pay", check={"kind": "check"})
ONE_CASE = day("1 ASK ann shop 10:00 10:30", "1 CHECK bea bank 11:30 12:00", "1 PAY bea bank 12:00 12:10")


def handoffs(con, *columns):
    names = ", ".join(columns or ("from_activity", "to_activity", "handoffs", "waiting_s", "extraneous_s"))
    return con.run(f"select {names} from out.handoff_daily order by day, from_activity, to_activity")


def test_a_handoff_is_told_by_stage_who_and_day():
    con = judged_waiting(ONE_CASE, THREE)
    names = ("day", "from_activity", "to_activity", "from_resource", "to_resource", "from_team", "to_team", "handoffs",
             "cases", "waiting_s", "unavailability_s", "extraneous_s", "contention_s")  # fmt: skip
    assert handoffs(con, *names) == [
        (MONDAY, "ask", "check", "ann", "bea", "shop", "bank", 1, 1, 3600, 3600, 0, 0),
        (MONDAY, "check", "pay", "bea", "bea", "bank", "bank", 1, 1, 0, 0, 0, 0),
    ]
    assert con.run("select instances, left_out, unfinished, tells_work, problem from out.log_read") == [
        (3, 0, 0, True, None)
    ]


def test_causes_add_up_to_the_waiting_of_each_row():
    rows = [row for hour in range(8, 17) for row in day(
        f"{hour} ASK ann shop {hour:02}:00 {hour:02}:20", f"{hour} CHECK bea bank {hour + 1:02}:00 {hour + 1:02}:50",
        f"{hour} PAY cy bank 20:00 20:01")]  # fmt: skip
    con = judged_waiting(rows, THREE)
    causes = ("batching_s", "prioritisation_s", "contention_s", "unavailability_s", "extraneous_s")
    for waiting, *parts in handoffs(con, "waiting_s", *causes):
        assert sum(parts) == pytest.approx(waiting)


def test_without_a_resource_the_opening_hours_of_the_stage_tell_what_was_outside():
    """Asked at 10:30, checked at 15:00; the office opens at 9 and rests from 12 to 13."""
    office = {"office": {"open": {"mon-fri": ["09:00-12:00", "13:00-17:00"]}}}
    of = stages("ask", "check", check={"calendar": "office"})
    rows = day("1 ASK - shop 10:00 10:30", "1 CHECK - bank 15:00 15:30", "1 CALL - bank 18:00 18:05")
    con = judged_waiting(rows, of, calendars=office)
    columns = ("to_activity", "waiting_s", "batching_s", "contention_s", "unavailability_s", "extraneous_s")
    assert sorted(handoffs(con, *columns)) == [
        ("CALL", 9000, None, None, None, None), ("check", 16200, None, None, 3600, 12600),
    ]  # fmt: skip


def test_without_times_of_work_nobody_tells_what_a_resource_did():
    events = {key: value for key, value in EVENTS.items() if key != "started"}
    con = judged_waiting(ONE_CASE, THREE, events)
    assert handoffs(con, "waiting_s", "contention_s", "extraneous_s") == [
        (5400, None, None),
        (600, None, None),
    ]
    assert con.run("select tells_work, tells_resource from out.log_read") == [(False, True)]
    assert con.run("select sum(worked_s) from out.activity_daily") == [(None,)]


def test_what_happens_after_the_moment_is_not_known():
    con = judged_waiting(ONE_CASE, THREE, as_of="2026-06-01T11:45")
    assert handoffs(con) == [("ask", "check", 1, 3600, 0)]
    assert con.run("select instances, unfinished from out.log_read") == [(2, 1)]
    assert con.run("select activity, worked_s from out.activity_daily order by 1") == [
        ("ask", 1800),
        ("check", 900),
    ]


def test_rows_that_cannot_be_read_are_counted():
    bad = [(None, "ASK", "a", "t", None, "2026-06-01 10:00"), ("2", None, "a", "t", None, "2026-06-01 10:00"),
           ("3", "ASK", "a", "t", None, None), ("4", "ASK", "a", "t", "2026-06-01 11:00", "2026-06-01 10:00"),
           ("  ", "ASK", "a", "t", None, "2026-06-01 10:00")]  # fmt: skip
    con = judged_waiting([*ONE_CASE, *bad], THREE)
    assert con.run("select instances, left_out from out.log_read") == [(3, 5)]


def test_an_empty_log_has_no_handoffs_and_no_problem():
    con = judged_waiting([], THREE)
    assert con.run("select instances, left_out, unfinished, problem from out.log_read") == [(0, 0, 0, None)]
    assert handoffs(con) == []


def test_a_log_too_long_to_be_held_in_memory_is_told(monkeypatch):
    monkeypatch.setattr(event_log, "MOST_EVENTS", 2)
    con = judged_waiting(ONE_CASE, THREE)
    ((problem,),) = con.run("select problem from out.log_read")
    assert problem.startswith("its log has 3 rows, more than the 2 of which")
    assert handoffs(con) == []


def test_a_log_that_lacks_a_column_has_its_reason():
    con = judged_waiting([], THREE, types={key: kind for key, kind in TYPES.items() if key != "who"})
    ((problem,),) = con.run("select problem from out.log_read")
    assert "'who'" in problem


def test_a_case_is_counted_once_a_pair_and_once_a_pair_of_teams():
    rows = day("1 ASK ann shop 10:00 10:10", "1 CHECK bea bank 10:20 10:30", "1 ASK ann shop 10:40 10:50",
               "1 CHECK cy bank 11:00 11:10", "1 ASK ann shop 11:20 11:30", "1 CHECK di audit 11:40 11:50")  # fmt: skip
    con = judged_waiting(rows, THREE)
    counted = "sum(handoffs), sum(cases), sum(cases_by_team), sum(cases_by_resource)"
    where = "where from_activity = 'ask' and to_activity = 'check'"
    assert con.run(f"select {counted} from out.handoff_daily {where}") == [(3, 1, 2, 3)]


def test_a_day_is_a_day_of_the_company():
    rows = day("1 ASK ann shop 10:00 10:30", "1 CHECK bea bank 23:30 23:40")
    con = judged_waiting(rows, THREE, timezone="Asia/Tokyo")
    assert handoffs(con, "day") == [(MONDAY,)]


WAY = stages("ask", "check", "boss", "pay", check={"kind": "approval"}, boss={"kind": "escalation"})


def test_ways_off_the_declared_one_are_told_with_their_reason():
    rows = [
        *day("1 ASK a t 10:00 10:10", "1 CHECK b u 10:20 10:30", "1 PAY c v 11:00 11:10"),
        *day("2 ASK a t 10:00 10:10", "2 CHECK b u 10:20 10:30", "2 CHECK d u 10:30 10:40", "2 BOSS e w 10:50 10:55",
             "2 PAY c v 11:00 11:10"),
        *day("3 ASK a t 10:00 10:10", "3 CALL a t 10:20 10:30", "3 PAY c v 11:00 11:10"),
        *day("4 ASK a t 10:00 10:10", "4 CHECK b u 10:20 10:30"),
    ]  # fmt: skip
    con = judged_waiting(rows, WAY)
    columns = "course, is_declared, why, cases, decided, first_level, hand_ups, one_team"
    assert con.run(f"select {columns} from out.course_daily order by course") == [
        (["ask", "CALL", "pay"], False, ["without 'check'", "'CALL' is not declared"], 1, 0, 0, 0, 1),
        (["ask", "check", "boss", "pay"], True, [], 1, 1, 0, 1, 1),
        (["ask", "check", "pay"], True, [], 1, 1, 1, 0, 1),
    ]
    assert con.run("select unfinished from out.log_read") == [(1,)]


def test_what_was_handed_up_is_told_by_team():
    rows = [
        *day(
            "1 ASK a t 10:00 10:10",
            "1 CHECK b u 10:20 10:30",
            "1 BOSS e w 10:50 10:55",
            "1 PAY c v 11:00 11:10",
        ),
        *day("2 ASK a t 10:00 10:10", "2 CHECK b u 10:20 10:30", "2 PAY c v 11:00 11:10"),
    ]
    con = judged_waiting(rows, WAY)
    found = con.run(
        "select activity, kind, team, times, handed_up from out.activity_daily order by handed_up desc, 1"
    )
    assert found[0] == ("check", "approval", "u", 2, 1)
    assert sum(row[4] for row in found) == 1


def test_hostile_names_are_names():
    evil = """'; drop table out.log_read; -- "<script>"""
    rows = [(evil, "ASK", evil, evil, "2026-06-01 10:00", "2026-06-01 10:30"),
            (evil, evil, evil, evil, "2026-06-01 11:00", "2026-06-01 11:30")]  # fmt: skip
    con = judged_waiting(rows, THREE)
    assert handoffs(con, "to_activity", "to_resource") == [(evil, evil)]
