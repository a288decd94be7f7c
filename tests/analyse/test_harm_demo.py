"""The demo company as it is made by default, held against what its generator planted."""

import pytest

from tests.analyse.reseeded import HARMFUL, compare


@pytest.fixture(scope="module")
def found():
    return compare(20)


def test_the_planted_harm_of_both_harmful_launches_lies_inside(found):
    harmful = found[found["promotion"].isin(HARMFUL)]
    outside = harmful[~harmful["planted"].between(harmful["low"], harmful["high"])]
    assert outside.empty, outside


def test_buyers_hurt_by_the_stock_that_ran_out_are_found_and_others_are_not(found):
    bedroom = found[found["promotion"] == "bedroom-bonus"].set_index("who")
    assert bedroom.loc["buyers", "low"] > 0
    assert bedroom.loc["others", "low"] <= 0 <= bedroom.loc["others", "high"]


def test_of_the_twelve_groups_without_harm_the_one_that_looks_bad_is_told_as_it_is(found):
    """Lighting week's buyers had bad luck in this world: 14 broke, 14 without it too, where 6 were to be expected."""
    null = found[~found["promotion"].isin(HARMFUL)]
    flagged = null[null["low"] > 0]
    assert len(null) == 12
    assert flagged[["promotion", "who", "planted"]].to_numpy().tolist() == [["lighting-week", "buyers", 0]]
