"""A period is closed when its last day is over: not at noon of that day, and not a minute before its end."""

from datetime import date

import pytest

from aspromised.analyse.budget.budget import budget
from aspromised.analyse.gaps.gap import gap
from aspromised.analyse.launches.detail.weeks import weeks_around
from aspromised.analyse.promises.compliance import compliance_summary
from aspromised.analyse.rates.series import series
from aspromised.analyse.review import review
from aspromised.analyse.robustness.doubts import doubts
from aspromised.analyse.windows.window import Window
from aspromised.notebook.choices import months
from tests.analyse.shelf import shelf

MONTH = Window.month("2026-10")
PROMISES = [{"promise_id": "p"}]
ROWS = [{"day": f"2026-10-{n:02}", "kept": 9, "broken": 1} for n in range(1, 32)]
CELLS = [{"day": f"2026-10-{n:02}", "kept": 9, "broken": 1} for n in range(5, 32)]


def at(moment: str):
    """Return a snapshot as of a moment of the last day of October, which is a Saturday."""
    versions = [{"from_day": None}]
    found = shelf(
        "2026-10-31", promise=PROMISES, promise_version=versions, verdict_daily=ROWS, launch_cell=CELLS
    )
    found.con.execute("update meta set value = ? where key = 'as_of'", [f"2026-10-31T{moment}+00:00"])
    return found


@pytest.mark.parametrize(
    ("moment", "closed"),
    [("00:00:00", False), ("12:00:00", False), ("23:59:59", False), ("23:59:59.999999", True)],
)
def test_a_month_is_closed_when_its_last_day_is_over_wherever_that_is_said(moment, closed):
    snapshot = at(moment)
    told = "October 2026" if closed else "October 2026, not closed yet (to 31 Oct 2026)"
    assert compliance_summary(snapshot, MONTH).when == told
    assert budget(snapshot, "p", MONTH).is_closed is closed
    assert review(snapshot, "2026-10").is_closed is closed
    assert bool(review(snapshot, "2026-10").not_final) is not closed
    found = doubts(snapshot, "p", MONTH)
    assert found is not None and bool(found._early) is not closed
    assert ("not closed yet" in gap(snapshot, "p", MONTH).sentence) is not closed
    assert [choice.label for choice in months(snapshot, {})] == [
        "October 2026" if closed else "October 2026, not closed yet"
    ]
    edges = [date(2026, 10, 1), date(2026, 11, 1)]
    assert list(series(snapshot, "p", edges)["closed"]) == [closed]
    weeks = weeks_around(snapshot, ["p"], date(2026, 10, 11), date(2026, 10, 31))
    assert bool(weeks[weeks["last"].astype(str) == "2026-10-31"]["closed"].iloc[0]) is closed
