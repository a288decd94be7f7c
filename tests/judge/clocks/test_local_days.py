"""Local days by integer arithmetic agree with the zone database, instant by instant."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspromised.judge.clocks.local_days import EPOCH, LocalDays
from aspromised.sql.duckdb import DuckDB

ZONES = ["UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Beirut", "Atlantic/Azores"]  # fmt: skip


def evaluate(days: LocalDays, macro: str, values: list[int]) -> list[int]:
    con = DuckDB(duckdb.connect())
    for statement in days.macros():
        con.execute(statement)
    rows = ", ".join(f"({i}, {value})" for i, value in enumerate(values))
    return [
        row[0] for row in con.sql(f"select {macro}(v) from (values {rows}) t(i, v) order by i").fetchall()
    ]


def micros(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=25)
@given(instants=st.lists(st.datetimes(datetime(2015, 1, 1), datetime(2019, 12, 31)), min_size=1, max_size=40))
def test_every_instant_falls_on_its_local_day(zone, instants):
    days = LocalDays(ZoneInfo(zone), 2015, 2019)
    aware = [instant.replace(tzinfo=UTC) for instant in instants]
    expected = [(instant.astimezone(ZoneInfo(zone)).date() - EPOCH).days for instant in aware]
    assert evaluate(days, "local_day", [micros(a) for a in aware]) == expected


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_begins_at_its_first_instant(zone):
    days = LocalDays(ZoneInfo(zone), 2015, 2019)
    numbers = list(range((date(2015, 1, 1) - EPOCH).days, (date(2019, 12, 31) - EPOCH).days))
    begins = evaluate(days, "day_start", numbers)
    assert evaluate(days, "local_day", begins) == numbers
    assert [days.start_of(EPOCH + timedelta(days=n)) for n in numbers] == begins
    just_before = [begin - 1 for begin in begins]
    assert evaluate(days, "local_day", just_before) == [number - 1 for number in numbers]


def test_days_before_1970_are_days_too():
    days = LocalDays(ZoneInfo("UTC"), 1960, 1971)
    instant = micros(datetime(1965, 5, 5, 12, tzinfo=UTC))
    assert evaluate(days, "local_day", [instant]) == [(date(1965, 5, 5) - EPOCH).days]
