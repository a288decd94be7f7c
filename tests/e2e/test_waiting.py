"""What is planted in the log of claims is found, with the size that the demo's own pandas counts."""

import pytest

from aspromised.analyse.waiting.batch_days import batch_days
from aspromised.analyse.waiting.controls import seldom_changes
from aspromised.analyse.waiting.waits import waiting_of
from aspromised.analyse.waiting.ways import hand_ups, ways
from aspromised.analyse.windows.window import Window
from aspromised.store.snapshot import open_snapshot
from tests.cli.run import run


@pytest.fixture
def snapshot(demo):
    with open_snapshot(demo.root) as opened:
        yield opened


@pytest.fixture
def planted(demo):
    return demo.truth["stories"]["claims"]


def one(snapshot, sql):
    return snapshot.query(sql).iloc[0].to_dict()


def test_payouts_wait_for_the_others_of_their_run(snapshot, planted):
    found = one(snapshot, "select sum(handoffs) as paid, sum(waiting_s) / 3600 as waited, sum(batching_s) / 3600 as held"
                " from handoff_daily where chain_id = 'claims' and to_activity = 'payout'")  # fmt: skip
    told = planted["payouts"]
    assert found["paid"] == told["paid"]
    assert found["waited"] == pytest.approx(told["waited_hours"], abs=0.06)
    assert found["held"] == pytest.approx(told["held_for_the_others_hours"], abs=0.06)


def test_hand_ups_are_told_by_desk(snapshot, planted):
    found = snapshot.query("select team, sum(times) as assessed, sum(handed_up) as handed_up from activity_daily"
                           " where chain_id = 'claims' and activity = 'assessment' group by team")  # fmt: skip
    rows = {row.team: {"assessed": row.assessed, "handed_up": row.handed_up} for row in found.itertuples()}
    assert rows == planted["hand_ups"]


def test_the_way_round_is_the_way_of_so_many(snapshot, planted):
    told = planted["way_round"]
    found = one(snapshot, """select sum(cases) as closed, sum(cases) filter (where not is_declared) as vouchers,
        sum(first_level) as one_level, sum(hand_ups) as handed_up, sum(cases) - sum(one_team) as two_desks
        from course_daily where chain_id = 'claims'""")  # fmt: skip
    assert found == {key: told[key] for key in ("closed", "vouchers", "one_level", "handed_up", "two_desks")}
    why = snapshot.query(
        "select distinct why from course_daily where chain_id = 'claims' and not is_declared"
    )
    assert [list(each) for each in why["why"]] == [
        ["without 'approval'", "without 'payout'", "'VOUCHER ISSUED' is not declared"]
    ]


def test_the_causes_add_up_to_the_waiting_of_every_row(snapshot):
    found = one(snapshot, """select max(abs(waiting_s - batching_s - prioritisation_s - contention_s - unavailability_s
        - extraneous_s)) as off, count(*) as rows from handoff_daily where chain_id = 'claims'""")  # fmt: skip
    assert found["rows"] > 1000 and found["off"] < 1e-6


def test_payouts_are_told_to_be_made_on_their_days(snapshot, planted):
    found = batch_days(snapshot, "claims", Window())
    assert [(each.activity, each.weekdays) for each in found] == [("payout", planted["payouts"]["weekdays"])]
    assert (found[0].found.held, found[0].found.total) == (
        planted["payouts"]["on_those_days"],
        planted["payouts"]["paid"],
    )
    assert batch_days(snapshot, "refunds", Window()) == []


def test_the_desk_that_hands_up_stands_out_alone(snapshot):
    found = hand_ups(snapshot, "claims", Window())
    assert found[found["standing"] == "more"]["team"].tolist() == ["south desk"]


def test_the_approval_that_changes_almost_nothing_is_found(snapshot, planted):
    (found,) = seldom_changes(snapshot, "claims", Window())
    told = planted["approval"]
    assert (found.stage, found.owner, found.passed, found.changed) == (
        "approval",
        "finance",
        told["passed"],
        told["changed"],
    )
    assert found.median_s / 3600 == pytest.approx(told["median_wait_hours"], rel=0.06)
    assert found.p90_s / 3600 == pytest.approx(told["p90_wait_hours"], rel=0.06)
    assert seldom_changes(snapshot, "refunds", Window()) == []


def test_the_way_round_is_first_of_all(snapshot, planted):
    found = ways(snapshot, "claims", Window())
    assert found.off_share == pytest.approx(planted["way_round"]["share"], abs=5e-6)
    assert found.courses.iloc[0]["course"] == "claim taken → assessment → VOUCHER ISSUED → closing"


def test_without_batches_the_claims_would_wait_less(snapshot, planted):
    found = waiting_of(snapshot, "claims", Window())
    assert found.efficiency < found.efficiency_without(found.by_cause["batching"]) < 1
    assert found.waiting_s == pytest.approx(sum(found.by_cause.values()))


def test_the_command_tells_handoffs_by_team_and_what_stands_out(demo, planted):
    answer = run("handoffs", "claims", "--all", "--json", "--workspace", demo.root).json["chains"][0]
    rows = {(row["from"], row["to"]): row for row in answer["handoffs"] if row["from_by"] != "care lead"}
    payout = rows["approval", "payout"]
    assert (payout["from_by"], payout["to_by"]) == ("finance approvals", "finance payouts")
    assert payout["batching_s"] / 3600 == pytest.approx(
        planted["payouts"]["held_for_the_others_hours"], abs=0.06
    )
    told = {each["cause"]: each for each in answer["waiting"]["causes"]}
    assert len(told) == 5 and sum(each["waiting_s"] for each in told.values()) == pytest.approx(
        answer["waiting"]["waiting_s"]
    )
    assert answer["waiting"]["efficiency"] < told["batching"]["efficiency_without"] < 1
    assert answer["ways"]["off_share"] == pytest.approx(planted["way_round"]["share"], abs=5e-6)
    days, approval, desk = answer["findings"]
    assert approval.startswith("approval changed ")
    assert days.startswith("payout is done on Tuesdays and Fridays: ") and desk.startswith(
        "south desk hands up "
    )
    told = run("handoffs", "claims", "--all", "--workspace", demo.root).out
    assert "why it waited in all days" in told and desk in told.replace("\n", " ")


def test_a_chain_of_columns_has_no_log(demo):
    answer = run("handoffs", "fulfilment", "--json", "--workspace", demo.root).json["chains"][0]
    assert (answer["handoffs"], answer["ways"], answer["findings"]) == ([], None, [])
