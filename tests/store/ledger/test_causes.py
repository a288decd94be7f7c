"""Causes that people name of a gap: kept with who and when, never changed, only superseded."""

import pytest

from aspromised.declare.load import load
from aspromised.store.ledger import DamagedLedger, open_ledger
from aspromised.store.ledger.causes import CAUSE, name_cause, named_causes
from aspromised.words.problems import AsPromisedError
from tests.cli.shop import open_shop

PART = {"region": "north"}


@pytest.fixture
def shop(tmp_path):
    return load(open_shop(tmp_path / "shop"))


def test_a_cause_stays_with_who_said_it_and_when(shop):
    with open_ledger(shop.root) as ledger:
        written = name_cause(ledger, shop, "next-day", PART, " late vans ", who="Ann", window="January 2026")
        [found] = named_causes(ledger, "next-day")
    assert found == written
    assert (found.cause, found.who, found.where, found.window) == ("late vans", "Ann", PART, "January 2026")
    assert found.superseded_by is None and found.written_at.tzinfo


def test_a_cause_is_superseded_and_both_are_kept(shop):
    with open_ledger(shop.root) as ledger:
        first = name_cause(ledger, shop, "next-day", PART, "late vans", who="Ann", window="w")
        second = name_cause(
            ledger, shop, "next-day", PART, "one van", who="Bo", window="w", supersedes=first.event
        )
        old, new = named_causes(ledger, "next-day")
        assert (old.superseded_by, new.supersedes) == (second.event, first.event)
        with pytest.raises(AsPromisedError, match="no cause of 'next-day' that stands"):
            name_cause(ledger, shop, "next-day", PART, "again", who="Cy", window="w", supersedes=first.event)
        assert len(named_causes(ledger, "next-day")) == 2
        assert ledger.verify().problem is None


@pytest.mark.parametrize(("promise", "cause", "who", "said"), [
    ("next-dya", "x", "Ann", "Did you mean 'next-day'?"),
    ("next-day", " ", "Ann", "needs to say the cause"),
    ("next-day", "x" * 2001, "Ann", "2,000 at most"),
    ("next-day", "line\nline", "Ann", "write it on one line"),
    ("next-day", "x", "", "needs to say who"),
])  # fmt: skip
def test_what_cannot_be_kept_is_refused_in_a_sentence(shop, promise, cause, who, said):
    with open_ledger(shop.root) as ledger:
        with pytest.raises(AsPromisedError, match=said):
            name_cause(ledger, shop, promise, PART, cause, who=who, window="w")
        assert ledger.events() == []


def test_an_event_that_is_no_cause_is_damage(shop):
    with open_ledger(shop.root) as ledger:
        ledger.append(CAUSE, "next-day", {"where": "north"}, "Ann")
        with pytest.raises(DamagedLedger, match="is no cause"):
            named_causes(ledger, "next-day")


def test_causes_of_other_promises_are_not_told(shop):
    with open_ledger(shop.root) as ledger:
        name_cause(ledger, shop, "next-day", {}, "late vans", who="Ann", window="w")
        assert named_causes(ledger, "right-item") == []
