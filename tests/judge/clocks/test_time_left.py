"""With how much time left items began and ended, on rows that can be counted by eye."""

from collections import Counter
from datetime import UTC, datetime
from math import floor, log
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.judge.world import World, make_world

CLOCK = {"items": "items", "id": "id", "started": "s", "done": "d", "cancelled": "gone", "segments": ["who"]}
TYPES = {"id": "integer", "s": "timestamptz", "d": "timestamptz", "gone": "timestamptz", "by": "timestamptz", "who": "varchar"}  # fmt: skip
HOUR = 3600


def bucket(seconds: float) -> int:
    """The bucket of so much time left."""
    return 0 if seconds < 1 else 1 + floor(log(seconds) / log(1.05))


def row(id: int, started: str | None, done: str | None = None, gone: str | None = None, who: str | None = "a") -> tuple[Any, ...]:  # fmt: skip
    """An item due at 2026-03-04 18:00, where a date is given."""
    return (id, started, done, gone, "2026-03-04 18:00", who)


def found(small: World, as_of: str, segment: str = "(all)") -> dict[tuple[str, int], int]:
    """What the table holds of a part, by what items did and the bucket."""
    rows = small.table("left_monthly", as_of)
    return {(what, n): items for _, _, name, _, what, n, items in rows if name == segment}


def test_each_item_is_there_from_its_start_until_it_is_done_cancelled_or_due() -> None:
    rows = [
        row(1, "2026-03-02 10:00", "2026-03-02 14:00"),
        row(2, "2026-03-02 10:00", "2026-03-02 21:00"),
        row(3, "2026-03-02 10:00", None, "2026-03-02 15:00"),
        row(4, "2026-03-02 10:00", None),
        row(5, "2026-03-02 10:00", "2026-03-03 10:00", "2026-03-03 09:00"),
    ]
    small = make_world({"measure": CLOCK | {"within": "10 hours"}}, TYPES, rows, timezone="UTC")
    assert found(small, "2026-03-02T17:00") == {
        ("started", bucket(10 * HOUR)): 5,
        ("done", bucket(6 * HOUR)): 1,
        ("cancelled", bucket(5 * HOUR)): 1,
        ("open", bucket(3 * HOUR)): 3,
    }
    # the fifth was cancelled when it was overdue: it broke
    assert found(small, "2026-03-09") == {
        ("started", bucket(10 * HOUR)): 5,
        ("done", bucket(6 * HOUR)): 1,
        ("cancelled", bucket(5 * HOUR)): 1,
        ("broken", 0): 3,
    }


def test_one_broken_by_cancelling_ended_with_what_was_left_then() -> None:
    rows = [
        row(1, "2026-03-02 10:00", None, "2026-03-02 15:00"),
        row(2, "2026-03-02 10:00", None, "2026-03-05"),
    ]
    measure = CLOCK | {"within": "10 hours", "if_cancelled": "broken"}
    small = make_world({"measure": measure}, TYPES, rows, timezone="UTC")
    told = found(small, "2026-03-09")
    assert told == {("started", bucket(10 * HOUR)): 2, ("broken", bucket(5 * HOUR)): 1, ("broken", 0): 1}


def test_evenings_are_those_an_item_waited_through_of_the_month_it_fell_due_in() -> None:
    rows = [
        row(1, "2026-03-02 10:00", "2026-03-04 09:00"),
        row(2, "2026-03-03 10:00", "2026-03-06 09:00"),
        row(3, "2026-02-20 10:00", None),
        row(4, "2026-03-03 10:00", None, "2026-03-04 00:00", who="b"),
    ]
    small = make_world({"measure": CLOCK | {"by": "by"}}, TYPES, rows, timezone="UTC")
    told = found(small, "2026-03-09")
    evenings = {key: n for key, n in told.items() if key[0].startswith("evening")}
    assert evenings == {
        ("evening done", bucket(42 * HOUR)): 1,
        ("evening done", bucket(18 * HOUR)): 1,
        ("evening broken", bucket(66 * HOUR)): 1,
        ("evening broken", bucket(42 * HOUR)): 1,
        ("evening broken", bucket(18 * HOUR)): 2,
        ("evening cancelled", bucket(18 * HOUR)): 1,
    }
    rows = small.table("left_monthly", "2026-03-09")
    assert {(value, items) for _, _, name, value, what, _, items in rows if name == "who" and what == "cancelled"} == {("b", 1)}  # fmt: skip
    # of one still open nobody knows what will become of it
    assert not [key for key in found(small, "2026-03-04T00:30") if key == ("evening open", bucket(18 * HOUR))]


def test_what_is_left_is_left_of_the_opening_hours() -> None:
    calendars = {"shop": {"open": {"mon-fri": ["09:00-17:00"]}}}
    rows = [row(1, "2026-03-02 16:00", "2026-03-03 10:00"), row(2, "2026-03-02 16:00")]
    measure = CLOCK | {"within": "4 business hours", "calendar": "shop"}
    small = make_world({"measure": measure}, TYPES, rows, timezone="UTC", calendars=calendars)
    assert found(small, "2026-03-03T11:00") == {
        ("started", bucket(4 * HOUR)): 2,
        ("done", bucket(2 * HOUR)): 1,
        ("evening done", bucket(3 * HOUR)): 1,
        ("open", bucket(1 * HOUR)): 1,
    }


