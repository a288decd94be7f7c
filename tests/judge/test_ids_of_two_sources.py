"""Rows of two sources belong together where their ids are written the same, whichever of them is a number."""

import pytest

CLOCK = {"items": "items", "id": "id", "started": "s", "done": "d"}
TYPES = {"id": "integer", "s": "timestamptz", "d": "timestamptz", "who": "integer"}
STARTED, DONE, NEVER = "2026-03-02 10:00", "2026-03-02 16:00", None
ITEMS = [(number, STARTED, DONE, number) for number in (7, 8, 9)]


def broken(world, promise, others, id_type="integer", items=ITEMS):
    """Return the ids of the items that are broken."""
    types = {**TYPES, "id": id_type, "who": id_type}
    small = world({"measure": {**CLOCK, **promise}}, types, items, timezone="UTC", others=others)
    small.items("2030-01-01")
    found = small.con.sql("select cast(item_id as varchar) from judged where verdict = 'broken' order by 1")
    return [row[0] for row in found.fetchall()]


PAUSED = {"within": "4 hours", "paused": {"source": "holds", "id": "item", "from": "a", "to": "b"}}
SOLD = {"within": {"terms": "sold", "match": "who", "value": "n", "unit": "hours", "from": "a", "to": "b"}}


def holds(kind, *ids):
    """Return pauses of these items, as a source whose ids are of a type."""
    return {"holds": ({"item": kind, "a": "timestamptz", "b": "timestamptz"}, [(each, STARTED, "2026-03-02 15:00") for each in ids])}  # fmt: skip


def sold(kind, *ids):
    """Return terms of these customers, eight hours each, as a source whose ids are of a type."""
    return {"sold": ({"who": kind, "n": "integer", "a": "timestamptz", "b": "timestamptz"}, [(each, 8, "2026-01-01", NEVER) for each in ids])}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "ids", "expected"),
    [
        ("text", ["007", "9"], ["7", "8"]),
        ("text", ["7x", "9"], ["7", "8"]),
        ("text", ["9.0", " 8", "+7"], ["7", "8", "9"]),
        ("double", [9.0, 8.5], ["7", "8"]),
        ("integer", [9], ["7", "8"]),
    ],
)
def test_a_pause_is_of_the_item_whose_id_is_written_as_its_own(world, kind, ids, expected):
    assert broken(world, PAUSED, holds(kind, *ids)) == expected


def test_a_pause_with_a_number_is_of_the_item_whose_text_is_that_number(world):
    items = [(each, STARTED, DONE, each) for each in ("7", "007", "x")]
    assert broken(world, PAUSED, holds("integer", 7), "text", items) == ["007", "x"]
    assert broken(world, PAUSED, holds("double", 7.0), "text", items) == ["007", "x"]


def test_terms_are_those_of_the_customer_who_is_written_so(world):
    others = sold("text", "007", "8x", "9")
    small_items = [(number, STARTED, DONE, number) for number in (7, 9)]
    small = world({"measure": {**CLOCK, **SOLD}}, TYPES, small_items, timezone="UTC", others=others)
    small.items("2030-01-01")
    assert small.con.sql("select item_id, verdict from judged order by 1").fetchall() == [
        (7, "not promised"),
        (9, "kept"),
    ]
