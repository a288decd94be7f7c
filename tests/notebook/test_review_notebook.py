"""The review notebook, run headless on forty orders: 30 of 40 kept in October, nothing before."""

from types import SimpleNamespace

import pytest

from aspromised.analyse.windows.window import Window
from aspromised.chart.base.theme import DARK, LIGHT, on
from aspromised.chart.review import review_leads
from aspromised.display.html import HtmlRenderer, html_page
from aspromised.notebook.cells import read_notebook
from aspromised.notebook.context import reading
from aspromised.notebook.runner import run
from tests.notebook.test_compliance_notebooks import BROKEN, COMPANY, NOTEBOOKS, PROMISES, made, said, shown


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return made(tmp_path_factory.mktemp("review"), COMPANY + PROMISES + BROKEN)


def test_the_page_opens_with_the_count_of_promises(tiny):
    assert said(shown("review", tiny), "sentence") == [
        "Of 1 promise with enough items to tell in October 2026, it was missed;"
        " none could be judged in September 2026, so there is nothing to compare with."
    ]


def test_the_findings_lead_to_the_part_that_breaks_most():
    weakest = SimpleNamespace(
        row={"promise_id": "x", "claim": "<C>"}, part={"segment": "site", "value": "north"}
    )
    found = SimpleNamespace(window=Window.month("2026-10"), weakest=weakest)
    html = review_leads(found)._repr_html_()
    assert 'href="gaps?month=2026-10&amp;promise=x&amp;segment=site&amp;value=north"' in html
    assert "“&lt;C&gt;” at site north" in html and 'href="launches?"' in html


def test_the_findings_escape_what_authors_wrote(tiny):
    points, *_ = said(shown("review", tiny), "html")
    assert "<b>Biggest miss:</b> “Here in &lt;2&gt; days” was kept for 75.0 % of 40 orders" in points
    assert "15.0 points below its target of 90 %: 6 orders short (kept by fulfilment)." in points
    assert "<2>" not in points


def test_the_ledger_has_one_row_a_promise_with_its_drawings(tiny):
    (table,) = said(shown("review", tiny), "ledger")
    assert table.label == "The promises in October 2026"
    assert 'href="compliance?month=2026-10&amp;promise=two-days"' in table.html
    assert table.html.count('href="gaps?month=2026-10&amp;promise=two-days"') == 2
    assert "75.0 %</a><br><small>of 40</small>" in table.html
    assert "6 orders short" in table.html
    assert "✕ missed" in table.html
    assert "– not judged" in table.html
    assert "13 months" in table.html
    assert table.html.count("<img") == 2
    assert "<2>" not in table.html


def test_the_small_print_says_what_is_left_out_and_which_numbers_these_are(tiny):
    *_, small = said(shown("review", tiny), "html")
    assert "4 exempt, 0 unknown and 0 still open" in small
    assert f"as of the end of Sat 31 Oct 2026 (Europe/London), snapshot {tiny.id}." in small


def test_a_month_that_is_not_over_is_marked_before_anything_else(tiny):
    things = shown("review", tiny, month="2026-11")
    kinds = [how for how, _ in things if how in ("html", "sentence")]
    assert kinds[0] == "html"
    assert "<b>Not final:</b> November 2026 is not closed" in said(things, "html")[0]


def test_a_workspace_without_promises_says_what_to_do(tmp_path):
    things = shown("review", made(tmp_path / "empty", COMPANY))
    (missing,) = said(things, "missing")
    assert missing.commands == "aspromised refresh"
    assert said(things, "ledger") == []


@pytest.mark.parametrize("ground", [LIGHT, DARK])
def test_the_review_prints_as_one_document_that_needs_nothing_else(tiny, ground):
    renderer = HtmlRenderer()
    with reading(tiny), on(ground):
        run(read_notebook(NOTEBOOKS / "review.py"), renderer, {})
    body = html_page("Review", renderer.pieces).split("</style>")[-1]
    assert body.count('<img alt="') == 2
    assert "ap-error" not in body
    assert "http:" not in body.replace("http://www.w3.org", "")
