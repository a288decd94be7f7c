"""Drawings the size of a word: what stands where."""

import re
from math import nan
from urllib.parse import unquote
from xml.etree import ElementTree

from aspromised.chart.base.dotplot import interval, scale
from aspromised.chart.base.sparkline import HEIGHT, MARGIN, WIDTH, sparkline
from aspromised.chart.base.theme import DARK, LIGHT, on

SVG = "{http://www.w3.org/2000/svg}"


def drawn(image: str) -> ElementTree.Element:
    found = re.search(r'src="data:image/svg\+xml,([^"]*)"', image)
    assert found
    return ElementTree.fromstring(unquote(found[1]))


def paths(image: str) -> list[str]:
    return [path.get("d", "") for path in drawn(image).iter(f"{SVG}path")]


def test_the_target_is_a_step_and_the_line_breaks_where_a_week_has_no_rate():
    target, line = paths(
        sparkline([1.0, 0.9, nan, 0.9, 0.95], [0.9, 0.9, 0.95, 0.95, 0.95], [True] * 5, "five")
    )
    slot = (WIDTH - 2 * MARGIN) / 5
    assert target.startswith(f"M{MARGIN:.1f} {HEIGHT - MARGIN:.1f}L{MARGIN + slot:.1f} {HEIGHT - MARGIN:.1f}")
    assert target.count("L") == 9
    assert line.count("M") == 2
    assert line.startswith(
        f"M{MARGIN + slot / 2:.1f} {MARGIN:.1f}L{MARGIN + 1.5 * slot:.1f} {HEIGHT - MARGIN:.1f}"
    )


def test_a_week_that_is_not_over_is_hollow():
    def fill(closed: bool) -> str | None:
        return next(drawn(sparkline([0.9], [0.9], [closed], "one")).iter(f"{SVG}circle")).get("fill")

    assert (fill(True), fill(False)) == (LIGHT.kept, LIGHT.ground)


def test_a_drawing_has_the_colours_of_its_ground_and_words_for_those_who_cannot_see_it():
    with on(DARK):
        image = sparkline([0.9], [0.9], [True], 'one "week" & more')
    assert DARK.kept in unquote(image)
    assert 'alt="one &quot;week&quot; &amp; more"' in image


def test_without_a_rate_nothing_is_drawn():
    assert sparkline([nan, nan], [0.9, 0.9], [True, True], "none") == ""
    assert interval(nan, nan, nan, 0.9, (0.7, 1.0), LIGHT.kept, "none") == ""


def test_intervals_share_a_scale_from_round_five_points_to_all():
    assert scale([0.71, 0.93], [0.9]) == (0.7, 1.0)
    assert scale([0.93, 0.97], [0.68]) == (0.65, 1.0)


def test_an_interval_lies_on_its_scale_with_the_target_as_a_mark():
    ground, mark, whisker = paths(interval(0.85, 0.8, 0.9, 0.95, (0.7, 1.0), LIGHT.short, "short"))
    width = 132 - 10
    assert ground == f"M5 11.0H{132 - 5}"
    assert mark.startswith(f"M{5 + width * 25 / 30:.1f} ")
    assert whisker.startswith(f"M{5 + width / 3:.1f} 11.0H{5 + width * 2 / 3:.1f}")


def test_an_interval_of_a_sure_thing_is_drawn_at_its_end():
    (circle,) = drawn(interval(1.0, 1.0, 1.0, 1.0, (1.0, 1.0), LIGHT.kept, "sure")).iter(f"{SVG}circle")
    assert circle.get("cx") == "127.0"
