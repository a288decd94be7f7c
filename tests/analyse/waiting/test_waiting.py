"""Waiting, ways and hand-ups of a chain over a window: worlds small enough to count."""

from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from aspromised.analyse.unpublished import Unpublished
from aspromised.analyse.waiting.batch_days import batch_days
from aspromised.analyse.waiting.waits import CAUSES, waiting_of, waits
from aspromised.analyse.waiting.ways import hand_up_sentences, hand_ups, ways
from aspromised.analyse.windows.window import Window
from tests.judge.waiting.test_filling import ONE_CASE, THREE, WAY
from tests.judge.waiting.world import EVENTS, day, judged_waiting

JUNE = Window.month("2026-06")


def tables(*args, **more) -> Unpublished:
    """Return the tables of a small log, as analyses read them."""
    con = judged_waiting(*args, **more)
    con.execute("use out")
    con.execute("create table meta (key varchar, value varchar)")
    con.execute("insert into meta values ('as_of_day', '2026-06-30')")
    return Unpublished(con, "out", {"as_of_day": "2026-06-30"})


def test_waiting_is_told_by_cause_and_what_would_be_gained():
    """Waited an hour outside bea's hours; worked 70 minutes: 70 of 130 minutes, all of 70 had that not been."""
    found = waiting_of(tables(ONE_CASE, THREE), "c", JUNE)
    assert (found.waiting_s, found.worked_s) == (3600, 70 * 60)
    assert next(iter(found.by_cause)) == "unavailability"
    assert found.efficiency == pytest.approx(70 / 130)
    assert found.efficiency_without(found.by_cause["unavailability"]) == 1
    assert found.sentence == (
        "In June 2026 cases of c waited 1 hour between activities (2 handoffs); 100 % of it between ask and check, 60 min"
        " each, 100 % of that while those who do it were not at work."
    )  # fmt: skip


def test_rows_are_told_by_team_or_resource_and_another_month_has_none():
    snapshot = tables(ONE_CASE, THREE)
    by = {
        who: waits(snapshot, "c", JUNE, who)[["from_by", "to_by"]].values.tolist()
        for who in ("team", "resource")
    }
    assert by == {"team": [["shop", "bank"], ["bank", "bank"]], "resource": [["ann", "bea"], ["bea", "bea"]]}
    assert waits(snapshot, "c", Window.month("2026-05")).empty
    assert "No case of c" in waiting_of(snapshot, "c", Window.month("2026-05")).sentence


def test_where_nobody_tells_who_did_it_the_page_says_how_to():
    events = {key: value for key, value in EVENTS.items() if key not in ("resource", "started")}
    found = waiting_of(tables(ONE_CASE, THREE, events), "c", JUNE)
    assert "`started` and `resource`" in found.facts.caution
    assert found.by_cause == {}
    assert found.efficiency != found.efficiency
    assert found.rows["untold_s"].sum() == found.waiting_s
    assert found.rows[[f"{cause}_s" for cause in CAUSES]].isna().all().all()


def cases(number, *lines):
    """Return the lines of so many cases, each on a day of its own."""
    return [(f"{case}-{lines[0]}", *row[1:]) for case in range(number)
            for row in day(*(f"{case} {line}" for line in lines), on=f"2026-06-{case % 28 + 1:02}")]  # fmt: skip


def test_ways_round_are_told_with_their_share():
    rows = cases(3, "ASK a t 10:00 10:10", "CHECK b u 10:20 10:30", "PAY c v 11:00 11:10")
    rows += cases(1, "ASK x t 10:00 10:10", "CALL a t 10:20 10:30", "PAY c v 11:00 11:10")
    found = ways(tables(rows, WAY), "c", JUNE)
    assert (found.cases, found.off, found.off_share, found.decided, found.first_level) == (4, 1, 0.25, 3, 3)
    assert found.courses.values.tolist() == [
        ["ask → CALL → pay", "without 'check', 'CALL' is not declared", 1, 0.25]
    ]
    assert found.reasons.values.tolist() == [
        ["'CALL' is not declared", 1, 0.25],
        ["without 'check'", 1, 0.25],
    ]
    assert "1 of 4 cases (25.0 %, between 4.6 % and 69.9 %) left the declared way." in found.lines


def test_no_case_at_its_end_is_no_share():
    found = ways(tables(cases(2, "ASK a t 10:00 10:10"), WAY), "c", JUNE)
    assert found.lines == ["No case of c came to its end in June 2026."]
    assert found.unfinished == 2


def test_the_team_that_hands_up_more_often_than_others_is_named_and_few_are_compared_with_nobody():
    rows = cases(40, "CHECK a u 10:20 10:30", "PAY c v 11:00 11:10")
    rows += cases(39, "CHECK b w 10:20 10:30", "BOSS d lead 10:35 10:40", "PAY c v 11:00 11:10")
    rows += cases(3, "CHECK e x 10:20 10:30", "BOSS d lead 10:35 10:40", "PAY c v 11:00 11:10")
    found = hand_ups(tables(rows, WAY), "c", JUNE)
    standing = dict(zip(found["team"], found["standing"], strict=True))
    assert standing == {"u": "fewer", "w": "more", "x": "too few"}
    assert hand_up_sentences(found) == ["w hands up 100.0 % of 39 (check), the other teams 7.0 %."]


def test_without_hand_ups_nobody_is_compared():
    assert hand_ups(tables(ONE_CASE, WAY), "c", JUNE).empty


def test_a_single_day_is_no_batch_day():
    assert batch_days(tables(ONE_CASE, THREE), "c", JUNE) == []


class Rows:
    """A snapshot that answers with given rows."""

    meta: ClassVar[dict[str, str]] = {}

    def __init__(self, rows):
        self.rows = rows

    def query(self, sql, params=None):
        return self.rows


def test_of_a_hundred_worlds_without_a_story_at_most_seven_name_a_team():
    """Five teams that all hand up alike, 20 to 400 times each."""
    rng, named = np.random.default_rng(9), 0
    for _ in range(100):
        times = rng.integers(20, 400, 5)
        rows = pd.DataFrame(
            {
                "activity": "check",
                "team": list("abcde"),
                "times": times,
                "handed_up": rng.binomial(times, 0.12),
            }
        )
        named += bool(hand_up_sentences(hand_ups(Rows(rows), "c", JUNE)))
    assert named <= 7
