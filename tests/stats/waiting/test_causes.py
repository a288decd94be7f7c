"""Waiting by cause: worlds small enough to count, and random ones counted in the plainest way."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspromised.stats.waiting import causes as module
from aspromised.stats.waiting.activity_log import ActivityLog
from aspromised.stats.waiting.causes import DeclaredHours, waiting_causes
from aspromised.stats.waiting.weekly_hours import UTC_TIME, LocalTime, WeeklyHours
from tests.stats.waiting import by_hand
from tests.stats.waiting.logs import SUMS, activity_log, by_handoff

MONDAY = "2026-06-01"
HOUR = 3_600_000_000


def world(*lines: str) -> pd.DataFrame:
    """Return a log of lines as `case activity resource 10:00 10:30`, all on a Monday."""
    table = pd.DataFrame(
        [line.split() for line in lines], columns=["case", "activity", "resource", "start", "end"]
    )
    for name in ("start", "end"):
        table[name] = pd.to_datetime(MONDAY + " " + table[name])
    return table


def ten_to_six(names: list[str]) -> WeeklyHours:
    works = np.zeros((len(names), 7, 96), dtype=bool)
    works[:, :5, 40:72] = True
    return WeeklyHours.of(works.reshape(len(names), -1))


def hours_of(log: pd.DataFrame, case: str) -> dict[str, float]:
    """Return the hours that a case waited, by cause."""
    coded, names = activity_log(log)
    table = by_handoff(log, waiting_causes(coded, UTC_TIME, ten_to_six(names)))
    row = table[table["cases"] == case].iloc[0]
    return {name: row[name] / pd.Timedelta(hours=1) for name in SUMS if row[name]}


def test_work_that_came_first_is_contention_and_work_that_came_later_prioritisation():
    """Case 1 could be checked from 11; Bea does 2 (there since 10:30) from 11 to 12, 3 (since 11:30) from 12 to 13."""
    log = world("1 ask Ann 10:30 11:00", "2 ask Ann 10:00 10:30", "3 ask Ann 11:00 11:30",
                "2 look Bea 11:00 12:00", "3 view Bea 12:00 13:00", "1 check Bea 14:00 15:00")  # fmt: skip
    assert hours_of(log, "1") == {"waiting": 3, "contention": 1, "prioritisation": 1, "extraneous": 1}


def test_what_came_at_the_same_moment_is_contention():
    log = world(
        "1 ask Ann 10:00 11:00", "2 ask Cy 10:00 11:00", "2 look Bea 11:00 12:00", "1 check Bea 12:00 13:00"
    )
    assert hours_of(log, "1") == {"waiting": 1, "contention": 1}


def test_before_the_hours_of_its_resource_it_waits_for_it():
    """Done at 9, looked at from 11; Bea comes at 10."""
    assert hours_of(world("1 ask Ann 08:00 09:00", "1 look Bea 11:00 12:00"), "1") == {
        "waiting": 2, "unavailability": 1, "extraneous": 1,
    }  # fmt: skip


def test_a_batch_is_complete_when_its_last_item_has_come():
    """Three are paid in one go at 14; the last came at 13: the first waited 2 hours for the batch and 1 for nothing."""
    log = world("1 ask Ann 10:00 11:00", "2 ask Ann 11:00 12:00", "3 ask Ann 12:00 13:00",
                "1 pay Bea 14:00 14:10", "2 pay Bea 14:10 14:20", "3 pay Bea 14:20 14:30")  # fmt: skip
    assert hours_of(log, "1,2,3") == pytest.approx(
        {"waiting": 3 + 2 + 1 + 0.5, "batching": 2 + 1, "contention": 0.5, "extraneous": 3}
    )


def test_one_that_had_not_come_when_the_work_began_is_of_another_batch():
    log = world(
        "1 ask Ann 10:00 11:00", "2 ask Ann 11:00 14:05", "1 pay Bea 14:00 14:10", "2 pay Bea 14:10 14:20"
    )
    assert "batching" not in hours_of(log, "1,2")


def test_several_things_at_once_are_counted_once():
    log = world("1 ask Ann 10:00 11:00", "2 ask Cy 10:00 10:30", "3 ask Di 11:00 11:30", "2 look Bea 11:00 13:00",
                "3 view Bea 12:00 14:00", "1 check Bea 14:00 15:00")  # fmt: skip
    assert hours_of(log, "1") == {"waiting": 3, "contention": 2, "prioritisation": 1}


def test_without_a_resource_the_causes_are_not_told():
    log = world("1 ask Ann 10:00 11:00", "1 look Bea 12:00 13:00").assign(resource=[None, None])
    found = waiting_causes(activity_log(log)[0], UTC_TIME)
    assert (found.waiting.tolist(), found.told.tolist(), found.extraneous.tolist()) == ([HOUR], [False], [0])


def test_hours_declared_for_an_activity_go_before_those_of_its_resource():
    """Bea works from 10 to 18, looking is done from 12: of three hours one is within these."""
    log = world("1 ask Ann 09:00 10:00", "1 look Bea 13:00 14:00")
    coded, names = activity_log(log)
    noon = int(pd.Timestamp(f"{MONDAY} 12:00").value // 1000)
    declared = DeclaredHours(np.array([-1, 0]), [lambda moments: np.maximum(moments - noon, 0)])
    found = waiting_causes(coded, UTC_TIME, ten_to_six(names), declared)
    assert (found.unavailability.tolist(), found.extraneous.tolist()) == ([2 * HOUR], [HOUR])


def test_what_came_in_while_closed_was_not_held_for_the_others():
    """Three are paid at 14; the last came at 13. Paying is done from 12: the first, there since 11, was held for an hour."""
    log = world(
        "1 ask Ann 10:00 11:00", "2 ask Ann 12:00 13:00", "1 pay Bea 14:00 14:10", "2 pay Bea 14:10 14:20"
    )
    coded, names = activity_log(log)
    noon = int(pd.Timestamp(f"{MONDAY} 12:00").value // 1000)
    declared = DeclaredHours(np.array([-1, 0]), [lambda moments: np.maximum(moments - noon, 0)])
    found = waiting_causes(coded, UTC_TIME, ten_to_six(names), declared)
    assert (found.batching[0], found.unavailability[0], found.extraneous[0]) == (HOUR, HOUR, HOUR)


def test_an_empty_log_has_no_handoffs():
    nothing = np.array([], dtype=np.int64)
    found = waiting_causes(ActivityLog(nothing, nothing, nothing, nothing, nothing), UTC_TIME)
    assert [len(each) for each in found] == [0] * 9


def test_the_hour_that_a_clock_is_put_back_is_an_hour():
    """Bea works day and night; on 25 October 2026 the night had an hour more: 12 hours of waiting are within her hours."""
    back = int(pd.Timestamp("2026-10-25 01:00").value // 1000)
    local = LocalTime(np.array([0, back]), np.array([HOUR, 0]))
    log = pd.DataFrame({"case": ["1", "1"], "activity": ["ask", "look"], "resource": ["Ann", "Bea"],
                        "start": pd.to_datetime(["2026-10-24 16:00", "2026-10-25 05:00"]),
                        "end": pd.to_datetime(["2026-10-24 17:00", "2026-10-25 06:00"])})  # fmt: skip
    always = WeeklyHours.of(np.ones((2, 672), dtype=bool))
    found = waiting_causes(activity_log(log)[0], local, always)
    assert (found.waiting.tolist(), found.extraneous.tolist()) == ([12 * HOUR], [12 * HOUR])


def either_order(cases: int, ways_round: int, second: str) -> pd.DataFrame:
    """Return cases that pack (11:00 to 11:30) and bill (`second`), in so many the other way round; `order` ends at 10:30."""
    lines = []
    for case in range(cases):
        early, late = ("bill", "pack") if case < ways_round else ("pack", "bill")
        lines += [
            f"{case} order Ann 10:00 10:30",
            f"{case} {early} Bea 11:00 11:30",
            f"{case} {late} Cy {second}",
        ]
    log = world(*lines)
    return by_handoff(log, waiting_causes(activity_log(log)[0], UTC_TIME))


def test_activities_in_either_order_and_at_once_enable_each_other_not():
    """Packing and billing follow shipping in either order and overlap: both were enabled by the order, not by each other."""
    assert set(either_order(6, 3, "11:15 12:30")["source_activity"]) == {"order"}


@pytest.mark.parametrize("ways_round", [1, 2, 20, 50, 99])
def test_what_is_never_done_at_once_is_in_sequence_whichever_comes_first(ways_round):
    """Whatever comes second waited for the first to end: waits and work add up to what elapsed."""
    table = either_order(100, ways_round, "12:00 12:30")
    assert table["waiting"].sum() == 100 * pd.Timedelta(hours=1)
    second = table[table["source_activity"] != "order"].groupby("source_activity")["frequency"].sum()
    assert second.to_dict() == {"pack": 100 - ways_round, "bill": ways_round}


def test_one_case_done_at_once_by_a_slip_makes_nothing_concurrent():
    lines = [f"{case} {first} Bea 11:00 11:30|{case} {second} Cy 12:00 12:30" for case in range(40)
             for first, second in [("pack", "bill") if case % 4 else ("bill", "pack")]]  # fmt: skip
    log = world(*"|".join(lines).split("|"), "40 pack Bea 11:00 11:30", "40 bill Cy 11:20 12:30")
    table = by_handoff(log, waiting_causes(activity_log(log)[0], UTC_TIME))
    assert table.groupby("source_activity")["frequency"].sum().to_dict() == {"bill": 10, "pack": 30}


def test_of_what_has_no_length_the_order_alone_tells():
    lines = []
    for case in range(6):
        first, second = ("pack", "bill") if case % 2 else ("bill", "pack")
        lines += [
            f"{case} {name} Bea {at} {at}"
            for name, at in (("order", "10:30"), (first, "11:00"), (second, "12:00"))
        ]
    log = world(*lines)
    table = by_handoff(log, waiting_causes(activity_log(log)[0], UTC_TIME))
    assert set(table["source_activity"]) == {"order"}
    assert {"pack", "bill"} & set(either_order(6, 3, "12:00 12:00")["source_activity"]), "one has a length"


def test_what_goes_back_and_forth_is_in_sequence():
    """Asked, checked, asked again, checked again: each was enabled by the other, though each follows the other."""
    log = world(
        "1 ask Ann 10:00 10:10", "1 check Bea 10:20 10:30", "1 ask Ann 10:40 10:50", "1 check Bea 11:00 11:10"
    )
    table = by_handoff(log, waiting_causes(activity_log(log)[0], UTC_TIME))
    assert dict(zip(table["source_activity"], table["frequency"], strict=True)) == {"ask": 2, "check": 1}


@st.composite
def logs(draw) -> list[tuple[int, int, int, int, int]]:
    """Return rows of case, activity, resource, start, end, in steps of five minutes around a change of the clocks."""
    rows = []
    for _ in range(draw(st.integers(1, 22))):
        start = draw(st.integers(0, 12 * 48))
        length = draw(st.sampled_from([0, 1, 2, 6, 12, 30, 200]))
        keys = [draw(st.integers(low, high)) for low, high in ((0, 3), (0, 3), (-1, 2))]
        rows.append((*keys, BASE + start * by_hand.STEP, BASE + (start + length) * by_hand.STEP))
    return rows


BASE = int(pd.Timestamp("2026-10-24 00:00").value // 1000)
BACK = int(pd.Timestamp("2026-10-25 01:00").value // 1000)
LONDON = LocalTime(np.array([0, BACK]), np.array([HOUR, 0]))


@settings(max_examples=300)
@given(logs(), st.sampled_from([1, 4, 1000]))
def test_random_logs_come_out_as_walked_through_by_hand(rows, at_a_time):
    log = ActivityLog(*(np.array(column) for column in zip(*rows, strict=True)))
    kept, module.AT_A_TIME = module.AT_A_TIME, at_a_time
    try:
        found = waiting_causes(log, LONDON)
    finally:
        module.AT_A_TIME = kept
    names = ["waiting", "batching", "prioritisation", "contention", "unavailability", "extraneous"]
    answer = zip(*(getattr(found, name).tolist() for name in names), strict=True)
    pairs = zip(found.source.tolist(), found.target.tolist(), strict=True)
    assert dict(zip(pairs, answer, strict=True)) == by_hand.causes(
        rows, lambda moment: HOUR if moment < BACK else 0
    )
    parts = sum(getattr(found, name) for name in names[1:])
    assert (parts[found.told] == found.waiting[found.told]).all()
