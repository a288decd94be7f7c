"""Worlds at random, promise and all: kinds, clocks, calendars, pauses, terms, versions, corrections, what was known when, time zones."""

from random import Random
from typing import Any

from tests.judge.golden_sql import world_said
from tests.judge.remote.worlds import fill
from tests.judge.world import World

KINDS = ("clock", "check", "clock", "counts", "clock", "repeat")
ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Europe/Dublin"]
"""Of the nights on which clocks change, those of the first three lie within the days of the rows, one by half an hour."""

OPEN = {"open": {"mon-fri": ["09:00-12:30", "13:00-17:30"], "sat": ["10:00-14:00"]}, "holidays": {"country": "GB", "subdivision": "ENG"}}  # fmt: skip
CALENDARS: list[dict[str, Any]] = [
    OPEN,
    OPEN | {"timezone": "America/New_York"},
    {"open": "always"},
    {"open": "always", "timezone": "Asia/Tokyo"},
]
SEGMENTS: list[Any] = [
    "region",
    {"weekday": "dayname(ordered_at)"},
    {"size": "case when quoted_days > 2 then 'long' when quoted_days > 0 then 'short' end"},
    {"month": "strftime(ordered_at, '%Y-%m')"},
]
EXEMPT = [{"when": "moved", "because": "moved"}, {"when": "region is null", "because": "nobody's region"}]
PAUSES = {"source": "pauses", "id": "of_order", "from": "begun", "to": "ended"}
COLUMN_PAUSES = [{"from": "paused_at", "to": "resumed_at"}, {"from": "held_at", "to": "released_at"}]
TERMS = {"terms": "sold", "match": "customer", "value": "number", "from": "valid_from", "to": "valid_to"}
GATED = {
    "spring": {
        "says": "Always on time", "launched": "2026-06-01", "leans_on": ["p"], "items": {"source": "items", "only": "channel = 'web'"},
        "ready_when": [{"gate": "it holds", "promise": "p", "kept_at_least": "90%", "over": "28 days"}],
    }
}  # fmt: skip


def drawn(seed: int, items: int) -> tuple[World, dict[str, Any]]:
    """Return a world with its rows, and what was declared in it; a clock every second seed, another kind between."""
    random = Random(f"a world {seed}")
    said = _DRAWS[KINDS[seed % len(KINDS)]](random)
    _with_the_rest(random, said)
    world = world_said(said)
    fill(world, f"rows {seed}", items)
    return world, said


def _length(random: Random) -> str:
    return random.choice(
        ["4 hours", "90 minutes", "2 days", "1 calendar days", "3 calendar days", "8 business hours",
         "45 business minutes", "1 business days", "3 business days"]
    )  # fmt: skip


def _clock(random: Random) -> dict[str, Any]:
    measure: dict[str, Any] = {
        "items": "items", "id": "order_id", "started": random.choice(["ordered_at"] * 3 + ["ordered_on"]),
        "done": random.choice(["delivered_at"] * 3 + ["delivered_on"]),
    }  # fmt: skip
    said: dict[str, Any] = {"promise": {"measure": measure}}
    due = random.choice(["length", "length", "column", "terms", "by", "by"])
    if due == "by":
        measure["by"] = random.choice(["promised_on", "promised_at"])
        if measure["by"] == "promised_on" and random.random() < 0.5:
            measure["originally_by"] = "first_promised_on"
    else:
        length: Any = _length(random)
        if due != "length":
            unit = length.partition(" ")[2]
            length = {"column": "quoted_days", "unit": unit} if due == "column" else TERMS | {"unit": unit}
        measure[random.choice(["within", "less_than"])] = length
        if random.random() < 0.6:
            measure["paused"] = random.choice([PAUSES, PAUSES, COLUMN_PAUSES])
        if due == "length":
            _with_versions(random, said)
    if due != "by" and random.random() < 0.4 and _may_have_a_cut_off(str(said)):
        measure["cut_off"] = random.choice(["14:00", "12:30"])
    if "business" in str(said):
        measure["calendar"] = "shop"
        said["calendars"] = {"shop": random.choice(CALENDARS)}
    if random.random() < 0.5:
        said["promise"]["counted"] = random.choice(["due", "started", "done"])
    return said


def _may_have_a_cut_off(said: str) -> bool:
    """Return whether its lengths are all on the company's clock, or all days of the calendar."""
    business = said.count("business")
    return not business or (business == said.count("business days") and "calendar days" not in said)


def _with_versions(random: Random, said: dict[str, Any]) -> None:
    if random.random() < 0.6:
        measure = said["promise"]["measure"]
        how = "within" if "within" in measure else "less_than"
        said["promise"]["versions"] = [
            {"from": "2026-01-01", how: _length(random)},
            {"from": random.choice(["2026-02-01", "2026-03-01", "2026-03-29"])},
        ]


def _check(random: Random) -> dict[str, Any]:
    said: dict[str, Any] = {
        "promise": {
            "measure": {"items": "items", "id": "order_id", "at": "ordered_at", "kept_when": "not wrong"}
        }
    }
    if random.random() < 0.5:
        said["promise"]["versions"] = [{"from": "2026-01-01", "target": "80%"}, {"from": "2026-03-01"}]
    return said


def _counts(random: Random) -> dict[str, Any]:
    return {
        "promise": {"measure": {"items": "items", "at": "period", "kept": "seen - late", "total": "seen"}}
    }


def _repeat(random: Random) -> dict[str, Any]:
    window = random.choice(["72 hours", "7 calendar days", "2 days"])
    return {
        "promise": {
            "measure": {
                "items": "items", "id": "order_id", "at": "ordered_at", "same": random.choice([["customer", "topic"], ["customer"]]),
                "not_again_within": window,
            },
            "counted": random.choice(["started", "due"]),
        }
    }  # fmt: skip


_DRAWS = {"clock": _clock, "check": _check, "counts": _counts, "repeat": _repeat}


def _with_the_rest(random: Random, said: dict[str, Any]) -> None:
    """Draw what a promise of any kind may have besides."""
    measure = said["promise"]["measure"]
    said["timezone"] = random.choice(ZONES)
    measure["segments"] = random.sample(SEGMENTS, random.randrange(3))
    if random.random() < 0.3:
        measure["only"] = random.choice(["channel = 'web'", "region like 'nor%'", "quoted_days is not null"])
    if ("kept_when" in measure or "done" in measure) and random.random() < 0.5:
        measure |= {"cancelled": "cancelled_at"} | random.choice([{}, {"if_cancelled": "broken"}])
    if "kept" not in measure and random.random() < 0.4:
        measure["exempt"] = EXEMPT
    if random.random() < 0.4:
        storm = {"promises": ["p"], "from": "2026-02-03", "to": "2026-02-20", "because": "storm"}
        said["corrections"] = {"storm": storm | random.choice([{}, {"only": "region = 'north'"}])}
    if random.random() < 0.4:
        said["promotions"] = GATED
    kept = {"key": "order_id", "latest_by": "changed_at", "arrived": "arrived_at"}
    known = random.choice([None, None, {"arrived": "arrived_at"}, {"arrived": "ordered_on"}, kept])
    if known and not (known is kept and "kept" in measure):
        said["sources"] = {"items": known, "pauses": {"arrived": "arrived_at"}}
