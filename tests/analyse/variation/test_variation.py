"""A promise from the tables of a snapshot: which weeks are charted, in which words."""

from datetime import date, timedelta

import pytest

from aspromised.analyse.rates.scope import Scope
from aspromised.analyse.variation import words
from aspromised.analyse.variation.newcomers import ramps
from aspromised.analyse.variation.season import season
from aspromised.analyse.variation.variation import variation
from aspromised.analyse.windows.window import Window
from tests.analyse.shelf import shelf

AS_OF = date(2026, 10, 31)
MONDAY = date(2026, 10, 19)
"""The newest week that is over by the end of October."""


def weekly(*broken: int, items=100, segment="(all)", value="(all)", version=1, until=MONDAY):
    """Rows of weeks, the last that of `until`, with so many broken of the items."""
    first = until - timedelta(weeks=len(broken) - 1)
    return [
        {"day": first + timedelta(weeks=place, days=2), "kept": items - bad, "broken": bad, "segment": segment,
         "value": value, "version": version}
        for place, bad in enumerate(broken)
    ]  # fmt: skip


def steady(number: int, level: int = 20) -> list[int]:
    return [level + (2 if place % 2 else -2) for place in range(number)]


def told(*rows, **tables):
    return shelf(segments=tables.pop("segments", ()), promise=[tables.pop("promise", {})], promise_version=tables.pop("versions", [{}]), verdict_daily=list(rows), **tables)  # fmt: skip


def found(*rows, where=(), **tables):
    return variation(told(*rows, **tables), "p", "2026-10", where)


def test_steady_weeks_are_noise_and_reliably_miss_their_target():
    one = found(*weekly(*steady(30, 25)))
    assert (one.span, one.state, one.assurance) == ("week", "neither", "reliably misses")
    # 75 % ± 2.66 × 4 points
    assert words.headline(one) == (
        "Noise: 73.0 % kept in the week from 19 Oct 2026 lies within what its weeks do by themselves (64.4 to 85.6 %)."
        " Left as it is it reliably misses its target of 90 %: no week above 85.6 % is to be expected."
    )
    assert words.advice(one).startswith("Asking why one week was low finds nothing: to keep it more often")


def test_weeks_around_their_target_are_hit_and_miss():
    one = found(*weekly(*steady(30, 12)))
    assert one.assurance == "hit and miss"
    assert "the chance that a week reaches 90 % is 3" in words.headline(one)


def test_a_week_far_below_is_a_signal_with_something_to_look_for():
    one = found(*weekly(*steady(30), 60))
    assert one.state == "worse"
    assert words.headline(one).startswith(
        "A signal, worse: 40.0 % kept in the week from 19 Oct 2026 lies below"
    )
    assert words.advice(one).startswith("Look for what happened then")


def test_a_run_to_the_better_is_said_with_its_length():
    one = found(*weekly(*steady(30), *[15] * 8))
    assert one.state == "better"
    assert "as each of the last 8, above the middle" in words.headline(one)


def test_a_week_that_is_not_over_is_not_charted():
    late = weekly(90, until=date(2026, 10, 26))
    one = found(*weekly(*steady(30)), *late)
    assert one.last["first"].date() == MONDAY
    assert one.waiting == 1
    assert "1 week is not charted" in words.judged_by(one)[-1]


def test_a_week_of_which_much_is_open_is_not_charted():
    rows = weekly(*steady(30))
    rows[-1]["open"] = 20
    assert found(*rows).last["first"].date() == MONDAY - timedelta(weeks=1)


def test_thin_weeks_are_told_by_month():
    one = found(*weekly(*([1] * 60), items=8))
    assert one.span == "month"
    assert "in October 2026" in words.headline(one)


def test_five_weeks_of_a_new_wording_are_too_early_to_tell():
    versions = [{}, {"version": 2, "from_day": "2026-09-21", "target": 0.95}]
    rows = [*weekly(*steady(20), until=date(2026, 9, 14)), *weekly(*steady(5), version=2)]
    one = found(*rows, versions=versions)
    assert one.state == "cannot tell"
    assert "5 weeks since 21 Sep 2026 (new wording), 6 are needed" in words.headline(one)
    assert one.assurance == "" and words.advice(one) == ""


def test_eight_weeks_in_all_are_held_against_the_target():
    one = found(*weekly(*[10] * 7, 40))
    assert one.state == "worse"
    assert "further below the target of 90 % than chance brings it" in words.headline(one)
    assert "with 8 weeks nothing else can be told: 12 are needed" in words.headline(one)
    assert "exact binomial range" in words.judged_by(one)[0]


@pytest.mark.parametrize(
    ("rows", "promise", "why"),
    [
        ([], {}, "nothing was decided"),
        ([{"day": MONDAY, "open": 5}], {}, "nothing is decided yet"),
        (weekly(*steady(20)), {"kind": "spread"}, "how far another promise differs"),
        (weekly(*steady(20)), {"problem": "no column x"}, "it could not be judged"),
    ],
)
def test_where_nothing_can_be_charted_it_says_why(rows, promise, why):
    one = found(*rows, promise=promise)
    assert one.charted is None
    assert why in words.headline(one)
    assert words.judged_by(one) == []


def test_a_promise_that_is_not_there_is_said():
    assert variation(told(*weekly(1)), "q", "2026-10").problem == "there is no promise 'q'"


