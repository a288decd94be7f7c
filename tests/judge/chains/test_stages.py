"""What stages took, counted by hand: parallel, missing, tied, repeated and open ones add up to what elapsed."""

import pytest

from aspromised.analyse.handoffs.stages import inputs, stage_figures
from aspromised.analyse.windows.window import Window
from tests.judge.chains.world import TEN_DAYS, ChainWorld, stage

T = "timestamptz"
ABC = {
    "items": {"source": "items", "id": "id", "started": "s"},
    "stages": [stage("a", "a"), stage("b", "b"), stage("c", "c")],
}
COLUMNS = {"id": "varchar", "s": T, "a": T, "b": T, "c": T, "d": T, "x": T}
HOUR = 3_600_000_000


def at(hour):
    """Return an hour of 1 March 2026, UTC."""
    return None if hour is None else f"2026-03-{1 + hour // 24:02} {hour % 24:02}:00+00"


def world(*rows, chain=ABC, **more):
    """Return a world of items, each its id and the hours of its columns."""
    full = [(row[0], *(at(hour) for hour in row[1:]), *[None] * (len(COLUMNS) - len(row))) for row in rows]
    return ChainWorld(chain, COLUMNS, full, **more)


def hours(w):
    """Return the hours each stage took, over all cases."""
    return [us / HOUR for (us,) in w.stages("spent_us")]


def test_in_order_each_stage_has_the_time_from_the_end_before_it():
    w = world(("1", 0, 2, 5, 9)).judge("2026-03-02")
    assert hours(w) == [2, 3, 4]
    assert w.stages("begun", "done", "open", "skipped", "late") == [(1, 1, 0, 0, 0)] * 3


def test_parallel_stages_share_the_time_in_the_order_of_their_ends():
    """b ended before a: what lies before b's end is b's, and a has only what is left."""
    assert hours(world(("1", 0, 5, 2, 9)).judge("2026-03-02")) == [3, 2, 4]


def test_a_missing_end_leaves_its_time_to_the_next():
    w = world(("1", 0, 2, None, 9)).judge("2026-03-02")
    assert hours(w) == [2, 0, 7]
    assert w.stages("begun", "skipped") == [(1, 0), (0, 1), (1, 0)]


def test_tied_ends_go_by_the_place_of_the_stages():
    assert hours(world(("1", 0, 4, 4, 9)).judge("2026-03-02")) == [4, 0, 5]


def test_an_end_before_the_beginning_took_nothing():
    assert hours(world(("1", 3, 1, 5, 9)).judge("2026-03-02")) == [0, 2, 4]


def test_an_open_case_is_in_the_first_stage_not_done_after_the_last_one_done():
    w = world(("1", 0, 2, None, None), ("2", 1, None, None, None), ("3", 0, None, 4, None)).judge(
        "2026-03-01 06:00"
    )
    assert w.stages("begun", "done", "open", "skipped") == [(2, 1, 1, 1), (2, 1, 1, 0), (1, 0, 1, 0)]
    assert hours(w) == [2 + 5, 4 + 4, 2]


def test_nothing_after_the_moment_counts():
    w = world(("1", 0, 2, 5, 9), ("2", 7, 8, 9, 10)).judge("2026-03-01 03:00")
    assert hours(w) == [2, 1, 0]
    assert w.rows("select cases from out.chain") == [(1,)]


def test_a_case_without_a_beginning_is_told_and_left_out():
    w = world(("1", None, 2, 5, 9), ("2", 0, 1, 2, 3)).judge("2026-03-02")
    assert w.rows("select cases, unbegun from out.chain") == [(1, 1)]


def test_a_cancelled_item_stops_where_it_was():
    promise = {"measure": TEN_DAYS["measure"] | {"cancelled": "x"}, "chain": "c"}
    chain = ABC | {"stages": [stage("a", "a", "1 hour"), stage("b", "b", "1 hour"), stage("c", "c")]}
    w = ChainWorld(chain, COLUMNS, [("1", at(0), at(2), None, None, None, at(6))], {"p": promise}).judge(
        "2026-04-01"
    )
    assert hours(w) == [2, 4, 0]
    assert w.stages("begun", "open", "late") == [(1, 0, 1), (1, 0, 0), (0, 0, 0)]


