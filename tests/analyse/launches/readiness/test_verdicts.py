"""What launches add up to, on rows few enough to count."""

from datetime import date
from typing import Any

from aspromised.analyse.launches.readiness.verdicts import capacity_days, gate_days, launches
from aspromised.schema.snapshot import READINESS
from tests.analyse.shelf import shelf


def promotion(
    name: str, launched: str, verdict: str, early: int | None = None, **more: Any
) -> dict[str, Any]:
    """A row of both `promotion` and `readiness`."""
    return {
        "promotion_id": name, "says": name.capitalize(), "launched": f"{launched} 08:00", "leans_on": ["p"],
        "launched_day": launched, "judged_on": launched, "verdict": verdict, "days_early": early, "missing": [],
        "why": "so", **more,
    }  # fmt: skip


def gate(
    name: str, position: int, kind: str, asks_of: str | None, met: bool | None, **more: Any
) -> dict[str, Any]:
    return {
        "promotion_id": name, "position": position, "gate": f"{asks_of or 'query'} gate", "kind": kind, "asks_of": asks_of,
        "met": met, "optional": False, "needed": "enough", "evidence": "seen", **more,
    }  # fmt: skip


def snapshot(rows: list[dict[str, Any]], gates: list[dict[str, Any]], **more: Any) -> Any:
    verdicts = [{name: row[name] for name in READINESS.names if name in row} for row in rows]
    declared = [
        {name: row[name] for name in ("promotion_id", "says", "launched", "leans_on")} for row in rows
    ]
    return shelf("2026-10-31", promotion=declared, readiness=verdicts, gate=gates, **more)


ROWS = [
    promotion("a", "2026-07-01", "launched_before_ready", 3),
    promotion("b", "2026-10-05", "launched_before_ready", 7),
    promotion("c", "2026-10-06", "launched_before_ready", 1),
    promotion("d", "2026-10-20", "ready", 0),
    promotion("e", "2026-10-25", "cannot_tell"),
    promotion("f", "2026-11-20", "planned_not_ready", missing=["care gate"], judged_on="2026-10-31"),
    promotion("g", "2026-11-21", "planned_ready", judged_on="2026-10-31"),
    promotion("h", "2026-11-22", "cancelled", judged_on="2026-10-31"),
]
GATES = [
    gate("a", 1, "sign-off", "care", False),
    gate("b", 1, "capacity", "picking", False),
    gate("b", 2, "sign-off", "care", False, optional=True),
    gate("c", 1, "capacity", "picking", False),
    gate("c", 2, "sql", None, False),
    gate("d", 1, "capacity", "picking", True),
    gate("f", 1, "sign-off", "care", False),
    gate("f", 2, "capacity", "picking", True),
    gate("g", 1, "capacity", "picking", True, value=0.2, at_least=0.1, met_on="2026-10-03"),
]


def test_the_findings_tell_what_is_worst_first():
    assert launches(snapshot(ROWS, GATES)).findings == [
        "2 promotions were launched before operations were ready this quarter; 2 lean on picking.",
        "3 of 4 launches that can be judged went out before operations were ready, by 1 to 7 days; 2 lean on picking.",
        "“F”, planned for 20 Nov 2026, is not ready today: 1 of 2 gates not met (care gate).",
        "“G”, planned for 21 Nov 2026, is ready today: its one gate is met.",
        "Of 1 promotion nobody can tell: “E”.",
    ]


def test_where_nothing_went_out_early_that_is_said_and_where_nothing_can_be_judged_nothing_is():
    assert launches(snapshot([ROWS[3]], GATES)).findings == [
        "None of 1 launch that can be judged went out before operations were ready."
    ]
    assert launches(snapshot([], [])).findings == []


def test_a_quarter_is_the_companys():
    found = launches(snapshot(ROWS, GATES))
    assert found.quarter == (date(2026, 10, 1), date(2026, 12, 31))


def test_a_promotion_is_told_with_its_gates_on_the_clock_of_the_company():
    found = {each.promotion_id: each for each in launches(snapshot(ROWS, GATES)).launches}
    july = found["a"]
    assert july.launched and july.launched.isoformat() == "2026-07-01T09:00:00+01:00"
    assert (july.days_early, july.has_run, july.is_planned) == (3, True, False)
    assert [each.gate for each in july.lacked] == ["care gate"]
    assert [each.position for each in found["b"].lacked] == [1], "an optional gate is not lacked"
    assert (found["f"].is_planned, found["f"].has_run, found["h"].has_run) == (True, False, False)
    (ready,) = found["g"].gates
    assert (ready.value, ready.bound, ready.met_on, ready.lost_on) == (0.2, 0.1, date(2026, 10, 3), None)


def test_a_launch_later_today_is_still_to_come():
    """At 9 on the morning of a launch at 8 in UTC it is out, at 7 it is not; whatever its verdict."""
    rows = [promotion("x", "2026-10-31", verdict) for verdict in ("cannot_tell",)]
    declared = [
        {name: row[name] for name in ("promotion_id", "says", "launched", "leans_on")} for row in rows
    ]
    judged = [{name: row[name] for name in READINESS.names if name in row} for row in rows]
    for hour, has_run in ((7, False), (9, True)):
        (found,) = launches(shelf(f"2026-10-31T0{hour}:00:00", promotion=declared, readiness=judged)).launches
        assert (found.is_planned, found.has_run) == (not has_run, has_run)


def test_the_days_of_gates_and_capacities_come_as_they_are():
    daily = [
        {
            "promotion_id": "g",
            "position": 1,
            "day": "2026-10-02",
            "met": False,
            "value": 0.0,
            "evidence": "none",
        },
        {"promotion_id": "g", "position": 1, "day": "2026-10-03", "met": None, "evidence": "cannot tell"},
    ]
    load = [{"capacity": "picking", "day": f"2026-10-0{n}", "available": n} for n in (1, 2, 3)]
    found = snapshot(ROWS, GATES, gate_daily=daily, load_daily=load)
    days = gate_days(found, "g")
    assert list(days["gate"]) == ["picking gate"] * 2
    assert list(days["met"].isna()) == [False, True]
    assert not days["met"].iloc[0]
    assert list(capacity_days(found, "picking", date(2026, 10, 2), date(2026, 10, 3))["available"]) == [2, 3]
