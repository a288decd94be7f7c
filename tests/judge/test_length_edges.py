"""Lengths at their edges: none at all, years of them, cut-offs and midnights of another zone, terms that contradict."""

from datetime import date, datetime, time, timedelta

import pytest

from aspromised.judge.explain.item_story import tell_story
from aspromised.judge.planning.plan import CannotJudgeError
from aspromised.words.moments import as_of_moment
from tests.judge.test_business_clock import CLOCK, TYPES

NINE_TO_FIVE = {"mon-fri": ["09:00-17:00"]}
SPLIT = {"mon-fri": ["09:00-12:00", "13:00-17:00"]}


def due(world, measure, started, open_=None, zone="Europe/London", calendar=None):
    """Return when an item falls due, on the company's wall clock."""
    calendars = {"shop": {"open": open_ or NINE_TO_FIVE, **(calendar or {})}}
    small = world(
        {"measure": {**CLOCK, **measure}}, TYPES, [(1, started, None)], timezone=zone, calendars=calendars
    )
    small.items("2026-06-01")
    (found,) = small.con.sql(
        "select to_timestamp(due / 1e6)::timestamp, due - started, reason from judged"
    ).fetchall()
    return found


def shown(found):
    return f"{found[0]:%a %d %b %Y %H:%M:%S}"


@pytest.mark.parametrize(
    ("within", "started", "expected"),
    [
        # no length: due as soon as the clock can run: now where it is open, else when it opens next
        ("0 business hours", "2026-03-02 10:30", "Mon 02 Mar 2026 10:30:00"),
        ("0 business hours", "2026-03-02 12:30", "Mon 02 Mar 2026 13:00:00"),
        ("0 business hours", "2026-03-02 12:00", "Mon 02 Mar 2026 13:00:00"),
        ("0 business hours", "2026-03-02 13:00", "Mon 02 Mar 2026 13:00:00"),
        ("0 business minutes", "2026-03-06 17:00", "Mon 09 Mar 2026 09:00:00"),
        ("0 business hours", "2026-03-07 11:00", "Mon 09 Mar 2026 09:00:00"),
        # no business day: by the next closing, that of the same day where it has not closed
        ("0 business days", "2026-03-02 08:00", "Mon 02 Mar 2026 17:00:00"),
        ("0 business days", "2026-03-02 16:59", "Mon 02 Mar 2026 17:00:00"),
        ("0 business days", "2026-03-02 17:30", "Tue 03 Mar 2026 17:00:00"),
        ("0 business days", "2026-03-07 11:00", "Mon 09 Mar 2026 17:00:00"),
        ("1 business day", "2026-03-02 17:30", "Tue 03 Mar 2026 17:00:00"),
        ("1 business day", "2026-03-07 11:00", "Mon 09 Mar 2026 17:00:00"),
    ],
)
def test_no_length_is_never_due_before_it_started(world, within, started, expected):
    found = due(
        world, {"within": within, "calendar": "shop"}, started, SPLIT, calendar={"timezone": "Europe/London"}
    )
    assert shown(found) == expected and found[1] >= 0


def test_three_hundred_business_days_of_a_shop_that_opens_once_a_week_are_three_hundred_weeks(world):
    # Wednesday 4 March 2026 and 300 Wednesdays on: 1 December 2031 is a Monday, so Wednesday 3 December 2031
    found = due(world, {"within": "300 business days", "calendar": "shop"}, "2026-03-04 10:00", {"wed": ["09:00-17:00"]})  # fmt: skip
    assert shown(found) == "Wed 03 Dec 2031 17:00:00"
    hours = {"within": "2400 business hours", "calendar": "shop"}
    assert (
        shown(due(world, hours, "2026-03-04 09:00", {"wed": ["09:00-17:00"]})) == "Wed 26 Nov 2031 17:00:00"
    )


def test_what_lies_beyond_the_years_a_calendar_is_laid_out_for_says_so(world):
    measure = {"within": "9000 business days", "calendar": "shop"}
    found = due(world, measure, "2026-03-04 10:00", {"wed": ["09:00-17:00"]})
    assert found == (None, None, "due outside the years 2024 to 2103, for which its calendar is laid out")


@pytest.mark.parametrize("days", [1600, 1700, 4000, 30000])
def test_calendar_days_end_at_midnight_however_many_they_are(world, days):
    found = due(world, {"within": f"{days} calendar days"}, "2026-03-02 10:00")
    last = date(2026, 3, 2) + timedelta(days=days)
    assert found[0] == datetime.combine(last, time.max)


