"""What the charts of the gaps page say and show."""

from dataclasses import replace

import pandas as pd
import pytest

from aspromised.analyse.gaps.differences import DIFFERENCE_COLUMNS, part_differences
from aspromised.analyse.gaps.gap import gap
from aspromised.analyse.gaps.hours import HOUR_COLUMNS
from aspromised.analyse.gaps.items import ITEM_COLUMNS
from aspromised.analyse.gaps.lateness import Lateness, lateness_table
from aspromised.chart.differences import differences_figure, differences_note
from aspromised.chart.gap import breadcrumbs, excess_figure, excess_note, gap_leads, stage_leads
from aspromised.chart.hours import hours_ledger
from aspromised.chart.items import SHOWN, item_leads, item_table, items_note, outcomes_figure, pick_items
from aspromised.chart.lateness import lateness_figure, lateness_note
from tests.analyse.shelf import rolled_up, shelf


def _cell(value, kept, broken):
    return {"day": "2026-10-20", "region": value, "kept": kept, "broken": broken}


@pytest.fixture
def snapshot():
    daily = [_cell("north", 70, 30), _cell("south", 96, 0), _cell("isle", 4, 0)]
    return shelf(
        promise=[{"at_least": 30, "segments": ["region"]}],
        promise_version=[{}],
        **rolled_up(daily, ["region"]),
        segments=["region"],
    )


def test_the_excess_chart_says_which_part_stands_out_and_greys_what_is_too_few(snapshot):
    figure = excess_figure(gap(snapshot, "p", "2026-10"))
    assert figure.takeaway.startswith(
        "1 part of “Here in 2 days” stands out with more broken than the others' rate: region north 30 more"
    )
    assert figure.table[["Part", "Decided", "Broken", "Excess", "Standing"]].values.tolist() == [
        ["region north", 100, 30, 30.0, "stands out"],
        ["region south", 96, 0, -27.7, "stands out"],
        ["region isle", 4, 0, -0.6, "too few"],
    ]
    assert (
        "A part with fewer than 30 decided is grey and in no test."
        in excess_note(gap(snapshot, "p", "2026-10")).points
    )


def test_a_part_that_is_drawn_as_standing_out_is_not_denied_in_words():
    """Of three values alike but one better, only the better is beyond chance: its dot is filled."""
    daily = [_cell("north", 180, 20), _cell("south", 177, 23), _cell("isle", 198, 2)]
    promise = [{"at_least": 30, "segments": ["region"]}]
    found = gap(
        shelf(promise=promise, promise_version=[{}], **rolled_up(daily, ["region"]), segments=["region"]),
        "p",
        "2026-10",
    )
    isle = found.parts[found.parts["where"] != (("region", "isle"),)].assign(standing="chance")
    only = replace(found, parts=pd.concat([isle, found.parts[found.parts["where"] == (("region", "isle"),)]]))
    figure = excess_figure(only)
    assert figure.table["Standing"].tolist().count("stands out") == 1
    said = "No part stands out with more broken; region isle does with 20 fewer than at the others' rate (12 to 26)."
    assert said in only.sentence and figure.takeaway == said


def test_a_bar_in_a_value_breaks_no_label(snapshot):
    """The first bar of a label is ours: what stands before it are figures."""
    found = gap(snapshot, "p", "2026-10")
    odd = replace(
        found, parts=found.parts.assign(where=[(("region", word),) for word in ("a|b", "|", "c||d")])
    )
    chart = excess_figure(odd).vega_lite
    (labels,) = {tuple(table["label"]) for table in chart.tables.values() if "label" in table}
    assert [label.partition("|")[2] for label in labels] == ["region a|b", "region |", "region c||d"]
    assert not any("|" in label.partition("|")[0] for label in labels)
    assert "split(" not in chart.text


def test_a_promise_that_is_not_there_is_led_to_by_nothing(snapshot):
    found = gap(snapshot, "nobody", "2026-10")
    assert found.sentence == "There is no promise 'nobody': there is no gap to look for."
    assert gap_leads(found) == [] and gap_leads(gap(snapshot, "p", "2026-10")) != []


def test_there_is_no_excess_chart_where_nothing_can_be_compared(snapshot):
    empty = gap(snapshot, "p", "2026-08")
    assert excess_figure(empty) is None
    assert excess_note(empty) is None


