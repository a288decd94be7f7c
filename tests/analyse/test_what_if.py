"""Two definitions judge the same items; few enough to count by hand, and counted again in pandas."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspromised.analyse.what_if import Effect, effects
from aspromised.cli.declared.diffed import effect_words
from aspromised.declare.model import Calendar, Correction, Promise
from aspromised.declare.workspace import Workspace
from aspromised.words.moments import as_of_moment
from tests.judge.world import World, make_world

AS_OF = "2026-10-31"
TYPES = {"id": "text", "region": "text", "a": "timestamptz", "b": "timestamptz", "moved": "boolean"}


def rows(*days: tuple[str, int | None]) -> list[list[Any]]:
    """Return items as (start day in October, days it took; None: not done yet), all at noon."""
    found = []
    for number, (start, took) in enumerate(days):
        began = datetime.fromisoformat(f"2026-{start} 12:00+00")
        found.append(
            [
                f"i{number}",
                "north",
                began,
                began + timedelta(days=took) if took is not None else None,
                number == 0,
            ]
        )
    return found


def clock(within: str | None = "3 calendar days", **more: Any) -> dict[str, Any]:
    measure = {
        "items": "items",
        "id": "id",
        "started": "a",
        "done": "b",
        "within": within,
        **more.pop("measure", {}),
    }
    return {"measure": measure, "at_least": 0, **more}


def other(world: World, promise: dict[str, Any], **more: Any) -> Workspace:
    """Return the world's workspace with another promise."""
    whole = {"claim": "c", "made_by": "a", "kept_by": "b", "target": "90%", **promise}
    return replace(world.workspace, promises={"p": Promise.model_validate(whole)}, **more)


def effect(world: World, new: Workspace, old: Workspace | None = None, as_of: str = AS_OF) -> Effect:
    moment = as_of_moment(as_of, new.timezone)
    (found,) = effects(world.con, old or world.workspace, new, ["p"], moment)
    return found


def counts(found: Effect) -> tuple[Any, ...]:
    assert found.problem is None, found.problem
    both = [(side.kept, side.broken) if side else None for side in (found.before, found.after)]
    return (*both, found.moved)


TEN = rows(*[("10-05", took) for took in (0, 1, 2, 2, 3, 3, 3, 4, 5, None)])
"""Ten orders of 5 October: within 3 days 7 are kept, within 2 days 4, within 5 days 9."""


def test_a_shorter_length_breaks_what_was_kept() -> None:
    world = make_world(clock(), TYPES, TEN)
    found = effect(world, other(world, clock("2 calendar days")))
    assert counts(found) == ((7, 3), (4, 6), 3)
    assert (found.first, found.last, found.source) == (date(2026, 8, 3), date(2026, 10, 31), "items")
    assert found.before and found.after
    assert (found.before.rate, found.after.rate) == (0.7, 0.4)


def test_a_longer_length_keeps_what_was_broken() -> None:
    world = make_world(clock(), TYPES, TEN)
    assert counts(effect(world, other(world, clock("5 calendar days")))) == ((7, 3), (9, 1), 2)


def test_the_window_is_ninety_local_days_and_ends_at_the_moment() -> None:
    # due on 2 August, 3 August, 31 October, 1 November
    world = make_world(clock(), TYPES, rows(("07-30", 1), ("07-31", 1), ("10-28", 1), ("10-29", 1)))
    assert counts(effect(world, other(world, clock(target="50%")))) == ((2, 0), (2, 0), 0)


def test_an_item_that_is_not_due_yet_by_one_of_them_is_in_neither() -> None:
    # started on the 29th: due on the 31st by the old, on 3 November by the new
    world = make_world(clock("2 calendar days"), TYPES, rows(("10-29", 1), ("10-29", 4), ("10-20", 1)))
    assert counts(effect(world, other(world, clock("5 calendar days")))) == ((1, 0), (1, 0), 0)


def test_an_item_at_the_edge_is_judged_by_both_although_one_counts_it_earlier() -> None:
    # started on 1 August: due on the 2nd, before the window, by the new; on the 4th by the old
    world = make_world(clock(), TYPES, rows(("08-01", 2)))
    assert counts(effect(world, other(world, clock("1 calendar day")))) == ((1, 0), (0, 1), 1)
    world = make_world(clock("1 calendar day"), TYPES, rows(("08-01", 2)))
    assert counts(effect(world, other(world, clock()))) == ((0, 1), (1, 0), 1)


def test_items_no_longer_covered_leave_one_side_only() -> None:
    world = make_world(clock(), TYPES, TEN)
    assert counts(effect(world, other(world, clock(measure={"only": "not moved"})))) == ((7, 3), (6, 3), 1)


