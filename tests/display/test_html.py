"""The printed document: whole in itself, safe, and readable without seeing it."""

import html
import re
from pathlib import Path
from urllib.parse import unquote

import altair as alt
import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given

from aspromised.display import fragments
from aspromised.display.html import HtmlRenderer, html_page
from aspromised.notebook import Column, Download, Figure, Missing, Table, ledger
from aspromised.notebook.cells import read_notebook
from aspromised.notebook.runner import run
from aspromised.words.text import visible

SAMPLE = Path(__file__).parents[1] / "notebook" / "notebooks" / "sample.py"


@pytest.fixture(scope="module")
def printed():
    paper = HtmlRenderer()
    notebook = read_notebook(SAMPLE)
    assert run(notebook, paper, {"region": "south"}).failures == []
    return html_page(notebook.title, paper.pieces)


def test_the_document_fetches_nothing_and_runs_nothing(printed):
    named = set(re.findall(r"https?://[^\s\"'<>)]+", unquote(printed)))
    assert named <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    for fetching in ("<script", "<link", "<iframe", "@import"):
        assert fetching not in printed
    assert {source[:5] for source in re.findall(r'src="([^"]*)', printed)} == {"data:"}
    assert re.findall(r"url\((?!#)", printed) == []


def test_the_document_says_its_encoding_its_language_and_its_title(printed):
    head = printed[: printed.index("</head>")]
    assert '<meta charset="utf-8">' in head and "<title>Where do we break it?</title>" in head
    assert '<html lang="en">' in printed
    assert "In the south 1,240 orders came late: 91.0 % of 12,400 were kept" in printed


def test_a_chart_tells_its_takeaway_and_its_table_stands_behind_it(printed):
    assert 'role="img" aria-label="The kept rate fell from 95 % to 91 % in twelve weeks."' in printed
    behind = printed[printed.index("<details>") : printed.index("</details>")]
    assert behind.count("<tr>") == 13 and "2026-08-03" in behind


def test_ids_in_the_drawings_of_one_page_do_not_meet(printed):
    figure = Figure(
        alt.Chart(pd.DataFrame({"a": [1]})).mark_line(clip=True).encode(x="a"), "a", pd.DataFrame()
    )
    ids = re.findall(r'\bid="([^"]+)"', fragments.svg(figure) + fragments.svg(figure))
    assert ids and len(ids) == len(set(ids))


def test_what_authors_wrote_is_shown_and_not_obeyed(printed):
    assert "No invoice &lt;wrong&gt;" in printed and "<wrong>" not in printed
    evil = "<script>alert(1)</script>"
    made = "".join(
        [
            fragments.markdown_html(evil),
            fragments.sentence_html(evil),
            fragments.plain(evil),
            fragments.missing(Missing(evil, evil)),
            fragments.table_html(Table(pd.DataFrame({evil: [evil]}), title=evil)),
            fragments.ledger_html(
                ledger(pd.DataFrame({"a": [evil]}), {"a": Column(evil)}, label=evil, notes=[])
            ),
        ]
    )
    assert "<script" not in made


def test_a_long_table_ends_and_says_how_many_more_there_are():
    made = fragments.table_html(Table(pd.DataFrame({"n": range(1250)}), rows=50))
    assert made.count("<tr>") == 51 and "1,200 more rows" in made
    assert "more row" not in fragments.table_html(Table(pd.DataFrame({"n": range(50)}), rows=50))
    assert "1 more row<" in fragments.table_html(Table(pd.DataFrame({"n": range(51)}), rows=50))


def test_an_index_with_names_is_a_column_and_a_running_number_is_not():
    frame = pd.DataFrame({"late": [3]}, index=pd.Index(["north"], name="region"))
    assert '<th scope="col">region</th>' in fragments.table_html(Table(frame))
    assert ">index<" not in fragments.table_html(Table(frame.reset_index()))


def test_an_empty_table_keeps_its_headings():
    assert "late" in fragments.table_html(Table(pd.DataFrame({"late": []})))


def test_a_download_holds_its_file():
    made = fragments.download(Download("Items", lambda: pd.DataFrame({"name": ["Café"]}), "items.csv"))
    assert 'download="items.csv"' in made
    assert "77u/Im5hbWUiCiJDYWbDqSIK" in made  # a byte order mark, "name", "Café", each in quotation marks


def test_a_figure_needs_a_takeaway():
    with pytest.raises(ValueError, match="takeaway"):
        Figure(alt.Chart(pd.DataFrame()).mark_bar(), " ", pd.DataFrame())


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_every_text_comes_back_from_the_table_as_it_was(texts):
    made = fragments.table_html(Table(pd.DataFrame({"text": pd.Series(texts, dtype=object)})))
    cells = re.findall(r"<td>(.*?)</td>", made, flags=re.DOTALL)
    assert [html.unescape(cell) for cell in cells] == list(map(visible, texts))
