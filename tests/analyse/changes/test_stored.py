"""From orders to the table of changes, and to sentences: counted against the rows themselves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from aspromised.analyse.changes.declared import declared_changes
from aspromised.analyse.launches.effect.tables import write_launch_tables
from aspromised.analyse.unpublished import Unpublished
from aspromised.declare.model import Change
from aspromised.judge.run import judge_into
from aspromised.words.moments import as_of_moment
from tests.judge.world import make_world

PROMISE = {
    "claim": "Here in 2 days", "target": "90%", "made_by": "marketing", "kept_by": "fulfilment",
    "measure": {"items": "items", "id": "id", "started": "placed", "done": "came", "within": "2 days", "segments": ["site"]},
}  # fmt: skip
TYPES = {"id": "integer", "placed": "timestamptz", "came": "timestamptz", "site": "varchar"}
CHANGES = {
    "conveyor": {"on": "2026-04-01", "what": "a new conveyor in the north", "touches": {"site": "north"}},
    "everywhere": {"on": "2026-04-01", "what": "new scanners"},
    "elsewhere": {"on": "2026-04-01", "what": "a new van", "touches": {"van": "7"}},
    "typing-error": {"on": "2026-04-01", "what": "a new door", "touches": {"site": "nroth"}},
    "lately": {"on": "2026-05-20", "what": "a new lift", "touches": {"site": "south"}},
    "ahead": {"on": "2026-07-01", "what": "a new roof", "touches": {"site": "north"}},
}


def orders() -> list[tuple[object, ...]]:
    """Twenty orders a day for 150 days, ten a site; two late a day each, of the north one from 1 April on."""
    rows = []
    for number in range(150):
        day = date(2026, 1, 1) + timedelta(days=number)
        for one in range(20):
            site = "north" if one < 10 else "south"
            late = one % 10 < (1 if site == "north" and day >= date(2026, 4, 1) else 2)
            came = day + timedelta(days=5 if late else 1)
            rows.append((len(rows), f"{day} 12:00+00", f"{came} 10:00+00", site))
    return rows


@pytest.fixture(scope="module")
def changes():
    world = make_world(PROMISE, TYPES, orders())
    declared = {name: Change.model_validate(each) for name, each in CHANGES.items()}
    workspace = replace(world.workspace, changes=declared)
    moment = as_of_moment("2026-06-10", workspace.timezone)
    world.con.execute("create schema out")
    judge_into(world.con, workspace, moment, "out")
    assert write_launch_tables(world.con, "out", workspace, moment) == []
    assert world.con.execute("select count(*) from out.usual_daily").fetchall() == [(0,)]
    meta = {"as_of": moment.isoformat(), "as_of_day": "2026-06-10", "timezone": "Europe/London"}
    return {each.change_id: each for each in declared_changes(Unpublished(world.con, "out", meta))}


def test_the_conveyor_helped(changes):
    [effect] = changes["conveyor"].effects
    assert effect.verdict == "helped"
    assert effect.before_and_since == "site north 80.0 → 90.0 %, elsewhere 80.0 → 80.0 %"
    # 60 days from 31 January, and the days from 1 April to 30 May, ten orders a day
    assert effect.items("touched", "before") == 600
    assert effect.number("effect") == pytest.approx(0.1, abs=0.002)
    assert effect.sentence == (
        "“Here in 2 days”: kept more often since, beside what it did not touch; site north 80.0 → 90.0 %,"
        " elsewhere 80.0 → 80.0 %, like for like 10 points more than elsewhere (+10 to +10)."
    )


def test_what_touches_everything_has_nothing_to_be_compared_with(changes):
    [effect] = changes["everywhere"].effects
    assert effect.verdict == "no comparison"
    assert effect.sentence == (
        "“Here in 2 days”: nobody can say what it did, for it touches everything, so nothing is left to compare with;"
        " all 80.0 → 84.8 %."
    )


def test_a_segment_that_no_promise_has_is_said(changes):
    assert changes["elsewhere"].effects == ()
    assert changes["elsewhere"].verdict == "touches no promise"
    assert "names 'van', which no judged promise has" in changes["elsewhere"].sentence
    assert changes["elsewhere"].cannot_touch == ("p",)


def test_a_value_that_no_item_has_is_said(changes):
    [effect] = changes["typing-error"].effects
    assert effect.verdict == "no comparison"
    assert "no item has site nroth in those days" in effect.sentence


def test_ten_days_are_too_early_and_what_is_to_come_is_not_told_of(changes):
    [effect] = changes["lately"].effects
    assert effect.verdict == "too early"
    assert "28 are needed" in effect.sentence
    assert changes["ahead"].effects == ()
    assert changes["ahead"].verdict == "not yet"
    assert changes["ahead"].sentence.endswith("has not happened yet.")


def test_what_else_changed_on_those_days_stands_beside(changes):
    assert "a new lift (20 May 2026)" in changes["conveyor"].beside
    assert not any("new roof" in each for each in changes["conveyor"].beside)
