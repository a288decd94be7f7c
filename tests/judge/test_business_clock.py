"""Clocks that stop: worked answers with their sources, pauses, terms, both nights on which the clocks change."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

CLOCK = {"items": "items", "id": "id", "started": "s", "done": "d"}
TYPES = {"id": "integer", "s": "timestamptz", "d": "timestamptz"}


def due(world, within, open_, started, zone="UTC", **more):
    """Return when an item falls due, in the company's time."""
    calendars = {"shop": {"open": open_, **more.pop("calendar", {})}}
    types, row, others = dict(TYPES), [1, started, None], {}
    if pauses := more.pop("paused", None):
        others = {
            "holds": ({"item": "integer", "a": "timestamptz", "b": "timestamptz"}, [(1, *p) for p in pauses])
        }
        more["paused"] = {"source": "holds", "id": "item", "from": "a", "to": "b"}
    promise = {"measure": {**CLOCK, "within": within, "calendar": "shop", **more}}
    small = world(promise, types, [row], timezone=zone, calendars=calendars, others=others)
    small.items("2030-01-01")
    return small.con.sql("select strftime(to_timestamp(due / 1e6), '%a %d %H:%M') from judged").fetchall()[0][
        0
    ]


NINE_TO_FIVE = {"mon-fri": ["09:00-17:00"]}


@pytest.mark.parametrize(
    ("within", "open_", "started", "expected"),
    [
        # 3 business hours on 9-17 from 14:00 end with the day; one minute more, and it is the next morning
        ("3 business hours", NINE_TO_FIVE, "2026-03-02 14:00", "Mon 02 17:00"),
        ("181 business minutes", NINE_TO_FIVE, "2026-03-02 14:00", "Tue 03 09:01"),
        ("90 business minutes", {"mon-fri": ["08:00-17:00"]}, "2026-03-06 21:00", "Mon 09 09:30"),
        ("2 business hours", NINE_TO_FIVE, "2026-03-06 16:00", "Mon 09 10:00"),
        ("4 business hours", {"mon-fri": ["08:00-18:00"]}, "2026-03-06 17:00", "Mon 09 11:00"),
        ("8 business hours", {"mon-fri": ["09:00-18:00"]}, "2026-03-02 16:00", "Tue 03 15:00"),
        ("8 business hours", NINE_TO_FIVE, "2026-03-06 17:00", "Mon 09 17:00"),
        ("8 business hours", NINE_TO_FIVE, "2026-03-07 12:00", "Mon 09 17:00"),
        ("5 business hours", {"mon-fri": ["08:00-12:30", "13:00-18:00"]}, "2026-03-02 08:00", "Mon 02 13:30"),
        ("30 business minutes", {"mon-fri": ["08:00-12:30", "13:00-18:00"]}, "2026-03-02 12:45", "Mon 02 13:30"),
        ("2 business days", NINE_TO_FIVE, "2026-03-05 10:00", "Mon 09 17:00"),
        ("1 business day", NINE_TO_FIVE, "2026-03-07 10:00", "Mon 09 17:00"),
        ("2 business days", {"mon-fri": ["09:00-17:00"], "sat": ["09:00-13:00"]}, "2026-03-05 10:00", "Sat 07 13:00"),
    ],
)  # fmt: skip
def test_worked_answers(world, within, open_, started, expected):
    assert due(world, within, open_, started) == expected


def test_a_pause_moves_the_due_moment_by_the_open_time_it_covers(world):
    nine_to_six = {"mon-fri": ["09:00-18:00"]}
    assert due(world, "8 business hours", nine_to_six, "2026-03-02 16:00", paused=[("2026-03-02 17:00", "2026-03-03 10:00")]) == "Tue 03 17:00"  # fmt: skip
    overnight = [("2026-03-02 18:00", "2026-03-03 09:00")]
    assert due(world, "8 business hours", nine_to_six, "2026-03-02 16:00", paused=overnight) == "Tue 03 15:00"


