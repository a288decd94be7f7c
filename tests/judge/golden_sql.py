"""The judge's SQL for one promise of each shape, to be read; `python -m tests.judge.golden_sql` writes it anew."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aspromised.judge.run import item_sql, plan_promise
from aspromised.words.moments import as_of_moment
from tests.judge.world import World, make_world

GOLDEN = Path(__file__).parents[1] / "golden" / "sql"
AS_OF = "2026-03-31"

TYPES = {
    "order_id": "varchar", "region": "varchar", "ordered_at": "timestamptz", "delivered_at": "timestamptz",
    "cancelled_at": "timestamptz", "promised_on": "date", "quoted_days": "integer", "moved": "boolean",
    "wrong": "boolean", "channel": "varchar",
}  # fmt: skip
"""The columns of the orders that every shape is about; none has any row, so the SQL spans only the years needed."""

CLOCK = {"items": "items", "id": "order_id", "started": "ordered_at", "done": "delivered_at"}
SHAPES: Mapping[str, Mapping[str, Any]] = {
    "exact-hours": {"measure": {**CLOCK, "within": "4 hours"}},
    "calendar-days-with-cut-off-and-versions": {
        "measure": {**CLOCK, "within": "2 calendar days", "cut_off": "14:00", "segments": ["region"]},
        "versions": [{"from": "2026-01-01", "within": "3 calendar days"}, {"from": "2026-03-01"}],
    },
    "less-than": {"measure": {**CLOCK, "less_than": "15 minutes", "only": "channel = 'web'"}},
    "by-a-date": {"measure": {**CLOCK, "by": "promised_on"}, "counted": "started"},
    "a-length-of-the-item": {"measure": {**CLOCK, "within": {"column": "quoted_days", "unit": "days"}}},
    "check-with-exempt-correction-and-cancelled": {
        "measure": {
            "items": "items", "id": "order_id", "at": "ordered_at", "kept_when": "not wrong",
            "cancelled": "cancelled_at", "exempt": [{"when": "moved", "because": "the customer moved it"}],
            "segments": ["region", {"weekday": "dayname(ordered_at)"}],
        },
    },
}  # fmt: skip
STORM = {
    "promises": ["p"],
    "from": "2026-02-03",
    "to": "2026-02-04",
    "only": "region = 'north'",
    "because": "storm",
}


def world_of(shape: str) -> World:
    """Return the world of a shape, without rows."""
    corrections = {"storm": STORM} if "correction" in shape else {}
    return make_world(SHAPES[shape], TYPES, [], timezone="Europe/London", corrections=corrections)


def sql_of(shape: str) -> str:
    """Return the statements that judge a shape's items, as text."""
    small = world_of(shape)
    plan, moment = plan_promise(
        small.con, small.workspace, "p", as_of_moment(AS_OF, small.workspace.timezone)
    )
    return ";\n\n".join(item_sql(plan, moment)) + ";\n"


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name in SHAPES:
        (GOLDEN / f"{name}.sql").write_text(sql_of(name), encoding="utf-8")
