"""What is ahead of planned launches: trends that can be told, and those that cannot."""

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from aspromised.analyse.launches.outlook.planned import Planned, planned_launches
from aspromised.stats.random_walk import random_walk
from tests.analyse.shelf import shelf

TODAY = date(2026, 10, 31)
LAUNCH = date(2026, 11, 20)
"""20 days ahead."""


def made(
    kind: str,
    values: list[float | None],
    at_least: float = 0.9,
    met: bool = False,
    launched: date = LAUNCH,
    **more: Any,
) -> Planned:
    """A promotion with one gate and its newest daily values."""
    row = {
        "promotion_id": "s",
        "says": "S",
        "launched": f"{launched} 08:00",
        "leans_on": ["p"],
        "expects_demand": 0.2,
    }
    verdict = {
        "promotion_id": "s", "launched_day": launched, "judged_on": TODAY, "why": "so",
        "verdict": "planned_ready" if met else "planned_not_ready", "missing": [] if met else ["g"],
    }  # fmt: skip
    gate = {
        "promotion_id": "s", "position": 1, "gate": "g", "kind": kind, "asks_of": "picking", "optional": False,
        "needed": "enough", "evidence": "seen", "met": met, "at_least": None if kind == "sign-off" else at_least,
    }  # fmt: skip
    days = [
        {
            "promotion_id": "s",
            "position": 1,
            "day": TODAY - timedelta(days=n),
            "value": value,
            "met": met,
            "evidence": "",
        }
        for n, value in enumerate(reversed(values))
    ]
    tables = {"promotion": [row], "readiness": [verdict], "gate": [gate], "gate_daily": days}
    (found,) = planned_launches(shelf(str(TODAY), **tables, **more))
    return found


def wave(slope: float, days: int = 41, start: float = 0.8) -> list[float]:
    """Values that rise by `slope` a day, and by 0.01 more or less each other day."""
    return [start + slope * n + (0.01 if n % 2 else 0.0) for n in range(days)]


def test_the_drift_is_that_of_the_textbook():
    values = np.array(wave(0.001, 41))
    found = random_walk(values)
    assert found
    changes = np.diff(values)
    assert found.step == pytest.approx((values[-1] - values[0]) / 40) == pytest.approx(0.001)
    sigma = math.sqrt(((changes - changes.mean()) ** 2).sum() / 39)
    assert found.error(20) == pytest.approx(sigma * math.sqrt(20 * (1 + 20 / 40)))
    low, high = found.interval(20)
    assert high - low == pytest.approx(2 * stats.t.ppf(0.975, 39) * found.error(20))


def test_chances_below_and_above_a_bound_make_one():
    found = random_walk(np.array(wave(0.001)))
    assert found
    above, below = found.chance(20, 0.9, None), found.chance(20, None, 0.9)
    assert above and below and above + below == pytest.approx(1)
    assert found.chance(20, found.at(20), None) == pytest.approx(0.5)


def test_a_gap_in_the_values_makes_the_trend_begin_after_it():
    found = random_walk(np.array([*wave(0.5, 30), np.nan, *wave(0.001, 30)]))
    assert found and found.days == 30 and found.step == pytest.approx(0.001, abs=0.001)
    assert random_walk(np.array([*wave(0.001, 50), np.nan, *wave(0.001, 27)])) is None


def test_a_gate_that_rises_is_met_from_the_day_its_trend_reaches_what_is_needed():
    (outlook,) = made("sql", wave(0.002, start=0.8), at_least=0.899).outlooks
    last = 0.8 + 0.002 * 40
    assert outlook.expected == pytest.approx(last + 20 * 0.002)
    assert outlook.low is not None and outlook.high is not None
    assert outlook.low < outlook.expected < outlook.high
    assert outlook.supported_on == TODAY + timedelta(days=math.ceil((0.899 - last) / 0.002))
    assert outlook.chance is not None and 0.5 < outlook.chance < 1


