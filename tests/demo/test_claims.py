"""The stories planted in the log of claims are there, and large enough to be found in a small company too."""

import pandas as pd
import pytest

from tests.demo.conftest import Demo


@pytest.mark.parametrize("company", ["small", "middling"])
def test_the_log_of_claims_holds_its_stories(company: str, request: pytest.FixtureRequest) -> None:
    demo: Demo = request.getfixturevalue(company)
    told = demo.truth["stories"]["claims"]
    assert told["approval"]["changed_share"] < 0.01 and told["approval"]["median_wait_hours"] > 12
    share = {desk: each["handed_up"] / each["assessed"] for desk, each in told["hand_ups"].items()}
    assert share["south desk"] > 2.5 * max(share["north desk"], share["online desk"])
    assert 0.08 < told["way_round"]["share"] < 0.16
    assert told["payouts"]["on_those_days"] == told["payouts"]["paid"]
    assert told["payouts"]["held_for_the_others_hours"] > 0.15 * told["payouts"]["waited_hours"]


def test_nobody_does_two_things_at_once_and_no_claim_is_in_two_hands(small: Demo) -> None:
    events = pd.read_parquet(small.root / "data" / "claim_events.parquet").dropna(subset="ended_at")
    for keys in ("resource", "claim_id"):
        ordered = events.sort_values([keys, "started_at", "ended_at"])
        before = ordered.groupby(keys)["ended_at"].shift()
        assert not (ordered["started_at"] < before).any(), keys
