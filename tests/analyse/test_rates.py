"""How a kept rate meets its target: intervals, statuses of what is not all decided, and the targets of an item's own version."""

import math
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from aspromised.analyse.launches.detail.weeks import weeks_around
from aspromised.analyse.rates.figures import figures, statuses_of
from aspromised.analyse.rates.series import weekly
from aspromised.analyse.rates.status import segment_statuses, statuses
from aspromised.analyse.rates.versions import in_force
from aspromised.analyse.robustness.doubts import doubts
from aspromised.analyse.windows.window import Window
from aspromised.stats.proportion import is_below, items_required, wilson
from tests.analyse.shelf import shelf

OCTOBER = Window.month("2026-10")
MOST = 10_000


def test_the_interval_ends_at_one_where_all_are_kept_and_at_zero_where_none_is() -> None:
    decided = np.arange(1, MOST + 1)
    assert (wilson(decided, decided)[1] == 1.0).all()
    assert (wilson(0 * decided, decided)[0] == 0.0).all()


def test_the_interval_is_that_of_the_textbook_and_holds_the_rate() -> None:
    rng = np.random.default_rng(8)
    decided = rng.integers(1, MOST, 400)
    kept = rng.integers(0, decided + 1)
    low, high = wilson(kept, decided)
    for k, n, lower, upper in zip(kept, decided, low, high, strict=True):
        known = binomtest(int(k), int(n)).proportion_ci(method="wilson")
        assert lower == pytest.approx(known.low, abs=1e-12) and upper == pytest.approx(known.high, abs=1e-12)
        assert 0 <= lower <= k / n <= upper <= 1


def test_all_kept_at_a_target_of_all_is_never_missed() -> None:
    decided = np.arange(1, MOST + 1)
    assert set(statuses_of(decided, decided, 1.0)) == {"too close to call"}
    assert set(statuses_of(decided - 1, decided, 1.0)) == {"missed"}
    assert set(statuses_of(0 * decided, decided, 0.0)) == {"kept"}


