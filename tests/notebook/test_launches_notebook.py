"""The launches notebook, run headless on a workspace of two hundred orders and what was promoted to them.

Promised within 2 days. Ordered in April: 90 came in time, 10 late. Ordered in the first days of May, on offer: 60 and 40.
"""

from pathlib import Path

import pytest

from aspromised.chart.theme import DARK, LIGHT, on
from aspromised.declare.load import load
from aspromised.notebook.cells import read
from aspromised.notebook.context import reading
from aspromised.notebook.html import HtmlRenderer, document
from aspromised.notebook.runner import run
from aspromised.refresh import refresh
from aspromised.store.snapshot import open_snapshot
from aspromised.words.moments import as_of_moment
from tests.notebook.recorder import Recorder

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "launches.py"
DECLARED = """
company: {name: Tiny, timezone: Europe/London}
promises:
  two-days:
    claim: Here in <2> days
    made_by: marketing
    kept_by: fulfilment
    measure: {items: orders, id: id, started: ordered, done: came, within: 2 calendar days}
    target: 90%
"""
PROMOTIONS = """
promotions:
  spring:
    says: Spring & <all>
    run_by: marketing
    announced: 2026-04-20
    launched: 2026-05-01T08:00
    ends: 2026-05-10
    leans_on: [two-days]
    expects: {demand: +60%, on: orders, basis: last spring}
    ready_when: [{gate: agents trained, signed_off_by: care}]
  winter: {says: Winter, run_by: marketing, launched: 2026-12-01T08:00, leans_on: [two-days]}
  autumn: {says: Autumn, launched: 2026-09-01T08:00, leans_on: [two-days], cancelled: true}
"""
SOURCES = "sources:\n  orders: {files: orders.csv, key: id, columns: {id: text, ordered: timestamp, came: timestamp}}\n"


def orders() -> str:
    april = [f"a{n},2026-04-13 09:00,2026-04-{14 if n < 90 else 20} 12:00" for n in range(100)]
    may = [f"m{n},2026-05-02 09:00,2026-05-{'03' if n < 60 else '08'} 12:00" for n in range(100)]
    return "\n".join(["id,ordered,came", *april, *may]) + "\n"


def made(root: Path, declared: str):
    (root / "promises").mkdir(parents=True)
    (root / "data").mkdir()
    (root / "promises" / "all.yaml").write_text(declared)
    (root / "data" / "sources.yaml").write_text(SOURCES)
    (root / "data" / "orders.csv").write_text(orders())
    workspace = load(root)
    refresh(workspace, as_of_moment("2026-10-31", workspace.timezone))
    return open_snapshot(root)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return made(tmp_path_factory.mktemp("launches"), DECLARED + PROMOTIONS)


def shown(snapshot, **chosen: str):
    recorder = Recorder()
    with reading(snapshot):
        run(read(NOTEBOOK), recorder, chosen)
    assert [thing for method, thing in recorder.shown if method == "error"] == []
    return recorder.shown


def said(things, method: str):
    return [thing for how, thing in things if how == method]


def test_the_page_opens_with_one_sentence_counted_from_the_orders(tiny):
    assert said(shown(tiny), "sentence") == [
        "3 promotions: 1 has run, 1 is planned and 1 was called off. 1 of 1 launch coincided with a promise it leans on"
        " being kept less often than in the 28 days before, by more than chance."
        " Whether anything was ready is not judged yet."
    ]


def test_the_ledger_has_both_sides_of_the_launch_and_leads_to_the_promotion(tiny):
    changes, gates = said(shown(tiny), "ledger")
    assert 'href="?promotion=spring"' in changes.html
    assert "Spring &amp; &lt;all&gt;" in changes.html
    assert "<all>" not in changes.html + gates.html
    assert "90.0 %<br><small>of 100 orders" in changes.html
    assert "60.0 %<br><small>of 100 orders" in changes.html
    assert "−30.0 points<br><small>−40.8 to −18.3" in changes.html
    assert "signed off by care" in gates.html


def test_the_page_says_that_readiness_is_not_judged_and_never_that_anything_was(tiny):
    things = shown(tiny)
    words = " ".join(
        [*said(things, "markdown"), *said(things, "sentence"), *(one.html for one in said(things, "ledger"))]
    )
    assert "not judged yet: a later version will" in words
    assert not any(
        claim in words.lower() for claim in ("not ready", "was ready.", "days early", "before ready")
    )


def test_a_promotion_opened_has_its_dates_its_weeks_and_a_way_back(tiny):
    things = shown(tiny, promotion="spring")
    assert 'href="?"' in said(things, "html")[0]
    facts, _, _ = said(things, "ledger")
    for words in (
        "20 Apr 2026",
        "Fri 1 May 2026 08:00",
        "the end of Sun 10 May 2026",
        "+60 %, on the basis of: last spring",
    ):
        assert words in facts.html
    (weeks,) = said(things, "chart")
    assert "launched on 1 May 2026" in weeks.takeaway


def test_a_planned_one_and_one_called_off_have_no_before_and_after(tiny):
    for name, words in {"winter": "is planned for", "autumn": "was called off"}.items():
        things = shown(tiny, promotion=name)
        assert words in said(things, "sentence")[0]
        assert "## Before and after the launch" not in said(things, "markdown")


def test_a_workspace_without_promotions_says_what_to_write_and_the_example_can_be_read(tmp_path):
    things = shown(made(tmp_path / "none", DECLARED))
    (missing,) = said(things, "missing")
    assert said(things, "sentence") == said(things, "chart") == said(things, "ledger") == []
    written = missing.commands.replace("the-id-of-a-promise", "two-days").replace("customer-care", "care")
    again = shown(made(tmp_path / "one", f"{DECLARED}\n{written}"))
    assert said(again, "sentence")[0].startswith("1 promotion: 1 is planned.")


@pytest.mark.parametrize("ground", [LIGHT, DARK])
def test_the_page_prints_as_html_on_both_grounds(tiny, ground):
    renderer = HtmlRenderer()
    with reading(tiny), on(ground):
        run(read(NOTEBOOK), renderer, {})
    body = document("Launches", renderer.pieces).split("</style>")[-1]
    assert "ap-error" not in body
    assert "coincided with" in body
