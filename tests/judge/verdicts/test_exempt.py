"""What exempts an item, and what it would have been had nothing exempted it."""

import pytest

from tests.judge.world import World, make_world

TYPES = {
    "id": "integer", "s": "timestamptz", "d": "timestamptz", "c": "timestamptz", "moved": "boolean",
    "region": "varchar",
}  # fmt: skip
AS_OF = "2026-03-09"
ROWS = [
    # done in time, late, not at all; with the customer's wish, in the storm, cancelled
    (1, "2026-03-02 10:00", "2026-03-02 12:00", None, True, "south"),
    (2, "2026-03-02 10:00", "2026-03-02 19:00", None, True, "south"),
    (3, "2026-03-02 10:00", None, None, True, "south"),
    (4, "2026-03-03 10:00", "2026-03-03 19:00", None, False, "north"),
    (5, "2026-03-02 10:00", None, "2026-03-02 15:00", False, "south"),
    (6, "2026-03-02 10:00", None, "2026-03-02 11:00", False, "south"),
    (7, "2026-03-02 10:00", None, "2026-03-02 15:00", True, "south"),
    (8, "2026-03-02 10:00", "2026-03-02 11:00", None, False, "south"),
    (9, "2026-03-09 22:00", None, None, True, "south"),
]
STORM = {"promises": ["p"], "from": "2026-03-03", "to": "2026-03-03", "only": "region = 'north'",
         "because": "storm", "approved_by": "the director"}  # fmt: skip


def four_hours(**more: object) -> World:
    measure = {
        "items": "items", "id": "id", "started": "s", "done": "d", "cancelled": "c", "within": "4 hours",
        "exempt": [{"when": "moved", "because": "the customer moved it"}], **more,
    }  # fmt: skip
    return make_world({"measure": measure}, TYPES, ROWS, corrections={"storm": STORM})


def test_each_exempt_item_says_what_exempts_it_and_what_it_would_have_been() -> None:
    items = four_hours().items(AS_OF)
    assert [(i["item_id"], i["verdict"], i["exempt_by"], i["otherwise"]) for i in items if i["verdict"] == "exempt"] == [
        (1, "exempt", "rule", "kept"),
        (2, "exempt", "rule", "broken"),
        (3, "exempt", "rule", "broken"),
        (4, "exempt", "correction", "broken"),
        (5, "exempt", "cancelled", "broken"),
        (6, "exempt", "cancelled", "exempt"),
        (7, "exempt", "rule", "broken"),
        (9, "exempt", "rule", "open"),
    ]  # fmt: skip


def test_what_is_exempt_is_added_up_by_day_reason_and_what_it_would_have_been() -> None:
    table = four_hours().table("exempt_daily", AS_OF)
    assert [(str(row[1]), *row[3:]) for row in table] == [
        ("2026-03-02", "cancelled", "cancelled", 1, 0, 0, 0),
        ("2026-03-02", "cancelled", "cancelled after it was due", 1, 0, 1, 0),
        ("2026-03-02", "rule", "the customer moved it", 4, 1, 3, 0),
        ("2026-03-03", "correction", "storm", 1, 0, 1, 0),
        ("2026-03-10", "rule", "the customer moved it", 1, 0, 0, 1),
    ]


def test_without_exemptions_is_the_verdict_of_a_promise_that_declares_none() -> None:
    """A second way: judge the same rows with no rule and no correction, cancelled ones broken once overdue."""
    plain = make_world(
        {"measure": {"items": "items", "id": "id", "started": "s", "done": "d", "within": "4 hours"}},
        TYPES,
        ROWS,
    ).verdicts(AS_OF)
    items = {item["item_id"]: item for item in four_hours().items(AS_OF)}
    for number, verdict in plain.items():
        told = (
            items[number]["otherwise"] if items[number]["verdict"] == "exempt" else items[number]["verdict"]
        )
        assert told == verdict or (number == 6 and told == "exempt")


def test_the_approver_of_a_correction_reaches_the_snapshot() -> None:
    rows = four_hours().table("correction", AS_OF)
    assert [(row[0], row[1], row[4], row[5]) for row in rows] == [("p", "storm", "storm", "the director")]


def test_counts_that_are_exempt_are_added_up_as_what_they_count() -> None:
    counts = {"items": "items", "at": "day", "kept": "kept", "total": "n"}
    types = {"day": "date", "kept": "integer", "n": "integer", "region": "varchar"}
    rows = [("2026-03-03", 8, 10, "north"), ("2026-03-03", 9, 10, "south"), ("2026-03-04", 7, 10, "north")]
    world = make_world({"measure": counts}, types, rows, corrections={"storm": STORM})
    table = world.table("exempt_daily", AS_OF)
    assert [(str(row[1]), *row[3:]) for row in table] == [("2026-03-03", "correction", "storm", 10, 8, 2, 0)]


def test_a_cancelled_check_would_have_been_what_its_condition_says() -> None:
    measure = {"items": "items", "id": "id", "at": "s", "kept_when": "not moved", "cancelled": "c"}
    items = make_world({"measure": measure}, TYPES, ROWS).items(AS_OF)
    told = {i["item_id"]: (i["verdict"], i["otherwise"]) for i in items if i["exempt_by"] == "cancelled"}
    assert told == {5: ("exempt", "kept"), 6: ("exempt", "kept"), 7: ("exempt", "broken")}


@pytest.mark.parametrize("exempting", ["rule", "correction"])
@pytest.mark.parametrize(
    "decided", [{"at": "s", "kept_when": "not moved"}, {"started": "s", "done": "d", "within": "4 hours"}]
)
def test_what_is_broken_for_being_cancelled_would_be_so_had_nothing_exempted_it(decided, exempting) -> None:
    """As the same promise judges it without the rule and the correction, whatever its kind."""
    measure = {"items": "items", "id": "id", **decided, "cancelled": "c", "if_cancelled": "broken"}
    rule = {"exempt": [{"when": "region = 'south'", "because": "floods"}]} if exempting == "rule" else {}
    floods = {"promises": ["p"], "from": "2026-03-02", "to": "2026-03-02", "because": "floods"}
    corrections = {"floods": floods} if exempting == "correction" else {}
    plain = make_world({"measure": measure}, TYPES, ROWS).verdicts(AS_OF)
    items = make_world({"measure": {**measure, **rule}}, TYPES, ROWS, corrections=corrections).items(AS_OF)
    told = {item["item_id"]: item["otherwise"] for item in items if item["verdict"] == "exempt"}
    assert {5, 6, 7} <= set(told)
    assert told == {number: plain[number] for number in told}