def test_differences_are_drawn_around_zero_and_an_open_week_is_named(snapshot):
    weeks = part_differences(snapshot, gap(snapshot, "p", "2026-10"))
    assert differences_figure(weeks).takeaway == (
        "region north: worse than the rest in 1 of 1 week, +30.0 points in the last."
    )
    hollow = "The hollow one is the week from 26 Oct 2026, counted to 31 Oct 2026."
    assert hollow not in differences_note(weeks)  # nothing is decided in it, so nothing hollow is drawn
    assert hollow in differences_note(
        weeks.assign(difference=weeks["difference"].where(weeks["closed"], 0.1))
    )


def test_nothing_to_hold_against_the_rest_is_no_chart():
    empty = pd.DataFrame(columns=list(DIFFERENCE_COLUMNS))
    assert differences_figure(empty) is None
    assert differences_note(empty) is None


def test_every_mark_has_a_link_that_leads_the_same_way(snapshot):
    found = gap(snapshot, "p", "2026-10")
    figure = excess_figure(found, month="2026-10")
    (to,) = {tuple(table["to"]) for table in figure.vega_lite.tables.values() if "to" in table}
    assert figure.leads and '"picked"' in figure.vega_lite.text
    inside, _ = gap_leads(found, month="2026-10")
    assert list(to) == [each.address for each in inside.links]
    assert to[0] == "?month=2026-10&promise=p&where=region%3Anorth"


def test_the_stages_of_its_chain_are_one_click_away_with_the_part(snapshot):
    found = gap(snapshot, "p", "2026-10", (("region", "north"), ("weekday due", "Tuesday")))
    assert stage_leads(found) is None  # it names no chain
    links = stage_leads(replace(found, chain="fulfilment"), month="2026-10").links
    assert [(each.words, each.address) for each in links] == [
        ("all orders", "handoffs?month=2026-10&promise=p"),
        ("region north", "handoffs?month=2026-10&promise=p&segment=region&value=north"),
    ]


def test_what_is_overdue_and_not_done_has_a_bar_of_its_own():
    late = _items(4).assign(done=pd.to_datetime([None, "2026-10-05", "2026-10-05", None]))
    figure = outcomes_figure(late, "orders", promise="p")
    assert figure.table["Orders"].tolist() == [2, 1, 1]
    assert figure.takeaway == (
        "Of the orders that are not kept: 2 done late, 1 overdue and still not done and 1 open, not due yet."
    )
    assert (
        "items=overdue"
        in figure.chart.to_dict()["datasets"][next(iter(figure.chart.to_dict()["datasets"]))][1]["to"]
    )
    told_when_it_happens = late.assign(due=late["started"])
    assert outcomes_figure(told_when_it_happens, "orders") is None
    assert outcomes_figure(late.head(0), "orders") is None


def test_the_first_items_have_a_link_to_their_story():
    assert item_leads(_items().head(0)) is None
    first = item_leads(_items(), promise="p", where="region:north").links[0]
    assert first.address == "gaps?promise=p&where=region%3Anorth&item=o0#story"


def test_breadcrumbs_lead_back_one_condition_at_a_time(snapshot):
    assert breadcrumbs(gap(snapshot, "p", "2026-10")) is None
    deep = gap(snapshot, "p", "2026-10", (("region", "north"), ("weekday due", "Tuesday")))
    assert [(each.words, each.address) for each in breadcrumbs(deep, month="2026-10").links] == [
        ("all orders", "?month=2026-10&promise=p"),
        ("region north", "?month=2026-10&promise=p&where=region%3Anorth"),
    ]


def late(*rows, length=None):
    counted = pd.DataFrame(rows, columns=["bucket", "items"])
    counted["kept"] = counted["items"].where(counted["bucket"] <= 0, 0)
    kept, decided = int(counted["kept"].sum()), int(counted["items"].sum())
    return Lateness(
        lateness_table(counted, decided), "orders", kept, decided, length, "48 hours" if length else ""
    )


def test_the_curve_rises_to_the_share_kept_at_the_promise():
    figure = lateness_figure(late((-230, 5), (-180, 85), (170, 8), (210, 2)))
    data = next(iter(figure.chart.to_dict()["datasets"].values()))
    shares = [row["share"] for row in data]
    assert shares == sorted(shares)
    assert [row["share"] for row in data if row["at"] == 0] == [0.9, 0.9]
    assert figure.takeaway.startswith("90.0 % of 100 orders were done in time; 10 were late")


@pytest.mark.parametrize(
    ("rows", "side"), [(((-230, 5), (-180, 85), (170, 8)), "right"), (((0, 85), (170, 8)), "left")]
)
def test_the_words_at_the_promise_stand_after_it_where_nothing_is_before_it(rows, side):
    layers = lateness_figure(late(*rows)).chart.to_dict()["layer"]
    assert [each["mark"]["align"] for each in layers if each["mark"]["type"] == "text"] == [side]


