"""A figure is written out for the browser once."""

import altair as alt
import jsonschema
import pandas as pd
import pytest

from aspromised.chart.base.figure import Figure, layered, stacked


def figure() -> Figure:
    rows = pd.DataFrame({"day": pd.to_datetime(["2026-10-01", "2026-10-02"]), "rate": [0.9, 0.95]})
    line = alt.Chart(rows).mark_line().encode(x="day:T", y="rate:Q")
    return Figure(line + line.mark_point(), "It rose.", rows)


def test_the_tables_of_a_chart_are_named_once_and_handed_on_as_they_are():
    drawn = figure().vega_lite
    (name,) = drawn.tables
    assert drawn.spec["data"] == {"name": name}
    pd.testing.assert_frame_equal(drawn.spec["datasets"][name], figure().table)


def test_what_one_page_does_to_a_specification_is_not_seen_by_the_next():
    drawn = figure()
    drawn.vega_lite.spec.pop("layer")
    assert "layer" in drawn.vega_lite.spec


def test_a_chart_is_held_against_the_schema_unless_our_tests_have_done_so(monkeypatch):
    monkeypatch.undo()  # what holds for every test: that all are
    wrong = alt.Chart(pd.DataFrame({"a": [1]}), height={"no": "height"}).mark_line()
    with pytest.raises(alt.utils.schemapi.SchemaValidationError):
        Figure(wrong, "An author's.", pd.DataFrame()).vega_lite  # noqa: B018
    assert Figure(wrong, "Ours.", pd.DataFrame(), is_tested=True).vega_lite.text


def test_charts_put_together_are_what_altair_makes_of_them():
    first, second = (
        pd.DataFrame({"day": pd.to_datetime([at]), "rate": [0.9]}) for at in ("2026-10-01", "2026-10-02")
    )
    x = alt.X("day:T", axis=alt.Axis(title=None, format="%d"), scale=alt.Scale(nice=False))
    layers = [
        alt.Chart(first).mark_line(color="red").encode(x=x, y=alt.YValue(3)),
        alt.Chart(second).mark_point(size=4).encode(x=x, y="rate:Q"),
    ]
    title = alt.TitleParams("One", anchor="start")
    ours = layered(layers, height=alt.Step(20), title=title)
    theirs = alt.layer(*layers, height=alt.Step(20), title=title)
    assert ours.to_dict() == theirs.to_dict()
    padding = {"left": 0, "right": 0, "top": 4, "bottom": 4}
    both = stacked([ours, layers[1]], spacing=6)
    assert both.to_dict() == alt.vconcat(theirs, layers[1], spacing=6, padding=padding).to_dict()


def test_charts_put_together_are_held_against_the_schema_as_one():
    rows = pd.DataFrame({"day": pd.to_datetime(["2026-10-01"])})
    line = alt.Chart(rows).mark_line().encode(x="day:T")
    with pytest.raises(jsonschema.ValidationError):
        layered([line], height={"no": "height"}).to_dict()
    with pytest.raises(jsonschema.ValidationError):
        stacked([layered([line]), alt.Chart(rows, height={"no": "height"}).mark_line()], spacing=6).to_dict()
