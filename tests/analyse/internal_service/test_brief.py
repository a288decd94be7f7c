"""What a supplier is told by its customer, from rows few enough to count; on paper it is one page, the same bytes again."""

import io
import re
from datetime import date
from typing import Any

import pypdf
import pytest

from aspromised.analyse.internal_service.brief import Brief, supplier_brief
from aspromised.analyse.internal_service.handoffs import late_shares, passings, unfunded
from aspromised.analyse.internal_service.overview import internal_service
from aspromised.analyse.internal_service.scores import rating_window
from aspromised.analyse.internal_service.team import own_page, suppliers_of
from aspromised.report.brief import brief_html, brief_name, brief_pdf
from aspromised.store.snapshot import Snapshot
from aspromised.words.problems import AsPromisedError
from tests.analyse.internal_service.test_scores import given_scores, rated_shelf

BAIT = '<script>alert("a")</script>'
WINDOW = rating_window("2026-10")


def stage(position: int, name: str, supplier: str, customer: str, **more: Any) -> dict[str, Any]:
    return {
        "chain_id": "c", "position": position, "stage": name, "kind": "work", "supplier": supplier, "customer": customer,
        "budget": "4 hours", "delivers": [], "requires": [], "is_accepted": False, "is_control": False, **more,
    }  # fmt: skip


def cell(position: int, day: str = "2026-10-05", **counts: int) -> dict[str, Any]:
    none = dict.fromkeys(
        ["cases", "begun", "done", "open", "skipped", "late", "late_done", "spent_us", "done_us", "open_us", "told", "waiting_us", "working_us", "times", "repeated", "accepted", "refused", "changed", "unchanged"], 0,
    )  # fmt: skip
    return {"chain_id": "c", "day": day, "position": position, **none, **counts}


def late(position: int, item: str, seconds: float, day: str = "2026-10-05") -> dict[str, Any]:
    us = round(seconds * 1e6)
    return {
        "chain_id": "c",
        "item_id": item,
        "day": day,
        "version": 1,
        "position": position,
        "spent_us": 0,
        "late_us": us,
    }


def world(*rows: dict[str, Any], name: str = "sales", **more: Any) -> Snapshot:
    tables: dict[str, Any] = {
        "chain": [{"chain_id": "c", "promises": ["p"], "review_by": "2026-12-01"}],
        "chain_stage": [
            stage(1, "order", name, "care", delivers=["a clean order"], review_by="2026-10-01"),
            stage(2, "answer", "care", "care", requires=["an address", "a phone number"]),
        ],
        "chain_expectation": [{"chain_id": "c", "customer": "care", "what": "an order we need not ask about", "from_day": "2026-01-01"}],
        "stage_cell": [
            cell(1, cases=10, done=10, late=3, late_done=2, accepted=7, refused=1),
            cell(1, "2026-04-01", cases=99, done=99, late=99, late_done=99), cell(2, cases=10, done=9, late=1, late_done=1),
        ],
        "input_daily": [{"chain_id": "c", "day": "2026-10-05", "position": 2, "input": "an address", "met": 6, "unmet": 2, "unknown": 1}],
        "late_stage": [late(1, "b", 7200), late(2, "b", 60), late(1, "a", 3600), late(1, "old", 9e6, "2026-04-01"), late(-1, "a", 10)],
        "promise": [{"claim": "Here in 2 days", "kept_by": "care"}], "promise_version": [{}],
    }  # fmt: skip
    return rated_shelf(*rows, **(tables | more))


LOW = given_scores("sales", "care", "2026-10-01", 2, 3, 2, 2, 2)


def test_what_passes_between_two_teams_is_counted_in_the_window() -> None:
    [one] = passings(world(), "sales", "care", WINDOW)
    assert (one.stage, one.delivers, one.needs, one.review_by) == (
        "order",
        ("a clean order",),
        ("an address", "a phone number"),
        date(2026, 10, 1),
    )
    assert (one.done, one.late, one.accepted, one.refused, one.inputs_met, one.inputs_unmet) == (
        10,
        2,
        7,
        1,
        6,
        2,
    )
    [of_promise] = late_shares(world(), "sales", "care", WINDOW)
    assert (of_promise.items, of_promise.seconds, of_promise.examples) == (2, 10_800.0, ("b", "a"))
    assert passings(world(), "care", "sales", WINDOW) == () == late_shares(world(), "care", "sales", WINDOW)
    assert suppliers_of(world(), "care") == ["sales"]


