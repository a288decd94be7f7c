"""How far a kept rate differs between units, after noise, and which units may be named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspromised.analyse.gaps.gap import gap
from aspromised.analyse.promises.compliance import compliance
from aspromised.analyse.rates.own_window import period_by_period
from aspromised.analyse.rates.spread import LEAST_UNITS, Spread, spreads
from aspromised.analyse.rates.status import statuses
from aspromised.analyse.windows.window import Window
from aspromised.cli.standing.rows import status_answer
from aspromised.stats.heterogeneity import heterogeneity
from aspromised.store.snapshot import Snapshot
from tests.analyse.shelf import shelf, with_rows

KEPT = [188, 92, 465, 276, 57, 340, 118, 410, 231, 150, 95, 610]
DECIDED = [200, 100, 500, 300, 60, 400, 120, 430, 250, 180, 110, 640]
OCTOBER = Window.month("2026-10")
DAY = "2026-10-05"


def found(units: dict[str | None, tuple[int, int]], at_most: float = 0.05, **promise: object) -> Spread:
    """Return the spread of a promise with kept and broken items by unit."""
    daily = [
        {"promise_id": "of", "day": DAY, "segment": "region", "value": name, "kept": kept, "broken": broken}
        for name, (kept, broken) in units.items()
    ]
    other = {"promise_id": "of", "claim": "Here in 2 days", "segments": ["region"]}
    same = {"promise_id": "same", "claim": "The same for all", "kind": "spread", "source": None,
            "spread_of": "of", "across": "region", "at_most": at_most, **promise}  # fmt: skip
    snapshot = shelf(promise=[other, same], verdict_daily=daily)
    spread = spreads(snapshot, OCTOBER)["same"]
    row = statuses(snapshot, OCTOBER).set_index("promise_id").loc["same"]
    assert row["status"] == spread.status
    return spread


def of(kept: list[int], decided: list[int]) -> dict[str | None, tuple[int, int]]:
    return {f"unit {n}": (k, d - k) for n, (k, d) in enumerate(zip(kept, decided, strict=True))}


def test_the_spread_after_noise_is_that_of_the_worked_example() -> None:
    """Variance between units .00162871, sd 4.0 points, 103.5 items for a reliability of .7, .575 for a unit of 60."""
    spread = heterogeneity(KEPT, DECIDED)
    assert spread is not None
    assert spread.mean == pytest.approx(0.921581, abs=1e-6)
    assert spread.sd**2 == pytest.approx(0.00162871, abs=5e-9)
    assert spread.items_needed == pytest.approx(103.5, abs=0.05)
    assert spread.reliability([60])[0] == pytest.approx(0.575, abs=0.0005)
    assert spread.raw_range == pytest.approx(118 / 120 - 150 / 180)


def test_the_interval_holds_exactly_the_variances_under_which_the_scatter_is_no_surprise() -> None:
    """A second way: add up χ² over a grid, by loops."""
    from scipy.stats import chi2

    spread = heterogeneity(KEPT, DECIDED)
    assert spread is not None
    p = sum(KEPT) / sum(DECIDED)

    def probability(variance: float) -> float:
        weights = [1 / (variance + (p * (1 - p) - variance) / n) for n in DECIDED]
        shares = [k / n for k, n in zip(KEPT, DECIDED, strict=True)]
        mean = sum(w * s for w, s in zip(weights, shares, strict=True)) / sum(weights)
        return float(chi2.cdf(sum(w * (s - mean) ** 2 for w, s in zip(weights, shares, strict=True)), 11))

    assert probability(spread.low**2) == pytest.approx(0.975, abs=1e-6)
    assert probability(spread.high**2) == pytest.approx(0.025, abs=1e-6)
    assert spread.low < spread.sd < spread.high


@pytest.mark.parametrize(("units", "mean", "sd"), [(12, 0.92, 0.04), (6, 0.90, 0.0), (20, 0.9, 0.05)])
def test_the_interval_holds_the_true_spread_about_as_often_as_it_says(
    units: int, mean: float, sd: float
) -> None:
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(200):
        items = rng.integers(60, 600, units)
        strength = mean * (1 - mean) / sd**2 - 1 if sd else 0
        rates = rng.beta(mean * strength, (1 - mean) * strength, units) if sd else np.full(units, mean)
        spread = heterogeneity(rng.binomial(items, rates), items)
        assert spread is not None
        held += spread.low <= sd <= spread.high
    assert held / 200 > 0.88


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=2, max_size=15),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60)
def test_the_order_of_units_changes_nothing_and_the_interval_is_in_order(pairs, random) -> None:
    def measured(rows):
        return heterogeneity([min(k, n) for k, n in rows], [n for _, n in rows])

    shuffled = random.sample(pairs, len(pairs))
    one, other = measured(pairs), measured(shuffled)
    assert one.sd == pytest.approx(other.sd, abs=1e-9)
    assert one.low == pytest.approx(other.low, abs=1e-9)
    assert 0 <= one.low <= one.high <= 0.5 + 1e-9
    assert ((one.reliability([1, 10, 1000]) >= 0) & (one.reliability([1, 10, 1000]) <= 1)).all()


def test_a_unit_below_a_reliability_of_seven_tenths_may_not_be_told_from_the_others() -> None:
    spread = found(of(KEPT, DECIDED))
    assert set(spread.too_few["value"]) == {"unit 1", "unit 4"}
    assert set(spread.too_few["decided"]) == {60, 100}
    assert spread.telling == (
        "It takes 104 items to tell one of the regions from the others (reliability 0.7); 10 of 12 have as many,"
        " the middle one has 225."
    )


def test_a_spread_is_kept_missed_or_too_close_by_its_whole_interval() -> None:
    units = of(KEPT, DECIDED)
    sentence = (
        "Between 83.3 % (unit 9) and 98.3 % (unit 6) kept, a range of 15.0 points as counted. Without what chance does, the"
        " regions differ by a standard deviation of 4.0 points (2.6 to 7.5 points); at most 5 points is promised."
    )
    assert found(units).sentence == sentence
    assert found(units).status == "too close to call"
    assert found(units, at_most=0.10).status == "kept"
    assert found(units, at_most=0.02).status == "missed"


def waiting(units: list[tuple[int, int, int]], at_most: float) -> Spread:
    """Return the spread of units with kept, broken and open items."""
    return spread_of(opened(units, at_most))


def opened(units: list[tuple[int, int, int]], at_most: float) -> Snapshot:
    same = {"promise_id": "same", "kind": "spread", "source": None, "spread_of": "of", "across": "region"}
    promises = [{"promise_id": "of", "segments": ["region"]}, {**same, "at_most": at_most}]
    return shelf(promise=promises, verdict_daily=by_unit(units))


def by_unit(units: list[tuple[int, int, int]]) -> list[dict[str, object]]:
    """Return a day's verdicts, one row a unit."""
    return [
        {"promise_id": "of", "day": DAY, "segment": "region", "value": f"unit {n}", "kept": kept, "broken": broken,
         "open": still_open}
        for n, (kept, broken, still_open) in enumerate(units)
    ]  # fmt: skip


