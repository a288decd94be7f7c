"""Verdicts on launches, each on a calendar of a few days that can be read off."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from aspromised.analyse.launches.readiness.verdicts import GateResult
from aspromised.declare.model import Gate, Promotion
from aspromised.judge.readiness.launch import launch_of
from aspromised.judge.readiness.state import GateDays, State
from aspromised.judge.readiness.verdict import Marks, marks
from aspromised.words.figures import day as in_words
from tests.judge.readiness.world import Written, world

STOCK = {"day": "date", "cover": "double"}


def stock(**days: float | None) -> dict[str, Any]:
    """A source of stock cover: june_3=10 is the third of June."""
    rows = [(f"2026-06-{name.partition('_')[2]:0>2}", value) for name, value in days.items()]
    return {"stock": (STOCK, rows)}


COVER = {"gate": "cover", "sql": "select cover from stock where day = :day", "at_least": 14}


def signed(on: str | None, **more: Any) -> dict[str, Any]:
    return {"gate": "trained", "signed_off_by": "care", **({"on": on} if on else {}), **more}


def spring(*gates: dict[str, Any], launched: str = "2026-06-05T08:00", **more: Any) -> dict[str, Any]:
    return {"spring": {"launched": launched, "ready_when": list(gates), **more}}


def test_a_promotion_launched_on_the_day_it_is_ready_is_not_early():
    judged = world(spring(signed("2026-06-05"))).judged("2026-06-30")
    assert judged.verdict() == ("ready", None, 0)
    assert judged.of()["ready_since"] == date(2026, 6, 5)


def test_a_promotion_launched_the_day_before_it_is_ready_is_one_day_early():
    judged = world(spring(signed("2026-06-06"))).judged("2026-06-30")
    assert judged.verdict() == ("launched_before_ready", date(2026, 6, 6), 1)
    assert judged.of()["missing"] == ["trained"]
    assert judged.of()["why"] == (
        "launched 1 day before it was ready on 6 Jun 2026: at launch trained: not signed off by care"
    )


def test_a_gate_met_lost_and_met_again_is_early_until_it_is_met_again():
    days = stock(june_1=20, june_2=20, june_3=10, june_4=10, june_5=10, june_6=10, june_7=15, june_8=9)
    judged = world(spring(COVER), tables=days).judged("2026-06-08")
    assert judged.verdict() == ("launched_before_ready", date(2026, 6, 7), 2)
    gate = judged.gate("cover")
    assert (gate["first_met"], gate["lost_on"], gate["met_on"]) == (
        date(2026, 6, 1),
        date(2026, 6, 3),
        date(2026, 6, 7),
    )
    assert (gate["value"], gate["met"], gate["judged_on"]) == (10, False, date(2026, 6, 5))
    assert gate["evidence"] == "10; needs at least 14"


def test_a_gate_lost_and_met_again_before_launch_is_ready_from_when_it_was_met_again():
    days = stock(june_1=20, june_2=10, june_3=14, june_4=30, june_5=14, june_6=2)
    judged = world(spring(COVER), tables=days).judged("2026-06-08")
    assert judged.verdict() == ("ready", None, 0)
    assert judged.of()["ready_since"] == date(2026, 6, 3)


def test_gates_met_one_after_the_other_are_ready_only_on_a_day_on_which_all_hold():
    days = stock(june_5=20, june_6=20, june_7=20, june_8=1, june_9=1, june_10=20)
    judged = world(spring(COVER, signed("2026-06-08")), tables=days).judged("2026-06-30")
    assert judged.verdict() == ("launched_before_ready", date(2026, 6, 10), 5)


def test_a_promotion_without_gates_can_not_be_told():
    assert world(spring()).judged("2026-06-30").verdict() == ("cannot_tell", None, None)


def test_a_promotion_with_only_optional_gates_can_not_be_told():
    judged = world(spring(signed("2026-06-01", optional=True))).judged("2026-06-30")
    assert judged.verdict()[0] == "cannot_tell"
    assert judged.of()["why"].startswith("it has only optional gates")


def test_an_optional_gate_never_counts():
    late = {"gate": "press", "signed_off_by": "press", "optional": True}
    judged = world(spring(signed("2026-06-01"), late)).judged("2026-06-30")
    assert judged.verdict() == ("ready", None, 0)
    assert judged.gate("press")["met"] is False


def test_a_gate_without_data_can_not_be_told_and_says_which():
    days = stock(june_5=None, june_6=20)
    judged = world(spring(COVER, signed("2026-06-01")), tables=days).judged("2026-06-30")
    assert judged.verdict() == ("cannot_tell", None, None)
    assert judged.of()["missing"] == ["cover"]
    assert judged.of()["why"] == "on 5 Jun 2026 cover: cannot tell: there is no value for 5 Jun 2026"


def test_a_gate_that_failed_decides_whatever_is_not_known_of_another():
    days = stock(june_5=None, june_6=20, june_7=20)
    judged = world(spring(COVER, signed("2026-06-07")), tables=days).judged("2026-06-30")
    assert judged.verdict() == ("launched_before_ready", date(2026, 6, 7), 2)
    assert judged.of()["missing"] == ["cover", "trained"]


def test_a_promotion_that_ended_before_it_was_ready_was_early_all_the_same():
    judged = world(spring(signed("2026-06-12"), ends="2026-06-08")).judged("2026-06-30")
    assert judged.verdict() == ("launched_before_ready", date(2026, 6, 12), 7)
    assert "after it had ended on 8 Jun 2026" in judged.of()["why"]


def test_a_promotion_that_is_not_ready_yet_has_no_day():
    judged = world(spring(signed("2026-06-12"))).judged("2026-06-11")
    assert judged.verdict() == ("launched_before_ready", None, None)
    assert judged.of()["why"].endswith("not ready by 11 Jun 2026")


def test_a_later_completion_does_not_repair_an_early_launch():
    before, after = (
        world(spring(signed("2026-06-12"))).judged(day).verdict()[0] for day in ("2026-06-11", "2026-12-31")
    )
    assert before == after == "launched_before_ready"


def test_a_promotion_that_was_called_off_is_told_apart():
    assert world(spring(signed(None), cancelled=True)).judged("2026-06-30").verdict() == (
        "cancelled",
        None,
        None,
    )


def test_two_promotions_launched_the_same_hour_are_judged_each_by_its_gates():
    both = spring(signed("2026-06-04")) | {
        "summer": {"launched": "2026-06-05T08:00", "ready_when": [signed("2026-06-07")]}
    }
    judged = world(both).judged("2026-06-30")
    assert judged.verdict("spring")[0] == "ready"
    assert judged.verdict("summer") == ("launched_before_ready", date(2026, 6, 7), 2)


@pytest.mark.parametrize(
    ("day", "verdict"), [("2026-06-03", "planned_not_ready"), ("2026-06-04", "planned_ready")]
)
def test_a_launch_to_come_is_judged_as_of_today(day, verdict):
    judged = world(spring(signed("2026-06-04"))).judged(day)
    assert judged.verdict() == (verdict, None, None)
    assert judged.of()["judged_on"] == date.fromisoformat(day)


def test_a_launch_to_come_with_a_gate_nobody_can_tell_of_can_not_be_told():
    assert world(spring(COVER), tables=stock(june_1=20)).judged("2026-06-03").verdict()[0] == "cannot_tell"


def test_a_launch_is_to_come_until_its_hour():
    assert world(spring(signed("2026-06-01"))).judged("2026-06-05T07:59").verdict()[0] == "planned_ready"
    assert world(spring(signed("2026-06-01"))).judged("2026-06-05T08:00").verdict()[0] == "ready"


@pytest.mark.parametrize(
    ("launched", "day"),
    [("2026-03-29T00:30", date(2026, 3, 29)), ("2026-03-29T23:30", date(2026, 3, 29)), ("2026-10-25T01:30", date(2026, 10, 25)),
     ("2026-06-04T23:30Z", date(2026, 6, 5))],
)  # fmt: skip
def test_the_days_are_those_of_the_company_also_when_its_clock_changes(launched, day):
    judged = world(spring(signed("2026-12-01"), launched=launched)).judged("2026-12-31")
    assert judged.of()["launched_day"] == day
    assert judged.verdict()[2] == (date(2026, 12, 1) - day).days


def test_no_day_after_today_is_looked_at_and_every_day_before_it_is_once():
    judged = world(spring(signed("2026-06-08"), announced="2026-03-01")).judged("2026-06-10")
    days = [row["day"] for row in judged.daily]
    assert (days[0], days[-1], len(days)) == (date(2026, 3, 1), date(2026, 6, 10), len(set(days)))
    assert len(days) == (days[-1] - days[0]).days + 1
    judged = world(spring(signed("2026-06-08"))).judged("2026-06-10")
    assert min(row["day"] for row in judged.daily) == date(2026, 4, 6)


def written(team: str, on: str, at: datetime) -> Written:
    counts = at if date.fromisoformat(on) <= at.date() else datetime.fromisoformat(f"{on}T12:00+00:00")
    return Written(team, "Ann", date.fromisoformat(on), counts, at)


def test_a_back_dated_sign_off_counts_from_when_it_was_written():
    late = {("spring", "trained"): [written("care", "2026-06-01", datetime(2026, 6, 9, 10, tzinfo=UTC))]}
    judged = world(spring(signed(None))).judged("2026-06-30", late)
    assert judged.verdict() == ("launched_before_ready", date(2026, 6, 9), 4)
    assert judged.day("2026-06-09")["evidence"] == (
        "signed off by care (Ann) on 1 Jun 2026, but written on 9 Jun 2026: counts from then"
    )


def test_a_sign_off_written_on_the_day_of_the_launch_but_after_its_hour_comes_too_late():
    for hour, verdict in ((6, ("ready", None, 0)), (9, ("launched_before_ready", date(2026, 6, 6), 1))):
        late = {
            ("spring", "trained"): [written("care", "2026-06-05", datetime(2026, 6, 5, hour, tzinfo=UTC))]
        }
        assert world(spring(signed(None))).judged("2026-06-30", late).verdict() == verdict, hour


def test_the_day_of_the_launch_says_that_its_gate_was_signed_after_its_hour():
    late = {("spring", "trained"): [written("care", "2026-06-05", datetime(2026, 6, 5, 9, tzinfo=UTC))]}
    told = "signed off by care (Ann) Fri 5 Jun 2026 10:00, after the launch at 08:00: counts from 6 Jun 2026"
    for as_of in ("2026-06-05", "2026-06-30"):
        judged = world(spring(signed(None))).judged(as_of, late)
        assert judged.day("2026-06-05")["evidence"] == told
        assert told in judged.of()["why"]
    assert judged.day("2026-06-04")["evidence"] == "not signed off by care"


def test_a_sign_off_by_another_team_does_not_count():
    other = {("spring", "trained"): [written("sales", "2026-06-01", datetime(2026, 6, 1, 10, tzinfo=UTC))]}
    assert world(spring(signed(None))).judged("2026-06-30", other).verdict()[0] == "launched_before_ready"


def test_a_ledger_that_cannot_be_read_leaves_its_gates_untold():
    judged = world(spring(signed(None))).judged("2026-06-30", {}, "the ledger cannot be read: gone")
    assert judged.verdict()[0] == "cannot_tell"
    assert "the ledger cannot be read: gone" in judged.of()["why"]


@pytest.mark.parametrize("seed", range(40))
def test_a_gate_was_met_for_good_only_if_it_was_met_on_every_day_since(seed):
    """Of any sequence of days the words say what the strip of those days shows."""
    any_ = random.Random(seed)
    chances = any_.choice([(20.0, 10.0, None), (20.0, 20.0, 20.0, 10.0), (20.0,), (10.0, None)])
    days = {n: any_.choice(chances) for n in range(1, 16)}
    launch = launch_of(
        "spring", Promotion.model_validate(LAUNCHED), datetime(2026, 6, 15, 12, tzinfo=UTC), UTC
    )
    states = {day: State(None, "") for day in launch.days}
    states |= {
        date(2026, 6, n): State(None if value is None else value > 14, "") for n, value in days.items()
    }
    found = marks(launch, GateDays(1, Gate.model_validate(COVER), states))
    since = [state.met for day, state in states.items() if found.met_on and day >= found.met_on]
    words = gate_result(found).stayed
    assert words.startswith("for good from") is (bool(since) and all(since))
    assert bool(words) is any(state.met for day, state in states.items() if day >= launch.judged_on)
    if found.lost_again:
        day = found.lost_again
        assert states[day].met is not True and states[day - timedelta(days=1)].met is True
        assert words == f"not for good: from {in_words(found.met_on)} on, but not on {in_words(day)}"


LAUNCHED = {"says": "Spring", "launched": "2026-06-05T08:00", "leans_on": ["p"]}


def gate_result(found: Marks) -> GateResult:
    what = (1, "cover", "sql", "at least 14", False, None, 14.0, None, None, None, "")
    return GateResult(*what, found.first_met, found.lost_on, found.met_on, found.lost_again)


def test_a_gate_that_did_not_hold_is_told_as_what_was_asked_for():
    gate = COVER | {"gate": "stock cover is holding"}
    judged = world(spring(gate), tables=stock(june_5=9, june_6=20)).judged("2026-06-06")
    assert judged.of()["why"] == (
        "launched 1 day before it was ready on 6 Jun 2026: at launch stock cover was to hold: 9, needed at least 14"
    )
    planned = world(spring(gate, launched="2026-06-20"), tables=stock(june_6=9)).judged("2026-06-06")
    assert planned.of()["why"] == "as of 6 Jun 2026: stock cover was to hold: 9, needed at least 14"
