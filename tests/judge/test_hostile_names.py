"""What an author names is a name and nothing else, and what one author breaks stays with that promise."""

import pytest

from aspromised.schema.snapshot import PROMISE

TYPES = {"id": "integer", "s": "timestamptz", "d": "timestamptz", 'odd "col': "varchar"}
ROWS = [(1, "2026-03-02 10:00", None, "x")]
CLOCK = {"items": "items", "id": "id", "started": "s", "done": "d", "within": "4 hours"}


@pytest.mark.parametrize(
    "name", ["a \"b' c", 'x" varchar); drop table source.items; --', "day", "état", "select"]
)
def test_a_segment_may_have_any_name(world, name):
    small = world({"measure": {**CLOCK, "segments": [{name: '"odd ""col"'}]}}, TYPES, ROWS)
    assert [row[3:7] for row in small.table("verdict_daily", "2026-03-09") if row[3] != "(all)"] == [
        (name, "x", 0, 1)
    ]
    assert [row[3:5] for row in small.table("lateness_daily", "2026-03-09")] == []
    assert small.con.sql("select count(*) from source.items").fetchall() == [(1,)]


def test_a_column_may_have_any_name(world):
    types = {"id": "integer", 'st"art': "timestamptz", "d": "timestamptz"}
    small = world({"measure": {**CLOCK, "started": 'st"art'}}, types, [(1, "2026-03-02 10:00", None)])
    assert small.verdicts("2026-03-09") == {1: "broken"}


def test_lateness_is_told_under_the_segments_own_name(world):
    rows = [(1, "2026-03-02 10:00", "2026-03-02 11:00", "x")]
    small = world({"measure": {**CLOCK, "segments": [{"day": "dayname(s)"}]}}, TYPES, rows)
    assert [row[3:5] for row in small.table("lateness_daily", "2026-03-09")] == [
        ("(all)", "(all)"),
        ("day", "Monday"),
    ]


@pytest.mark.parametrize(
    ("calendar", "message"),
    [
        ({"open": {"mon-fry": ["09:00-17:00"]}}, "'fry' is not a day"),
        ({"open": {"mon-fri": ["9 to 5"]}}, "'9 to 5' is not an interval"),
        ({"open": {"mon-fri": ["09:00-17:00"]}, "timezone": "Europe/Lodnon"}, "Europe/Lodnon"),
        ({"open": {"mon-fri": ["09:00-17:00"]}, "holidays": {"country": "XX"}}, "XX"),
        ({"open": {}}, "never open"),
    ],
)
def test_a_calendar_that_cannot_be_read_stops_its_promises_only(world, calendar, message):
    measure = {**CLOCK, "within": "4 business hours", "calendar": "shop"}
    small = world({"measure": measure}, TYPES, ROWS, calendars={"shop": calendar})
    (told,) = small.table("promise", "2026-03-09")
    problem = told[PROMISE.names.index("problem")]
    assert problem is not None and message in problem
