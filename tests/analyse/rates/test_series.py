"""A promise over time, counted by hand and a second time in pandas.

October 2026            5 6 7 8 9 10 11 | 12 … 18 | 19 … 25 | 26 … 31 (Sat, as of) 1 Nov
kept/broken               3/1 … 1/0     |  none   |  4/4    |  2/0
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from aspromised.analyse.promises.claim import open_claim
from aspromised.analyse.rates.series import (
    SERIES_COLUMNS,
    counted_by_month,
    lately,
    lately_each,
    monthly_each,
    span_name,
    weekly,
    weekly_each,
)
from aspromised.analyse.windows.window import month_edges
from aspromised.chart.compliance import claim_ledger
from tests.analyse.shelf import shelf

LAST = date(2026, 10, 31)
PROMISE = [{"promise_id": "p"}, {"promise_id": "quiet"}]
VERSIONS = [
    {"version": 1, "from_day": "2026-09-01", "to_day": "2026-10-12", "target": 0.8},
    {"version": 2, "from_day": "2026-10-12", "to_day": None, "target": 0.9},
]
DAILY = [
    {"day": "2026-10-05", "version": 1, "kept": 3, "broken": 1},
    {"day": "2026-10-11", "version": 1, "kept": 1, "exempt": 2},
    {"day": "2026-10-20", "version": 1, "kept": 1, "broken": 1},
    {"day": "2026-10-25", "version": 2, "kept": 3, "broken": 3, "unknown": 1},
    {"day": "2026-10-26", "version": 2, "kept": 2},
    {"day": "2026-11-01", "version": 2, "open": 5},
    {"day": "2026-11-02", "version": 2, "open": 7},
    {"day": None, "version": 2, "unknown": 9},
    {"day": "2026-10-05", "version": 1, "segment": "region", "value": "north", "kept": 2},
    {"day": "2026-10-05", "version": 1, "segment": "region", "value": None, "kept": 1, "broken": 1},
]


@pytest.fixture
def snapshot():
    return shelf(promise=PROMISE, promise_version=VERSIONS, verdict_daily=DAILY)


def test_a_week_runs_from_the_companys_day_and_one_without_items_has_no_rate(snapshot):
    weeks = weekly(snapshot, "p", LAST, 4)
    assert tuple(weeks) == SERIES_COLUMNS
    assert [f"{day:%d.%m}" for day in weeks["first"]] == ["05.10", "12.10", "19.10", "26.10"]
    assert [f"{day:%d.%m}" for day in weeks["last"]] == ["11.10", "18.10", "25.10", "31.10"]
    assert list(weeks["kept"]) == [4, 0, 4, 2]
    assert list(weeks["broken"]) == [1, 0, 4, 0]
    assert list(weeks["exempt"]) == [2, 0, 0, 0]
    assert list(weeks["unknown"]) == [0, 0, 1, 0]
    assert list(weeks["open"]) == [0, 0, 0, 0]
    np.testing.assert_allclose(weeks["rate"], [0.8, np.nan, 0.5, 1.0])
    assert weeks[["low", "high"]].isna().any(axis=1).tolist() == [False, True, False, False]


def test_the_target_of_a_week_is_that_of_its_items_and_of_an_empty_week_the_one_in_force(snapshot):
    weeks = weekly(snapshot, "p", LAST, 4)
    np.testing.assert_allclose(weeks["target"], [0.8, 0.9, (2 * 0.8 + 6 * 0.9) / 8, 0.9])


def test_a_week_that_was_not_over_is_not_closed(snapshot):
    assert list(weekly(snapshot, "p", LAST, 4)["closed"]) == [True, True, True, False]


def test_what_is_chosen_bounds_the_weeks_and_one_it_cuts_off_is_not_whole(snapshot):
    weeks = weekly(snapshot, "p", date(2026, 10, 23), 2)
    assert [f"{day:%d.%m}" for day in weeks["last"]] == ["18.10", "23.10"]
    assert list(weeks["decided"]) == [0, 2]
    assert list(weeks["closed"]) == [True, False]
    assert list(weekly(snapshot, "p", date(2026, 10, 25), 1)["closed"]) == [True]


def test_before_the_first_version_there_is_no_target(snapshot):
    weeks = weekly(snapshot, "p", date(2026, 9, 3), 2)
    assert weeks["target"].isna().tolist() == [True, False]


def test_a_sunday_week_ends_on_a_saturday(snapshot):
    snapshot.con.execute("update meta set value = 'sunday' where key = 'week_starts'")
    weeks = weekly(snapshot, "p", LAST, 2)
    assert [f"{day:%a %d}" for day in weeks["last"]] == ["Sat 24", "Sat 31"]
    assert list(weeks["kept"]) == [1, 5]
    assert list(weeks["closed"]) == [True, True]


def test_a_segment_value_is_counted_alone_and_the_missing_value_has_a_name(snapshot):
    north = weekly(snapshot, "p", LAST, 4, "region", "north")
    nowhere = weekly(snapshot, "p", LAST, 4, "region", "(none)")
    assert list(north["kept"]) == [2, 0, 0, 0]
    assert list(nowhere["broken"]) == [1, 0, 0, 0]


def test_months_are_whole_and_the_same_items(snapshot):
    every = monthly_each(snapshot, date(2026, 11, 2), 2)
    months = every[every["promise_id"] == "p"]
    assert list(months["kept"]) == [10, 0]
    assert list(months["open"]) == [0, 12]
    assert list(months["closed"]) == [True, False]
    assert month_edges(date(2026, 11, 2), 2) == [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)]


def test_every_promise_has_its_weeks_and_they_are_those_it_has_alone(snapshot):
    each = weekly_each(snapshot, LAST, 4)
    assert each.groupby("promise_id").size().to_dict() == {"p": 4, "quiet": 4}
    alone = weekly(snapshot, "p", LAST, 4)
    pd.testing.assert_frame_equal(
        each[each["promise_id"] == "p"][list(SERIES_COLUMNS)].reset_index(drop=True), alone
    )


def test_a_promise_without_anything_is_weeks_of_nothing(snapshot):
    quiet = weekly(snapshot, "quiet", LAST, 3)
    assert list(quiet["decided"]) == [0, 0, 0]
    assert quiet[["rate", "low", "high", "target"]].isna().all(axis=None)


def test_pandas_finds_the_same_weeks(snapshot):
    rows = pd.DataFrame(DAILY).fillna({"kept": 0, "broken": 0, "segment": "(all)"})
    rows = rows[(rows["segment"] == "(all)") & rows["day"].notna()]
    rows["week"] = pd.to_datetime(rows["day"]).dt.to_period("W-SUN").dt.start_time
    second = rows.groupby("week")[["kept", "broken"]].sum()
    weeks = weekly(snapshot, "p", LAST, 4).set_index("first")[["kept", "broken"]]
    found = second.reindex(weeks.index).fillna(0)
    assert found.to_numpy().tolist() == weeks.to_numpy().tolist()


def test_a_promise_counted_by_the_month_is_told_in_months_not_in_weeks_of_which_most_are_empty():
    months = [{"day": f"2026-{month:02}-01", "kept": 90, "broken": 10} for month in range(1, 11)]
    daily = [{"promise_id": "w", "day": f"2026-10-{n:02}", "kept": 9, "broken": 1} for n in range(1, 30)]
    snapshot = shelf(
        promise=[{}, {"promise_id": "w"}],
        promise_version=[{}, {"promise_id": "w"}],
        verdict_daily=[*months, *daily],
    )
    assert counted_by_month(snapshot) == {"p"}
    table = lately(snapshot, "p", date(2026, 10, 31), 13)
    assert (span_name(table), list(table["decided"])) == ("month", [100, 100, 100])
    assert span_name(lately(snapshot, "w", date(2026, 10, 31), 13)) == "week"
    each = lately_each(snapshot, date(2026, 10, 31), 13).groupby("promise_id")
    assert {name: (span_name(rows), len(rows)) for name, rows in each} == {
        "p": ("month", 13),
        "w": ("week", 13),
    }
    for name, said in (("p", "months"), ("w", "weeks")):
        page = claim_ledger(open_claim(snapshot, name, "2026-10"))
        assert f"Each line of {said} has" in page.html + " ".join(page.notes)


def test_a_week_of_too_few_items_has_no_verdict_here_either():
    rows = [{"day": "2026-10-20", "kept": 0, "broken": 9}, {"day": "2026-10-27", "kept": 0, "broken": 10}]
    snapshot = shelf(promise=[{"at_least": 10}], promise_version=[{}], verdict_daily=rows)
    assert list(weekly(snapshot, "p", date(2026, 10, 31), 2)["status"]) == ["too few", "missed"]