def test_exemptions_and_corrections_are_part_of_the_definition() -> None:
    world = make_world(clock(), TYPES, TEN)
    exempt = clock(measure={"exempt": [{"when": "moved", "because": "moved"}]})
    assert counts(effect(world, other(world, exempt))) == ((7, 3), (6, 3), 1)
    storm = Correction.model_validate(
        {"promises": ["p"], "from": "2026-10-08", "to": "2026-10-08", "because": "storm"}
    )
    assert counts(effect(world, other(world, clock(), corrections={"storm": storm}))) == ((7, 3), (0, 0), 10)


def test_the_terms_of_a_version_to_come_are_judged_as_if_they_had_stood() -> None:
    world = make_world(clock(versions=[{"from": "2025-01-01"}]), TYPES, TEN)
    new = clock(
        versions=[
            {"from": "2025-01-01"},
            {"from": "2026-12-01", "within": "2 calendar days", "target": "95%"},
        ]
    )
    found = effect(world, other(world, new))
    assert counts(found) == ((7, 3), (4, 6), 3)
    assert found.before and found.after and (found.before.target, found.after.target) == (0.9, 0.95)
    assert found.terms == "the last throughout"


def test_where_only_the_past_was_edited_its_versions_are_judged() -> None:
    first, last = {"from": "2025-01-01"}, {"from": "2026-10-20", "within": "1 calendar day"}
    world = make_world(clock(versions=[first, last]), TYPES, TEN)
    edited = {**first, "within": "2 calendar days"}
    found = effect(world, other(world, clock(versions=[edited, last])))
    assert counts(found) == ((7, 3), (4, 6), 3)
    assert found.before and found.after and (found.before.status, found.after.status) == (None, None)
    assert effect_words(found) == (
        "on the last 90 days, all wordings together, it would have been 40.0 %, not 70.0 % (of 10 items; 3 judged otherwise):"
        " no verdict of one wording, at a target of 90 %"
    )


def test_opening_hours_that_changed_under_one_name_are_not_confused() -> None:
    hours = {"open": {"mon-sun": ["09:00-17:00"]}}, {"open": {"mon-sun": ["09:00-10:00"]}}
    business = clock("4 business hours", measure={"calendar": "shop"})
    wide, narrow = ({"shop": Calendar.model_validate(each)} for each in hours)
    world = make_world(business, TYPES, TEN, calendars={"shop": hours[0]})
    new = replace(world.workspace, calendars=narrow)
    # from 12:00 UTC (13:00 in London) 4 hours end the same day at 17:00, or, an hour a day, on the fourth morning
    assert counts(effect(world, new)) == ((1, 9), (7, 3), 6)
    assert counts(effect(world, replace(world.workspace, calendars=wide), new)) == ((7, 3), (1, 9), 6)


def test_a_promise_that_comes_or_goes_has_one_side() -> None:
    world = make_world(clock(), TYPES, TEN)
    without = replace(world.workspace, promises={})
    assert counts(effect(world, world.workspace, without)) == (None, (7, 3), 10)
    assert counts(effect(world, without, world.workspace)) == ((7, 3), None, 10)


def test_checks_and_counts_are_compared_as_well() -> None:
    check = {"items": "items", "id": "id", "at": "a", "kept_when": "date_diff('day', a, b) <= 3"}
    world = make_world({"measure": check}, TYPES, TEN[:9])
    tighter = {"measure": {**check, "kept_when": "date_diff('day', a, b) <= 2"}}
    assert counts(effect(world, other(world, tighter))) == ((7, 2), (4, 5), 3)
    added_up = {"items": "items", "at": "day", "kept": "k", "total": "n"}
    types = {"day": "date", "k": "bigint", "l": "bigint", "n": "bigint"}
    world = make_world(
        {"measure": added_up},
        types,
        [["2026-10-01", 8, 6, 10], ["2026-10-02", 9, 7, 10], ["2026-01-01", 1, 1, 9]],
    )
    found = effect(world, other(world, {"measure": {**added_up, "kept": "l"}}))
    assert counts(found) == ((17, 3), (13, 7), 4)


COUNTS = {"items": "items", "at": "day", "kept": "k", "total": "n"}
COUNT_TYPES = {"day": "date", "k": "bigint", "l": "bigint", "n": "bigint"}
OCTOBER = [(date(2026, 10, 1) + timedelta(days=n)).isoformat() for n in range(30)]


def test_of_counts_each_row_tells_how_many_items_are_judged_otherwise() -> None:
    world = make_world({"measure": COUNTS}, COUNT_TYPES, [[day, 8, 6, 10] for day in OCTOBER])
    assert counts(effect(world, other(world, {"measure": {**COUNTS, "kept": "k - 1"}}))) == (
        (240, 60), (210, 90), 30)  # fmt: skip
    assert counts(effect(world, other(world, {"measure": {**COUNTS, "total": "n - 1"}}))) == (
        (240, 60), (240, 30), 30)  # fmt: skip
    assert counts(effect(world, other(world, {"measure": COUNTS, "at_least": 5})))[2] == 0
    assert counts(effect(world, other(world, {"measure": {**COUNTS, "only": "day > '2026-10-10'"}}))) == (
        (240, 60), (160, 40), 100)  # fmt: skip