def test_a_repeat_window_of_years_ends_at_midnight_too(world):
    measure = {
        "items": "items",
        "id": "id",
        "at": "s",
        "same": ["id"],
        "not_again_within": "1600 calendar days",
    }
    small = world({"measure": measure}, TYPES, [(1, "2026-03-02 10:00", None)])
    small.items("2030-07-20")
    (found,) = small.con.sql("select to_timestamp(due / 1e6)::timestamp from judged").fetchall()[0]
    assert found == datetime(2030, 7, 19, 23, 59, 59, 999999)


# Tokyo is nine hours ahead of London in winter: 14:00 there is 05:00 here
TOKYO = {"timezone": "Asia/Tokyo"}


@pytest.mark.parametrize(
    ("within", "started", "expected"),
    [
        (
            "2 business hours",
            "2026-03-02 04:30",
            "Mon 02 Mar 2026 06:30:00",
        ),  # 13:30 there: before the cut-off
        (
            "2 business hours",
            "2026-03-02 05:30",
            "Tue 03 Mar 2026 02:00:00",
        ),  # 14:30 there: from 9:00 tomorrow
        ("2 business hours", "2026-03-02 15:30", "Tue 03 Mar 2026 02:00:00"),  # 0:30 there, tomorrow already
        ("1 business day", "2026-03-02 04:30", "Tue 03 Mar 2026 08:00:00"),
        ("1 business day", "2026-03-02 05:30", "Wed 04 Mar 2026 08:00:00"),
        ("1 business day", "2026-03-02 15:30", "Wed 04 Mar 2026 08:00:00"),
    ],
)
def test_a_cut_off_is_read_on_the_clock_of_the_calendar(world, within, started, expected):
    measure = {"within": within, "calendar": "shop", "cut_off": "14:00"}
    assert shown(due(world, measure, started, calendar=TOKYO)) == expected


@pytest.mark.parametrize("within", ["1 calendar day", "8 hours", "2 days"])
def test_a_cut_off_on_one_clock_beside_a_calendar_on_another_is_refused(world, within):
    measure = {**CLOCK, "within": within, "calendar": "shop", "cut_off": "14:00"}
    rows = [(1, "2026-03-02 05:30", None)]
    abroad = world({"measure": measure}, TYPES, rows, calendars={"shop": {"open": NINE_TO_FIVE, **TOKYO}})
    with pytest.raises(
        CannotJudgeError, match=r"a cut-off of .* is read on the company's clock .*Asia/Tokyo"
    ):
        abroad.items("2026-06-01")
    version = {"from": "2026-03-01", "within": "1 business day"}
    mixed = {"measure": measure, "versions": [{"from": "2026-01-01"}, version]}
    with pytest.raises(CannotJudgeError, match="is read on the company's clock"):
        world(mixed, TYPES, rows, calendars={"shop": {"open": NINE_TO_FIVE, **TOKYO}}).items("2026-06-01")


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ("1 calendar day", "Wed 04 Mar 2026 23:59:59"),
        ("8 hours", "Tue 03 Mar 2026 08:00:00"),
        ("1 business day", "Wed 04 Mar 2026 17:00:00"),
    ],
)
def test_a_cut_off_of_every_unit_is_read_on_the_one_clock_there_is(world, within, expected):
    measure = {"within": within, "calendar": "shop", "cut_off": "14:00"}
    assert shown(due(world, measure, "2026-03-02 15:30")) == expected


def test_the_story_names_the_zone_of_a_cut_off(world):
    measure = {**CLOCK, "within": "2 business hours", "calendar": "shop", "cut_off": "14:00"}
    calendars = {"shop": {"open": NINE_TO_FIVE, **TOKYO}}
    small = world({"measure": measure}, TYPES, [(1, "2026-03-02 05:30", None)], calendars=calendars)
    moment = as_of_moment("2026-06-01", small.workspace.timezone)
    told = tell_story(small.con, small.workspace, "p", "1", moment)
    assert told.lines[1:4] == [
        "started Mon 2 Mar 2026 05:30",
        "after the cut-off of 14:00 (Asia/Tokyo): counts from Tue 3 Mar 00:00",
        "shop opens 00:00 (09:00 in Asia/Tokyo)",
    ]