@pytest.mark.parametrize(
    ("started", "pauses", "expected"),
    [
        ("2026-03-02 10:00", [("2026-03-02 09:30", "2026-03-02 11:00")], "Mon 02 11:00"),
        ("2026-03-02 10:00", [("2026-03-02 10:00", "2026-03-02 11:00")], "Mon 02 11:00"),
        ("2026-03-02 10:00", [("2026-03-02 10:00", "2026-03-02 19:00")], "Tue 03 09:00"),
        ("2026-03-02 10:00", [("2026-03-02 10:00", "2026-03-02 17:00")], "Tue 03 09:00"),
        ("2026-03-02 20:00", [("2026-03-02 19:00", "2026-03-03 12:00")], "Tue 03 12:00"),
        ("2026-03-02 20:00", [("2026-03-02 19:00", "2026-03-02 22:00")], "Tue 03 09:00"),
        ("2026-03-02 10:00", [("2026-03-02 09:30", "2026-03-02 11:00"), ("2026-03-02 12:00", "2026-03-02 13:00")], "Mon 02 11:00"),
        ("2026-03-02 10:00", [("2026-03-02 10:01", "2026-03-02 11:00")], "Mon 02 10:00"),
        ("2026-03-01 12:00", [("2026-03-01 12:01", "2026-03-02 12:00")], "Mon 02 12:00"),
        ("2026-03-01 12:00", [("2026-03-02 09:00", "2026-03-02 12:00")], "Mon 02 12:00"),
        ("2026-03-01 12:00", [("2026-03-02 09:01", "2026-03-02 12:00")], "Mon 02 09:00"),
        ("2026-03-01 12:00", [("2026-03-01 12:01", "2026-03-01 18:00"), ("2026-03-02 08:00", "2026-03-02 12:00")], "Mon 02 12:00"),
        ("2026-03-01 12:00", [("2026-03-01 12:01", "2026-03-02 17:00"), ("2026-03-02 20:00", "2026-03-03 12:00")], "Tue 03 12:00"),
    ],
)  # fmt: skip
def test_a_clock_of_no_length_that_starts_in_a_pause_is_due_when_it_can_run(world, started, pauses, expected):
    assert due(world, "0 business hours", NINE_TO_FIVE, started, paused=pauses) == expected


def test_on_the_wall_a_clock_of_no_length_that_starts_in_a_pause_is_due_at_its_end(world):
    held = [("2026-03-02 09:30", "2026-03-02 22:00")]
    assert due(world, "0 hours", NINE_TO_FIVE, "2026-03-02 10:00", paused=held) == "Mon 02 22:00"


def test_overlapping_pauses_count_once(world):
    pauses = [("2026-03-02 10:00", "2026-03-02 12:00"), ("2026-03-02 11:00", "2026-03-02 13:00"), ("2026-03-02 11:30", "2026-03-02 12:30")]  # fmt: skip
    assert due(world, "2 business hours", NINE_TO_FIVE, "2026-03-02 09:00", paused=pauses) == "Mon 02 14:00"


def test_a_pause_before_the_start_or_after_the_clock_has_run_out_counts_for_nothing(world):
    early = [("2026-03-02 06:00", "2026-03-02 10:00")]
    assert due(world, "2 business hours", NINE_TO_FIVE, "2026-03-02 09:00", paused=early) == "Mon 02 12:00"
    late = [("2026-03-02 11:00", "2026-03-02 16:00")]
    assert due(world, "2 business hours", NINE_TO_FIVE, "2026-03-02 09:00", paused=late) == "Mon 02 11:00"


def test_exact_hours_can_pause_too_and_a_pause_without_an_end_keeps_the_item_open(world):
    promise = {"measure": {**CLOCK, "within": "4 hours", "paused": [{"from": "held", "to": "freed"}]}}
    types = {**TYPES, "held": "timestamptz", "freed": "timestamptz"}
    rows = [
        (1, "2026-03-02 10:00", "2026-03-02 15:00", "2026-03-02 11:00", "2026-03-02 12:00"),
        (2, "2026-03-02 10:00", "2026-03-02 15:01", "2026-03-02 11:00", "2026-03-02 12:00"),
        (3, "2026-03-02 10:00", None, "2026-03-02 11:00", None),
        (4, "2026-03-02 10:00", None, None, None),
    ]
    small = world(promise, types, rows, timezone="UTC")
    assert small.verdicts("2026-03-20") == {1: "kept", 2: "broken", 3: "open", 4: "broken"}
    assert small.verdicts("2026-03-02T11:30") == {1: "open", 2: "open", 3: "open", 4: "open"}
    assert [row[1] for row in small.table("item", "2026-03-20")] == ["2", "3", "4"]


def test_after_the_cut_off_a_business_clock_starts_with_the_next_opening(world):
    assert due(world, "2 business hours", NINE_TO_FIVE, "2026-03-02 14:00", cut_off="14:00") == "Mon 02 16:00"
    assert due(world, "2 business hours", NINE_TO_FIVE, "2026-03-02 14:01", cut_off="14:00") == "Tue 03 11:00"
    assert due(world, "1 business day", NINE_TO_FIVE, "2026-03-06 14:00", cut_off="14:00") == "Mon 09 17:00"
    assert due(world, "1 business day", NINE_TO_FIVE, "2026-03-06 14:01", cut_off="14:00") == "Tue 10 17:00"


