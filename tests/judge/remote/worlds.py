"""Rows at random for the cases of the golden SQL: nulls, nights on which clocks change, pauses, terms, earlier versions, odd texts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from aspromised.sql.engine import Engine
from aspromised.sql.templates import identifier
from aspromised.words.vocabulary import KNOWN_FROM, KNOWN_UNTIL
from tests.judge.world import World

Row = dict[str, Any]
FIRST = datetime(2025, 12, 20, tzinfo=UTC)
DAYS = 110
ODD = ["north", "south", 'O\'Neil \\ ${x} `y` "z" \n é', None]


def fill(world: World, seed: str, items: int) -> None:
    """Put rows into every table of a world, the same for the same seed."""
    random = Random(seed)
    orders = [_order(random, number) for number in range(items)]
    pauses = [_pause(random, random.choice(orders)) for _ in range(items)]
    sold = [_sold(random, customer) for customer in "abc" for _ in range(4)]
    tables = {"items": orders, "pauses": pauses, "sold": sold}
    for name, rows in tables.items():
        _put(world.con, f"source.{name}", rows)
    for (name,) in world.con.run("select table_name from duckdb_tables() where schema_name = 'earlier'"):
        _put(
            world.con,
            f"earlier.{name}",
            [_earlier(random, row) for row in random.sample(tables[name], items // 3)],
        )


def _at(random: Random, chance: float, first: datetime = FIRST, days: int = DAYS) -> datetime | None:
    """Return a moment: on the hour, on the second or to the microsecond."""
    if random.random() > chance:
        return None
    step = random.choice([3_600_000_000, 1_000_000, 1])
    return first + timedelta(microseconds=random.randrange(days * 86_400_000_000 // step) * step)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _order(random: Random, number: int) -> Row:
    ordered = _at(random, 0.95)

    def later(chance: float, days: int = 6) -> datetime | None:
        return _at(random, chance, ordered or FIRST, days)

    delivered = later(0.8)
    if ordered and random.random() < 0.1:
        delivered = ordered + timedelta(hours=4)  # on the very limit
    return {
        "order_id": None if random.random() < 0.01 else f"o{number}",
        "customer": random.choice([None, "a", "b", "c", "d'x\\"]),
        "region": random.choice(ODD),
        "channel": random.choice(["web", "app", None]),
        "topic": random.choice(["t1", "t2", None]),
        "ordered_at": ordered,
        "ordered_on": _day(ordered),
        "delivered_at": delivered,
        "delivered_on": _day(delivered),
        "cancelled_at": later(0.15),
        "promised_on": _day(later(0.9)),
        "first_promised_on": _day(later(0.9)),
        "promised_at": later(0.9),
        "paused_at": later(0.5, 2),
        "resumed_at": later(0.5, 4),
        "held_at": later(0.4, 3),
        "released_at": later(0.4, 5),
        "quoted_days": random.choice([None, 0, 1, 2, 3, 5, -1, 40_000]),
        "moved": random.choice([True, False, None]),
        "wrong": random.choice([True, False, False, None]),
        "arrived_at": later(0.8, 9),
        "changed_at": later(0.9, 9),
        "period": (ordered or FIRST).date(),
        "seen": random.choice([None, 0, 3, 10]),
        "late": random.choice([None, 0, 1, 11]),
    }


def _pause(random: Random, order: Row) -> Row:
    begun = (order["ordered_at"] or FIRST) + timedelta(seconds=random.randrange(-86_400, 3 * 86_400))
    ended = None if random.random() < 0.2 else begun + timedelta(minutes=random.randrange(3000))
    arrived = begun + timedelta(hours=random.randrange(-2, 80))
    return {"of_order": order["order_id"], "begun": begun, "ended": ended, "arrived_at": arrived}


def _sold(random: Random, customer: str) -> Row:
    first = date(2025, 12, 1) + timedelta(days=random.randrange(DAYS))
    return {
        "customer": customer,
        "number": random.choice([None, 1, 2, 4, 8, -3]),
        "valid_from": first,
        "valid_to": None if random.random() < 0.4 else first + timedelta(days=random.randrange(60)),
        "arrived_at": datetime.combine(first, time(9), UTC),
    }


def _earlier(random: Random, row: Row) -> Row:
    """Return a version of a row that gave way to the one that arrived later."""
    arrived = row["arrived_at"] or datetime(2026, 1, 1, tzinfo=UTC)
    until = int((arrived - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
    changed: Row = {"arrived_at": arrived - timedelta(hours=random.randrange(1, 90))}
    if "delivered_at" in row:
        changed["delivered_at"] = None if random.random() < 0.5 else row["delivered_at"]
    told = {KNOWN_FROM: until - random.randrange(1, 90 * 3_600_000_000), KNOWN_UNTIL: until}
    return row | changed | told


def _put(con: Engine, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    columns = list(con.columns(table))
    names, marks = ", ".join(map(identifier, columns)), ", ".join("?" * len(columns))
    con.run_each(
        f"insert into {table} ({names}) values ({marks})", [[row[name] for name in columns] for row in rows]
    )