def test_a_status_is_that_of_the_score_test_in_rational_numbers() -> None:
    """The Wilson interval leaves a target where n (p - t)² > z² t (1 - t): exact but for z."""
    rng = np.random.default_rng(80)
    z2 = Fraction(1.959963984540054) ** 2
    for _ in range(2000):
        n = int(rng.integers(1, 2000))
        k, percent = int(rng.integers(n // 2, n + 1)), int(rng.integers(50, 101))
        t, p = Fraction(percent, 100), Fraction(k, n)
        outside = n * (p - t) ** 2 > z2 * t * (1 - t)
        expected = ("kept" if p > t else "missed") if outside else "too close to call"
        assert statuses_of([k], [n], percent / 100) == [expected], (k, n, t)


@pytest.mark.parametrize("percent", [2, 55, 57, 95, 99])
def test_a_rate_that_is_the_target_is_not_below_it_nor_an_item_short(percent: int) -> None:
    for times in (1, 3, 7, 11, 123, 99_999):
        decided, kept = 100 * times, percent * times
        assert not is_below(kept / decided, percent / 100)
        assert items_required(decided, percent / 100) == kept
        assert items_required(decided + 1, percent / 100) == kept + 1


def world(rows: list[dict[str, object]], as_of: str = "2026-10-31", at_least: int = 30, **more: object):
    versions = [
        {"version": 1, "target": 0.9, "to_day": "2026-10-16"},
        {"version": 2, "target": 0.98, "from_day": "2026-10-16"},
    ]
    return shelf(
        as_of,
        ("region",),
        promise=[{"at_least": at_least, **more}],
        promise_version=versions,
        verdict_daily=rows,
    )


def test_each_segment_is_held_against_what_its_own_items_were_promised() -> None:
    """North was promised 90 % and kept 94 %; south was promised 98 % and kept 99.5 %. On the whole 94 % were asked."""
    north = {"day": "2026-10-05", "version": 1, "kept": 940, "broken": 60}
    south = {"day": "2026-10-20", "version": 2, "kept": 995, "broken": 5}
    rows = [
        north,
        south,
        *({**row, "segment": "region", "value": name} for row, name in ((north, "N"), (south, "S"))),
    ]
    snapshot = world(rows)
    whole = statuses(snapshot, OCTOBER).iloc[0]
    assert (whole["target"], whole["gap_items"]) == (0.94, 55)
    parts = segment_statuses(snapshot, "p", OCTOBER).set_index("value")
    assert parts["target"].to_dict() == {"N": 0.9, "S": 0.98}
    assert parts["status"].to_dict() == {"N": "kept", "S": "kept"}
    assert parts["gap_items"].to_dict() == {"N": 40, "S": 15}


def test_the_target_is_that_of_the_version_that_judged_an_item_not_of_the_day_it_is_counted_on() -> None:
    """Started under the first version, due after the second began."""
    snapshot = world([{"day": "2026-10-17", "version": 1, "kept": 930, "broken": 70}])
    assert statuses(snapshot, OCTOBER)[["target", "status"]].values.tolist() == [[0.9, "kept"]]
    week = weekly(snapshot, "p", OCTOBER.last, 3).iloc[0]
    assert (week["target"], week["status"]) == (0.9, "kept")


def test_before_anything_was_promised_the_version_is_the_first_and_has_not_begun() -> None:
    versions = pd.DataFrame(
        {
            "promise_id": "p",
            "version": [1, 2],
            "from_day": ["2026-02-01", "2026-03-01"],
            "target": [0.9, 0.95],
        }
    )
    days = pd.date_range("2026-01-01", "2026-04-01")
    found = in_force(versions, ["p"] * len(days), days)
    for day, version, begun in zip(days, found["version"], found["has_begun"], strict=True):
        assert version == (2 if day >= pd.Timestamp("2026-03-01") else 1)
        assert begun == (day >= pd.Timestamp("2026-02-01"))
    nobody = in_force(versions, ["p", "nobody"], [None, None])
    assert nobody["version"].tolist()[0] == 2 and math.isnan(nobody["version"].iloc[1])


def so_far(kept: int, broken: int, still_open: int, target: float) -> pd.Series:
    counts = {
        "kept": kept,
        "broken": broken,
        "open": still_open,
        "exempt": 0,
        "unknown": 0,
        "not_promised": 0,
    }
    settled = {
        "settled_kept": kept,
        "settled_broken": broken,
        "settled_open": still_open,
        "settled_target": target,
    }
    return figures(pd.DataFrame([{**counts, **settled, "target": target, "at_least": 30}])).iloc[0]


def test_what_waits_for_open_items_is_called_neither_kept_nor_missed_unless_they_cannot_turn_it() -> None:
    waiting = so_far(490, 30, 107, 0.90)
    assert (waiting["status"], waiting["waits_for"]) == ("too close to call", 107)
    assert waiting["rate_if_all_broken"] == 490 / 627 and waiting["rate_if_all_kept"] == 597 / 627
    assert so_far(980, 10, 10, 0.90)["status"] == "kept"
    assert so_far(500, 400, 20, 0.90)["status"] == "missed"
    assert so_far(500, 100, 600, 0.90)["status"] == "too close to call"


def test_no_future_of_the_open_items_contradicts_what_was_said() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        kept, broken, still_open = (int(n) for n in rng.integers([30, 0, 0], [400, 60, 60]))
        said = so_far(kept, broken, still_open, 0.9)["status"]
        more = np.arange(still_open + 1)
        then = statuses_of(kept + more, kept + broken + still_open, 0.9, 30)
        assert said == "too close to call" or set(then) == {said}


def test_counted_on_the_day_they_started_open_items_keep_a_window_from_being_called() -> None:
    """240 kept and 20 broken look like 92.3 %; of the 40 still open nothing is known."""
    rows = [{"day": "2026-10-29", "version": 1, "kept": 240, "broken": 5, "open": 40}]
    [row] = statuses(world(rows, counted="started"), OCTOBER).to_dict("records")
    assert (row["status"], row["waits_for"]) == ("too close to call", 40)
    [row] = statuses(world([{**rows[0], "open": 0}], counted="started"), OCTOBER).to_dict("records")
    assert (row["status"], row["waits_for"]) == ("kept", 0)


def test_what_is_kept_early_in_a_month_that_is_not_over_does_not_make_it_kept() -> None:
    """By the 10th, 85 % of what was due is kept; of what is due later only the early ones are known: they are in no rate."""
    rows = [
        {"day": "2026-10-05", "version": 1, "kept": 340, "broken": 60},
        {"day": "2026-10-20", "version": 1, "kept": 900, "open": 700},
    ]
    [row] = statuses(world(rows, "2026-10-10"), OCTOBER).to_dict("records")
    assert (row["rate"], row["status"], row["waits_for"]) == (0.85, "missed", 0)
    assert (row["open"], row["rate_if_all_kept"], row["rate_if_all_broken"]) == (700, 0.85, 0.85)
    assert statuses(world(rows, "2026-10-10"), Window.month("2026-11"))["status"].tolist() == ["no data"]


def test_a_month_that_is_not_over_is_called_where_what_is_over_says_the_same() -> None:
    """Open items that are due on days to come do not make every current month too close to call."""
    rows = [
        {"day": "2026-10-05", "version": 1, "kept": 2900, "broken": 100},
        {"day": "2026-10-20", "version": 1, "kept": 900, "open": 1700},
    ]
    [row] = statuses(world(rows, "2026-10-10"), OCTOBER).to_dict("records")
    assert (row["status"], row["waits_for"]) == ("kept", 0)


def test_another_definition_is_held_against_what_the_items_it_counts_were_promised() -> None:
    """Due in October 100 items promised at 90 %; started in it 100 others, promised at 98 %."""
    due = {"day": "2026-10-05", "version": 1, "kept": 97, "broken": 3}
    of_september = {"day": "2026-10-05", "due_day": "2026-10-05", "started_day": "2026-09-30", "version": 1}
    of_october = {"day": "2026-11-02", "due_day": "2026-11-02", "started_day": "2026-10-30", "version": 2}
    basis = [
        {**each, "verdict": verdict, "on_limit": False, "items": items}
        for each in (of_september, of_october)
        for verdict, items in (("kept", 97), ("broken", 3))
    ]
    versions = [{"version": 1, "target": 0.9}, {"version": 2, "target": 0.98, "from_day": "2026-10-16"}]
    snapshot = shelf(
        "2026-11-30", promise=[{}], promise_version=versions, verdict_daily=[due], basis_daily=basis
    )
    found = doubts(snapshot, "p", OCTOBER)
    assert found is not None
    table = found.definitions.set_index("definition")
    assert table.loc["declared", ["target", "status"]].tolist() == [0.9, "kept"]
    assert table.loc["counted started", ["decided", "target", "status"]].tolist() == [
        100,
        0.98,
        "too close to call",
    ]


def test_the_weeks_around_a_launch_wait_for_what_is_open_and_go_by_the_version_of_the_start() -> None:
    cells = [
        {"day": "2026-10-14", "kept": 900, "broken": 20, "open": 0},
        {"day": "2026-10-20", "kept": 955, "broken": 5, "open": 40},
        {"day": "2026-10-27", "kept": 900, "broken": 60, "open": 0},
    ]
    versions = [
        {"version": 1, "target": 0.94, "claim": "In 3 days"},
        {"version": 2, "target": 0.96, "claim": "In 2 days", "from_day": "2026-10-16"},
    ]
    snapshot = shelf(promise=[{}], promise_version=versions, launch_cell=cells)
    weeks = weeks_around(snapshot, ["p"], date(2026, 10, 19), date(2026, 10, 31))
    assert weeks["claim"].tolist() == ["In 3 days", "In 2 days", "In 2 days"]
    assert weeks["target"].tolist() == [0.94, 0.96, 0.96]
    assert weeks["status"].tolist() == ["kept", "too close to call", "missed"]
    assert weeks["waits_for"].tolist() == [0, 40, 0]


def test_a_promise_that_cannot_be_read_has_no_status_and_spoils_no_other() -> None:
    unread = {
        "promise_id": "unread",
        "target": None,
        "at_least": None,
        "kind": None,
        "problem": "unknown key",
    }
    rows = [{"day": "2026-10-05", "kept": 99, "broken": 1}]
    found = statuses(shelf(promise=[{}, unread], promise_version=[{}], verdict_daily=rows), OCTOBER)
    assert found["status"].tolist() == ["kept", None]
