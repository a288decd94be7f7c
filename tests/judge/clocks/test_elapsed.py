"""What has elapsed and what is left on a promise's own clock: by hand, and minute by minute."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aspromised.judge.explain.trace import traced
from aspromised.judge.run import judge_items, plan_promise
from aspromised.sql.templates import render
from aspromised.words.moments import as_of_moment
from tests.judge.test_minute_by_minute import CLOSED, MINUTE, WEEKS, is_open, moments, runs_out, spans
from tests.judge.world import make_world

CLOCK = {"items": "items", "id": "id", "started": "s", "done": "d"}
TYPES = {"id": "integer", "s": "timestamptz", "d": "timestamptz"}
NINE_TO_FIVE = {"mon-fri": ["09:00-17:00"]}


def run_of(small, as_of):
    """Return each item's (elapsed, limit) on its own clock, in minutes, by id."""
    plan, moment = plan_promise(
        small.con, small.workspace, "p", as_of_moment(as_of, small.workspace.timezone)
    )
    judge_items(small.con, plan, moment)
    rows = small.con.sql(
        f"select item_id, elapsed_us, limit_us from ({render(traced(plan, moment))})"
    ).fetchall()
    return {item: tuple(None if us is None else us / 60_000_000 for us in figures) for item, *figures in rows}


def left_in(small, as_of):
    """Return what the published items say is left, in minutes, by id."""
    small.table("item", as_of)
    rows = small.con.sql("select item_id, clock_left_seconds from out.item").fetchall()
    return {int(item): None if left is None else round(left / 60) for item, left in rows}


def test_business_hours_run_only_while_it_is_open(world):
    promise = {"measure": {**CLOCK, "within": "4 business hours", "calendar": "shop"}}
    rows = [
        (1, "2026-03-06 16:00", "2026-03-09 09:30"),
        (2, "2026-03-06 16:00", "2026-03-09 13:00"),
        (3, "2026-03-07 12:00", None),
        (4, "2026-03-06 16:00", None),
    ]
    small = world(promise, TYPES, rows, timezone="UTC", calendars={"shop": {"open": NINE_TO_FIVE}})
    assert run_of(small, "2026-03-09T12:10") == {1: (90, 240), 2: (250, 240), 3: (190, 240), 4: (250, 240)}
    assert left_in(small, "2026-03-09T12:10") == {2: -10, 3: 50, 4: -10}


def test_a_pause_stops_the_clock_and_one_after_it_has_run_out_does_not(world):
    promise = {"measure": {**CLOCK, "within": "2 hours", "paused": [{"from": "a", "to": "b"}]}}
    types = {**TYPES, "a": "timestamptz", "b": "timestamptz"}
    rows = [
        (1, "2026-03-02 10:00", "2026-03-02 13:30", "2026-03-02 11:00", "2026-03-02 12:00"),
        (2, "2026-03-02 10:00", "2026-03-02 13:30", "2026-03-02 12:30", "2026-03-02 13:00"),
        (3, "2026-03-02 10:00", None, "2026-03-02 11:00", None),
        (4, "2026-03-02 10:00", "2026-03-02 11:30", "2026-03-02 11:00", "2026-03-02 12:00"),
    ]
    small = world(promise, types, rows, timezone="UTC")
    assert run_of(small, "2026-03-02T14:00") == {1: (150, 120), 2: (210, 120), 3: (60, 120), 4: (60, 120)}
    assert left_in(small, "2026-03-02T14:00") == {1: -30, 2: -90, 3: 60}


def test_an_item_done_before_its_clock_starts_has_used_nothing(world):
    promise = {"measure": {**CLOCK, "within": "1 calendar day", "cut_off": "14:00"}}
    rows = [(1, "2026-03-02 15:00", "2026-03-02 18:00"), (2, "2026-03-02 13:00", "2026-03-02 18:00")]
    small = world(promise, TYPES, rows, timezone="UTC")
    found = run_of(small, "2026-03-09")
    assert found[1][0] == 0 and round(found[1][1]) == 48 * 60
    assert found[2][0] == 300 and round(found[2][1]) == 35 * 60