def test_time_is_waiting_before_work_begins_and_counted_on_the_stages_calendar():
    """From Friday 16:00 to Monday 11:00, begun at 10:00; the place is open from 9 to 17 on weekdays."""
    shop = {"shop": {"open": {"mon-fri": ["09:00-17:00"]}}}
    chain = ABC | {"stages": [stage("a", "a", "2 business hours", calendar="shop", working_from="b")]}
    rows = [("1", "2026-03-06 16:00+00", "2026-03-09 11:00+00", "2026-03-09 10:00+00", None, None, None)]
    w = ChainWorld(chain, COLUMNS, rows, calendars=shop).judge("2026-03-10")
    assert not w.problems
    (row,) = w.stages("spent_us", "open_us", "told", "waiting_us", "working_us", "late")
    assert row == (67 * HOUR, 3 * HOUR, 1, 2 * HOUR, 1 * HOUR, 1)


def test_a_budget_is_over_only_after_its_last_moment():
    chain = ABC | {"stages": [stage("a", "a", "2 hours"), stage("b", "b", "1 calendar day")]}
    w = world(("1", 0, 2, 47), ("2", 0, 3, 48), chain=chain).judge("2026-03-09")
    assert w.stages("late", "late_done") == [(1, 1), (1, 1)]


def test_cases_are_counted_by_the_companys_day_and_by_segments():
    promise = {"measure": TEN_DAYS["measure"] | {"segments": ["id"]}, "chain": "c"}
    rows = [
        ("1", "2026-03-01 23:30+00", *[None] * 5),
        (None, "2026-03-02 01:00+00", *[None] * 5),
        ("1", *[None] * 6),
    ]
    w = ChainWorld(ABC, COLUMNS, rows, {"p": promise}, timezone="Europe/Berlin").judge("2026-03-09")
    assert w.rows("select day, id, cases from out.stage_cell where position = 1 order by 2") == [
        (w.rows("select date '2026-03-02'")[0][0], "(none)", 1), (w.rows("select date '2026-03-02'")[0][0], "1", 1)
    ]  # fmt: skip


LOG = {"id": "varchar", "what": "varchar", "at_": T, "begun": T, "who": "varchar", "ok": "boolean"}
EVENTS = {"source": "log", "id": "id", "activity": "what", "at": "at_", "team": "who"}


def log_world(*rows, stages=None, **events):
    chain = {
        "events": EVENTS | events,
        "stages": stages or [stage("a", "A"), stage("b", "B"), stage("c", "C")],
    }
    full = [
        (
            r[0],
            r[1],
            at(r[2]),
            at(r[3]) if len(r) > 3 else None,
            r[4] if len(r) > 4 else None,
            r[5] if len(r) > 5 else None,
        )
        for r in rows
    ]
    return ChainWorld(chain, COLUMNS, [], logs={"log": (LOG, full)})


def test_a_log_adds_up_every_occurrence_of_a_stage():
    """A at 1, B at 3, A again at 6, B again at 7, C at 9; the case begins with its first event, of whatever activity."""
    w = log_world(
        ("1", "N", 0), ("1", "A", 1), ("1", "B", 3), ("1", "A", 6), ("1", "B", 7), ("1", "C", 9)
    ).judge("2026-03-02")
    assert not w.problems
    assert hours(w) == [4, 3, 2]
    assert w.stages("times", "repeated", "done") == [(2, 1, 1), (2, 1, 1), (1, 0, 1)]


def test_a_log_is_open_in_the_first_stage_not_done_after_the_last_one_done():
    w = log_world(("1", "A", 0), ("1", "B", 2), ("2", "N", 1), ("3", "B", 3)).judge("2026-03-01 08:00")
    assert w.stages("open", "skipped") == [(1, 1), (0, 0), (2, 0)]
    assert hours(w) == [7, 2, 6 + 5]


def test_rows_at_one_time_and_twice_over_change_nothing_but_the_count():
    w = log_world(("1", "N", 0), ("1", "A", 1), ("1", "A", 1), ("1", "B", 1), ("1", "C", 4)).judge(
        "2026-03-02"
    )
    assert hours(w) == [1, 0, 3]
    assert w.stages("times") == [(2,), (1,), (1,)]


def test_work_begins_with_the_events_own_start_or_with_an_activity():
    w = log_world(("1", "A", 1, 0), ("1", "B", 6, 4), ("1", "C", 9)).judge("2026-03-02")
    assert w.stages("told") == [(0,), (0,), (0,)], "its start is not declared"
    w = log_world(("1", "A", 1, 0), ("1", "B", 6, 4), ("1", "C", 9), started="begun").judge("2026-03-02")
    assert w.stages("told", "waiting_us", "working_us") == [(1, 0, HOUR), (1, 3 * HOUR, 2 * HOUR), (0, 0, 0)]
    stages = [stage("a", "A"), stage("b", "B", working_from="B BEGUN"), stage("c", "C")]
    w = log_world(("1", "A", 1), ("1", "B BEGUN", 3), ("1", "B", 6), ("1", "C", 9), stages=stages).judge(
        "2026-03-02"
    )
    assert w.stages("told", "waiting_us", "working_us") == [(0, 0, 0), (1, 2 * HOUR, 3 * HOUR), (0, 0, 0)]


