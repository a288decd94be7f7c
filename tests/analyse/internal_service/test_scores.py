"""How departments serve one another, from rows few enough to count."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given
from hypothesis import strategies as st

from aspromised.analyse.internal_service.overview import internal_service, rated
from aspromised.analyse.internal_service.scores import Score, rating_scale, rating_window, scores
from aspromised.store.snapshot import Snapshot
from aspromised.words.vocabulary import OF_CUSTOMER, OF_SUPPLIER
from tests.analyse.shelf import Rows, shelf, with_rows

WINDOW = rating_window("2026-10")
SCALE = {"source": "r", "lowest": 1, "out_of": 5, "required": 4, "problem": None}


def given_scores(
    by: str, to: str, day: str, *scores: float, required: float | None = 4, **more: Any
) -> dict[str, Any]:
    """Return the row of `rating_daily` that ratings of one day make."""
    values = np.asarray(scores, float)
    return {
        "supplier": by, "customer": to, "dimension": "quality", "direction": OF_SUPPLIER, "day": day,
        "ratings": len(values), "total": values.sum(), "squares": (values**2).sum(), "required": required,
        "met": None if required is None else int((values >= required).sum()), **more,
    }  # fmt: skip


def rated_shelf(*rows: Mapping[str, Any], scale: Mapping[str, Any] | None = None, **tables: Rows) -> Snapshot:
    return shelf(rating_scale=[scale or SCALE], rating_daily=rows, **tables)


def by_pair(found: tuple[Score, ...]) -> dict[tuple[str, str], Score]:
    return {(each.supplier, each.customer): each for each in found}


def test_three_months_are_told_together_and_held_against_the_three_before() -> None:
    assert (WINDOW.first, WINDOW.last, WINDOW.before.first) == (
        date(2026, 8, 1),
        date(2026, 10, 31),
        date(2026, 5, 1),
    )
    found = scores(
        rated_shelf(
            given_scores("a", "b", "2026-07-31", 1, 2),
            given_scores("a", "b", "2026-08-01", 3, 4),
            given_scores("a", "b", "2026-10-31", 5),
            given_scores("a", "b", "2026-11-01", 1),
            given_scores("a", "b", "2026-04-30", 1),
        ),
        WINDOW,
    )
    [one] = found
    assert (one.ratings, one.mean, one.before_ratings, one.before_mean) == (3, 4, 2, 1.5)
    assert (one.change, one.met, one.required) == (2.5, 2 / 3, 4)
    assert one.standing == "too few" and one.moved == "" and not one.is_ranked


def test_a_mean_meets_what_is_required_only_where_its_whole_interval_does() -> None:
    found = by_pair(
        scores(
            rated_shelf(
                given_scores("good", "x", "2026-10-01", 5, 5, 5, 4, 5, 5),
                given_scores("bad", "x", "2026-10-01", 2, 1, 2, 2, 3, 2),
                given_scores("near", "x", "2026-10-01", 4, 4, 5, 4, 3, 4),
                given_scores("new", "x", "2026-10-01", 1, 1, 1, 1),
                given_scores("near", "y", "2026-10-01", 4, 4, 4, 4, 4),
            ),
            WINDOW,
        )
    )
    assert {pair: each.standing for pair, each in found.items()} == {
        ("good", "x"): "met", ("bad", "x"): "not met", ("near", "x"): "too close to call", ("new", "x"): "too few",
        ("near", "y"): "too close to call",
    }  # fmt: skip
    assert found["good", "x"].high == 5 and found["new", "x"].low == 1, "no interval leaves the scale"
    assert all(each.is_ranked for pair, each in found.items() if pair != ("new", "x"))
    assert not found["new", "x"].is_ranked, "too few are counted, not ranked"


def test_five_alike_are_not_believed_to_be_without_any_scatter() -> None:
    found = by_pair(scores(rated_shelf(given_scores("a", "b", "2026-10-01", 4, 4, 4, 4, 4)), WINDOW))
    one = found["a", "b"]
    half = 2.7764451052 * np.sqrt(1 / 12 / 5)  # Student's t of 4 degrees of freedom
    assert (one.low, one.high) == pytest.approx((4 - half, 4 + half))
    assert one.standing == "too close to call"


def test_the_interval_is_that_of_a_one_way_analysis_of_variance() -> None:
    raw = {"a": [3, 4, 4, 2, 5, 3], "b": [1, 2, 1, 3, 2], "c": [4, 5, 5, 4, 4, 3, 5, 4]}
    rows = [given_scores(by, "x", "2026-10-01", *values) for by, values in raw.items()]
    found = by_pair(scores(rated_shelf(*rows), WINDOW))
    long = pd.DataFrame([(by, y) for by, values in raw.items() for y in values], columns=["by", "y"])
    ends = smf.ols("y ~ 0 + by", long).fit().conf_int()
    for by in raw:
        low, high = ends.loc[f"by[{by}]"]
        assert (found[by, "x"].low, found[by, "x"].high) == pytest.approx((max(low, 1), min(high, 5)))


def test_pairs_that_differ_no_more_than_single_ratings_are_counted_and_not_ranked() -> None:
    rows = [given_scores(by, "x", "2026-10-01", 1, 5, 2, 4, 3, 5) for by in ("a", "b", "c")]
    rows[0] = given_scores("a", "x", "2026-10-01", 1, 5, 2, 4, 3, 4)
    found = internal_service(rated_shelf(*rows), "2026-10")
    assert not any(each.is_ranked for each in found.suppliers)
    assert "Which is rated lowest is not told" in found.sentence and "Rated lowest:" not in found.sentence


def test_a_change_is_told_only_beyond_chance_and_of_enough() -> None:
    rows = [
        given_scores("up", "x", "2026-06-01", 2, 2, 1, 2, 2, 1), given_scores("up", "x", "2026-10-01", 4, 4, 5, 4, 4, 4),
        given_scores("down", "x", "2026-06-01", 5, 5, 4, 5, 5, 5), given_scores("down", "x", "2026-10-01", 3, 3, 3, 2, 3, 3),
        given_scores("same", "x", "2026-06-01", 3, 3, 4, 3, 3, 3), given_scores("same", "x", "2026-10-01", 3, 3, 3, 3, 4, 3),
        given_scores("new", "x", "2026-10-01", 3, 3, 3, 3, 3, 3), given_scores("gone", "x", "2026-06-01", 3, 3, 3, 3, 3, 3),
    ]  # fmt: skip
    found = by_pair(scores(rated_shelf(*rows), WINDOW))
    assert {by: each.moved for (by, _), each in found.items()} == {
        "up": "better", "down": "worse", "same": "within chance", "new": "", "gone": "",
    }  # fmt: skip
    gone = found["gone", "x"]
    assert (gone.ratings, gone.before_ratings, gone.before_mean) == (0, 6, 3) and np.isnan(gone.mean)
    assert list(found)[-1] == ("gone", "x"), "who is rated no more comes last"
    told = internal_service(rated_shelf(*rows), "2026-10")
    assert [line for line in told.findings if line.startswith("up is rated better by x")]
    assert not any("gone" in line for line in [told.sentence, *told.findings])


def test_what_is_required_is_that_of_the_last_day_and_never_of_the_company_or_of_customers() -> None:
    rows = [
        given_scores("a", "b", "2026-10-01", 3, required=None),
        given_scores("c", "b", "2026-10-01", 3, required=None),
        given_scores("company", "b", "2026-10-01", 3, required=None),
        given_scores("a", "b", "2026-10-01", 3, required=None, direction=OF_CUSTOMER),
    ]
    pairs = [
        {"supplier": "a", "customer": "b", "from_day": day, "score": score}
        for day, score in ((None, 2), ("2026-10-31", 3), ("2026-11-01", 5))
    ]
    snapshot = rated_shelf(*rows, scale=SCALE | {"required": None}, rating_required=pairs)
    assert {each.supplier: each.required for each in scores(snapshot, WINDOW)} == pytest.approx(
        {"a": 3, "c": np.nan}, nan_ok=True
    )
    assert np.isnan(scores(snapshot, WINDOW, OF_CUSTOMER)[0].required)
    [pulse] = scores(snapshot, WINDOW, OF_SUPPLIER, True)
    assert (pulse.supplier, pulse.standing) == ("company", "nothing required")


def test_worst_is_furthest_below_what_is_required() -> None:
    rows = [given_scores("low", "x", "2026-10-01", 3), given_scores("short", "x", "2026-10-01", 3.5)]
    pairs = [
        {"supplier": by, "customer": "x", "from_day": None, "score": score}
        for by, score in (("low", 3), ("short", 5))
    ]
    snapshot = rated_shelf(*rows, scale=SCALE | {"required": None}, rating_required=pairs)
    assert [each.supplier for each in scores(snapshot, WINDOW)] == ["short", "low"]


def test_absence_says_what_it_is() -> None:
    assert "No ratings between departments are declared" in internal_service(shelf(), "2026-10").sentence
    unreadable = shelf(rating_scale=[SCALE | {"problem": "promises/a.yaml:3:1: no such column"}])
    assert (
        "cannot be counted: promises/a.yaml:3:1: no such column"
        in internal_service(unreadable, "2026-10").sentence
    )
    old = rated_shelf(given_scores("a", "b", "2025-10-01", 3))
    told = internal_service(old, "2026-10").sentence
    assert (
        told
        == "No customer rated a supplier in the three months to October 2026; the newest is of 1 Oct 2025."
    )
    assert internal_service(old, "2026-10").findings == []
    lonely = internal_service(rated_shelf(given_scores("a", "b", "2026-10-01", 3)), "2026-10")
    of_all = "Of 1 pair of teams rated in the three months to October 2026, none meets the score required,"
    assert lonely.sentence.strip() == f"{of_all} none does not and 1 has too few ratings to tell."


def test_what_was_left_out_is_told_with_its_number() -> None:
    notes = [
        {"reason": "no score that is a number", "ratings": 3, "left_out": True},
        {"reason": "'x' is no team.", "ratings": 2, "left_out": False},
    ]
    found = rating_scale(shelf(rating_scale=[SCALE], rating_note=notes))
    assert found.notes == ("3 left out: no score that is a number", "'x' is no team. (2 ratings)")


_LIKERT = st.integers(1, 5)
_GIVEN = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(1, 28), _LIKERT),
    min_size=1,
    max_size=40,
)
_EMPTY = rated_shelf()


@given(_GIVEN)
def test_means_are_those_of_pandas_however_ratings_lie_over_days(
    given: list[tuple[str, str, int, int]],
) -> None:
    rows = [given_scores(by, to, f"2026-10-{day:02}", score) for by, to, day, score in given]
    found = by_pair(scores(with_rows(_EMPTY, rating_daily=rows), WINDOW))
    table = pd.DataFrame(given, columns=["by", "to", "day", "score"]).groupby(["by", "to"])["score"]
    assert {pair: each.ratings for pair, each in found.items()} == table.size().to_dict()
    assert {pair: each.mean for pair, each in found.items()} == pytest.approx(table.mean().to_dict())
    assert {pair: each.met for pair, each in found.items()} == pytest.approx(
        table.agg(lambda of: (of >= 4).mean()).to_dict()
    )
    for each in rated(tuple(found.values())):
        assert each.low != each.low or 1 <= each.low <= each.mean <= each.high <= 5
        assert 0 <= each.reliability <= 1


def test_in_a_hundred_worlds_without_a_story_hardly_one_is_told() -> None:
    """No pair is called lowest and none better or worse where all are rated alike: at most 7 of 100 worlds, all findings together."""
    false = 0
    for seed in range(100):
        draw = np.random.default_rng([11, seed])
        rows = []
        for direction, by, to in [
            *((OF_SUPPLIER, f"s{n}", f"c{n % 3}") for n in range(6)), *((OF_CUSTOMER, f"s{n}", f"c{n % 3}") for n in range(6)),
            *((OF_SUPPLIER, "company", f"t{n}") for n in range(8)),
        ]:  # fmt: skip
            for day in ("2026-06-15", "2026-09-15"):
                given = np.clip(np.round(draw.normal(3.6, 0.8, 15)), 1, 5)
                rows.append(given_scores(by, to, day, *given, direction=direction, required=None))
        told = internal_service(with_rows(_EMPTY, rating_daily=rows), "2026-10")
        findings = [each for each in told.findings if "is not told" not in each]
        false += bool(findings) or "Rated lowest" in told.sentence
    assert false <= 7, false
