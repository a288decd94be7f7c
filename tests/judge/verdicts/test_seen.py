"""Authors' expressions see of an item what its clock sees: nothing that was done or cancelled after the moment."""

from typing import Any

import pytest

from tests.judge.world import World, make_world

TYPES = {
    "id": "integer",
    "s": "timestamptz",
    "d": "timestamptz",
    "c": "timestamptz",
    "day": "date",
    "n": "integer",
}
ROWS = [
    (1, "2026-03-02 10:00", "2026-03-03 12:00", None, "2026-03-03", 1),
    (2, "2026-03-02 10:00", "2026-03-12 12:00", None, "2026-03-12", 2),
    (3, "2026-03-02 10:00", None, "2026-03-12 12:00", None, 3),
    (4, "2026-03-02 10:00", "2026-03-13 12:00", "2026-03-11 12:00", "2026-03-13", 4),
    (5, "2026-03-02 10:00", None, "2026-03-04 12:00", None, 5),
    (6, "2026-03-08 10:00", "2026-03-09 12:00", "2026-03-10 12:00", "2026-03-09", 6),
    (7, "2026-03-02 10:00", None, None, None, 7),
]
AS_OF = "2026-03-09"
CLOCK = {
    "items": "items",
    "id": "id",
    "started": "s",
    "done": "d",
    "cancelled": "c",
    "within": "2 calendar days",
}
BY_DAY = {**CLOCK, "done": "day"}
CHECK = {"items": "items", "id": "id", "at": "s", "cancelled": "c"}


def as_it_stood() -> list[tuple[Any, ...]]:
    return [
        (*row[:2], *(each if each and each[:10] <= AS_OF else None for each in row[2:5]), row[5])
        for row in ROWS
    ]


def of(measure: dict[str, Any], rows: list[tuple[Any, ...]], only: str = "") -> World:
    flood = {"promises": ["p"], "from": "2026-03-01", "to": "2026-03-08", "only": only, "because": "flood"}
    return make_world({"measure": measure}, TYPES, rows, corrections={"flood": flood} if only else None)


def exempt(when: str) -> dict[str, Any]:
    return {"exempt": [{"when": when, "because": "the customer moved it"}]}


@pytest.mark.parametrize(
    "measure",
    [
        {**CLOCK, **exempt("d > s + interval 5 days")},
        {**CLOCK, **exempt("c > s + interval 5 days")},
        {**CLOCK, **exempt('"D" > s + interval 5 days')},
        {**CLOCK, "only": "d < timestamptz '2026-03-10'"},
        {**CLOCK, "only": "d is null and c is null"},
        {**CLOCK, "segments": [{"ended": "dayname(coalesce(d, c))"}]},
        {**BY_DAY, **exempt("day > cast(s as date) + 5"), "segments": ["day"]},
        {**CHECK, "kept_when": "c is null or n > 5"},
    ],
)
def test_what_authors_ask_is_answered_as_it_stood(measure):
    then, now = of(measure, as_it_stood()), of(measure, ROWS)
    assert now.items(AS_OF) == then.items(AS_OF)
    for table in ("verdict_cell", "item", "exempt_daily", "basis_daily"):
        assert now.table(table, AS_OF) == then.table(table, AS_OF)
    assert now.items("2026-03-30") != then.items("2026-03-30")


def test_whose_items_a_correction_is_for_is_asked_as_it_stood():
    only = "d > s + interval 5 days or c is null"
    then, now = of(CLOCK, as_it_stood(), only), of(CLOCK, ROWS, only)
    assert now.items(AS_OF) == then.items(AS_OF)
    assert then.verdicts(AS_OF)[4] == "exempt"
    assert now.verdicts("2026-03-30")[3] == "exempt"
