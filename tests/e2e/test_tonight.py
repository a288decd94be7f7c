"""What is told of tonight, on the demo: better than the share that breaks anyhow, and the same wherever it is told."""

import pytest

from aspromised.analyse.tonight.calibration import calibration
from aspromised.analyse.tonight.listing import tonight
from aspromised.declare.load import load
from aspromised.judge.clocks.time_left import CALLED_OFF
from aspromised.judge.run import judge_items, plan_promise
from aspromised.schema.snapshot import segment_column
from aspromised.store.snapshot import open_snapshot
from aspromised.store.warehouse import reading_warehouse
from aspromised.words.moments import as_of_moment
from aspromised.words.vocabulary import WHOLE
from tests.cli.run import run
from tests.e2e.conftest import Demo


def test_chances_are_told_better_than_the_share_that_breaks_anyhow(demo: Demo) -> None:
    with open_snapshot(demo.root) as snapshot:
        told = calibration(snapshot)
        assert told.items > 2000 and told.brier < told.brier_base
        assert told.months == ("2026-08-01", "2026-09-01", "2026-10-01")
        many = told.tenths[told.tenths["items"] >= 300]
        assert len(many) >= 2 and ((many["told"] - many["broke"]).abs() < 0.06).all()


def test_the_command_tells_what_status_counts(demo: Demo) -> None:
    answer = run("tonight", "--workspace", demo.root, "--json").json
    groups = {each["name"]: each for each in answer["groups"]}
    for promise in demo.status("--all")["promises"]:
        if promise["id"] in groups:
            assert groups[promise["id"]]["open"] == promise["open"], promise["id"]
        else:
            assert promise["id"] in answer["without_clock"] or not promise["open"], promise["id"]
    assert sum(each["open"] for each in groups.values()) == len(answer["items"])
    assert {each["chance_broken"] for each in answer["items"]} != {None}
    assert answer["items"] == sorted(answer["items"], key=lambda each: (each["due"], each["started"]))


def test_judged_again_as_of_the_same_moment_it_is_the_same(demo: Demo) -> None:
    words = ("tonight", "--workspace", demo.root, "--json", "--promise", "two-day-delivery")
    assert run(*words).json == run(*words, "--as-of", "2026-10-31").json


def test_open_items_stand_once_and_add_up_over_teams_and_parts(demo: Demo) -> None:
    with open_snapshot(demo.root) as snapshot:
        found = tonight(snapshot)
        teams = [tonight(snapshot, "", team) for team in sorted(set(found.items["team"]))]
        assert sum(len(each.items) for each in teams) == len(found.items)
        assert not found.items.duplicated(["promise_id", "item_id"]).any()
        parts = tonight(snapshot, "two-day-delivery", "", "", "", "region").items
        for value, rows in parts.groupby("part"):
            assert len(tonight(snapshot, "two-day-delivery", "", "region", value).items) == len(rows)


@pytest.mark.parametrize("promise", ["two-day-delivery", "app-48-hours"])
def test_a_chance_is_the_share_that_pandas_counts(promise: str, demo: Demo) -> None:
    """Of the items of the same part due in those months: who was not done with so much left, and how many of them broke."""
    with open_snapshot(demo.root) as snapshot:
        found = tonight(snapshot, promise).items
        first = snapshot.query(
            "select min(day) as day from left_monthly where promise_id = $p", {"p": promise}
        )["day"].iat[0]
    workspace = load(demo.root)
    as_of = as_of_moment("2026-10-31", workspace.timezone)
    with reading_warehouse(workspace) as con:
        plan, moment = plan_promise(con, workspace, promise, as_of)
        judge_items(con, plan, moment)
        rows = con.frame(f'select *, "{CALLED_OFF}" as gone from judged').astype(
            {"due": "Float64", "done": "Float64", "gone": "Float64"}
        )
    start = moment.days.start_of(first.date())
    rows = rows[(rows["due"] >= start) & (rows["due"] <= moment.moment_us)]
    cancelled = (rows["exempt_by"] == "cancelled").fillna(False)
    counted = rows["verdict"].isin(["kept", "broken"]) | cancelled
    ended = rows["done"].where(
        rows["verdict"] == "kept", rows["gone"].where(cancelled & (rows["gone"] <= rows["due"]))
    )
    left_then = ((rows["due"] - ended) / 1e6).fillna(-1.0)
    told = found[found["chance"].notna() & (found["left_seconds"] <= 48 * 3600)]
    assert len(told) >= 3
    for row in told.itertuples():
        part = counted if row.segment == WHOLE else counted & (rows[segment_column(row.segment)] == row.value)
        there = part & (left_then < row.left_seconds)
        broken = there & (left_then < 0)
        assert row.chance == pytest.approx(broken.sum() / there.sum(), abs=0.03), row.item_id