@pytest.mark.parametrize(
    ("measure", "started", "expected"),
    [
        # midnight there is 15:00 here
        ({"within": "1 business day"}, "2026-03-02 14:30", "Tue 03 Mar 2026 14:59:59"),
        ({"within": "1 business day"}, "2026-03-02 15:30", "Wed 04 Mar 2026 14:59:59"),
        ({"within": "1 business day", "cut_off": "14:00"}, "2026-03-02 05:30", "Wed 04 Mar 2026 14:59:59"),
        ({"within": "3 business hours", "cut_off": "14:00"}, "2026-03-02 05:30", "Mon 02 Mar 2026 18:00:00"),
        ({"within": "3 business hours"}, "2026-03-02 05:30", "Mon 02 Mar 2026 08:30:00"),
    ],
)
def test_a_place_that_is_always_open_closes_at_its_own_midnight(world, measure, started, expected):
    found = due(world, {**measure, "calendar": "shop"}, started, "always", calendar=TOKYO)
    assert shown(found) == expected


TERMS = {"terms": "sold", "match": "who", "value": "hours", "unit": "hours", "from": "f", "to": "t"}


@pytest.mark.parametrize("order", [1, -1])
def test_two_lengths_sold_from_one_day_are_not_judged_by_the_order_of_their_rows(world, order):
    terms = [
        ("ann", 4, "2026-01-01"), ("ann", 2, "2026-01-01"),
        ("bob", 4, "2026-01-01"), ("bob", 4, "2026-01-01"),
        ("eve", 8, "2026-01-01"), ("eve", 1, "2026-01-01"), ("eve", 2, "2026-02-01"),
    ]  # fmt: skip
    others = {
        "sold": (
            {"who": "varchar", "hours": "integer", "f": "date", "t": "date"},
            [(*each, None) for each in terms[::order]],
        )
    }
    rows = [
        (n, "2026-03-02 10:00", "2026-03-02 13:00", who)
        for n, who in enumerate(("ann", "bob", "eve"), start=1)
    ]
    promise = {"measure": {**CLOCK, "within": TERMS}}
    small = world(promise, {**TYPES, "who": "varchar"}, rows, others=others)
    small.items("2026-03-09")
    assert small.con.sql("select verdict, reason from judged order by item_id").fetchall() == [
        ("unknown", "two lengths were sold from the same day: 2 and 4 hours"),
        ("kept", None),
        ("broken", "done late"),
    ]


DAYS_TOLD = [("calendar days", None), ("business days", "shop"), ("business days", "always")]
IN_PART = {1.0: "2026-03-03", 1.5: None, 2.0: "2026-03-04", 0.25: None, None: None}


@pytest.mark.parametrize("kind", ["double", "decimal(6, 2)", "float"])
@pytest.mark.parametrize(("unit", "calendar"), DAYS_TOLD)
@pytest.mark.parametrize("where", ["item", "sold"])
def test_days_told_by_the_data_are_whole_or_unknown(world, kind, unit, calendar, where):
    rows = [(place, "2026-03-02 10:00", None, str(n), n) for place, n in enumerate(IN_PART)]
    item = {"column": "days", "unit": unit}
    terms = {**TERMS, "unit": unit}
    measure = {**CLOCK, "within": item if where == "item" else terms}
    calendars = {"shop": {"open": NINE_TO_FIVE}, "always": {"open": "always"}}
    sold = [(str(n), n, "2026-01-01", None) for n in IN_PART if n]
    small = world(
        {"measure": measure | ({"calendar": calendar} if calendar else {})},
        {**TYPES, "who": "varchar", "days": kind},
        rows,
        calendars=calendars,
        others={"sold": ({"who": "varchar", "hours": kind, "f": "date", "t": "date"}, sold)},
    )
    small.items("2026-06-01")
    found = small.con.sql(
        "select cast(to_timestamp(due / 1e6) as date), reason from judged join source.items on id = item_id order by days nulls last"
    )
    for number, (day, reason) in zip([0.25, 1.0, 1.5, 2.0, None], found.fetchall(), strict=True):
        assert str(day) == str(IN_PART[number])
        if number is None:
            assert reason in ("no due date", None)
        elif day is None:
            assert float(reason.split(" ")[0]) == number and reason.endswith(
                f" is not a whole number of {unit}"
            )


def test_the_story_of_an_item_with_days_in_part_says_so(world):
    measure = {**CLOCK, "within": {"column": "days", "unit": "calendar days"}}
    small = world({"measure": measure}, {**TYPES, "days": "double"}, [(1, "2026-03-02 10:00", None, 1.5)])
    told = tell_story(
        small.con, small.workspace, "p", "1", as_of_moment("2026-06-01", small.workspace.timezone)
    )
    assert "1.5 is not a whole number of calendar days" in " ".join(map(str, [*told.lines, told]))