def test_only_changes_that_touch_the_part_move_its_limits():
    counts = ("day", "kept", "broken", "version")
    cells = [
        {name: row[name] for name in counts} | {"site": "north"}
        for row in weekly(*steady(15), *steady(15, 5))
    ]
    change = {"change_id": "belt", "on": "2026-07-13", "what": "new belt"}
    for touched, bases in (("north", 2), ("south", 1)):
        one = found(
            *weekly(*steady(30)), where=(("site", "north"),), promise={"segments": ["site"]}, segments=["site"],
            verdict_cell=cells, change=[{**change, "touches": f'{{"site": "{touched}"}}'}],
        )  # fmt: skip
        assert len(one.charted.bases) == bases
    assert len(one.shifts) == 1
    assert words.shift_sentences(one.shifts, "week")[0].startswith(
        "From about the week from 13 Jul 2026 on it was kept more often"
    )


def test_the_same_month_a_year_ago():
    rows = [*weekly(10, 10, until=date(2026, 10, 19)), *weekly(30, 30, until=date(2025, 10, 20))]
    one = season(told(*rows), Scope("p", Window.month("2026-10")))
    assert one.rates == (0.9, 0.7)
    assert one.sentence.startswith(
        "A year ago, in October 2025, 70.0 % of 200 were kept: 20.0 points more now ("
    )


def test_a_year_ago_in_other_words_is_said_and_none_and_few_are():
    versions = [{}, {"version": 2, "from_day": "2026-01-01"}]
    rows = [*weekly(10, 10, version=2), *weekly(30, 30, until=date(2025, 10, 20))]
    october = Window.month("2026-10")
    assert "in other words then" in season(told(*rows, versions=versions), Scope("p", october)).sentence
    assert (
        "nothing was decided: there is no same season"
        in season(told(*weekly(1)), Scope("p", october)).sentence
    )
    few = [*weekly(10), *weekly(1, items=9, until=date(2025, 10, 20))]
    assert season(told(*few), Scope("p", october)).sentence.endswith(
        "88.9 % of 9 were kept: too few to compare."
    )
    assert season(told(), Scope("p", Window())) is None


def test_weeks_that_stray_make_the_difference_to_a_year_ago_less_sure():
    rows = [*weekly(10, 10), *weekly(17, 17, until=date(2025, 10, 20))]
    scope = Scope("p", Window.month("2026-10"))
    assert "points more now" in season(told(*rows), scope).sentence
    assert "no difference" in season(told(*rows), scope, 3.0).sentence


def tenure(bands, segment="picker_tenure"):
    rows = [{"day": MONDAY, "segment": segment, "value": value, "kept": kept, "broken": items - kept}
            for value, kept, items in bands]  # fmt: skip
    return told(*rows, promise={"segments": [segment]})


def test_newcomers_of_whom_only_bands_are_known():
    bands = [("over a year", 9850, 10000), ("3 to 12 months", 4920, 5000), ("under 3 months", 957, 1000)]
    [ramp] = ramps(tenure(bands), "p", Window.month("2026-10"), "orders")
    assert ramp.rows["value"].tolist() == ["under 3 months", "3 to 12 months", "over a year"]
    assert ramp.sentence == (
        "Newcomers (picker tenure under 3 months) kept 95.7 % of 1,000 orders, the others (over a year) 98.5 %: 2.8 points less"
        " (1.7 to 4.3 points). From “3 to 12 months” on they keep it like the others (98.4 %); only bands of tenure are known, so"
        " in which week that begins nobody can say."
    )


def test_newcomers_of_whom_the_week_is_known():
    """Eight weeks at 80 %, then like those who have been there for over a year."""
    bands = [(str(week), 160 if week < 8 else 190, 200) for week in range(30)] + [("60", 9500, 10_000)]
    [ramp] = ramps(tenure(bands, "weeks_since_joined"), "p", Window.month("2026-10"), "orders")
    assert ramp.by_week
    assert (
        "In week 1 newcomers kept 80.0 % of 200 orders, those who have been there longer 95.0 %"
        in ramp.sentence
    )
    after = int(ramp.sentence.split("From week ")[1].split()[0])
    assert 7 <= after <= 9


@pytest.mark.parametrize(
    ("bands", "told_as"),
    [
        (
            [("over a year", 985, 1000), ("under 3 months", 197, 200)],
            "like the others, as far as can be told",
        ),
        ([("over a year", 985, 1000), ("under 3 months", 1, 9)], "too few to hold against the others"),
        ([("over a year", 985, 1000), ("under 3 months", 800, 1000)], "less often all the while"),
    ],
)
def test_newcomers_alike_too_few_and_never_alike(bands, told_as):
    [ramp] = ramps(tenure(bands), "p", Window.month("2026-10"), "orders")
    assert told_as in ramp.sentence


@pytest.mark.parametrize(
    ("bands", "segment"),
    [
        ([("junior", 9, 10), ("senior", 9, 10)], "tenure"),
        ([("over a year", 9, 10)], "tenure"),
        ([("under 3 months", 9, 10), ("over a year", 9, 10)], "carrier"),
        ([("1", 9, 10), ("2", 9, 10)], "weeks_with_us"),
    ],
)
def test_what_tells_no_length_is_no_ramp(bands, segment):
    assert ramps(tenure(bands, segment), "p", Window.month("2026-10"), "orders") == []
