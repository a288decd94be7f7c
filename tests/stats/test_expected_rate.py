"""What was to be expected broken: the rates of kinds that break at very different rates, and that it always adds up."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aspromised.stats.expected_rate import _adds_up, _coefficients, expected_broken

DAYS = pd.date_range("2026-01-01", periods=120)


def spread_out(total: float) -> np.ndarray:
    """Return whole numbers a day that add up to about `total` a day over the days."""
    return np.diff(np.round(np.arange(len(DAYS) + 1) * total)).astype(int)


def cells(kinds: dict[str, tuple[int, float]]) -> pd.DataFrame:
    """Return a table of quiet days: so many items of each kind a day, and the share of them broken."""
    tables = [
        pd.DataFrame(
            {"day": DAYS, "version": 1, "kind": kind, "items": items, "broken": spread_out(items * rate)}
        )
        for kind, (items, rate) in kinds.items()
    ]
    table = pd.concat(tables, ignore_index=True)
    return table.assign(kept=table["items"] - table["broken"], is_quiet=True, brought=None)


@pytest.mark.parametrize(
    ("often", "seldom"),
    [
        ((95, 0.01), (5, 0.4)), ((95, 0.02), (5, 0.4)), ((97, 0.005), (3, 0.5)), ((90, 0.02), (10, 0.8)),
        ((95, 0.98), (5, 0.5)), ((98, 0.04), (2, 0.9)), ((95, 0.001), (5, 0.3)),
    ],
)  # fmt: skip
def test_a_kind_that_breaks_more_often_than_the_rest_is_expected_to(often, seldom):
    table = cells({"main": often, "island": seldom})
    table["expected"] = expected_broken(table, ["kind"])["expected"]
    sums = table.groupby("kind")[["expected", "broken", "items"]].sum()
    assert (
        (sums["expected"] - sums["broken"]).abs() <= 8
    ).all()  # as many items are made up as there are coefficients
    assert sums["expected"].sum() == pytest.approx(sums["broken"].sum(), abs=4)


def test_a_version_that_breaks_twenty_times_as_often_is_expected_to():
    first = cells({"main": (50, 0.01)}).iloc[:80]
    second = cells({"main": (10, 0.2)}).iloc[80:].assign(version=2)
    table = pd.concat([first, second], ignore_index=True)
    found = expected_broken(table, [])["expected"].groupby(table["version"]).sum()
    broken = table.groupby("version")["broken"].sum()
    assert found.to_dict() == pytest.approx(broken.to_dict(), abs=3)


@settings(max_examples=50)
@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(2, 40))
def test_what_is_learnt_adds_up_for_every_column_whatever_the_rates(seed, columns, rows):
    """The score of a logistic regression is none at its maximum (McCullagh & Nelder, Generalized Linear Models, §4.4)."""
    random = np.random.default_rng(seed)
    design = np.column_stack([np.ones(rows), random.random((rows, columns)) < random.random(columns)]).astype(
        float
    )
    assume(np.linalg.matrix_rank(design) == design.shape[1])
    items = random.integers(0, random.choice([2, 50, 100_000]), rows)
    rates = 1 / (1 + np.exp(-random.normal(-3, 5, rows)))
    broken = random.binomial(items, rates)
    assume(0 < broken.sum() < items.sum())
    share = broken.sum() / items.sum()
    made_up = design.shape[1] / rows
    counts = np.column_stack([broken + made_up * share, items - broken + made_up * (1 - share)])
    assert _adds_up(_coefficients(design, counts), design, counts)
