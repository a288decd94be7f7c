"""An independent oracle that walks the clock minute by minute agrees with the tables of cumulative open time."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.judge.world import make_world

MINUTE = timedelta(minutes=1)
CLOSED = date(2026, 3, 30)
WEEKS = {
    "office": {"mon-fri": ["09:00-17:00"]},
    "split": {"mon-fri": ["08:00-12:30", "13:00-18:00"], "sat": ["09:15-13:00"]},
    "nights": {"mon-sun": ["00:00-06:00", "20:00-24:00"]},
}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_open(week, moment, zone):
    """Return whether the wall clock stands within an interval of its day."""
    wall = moment.astimezone(zone)
    if wall.date() == CLOSED:
        return False
    for days, intervals in week.items():
        ends = [DAYS.index(day) for day in days.split("-")]
        if ends[0] <= wall.weekday() <= ends[-1]:
            return any(text[:5] <= wall.strftime("%H:%M") < text[6:] for text in intervals)
    return False


def runs_out(week, zone, started, minutes, pauses, step=MINUTE):
    """Return the first moment at which the clock has run `minutes` open and unpaused minutes; of none, when it could run."""
    moment, left = started, timedelta(minutes=minutes)
    while True:
        if is_open(week, moment, zone) and not any(a <= moment < b for a, b in pauses):
            if not left:
                return moment
            left -= step
            if not left:
                return moment + step
        moment += step


def after_cut_off(started, cut_off, zone):
    """Return when the clock starts: with the next day of the zone where its wall showed more than the cut-off."""
    wall = started.astimezone(zone)
    if wall.strftime("%H:%M") <= cut_off:
        return started
    moment = started
    while moment.astimezone(zone).date() == wall.date():
        moment += MINUTE
    return moment


moments = st.integers(0, 9 * 1440).map(lambda n: datetime(2026, 3, 25, tzinfo=UTC) + n * MINUTE)
spans = st.tuples(moments, st.integers(1, 2000)).map(lambda span: (span[0], span[0] + span[1] * MINUTE))
items_of_a_week = st.lists(
    st.tuples(moments, st.integers(1, 900), st.lists(spans, max_size=3)), min_size=1, max_size=12
)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("name", WEEKS)
@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(items=items_of_a_week)
def test_every_due_moment_is_the_one_a_walk_through_the_minutes_finds(name, zone, items):
    week, tz = WEEKS[name], ZoneInfo(zone)
    rows = [(n, started.isoformat(), minutes) for n, (started, minutes, _) in enumerate(items)]
    holds = [(n, a.isoformat(), b.isoformat()) for n, (_, _, pauses) in enumerate(items) for a, b in pauses]
    measure = {
        "items": "items", "id": "id", "started": "s", "done": "d", "calendar": "shop",
        "within": {"column": "minutes", "unit": "business minutes"},
        "paused": {"source": "holds", "id": "item", "from": "a", "to": "b"},
    }  # fmt: skip
    small = make_world(
        {"measure": measure},
        {"id": "integer", "s": "timestamptz", "minutes": "integer", "d": "timestamptz"},
        [(*row, None) for row in rows],
        timezone=zone,
        calendars={"shop": {"open": week, "holidays": {"extra": [CLOSED.isoformat()]}}},
        others={"holds": ({"item": "integer", "a": "timestamptz", "b": "timestamptz"}, holds)},
    )
    small.items("2027-01-01")
    found = [us for (us,) in small.con.sql("select due from judged order by item_id").fetchall()]
    expected = [runs_out(week, tz, started, minutes, pauses) for started, minutes, pauses in items]
    assert [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us) for us in found] == expected


ZONES = {
    "Europe/London": ("2026-03-27", "2026-10-23"),
    "America/New_York": ("2026-03-06", "2026-10-30"),
    "Australia/Lord_Howe": ("2026-04-03", "2026-10-02"),
}
"""Where the clocks change two days after these days, by an hour or by half of one."""


def dues(zone, week, rows, company="Europe/London", **more):
    """Return when items (started, minutes) fall due on a calendar of a zone, by the judge."""
    measure = {"items": "items", "id": "id", "started": "s", "done": "d", "calendar": "shop", **more}
    small = make_world(
        {"measure": {"within": {"column": "minutes", "unit": "business minutes"}, **measure}},
        {"id": "integer", "s": "timestamptz", "minutes": "bigint", "d": "timestamptz"},
        [(n, started.isoformat(), minutes, None) for n, (started, minutes) in enumerate(rows)],
        timezone=company,
        calendars={"shop": {"open": week, "timezone": zone, "holidays": {"extra": [CLOSED.isoformat()]}}},
    )
    small.items("2027-01-01")
    found = small.con.sql("select due from judged order by item_id").fetchall()
    return [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us) for (us,) in found]


@pytest.mark.parametrize(("zone", "begin"), [(zone, day) for zone, days in ZONES.items() for day in days])
@pytest.mark.parametrize("name", WEEKS)
def test_cut_offs_of_another_zone_and_no_length_at_all_agree_with_the_walk_on_both_nights(name, zone, begin):
    week, tz, any_ = WEEKS[name], ZoneInfo(zone), random.Random(f"{name} {zone} {begin}")
    first = datetime.fromisoformat(begin).replace(tzinfo=UTC)
    rows = [
        (first + any_.randint(0, 5 * 1440) * MINUTE, any_.choice([0, 0, any_.randint(1, 900)]))
        for _ in range(40)
    ]
    expected = [
        runs_out(week, tz, after_cut_off(started, "14:00", tz), minutes, []) for started, minutes in rows
    ]
    assert dues(zone, week, rows, cut_off="14:00") == expected


@pytest.mark.parametrize("zone", ZONES)
def test_lengths_of_years_agree_with_the_walk(zone):
    week = {"wed": ["09:00-12:30", "13:00-17:00"]}
    started = datetime(2026, 3, 4, 12, tzinfo=UTC)
    long = 7 * 52 * 450  # seven years of Wednesdays of seven and a half hours
    expected = runs_out(week, ZoneInfo(zone), started, long, [], timedelta(minutes=30))
    assert dues(zone, week, [(started, long)]) == [expected] and expected.year == 2033


SHORT_SATURDAY = {"mon-fri": ["08:00-18:00"], "sat": ["09:00-13:00"]}


EVERY_LENGTH = (0, 1, 2, 3)


@pytest.mark.parametrize("week", [WEEKS["office"], WEEKS["split"], SHORT_SATURDAY, "always"])
@pytest.mark.parametrize("unit", ["business days", "business hours", "calendar days", "hours"])
def test_what_starts_later_is_never_due_earlier(week, unit):
    """Whatever the calendar, the cut-off and the length: the due moment never goes back as the start goes on."""
    any_ = random.Random(f"{week} {unit}")
    for zone, hour in (("Europe/London", 14), ("America/New_York", any_.randint(3, 23))):
        starts = sorted(
            datetime(2026, 3, 25, tzinfo=UTC) + any_.randint(0, 9 * 1440) * MINUTE for _ in range(150)
        )
        rows = [(started, number) for number in EVERY_LENGTH for started in starts]
        within = {"column": "minutes", "unit": unit}
        found = dues(zone, week, rows, zone, cut_off=f"{hour}:00", within=within)
        for number in EVERY_LENGTH:
            of_length = found[number * len(starts) :][: len(starts)]
            assert of_length == sorted(of_length), (zone, hour, number)


@pytest.mark.parametrize("cut", ["09:00", "14:00", "21:00"])
@pytest.mark.parametrize("week", [*WEEKS.values(), SHORT_SATURDAY])
def test_business_days_after_a_cut_off_agree_with_a_walk_through_the_days(week, cut):
    """A day is used up at its cut-off, a closed day with the open day before it; then so many more closings."""
    zone, any_ = ZoneInfo("Europe/London"), random.Random(cut)
    rows = [
        (datetime(2026, 3, 25, tzinfo=UTC) + any_.randint(0, 9 * 1440) * MINUTE, number % 3)
        for number in range(90)
    ]
    within = {"column": "minutes", "unit": "business days"}
    found = dues("Europe/London", week, rows, cut_off=cut, within=within)
    ends = {
        day: closes(week, day, zone) for day in (date(2026, 3, 24) + timedelta(days=n) for n in range(30))
    }
    assert found == [closing(ends, started.astimezone(zone), cut, number) for started, number in rows]


def closing(ends, started, cut, number):
    """Return when the open day ends by which so many business days have passed, found by walking over days."""
    day, left = started.date(), number
    if not ends[day] or started.strftime("%H:%M") > cut:
        left += 1
    while left > 0 or not ends[day] or ends[day] <= started:
        day += timedelta(days=1)
        left -= bool(ends[day])
    return ends[day]


def closes(week, day, zone):
    """Return when a place closes for the day, at midnight the last moment of it; None on a day it stays closed."""
    minutes = (datetime(day.year, day.month, day.day, tzinfo=zone) + n * MINUTE for n in range(1440))
    last = [moment for moment in minutes if is_open(week, moment, zone)]
    if not last:
        return None
    end = last[-1].astimezone(UTC) + MINUTE
    return end if end.astimezone(zone).date() == day else end - timedelta(microseconds=1)