def spread_of(snapshot: Snapshot) -> Spread:
    return spreads(snapshot, OCTOBER)["same"]


def test_a_spread_that_open_items_can_turn_waits_for_them() -> None:
    """All alike so far; the open ones of one unit, all broken, would set it apart."""
    alike = [(900, 100, 0)] * 5
    assert waiting([*alike, (900, 100, 0)], 0.05).status == "kept"
    spread = waiting([*alike, (900, 100, 400)], 0.05)
    assert (spread.status, spread.waits_for) == ("too close to call", 400)
    assert spread.sentence.endswith("at most 5 points is promised; the verdict waits for 400 open items.")
    assert waiting([*alike, (900, 100, 20)], 0.05).status == "kept"
    apart = [
        (990, 10, 0),
        (980, 20, 0),
        (985, 15, 0),
        (600, 400, 40_000),
        (610, 390, 40_000),
        (620, 380, 40_000),
    ]
    assert waiting([(*unit[:2], 0) for unit in apart], 0.05).status == "missed"
    assert waiting(apart, 0.05).status == "too close to call"


def test_no_future_of_the_open_items_contradicts_what_was_said_of_a_spread() -> None:
    """What is too close to call nothing contradicts: its futures are not played out."""
    rng = np.random.default_rng(5)
    called = 0
    for _ in range(25):
        decided, still_open = rng.integers(80, 400, 4), rng.integers(0, 40, 4)
        kept = rng.binomial(decided, rng.choice([[0.9] * 4, [0.5, 0.7, 0.9, 0.99]]))
        rows = list(zip(kept.tolist(), (decided - kept).tolist(), still_open.tolist(), strict=True))
        snapshot = opened(rows, 0.08)
        if (said := spread_of(snapshot).status) == "too close to call":
            continue
        called += 1
        for _ in range(40):
            more = rng.choice(
                [
                    np.zeros(4, int),
                    still_open,
                    rng.integers(0, still_open + 1),
                    still_open * rng.integers(0, 2, 4),
                ]
            )
            ended = [(k + m, b + o - m, 0) for (k, b, o), m in zip(rows, more.tolist(), strict=True)]
            snapshot = with_rows(snapshot, verdict_daily=by_unit(ended))
            assert spread_of(snapshot).status == said
    assert called > 5