LONGEST = {"hours": 878_400, "calendar days": 36_600, "business hours": 878_400, "business days": 36_600}
ABSURD = {
    "-3": "is less than none", "-0.5": "is less than none", "-1e300": "is less than none", "-inf": "is less than none",
    "1e12": "is longer than 100 years", "1e300": "is longer than 100 years", "inf": "is longer than 100 years",
}  # fmt: skip


@pytest.mark.parametrize("sold", [False, True])
@pytest.mark.parametrize("unit", list(LONGEST))
def test_a_length_that_is_none_leaves_its_own_item_unknown_and_says_why(world, unit, sold):
    # started on Monday 2 March 2026 at 10:00, done on Wednesday at 11:00: two days, 49 hours, 17 open hours
    numbers = [*ABSURD, "nan", "0", "2", "49", "3000", str(LONGEST[unit] + 1)]
    rows = [(n, "2026-03-02 10:00", "2026-03-04 11:00", n, n) for n in numbers]
    own = {"column": "days", "unit": unit}
    terms = {"terms": "sold", "match": "who", "value": "number", "unit": unit, "from": "f", "to": "t"}
    measure = {**CLOCK, "within": terms if sold else own}
    small = world(
        {"measure": measure | ({"calendar": "shop"} if unit.startswith("business") else {})},
        {**TYPES, "id": "varchar", "who": "varchar", "days": "double"},
        rows,
        calendars={"shop": {"open": NINE_TO_FIVE}},
        others={
            "sold": (
                {"who": "varchar", "number": "double", "f": "date", "t": "date"},
                [(n, n, "2026-01-01", None) for n in numbers],
            )
        },
    )
    found = {item["item_id"]: (item["verdict"], item["reason"]) for item in small.items("2026-06-01")}
    for number, why in ABSURD.items():
        assert found[number] == ("unknown", f"{float(number)} {unit} {why}")
    assert found["nan"][0] == "unknown"
    assert found[str(LONGEST[unit] + 1)] == (
        "unknown",
        f"{float(LONGEST[unit] + 1)} {unit} is longer than 100 years",
    )
    assert {n: found[n][0] for n in ("0", "2", "49")} == {
        "0": "broken", "2": "kept" if unit.endswith("days") else "broken", "49": "kept",
    }  # fmt: skip
    assert found["3000"][0] == "kept"


@pytest.mark.parametrize("kind", ["bigint", "hugeint", "decimal(38, 10)", "double"])
def test_a_length_of_any_number_type_is_counted_and_an_absurd_one_breaks_nothing(world, kind):
    measure = {**CLOCK, "within": {"column": "days", "unit": "hours"}}
    rows = [
        (1, "2026-03-02 10:00", "2026-03-02 12:00", 2),
        (2, "2026-03-02 10:00", "2026-03-02 12:00", 10**12),
        (3, "2026-03-02 10:00", None, -2),
    ]
    found = world({"measure": measure}, {**TYPES, "days": kind}, rows).items("2026-06-01")
    assert [item["verdict"] for item in found] == ["kept", "unknown", "unknown"]


def test_hours_in_part_are_counted_to_the_microsecond(world):
    measure = {**CLOCK, "within": {"column": "days", "unit": "business hours"}, "calendar": "shop"}
    rows = [
        (1, "2026-03-02 10:00", "2026-03-02 11:30", 1.5),
        (2, "2026-03-02 10:00", "2026-03-02 11:30:00.000001", 1.5),
    ]
    found = world(
        {"measure": measure}, {**TYPES, "days": "double"}, rows, calendars={"shop": {"open": NINE_TO_FIVE}}
    ).items("2026-06-01")
    assert [item["verdict"] for item in found] == ["kept", "broken"]


def test_the_story_of_an_item_with_a_length_below_none_says_so(world):
    measure = {**CLOCK, "within": {"column": "days", "unit": "hours"}}
    small = world({"measure": measure}, {**TYPES, "days": "bigint"}, [(1, "2026-03-02 10:00", None, -3)])
    told = tell_story(
        small.con, small.workspace, "p", "1", as_of_moment("2026-06-01", small.workspace.timezone)
    )
    assert "-3 hours is less than none" in " ".join(map(str, [*told.lines, told]))