def test_waiting_of_a_stage_done_again_adds_up_and_is_told_by_case():
    """Case 1 does B three times, two hours of waiting and half an hour of work each; of case 2 one passage does not tell."""

    def again(case):
        return [(case, "A", 0), *((case, "B", 3 * n, 3 * n - 1) for n in (1, 2, 3))]

    w = log_world(*again("1"), *again("2")[:3], ("2", "B", 9), ("2", "C", 10), started="begun").judge(
        "2026-03-02"
    )
    assert w.stages("done", "times", "told", "waiting_us", "working_us")[1] == (2, 6, 1, 6 * HOUR, 3 * HOUR)
    row = stage_figures(w, "c", Window()).iloc[1]
    assert (row.mean_s, row.waiting_s, row.working_s) == (9 * 3600, 6 * 3600, 3 * 3600)


def test_of_a_part_inputs_and_what_half_took_are_those_of_the_part():
    """Of site x, item 1 had its form and its check took 2 hours; of y, item 2 had none and took 5."""
    stages = [
        stage("a", "a"),
        stage("b", "b", kind="check", requires=[{"input": "form", "met_when": "id = '1'"}]),
    ]
    promise = {"measure": TEN_DAYS["measure"] | {"segments": ["id"]}, "chain": "c"}
    w = world(("1", 0, 1, 3), ("2", 0, 1, 6), chain=ABC | {"stages": stages}, promises={"p": promise}).judge(
        "2026-03-02"
    )
    assert inputs(w, "c", Window())["met_share"].tolist() == [0.5]
    for value, met, hours_taken in (("1", 1.0, 2), ("2", 0.0, 5)):
        assert inputs(w, "c", Window(), "id", value)["met_share"].tolist() == [met]
        assert stage_figures(w, "c", Window(), "id", value)["median_s"].iloc[1] == pytest.approx(
            3600 * hours_taken, rel=0.05
        )


def test_teams_that_hand_back_and_forth():
    """Case 1 goes x, y, x; case 2 stays; case 3 goes x, y, z."""
    moves = {"1": "xyx", "2": "xxx", "3": "xyz"}
    rows = [
        (case, name, n, None, team)
        for case, teams in moves.items()
        for n, (name, team) in enumerate(zip("ABC", teams, strict=True))
    ]
    w = log_world(*rows).judge("2026-03-02")
    assert w.rows("select cases, moved, moves, came_back, reworked from out.path_daily") == [(3, 2, 4, 1, 0)]


def test_what_receivers_and_controls_say_is_counted_by_handover():
    stages = [stage("a", "A", accepted_when="ok", requires=[{"input": "form", "met_when": "who = 'x'"}]),
              stage("b", "B", kind="check", changed_when="not ok"), stage("c", "C")]  # fmt: skip
    w = log_world(("1", "A", 0, None, "x", False), ("1", "A", 1, None, None, True), ("1", "B", 2, None, "y", False),
                  ("2", "A", 0, None, "y", None), ("2", "B", 2, None, "y", True), stages=stages).judge("2026-03-02")  # fmt: skip
    assert w.stages("accepted", "refused", "changed", "unchanged") == [
        (1, 1, 0, 0),
        (0, 0, 1, 1),
        (0, 0, 0, 0),
    ]
    assert w.rows(
        "select input, cast(sum(met) as int), cast(sum(unmet) as int), cast(sum(unknown) as int) from out.input_daily group by 1"
    ) == [("form", 1, 1, 1)]
    assert w.rows("select position, cast(sum(cases) as int) from out.stage_time_daily group by 1") == [(2, 2)]


def test_an_empty_source_is_no_success():
    w = ChainWorld(ABC, COLUMNS, []).judge("2026-03-02")
    assert not w.problems
    assert w.rows("select cases, problem from out.chain") == [(0, None)]
    assert w.rows("select count(*) from out.stage_cell") == [(0,)]


def test_a_fault_is_told_in_the_chains_own_row():
    w = ChainWorld(ABC | {"stages": [stage("a", "nowhere")]}, COLUMNS, []).judge("2026-03-02")
    assert "the source 'items' has no column 'nowhere'" in w.problems["c"]
    assert w.rows("select stage from out.chain_stage") == [("a",)]
    w = ChainWorld(ABC, COLUMNS, [("1", at(0), *[None] * 5), ("1", at(1), *[None] * 5)], key=None).judge(
        "2026-03-02"
    )
    assert "'id' is not one row an item: 2 rows hold 1 ids" in w.problems["c"]