@pytest.mark.parametrize(
    ("started", "expected"),
    [
        ("2026-10-02 14:00", "Sat 03 13:00"),
        ("2026-10-02 14:01", "Mon 05 18:00"),
        ("2026-10-03 12:00", "Mon 05 18:00"),
        ("2026-10-03 13:30", "Mon 05 18:00"),  # closed, and before the cut-off
        ("2026-10-03 15:00", "Tue 06 18:00"),  # after it: from the next opening, as on Sunday
        ("2026-10-04 10:00", "Tue 06 18:00"),
        ("2026-10-04 15:00", "Tue 06 18:00"),
        ("2026-10-05 10:00", "Tue 06 18:00"),
    ],
)
def test_what_starts_on_a_closed_day_is_after_the_cut_off_of_the_open_day_before_it(world, started, expected):
    shop = {"mon-fri": ["08:00-18:00"], "sat": ["09:00-13:00"]}
    assert due(world, "1 business day", shop, started, cut_off="14:00") == expected


def test_holidays_close_the_shop_unless_they_are_worked(world):
    english = {"holidays": {"country": "GB", "subdivision": "ENG"}}
    easter = {"calendar": english}
    assert due(world, "1 business day", NINE_TO_FIVE, "2026-04-02 10:00", **easter) == "Tue 07 17:00"
    worked = {"calendar": {"holidays": {**english["holidays"], "except": ["2026-04-03"]}}}
    assert due(world, "1 business day", NINE_TO_FIVE, "2026-04-02 10:00", **worked) == "Fri 03 17:00"
    extra = {"calendar": {"holidays": {"extra": ["2026-03-03"]}}}
    assert due(world, "2 business hours", NINE_TO_FIVE, "2026-03-02 16:00", **extra) == "Wed 04 10:00"


@pytest.mark.parametrize(
    ("zone", "started", "expected"),
    [
        (
            "Europe/London",
            "2026-03-28 22:00",
            "Sun 29 08:00",
        ),  # an hour is skipped: ten hours of opening are nine on the wall
        ("Europe/London", "2026-10-24 22:00", "Sun 25 06:00"),
        ("America/New_York", "2026-03-07 22:00", "Sun 08 08:00"),
        ("America/New_York", "2026-10-31 22:00", "Sun 01 06:00"),
        ("Australia/Lord_Howe", "2026-04-04 22:00", "Sun 05 06:30"),  # here the clock changes by half an hour
        ("Australia/Lord_Howe", "2026-10-03 22:00", "Sun 04 07:30"),
    ],
)
def test_nights_on_which_the_clocks_change_have_the_hours_they_have(world, zone, started, expected):
    every_night = {"mon-sun": ["00:00-24:00"]}
    assert due(world, "9 business hours", every_night, started, zone=zone) == expected


