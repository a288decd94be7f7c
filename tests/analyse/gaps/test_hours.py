"""Broken rates by hour and weekday."""

from aspromised.analyse.gaps.hours import HOUR_COLUMNS, hours
from aspromised.analyse.rates.scope import Scope
from aspromised.analyse.windows.window import Window
from tests.analyse.shelf import shelf

OCTOBER = Scope("p", Window.month("2026-10"))


def snapshot(*segments):
    cells = [
        {"day": "2026-10-05", "hour": "9", "weekday": "Tuesday", "kept": 3, "broken": 1},
        {"day": "2026-08-05", "hour": "9", "weekday": "Tuesday", "kept": 0, "broken": 1},
        {"day": "2026-10-05", "hour": "10", "weekday": "Monday", "kept": 2, "broken": 0},
        {"day": "2026-10-05", "hour": "9", "weekday": "Monday", "kept": 0, "broken": 0, "open": 4},
        {"day": "2025-10-05", "hour": "9", "weekday": "Monday", "kept": 0, "broken": 9},
    ]
    return shelf(promise=[{"segments": list(segments)}], segments=["hour", "weekday"], verdict_cell=cells)


def test_half_a_year_is_counted_in_order_of_the_clock():
    table = hours(snapshot("hour", "weekday"), OCTOBER)
    assert tuple(table) == HOUR_COLUMNS
    assert table.values.tolist() == [["9", "Tuesday", 5, 2, 0.4], ["10", "Monday", 2, 0, 0.0]]


def test_a_promise_that_does_not_declare_both_has_no_such_table():
    assert hours(snapshot("hour"), OCTOBER).empty
    assert hours(snapshot("weekday"), OCTOBER).empty
