"""Bunching just under a limit: seen against what the neighbours lead to expect, and said as "look here"."""

import numpy as np
import pytest
from scipy.stats import binomtest

from aspromised.analyse.robustness.bunching import around, bunching, caliper
from aspromised.analyse.windows.window import Window
from aspromised.judge.clocks.lateness import LOG_BUCKET
from tests.analyse.shelf import shelf

OCTOBER = Window.month("2026-10")


def buckets(late: np.ndarray) -> dict[int, int]:
    """Return a histogram as the judge's, of lateness in seconds."""
    log = np.floor(np.log(np.maximum(np.abs(late), 1e-9)) / LOG_BUCKET).astype(int)
    signed = np.where(np.abs(late) < 1, 0, np.where(late < 0, -1 - log, 1 + log))
    values, counts = np.unique(signed, return_counts=True)
    return {int(value): int(number) for value, number in zip(values, counts, strict=True)}


def test_the_worked_examples() -> None:
    """Honest 245 against 214 (p .16), pulled under 466 against 107."""
    assert caliper(245, 214) == pytest.approx(0.16, abs=0.005)
    assert caliper(466, 107) < 1e-50
    assert caliper(0, 0) == 1.0


def test_a_sloping_but_smooth_density_is_nothing_unusual() -> None:
    """Four hours promised, items thinning out towards it: a fifty-fifty caliper would cry wolf."""
    rng = np.random.default_rng(3)
    late = rng.triangular(-4800, -4800, 4800, 40_000)
    found = around(buckets(late), 1200.0)
    near = found.under + found.over
    assert binomtest(found.under, near, 0.5).pvalue < 1e-6
    assert found.p_value > 0.05
    assert not found.stands_out
    assert found.sentence.endswith("nothing unusual.")


def test_items_pulled_under_the_limit_stand_out_and_nobody_is_accused() -> None:
    rng = np.random.default_rng(3)
    late = rng.uniform(-4800, 4800, 4000)
    pulled = (late > 0) & (late < 1000) & (rng.random(4000) < 0.7)
    found = around(buckets(np.where(pulled, -late, late)), 1200.0)
    assert found.stands_out
    assert found.sentence.startswith("Look here: Within 20 min of the limit")
    assert "cheat" not in found.sentence


def test_the_bands_are_counted_as_numpy_counts_them() -> None:
    late = np.random.default_rng(5).normal(-500, 1500, 20_000)
    found = around(buckets(late), 1200.0)
    edge, outer = found.seconds, np.exp(round(np.log(2400) / LOG_BUCKET) * LOG_BUCKET)
    assert edge == pytest.approx(1200, rel=0.03)
    assert found.under == ((late <= -1) & (late > -edge)).sum()
    assert found.over == ((late >= 1) & (late < edge)).sum()
    assert found.below == ((late <= -edge) & (late > -outer)).sum()
    assert found.at_limit == (np.abs(late) < 1).sum()


def test_only_the_version_in_force_is_looked_at_and_the_end_of_a_day_is_no_limit_to_bunch_at() -> None:
    def told(length: str):
        rows = [
            {"day": "2026-10-05", "version": version, "segment": "(all)", "value": "(all)", "bucket": -100, "items": 60}
            for version in (1, 2)
        ]  # fmt: skip
        versions = [{"version": 1, "length": "9 hours"}, {"version": 2, "length": length}]
        return bunching(shelf(promise=[{}], promise_version=versions, lateness_daily=rows), "p", OCTOBER)

    assert told("4 hours").under == 60
    assert told("2 calendar days") is None
    assert told("1 business day") is None


def test_few_items_near_the_limit_are_too_few() -> None:
    assert "too few to see" in around({-100: 10, 100: 2}, 1200.0).sentence
