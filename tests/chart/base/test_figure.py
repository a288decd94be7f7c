"""A figure is written out for the browser once."""

import altair as alt
import pandas as pd

from aspromised.chart.base.figure import Figure


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
