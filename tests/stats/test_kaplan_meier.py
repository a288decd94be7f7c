"""The product-limit estimate against published figures, scipy, and shares that can be counted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from aspromised.stats.competing_risks import at_risk_by_step, chance_by_step
from aspromised.stats.kaplan_meier import kaplan_meier

FREIREICH = [6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
"""Weeks in remission on 6-mercaptopurine: over, and not over yet (Freireich et al., Blood 21, 1963; Gehan 1965)."""


def test_the_remissions_of_freireich() -> None:
    over, open_ = FREIREICH
    curve = kaplan_meier([*over, *open_], [True] * len(over) + [False] * len(open_))
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.survival.round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert (round(float(curve.low[0]), 4), round(float(curve.high[0]), 4)) == (0.6197, 0.9516)
    assert curve.first_at_most(0.5) == 23
    assert curve.first_at_most(0.05) == float("inf")
    assert (curve.at(5.9), curve.at(6), curve.at(100)) == (1.0, curve.survival[0], curve.survival[-1])
    # the median is taken where the band reaches a half: from 13 weeks on, without an upper end
    assert float(curve.times[np.flatnonzero(curve.low <= 0.5)[0]]) == 13 and not (curve.high <= 0.5).any()


lengths = st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=30)


@given(lengths)
def test_it_is_what_scipy_says(drawn: list[tuple[int, bool]]) -> None:
    times, over = [t for t, _ in drawn], [e for _, e in drawn]
    curve = kaplan_meier(times, over)
    if not any(over):
        assert len(curve.times) == 0
        return
    data = CensoredData(uncensored=[t for t, e in drawn if e], right=[t for t, e in drawn if not e])
    other = ecdf(data).sf
    at = [float(other.evaluate(t)) for t in curve.times]
    np.testing.assert_allclose(curve.survival, at, atol=1e-12)
    with np.errstate(all="ignore"):
        band = other.confidence_interval(0.95, method="log-log")
    for n, t in enumerate(curve.times):
        if 0 < curve.survival[n] < 1:
            np.testing.assert_allclose(curve.low[n], float(band.low.evaluate(t)), atol=1e-9)
            np.testing.assert_allclose(curve.high[n], float(band.high.evaluate(t)), atol=1e-9)


@given(lengths)
def test_without_anything_open_the_chance_is_the_share(drawn: list[tuple[int, bool]]) -> None:
    """Each is there from step 9 and done at a step, or broken at the end."""
    done, broken, entered = np.zeros((1, 10)), np.zeros((1, 10)), np.zeros((1, 10))
    for step, is_done in drawn:
        entered[0, 9] += 1
        if is_done:
            done[0, step] += 1
        else:
            broken[0, 0] += 1
    at_risk = at_risk_by_step(entered, done + broken)
    chance = chance_by_step(at_risk, done, broken)
    for step in range(10):
        there = [(s, d) for s, d in drawn if not d or s <= step]
        assert at_risk[0, step] == len(there)
        if there:
            assert chance[0, step] == pytest.approx(sum(not d for _, d in there) / len(there))


@given(lengths)
def test_with_some_open_it_is_the_survival_beyond_the_last_step(drawn: list[tuple[int, bool]]) -> None:
    """Steps run down as lengths run up: a length of t ends at step 10 − t, and who survives them all breaks."""
    lasted = [t for t, e in drawn if e or t < 9]
    is_over = [e for t, e in drawn if e or t < 9]
    kept_all = sum(not e and t == 9 for t, e in drawn)
    if not kept_all:
        return
    shape = np.zeros((3, 1, 11))
    entered, done, left = shape
    entered[0, 10] = len(drawn)
    for t, e in zip(lasted, is_over, strict=True):
        left[0, 10 - t] += 1
        done[0, 10 - t] += e
    left[0, 0] += kept_all
    broken = np.zeros((1, 11))
    broken[0, 0] = kept_all
    at_risk = at_risk_by_step(entered, left)
    chance = chance_by_step(at_risk, done, broken)
    curve = kaplan_meier([*lasted, *[10] * kept_all], [*is_over, *[False] * kept_all])
    assert chance[0, 10] == pytest.approx(curve.at(9.5))


def test_who_comes_late_is_at_risk_from_then_on() -> None:
    """Two come at step 3 and one is done there; one comes at step 1; one of the two left then is done, one is left."""
    entered = np.array([[0, 1, 0, 2]])
    done = np.array([[0, 1, 0, 1]])
    broken = np.array([[1, 0, 0, 0]])
    at_risk = at_risk_by_step(entered, done + broken)
    assert at_risk.tolist() == [[1, 2, 1, 2]]
    assert chance_by_step(at_risk, done, broken).tolist() == [[1.0, 0.5, 0.5, 0.25]]


def test_what_cancels_is_no_breaking_unless_it_breaks() -> None:
    """Ten at step 2: three are cancelled there, two done at step 1, five are left."""
    entered, cancelled, done = np.array([[0, 0, 10]]), np.array([[0, 0, 3]]), np.array([[0, 2, 0]])
    left = np.array([[5, 0, 0]])
    at_risk = at_risk_by_step(entered, cancelled + done + left)
    spared = chance_by_step(at_risk, cancelled + done, left)
    assert spared[0].tolist() == pytest.approx([1.0, 5 / 7, 0.5])
    broken_by_it = chance_by_step(at_risk, done, cancelled + left)
    assert broken_by_it[0].tolist() == pytest.approx([1.0, 5 / 7, 0.8])


def test_nobody_there_is_no_number() -> None:
    """All that came are still open at step 1: nobody has been seen beyond."""
    at_risk = at_risk_by_step(np.array([[0, 0, 4]]), np.array([[0, 4, 0]]))
    assert np.isnan(chance_by_step(at_risk, np.zeros((1, 3)), np.zeros((1, 3)))).all()
    # and where the last that were there were all done, nobody need be seen beyond: none of them broke
    at_risk = at_risk_by_step(np.array([[0, 0, 4]]), np.array([[0, 4, 0]]))
    assert chance_by_step(at_risk, np.array([[0, 4, 0]]), np.zeros((1, 3)))[0, 1:].tolist() == [0.0, 0.0]
