"""Headroom of a past day is what was known then, however often the rows it is made of are told again later."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from aspromised.declare.model import Source
from aspromised.store.typing.row_versions import keep
from tests.judge.readiness.world import Judged, World, world

FIRST = datetime(2026, 2, 2)
LAUNCH = date(2026, 3, 25)
ORDERS = {
    "id": "varchar",
    "ordered": "timestamptz",
    "units": "double",
    "promo": "varchar",
    "told": "timestamptz",
}
PLAN = {"day": "date", "units": "integer", "told": "timestamptz"}
CAPACITY = {
    "picking": {
        "source": "plan",
        "day": "day",
        "available": "units",
        "load": {"source": "orders", "at": "ordered", "units": "units"},
    }
}
ROOM = {"gate": "room", "capacity": "picking", "headroom_at_least": "0%"}
SPRING = {
    "launched": f"{LAUNCH}T10:00",
    "ready_when": [ROOM],
    "items": {"source": "orders", "only": "promo = 'A'"},
}


def orders(moves: bool) -> list[tuple[Any, ...]]:
    """Return ten units a day, each order told when placed and again up to a fortnight later, some then as another."""
    any_ = random.Random(5)
    found: list[tuple[Any, ...]] = []
    for number in range(70 * 5):
        at = FIRST + timedelta(days=number // 5, hours=8 + number % 5)
        again = at + timedelta(days=any_.randrange(15), hours=1)
        other = (at + timedelta(days=any_.choice([0, 3])), any_.choice([1.5, 4.0]), any_.choice([None, "A"]))
        found += [
            (str(number), at, 2.0, None, at),
            (str(number), *(other if moves else (at, 2.0, None)), again),
        ]
    return found


def plan(last: int) -> list[tuple[Any, ...]]:
    """Return nine units a day, and the day of the launch planned anew days after it."""
    days = [(FIRST + timedelta(days=n)).date() for n in range(last)]
    return [(day, 9, FIRST - timedelta(days=9)) for day in days] + [(LAUNCH, 20, datetime(2026, 3, 30, 9))]


def judged(as_of: str, by: datetime, moves: bool = False) -> Judged:
    """Return what is judged as of a moment of the rows that had been loaded by another."""
    tables = {"orders": (ORDERS, orders(moves)), "plan": (PLAN, plan(90))}
    came = {name: (types, [row for row in rows if row[-1] <= by]) for name, (types, rows) in tables.items()}
    made = world({"spring": SPRING}, tables=came, capacity=CAPACITY)
    made.con.execute("create schema earlier")
    for name, key in (("orders", "id"), ("plan", "day")):
        _load(made, name, key, list(tables[name][0]))
    return made.judged(as_of)


def _load(made: World, name: str, key: str, columns: list[str]) -> None:
    """Bring a table to what the store makes of it: the latest row of each key, and the versions it gave way to."""
    declared = Source(files=f"{name}.csv", key=key, arrived="told", latest_by="told")
    keep(made.con, name, declared, columns)
    latest = f"select {key}, max(told) from source.{name} group by 1"
    made.con.execute(f"delete from source.{name} where ({key}, told) not in ({latest})")
    made.workspace.sources[name] = declared  # type: ignore[index]


def test_rows_told_again_later_leave_a_past_launch_as_it_was() -> None:
    then = judged("2026-03-25", datetime(2026, 3, 25, 20))
    later = judged("2026-04-20", datetime(2026, 4, 20))
    again = judged("2026-03-25", datetime(2026, 4, 20))
    said = {each.gate("room")["evidence"] for each in (then, later, again)}
    assert said == {"−10.0 % left: 9 available, usual load 10; needs 0 %"}
    assert [each.gate("room")["met"] for each in (then, later, again)] == [False] * 3
    assert [row["available"] for row in later.load if row["day"] == LAUNCH] == [20]
    assert [row["headroom"] for row in later.load if row["day"] == LAUNCH] == [pytest.approx(-0.1)]


def test_every_day_is_what_the_refresh_of_its_evening_says_of_it() -> None:
    later = {row["day"]: row["value"] for row in judged("2026-04-20", datetime(2026, 4, 20), True).daily}
    for looked in (date(2026, 2, 20), date(2026, 3, 8), LAUNCH, date(2026, 3, 29), date(2026, 3, 31)):
        evening = datetime.combine(looked, datetime.max.time())
        then = {row["day"]: row["value"] for row in judged(str(looked), evening, True).daily}
        assert then[looked] == pytest.approx(later[looked]), looked
    assert len(set(later.values())) > 20


def test_a_gate_on_a_query_sees_nothing_that_arrived_after_the_moment_asked_for() -> None:
    asked = {"gate": "came", "sql": "select sum(units) from orders where ordered < :day + 1", "at_least": 1}
    found = []
    for by in (datetime(2026, 3, 25, 10, 30), datetime(2026, 4, 20)):
        rows = [row for row in orders(False) if row[-1] <= by]
        made = world({"spring": SPRING | {"ready_when": [asked]}}, tables={"orders": (ORDERS, rows)})
        made.con.execute("create schema earlier")
        _load(made, "orders", "id", list(ORDERS))
        found.append(made.judged("2026-03-25T10:30").gate("came")["value"])
    assert found[0] == found[1]
