"""Briefs handed over and chains reviewed stand in the ledger for good, and are told as of a moment."""

from datetime import timedelta
from pathlib import Path

import pytest

from aspromised.declare.model import Chain, Company
from aspromised.declare.workspace import Workspace
from aspromised.store.ledger import DamagedLedger, LedgerBook
from aspromised.store.ledger.serving import BRIEFED, all_service_acts, hand_over, record_review, service_acts
from aspromised.words.problems import AsPromisedError


def workspace(home: Path, **more: object) -> Workspace:
    chain = Chain.model_validate({"items": {"source": "o", "id": "i", "started": "s"}, "stages": []})
    return Workspace(
        home, Company(name="Test", timezone="Europe/London"), **({"chains": {"c": chain}} | more)
    )


def test_what_was_done_is_read_back_in_order(ledger: LedgerBook, home: Path) -> None:
    first = hand_over(ledger, "sales", "care", " Ada ", "talked it through")
    second = record_review(ledger, workspace(home), "c", "Bo")
    assert service_acts(ledger) == [first, second]
    assert (first.supplier, first.customer, first.chain, first.who, first.note) == (
        "sales",
        "care",
        "",
        "Ada",
        "talked it through",
    )
    assert (second.chain, second.supplier, second.who) == ("c", "", "Bo")
    assert service_acts(ledger, first.written_at - timedelta(microseconds=1)) == []
    assert service_acts(ledger, first.written_at)[:1] == [first]


def test_a_chain_that_is_not_declared_is_not_reviewed(ledger: LedgerBook, home: Path) -> None:
    with pytest.raises(AsPromisedError, match="no chain 'd'"):
        record_review(ledger, workspace(home), "d", "Bo")
    with pytest.raises(AsPromisedError):
        hand_over(ledger, "sales", "care", "  ")
    assert service_acts(ledger) == []


def test_an_event_that_tells_no_customer_is_damage_and_is_said(ledger: LedgerBook, home: Path) -> None:
    ledger.append(BRIEFED, "sales", {"customer": ""}, "Ada")
    with pytest.raises(DamagedLedger, match="is no brief"):
        service_acts(ledger)
    found, problem = all_service_acts(workspace(home), ledger.events()[-1].at)
    assert found == [] and problem and "is no brief" in problem
    assert all_service_acts(workspace(home, chains={}), ledger.events()[-1].at) == ([], None)
