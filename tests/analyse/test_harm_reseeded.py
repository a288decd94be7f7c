"""The demo company with other seeds: the planted harm lies inside the interval, and null launches are hardly ever flagged.

Run by hand with `pytest -m nightly tests/analyse/test_harm_reseeded.py`; ASPROMISED_SEEDS says how many worlds (100).
"""

import os

import pandas as pd
import pytest

from tests.analyse.reseeded import HARMFUL, compare

pytestmark = pytest.mark.nightly
SEEDS = int(os.environ.get("ASPROMISED_SEEDS", "100"))


@pytest.fixture(scope="module")
def found():
    return pd.concat([compare(seed) for seed in range(1, SEEDS + 1)], ignore_index=True)


def test_planted_harm_lies_inside_the_interval_in_93_of_100_worlds(found):
    inside = found["planted"].between(found["low"], found["high"])
    by_launch = inside.groupby([found["promotion"], found["promise"], found["who"]]).mean()
    assert inside.mean() >= 0.93, by_launch
    assert inside[found["promotion"].isin(HARMFUL)].mean() >= 0.93, by_launch


def test_launches_without_harm_are_flagged_in_at_most_7_of_100_worlds(found):
    null = found[~found["promotion"].isin(HARMFUL)]
    assert (null["low"] > 0).mean() <= 0.07
