"""What has elapsed and what is left on a promise's own clock: by hand, and minute by minute."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aspromised.judge.judging import judge_items, plan_promise
from aspromised.judge.sql import render
from aspromised.judge.trace import traced
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
