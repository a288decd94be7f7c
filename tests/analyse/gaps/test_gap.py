"""The finding a gaps page opens with.

October      kept broken   of them region north   south
                80     20             20 of 50    0 of 50
"""

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from aspromised.analyse.gaps.differences import DIFFERENCE_COLUMNS, part_differences
from aspromised.analyse.gaps.gap import gap, most_missed
from aspromised.chart.gap import gap_leads
from tests.analyse.shelf import rolled_up, shelf

PROMISE = {"at_least": 30, "segments": ["region"], "source": "orders"}
VERSIONS = [
    {"version": 1, "from_day": None, "to_day": "2026-10-01", "claim": "Here in 3 days", "target": 0.9},
    {"version": 2, "from_day": "2026-10-01", "to_day": None, "claim": "Here in 2 days", "target": 0.9},
]
DAILY = [
    {"day": "2026-09-10", "version": 1, "region": "west", "kept": 9, "broken": 1},
    {"day": "2026-10-20", "version": 2, "region": "north", "kept": 30, "broken": 20},
    {"day": "2026-10-20", "version": 2, "region": "south", "kept": 50},
]


@pytest.fixture
def snapshot():
    return shelf(
        promise=[PROMISE], promise_version=VERSIONS, **rolled_up(DAILY, ["region"]), segments=["region"]
    )


def test_the_sentence_says_where_it_stands_and_what_breaks_it_most(snapshot):
    assert gap(snapshot, "p", "2026-10").sentence == (
        "In October 2026 “Here in 2 days” was kept for 80.0 % of 100 orders, missing the target of 90 % by 10.0 points: "
        "10 orders short. Region north breaks it most beyond its share: 20 more broken than at the others' rate (13 to 27)."
    )


def test_a_month_of_an_earlier_version_is_told_in_its_words(snapshot):
    assert "“Here in 3 days”" in gap(snapshot, "p", "2026-09").sentence


def test_too_few_are_said_to_be_too_few(snapshot):
    assert "too few to hold against the target of 90 %" in gap(snapshot, "p", "2026-09").sentence


def test_a_month_that_is_not_over_is_told_so_far():
    early = shelf(
        "2026-10-20",
        promise=[PROMISE],
        promise_version=VERSIONS,
        **rolled_up(DAILY, ["region"]),
        segments=["region"],
    )
    assert gap(early, "p", "2026-10").sentence.startswith(
        "In October 2026, not closed yet (to 20 Oct 2026), “Here in 2 days”"
    )


def test_a_month_without_items_is_no_gap_and_no_success(snapshot):
    found = gap(snapshot, "p", "2026-08")
    assert found.sentence == "In August 2026 nothing was decided on “Here in 3 days”: no gap to look for."
    assert found.parts.empty
    assert part_differences(snapshot, found).empty


def test_a_promise_that_is_not_judged_is_said_to_be_so():
    broken = shelf(
        promise=[{**PROMISE, "problem": "promises/a.yaml:3:5: unknown key 'targit'"}], segments=["region"]
    )
    found = gap(broken, "p", "2026-10")
    assert found.sentence == "“Here in 2 days” is not judged, so nobody can say where it breaks."
    assert found.problem == "promises/a.yaml:3:5: unknown key 'targit'"


def test_a_workspace_without_promises_says_so():
    empty = shelf()
    assert most_missed(empty, "2026-10") == ""
    assert gap(empty, "", "2026-10").problem == "No promise is declared yet"
    assert gap(empty, "", "2026-10").sentence == "No promise is declared yet: there is no gap to look for."
    unjudged = shelf(promise=[PROMISE | {"problem": "no source"}])
    assert most_missed(unjudged, "2026-10") == ""
    told = gap(unjudged, "", "2026-10").sentence
    assert told == "No promise could be judged in October 2026: there is no gap to look for."


def test_a_spread_names_the_promise_to_look_at_and_leads_to_it():
    consistent = {
        "promise_id": "same",
        "kind": "spread",
        "spread_of": "p",
        "across": "region",
        "at_most": 0.02,
    }
    both = shelf(
        promise=[PROMISE, consistent | {"claim": "The same everywhere", "target": None, "source": "orders"}],
        promise_version=VERSIONS, **rolled_up(DAILY, ["region"]), segments=["region"],
    )  # fmt: skip
    found = gap(both, "same", "2026-10")
    assert "differs between units: look for that promise here" in found.sentence
    assert (
        f"how far “{found.spread_claim}” differs" in found.sentence and found.spread_claim == "Here in 2 days"
    )
    assert gap(both, "same", "2026-09").spread_claim == "Here in 3 days"
    way = gap_leads(found)[0]
    assert way.words == "Where that is broken:" and "promise=p" in way.links[0].address


def test_one_part_is_judged_by_itself(snapshot):
    found = gap(snapshot, "p", "2026-10", (("region", "north"),))
    assert "“Here in 2 days” (region north) was kept for 60.0 % of 50 orders" in found.sentence


def test_where_chance_could_do_it_no_part_is_named_as_breaking_it():
    daily = [
        {"day": "2026-10-20", "region": "north", "kept": 89, "broken": 11},
        {"day": "2026-10-20", "region": "south", "kept": 91, "broken": 9},
    ]
    even = shelf(
        promise=[PROMISE],
        promise_version=VERSIONS[1:],
        **rolled_up([{**each, "version": 2} for each in daily], ["region"]),
        segments=["region"],
    )
    assert (
        "No part stands out beyond chance; the most is region north, 2 more"
        in gap(even, "p", "2026-10").sentence
    )


def test_the_default_promise_is_the_one_most_items_short():
    promises = [{"promise_id": name} for name in ("fine", "few", "many")]
    versions = [{"promise_id": name} for name in ("fine", "few", "many")]
    daily = [
        {"promise_id": "fine", "day": "2026-10-20", "kept": 1000},
        {"promise_id": "few", "day": "2026-10-20", "kept": 50, "broken": 50},
        {"promise_id": "many", "day": "2026-10-20", "kept": 800, "broken": 200},
    ]
    assert (
        most_missed(shelf(promise=promises, promise_version=versions, verdict_daily=daily), "2026-10")
        == "many"
    )


def test_the_worst_parts_are_followed_week_by_week_against_the_rest(snapshot):
    weeks = part_differences(snapshot, gap(snapshot, "p", "2026-10"))
    assert tuple(weeks) == DIFFERENCE_COLUMNS
    held = weeks[weeks["difference"].notna()]
    assert held[["part", "decided", "broken", "rest", "rest_broken", "difference"]].values.tolist() == [
        ["region north", 50, 20, 50, 0, 0.4]
    ]
    assert held["first"].astype(str).tolist() == ["2026-10-19"] and held["closed"].all()
    low, high = confint_proportions_2indep(20, 50, 0, 50, method="newcomb")
    assert held[["low", "high"]].values.tolist()[0] == pytest.approx([low, high])


def test_inside_a_part_it_is_followed_itself_against_all_others(snapshot):
    weeks = part_differences(snapshot, gap(snapshot, "p", "2026-10", (("region", "north"),)))
    held = weeks[weeks["difference"].notna()]
    assert held[["part", "decided", "rest"]].values.tolist() == [["region north", 50, 50]]