def test_elapsed_time_stands_under_the_scale_where_the_length_is_one():
    assert "Second line of the scale: since the start, 48 hours being promised." in lateness_note(
        late((-180, 9), (170, 1), length=172_800.0)
    )
    assert "Second line" not in lateness_note(late((-180, 9), (170, 1)))


@pytest.mark.parametrize("rows", [[(-180, 3)], [(200, 3)], [(0, 1)], [(-3, 1), (3, 1)]])
def test_every_mixture_of_early_and_late_can_be_drawn(rows):
    assert lateness_figure(late(*rows)).chart.to_dict()


def test_nothing_done_is_not_drawn():
    assert lateness_figure(None) is None
    assert lateness_note(None) is None


def test_hours_stand_against_weekdays_and_few_are_not_shaded():
    rows = [("9", "Monday", 20, 10, 0.5), ("9", "Tuesday", 4, 4, 1.0), ("10", "Tuesday", 20, 5, 0.25)]
    html = hours_ledger(pd.DataFrame(rows, columns=list(HOUR_COLUMNS)), "orders").html
    assert html.index("Mon") < html.index("Tue")
    assert html.count("color-mix") == 2
    assert '<span class="ap-unknown">100 <small>4/4</small></span>' in html
    assert hours_ledger(pd.DataFrame(columns=list(HOUR_COLUMNS)), "orders") is None
    assert "href" not in html
    led = hours_ledger(
        pd.DataFrame(rows, columns=list(HOUR_COLUMNS)), "orders", ("hour", "weekday"), promise="p"
    ).html
    for way in ("where=hour%3A9", "where=hour%3A10", "where=weekday%3ATuesday"):
        assert led.count(f'href="?promise=p&amp;{way}"') == 1


def _items(n=3):
    moments = pd.to_datetime(["2026-10-03 09:00"] * n)
    rows = {
        "item_id": [f"o{i}" for i in range(n)], "verdict": ["open"] + ["broken"] * (n - 1), "reason": "x", "started": moments,
        "due": moments + pd.Timedelta(days=1), "done": pd.NaT, "late_seconds": [None] + [7200.0] * (n - 1),
        "left_seconds": [10_800.0] + [None] * (n - 1), "region": "north",
        "clock_left_seconds": [10_800.0] + [-7200.0] * (n - 1),
    }  # fmt: skip
    return pd.DataFrame(rows)[[*ITEM_COLUMNS, "region"]]


def test_items_are_headed_in_words_with_the_zone_and_the_unit():
    shown = item_table(_items(), "Europe/London")
    assert list(shown) == [
        "Item", "Verdict", "Hours left (− late)", "Why", "Due (Europe/London)", "Started (Europe/London)", "Region",
    ]  # fmt: skip
    assert shown["Hours left (− late)"].tolist() == [3.0, -2.0, -2.0]


def test_a_clock_that_stops_stands_beside_the_wall():
    rows = _items().assign(clock_left_seconds=[3600.0, -7200.0, -1800.0])
    shown = item_table(rows, "Europe/London")
    assert shown["Hours left (− late)"].tolist() == [3.0, -2.0, -2.0]
    assert shown["Hours left on its clock"].tolist() == [1.0, -2.0, -0.5]


def test_what_was_cancelled_is_neither_overdue_nor_done_late():
    late = _items(4).assign(
        reason=["x", "cancelled", "done late", "x"], done=pd.to_datetime([None, None, "2026-10-05", None])
    )
    assert pick_items(late, "overdue")["item_id"].tolist() == ["o3"]
    figure = outcomes_figure(late, "orders", promise="p")
    assert figure.takeaway == (
        "Of the orders that are not kept: 1 done late, 1 overdue and still not done, 1 cancelled and 1 open, not due yet."
    )
    assert pick_items(late, "cancelled")["item_id"].tolist() == ["o1"]


def test_items_can_be_narrowed_to_a_verdict():
    assert pick_items(_items(), "open")["item_id"].tolist() == ["o0"]
    assert pick_items(_items(), "broken")["item_id"].tolist() == ["o1", "o2"]
    assert len(pick_items(_items(), "broken and open")) == 3
    done = _items().assign(done=pd.to_datetime([None, "2026-10-05", None]))
    assert pick_items(done, "overdue")["item_id"].tolist() == ["o2"]


def test_a_long_list_says_that_it_is_cut():
    assert items_note(_items(SHOWN)).count("shown") == 0
    assert "The first 1,000 of 1,001 are shown; the download has all." in items_note(_items(SHOWN + 1))
