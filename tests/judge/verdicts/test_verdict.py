"""Every item gets exactly one verdict, and the right one: rows few enough to count by eye."""

import pytest

from aspromised.judge.planning.plan import CannotJudgeError

CLOCK = {"items": "items", "id": "id", "started": "s", "done": "d"}
TYPES = {"id": "integer", "s": "timestamptz", "d": "timestamptz"}


def clock(**more):
    return {"measure": {**CLOCK, **more}}


def test_an_exact_length_is_kept_up_to_and_including_its_last_moment(world):
    rows = [
        (1, "2026-03-02 10:00", "2026-03-02 14:00"),
        (2, "2026-03-02 10:00", "2026-03-02 14:00:00.000001"),
        (3, "2026-03-02 10:00", None),
    ]
    small = world(clock(within="4 hours"), TYPES, rows)
    assert small.verdicts("2026-03-02T13:59") == {1: "open", 2: "open", 3: "open"}
    assert small.verdicts("2026-03-02T15:00") == {1: "kept", 2: "broken", 3: "broken"}


def test_less_than_excludes_its_boundary(world):
    rows = [(1, "2026-03-02 10:00", "2026-03-02 10:14:59"), (2, "2026-03-02 10:00", "2026-03-02 10:15:00")]
    assert world(clock(less_than="15 minutes"), TYPES, rows).verdicts("2026-03-03") == {
        1: "kept",
        2: "broken",
    }


def test_calendar_days_end_with_the_local_day_across_the_clock_change(world):
    """London changed to summer time on 29 March 2026: two days from Saturday noon end on Monday, 23:00 UTC."""
    rows = [
        (1, "2026-03-28 12:00+00", "2026-03-30 22:59:59+00"),
        (2, "2026-03-28 12:00+00", "2026-03-30 23:00:00+00"),
        (3, "2026-03-28 00:00+00", "2026-03-30 22:59:59+00"),
    ]
    small = world(clock(within="2 calendar days"), TYPES, rows)
    assert small.verdicts("2026-03-31") == {1: "kept", 2: "broken", 3: "kept"}


def test_exact_days_are_24_hours_each_across_the_clock_change(world):
    rows = [
        (1, "2026-03-28 12:00+00", "2026-03-30 12:00+00"),
        (2, "2026-03-28 12:00+00", "2026-03-30 12:00:01+00"),
    ]
    assert world(clock(within="2 days"), TYPES, rows).verdicts("2026-03-31") == {1: "kept", 2: "broken"}


def test_after_the_cut_off_the_clock_starts_the_next_day(world):
    rows = [
        (1, "2026-03-02 14:00", "2026-03-03 23:59"),
        (2, "2026-03-02 14:00:01", "2026-03-04 23:59"),
        (3, "2026-03-02 14:00", "2026-03-04 00:00"),
    ]
    small = world(clock(within="1 calendar day", cut_off="14:00"), TYPES, rows)
    assert small.verdicts("2026-03-09") == {1: "kept", 2: "kept", 3: "broken"}


def test_by_a_date_is_due_at_the_end_of_that_local_day(world):
    types = {"id": "integer", "due_on": "date", "d": "timestamptz"}
    rows = [
        (1, "2026-07-01", "2026-07-01 22:59:59+00"),
        (2, "2026-07-01", "2026-07-01 23:00+00"),
        (3, "2026-07-01", None),
    ]
    small = world({"measure": {"items": "items", "id": "id", "done": "d", "by": "due_on"}}, types, rows)
    assert small.verdicts("2026-07-01T23:00") == {1: "open", 2: "open", 3: "open"}
    assert small.verdicts("2026-07-01") == {1: "kept", 2: "broken", 3: "broken"}


def test_a_delivery_recorded_as_a_day_is_kept_on_the_day_promised(world):
    types = {"id": "integer", "s": "timestamptz", "due_on": "date", "d": "date"}
    rows = [
        (1, "2026-07-01 09:00", "2026-07-03", "2026-07-03"),
        (2, "2026-07-01 09:00", "2026-07-03", "2026-07-04"),
        (3, "2026-07-01 09:00", "2026-07-01", "2026-07-01"),
    ]
    assert world(clock(by="due_on"), types, rows).verdicts("2026-08-01") == {
        1: "kept",
        2: "broken",
        3: "kept",
    }


def test_by_a_timestamp_is_due_at_that_instant(world):
    types = {**TYPES, "promised": "timestamptz"}
    rows = [
        (1, "2026-07-01 09:00", "2026-07-01 12:00", "2026-07-01 12:00"),
        (2, "2026-07-01 09:00", "2026-07-01 12:01", "2026-07-01 12:00"),
    ]
    assert world(clock(by="promised"), types, rows).verdicts("2026-08-01") == {1: "kept", 2: "broken"}


