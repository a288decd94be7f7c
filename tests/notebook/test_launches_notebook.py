"""The launches notebook, run headless on a workspace of two hundred orders and what was promoted to them.

Promised within 2 days. Ordered in April: 90 came in time, 10 late. Ordered in the first days of May, on offer: 60 and 40.
"""

from pathlib import Path

import pytest

from aspromised.chart.base.theme import DARK, LIGHT, on
from aspromised.declare.load import load
from aspromised.display.html import HtmlRenderer, html_page
from aspromised.notebook.cells import read_notebook
from aspromised.notebook.context import reading
from aspromised.notebook.runner import run
from aspromised.refresh import refresh
from aspromised.store.snapshot import open_snapshot
from aspromised.words.moments import as_of_moment
from tests.notebook.recorder import Recorder

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "launches.py"
DID = NOTEBOOK.with_name("launch.py")
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


def shown(snapshot, notebook: Path = NOTEBOOK, **chosen: str):
    recorder = Recorder()
    with reading(snapshot):
        run(read_notebook(notebook), recorder, chosen)
    assert [thing for method, thing in recorder.shown if method == "error"] == []
    return recorder.shown


def said(things, method: str):
    return [thing for how, thing in things if how == method]


def test_the_page_opens_with_one_sentence_computed_from_the_verdicts(tiny):
    assert said(shown(tiny), "sentence") == [
        "1 promotion was launched before operations were ready in 2026: “Spring & <all>”, not ready yet. Of 1 planned, 1 is not"
        " ready: “Winter”."
    ]


def test_every_promotion_has_its_row_and_leads_to_itself(tiny):
    every = said(shown(tiny), "ledger")[0]
    assert 'href="?promotion=spring"' in every.html
    assert "Spring &amp; &lt;all&gt;" in every.html
    assert "<all>" not in every.html
    assert "not signed off by care" in every.html


def test_all_can_be_followed_on_a_terminal_and_taken_away(tiny):
    things = shown(tiny)
    assert any("`aspromised launches`" in words for words in said(things, "prose"))
    assert [each.filename for each in said(things, "download")] == [
        "launches.csv",
        "planned-launches.csv",
        "next-quarter.csv",
    ]


def test_a_promotion_opened_has_its_dates_its_gates_and_a_way_back(tiny):
    things = shown(tiny, promotion="spring")
    assert 'href="?"' in said(things, "html")[0]
    facts, gates = said(things, "ledger")
    for words in (
        "20 Apr 2026",
        "Fri 1 May 2026 08:00",
        "the end of Sun 10 May 2026",
        "+60 %, on the basis of: last spring",
    ):
        assert words in facts.html
    assert "not signed off by care" in gates.html
    lane, days = said(things, "chart")
    assert "1 May 2026: early, still not ready" in lane.takeaway
    assert "“agents trained” was met on 0 of" in days.takeaway


def test_what_one_launch_did_has_its_harm_its_weeks_and_its_files(tiny):
    things = shown(tiny, DID, promotion="spring")
    (harm,) = said(things, "ledger")
    assert "those it brought" not in harm.html  # the promotion does not say which items it brought
    (weeks,) = said(things, "chart")
    assert "lowest 60.0 % in the week from 1 May 2026" in weeks.takeaway
    files = ["spring-gates.csv", "spring-harm.csv", "spring-weeks.csv"]
    assert [each.filename for each in said(things, "download")] == files
    assert any("`aspromised why two-days --from 2026-05-01`" in words for words in said(things, "prose"))


def test_without_a_promotion_chosen_it_asks_for_one(tiny):
    (words,) = said(shown(tiny, DID), "prose")
    assert words.startswith("Choose a promotion")


@pytest.mark.parametrize(("name", "words"), [("winter", "is planned for"), ("autumn", "was called off")])
def test_what_never_went_out_has_no_harm(tiny, name, words):
    assert words in said(shown(tiny, promotion=name), "sentence")[0]
    assert "## What broke" not in said(shown(tiny, DID, promotion=name), "prose")


def test_a_promotion_without_gates_is_told_what_to_write(tiny):
    words = said(shown(tiny, promotion="winter"), "prose")
    assert any("No gate is declared" in each for each in words)


def test_a_workspace_without_promotions_says_what_to_write_and_the_example_can_be_read(tmp_path):
    things = shown(made(tmp_path / "none", DECLARED))
    (missing,) = said(things, "missing")
    assert said(things, "sentence") == said(things, "chart") == said(things, "ledger") == []
    written = missing.commands.replace("the-id-of-a-promise", "two-days").replace("customer-care", "care")
    again = shown(made(tmp_path / "one", f"{DECLARED}\n{written}"))
    assert (
        said(again, "sentence")[0]
        == "Nothing was launched in 2026. Of 1 planned, 1 is not ready: “Next-day delivery on everything, all weekend”."
    )


@pytest.mark.parametrize("ground", [LIGHT, DARK])
def test_the_page_prints_as_html_on_both_grounds(tiny, ground):
    renderer = HtmlRenderer()
    with reading(tiny), on(ground):
        run(read_notebook(NOTEBOOK), renderer, {})
    body = html_page("Launches", renderer.pieces).split("</style>")[-1]
    assert "ap-error" not in body
    assert "launched before operations were ready in 2026" in body