@pytest.mark.parametrize("window", [Window(), Window.days("2026-09-01", "2026-10-31")])
def test_a_spread_of_several_wordings_is_told_wording_by_wording(window: Window) -> None:
    """Under the first wording all are alike, under the second one region is apart."""
    daily = [
        {"promise_id": "of", "day": day, "version": version, "segment": "region", "value": f"unit {n}", "kept": kept,
         "broken": 1000 - kept}
        for day, version, last in (("2026-09-05", 1, 950), (DAY, 2, 600))
        for n, kept in enumerate([950, 950, 950, 950, last])
    ]  # fmt: skip
    same = {"promise_id": "same", "kind": "spread", "source": None, "spread_of": "of", "across": "region"}
    versions = [
        {
            "promise_id": "of",
            "version": 1,
            "from_day": "2026-01-01",
            "to_day": "2026-10-01",
            "claim": "In 3 days",
        },
        {"promise_id": "of", "version": 2, "from_day": "2026-10-01", "to_day": None, "claim": "In 2 days"},
    ]
    promises = [{"promise_id": "of", "segments": ["region"]}, {**same, "at_most": 0.05}]
    snapshot = shelf(promise=promises, promise_version=versions, verdict_daily=daily)
    told = spreads(snapshot, window)["same"].wordings
    assert [(each.said, each.of_claim, each.status, each.decided) for each in told] == [
        ("to 30 Sep 2026", "In 3 days", "kept", 5000),
        ("from 1 Oct 2026", "In 2 days", "missed", 5000),
    ]
    answer = status_answer(snapshot, window, None, None, whole=False)
    assert answer.json["promises"][1]["pooled"]
    lines = list(answer.lines())
    assert [line.split(":")[0] for line in lines if line.startswith("same")] == [
        "same to 30 Sep 2026, “In 3 days”",
        "same from 1 Oct 2026, “In 2 days”",
    ]
    assert spreads(snapshot, OCTOBER)["same"].wordings == ()
    row = compliance(snapshot, window).set_index("promise_id").loc["same"]
    assert (row["status"], row["spread"].decided) == ("missed", 5000)
    assert row["gap"] == row["spread"].gap == told[1].gap
    assert row["spread"].sentence.endswith(
        "That is of what was promised as “In 2 days” alone; as “In 3 days”, to 30 Sep 2026: kept."
    )
    periods = period_by_period(snapshot, "same", Window.days("2026-09-20", "2026-10-31"), 2)
    assert periods["wordings"].tolist() == [1, 1]
    assert period_by_period(snapshot, "same", Window.days("2026-09-01", "2026-10-31"), 1)[
        "wordings"
    ].tolist() == [2]


