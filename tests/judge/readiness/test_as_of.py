"""As-of honesty: what comes after a launch changes nothing that was said of the launch and of the days before."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.judge.readiness.world import NEXT_DAY, Judged, world

COLUMNS = {
    "id": "varchar", "ordered": "timestamptz", "delivered": "timestamptz", "cancelled": "timestamptz", "promo": "varchar",
}  # fmt: skip
FIRST = datetime(2026, 3, 2)
"""On the clock of London, as all moments here."""
LAUNCH = date(2026, 3, 29)
"""The day on which the clock of London changes."""

PROMISES = {
    "next-day": NEXT_DAY | {"measure": {**NEXT_DAY["measure"], "cancelled": "cancelled"}},  # type: ignore[dict-item]
    "right": NEXT_DAY
    | {"measure": {"items": "orders", "id": "id", "at": "ordered", "kept_when": "promo is null"}},
}
CAPACITY = {
    "picking": {
        "source": "plan",
        "day": "day",
        "available": "units",
        "load": {"source": "orders", "at": "ordered"},
    }
}
GATES = [
    {"gate": "holding", "promise": "next-day", "kept_at_least": "60%", "over": "5 days"},
    {"gate": "right", "promise": "right", "kept_at_least": "60%", "over": "2 weeks"},
    {"gate": "room", "capacity": "picking", "headroom_at_least": "10%"},
    {"gate": "came", "sql": "select count(*) from orders where cast(ordered as date) = :day", "at_least": 2},
    {
        "gate": "so far",
        "sql": "select count(*) from orders where cast(ordered as date) <= :day",
        "at_least": 20,
    },
]
PROMOTIONS = {
    "spring": {
        "launched": f"{LAUNCH}T12:00",
        "ready_when": GATES,
        "expects": {"demand": "+20%", "on": "orders"},
        "items": {"source": "orders", "only": "promo = 'A'"},
    },
    "summer": {"launched": "2026-03-25", "ends": "2026-04-02", "expects": {"demand": "+30%", "on": "orders"}},
}

order = st.tuples(
    st.integers(0, 60 * 24),
    st.none() | st.integers(1, 120),
    st.none() | st.integers(1, 60),
    st.sampled_from([None, None, "A"]),
)


def rows(drawn: list[tuple[int, int | None, int | None, str | None]]) -> list[tuple[Any, ...]]:
    found = []
    for number, (hours, takes, cancelled, promo) in enumerate(drawn):
        at = FIRST + timedelta(hours=hours)
        later = [at + timedelta(hours=n) if n else None for n in (takes, cancelled)]
        found.append((str(number), at, *later, promo))
    return found


def known_by(moment: datetime, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the rows as they stood at a moment: those that had come, without what had not happened."""
    return [
        (key, at, *(each if each and each <= moment else None for each in later), promo)
        for key, at, *later, promo in found
        if at <= moment
    ]


def judged(found: list[tuple[Any, ...]], as_of: str) -> Judged:
    plan = [((FIRST + timedelta(days=n)).date(), 3 + n % 5) for n in range(90)]
    tables = {"orders": (COLUMNS, found), "plan": ({"day": "date", "units": "integer"}, plan)}
    made = world(PROMOTIONS, tables=tables, promises=PROMISES, capacity=CAPACITY)
    return made.judged(as_of)


def states(found: Judged) -> list[tuple[Any, ...]]:
    """Return every gate of the launch on every day up to it."""
    keys = ("position", "day", "value", "needed", "met", "evidence")
    daily = (row for row in found.daily if row["promotion_id"] == "spring" and row["day"] <= LAUNCH)
    return [tuple(row[key] for key in keys) for row in daily]


@settings(max_examples=8, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(order, min_size=30, max_size=120))
def test_what_comes_after_a_launch_changes_no_gate_up_to_it(drawn):
    everything = rows(drawn)
    whole = judged(everything, "2026-05-10")
    truncated = judged(known_by(datetime(2026, 3, 29, 23, 59, 59), everything), str(LAUNCH))
    assert states(truncated) == states(whole)
    early = {"launched_before_ready", "cannot_tell", "ready"}
    assert whole.verdict()[0] == truncated.verdict()[0] and whole.verdict()[0] in early


def test_the_property_sees_gates_that_are_met_and_gates_that_are_not():
    everything = rows([(7 * n, 60 if (n // 20) % 2 else 20, None, None) for n in range(150)])
    found = {(row[0], row[4]) for row in states(judged(everything, "2026-05-10"))}
    assert {(position, met) for position in range(1, 6) for met in (True, False)} - found <= {(2, False)}


def test_judging_as_of_the_launch_and_long_after_says_the_same_of_the_gate():
    everything = rows([(5 * n, 30, None, None) for n in range(200)])
    later, then = judged(everything, "2026-05-10"), judged(everything, str(LAUNCH))
    for gate in GATES:
        one, other = later.gate(str(gate["gate"])), then.gate(str(gate["gate"]))
        assert (one["value"], one["met"], one["evidence"]) == (
            other["value"],
            other["met"],
            other["evidence"],
        )


@pytest.mark.parametrize("shift", [0, 1])
def test_a_query_that_reads_later_days_is_its_authors_to_mend(shift):
    gate = {
        "gate": "came",
        "sql": f"select count(*) from orders where cast(ordered as date) = :day + {shift}",
        "at_least": 1,
    }
    one = {"spring": {"launched": f"{LAUNCH}T12:00", "ready_when": [gate]}}
    day_after = [("1", LAUNCH + timedelta(days=1), None, None, None)]
    found = world(one, tables={"orders": (COLUMNS, day_after)}).judged("2026-05-10")
    assert found.gate("came")["met"] is bool(shift)
