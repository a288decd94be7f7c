"""The compliance notebooks, run headless on a workspace of forty orders and two promises, one of them misspelt.

Ordered on 1 October, promised within 2 days, target 90 %: 30 came on the 2nd, 10 on the 5th, 4 were cancelled.
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

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
COMPANY = "company: {name: Tiny, timezone: Europe/London}\n"
PROMISES = """
promises:
  two-days:
    claim: Here in <2> days
    made_by: marketing
    kept_by: fulfilment
    said_in: [homepage]
    measure: {items: orders, id: id, started: ordered, done: came, cancelled: cancelled, within: 2 calendar days}
    target: 90%
"""
BROKEN = "  bad:\n    claim: Never wrong\n    made_by: marketing\n    kept_by: finance\n    targit: 90%\n"
SOURCES = "sources:\n  orders: {files: orders.csv, key: id, columns: {id: text, ordered: timestamp, came: timestamp, cancelled: timestamp}}\n"


def orders() -> str:
    rows = [f"{n},2026-10-01 09:00,2026-10-{'02' if n <= 30 else '05'} 12:00," for n in range(1, 41)]
    rows += [f"c{n},2026-10-01 09:00,,2026-10-02 08:00" for n in range(4)]
    return "\n".join(["id,ordered,came,cancelled", *rows]) + "\n"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return made(tmp_path_factory.mktemp("tiny"), COMPANY + PROMISES + BROKEN)


def made(root: Path, declared: str):
    (root / "promises").mkdir(parents=True)
    (root / "data").mkdir()
    (root / "promises" / "all.yaml").write_text(declared)
    (root / "data" / "sources.yaml").write_text(SOURCES)
    (root / "data" / "orders.csv").write_text(orders())
    workspace = load(root)
    refresh(workspace, as_of_moment("2026-10-31", workspace.timezone))
    return open_snapshot(root)


def shown(name: str, snapshot, **chosen: str):
    recorder = Recorder()
    with reading(snapshot):
        run(read_notebook(NOTEBOOKS / f"{name}.py"), recorder, chosen)
    assert [thing for method, thing in recorder.shown if method == "error"] == []
    return recorder.shown


def said(things, method: str):
    return [thing for how, thing in things if how == method]


def test_the_page_opens_with_one_sentence_counted_from_the_orders(tiny):
    assert said(shown("compliance", tiny), "sentence") == [
        "Of 1 claim judged in October 2026, none may be said as it stands and 1 is missed."
        " Furthest short: “Here in <2> days”, by 6 orders. 1 more has no verdict; the reason stands in the row."
    ]


def test_the_ledger_links_to_the_claim_and_escapes_what_authors_wrote(tiny):
    (table,) = said(shown("compliance", tiny, month="2026-10", team="fulfilment"), "ledger")
    assert 'href="?month=2026-10&amp;team=fulfilment&amp;promise=two-days"' in table.html
    assert "Here in &lt;2&gt; days" in table.html
    assert "<2>" not in table.html
    assert "75.0 %</a><br><small>of 40 orders</small>" in table.html
    assert "−15.0 points</a><br><small>6 orders short</small>" in table.html
    assert "✕ missed" in table.html
    assert "13 weeks" in table.html
    assert table.html.count('href="gaps?month=2026-10&amp;promise=two-days"') == 2  # its rate and its gap


def test_a_promise_that_cannot_be_read_stands_in_the_ledger_with_its_message(tiny):
    (table,) = said(shown("compliance", tiny), "ledger")
    assert "unknown key" in table.html
    assert "– not judged" in table.html


def test_a_chosen_claim_takes_the_place_of_the_ledger_and_leads_back(tiny):
    things = shown("compliance", tiny, promise="two-days", team="fulfilment")
    assert said(things, "ledger") == said(things, "sentence") == []
    assert "team=fulfilment" in said(things, "html")[0]


def test_the_claim_opened_tells_its_verdict_and_what_was_left_out(tiny):
    things = shown("promise", tiny, promise="two-days")
    assert said(things, "sentence") == [
        "“Here in <2> days” may not be said as it stands. It was kept for 75.0 % of 40 orders in October 2026, against a"
        " target of 90 %: missed by 15.0 points, 6 orders short."
    ]
    words = said(things, "prose")
    budget = (
        "A target of 90 % forgives 4 orders in October 2026: 10 broken, 6 too many, so the budget is spent."
    )
    assert any(one.startswith(budget) for one in words)
    assert [ledger.label for ledger in said(things, "ledger")] == [
        "Claims and whether they are kept",
        "Wordings of the claim",
        "The budget of misses",
        "Windows of this kind, one after the other",
        "Left out of the kept rate",
    ]
    (weeks,) = said(things, "chart")
    assert "Below its target in its one full week." in words
    assert weeks.takeaway == (
        "Too early: 75.0 % kept in October 2026 is one of 1 month; 12 are needed to tell signal from noise."
        " None of 1 month is a signal."
    )


def test_a_promise_that_cannot_be_read_is_opened_with_its_message_and_no_chart(tiny):
    things = shown("promise", tiny, promise="bad")
    assert "could not be judged: " in said(things, "sentence")[0]
    assert said(things, "chart") == []


def test_without_a_promise_the_claim_notebook_says_what_to_choose(tiny):
    assert any("Choose a claim" in text for text in said(shown("promise", tiny), "prose"))


def test_a_month_without_orders_has_no_verdict_and_says_so(tiny):
    (sentence,) = said(shown("compliance", tiny, month="2026-08"), "sentence")
    assert (
        sentence
        == "No claim could be judged in August 2026. 2 more have no verdict; the reason stands in the row."
    )
    assert said(shown("promise", tiny, month="2026-08", promise="two-days"), "chart") == []


def test_a_workspace_without_promises_says_what_to_do(tmp_path):
    things = shown("compliance", made(tmp_path / "empty", COMPANY))
    (missing,) = said(things, "missing")
    assert missing.commands == "aspromised refresh"


@pytest.mark.parametrize("ground", [LIGHT, DARK])
def test_both_notebooks_print_as_html_with_drawings_that_carry_themselves(tiny, ground):
    renderer = HtmlRenderer()
    with reading(tiny), on(ground):
        for name in ("compliance", "promise"):
            run(
                read_notebook(NOTEBOOKS / f"{name}.py"),
                renderer,
                {"promise": "two-days"} if name == "promise" else {},
            )
    page = html_page("Compliance", renderer.pieces)
    assert page.count('<img alt="') == 4
    assert "95 % interval" in page
    assert "ap-error" not in page.split("</style>")[-1]
    assert "http:" not in page.split("</style>")[-1].replace("http://www.w3.org", "")


def test_another_window_than_the_month_is_chosen_beside_it(tiny):
    (sentence,) = said(shown("compliance", tiny, month="2026-10", window="quarter"), "sentence")
    assert "in Q4 2026 (Oct to Dec), not closed yet (to" in sentence
    (table,) = said(shown("compliance", tiny, month="2026-10", window="quarter"), "ledger")
    assert 'href="?month=2026-10&amp;window=quarter&amp;promise=two-days"' in table.html


def test_a_budget_that_burns_too_fast_is_marked_in_its_row_and_told_on_the_claim(tiny):
    (table, *_) = said(shown("compliance", tiny, month="2026-10"), "ledger")
    assert table.html.count("burning 2.5 times too fast") == 1
    things = shown("promise", tiny, month="2026-10", promise="two-days")
    budget = next(one for one in said(things, "ledger") if one.label == "The budget of misses")
    assert "6 too many" in budget.html and "▲ 2.5" in budget.html
    windows = next(
        one for one in said(things, "ledger") if one.label == "Windows of this kind, one after the other"
    )
    assert "October 2026" in windows.html
