"""What the page says of demand, on the days of the analysis' own tests."""

import math
from dataclasses import replace
from datetime import date, timedelta

from aspromised.analyse.launches.demand.demand import demand
from aspromised.analyse.launches.demand.headroom import AtDesk, Bearing
from aspromised.analyse.launches.detail.load import AFTER, AROUND_COLUMNS, BEFORE, load_around
from aspromised.chart.launches.demand import bears_ledger, beside_words, load_figure, load_note
from aspromised.stats.break_even import HOLDS, TOO_FEW, BreakEven
from tests.analyse.launches.demand.test_demand import snapshot_of, steady_demand, steady_load

ENDS = date(2026, 5, 10)


def shop(available: float = 100.0):
    snapshot = snapshot_of(steady_load(available), steady_demand())
    return snapshot, demand(snapshot, "spring")


def test_the_days_around_a_run_are_those_of_the_capacity_with_what_was_expected():
    snapshot, found = shop()
    around = load_around(snapshot, found, ENDS)
    assert list(around.columns) == list(AROUND_COLUMNS)
    assert len(around) == BEFORE + 10 + AFTER
    assert around["day"].min().date() == date(2026, 5, 1) - timedelta(days=BEFORE)
    run = around[around["day"].between("2026-05-01", "2026-05-10")]
    assert set(run["expected"].round(6)) == {96.0}  # the usual 80 and 20 % more
    assert run["over"].all()  # 104 came where 100 were available
    assert not around["over"].drop(run.index).any()


def test_a_day_of_which_nothing_is_known_is_neither_over_nor_within():
    load = [{**row, "load": None} if row["day"] == date(2026, 5, 3) else row for row in steady_load()]
    snapshot = snapshot_of(load, steady_demand())
    around = load_around(snapshot, demand(snapshot, "spring"), ENDS).set_index("day")
    assert around.loc["2026-05-03", "over"] is not True
    assert around["over"].isna().sum() == 1


def test_the_chart_says_on_how_many_days_more_came_than_was_available():
    snapshot, found = shop()
    figure = load_figure(found, load_around(snapshot, found, ENDS), ENDS)
    assert figure.takeaway == (
        "Demand of the promotion launched on 1 May 2026: on picking more came than was available on 10 of 10 days, 104 % used"
        " in all, 104 % on the busiest day."
    )
    assert load_note(found).startswith("An orange bar")
    assert not load_note(shop(200.0)[1]).startswith("An orange bar")


def test_without_a_capacity_nothing_is_drawn():
    snapshot = snapshot_of([], steady_demand())
    found = demand(snapshot, "spring")
    assert load_figure(found, load_around(snapshot, found, ENDS), ENDS) is None
    assert beside_words(found) is None


def bears(*bearings: Bearing, desks=()) -> str:
    table = bears_ledger(replace(shop()[1], bearings=bearings, desks=desks))
    return table.html if table else ""


def test_what_would_be_borne_stands_beside_what_was_expected_and_short_is_marked():
    held = Bearing("picking", "p", "Here <soon>", 0.9, BreakEven(HOLDS, 1.1, 1.05, 1.2), 1.25)
    html = bears(held)
    assert "Here &lt;soon&gt;" in html
    assert "up to 10 % more demand (5 to 20 %)" in html
    assert "up to 25 % more" in html
    assert "✕ +20 %" in html
    assert "✕" not in bears(replace(held, seen=BreakEven(HOLDS, 1.3, 1.2, 1.4)))


def test_what_cannot_be_told_has_words_and_no_number():
    html = bears(Bearing("picking", "p", "Soon", 0.9, BreakEven(TOO_FEW), None))
    assert TOO_FEW in html
    assert "not counted in days" in html
    assert "no end" in bears(Bearing("picking", "p", "Soon", 0.9, BreakEven(TOO_FEW), math.inf))
    assert bears() == ""


def test_overloaded_agents_cannot_and_have_no_number():
    html = bears(desks=(AtDesk("agents", 14, 0.8, None, None, None),))
    assert "cannot keep up" in html
    assert "% more" not in html
    assert "89 % in time, agents 71 % busy" in bears(
        desks=(AtDesk("agents", 14, 0.8, 0.88835, 0.7143, 1.06),)
    )
