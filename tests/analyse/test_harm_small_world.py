"""In small worlds with a planted harm the interval holds it, and launches without harm are hardly ever flagged."""

import numpy as np
import pytest
from scipy.stats import binom

from tests.analyse.small_world import found_in, small_world

SEEDS = range(100)


@pytest.fixture(scope="module")
def harmed():
    return [(small_world(seed, 0.06), seed) for seed in SEEDS]


def test_the_planted_harm_lies_inside_the_interval_in_93_of_100_worlds(harmed):
    held = {"buyers": 0, "others": 0, "all": 0}
    for world, _ in harmed:
        found = found_in(world)
        for who, planted in (
            ("buyers", world.buyers),
            ("others", world.others),
            ("all", world.buyers + world.others),
        ):
            held[who] += bool(found["low"][who] <= planted <= found["high"][who])
    assert min(held.values()) >= 93, held


def test_at_most_7_of_100_launches_without_harm_are_flagged_and_binomial_limits_would_flag_far_more():
    flagged, naive = {"buyers": 0, "others": 0, "all": 0}, 0
    for seed in SEEDS:
        found = found_in(small_world(seed, 0.0))
        for who in flagged:
            flagged[who] += bool(found["low"][who] > 0)
        row = found.loc["others"]
        naive += bool(row["broken"] > binom.ppf(0.975, row["items"], row["expected"] / row["items"]))
    assert max(flagged.values()) <= 7, flagged
    assert naive > 2 * max(flagged["others"], 3), (naive, flagged)


def test_the_expected_is_near_what_would_have_broken_not_near_what_did(harmed):
    share = []
    for world, _ in harmed[:20]:
        row = found_in(world).loc["all"]
        share.append((row["excess"]) / (world.buyers + world.others))
    assert np.mean(share) == pytest.approx(1.0, abs=0.1)