def test_a_date_given_without_a_start_has_no_length(world):
    measure = {"items": "items", "id": "id", "done": "d", "by": "s"}
    small = world({"measure": measure}, TYPES, [(1, "2026-03-02 15:00", None)])
    assert run_of(small, "2026-03-02T12:00") == {1: (None, None)}
    assert left_in(small, "2026-03-02T12:00") == {1: 180}


def test_a_check_has_no_clock(world):
    measure = {"items": "items", "id": "id", "at": "s", "kept_when": "d is null"}
    small = world({"measure": measure}, TYPES, [(1, "2026-03-02 15:00", "2026-03-02 15:00")])
    assert left_in(small, "2026-03-09") == {1: None}


def walked(week, zone, started, ended, minutes, pauses):
    """Return the open minutes from start to end that no pause covers, of pauses begun before the clock ran out."""
    out = runs_out(week, zone, started, minutes, pauses)
    counted = [(a, b) for a, b in merged(pauses) if a < out]
    moment, used = started, 0
    while moment < ended:
        used += is_open(week, moment, zone) and not any(a <= moment < b for a, b in counted)
        moment += MINUTE
    return used


def merged(pauses):
    """Return pauses with overlapping and touching ones as one."""
    whole = []
    for begin, end in sorted(pauses):
        if whole and begin <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((begin, end))
    return whole


ended_items = st.lists(
    st.tuples(moments, st.integers(1, 900), st.lists(spans, max_size=3), st.none() | st.integers(0, 4000)),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Lord_Howe"])
@pytest.mark.parametrize("name", WEEKS)
@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(items=ended_items)
def test_elapsed_and_left_are_those_a_walk_through_the_minutes_finds(name, zone, items):
    week, tz, as_of = WEEKS[name], ZoneInfo(zone), datetime.fromisoformat("2026-04-08T00:00+00:00")
    ends = [as_of if took is None else started + took * MINUTE for started, _, _, took in items]
    rows = [
        (n, started.isoformat(), minutes, None if took is None else end.isoformat())
        for n, ((started, minutes, _, took), end) in enumerate(zip(items, ends, strict=True))
    ]
    holds = [
        (n, a.isoformat(), b.isoformat()) for n, (_, _, pauses, _) in enumerate(items) for a, b in pauses
    ]
    measure = {
        **CLOCK,
        "calendar": "shop",
        "within": {"column": "minutes", "unit": "business minutes"},
        "paused": {"source": "holds", "id": "item", "from": "a", "to": "b"},
    }
    small = make_world(
        {"measure": measure},
        {"id": "integer", "s": "timestamptz", "minutes": "integer", "d": "timestamptz"},
        rows,
        timezone=zone,
        calendars={"shop": {"open": week, "holidays": {"extra": [CLOSED.isoformat()]}}},
        others={"holds": ({"item": "integer", "a": "timestamptz", "b": "timestamptz"}, holds)},
    )
    expected = {
        n: (walked(week, tz, started, end, minutes, pauses), minutes)
        for n, ((started, minutes, pauses, _), end) in enumerate(zip(items, ends, strict=True))
    }
    assert run_of(small, as_of.isoformat()) == expected
    published = left_in(small, as_of.isoformat())
    assert published == {n: expected[n][1] - expected[n][0] for n in published}


def test_the_walk_of_this_test_is_right_by_hand():
    start = datetime.fromisoformat("2026-03-27T16:30+00:00")
    pauses = [(start + timedelta(minutes=10), start + timedelta(minutes=20))]
    assert (
        walked(WEEKS["office"], ZoneInfo("Europe/London"), start, start + timedelta(hours=2), 60, pauses)
        == 20
    )