def test_a_minute_before_opening_and_one_after_closing_are_not_left() -> None:
    """The place opens at 09:00 and closes at 17:00: one started at 08:50, another was done at 17:10."""
    calendars = {"shop": {"open": {"mon-fri": ["09:00-17:00"]}}}
    rows = [row(1, "2026-03-03 08:50", "2026-03-03 09:20"), row(2, "2026-03-02 16:00", "2026-03-02 17:10")]
    measure = CLOCK | {"within": "4 business hours", "calendar": "shop"}
    small = make_world({"measure": measure}, TYPES, rows, timezone="UTC", calendars=calendars)
    assert found(small, "2026-03-09") == {
        ("started", bucket(4 * HOUR)): 2,
        ("done", bucket(4 * HOUR - 20 * 60)): 1,
        ("done", bucket(3 * HOUR)): 1,
    }


def test_an_item_without_a_start_was_there_from_the_beginning_and_no_evening_is_told_of_it() -> None:
    measure = {"items": "items", "id": "id", "done": "d", "by": "by"}
    small = make_world({"measure": measure}, TYPES, [row(1, None, "2026-03-04 17:00")], timezone="UTC")
    assert found(small, "2026-03-09") == {("started", 9999): 1, ("done", bucket(HOUR)): 1}


def test_where_clocks_stop_no_evening_is_told() -> None:
    measure = CLOCK | {"within": "48 hours", "paused": [{"from": "gone", "to": "by"}]}
    del measure["cancelled"]
    small = make_world(
        {"measure": measure}, TYPES, [row(1, "2026-03-02 10:00", "2026-03-03 12:00")], timezone="UTC"
    )
    assert {what for what, _ in found(small, "2026-03-09")} == {"started", "done"}


def test_months_too_old_to_be_known_whole_are_left_out_and_what_cannot_count_is() -> None:
    rows = [
        (1, "2026-03-02 10:00", None, None, None, "a"),
        (2, "2025-07-31 10:00", None, None, None, "a"),
        (3, "2025-08-30 10:00", None, None, None, "a"),
        (4, "2025-09-01 10:00", None, None, None, "a"),
        (5, None, None, None, None, "a"),
        (6, "2026-03-02 10:00", "2026-03-01 10:00", None, None, "a"),
    ]
    small = make_world({"measure": CLOCK | {"within": "1 hour"}}, TYPES, rows, timezone="UTC")
    told = small.table("left_monthly", "2026-03-31")
    assert sorted({str(each[1]) for each in told}) == ["2025-09-01", "2026-03-01"]
    assert sum(each[-1] for each in told if each[2] == "(all)" and each[4] == "started") == 2


def test_a_segment_may_have_the_name_of_a_step() -> None:
    names = ["turn", "part", "placed", "looked", "what", "bucket", "day", "ended", "left", "each"]
    measure = {"items": "items", "id": "id", "started": "s", "done": "d", "within": "10 hours",
               "segments": [{name: "who"} for name in names]}  # fmt: skip
    small = make_world({"measure": measure}, TYPES, [row(1, "2026-03-02 10:00")], timezone="UTC")
    told = small.table("left_monthly", "2026-03-09")
    assert {each[2] for each in told} == {"(all)", *names} and {each[3] for each in told} == {"(all)", "a"}


hours = st.integers(0, 24 * 80).map(lambda n: datetime(2026, 2, 1, n % 24, tzinfo=UTC).replace(month=2 + n // 24 // 28, day=1 + n // 24 % 28))  # fmt: skip
orders = st.lists(
    st.tuples(hours, st.none() | hours, st.none() | hours, st.sampled_from(["a", "b", None])), max_size=12
)


@settings(max_examples=25)
@given(orders)
def test_whoever_begins_ends_once_in_each_part_and_parts_add_up_to_the_whole(drawn: list[Any]) -> None:
    rows = [
        (n, *map(str, each[:1]), *(each[1] and str(each[1]), each[2] and str(each[2])), None, each[3])
        for n, each in enumerate(drawn)
    ]
    small = make_world({"measure": CLOCK | {"within": "3 calendar days"}}, TYPES, rows)
    told = small.table("left_monthly", "2026-04-10")
    sums: Counter[tuple[Any, ...]] = Counter()
    for _, day, segment, value, what, _, items in told:
        side = "evening" if what.startswith("evening") else "started" if what == "started" else "ended"
        sums[day, segment, value, side] += items
        sums[day, segment, side] += items
    for (*part, side), n in sums.items():
        if side == "started":
            assert sums[*part, "ended"] == n
        if part[1:] == ["who"]:
            assert sums[part[0], "(all)", side] == n
    counts = {
        verdict: sum(i["verdict"] == verdict for i in small.items("2026-04-10"))
        for verdict in ("kept", "open")
    }
    ended = {what: sum(r[-1] for r in told if r[2] == "(all)" and r[4] == what) for what in ("done", "open")}
    assert ended == {"done": counts["kept"], "open": counts["open"]}
