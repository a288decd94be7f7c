"""What a reader may choose, as the snapshot knows it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from aspromised.notebook.choices import chosen_window, weeks


def known(as_of_day: str, *months: date) -> Any:
    """Return a snapshot of a day that has items due in `months`, newest first."""
    rows = pd.DataFrame({"month": pd.Series(months, dtype=object)})
    return SimpleNamespace(meta={"as_of_day": as_of_day}, query=lambda *_: rows)


@pytest.mark.parametrize(
    ("as_of_day", "number"), [("2026-10-05", 2), ("2026-10-04", 1), ("2026-10-11", 2), ("2026-10-12", 3)]
)
def test_weeks_go_from_that_in_which_the_first_month_began_to_that_of_the_snapshot(
    as_of_day: str, number: int
) -> None:
    found = weeks(known(as_of_day, date(2026, 10, 1)), {})  # a Thursday
    assert len(found) == number and found[-1].value == "2026-09-28"
    assert found[-1].label == "week 40 of 2026 (28 Sep to 4 Oct)"
    assert weeks(known(as_of_day), {}) == []


def test_a_week_chosen_is_the_window_whatever_month_and_kind_are() -> None:
    over = chosen_window("2026-05", "quarter", known("2026-10-12"), week="2026-10-05")
    assert (over.first, over.last) == (date(2026, 10, 5), date(2026, 10, 11))
