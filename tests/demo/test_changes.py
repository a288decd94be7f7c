"""The system change and the newcomers planted in the demo company are found, with the size that pandas counts."""

from pathlib import Path

import pytest

from aspromised.analyse.changes.declared import ChangeEffect, declared_changes
from aspromised.analyse.variation.newcomers import ramps
from aspromised.analyse.variation.variation import variation
from aspromised.analyse.windows.window import Window
from aspromised.declare.load import load
from aspromised.refresh import refresh
from aspromised.store.snapshot import Snapshot, open_snapshot
from aspromised.words.moments import as_of_moment
from tests.demo.conftest import Demo, built


@pytest.fixture(scope="module")
def snapshot(middling: Demo) -> Snapshot:
    """The middling company, judged as of its last day."""
    workspace = load(middling.root)
    refresh(workspace, as_of_moment("2026-10-31", workspace.timezone))
    return open_snapshot(middling.root)


@pytest.fixture(scope="module")
def effects(snapshot: Snapshot) -> dict[str, ChangeEffect]:
    """What came of the new warehouse system, by promise, as of the last day."""
    [found] = [each for each in declared_changes(snapshot) if each.change_id == "new-warehouse-system"]
    return {each.promise_id: each for each in found.effects}


def test_two_day_delivery_went_before_and_since_as_pandas_counts(
    effects: dict[str, ChangeEffect], middling: Demo
) -> None:
    planted = middling.truth["stories"]["new-warehouse-system"]
    found = effects["two-day-delivery"]
    for side, name in (("touched", "north"), ("others", "others")):
        for span in ("before", "since"):
            assert found.rate(side, span) == pytest.approx(planted[f"{name}_{span}"], abs=5e-5)


def test_the_interval_holds_the_planted_gain_and_the_verdict_is_no_harm(
    effects: dict[str, ChangeEffect], middling: Demo
) -> None:
    planted = middling.truth["stories"]["new-warehouse-system"]["difference_in_differences"]
    found = effects["two-day-delivery"]
    assert (found.number("low") or 1) <= planted <= (found.number("high") or -1)
    assert found.verdict in ("helped", "no evidence")
    assert set(effects) == {
        "two-day-delivery",
        "next-day-delivery",
        "app-48-hours",
        "order-accuracy",
        "out-of-the-door",
    }
    assert "made worse" not in {each.verdict for each in effects.values()}


def test_newcomers_keep_the_right_item_as_pandas_counts_and_catch_up_after_three_months(
    snapshot: Snapshot, middling: Demo
) -> None:
    planted = middling.truth["stories"]["new-staff"]
    [ramp] = ramps(snapshot, "order-accuracy", Window.month("2026-10"), "orders")
    for row in ramp.rows.itertuples():
        assert row.rate == pytest.approx(planted[row.value]["kept_rate"], abs=5e-5)
    assert ramp.lag["value"].tolist() == ["under 3 months"]
    assert "only bands of tenure are known" in ramp.sentence


def test_a_claim_tightened_before_operations_could_keep_it_is_hardly_ever_kept(snapshot: Snapshot) -> None:
    found = variation(snapshot, "two-day-delivery", "2026-10")
    assert found.chance is not None and found.chance < 0.1
    assert "new wording" in {base.what for base in found.charted.bases} if found.charted else False


@pytest.mark.nightly
def test_in_the_whole_company_the_new_warehouse_system_is_said_to_have_helped(tmp_path: Path) -> None:
    demo = built(tmp_path, 250_000)
    workspace = load(demo.root)
    refresh(workspace, as_of_moment("2026-10-31", workspace.timezone))
    with open_snapshot(demo.root) as snapshot:
        [found] = [each for each in declared_changes(snapshot) if each.change_id == "new-warehouse-system"]
        tightened = variation(snapshot, "two-day-delivery", "2026-10")
    assert {each.promise_id: each.verdict for each in found.effects}["two-day-delivery"] == "helped"
    assert found.effects[0].before_and_since == "site north 87.9 → 90.4 %, elsewhere 93.4 → 93.6 %"
    assert tightened.assurance == "reliably misses"