def test_a_length_may_come_from_the_item(world):
    types = {**TYPES, "days": "integer"}
    rows = [
        (1, "2026-07-01 09:00", "2026-07-03 23:59", 2),
        (2, "2026-07-01 09:00", "2026-07-03 23:59", 1),
        (3, "2026-07-01 09:00", "2026-07-03 23:59", None),
    ]
    small = world(clock(within={"column": "days", "unit": "calendar days"}), types, rows)
    assert small.verdicts("2026-08-01") == {1: "kept", 2: "broken", 3: "unknown"}


def test_open_items_count_once_their_due_has_passed_and_not_before(world):
    """Five done in time, one late, one open overdue, three open not due: 5 of 7, not 5 of 6."""
    on_time = [(n, "2026-03-02 10:00", "2026-03-02 12:00") for n in range(1, 6)]
    late, overdue = (6, "2026-03-02 10:00", "2026-03-02 18:00"), (7, "2026-03-02 10:00", None)
    ahead = [(n, "2026-03-02 18:30", None) for n in range(8, 11)]
    small = world(clock(within="4 hours"), TYPES, [*on_time, late, overdue, *ahead])
    counted = list(small.verdicts("2026-03-02T19:00").values())
    assert [counted.count(v) for v in ("kept", "broken", "open")] == [5, 2, 3]


def test_what_the_data_says_after_the_moment_is_not_used(world):
    rows = [(1, "2026-03-02 10:00", "2026-03-02 12:00"), (2, "2026-03-05 10:00", "2026-03-05 11:00")]
    small = world(clock(within="4 hours"), TYPES, rows)
    assert small.verdicts("2026-03-02T11:00") == {1: "open"}
    assert small.verdicts("2026-03-02") == {1: "kept"}


def test_what_cannot_be_judged_is_unknown_with_its_reason(world):
    rows = [
        (1, None, "2026-03-02 12:00"),
        (2, "2026-03-02 10:00", "2026-03-02 09:00"),
        (3, None, None),
        (None, "2026-03-02 10:00", None),
    ]
    items = world(clock(within="4 hours"), TYPES, rows).items("2026-03-09")
    assert {item["verdict"] for item in items} == {"unknown"}
    assert [item["reason"] for item in items] == ["no start", "done before it started", "no start", "no id"]


def test_cancelled_items_are_exempt_and_those_cancelled_late_say_so(world):
    types = {**TYPES, "c": "timestamptz"}
    rows = [
        (1, "2026-03-02 10:00", None, "2026-03-02 11:00"),
        (2, "2026-03-02 10:00", None, "2026-03-02 19:00"),
        (3, "2026-03-02 10:00", "2026-03-02 12:00", "2026-03-02 13:00"),
    ]
    items = world(clock(within="4 hours", cancelled="c"), types, rows).items("2026-03-09")
    assert [(i["verdict"], i["reason"]) for i in items[:2]] == [
        ("exempt", "cancelled"),
        ("exempt", "cancelled after it was due"),
    ]
    assert items[2]["verdict"] == "kept"
    as_broken = world(clock(within="4 hours", cancelled="c", if_cancelled="broken"), types, rows)
    assert as_broken.verdicts("2026-03-09") == {1: "broken", 2: "broken", 3: "kept"}
    assert as_broken.verdicts("2026-03-02T10:30")[1] == "open"


def test_exempt_items_carry_the_reason_of_the_first_rule_that_holds(world):
    types = {**TYPES, "moved": "boolean", "storm": "boolean"}
    rows = [
        (1, "2026-03-02 10:00", None, True, True),
        (2, "2026-03-02 10:00", None, False, True),
        (3, "2026-03-02 10:00", None, None, None),
    ]
    rules = [{"when": "moved", "because": "the customer moved it"}, {"when": "storm", "because": "a storm"}]
    items = world(clock(within="4 hours", exempt=rules), types, rows).items("2026-03-09")
    assert [(i["verdict"], i["reason"]) for i in items] == [
        ("exempt", "the customer moved it"),
        ("exempt", "a storm"),
        ("broken", "not done and overdue"),
    ]


def test_a_correction_exempts_the_items_of_its_days(world):
    types = {**TYPES, "region": "varchar"}
    rows = [
        (1, "2026-01-12 10:00", None, "north"),
        (2, "2026-01-14 10:00", None, "north"),
        (3, "2026-01-15 10:00", None, "north"),
        (4, "2026-01-12 10:00", None, "south"),
    ]
    storm = {
        "promises": ["p"],
        "from": "2026-01-12",
        "to": "2026-01-14",
        "only": "region = 'north'",
        "because": "a storm",
    }
    small = world(clock(within="4 hours"), types, rows, corrections={"storm": storm})
    assert small.verdicts("2026-02-01") == {1: "exempt", 2: "exempt", 3: "broken", 4: "broken"}