def test_counts_that_turn_both_ways_on_one_day_do_not_cancel_out() -> None:
    twice = [["2026-10-01", 8, 6, 10], ["2026-10-01", 6, 8, 10], ["2026-10-01", 6, 8, 10]]
    world = make_world({"measure": COUNTS}, COUNT_TYPES, twice)
    found = effect(world, other(world, {"measure": {**COUNTS, "kept": "l"}}))
    assert counts(found) == ((20, 10), (22, 8), 6)


def test_counts_of_two_sources_are_held_together_by_their_moments() -> None:
    mine, theirs = [["2026-10-01", 8, 6, 10], ["2026-10-02", 8, 6, 10]], [["2026-10-01", 7, 6, 10]]
    world = make_world({"measure": COUNTS}, COUNT_TYPES, mine, others={"again": (COUNT_TYPES, theirs)})
    found = effect(world, other(world, {"measure": {**COUNTS, "items": "again"}}))
    assert counts(found) == ((16, 4), (7, 3), 11)


@settings(max_examples=15)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(OCTOBER[:3]), st.integers(0, 5), st.integers(0, 5), st.integers(5, 6)),
        max_size=8,
    )
)
def test_rows_of_counts_come_to_the_same_by_hand(rows: list[tuple[str, int, int, int]]) -> None:
    world = make_world({"measure": COUNTS}, COUNT_TYPES, [list(row) for row in rows])
    found = effect(world, other(world, {"measure": {**COUNTS, "kept": "l"}}))
    before, after, total = (sum(row[place] for row in rows) for place in (1, 2, 3))
    moved = sum(abs(row[1] - row[2]) for row in rows)
    assert counts(found) == ((before, total - before), (after, total - after), moved)


def test_what_cannot_be_judged_says_why() -> None:
    world = make_world(clock(), TYPES, TEN)
    assert "has no column 'nope'" in (
        effect(world, other(world, clock(measure={"done": "nope"}))).problem or ""
    )
    missing = {"measure": {"items": "elsewhere", "id": "id", "at": "a", "kept_when": "true"}}
    assert effect(world, other(world, missing)).problem == "no source 'elsewhere'. There is: items"
    spread = {"measure": {"spread_of": "q", "across": "region", "at_most": "5 points"}}
    assert "a spread has no items of its own" in (effect(world, other(world, spread)).problem or "")


def test_no_items_are_no_data_and_no_rate() -> None:
    world = make_world(clock(), TYPES, [])
    found = effect(world, other(world, clock("2 calendar days")))
    assert counts(found) == ((0, 0), (0, 0), 0)
    assert found.after and (found.after.rate, found.after.interval, found.after.status) == (
        None,
        None,
        "no data",
    )


item = st.tuples(st.dates(date(2026, 7, 25), date(2026, 10, 31)), st.none() | st.integers(0, 9))


@settings(max_examples=25)
@given(items=st.lists(item, max_size=25), old=st.integers(0, 8), new=st.integers(0, 8))
def test_a_second_way_in_pandas_comes_to_the_same(
    items: list[tuple[date, int | None]], old: int, new: int
) -> None:
    lengths = {"before": old, "after": new}
    world = make_world(
        clock(f"{old} calendar days"), TYPES, rows(*[(f"{day:%m-%d}", took) for day, took in items])
    )
    found = effect(world, other(world, clock(f"{new} calendar days")))
    table = pd.DataFrame(items, columns=["start", "took"]).astype({"took": "Float64"})
    start, end = pd.to_datetime(table["start"]), pd.Timestamp(AS_OF)
    done = start + pd.to_timedelta(table["took"].fillna(999), unit="D")
    due = {side: start + pd.Timedelta(days=length) for side, length in lengths.items()}
    later = due["before"].where(due["before"] > due["after"], due["after"])
    pool = later.between(end - pd.Timedelta(days=89), end)
    kept = {side: (done <= due[side]) & (done <= end) for side in lengths}
    for side in lengths:
        tally = getattr(found, side)
        assert (tally.kept, tally.broken) == (int((kept[side] & pool).sum()), int((~kept[side] & pool).sum()))
    assert found.moved == int(((kept["before"] != kept["after"]) & pool).sum())


@pytest.mark.parametrize("same", [clock(), clock(measure={"segments": ["region"]})])
def test_the_same_definition_has_no_effect(same: dict[str, Any]) -> None:
    world = make_world(clock(), TYPES, TEN)
    assert counts(effect(world, other(world, same))) == ((7, 3), (7, 3), 0)
