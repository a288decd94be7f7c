"""Every kind of thing goes to the one method that shows it."""

from dataclasses import dataclass

import altair as alt
import pandas as pd
from great_tables import GT

from aspromised.display.renderer import present
from aspromised.display.show import rendering
from aspromised.notebook import Column, Download, Figure, Markdown, Missing, Sentence, Table, ledger, show
from tests.notebook.recorder import Recorder

FRAME = pd.DataFrame({"region": ["north"], "late": [3]})


def shown(thing):
    recorder = Recorder()
    present(thing, recorder)
    return recorder.shown


@dataclass(frozen=True)
class Late:
    number: int

    @property
    def sentence(self) -> str:
        return f"{self.number} came late."


def test_each_thing_has_its_method():
    table = ledger(FRAME, {"region": Column("Region")}, label="x")
    figure = Figure(alt.Chart(FRAME).mark_bar(), "North is worst.", FRAME)
    missing, download = Missing("Nothing yet", "aspromised refresh"), Download("Items", FRAME, "items.csv")
    assert shown(Markdown("*a*")) == [("markdown", "*a*")]
    assert shown("*a*") == [("prose", "*a*")]
    assert shown(Sentence("a")) == [("sentence", "a")]
    assert shown(missing) == [("missing", missing)]
    assert shown(download) == [("download", download)]
    assert shown(figure) == [("chart", figure)]
    assert shown(table) == [("ledger", table)]
    assert shown(42) == [("text", "42")]


def test_a_finding_is_whatever_has_a_sentence():
    assert shown(Late(3)) == [("sentence", "3 came late.")]


def test_a_frame_is_a_table_and_a_column_a_table_with_its_index():
    assert shown(FRAME)[0][1].frame is FRAME
    assert list(shown(FRAME["late"])[0][1].frame.columns) == ["late"]


def test_a_list_of_things_shows_each_and_a_list_of_numbers_is_a_value():
    assert [method for method, _ in shown([Late(1), Table(FRAME)])] == ["sentence", "table"]
    assert shown([1, 2]) == [("text", "[1, 2]")]


def test_a_great_tables_table_is_a_ledger_without_a_style_of_its_own():
    [(method, made)] = shown(GT(FRAME))
    assert method == "ledger"
    assert "<style" not in made.html and " id=" not in made.html and "north" in made.html


def test_a_chart_without_a_takeaway_says_its_title():
    [(method, figure)] = shown(alt.Chart(FRAME, title="Late by region").mark_bar())
    assert (method, figure.takeaway) == ("chart", "Late by region")
    assert figure.table is FRAME


def test_other_things_show_the_html_they_have():
    class Own:
        def _repr_html_(self):
            return "<b>own</b>"

    assert shown(Own()) == [("html", "<b>own</b>")]


def test_show_speaks_through_the_renderer_of_the_moment_and_prints_outside_of_one(capsys):
    recorder = Recorder()
    with rendering(recorder):
        show("a", Sentence("b"))
    show(Sentence("c"))
    assert recorder.shown == [("prose", "a"), ("sentence", "b")]
    assert capsys.readouterr().out == "c\n"
