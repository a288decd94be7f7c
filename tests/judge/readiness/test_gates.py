"""Each kind of gate, on rows few enough to count."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from aspromised.declare.model import Correction, Source
from aspromised.judge.readiness.load import usual_loads
from tests.judge.readiness.world import NEXT_DAY, ORDERS, world

MONDAY = date(2026, 6, 1)


def orders(*rows: tuple[str, str | None, str | None]) -> dict[str, Any]:
    """Orders placed on a day at noon UTC, delivered then or never, brought by a promotion or not."""
    told = [
        (str(number), f"{placed}T12:00Z", f"{done}T12:00Z" if done else None, promo)
        for number, (placed, done, promo) in enumerate(rows)
    ]
    return {"orders": (ORDERS, told)}


def holding(over: str = "3 days", kept: str = "75%") -> dict[str, Any]:
    return {"gate": "holding", "promise": "next-day", "kept_at_least": kept, "over": over}


def spring(*gates: dict[str, Any], launched: str = "2026-06-10T08:00", **more: Any) -> dict[str, Any]:
    return {"spring": {"launched": launched, "ready_when": list(gates), **more}}


PLACED = orders(
    ("2026-06-05", "2026-06-06", None),  # due on the 6th: kept
    ("2026-06-06", "2026-06-07", None),  # due on the 7th: kept
    ("2026-06-07", "2026-06-08", None),  # due on the 8th: kept
    ("2026-06-07", "2026-06-10", None),  # due on the 8th: broken
    ("2026-06-08", "2026-06-09", None),  # due on the 9th: kept
    ("2026-06-08", None, None),  # due on the 9th: broken
)


def test_a_promise_gate_looks_at_the_days_before_and_not_at_the_day_itself():
    judged = world(spring(holding()), tables=PLACED, promises={"next-day": NEXT_DAY}).judged("2026-06-20")
    on_the_8th, on_the_9th, on_the_10th = (judged.day(f"2026-06-{day:02}") for day in (8, 9, 10))
    assert (on_the_8th["value"], on_the_8th["evidence"]) == (1, "100.0 % of 2 orders over 3 days; needs 75 %")
    assert (on_the_9th["value"], on_the_9th["met"]) == (0.75, True)
    assert (on_the_10th["value"], on_the_10th["met"], on_the_10th["needed"]) == (0.6, False, 0.75)
    assert judged.verdict() == ("launched_before_ready", None, None)


def test_a_promise_gate_knows_on_a_day_only_what_was_known_when_it_began():
    late = orders(("2026-06-07", "2026-06-08", None), ("2026-06-07", "2026-06-09", None))
    judged = world(spring(holding()), tables=late, promises={"next-day": NEXT_DAY}).judged("2026-06-20")
    assert judged.day("2026-06-08")["met"] is None, (
        "both are due at the end of the 8th: nothing is decided before"
    )
    assert judged.day("2026-06-09")["value"] == 0.5


@pytest.mark.parametrize(
    ("kept", "broken", "still_open", "met", "evidence"),
    [
        (240, 20, 40, None, "cannot tell: 92.3 % of 260 orders over 3 days, but 40 more were still open: 80.0 % to 93.3 % with them; needs 90 %"),
        (240, 20, 0, True, "92.3 % of 260 orders over 3 days; needs 90 %"),
        (280, 10, 10, True, "96.6 % of 290 orders over 3 days, whatever becomes of 10 still open; needs 90 %"),
        (200, 60, 40, False, "76.9 % of 260 orders over 3 days, whatever becomes of 40 still open; needs 90 %"),
        (0, 0, 9, None, "cannot tell: nothing was decided in the 3 days before"),
    ],
)  # fmt: skip
def test_a_gate_counted_by_the_day_items_started_waits_for_those_that_could_turn_it(
    kept: int, broken: int, still_open: int, met: bool | None, evidence: str
) -> None:
    """Delivered on the day, or promised for the day it was placed and not delivered then, or open until the 12th."""
    slot = {**ORDERS, "slot": "date"}
    fates = (
        [("2026-06-08T12:00Z", "2026-06-12")] * kept
        + [(None, "2026-06-08")] * broken
        + [(None, "2026-06-12")] * still_open
    )
    told = [(str(n), "2026-06-08T10:00Z", done, None, due) for n, (done, due) in enumerate(fates)]
    measure = {"items": "orders", "id": "id", "started": "ordered", "done": "delivered", "by": "slot"}
    promise = {**NEXT_DAY, "counted": "started", "measure": measure}
    made = world(spring(holding(kept="90%")), tables={"orders": (slot, told)}, promises={"next-day": promise})
    on_the_10th = made.judged("2026-06-20").day("2026-06-10")
    assert (on_the_10th["met"], on_the_10th["evidence"]) == (met, evidence)
    assert (on_the_10th["value"] is None) == (met is None)


def test_a_promise_gate_says_that_it_counts_several_wordings_together() -> None:
    """The second wording is of what is placed from the 7th on: due from the 8th."""
    reworded = {**NEXT_DAY, "versions": [{"from": "2026-01-01", "claim": "Soon"}, {"from": "2026-06-07"}]}
    judged = world(spring(holding()), tables=PLACED, promises={"next-day": reworded}).judged("2026-06-20")
    told = [judged.day(f"2026-06-{day:02}")["evidence"] for day in ("07", "09", "11")]
    assert told == [
        "100.0 % of 1 order over 3 days; needs 75 %",
        "75.0 % of 4 orders over 3 days in 2 wordings together; needs 75 %",
        "50.0 % of 4 orders over 3 days; needs 75 %",
    ]


def test_a_correction_declared_later_changes_no_evidence_of_a_gate() -> None:
    """It exempts all that was promised in the second wording, after the gate was looked at."""
    reworded = {**NEXT_DAY, "versions": [{"from": "2026-01-01", "claim": "Soon"}, {"from": "2026-06-07"}]}
    made = world(spring(holding()), tables=PLACED, promises={"next-day": reworded})
    then = made.judged("2026-06-20").day("2026-06-09")["evidence"]
    storm = {"promises": ["next-day"], "from": "2026-06-08", "to": "2026-06-08", "declared": "2026-06-21", "because": "storm"}  # fmt: skip
    made.workspace.corrections["storm"] = Correction.model_validate(storm)  # type: ignore[index]
    assert made.judged("2026-06-22").day("2026-06-09")["evidence"] == then


def test_a_promise_gate_with_nothing_decided_can_not_be_told():
    judged = world(spring(holding()), tables=PLACED, promises={"next-day": NEXT_DAY}).judged("2026-06-20")
    assert judged.day("2026-06-05")["evidence"] == "cannot tell: nothing was decided in the 3 days before"


@pytest.mark.parametrize(
    ("over", "value"), [("1 day", 0.5), ("1 week", 4 / 6), ("4 calendar days", 4 / 6), ("36 hours", None)]
)
def test_a_promise_gate_looks_over_days_and_weeks(over, value):
    judged = world(spring(holding(over)), tables=PLACED, promises={"next-day": NEXT_DAY}).judged("2026-06-20")
    assert judged.gate("holding")["value"] == (pytest.approx(value) if value else None)


def test_a_gate_that_says_no_days_looks_over_four_weeks():
    gate = {"gate": "holding", "promise": "next-day", "kept_at_least": "60%"}
    found = (
        world(spring(gate), tables=PLACED, promises={"next-day": NEXT_DAY})
        .judged("2026-06-20")
        .gate("holding")
    )
    assert (found["evidence"], found["needed"]) == (
        "66.7 % of 6 orders over 28 days; needs 60 %",
        "next-day kept at least 60 % over 28 days",
    )


def test_a_promise_that_cannot_be_judged_leaves_its_gate_untold():
    judged = world(spring(holding()), promises={"next-day": NEXT_DAY}).judged("2026-06-20")
    assert judged.verdict()[0] == "cannot_tell"
    assert "'next-day' was not judged: no source 'orders'" in judged.of()["why"]


def test_a_rate_just_short_is_told_with_the_decimals_that_show_it():
    rows = [("2026-06-08", "2026-06-09" if number > 18 else None, None) for number in range(625)]
    made = world(spring(holding(kept="97%")), tables=orders(*rows), promises={"next-day": NEXT_DAY})
    found = made.judged("2026-06-20").gate("holding")
    assert (found["met"], found["evidence"]) == (False, "96.96 % of 625 orders over 3 days; needs 97 %")


STOCK = {
    "stock": (
        {"day": "date", "cover": "double"},
        [("2026-06-10", 15.0), ("2026-06-10", 11.5), ("2026-06-11", 20.0)],
    )
}


@pytest.mark.parametrize(
    ("query", "bounds", "met", "evidence"),
    [
        ("select min(cover) from stock where day = :day", {"at_least": 11.5}, True, "11.5; needs at least 11.5"),
        ("select max(cover) from stock where day <= :day", {"at_most": 14}, False, "15; needs at most 14"),
        ("select count(*) from stock where day = :day", {"at_least": 1, "at_most": 2}, True, "2; needs at least 1 and at most 2"),
        ("with s as (select * from stock where day = :day) select avg(s.cover) from s", {"at_least": 20}, False,
         "13.25; needs at least 20"),
        ("select cover from stock where day = :day", {"at_least": 1}, None, "cannot tell: its query does not give one number"),
        ("select min(cover) from stock where day < :day", {"at_least": 1}, None, "cannot tell: there is no value for 10 Jun 2026"),
        ("select 'many' from stock where day = :day", {"at_least": 1}, None, "cannot tell: its query does not give one number"),
        ("select read_text('x')", {"at_least": 1}, None, "cannot tell: read_text() is not a function"),
        ("select cover from nothing", {"at_least": 1}, None, "cannot tell: unknown source 'nothing'"),
    ],
)  # fmt: skip
def test_a_query_gate_asks_for_one_number_as_of_its_day(query, bounds, met, evidence):
    gate = {"gate": "stock", "sql": query, **bounds}
    found = world(spring(gate), tables=STOCK).judged("2026-06-20").gate("stock")
    assert found["met"] is met
    assert found["evidence"].startswith(evidence)


def test_one_faulty_day_of_a_query_leaves_the_other_days_told():
    gate = {"gate": "stock", "sql": "select cover from stock where day = :day", "at_least": 1}
    judged = world(spring(gate), tables=STOCK).judged("2026-06-20")
    assert (judged.day("2026-06-10")["met"], judged.day("2026-06-11")["met"]) == (None, True)


CAPACITY = {
    "picking": {
        "source": "plan",
        "day": "day",
        "available": "units",
        "load": {"source": "orders", "at": "ordered"},
    }
}
ROOM = {"gate": "room", "capacity": "picking", "headroom_at_least": "10%"}


def weeks(number: int, a_day: int, promo: str | None = None) -> list[tuple[str, str | None, str | None]]:
    """So many weeks of orders from the first Monday of June on, the same every day."""
    days = [MONDAY + timedelta(days=n) for n in range(7 * number)]
    return [(day.isoformat(), None, promo) for day in days for _ in range(a_day)]


def plan(units: int, days: int = 40) -> dict[str, Any]:
    return {
        "plan": (
            {"day": "date", "units": "integer"},
            [(MONDAY + timedelta(days=n), units) for n in range(days)],
        )
    }


def room(
    rows: list[tuple[str, str | None, str | None]],
    units: int,
    promotions: dict[str, Any],
    as_of: str = "2026-06-30",
) -> Any:
    tables = orders(*rows) | plan(units)
    return world(promotions, tables=tables, promises={"next-day": NEXT_DAY}, capacity=CAPACITY).judged(as_of)


def expecting(share: str, launched: str = "2026-06-22T08:00", **more: Any) -> dict[str, Any]:
    return {"launched": launched, "expects": {"demand": share, "on": "orders"}, "ready_when": [ROOM], **more}


def test_headroom_is_what_is_left_over_the_usual_load_and_the_demand_expected():
    judged = room(weeks(3, 10), 13, {"spring": expecting("+20%")})
    found = judged.gate("room")
    assert found["value"] == pytest.approx(13 / 12 - 1)
    assert (found["met"], found["evidence"]) == (
        False,
        "8.3 % left: 13 available, usual load 10 + 20 %; needs 10 %",
    )


def test_headroom_of_exactly_what_is_needed_is_enough():
    assert room(weeks(3, 10), 11, {"spring": expecting("+0%")}).gate("room")["met"] is True


def test_items_that_a_promotion_brought_are_not_usual():
    spring = expecting("+20%", items={"source": "orders", "only": "promo = 'SPRING'"})
    judged = room(weeks(3, 10) + weeks(3, 4, "SPRING"), 14, {"spring": spring})
    (day,) = [row for row in judged.load if row["day"] == date(2026, 6, 22)]
    assert (day["usual"], day["expected_uplift"], day["headroom"]) == (10, 0.2, pytest.approx(14 / 12 - 1))
    (before,) = [row for row in judged.load if row["day"] == date(2026, 6, 21)]
    assert (before["load"], before["promoted"], before["expected_uplift"]) == (14, 4, 0)


def test_promotions_on_one_capacity_are_judged_together():
    both = {
        "spring": expecting("+20%", "2026-06-10T08:00", ends="2026-06-23"),
        "summer": expecting("+15%", "2026-06-22T08:00", ends="2026-06-30"),
    }
    judged = room(weeks(5, 10), 14, both)
    assert judged.verdict("spring")[0] == "ready"
    assert judged.verdict("summer") == ("launched_before_ready", date(2026, 6, 24), 2)
    assert judged.gate("room", "summer")["evidence"] == (
        "3.7 % left: 14 available, usual load 10 + 15 % + 20 % for “Spring”; needs 10 %"
    )


def test_promotions_planned_for_the_same_day_are_not_each_judged_alone():
    both = {"spring": expecting("+20%"), "summer": expecting("+15%")}
    judged = room(weeks(2, 10), 14, both, as_of="2026-06-15")
    assert [judged.verdict(name)[0] for name in both] == ["planned_not_ready", "planned_not_ready"]
    alone = room(weeks(2, 10), 14, {"spring": expecting("+20%")}, as_of="2026-06-15")
    assert alone.verdict()[0] == "planned_ready"


def test_a_promotion_called_off_or_on_other_demand_uses_nothing_up():
    others = {
        "spring": expecting("+20%"),
        "off": expecting("+50%", cancelled=True),
        "chairs": {"launched": "2026-06-22T08:00", "expects": {"demand": "+50%", "on": "chairs"}},
    }
    assert room(weeks(3, 10), 14, others).verdict()[0] == "ready"


def test_a_load_nobody_knows_of_is_no_headroom():
    judged = room(weeks(1, 10), 13, {"spring": expecting("+20%")})
    assert judged.gate("room")["evidence"] == (
        "cannot tell: the usual load on 'picking' is not known: no whole week of it before"
    )
    assert judged.verdict()[0] == "cannot_tell"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"source": "nothing"}, "no source 'nothing'"),
        ({"day": "dya"}, "has no column 'dya'. Did you mean 'day'?"),
        ({"available": "uints"}, "unknown column 'uints'"),
        ({"load": None}, "what uses 'picking' up is not declared"),
        ({"load": {"source": "orders", "at": "promo"}}, "'promo' is varchar, not a day or an instant"),
    ],
)
def test_a_capacity_that_cannot_be_read_says_why(change, says):
    tables = orders(*weeks(3, 10)) | plan(14)
    capacity = {"picking": CAPACITY["picking"] | change}
    judged = world({"spring": expecting("+20%")}, tables=tables, capacity=capacity).judged("2026-06-30")
    assert says in judged.gate("room")["evidence"]
    assert judged.verdict()[0] == "cannot_tell"


def test_a_load_counts_on_the_local_day_it_came():
    rows = [(str(n), f"2026-06-{n + 1:02}T23:30Z", None, None) for n in range(7)]  # after midnight in London
    tables = {"orders": (ORDERS, rows)} | plan(14)
    judged = world({"spring": expecting("+20%")}, tables=tables, capacity=CAPACITY).judged("2026-06-30")
    assert [row["day"].day for row in judged.load if row["load"]] == [2, 3, 4, 5, 6, 7, 8]


def test_the_usual_load_is_what_pandas_says_it_is():
    days = [MONDAY + timedelta(days=n) for n in range(80)]
    series = pd.Series([float((7 * n * n) % 31) for n in range(80)], index=pd.DatetimeIndex(days))
    weekly = series.rolling(7).mean()
    parts = [weekly.shift(7 * week) * (6 - week) for week in range(6)]
    expected = (sum(parts) / 21).shift(1).dropna()
    found = usual_loads(dict(zip(days, series, strict=True)), days)
    assert [found[each.date()] for each in expected.index] == pytest.approx(list(expected))
    assert len(expected) == 80 - 42


def test_a_load_that_became_known_late_is_not_in_the_usual_load_of_the_days_before() -> None:
    columns = {"at": "date", "units": "integer", "loaded": "timestamptz"}
    usual = [(f"2026-06-{day:02}", 10, f"2026-06-{day:02}T18:00Z") for day in range(1, 15)]
    late = [("2026-06-10", 700, "2026-06-20T06:00Z")]
    capacity = {
        "picking": {
            "source": "plan",
            "day": "day",
            "available": "units",
            "load": {"source": "came", "at": "at", "units": "units"},
        }
    }
    plan = ({"day": "date", "units": "integer"}, [(f"2026-06-{day:02}", 20) for day in range(1, 31)])
    gate = {"gate": "room", "capacity": "picking", "headroom_at_least": "50%"}

    def met(rows: list[tuple[Any, ...]]) -> tuple[Any, Any]:
        made = world(
            spring(gate, launched="2026-06-15T08:00"),
            tables={"plan": plan, "came": (columns, rows)},
            capacity=capacity,
        )
        made.workspace.sources["came"] = Source(files="came.csv", arrived="loaded")  # type: ignore[index]
        judged = made.judged("2026-06-25")
        return judged.gate("room")["met"], judged.gate("room")["value"]

    assert met([*usual, *late]) == met(usual) == (True, 1.0)
