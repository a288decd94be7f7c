"""Why travel declarations wait (BPI Challenge 2020): payments are made on two days of the week, and that is found by itself."""

import pandas as pd
import pytest

from aspromised.analyse.waiting.batch_days import batch_days
from aspromised.analyse.waiting.waits import waits
from aspromised.analyse.waiting.ways import ways
from aspromised.analyse.windows.window import Window
from aspromised.store.snapshot import open_snapshot
from tests.real.conftest import DATA

pytestmark = pytest.mark.real

FILE = "travel_declarations.parquet"


@pytest.fixture(scope="module")
def travel(refreshed):
    with open_snapshot(refreshed("travel_log", FILE, "2019-12-31")) as snapshot:
        yield snapshot


def test_payments_on_mondays_and_thursdays_are_the_only_days_found(travel):
    """9,885 of 9,912 payments; nothing else that is done is done on days of its own."""
    (found,) = batch_days(travel, "declarations", Window())
    assert (found.activity, found.weekdays) == ("payment", ["Monday", "Thursday"])
    assert (found.found.held, found.found.total) == (9_885, 9_912)
    assert found.sentence.startswith("payment is done on Mondays and Thursdays: 9,885 of 9,912. ")


def test_each_hop_is_that_of_lead_and_lag(travel):
    """Where a payment follows its request directly, they are 3.57 days apart."""
    events = pd.read_parquet(DATA / FILE).sort_values(["case_id", "ts"], kind="stable")
    by_case = events.groupby("case_id", sort=False)
    hop = events.assign(
        days=(events["ts"] - by_case["ts"].shift()).dt.total_seconds() / 86_400,
        before=by_case["activity"].shift(),
    )
    own = hop[(hop["activity"] == "Payment Handled") & (hop["before"] == "Request Payment")]["days"]
    row = waits(travel, "declarations", Window()).set_index(["from", "to"]).loc[("request", "payment")]
    assert row["handoffs"] == len(own)
    assert (
        row["waiting_s"] / row["handoffs"] / 86_400
        == pytest.approx(own.mean())
        == pytest.approx(3.57, abs=0.005)
    )


def test_the_way_most_declarations_take_is_told(travel):
    events = pd.read_parquet(DATA / FILE)
    found = ways(travel, "declarations", Window())
    paid = events.loc[events["activity"] == "Payment Handled", "case_id"].nunique()
    assert found.cases == paid
    approved = events.loc[events["activity"] == "Declaration APPROVED by ADMINISTRATION", "case_id"]
    assert found.reasons.iloc[0]["reason"] == "'Declaration APPROVED by ADMINISTRATION' is not declared"
    assert found.reasons.iloc[0]["cases"] == approved[approved.isin(
        events.loc[events["activity"] == "Payment Handled", "case_id"])].nunique()  # fmt: skip
