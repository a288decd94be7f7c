"""From orders to the tables of harm and demand: counted against the rows themselves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from aspromised.analyse.launches.effect.tables import write_launch_tables
from aspromised.declare.model import Capacity, Promotion
from aspromised.judge.run import judge_into
from aspromised.words.moments import as_of_moment
from tests.judge.world import make_world

FIRST = date(2026, 1, 1)
PROMISE = {
    "claim": "Here in 2 days", "target": "90%", "made_by": "marketing", "kept_by": "fulfilment",
    "measure": {"items": "items", "id": "id", "started": "placed", "done": "came", "within": "2 days", "segments": ["site"]},
}  # fmt: skip
TYPES = {
    "id": "integer",
    "placed": "timestamptz",
    "came": "timestamptz",
    "site": "varchar",
    "code": "varchar",
}
SPRING = {
    "says": "Spring", "launched": "2026-05-01T08:00", "ends": "2026-05-05", "leans_on": ["p"],
    "items": {"source": "items", "only": "code = 'SPRING'"}, "expects": {"demand": "+20%", "on": "items"},
}  # fmt: skip
PICKING = {
    "source": "items", "day": "placed", "available": "100", "load": {"source": "items", "at": "placed"},
    "outside": {"site": "direct"},
    "answering": {"agents": 14, "handling": "3 minutes", "within": "20 seconds", "kept_at_least": "80%", "open_for": "10 hours"},
}  # fmt: skip


def orders() -> list[tuple[object, ...]]:
    """Ten orders a day for 200 days, one of them late and one direct; four more in the promotion, half of them late."""
    rows = []
    for number in range(200):
        day = FIRST + timedelta(days=number)
        runs = date(2026, 5, 1) <= day <= date(2026, 5, 5)
        for one in range(14 if runs else 10):
            late = one == 0 or one in (10, 11)
            came = day + timedelta(days=5 if late else 1)
            site = "direct" if one == 9 else "own"
            rows.append(
                (len(rows), f"{day} 12:00+00", f"{came} 10:00+00", site, "SPRING" if one >= 10 else None)
            )
    return rows


@pytest.fixture(scope="module")
def con():
    world = make_world(PROMISE, TYPES, orders())
    workspace = replace(
        world.workspace,
        promotions={"spring": Promotion.model_validate(SPRING)},
        capacity={"picking": Capacity.model_validate(PICKING)},
    )
    moment = as_of_moment("2026-07-15", workspace.timezone)
    world.con.execute("create schema out")
    judge_into(world.con, workspace, moment, "out")
    write_launch_tables(world.con, "out", workspace, moment)
    return world.con


def rows(con, sql: str) -> list[tuple[object, ...]]:
    return con.execute(sql).fetchall()


def test_what_was_usual_has_every_item_once_by_who_brought_it_and_where(con):
    found = rows(
        con, "select brought, outside, sum(items), sum(broken) from out.usual_daily group by all order by all"
    )
    # of 196 days all is decided, but the late one of the last day but one and all of the last
    assert found == [("spring", False, 20, 10), (None, False, 9 * 195 - 1, 194), (None, True, 195, 0)]


def test_quiet_days_are_all_but_the_promotion_and_the_week_after(con):
    loud = rows(con, "select min(day), max(day), count(distinct day) from out.usual_daily where not quiet")
    assert loud == [(date(2026, 5, 1), date(2026, 5, 12), 12)]


def test_the_launch_is_told_with_its_harm(con):
    found = rows(
        con, "select who, items, broken, round(expected), standing from out.launch_harm order by position"
    )
    assert found == [
        ("buyers", 20, 10, 2, "more than usual"),
        ("others", 50, 5, 5, "no more than usual"),
        ("all", 70, 15, 7, "more than usual"),
    ]


def test_the_demand_of_each_day_is_counted_from_the_rows_up_to_the_moment(con):
    found = rows(
        con, "select brought, sum(items), min(day), max(day) from out.demand_daily group by all order by 1"
    )
    assert found == [
        ("spring", 20, date(2026, 5, 1), date(2026, 5, 5)),
        (None, 1960, FIRST, date(2026, 7, 15)),
    ]


def test_agents_who_answer_are_told_in_seconds(con):
    assert rows(con, "select * from out.answering") == [("picking", 14, 180.0, 20.0, 0.8, 36_000.0)]


@pytest.mark.parametrize(
    ("defeated", "error", "told"),
    [
        ("stored.harm_of", ValueError, "what 'spring' did to customers could not be told"),
        (
            "baseline.usual_days",
            ArithmeticError,
            "what is usual of 'p' could not be told, nor what launches did to it",
        ),
    ],
)
def test_figures_that_defeat_the_method_are_told_and_stop_nothing_else(monkeypatch, defeated, error, told):
    def fails(*_: object) -> None:
        raise error("no finite estimate")

    monkeypatch.setattr(f"aspromised.analyse.launches.effect.{defeated}", fails)
    world = make_world(PROMISE, TYPES, orders()[:50])
    workspace = replace(world.workspace, promotions={"spring": Promotion.model_validate(SPRING)})
    moment = as_of_moment("2026-07-15", workspace.timezone)
    world.con.execute("create schema out")
    judge_into(world.con, workspace, moment, "out")
    problems = write_launch_tables(world.con, "out", workspace, moment)
    assert [(p.severity, p.message) for p in problems] == [("warning", f"{told}: no finite estimate")]
    assert rows(world.con, "select count(*) from out.demand_daily") != [(0,)]