def test_a_gate_that_falls_is_not_met_on_its_trend():
    found = made("sql", wave(-0.002, start=0.8), at_least=0.9)
    (outlook,) = found.outlooks
    assert outlook.supported_on is None
    assert "Not met on this trend" in outlook.ahead
    assert found.earliest is None
    assert (
        found.earliest_in_words
        == "History supports no date: g is not met on its trend, or too little is known."
    )


@pytest.mark.parametrize(
    ("values", "launched", "says"),
    [
        (
            wave(0.001, 27),
            LAUNCH,
            "Too few days to tell what is ahead: a trend needs 28 days of values without a gap.",
        ),
        (
            wave(0.001, 40),
            date(2027, 1, 31),
            "The launch is 92 days ahead, and the trend is known for 40: too far to tell.",
        ),
        ([0.8] * 40, LAUNCH, "It has not changed in 40 days."),
    ],
)
def test_what_cannot_be_told_says_so_and_has_no_chance(values, launched, says):
    (outlook,) = made("sql", values, launched=launched).outlooks
    assert (outlook.ahead, outlook.chance) == (says, None)


def test_a_sign_off_has_no_chance_only_whether_it_is_signed():
    found = made("sign-off", [])
    (outlook,) = found.outlooks
    assert (outlook.chance, outlook.ahead) == (None, "Nobody can say when somebody signs.")
    assert found.earliest_in_words == "Not before g is signed off."
    assert made("sign-off", [], met=True).outlooks[0].ahead == "Signed."


def test_a_kept_rate_is_never_told_beyond_its_bounds():
    (outlook,) = made("promise", [min(value, 1.0) for value in wave(0.01, 41, 0.7)], met=True).outlooks
    assert outlook.high == 1.0


def test_headroom_ahead_goes_by_the_capacity_that_is_planned_and_the_trend_of_the_usual_load():
    days = [TODAY + timedelta(days=n) for n in range(-40, 41)]
    load = [
        {
            "capacity": "picking",
            "day": day,
            "available": 140.0 if day < LAUNCH else 120.0,
            "usual": 100 + min(n, 40) * 0.1 + (0.2 if n % 2 else 0),
            "expected_uplift": 0.2 if day >= LAUNCH else 0.0,
        }
        for n, day in enumerate(days)
    ]
    (outlook,) = made("capacity", [0.1] * 41, at_least=0.1, load_daily=load).outlooks
    usual = 104 + 20 * 0.1
    assert outlook.expected == pytest.approx(120 / (usual * 1.2) - 1)
    assert outlook.low is not None and outlook.low < outlook.expected
    assert outlook.as_today == pytest.approx(120 / (load[40]["usual"] * 1.2) - 1), (
        "as the next quarter's weeks count it"
    )
    assert "with the usual load as it is today: met with a chance" in outlook.ahead
    assert outlook.supported_on == TODAY, "today's capacity would carry it with its own uplift"
    assert outlook.chance is not None and outlook.chance < 0.01


def test_a_planned_launch_that_leans_on_a_promise_whose_budget_is_spent_is_warned_of():
    spent = {
        "promise": [{"budget_policy": "No new promotion leans on it"}],
        "promise_version": [{}],
        "verdict_daily": [{"day": "2026-10-10", "kept": 50, "broken": 50}],
    }
    found = made("sign-off", [], met=True, **spent)
    assert found.warnings == (
        "It leans on “Here in 2 days”, whose budget of misses is spent: “No new promotion leans on it”.",
    )
    assert found.is_go and found.sentence == "“S”, planned for 20 Nov 2026, in 20 days: go, as of today."
    kept = spent | {"verdict_daily": [{"day": "2026-10-10", "kept": 99, "broken": 1}]}
    assert made("sign-off", [], met=True, **kept).warnings == ()


def test_what_is_missing_is_said():
    assert made("sign-off", []).sentence == "“S”, planned for 20 Nov 2026, in 20 days: not yet; missing: g."
