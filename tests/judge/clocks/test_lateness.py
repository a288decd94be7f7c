"""How late items were, by bucket: of those that have a due moment alone."""

from typing import Any

import pytest

from aspromised.judge.clocks.lateness import lateness_buckets
from aspromised.sql.templates import render
from tests.judge.world import make_world

CLOCK = {
    "items": "items", "id": "id", "started": "s", "done": "d", "cancelled": "gone", "if_cancelled": "broken",
}  # fmt: skip
TYPES = {
    "id": "integer", "s": "timestamptz", "d": "timestamptz", "gone": "timestamptz", "by": "timestamptz",
    "hours": "integer", "who": "varchar",
}  # fmt: skip
ROWS = [
    (1, "2026-03-02 10:00", "2026-03-02 12:00", None, "2026-03-02 13:00", 3, "ann"),
    (2, "2026-03-02 10:00", "2026-03-02 12:00", "2026-03-02 11:00", None, None, "bob"),
]
"""One kept; one cancelled, done all the same later, and nothing promised of when."""


@pytest.mark.parametrize(
    "promised",
    [
        {"by": "by"},
        {"by": "by", "originally_by": "by"},
        {"within": {"column": "hours", "unit": "hours"}},
        {"within": {"column": "hours", "unit": "business hours"}, "calendar": "shop"},
    ],
)
def test_what_is_broken_with_nothing_due_is_in_no_bucket_of_lateness(promised: dict[str, Any]) -> None:
    promise = {"measure": CLOCK | promised | {"segments": ["who"]}, "counted": "done"}
    calendars = {"shop": {"open": {"mon-fri": ["09:00-17:00"]}}}
    small = make_world(promise, TYPES, ROWS, timezone="UTC", calendars=calendars)
    small.table("lateness_daily", "2026-03-09")
    found = small.con.execute("select segment, value, bucket is null, items, kept from out.lateness_daily")
    assert sorted(found.fetchall()) == [("(all)", "(all)", False, 1, 1), ("who", "ann", False, 1, 1)]
    assert small.verdicts("2026-03-09") == {1: "kept", 2: "broken"}
    assert [row[-2:] for row in small.con.run(render(lateness_buckets()))] == [(1, 1)]