def test_a_brief_says_what_is_needed_how_it_has_been_examples_and_when_it_is_looked_at_again() -> None:
    brief = supplier_brief(world(LOW), "sales", "care", "2026-10")
    assert brief.title == "What care needs of sales"
    assert brief.sentence == (
        "In the three months to October 2026 we rated sales 2.2 of 5 (1.6 to 2.8, 5 ratings) where we require 4: not met."
        " 10 times something was handed to us, 2 of them late (20.0 %)."
    )
    assert brief.needs == (
        ("order (c)", "done within 4 hours; hands over a clean order"),
        ("to go on after order", "an address and a phone number"),
        ("a mean score", "4 or more"),
        ("we expect", "an order we need not ask about (agreed 1 Jan 2026)"),
    )
    assert brief.has_been == (
        ("our rating", "2.2 of 5 (1.6 to 2.8, 5 ratings), not met; 0 % reached what was required"),
        (
            "order",
            "2 of 10 over its budget (20.0 %); 87.5 % of 8 complete and right as we found it; an address and a phone number: there in 75.0 % of 8",
        ),
        ("“Here in 2 days”", "1 h 30 min of each of 2 late ones on average are yours"),
    )
    assert brief.examples == (
        ("late for “Here in 2 days”", "b and a"),
        ("rated low on 1 Oct 2026", "2.2 in quality (5 ratings)"),
    )
    assert brief.again == (("order", "1 Oct 2026, 30 days overdue"),)


def test_a_brief_without_ratings_or_without_handoffs_says_so() -> None:
    unrated = supplier_brief(world(), "sales", "care", "2026-10")
    assert "rated" not in unrated.sentence and unrated.examples
    alone = supplier_brief(rated_shelf(LOW), "sales", "care", "2026-10")
    assert alone.parts["When we look again"] == (
        ("Not agreed yet", "declare review_by of the handoff, or of its chain"),
    )
    old = supplier_brief(rated_shelf(LOW | {"day": "2026-06-01"}), "sales", "care", "2026-10")
    assert (
        old.sentence == "Nothing was rated and nothing was handed over in the three months to October 2026."
    )
    assert old.parts["How it has been"][0][0] == "Not known"


def test_teams_that_have_nothing_to_do_with_one_another_have_no_brief() -> None:
    snapshot = world(LOW, given_scores("x", "y", "2026-10-01", 3))
    with pytest.raises(AsPromisedError, match="nothing to do with one another"):
        supplier_brief(snapshot, "x", "care", "2026-10")
    with pytest.raises(AsPromisedError, match="Did you mean 'sales'"):
        supplier_brief(snapshot, "saels", "care", "2026-10")


def test_what_a_team_owes_of_its_handoffs_is_on_its_page() -> None:
    own = own_page(world(LOW), "sales", "2026-10")
    assert [(each.what, each.due) for each in own.owes] == [
        ("the review of the handoff “order” (c)", date(2026, 10, 1)),
        ("1 case still in “order” (c), over its budget", None),
    ]
    assert {(each.page, dict(each.state)["stage"], dict(each.state)["promise"]) for each in own.owes} == {
        ("handoffs", "order", "p")
    }
    assert [(each.by, each.what, each.since) for each in own.expected] == [
        ("care", "a mean score of 4 or more", None),
        ("care", "an order we need not ask about (of c)", date(2026, 1, 1)),
    ]


def test_a_promise_that_its_chain_has_no_time_for_is_told_to_who_makes_it() -> None:
    snapshot = world(LOW)
    assert unfunded(snapshot, WINDOW)["made_by"].tolist() == ["marketing"]
    assert [each.what for each in own_page(snapshot, "marketing", "2026-10").owes] == [
        "time for “Here in 2 days”: the budgets of its chain (c) exceed what it promises"
    ]
    told = internal_service(snapshot, "2026-10").findings
    assert (
        "Not aligned: the budgets of the chain c exceed what “Here in 2 days” promises, so that items are late with every stage on budget."
        in told
    )


def papers(brief: Brief) -> tuple[str, bytes]:
    return brief_html(brief), brief_pdf(brief)


def test_a_brief_on_paper_needs_nothing_from_outside_and_is_the_same_again() -> None:
    brief = supplier_brief(world(LOW), "sales", "care", "2026-10")
    html, pdf = papers(brief)
    assert (html, pdf) == papers(supplier_brief(world(LOW), "sales", "care", "2026-10"))
    assert not re.findall(r'(?:src|href)="(?!data:|#)', html) and "@import" not in html
    assert "What care needs of sales" in html and "an order we need not ask about" in html
    [page] = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert "an order we need not ask about" in page.extract_text()
    assert brief_name(brief, "2026-10") == "brief-sales-for-care-2026-10"


def test_names_are_text_on_paper() -> None:
    brief = supplier_brief(world(LOW | {"supplier": BAIT}, name=BAIT), BAIT, "care", "2026-10")
    html, pdf = papers(brief)
    assert "<script>" not in html and "&lt;script&gt;" in html and pdf.startswith(b"%PDF")
    assert "/" not in brief_name(brief, "2026-10") and "<" not in brief_name(brief, "2026-10")