def test_an_item_is_judged_by_the_version_in_force_when_its_clock_started(world):
    versions = [
        {"from": "2026-01-01", "within": "3 calendar days", "target": "80%", "claim": "in 3 days"},
        {"from": "2026-03-01"},
    ]
    rows = [
        (1, "2025-12-31 23:59", "2026-01-01 10:00"),
        (2, "2026-01-01 00:00", "2026-01-04 23:00"),
        (3, "2026-02-28 23:59", "2026-03-03 12:00"),
        (4, "2026-03-01 00:00", "2026-03-04 12:00"),
    ]
    small = world({**clock(within="2 calendar days"), "versions": versions}, TYPES, rows)
    items = small.items("2026-04-01")
    assert [i["verdict"] for i in items] == ["not promised", "kept", "kept", "broken"]
    assert [i["version"] for i in items] == [1, 1, 1, 2]


def test_a_version_may_change_the_kind_of_clock(world):
    versions = [{"from": "2026-01-01", "less_than": "4 hours"}, {"from": "2026-03-01"}]
    rows = [(1, "2026-02-01 10:00", "2026-02-01 14:00"), (2, "2026-03-02 10:00", "2026-03-02 14:00")]
    small = world({**clock(within="4 hours"), "versions": versions}, TYPES, rows)
    assert small.verdicts("2026-04-01") == {1: "broken", 2: "kept"}


@pytest.mark.parametrize(
    ("counted", "days"),
    [
        ("due", ["2026-03-03", "2026-03-03"]),
        ("started", ["2026-03-02", "2026-03-02"]),
        ("done", ["2026-03-04", "2026-03-03"]),
    ],
)
def test_an_item_is_counted_on_the_day_its_promise_says(world, counted, days):
    rows = [(1, "2026-03-02 10:00", "2026-03-04 12:00"), (2, "2026-03-02 10:00", None)]
    small = world({**clock(within="1 day"), "counted": counted}, TYPES, rows)
    assert [str(item["day"].date()) for item in small.items("2026-04-01")] == days


def test_a_check_is_kept_broken_or_unknown(world):
    types = {"id": "integer", "at": "timestamptz", "corrected": "boolean"}
    rows = [
        (1, "2026-03-02 10:00", False),
        (2, "2026-03-02 23:30+00", True),
        (3, "2026-03-02 10:00", None),
        (4, "2026-05-02 10:00", False),
    ]
    measure = {"items": "items", "id": "id", "at": "at", "kept_when": "not corrected"}
    assert world({"measure": measure}, types, rows).verdicts("2026-04-01") == {
        1: "kept",
        2: "broken",
        3: "unknown",
    }


def test_only_says_what_the_promise_covers(world):
    types = {**TYPES, "shipping": "varchar"}
    rows = [
        (1, "2026-03-02 10:00", None, "standard"),
        (2, "2026-03-02 10:00", None, "express"),
        (3, "2026-03-02 10:00", None, None),
    ]
    small = world(clock(within="4 hours", only="shipping = 'standard' or shipping = 'none'"), types, rows)
    assert small.verdicts("2026-03-09") == {1: "broken"}


def test_a_repeated_id_is_an_error_that_says_how_many(world):
    rows = [(1, "2026-03-02 10:00", None), (1, "2026-03-02 10:00", None), (2, "2026-03-02 10:00", None)]
    with pytest.raises(CannotJudgeError, match="3 rows hold 2 ids"):
        world(clock(within="4 hours"), TYPES, rows).verdicts("2026-03-09")


def test_every_reason_a_promise_cannot_be_judged_is_told_at_once(world):
    small = world(
        clock(within="4 hours", only="shiping = 1", cancelled="c", segments=["regoin"]),
        {**TYPES, "region": "varchar"},
        [],
    )
    with pytest.raises(CannotJudgeError) as error:
        small.verdicts("2026-03-09")
    assert sorted(problem.message for problem in error.value.problems) == [
        "the source 'items' has no column 'c'.",
        "unknown column 'regoin'. Did you mean 'region'? (in the source 'items')",
        "unknown column 'shiping'. (in the source 'items')",
    ]


def test_a_null_segment_value_is_a_value_of_its_own(world):
    types = {**TYPES, "region": "varchar"}
    rows = [(1, "2026-03-02 10:00", None, None), (2, "2026-03-02 10:00", "2026-03-02 11:00", "north")]
    small = world(clock(within="4 hours", segments=["region", {"hour": "hour(s)"}]), types, rows)
    daily = [(row[3], row[4], row[5], row[6]) for row in small.table("verdict_daily", "2026-03-09")]
    assert daily == [
        ("(all)", "(all)", 1, 1),
        ("hour", "10", 1, 1),
        ("region", "(none)", 0, 1),
        ("region", "north", 1, 0),
    ]


def test_a_text_that_reads_like_no_value_is_told_apart_from_none(world):
    types = {**TYPES, "region": "varchar"}
    texts = [None, "(none)", '"(none)"', "(None)"]
    rows = [(n, "2026-03-02 10:00", "2026-03-02 11:00", text) for n, text in enumerate(texts)]
    small = world(clock(within="4 hours", segments=["region"]), types, rows)
    told = {row[4]: row[5] for row in small.table("verdict_daily", "2026-03-09") if row[3] == "region"}
    assert told == {"(none)": 1, '"(none)"': 1, '""(none)""': 1, "(None)": 1}
