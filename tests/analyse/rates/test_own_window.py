"""Each promise over the window it declares, and one promise period by period."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from aspromised.analyse.rates.own_window import PERIOD_COLUMNS, own_window, own_windows, period_by_period
from aspromised.analyse.rates.status import statuses
from aspromised.analyse.windows.window import Window
from aspromised.words.problems import AsPromisedError
from tests.analyse.shelf import shelf

AS_OF = "2026-10-14"
WINDOWS = {"a": "month", "b": "week", "c": "fiscal quarter", "d": "rolling 28 days", "e": None}
VERSIONS = [
    {"version": 1, "to_day": "2026-08-15", "target": 0.8},
    {"version": 2, "from_day": "2026-08-15", "target": 0.9},
]


@pytest.fixture
def snapshot() -> Any:
    """One item kept each day from 1 August on, by every promise."""
    daily = [
        {"promise_id": name, "day": f"{day:%Y-%m-%d}", "kept": 1}
        for name in WINDOWS
        for day in pd.date_range("2026-08-01", AS_OF)
    ]
    made = shelf(
        AS_OF,
        promise=[{"promise_id": name, "window": window} for name, window in WINDOWS.items()],
        promise_version=[{"promise_id": name} for name in WINDOWS],
        verdict_daily=daily,
    )
    made.con.execute("insert into meta values ('fiscal_year_starts', 'september')")
    return made


def test_each_promise_is_counted_over_the_period_that_holds_the_day(snapshot: Any) -> None:
    table = statuses(snapshot, own_windows(snapshot)).set_index("promise_id")
    assert table["kept"].to_dict() == {"a": 14, "b": 3, "c": 44, "d": 28, "e": 14}
    earlier = statuses(snapshot, own_windows(snapshot, date(2026, 9, 6))).set_index("promise_id")
    assert earlier["kept"].to_dict() == {"a": 30, "b": 7, "c": 44, "d": 28, "e": 30}


def test_over_its_own_window_a_promise_stands_as_over_that_window(snapshot: Any) -> None:
    own = statuses(snapshot, own_windows(snapshot))
    for name, kind in WINDOWS.items():
        alone = statuses(snapshot, own_window(snapshot, name))
        pd.testing.assert_frame_equal(
            own[own["promise_id"] == name], alone[alone["promise_id"] == name], obj=f"{name}: {kind}"
        )


def test_a_promise_that_is_not_there_has_no_window(snapshot: Any) -> None:
    with pytest.raises(AsPromisedError, match="there is no promise 'z'"):
        own_window(snapshot, "z")


def test_period_by_period_names_the_target_the_version_and_what_is_not_closed() -> None:
    daily = [
        {"day": "2026-07-10", "version": 1, "kept": 84, "broken": 16},
        {"day": "2026-08-10", "version": 1, "kept": 90, "broken": 10},
        {"day": "2026-08-20", "version": 2, "kept": 90, "broken": 10},
        {"day": "2026-10-10", "version": 2, "kept": 60, "broken": 40},
    ]
    made = shelf(AS_OF, promise=[{}], promise_version=VERSIONS, verdict_daily=daily)
    table = period_by_period(made, "p", Window.month("2026-10"), 4)
    assert tuple(table.columns) == PERIOD_COLUMNS
    told = [(row.label, row.versions, row.closed, row.decided, row.status) for row in table.itertuples()]
    assert told == [
        ("July 2026", "1", True, 100, "too close to call"),
        ("August 2026", "1 to 2", True, 200, "kept"),
        ("September 2026", "2", True, 0, "no data"),
        ("October 2026, not closed yet (to 14 Oct 2026)", "2", False, 100, "missed"),
    ]
    assert table["target"].round(4).tolist() == [0.8, 0.85, 0.9, 0.9]
    assert table["gap_items"].tolist() == [4, 10, 0, -30]


def test_periods_are_what_their_windows_count(snapshot: Any) -> None:
    for name in WINDOWS:
        newest = own_window(snapshot, name)
        table = period_by_period(snapshot, name, newest, 5)
        assert table["first"].iloc[-1].date() == newest.first
        for row in table.itertuples():
            window = Window(row.first.date(), row.last.date())
            alone = statuses(snapshot, window).set_index("promise_id").loc[name]
            assert (row.decided, row.status) == (alone["decided"], alone["status"]), (name, row.label)


def test_a_promise_of_consistency_has_the_status_of_its_spread_in_each_window() -> None:
    """Two regions alike in September, 40 points apart in October."""
    regions = [
        {"day": f"2026-{month}-05", "segment": "region", "value": region, "kept": kept, "broken": 200 - kept}
        for month, rates in (("09", {"north": 180, "south": 180}), ("10", {"north": 190, "south": 110}))
        for region, kept in rates.items()
    ]
    made = shelf(
        AS_OF,
        promise=[
            {"segments": ["region"]},
            {"promise_id": "even", "kind": "spread", "spread_of": "p", "across": "region", "at_most": 0.05},
        ],
        promise_version=[{}],
        verdict_daily=regions,
    )
    table = period_by_period(made, "even", Window.month("2026-10"), 2)
    for row, month in zip(table.itertuples(), ("2026-09", "2026-10"), strict=True):
        alone = statuses(made, Window.month(month)).set_index("promise_id").loc["even"]
        assert (row.status, row.gap) == (alone["status"], pytest.approx(alone["gap"]))
    assert table["gap"].iloc[0] == pytest.approx(0.05) and table["gap"].iloc[1] < -0.2
    assert "no data" not in set(table["status"])
