"""Periods with their limits: re-based at wordings and at changes that moved them, too few told as such."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from aspromised.analyse.promises.events import EVENT_COLUMNS
from aspromised.analyse.variation.charted import POINT_COLUMNS, Rebase, charted
from aspromised.analyse.variation.shifts import shifts
from aspromised.stats.control_chart import BINOMIAL, ONE_SIDE, OUTSIDE, P_PRIME, XMR


def weeks(*kept: int, decided=1000, version=1, begin="2026-01-05") -> pd.DataFrame:
    first = pd.date_range(begin, periods=len(kept), freq="7D")
    told = {"first": first, "last": first + pd.Timedelta(days=6), "kept": list(kept), "decided": decided}
    return pd.DataFrame({**told, "target": 0.95, "version": version})


def steady(number: int, level: int = 930) -> list[int]:
    """Weeks that go up and down by ten items."""
    return [level + (10 if place % 2 else -10) for place in range(number)]


def test_steady_weeks_hold_no_signal():
    found = charted(weeks(*steady(20)), [])
    assert tuple(found.points) == POINT_COLUMNS
    assert found.method == XMR
    assert set(found.points["cause"]) == {""}
    [base] = found.bases
    assert (base.periods, base.is_trial) == (20, False)
    # 0.93 ± 2.66 × the mean moving range of 0.02
    assert found.points[["centre", "low", "high"]].iloc[0].tolist() == pytest.approx([0.93, 0.8768, 0.9832])


def test_one_week_far_below_is_a_signal_for_the_worse():
    found = charted(weeks(*steady(15), 700, *steady(4)), [])
    assert found.points.loc[15, ["cause", "side"]].tolist() == [OUTSIDE, -1]
    assert (found.points["side"] != 0).sum() == 1, "it drags no other to a side"


def test_a_new_wording_begins_limits_of_its_own():
    table = pd.concat([weeks(*steady(14)), weeks(*steady(14, 850), version=2, begin="2026-04-13")])
    found = charted(table, [])
    assert [(base.periods, base.what) for base in found.bases] == [(14, ""), (14, "new wording")]
    assert set(found.points["cause"]) == {""}
    assert found.points["centre"].iloc[[0, -1]].tolist() == pytest.approx([0.93, 0.85])


def test_a_change_that_moved_the_weeks_begins_new_limits_and_one_that_did_not_does_not():
    kept = [*steady(14), *steady(14, 970)]
    moved = charted(weeks(*kept), [Rebase(date(2026, 4, 13), "new belt")])
    assert [base.what for base in moved.bases] == ["", "new belt"]
    assert set(moved.points["cause"]) == {""}
    still = charted(weeks(*steady(28)), [Rebase(date(2026, 4, 13), "new belt")])
    assert len(still.bases) == 1
    undeclared = charted(weeks(*kept), [])
    assert ONE_SIDE in set(undeclared.points["cause"])


def test_two_bad_weeks_after_a_change_move_nothing():
    found = charted(weeks(*steady(14), 700, 720, *steady(12)), [Rebase(date(2026, 4, 13), "a sale")])
    assert len(found.bases) == 1
    assert found.points.loc[[14, 15], "cause"].tolist() == [OUTSIDE, OUTSIDE]


@pytest.mark.parametrize("on", [date(2026, 2, 2), date(2026, 6, 22), date(2027, 1, 1), date(2020, 1, 1)])
def test_a_change_with_too_few_weeks_on_either_side_moves_nothing(on):
    assert len(charted(weeks(*steady(14), *steady(14, 970)), [Rebase(on, "x")]).bases) == 1


def test_a_wording_of_five_weeks_has_no_limits_and_one_of_nine_has_trial_limits():
    table = pd.concat([weeks(*steady(14)), weeks(*steady(5, 850), version=2, begin="2026-04-13")])
    last = charted(table, []).bases[-1]
    assert (last.is_told, last.is_trial) == (False, True)
    assert charted(table, []).points["low"].tail(5).isna().all()
    table = pd.concat([weeks(*steady(14)), weeks(*steady(9, 850), version=2, begin="2026-04-13")])
    last = charted(table, []).bases[-1]
    assert (last.is_told, last.is_trial) == (True, True)


def test_fewer_than_twelve_weeks_are_held_against_the_target():
    found = charted(weeks(940, 955, 900, decided=1000), [])
    assert found.method == BINOMIAL
    assert found.points["cause"].tolist() == ["", "", OUTSIDE]
    assert found.points["side"].tolist() == [0, 0, -1]


def test_weeks_of_different_size_have_limits_that_follow_it():
    decided = [200, 2000] * 10
    found = charted(weeks(*(round(n * 0.93) for n in decided), decided=decided), [])
    assert found.method == P_PRIME
    widths = (found.points["high"] - found.points["low"]).to_numpy()
    assert widths[0] == pytest.approx(widths[1] * np.sqrt(10))


def test_limits_are_no_narrower_than_chance():
    decided = [200, 2000] * 10
    found = charted(weeks(*(round(n * 0.93) for n in decided), decided=decided), [])
    by_chance = 3 * np.sqrt(0.93 * 0.07 / 200)
    assert found.points["high"].iloc[0] - 0.93 == pytest.approx(by_chance, rel=1e-3)


def test_all_kept_in_every_week_is_no_signal():
    assert set(charted(weeks(*[1000] * 20), []).points["cause"]) == {""}
    sizes = [200, 2000] * 8
    assert set(charted(weeks(*sizes, decided=sizes), []).points["cause"]) == {""}


@pytest.mark.parametrize("number", [1, 2])
def test_one_week_and_two_are_charted(number):
    assert len(charted(weeks(*steady(number)), []).points) == number


def test_in_stable_worlds_the_newest_week_is_hardly_ever_a_signal():
    """The rules together flag a stable week now and then; a reader who looks once a month is hardly ever misled."""
    signals = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        decided = rng.integers(500, 2000, 60)
        rate = (0.93 + rng.normal(0, 0.008, 60)).clip(0, 1)
        found = charted(weeks(*rng.binomial(decided, rate), decided=decided), [])
        signals += found.points["side"].iloc[-1] != 0
    assert signals <= 7


def happened(*rows: tuple[str, str]) -> pd.DataFrame:
    table = pd.DataFrame(
        {"first": [pd.Timestamp(day) for day, _ in rows], "what": [what for _, what in rows]}
    )
    return table.assign(last=table["first"], kind="change", mark="a", promotion_id="")[list(EVENT_COLUMNS)]


def test_a_shift_is_told_with_what_is_declared_around_it():
    events = happened(("2026-03-30", "a sale"), ("2026-04-15", "new belt"), ("2026-08-01", "later"))
    [found] = shifts(weeks(*steady(14), *steady(14, 970)), events)
    assert (found.first, found.before, found.since) == (pd.Timestamp("2026-04-13"), 0.93, 0.97)
    assert found.around == ("a sale (30 Mar 2026)", "new belt (15 Apr 2026)")


def test_a_new_wording_is_no_shift():
    table = pd.concat([weeks(*steady(14)), weeks(*steady(14, 850), version=2, begin="2026-04-13")])
    assert shifts(table, happened()) == ()