def test_a_spread_names_what_was_promised_in_the_days_it_is_of() -> None:
    """The words of now were not those of September."""
    versions = [
        {"promise_id": "of", "version": 1, "claim": "In 3 days", "to_day": "2026-10-01"},
        {"promise_id": "of", "version": 2, "claim": "In 2 days", "from_day": "2026-10-01", "to_day": None},
    ]
    daily = [
        {"promise_id": "of", "day": "2026-09-05", "segment": "region", "value": "a", "kept": 9, "broken": 1}
    ]
    same = {"promise_id": "same", "kind": "spread", "source": None, "spread_of": "of", "across": "region"}
    promises = [{"promise_id": "of", "claim": "In 2 days", "segments": ["region"]}, {**same, "at_most": 0.05}]
    snapshot = shelf(promise=promises, promise_version=versions, verdict_daily=daily)
    assert spreads(snapshot, Window.month("2026-09"))["same"].of_claim == "In 3 days"


def test_two_units_are_too_few_and_none_is_no_data() -> None:
    assert found(of(KEPT[:2], DECIDED[:2])).status == "too few"
    assert found(of(KEPT[:LEAST_UNITS], DECIDED[:LEAST_UNITS]), at_least=10).status != "too few"
    assert found({}).status == "no data"
    assert found(of([9, 9, 9], [10, 10, 10]), at_least=31).status == "too few"


def test_what_is_too_few_is_named_units_or_items() -> None:
    """Two regions of 1,000 items each lack no items."""
    two, few = found(of([990, 900], [1000, 1000])), found(of([9, 9, 9], [10, 10, 10]), at_least=31)
    assert two.saying == "has too few regions to tell: 2 regions judged, 3 needed"
    assert few.saying == "has too few items to tell: 30 items judged, 31 needed"
    assert two.sentence.endswith("is promised; 2 regions judged, 3 needed.")
    assert found(of(KEPT, DECIDED)).lacking == "" == found({}).lacking


def test_units_that_differ_by_chance_alone_have_no_spread_and_none_is_named() -> None:
    spread = found(of([90, 91, 89, 90], [100, 100, 100, 100]))
    assert spread.variation is not None
    assert spread.variation.sd == 0
    assert len(spread.too_few) == 4
    assert spread.telling == "The regions differ by no more than chance: none may be told from the others."


def test_items_without_a_unit_are_in_no_unit_and_said_to_be_left_out() -> None:
    spread = found({**of([90, 91, 89], [100, 100, 100]), "(none)": (5, 5)})
    assert len(spread.units) == 3
    assert spread.left_out == "10 items (3.2 %) have no region and are in none of them."


def test_a_spread_that_could_not_be_judged_has_no_status() -> None:
    same = {"promise_id": "same", "kind": "spread", "problem": "'of' could not be judged"}
    snapshot = shelf(promise=[same])
    assert spreads(snapshot, OCTOBER) == {}
    assert statuses(snapshot, OCTOBER)["status"].tolist() == [None]


def test_the_page_of_gaps_sends_a_reader_from_the_spread_to_the_promise_it_is_of() -> None:
    same = {"promise_id": "same", "claim": "The same for all", "kind": "spread", "spread_of": "of",
            "across": "region", "at_most": 0.05}  # fmt: skip
    words = [{"promise_id": "of", "claim": "Here in 2 days"}]
    found = gap(shelf(promise=[{"promise_id": "of"}, same], promise_version=words), "same", OCTOBER)
    assert found.sentence == (
        "“The same for all” is about how far “Here in 2 days” differs between units: look for that promise here."
    )


@pytest.mark.parametrize("kept", [0, 11])
def test_few_items_that_all_end_alike_do_not_say_that_units_are_alike(kept):
    found, turned = heterogeneity([kept] * 3, [11] * 3), heterogeneity([abs(kept - 1), kept, kept], [11] * 3)
    assert (found.sd, found.low) == (0, 0)
    assert found.high == pytest.approx(turned.high) == pytest.approx(0.1714, abs=1e-4)


def test_many_items_that_are_all_kept_say_that_units_are_alike():
    assert heterogeneity([1000] * 3, [1000] * 3).high < 0.004