@pytest.mark.parametrize(
    ("within", "open_", "started", "expected"),
    [
        ("1 business day", {"mon-fri": ["00:00-24:00"]}, "2026-03-30 10:00", "Tue 31 23:59"),
        ("1 business day", {"mon-fri": ["18:00-24:00"]}, "2026-03-30 10:00", "Tue 31 23:59"),
        ("1 business day", {"mon-fri": ["08:00-12:00", "18:00-24:00"]}, "2026-04-02 10:00", "Fri 03 23:59"),
        ("1 business day", {"mon-sun": ["00:00-06:00", "20:00-24:00"]}, "2026-03-30 10:00", "Tue 31 23:59"),
        ("12 business hours", {"mon-fri": ["18:00-24:00"]}, "2026-03-30 10:00", "Tue 31 23:59"),
        ("12 business hours", {"mon-fri": ["00:00-24:00"]}, "2026-04-03 12:00", "Fri 03 23:59"),
        ("12 business hours", {"mon-fri": ["00:00-24:00"]}, "2026-03-30 12:00", "Tue 31 00:00"),  # and stays open
        ("12 business hours", "always", "2026-03-30 12:00", "Tue 31 00:00"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_a_closing_at_midnight_belongs_to_the_day_that_closes(world, zone, within, open_, started, expected):
    calendars = {"shop": {"open": open_}}
    promise = {"measure": {**CLOCK, "within": within, "calendar": "shop"}}
    small = world(promise, TYPES, [[1, started, None]], timezone=zone, calendars=calendars)
    (found,) = small.items("2026-04-30")
    due = datetime.fromtimestamp(found["due"] // 1_000_000, ZoneInfo(zone))
    assert (f"{due:%a %d %H:%M}", f"{found['day']:%d}") == (expected, expected[4:6])


def test_less_than_up_to_a_closing_at_midnight_is_its_last_moment(world):
    calendars = {"shop": {"open": {"mon-fri": ["18:00-24:00"]}}}
    for length in ({"within": "12 business hours"}, {"less_than": "12 business hours"}):
        promise = {"measure": {**CLOCK, **length, "calendar": "shop"}}
        rows = [[1, "2026-03-30 10:00", "2026-03-31 23:59:59.999999"], [2, "2026-03-30 10:00", "2026-04-01"]]
        small = world(promise, TYPES, rows, timezone="UTC", calendars=calendars)
        assert small.verdicts("2026-04-30") == {1: "kept", 2: "broken"}


def test_a_closing_at_midnight_of_the_company_belongs_to_the_day_that_closes(world):
    calendars = {"shop": {"open": {"mon-fri": ["09:00-18:00"]}, "timezone": "America/New_York"}}
    promise = {"measure": {**CLOCK, "within": "1 business day", "calendar": "shop"}}
    rows = [[1, "2026-04-06 16:00", None]]
    small = world(promise, TYPES, rows, timezone="Europe/Berlin", calendars=calendars)
    assert [f"{item['day']:%d}" for item in small.items("2026-04-30")] == ["07"]


def test_a_place_always_open_counts_every_hour(world):
    assert due(world, "2 business hours", "always", "2026-03-07 23:00") == "Sun 08 01:00"
    assert due(world, "1 business day", "always", "2026-03-07 23:00") == "Sun 08 23:59"


def test_a_calendar_may_have_a_time_zone_of_its_own(world):
    tokyo = {"calendar": {"timezone": "Asia/Tokyo"}}
    assert (
        due(world, "2 business hours", NINE_TO_FIVE, "2026-03-02 07:00", zone="Europe/London", **tokyo)
        == "Tue 03 01:00"
    )
    assert (
        due(world, "1 business day", NINE_TO_FIVE, "2026-03-02 20:00", zone="Europe/London", **tokyo)
        == "Wed 04 08:00"
    )


def test_a_length_sold_to_the_customer_counts_while_it_is_valid(world):
    within = {"terms": "sold", "match": "who", "value": "hours", "unit": "hours", "from": "f", "to": "t"}
    terms = [
        ("ann", 4, "2026-01-01", "2026-03-01"),
        ("ann", 2, "2026-03-02", None),
        ("bob", 8, "2026-06-01", None),
        ("eve", 4, "2026-01-01", None),
        ("eve", 1, "2026-02-01", None),
    ]
    rows = [
        (1, "2026-03-01 10:00", "2026-03-01 13:00", "ann"),
        (2, "2026-03-02 10:00", "2026-03-02 13:00", "ann"),
        (3, "2026-03-02 10:00", "2026-03-02 13:00", "bob"),
        (4, "2026-03-02 10:00", "2026-03-02 13:00", "eve"),
        (5, "2026-03-02 10:00", "2026-03-02 13:00", None),
    ]
    others = {"sold": ({"who": "varchar", "hours": "double", "f": "date", "t": "date"}, terms)}
    small = world({"measure": {**CLOCK, "within": within}}, {**TYPES, "who": "varchar"}, rows, others=others)
    assert small.verdicts("2026-03-09") == {
        1: "kept",
        2: "broken",
        3: "not promised",
        4: "broken",
        5: "not promised",
    }


def test_versions_may_change_the_calendar(world):
    calendars = {"shop": {"open": NINE_TO_FIVE}, "late": {"open": {"mon-fri": ["09:00-21:00"]}}}
    versions = [{"from": "2026-01-01"}, {"from": "2026-03-09", "calendar": "late"}]
    promise = {"measure": {**CLOCK, "within": "4 business hours", "calendar": "shop"}, "versions": versions}
    rows = [
        (1, "2026-03-02 16:00", "2026-03-02 20:00"),
        (2, "2026-03-09 16:00", "2026-03-09 20:00"),
        (3, "2026-03-09 16:00", "2026-03-09 20:01"),
    ]
    small = world(promise, TYPES, rows, timezone="UTC", calendars=calendars)
    assert small.verdicts("2026-04-01") == {1: "kept", 2: "kept", 3: "broken"}


def test_a_placeholder_date_neither_stretches_the_calendar_nor_is_judged_by_it(world):
    calendars = {"shop": {"open": NINE_TO_FIVE, "timezone": "Europe/Amsterdam"}}
    promise = {"measure": {**CLOCK, "within": "2 business hours", "calendar": "shop"}}
    rows = [(1, "1900-01-01 10:00", None), (2, "2026-03-02 10:00", "2026-03-02 12:00")]
    small = world(promise, TYPES, rows, timezone="Europe/Amsterdam", calendars=calendars)
    assert small.verdicts("2026-03-09") == {1: "unknown", 2: "kept"}
    assert small.con.sql(
        "select count(*) from duckdb_tables() where estimated_size > 1000000"
    ).fetchall() == [(0,)]
