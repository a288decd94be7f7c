"""The matrix of who serves whom, and a team's scores, as they are typeset."""

import re

from aspromised.analyse.internal_service.overview import internal_service
from aspromised.analyse.internal_service.team import own_page
from aspromised.chart.internal_service import expected_ledger, owed_ledger, scores_ledger, service_matrix
from aspromised.words.moments import last_day_over
from tests.analyse.internal_service.test_scores import given_scores, rated_shelf

BAIT = '<script>alert("a")</script>'


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_a_cell_of_the_matrix_leads_to_its_customer_with_its_supplier() -> None:
    snapshot = rated_shelf(
        given_scores("sales", "care", "2026-10-01", 2, 2, 2, 3, 2), given_scores("pack", "ship", "2026-10-01", 5, 5, 5, 4, 5)
    )  # fmt: skip
    found = internal_service(snapshot, "2026-10")
    table = service_matrix(found.suppliers, found.scale, "2026-10", "who serves whom")
    assert table and table.phone == "cards"
    assert 'href="?month=2026-10&amp;team=care&amp;supplier=sales"' in table.html
    assert 'aria-label="not met, 2.2 of 5' in table.html
    assert "sales ✕ 2.2 5 ratings, needs 4" in text(table.html)
    assert service_matrix((), found.scale, "2026-10", "nobody") is None


def test_nothing_is_said_of_what_is_required_where_nothing_is() -> None:
    row = given_scores("company", "care", "2026-10-01", 3, 3, required=None)
    found = internal_service(rated_shelf(row), "2026-10")
    table = scores_ledger(found.pulse, found.scale, "team", "2026-10", "pulse")
    assert table and "required" not in table.html and "too few to tell" in table.html


def test_names_are_text_in_every_table() -> None:
    row = given_scores(BAIT, "care", "2026-10-01", 3, 3, 3, 3, 3, dimension=f"{BAIT} 2")
    other = given_scores(BAIT, "care", "2026-10-01", 3, 3, 3, 3, 3, dimension="b")
    back = given_scores("care", BAIT, "2026-10-01", 3, 3)
    gate = {"promotion_id": "x", "position": 1, "gate": BAIT, "kind": "sign-off", "needed": "", "optional": False, "asks_of": BAIT,
            "judged_on": "2026-10-31", "evidence": "", "not_known": []}  # fmt: skip
    snapshot = rated_shelf(
        row, other, back,
        promise=[{"promise_id": "p", "claim": BAIT, "kept_by": BAIT, "made_by": BAIT, "review_by": "2026-01-01"}],
        promise_version=[{"claim": BAIT}], promotion=[{"promotion_id": "x", "says": BAIT, "leans_on": []}], gate=[gate],
        readiness=[{"promotion_id": "x", "verdict": "planned_not_ready", "launched_day": "2026-11-30", "missing": [], "why": ""}],
    )  # fmt: skip
    found, own = internal_service(snapshot, "2026-10"), own_page(snapshot, BAIT, "2026-10")
    tables = [
        service_matrix(found.suppliers, found.scale, "2026-10", "m"),
        scores_ledger(own_page(snapshot, "care", "2026-10").gets, found.scale, "supplier", "2026-10", "s"),
        expected_ledger(own, "2026-10"),
        owed_ledger(own, last_day_over(snapshot.meta["as_of"])),
    ]
    for table in tables:
        assert table and "<script>" not in table.html and "&lt;script&gt;" in table.html
    assert [(each.due, each.is_overdue) for each in own.owes] and own.sentence.endswith(
        "It owes 2 things, 1 overdue."
    )
