"""Chains of public data: how long hops took, how often cases came again, and what follows being handed on."""

import json

import pandas as pd
import pytest

from tests.real.conftest import DATA, aspromised

pytestmark = pytest.mark.real

SUBMITTED = "Declaration SUBMITTED by EMPLOYEE"


@pytest.fixture(scope="module")
def travel(refreshed):
    """Return the chains of the travel declarations (BPI Challenge 2020), over all days."""
    root = refreshed("travel", "travel_declarations.parquet", "2020-01-01")
    told = json.loads(aspromised("handoffs", "--workspace", str(root), "--all", "--json"))["chains"]
    return {chain["id"]: chain for chain in told}


def test_the_three_last_hops_take_as_long_as_published(travel):
    """4.59, 3.07 and 3.57 days on average, to the final approval, the request and the payment."""
    days = [stage["mean_s"] / 86_400 for stage in travel["declaration"]["stages"] if stage["mean_s"]]
    assert [round(each, 2) for each in days] == [4.59, 3.07, 3.57]


def test_late_hours_add_up_to_those_of_all_late_declarations(travel):
    """1,887 of 9,911 were paid later than 14 days after they were first submitted."""
    chain = travel["declaration"]
    events = pd.read_parquet(DATA / "travel_declarations.parquet").groupby(["case_id", "activity"])["ts"]
    first, last = events.min().unstack(), events.max().unstack()
    took = last["Payment Handled"] - first[SUBMITTED]
    late = (took - pd.Timedelta(days=14))[took > pd.Timedelta(days=14)]
    assert chain["late_items"] == len(late) == 1_887
    assert chain["late_minutes"] == pytest.approx(late.dt.total_seconds().sum() / 60, abs=0.01)
    assert sum(stage["late_minutes"] for stage in chain["stages"]) == pytest.approx(
        chain["late_minutes"], abs=0.01
    )


def test_declarations_that_came_again_are_counted(travel):
    """Submitted once 8,945 (of those paid), twice 845, three times 109, four times and more 12: 966 more than once."""
    events = pd.read_parquet(DATA / "travel_declarations.parquet")
    times = events[events["activity"] == SUBMITTED].groupby("case_id").size()
    paid = times[times.index.isin(events.loc[events["activity"] == "Payment Handled", "case_id"])]
    assert paid.clip(upper=4).value_counts().to_dict() == {1: 8_945, 2: 845, 3: 109, 4: 12}
    submission = travel["submissions"]["stages"][0]
    assert submission["repeated"] == int((times > 1).sum())
    assert submission["done"] == len(times)


def test_a_late_approval_is_followed_by_more_late_payments(travel):
    (approval, _) = travel["declaration"]["snowball"]
    assert approval["low"] > 1 and approval["late_broken"] + approval["timely_broken"] == 1_887


def test_incidents_that_were_reassigned_break_their_agreement_more_often(ledger):
    """45.63 % were reassigned at least once; broken 54.4 % of those, 21.6 % of the others (UCI 498)."""
    row = ledger("uci", "uci_incidents.parquet", "2017-12-31")["agreement-kept"]
    parts = {part["value"]: part for part in row["segments"] if part["name"] == "reassigned"}
    decided = {value: part["kept"] + part["broken"] for value, part in parts.items()}
    assert round(100 * decided["true"] / sum(decided.values()), 2) == 45.63
    assert [round(100 * (1 - parts[value]["rate"]), 1) for value in ("true", "false")] == [54.4, 21.6]
