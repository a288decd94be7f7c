"""Is and is not: the part that breaks, beside the nearest that does not, since when, and what changed about then.

26 weeks; carrier A in the north breaks half of its items from 1 September on, everything else a tenth.
"""

from datetime import date, timedelta

import pytest

from aspromised.analyse.gaps.gap import gap
from aspromised.analyse.gaps.is_is_not import is_is_not
from aspromised.chart.is_is_not import is_is_not_ledger
from tests.analyse.shelf import rolled_up, shelf

SEGMENTS = ["carrier", "region", "site"]
BEGAN = date(2026, 9, 1)
CHANGES = [
    {"change_id": "new-depot", "on": "2026-08-31", "what": "<b>new depot</b>", "touches": '{"site": "one"}'},
    {"change_id": "new-price", "on": "2026-08-30", "what": "new price", "touches": "{}"},
    {"change_id": "old", "on": "2026-05-01", "what": "long ago", "touches": '{"site": "one"}'},
    {"change_id": "elsewhere", "on": "2026-09-01", "what": "other fleet", "touches": '{"planet": "Mars"}'},
]


def world(began=BEGAN, changes=CHANGES):
    cells = []
    for number in range(182):
        day = date(2026, 10, 31) - timedelta(days=number)
        for carrier in "AB":
            for region in ("north", "south", "west"):
                is_worse = carrier == "A" and region == "north" and day >= began
                broken = 5 if is_worse else (number + (carrier == "A")) % 2
                site = "one" if (carrier, region) == ("A", "north") else "two"
                cells.append(
                    {"day": f"{day}", "carrier": carrier, "region": region, "site": site, "kept": 10 - broken, "broken": broken}
                )  # fmt: skip
    promise = [{"segments": SEGMENTS, "at_least": 30, "target": 0.95}]
    return shelf(
        promise=promise,
        promise_version=[{"target": 0.95}],
        segments=SEGMENTS,
        change=changes,
        **rolled_up(cells, SEGMENTS),
    )


PART = (("carrier", "A"), ("region", "north"))


def draft(snapshot, where=PART):
    return is_is_not(snapshot, gap(snapshot, "p", "2026-10", where))


def test_each_condition_is_held_against_the_nearest_that_differs_in_it_alone():
    found = draft(world())
    by = found.contrasts.set_index("dimension")
    assert by.loc["carrier", "is_not_where"] == (("carrier", "B"), ("region", "north"))
    assert by.loc["region", "is_not_where"][0] == ("carrier", "A") and by.loc["region", "others"] == 1
    assert by["is_rate"].tolist() == [0.5, 0.5]
    assert found.sentence.startswith(
        "50.0 % of 310 orders broke at carrier A, region north, but 4.8 % of 310 at carrier B, region north"
    )


def test_when_it_began_and_what_changed_about_then():
    found = draft(world())
    assert "it got worse about 24 Aug 2026" in found.since  # by the ranks of whole weeks: within one of them
    changes = found.changes.set_index("change_id")
    assert list(changes.index) == ["elsewhere", "new-depot", "new-price"]  # not what changed in May
    assert changes["explains"].tolist() == [None, True, False]
    assert changes.loc["new-depot", ["is_share", "is_not_share"]].tolist() == [1.0, 0.0]


def test_a_change_explains_nothing_that_was_so_before():
    found = draft(world(began=date(2026, 1, 1)))
    assert found.since.endswith("with no clear beginning")
    changes = found.changes.set_index("change_id")
    assert changes.loc["new-depot", ["was_before", "explains"]].tolist() == [True, False]


def test_of_a_whole_promise_it_is_the_part_that_stands_out_first():
    snapshot = world()
    found = is_is_not(snapshot, gap(snapshot, "p", "2026-10"))
    assert dict(found.where).items() >= {"site": "one"}.items() or dict(found.where) == dict(PART)
    assert "more than at the others' rate" in found.excess


def test_nothing_stands_out_nothing_is_drafted():
    snapshot = world(began=date(2027, 1, 1))
    assert is_is_not(snapshot, gap(snapshot, "p", "2026-10")) is None
    assert is_is_not(snapshot, gap(snapshot, "nobody", "2026-10")) is None
    assert is_is_not_ledger(None) is None


def test_where_no_neighbour_clearly_breaks_less_it_says_so():
    found = draft(world(began=date(2027, 1, 1)))
    assert found.sentence.endswith("no part next to it has enough items and clearly breaks less.")


def test_every_figure_leads_to_its_items_and_words_of_rows_are_text():
    html = is_is_not_ledger(draft(world()), promise="p", month="2026-10").html
    assert 'href="?promise=p&amp;month=2026-10&amp;where=carrier%3AB%2Cregion%3Anorth"' in html
    assert "&lt;b&gt;new depot&lt;/b&gt;" in html and "<b>new depot" not in html
    assert "could explain both" in html and "its items do not tell whom it touched" in html


@pytest.mark.parametrize("changes", [[], [{"change_id": "x", "on": "2020-01-01", "what": "x"}]])
def test_no_change_is_said_to_be_none(changes):
    assert (
        "nothing is declared to have changed"
        in is_is_not_ledger(draft(world(changes=changes)), promise="p").html
    )
