"""The seven steps of internal service: each seen by its evidence and date, or told by what is missing."""

from datetime import date
from typing import Any

from aspromised.analyse.internal_service.steps import Step, seven_steps
from aspromised.chart.internal_service import steps_ledger
from tests.analyse.internal_service.test_brief import stage, world
from tests.analyse.internal_service.test_scores import given_scores
from tests.analyse.shelf import shelf

RATED = given_scores("sales", "care", "2026-10-01", 3)
STAGES = [stage(1, "order", "sales", "care", delivers=["a clean order"], requires=["a customer"])]
CHAIN = {"chain_id": "c", "promises": ["p"], "review_by": "2026-12-01"}
INPUT = {
    "chain_id": "c",
    "day": "2026-10-05",
    "position": 1,
    "input": "a customer",
    "met": 6,
    "unmet": 2,
    "unknown": 1,
}
BRIEF = {
    "kind": "brief",
    "supplier": "sales",
    "customer": "care",
    "who": "Ada",
    "written_at": "2026-10-20 12:00",
}
REVIEW = {"kind": "chain-review", "chain_id": "c", "who": "Ada", "written_at": "2026-10-21 12:00"}
CHANGE = {"change_id": "x", "on": "2026-06-01", "what": "a form for orders", "touches": "{}"}
_SIDES = (
    "touched_earlier",
    "touched_before",
    "touched_since",
    "others_earlier",
    "others_before",
    "others_since",
)
EFFECT: dict[str, Any] = {
    "change_id": "x", "verdict": "helped", "before_first": "2026-04-01", "since_last": "2026-10-01", "by_start": False, "since_days": 90,
}  # fmt: skip


def steps(*rows: dict[str, Any], **tables: Any) -> tuple[Step, ...]:
    whole = {
        "chain": [CHAIN], "chain_stage": STAGES, "input_daily": [INPUT], "service_act": [BRIEF], "change": [CHANGE],
        "change_effect": [EFFECT],
    } | tables  # fmt: skip
    [chain] = seven_steps(world(*(rows or (RATED,)), **whole))
    assert chain.passed == sum(each.passed for each in chain.steps)
    return chain.steps


def test_a_chain_can_be_seen_to_have_passed_all_seven() -> None:
    found = steps()
    assert [(each.passed, each.missing) for each in found] == [(True, "")] * 7
    assert [each.on for each in found] == [
        None,
        None,
        date(2026, 10, 1),
        date(2026, 6, 1),
        None,
        date(2026, 10, 20),
        None,
    ]
    assert [each.evidence for each in found] == [
        "1 of 1 stage say what they hand over, 1 what they need",
        "inside: care; outside: 1 promise to customers",
        "1 of 1 customer said what they expect, 1 rated it within a year",
        "a form for orders: helped",
        "sales",
        "1 input required, 1 measured; 1 of 1 pair handed a brief within a year",
        "by 1 Dec 2026",
    ]


def only(found: tuple[Step, ...], number: int) -> Step:
    """Return a step that is the only one not passed."""
    assert [each.number for each in found if not each.passed] == [number]
    return found[number - 1]


def test_each_step_tells_what_is_missing() -> None:
    silent = [stage(1, "order", "sales", "care", requires=["a customer"])]
    assert only(steps(chain_stage=silent), 1).missing == "declare `delivers` of order"
    alone = steps(
        chain=[CHAIN | {"promises": []}],
        chain_stage=[stage(1, "o", "a", "a", delivers=["x"], requires=["a customer"])],
    )
    assert [each.number for each in alone if not each.passed] == [2, 3, 4]
    assert only(steps(chain_expectation=[]), 3).missing == "ask care what they expect (`expects`)"
    assert only(steps(given_scores("sales", "care", "2025-10-30", 3)), 3).missing == "have care rate it"
    assert only(steps(change_effect=[]), 4).missing == "declare what was changed under `changes`"
    assert (
        only(steps(change=[CHANGE | {"on": "2026-11-01"}]), 4).evidence
        == "no change of what it promises is declared"
    )
    assert only(steps(input_daily=[]), 6).missing == "measure a customer (`met_when`)"
    assert (
        only(steps(service_act=[]), 6).missing
        == "hand the brief to sales by care (`aspromised brief … --who`)"
    )
    old = only(steps(service_act=[BRIEF | {"written_at": "2025-10-30 12:00"}]), 6)
    assert old.on is None and "0 of 1 pair handed a brief within a year" in old.evidence
    assert only(steps(chain=[CHAIN | {"review_by": None}]), 7).missing == "declare `review_by` of the chain"


def test_a_review_that_is_overdue_says_whether_it_was_held() -> None:
    late = [CHAIN | {"review_by": "2026-10-01"}]
    missed = only(steps(chain=late), 7)
    assert missed.evidence == "by 1 Oct 2026, 30 days overdue"
    assert missed.missing == "review it (`aspromised reviewed c --who NAME`) and set the next `review_by`"
    held = only(steps(chain=late, service_act=[BRIEF, REVIEW]), 7)
    assert (held.on, held.missing) == (date(2026, 10, 21), "set the next `review_by`")
    assert held.evidence == "by 1 Oct 2026, 30 days overdue; last reviewed 21 Oct 2026"
    on_the_day = steps(chain=[CHAIN | {"review_by": "2026-10-31"}])
    assert on_the_day[6].passed, "the day itself is in time"


def test_a_score_required_by_pair_is_an_expectation_too() -> None:
    required = [{"supplier": "sales", "customer": "care", "from_day": None, "score": 4}]
    assert steps(chain_expectation=[], rating_required=required)[2].passed


def test_without_chains_there_are_no_steps_and_names_are_text() -> None:
    assert seven_steps(shelf()) == () and steps_ledger((), "2026-10") is None
    bait = '<script>alert("a")</script>'
    table = steps_ledger(
        seven_steps(
            world(
                RATED,
                chain=[CHAIN | {"chain_id": bait}],
                chain_stage=[stage(1, bait, bait, bait) | {"chain_id": bait}],
            )
        ),
        "2026-10",
    )
    assert table and "<script>" not in table.html and "&lt;script&gt;" in table.html
