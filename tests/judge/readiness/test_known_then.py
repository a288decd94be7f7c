"""A gate on a promise reads, of every day, what judging on the evening before it says: whatever happened to items later."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from aspromised.declare.model import Calendar, Correction, Source
from aspromised.store.typing.row_versions import keep
from tests.judge.readiness.world import World, world

FIRST = datetime(2026, 3, 23)
LAST = date(2026, 4, 12)
OVER = 6
TYPES = {
    "id": "integer", "s": "timestamptz", "d": "timestamptz", "c": "timestamptz", "day_done": "date", "by_day": "date",
    "held": "timestamptz", "freed": "timestamptz", "who": "integer", "n": "integer",
}  # fmt: skip
CLOCK = {"items": "items", "id": "id", "started": "s", "done": "d", "cancelled": "c"}
CHECK = {"items": "items", "id": "id", "at": "s", "kept_when": "n > 1", "cancelled": "c"}
MEASURES: dict[str, dict[str, Any]] = {
    "hours": {**CLOCK, "within": "30 hours"},
    "less than": {**CLOCK, "less_than": "2 calendar days"},
    "paused": {**CLOCK, "within": "30 hours", "paused": [{"from": "held", "to": "freed"}]},
    "business": {
        **CLOCK,
        "within": "9 business hours",
        "calendar": "shop",
        "paused": [{"from": "held", "to": "freed"}],
    },
    "by a day": {**CLOCK, "by": "by_day", "done": "day_done"},
    "by, never started": {"items": "items", "id": "id", "done": "d", "by": "by_day", "cancelled": "c"},
    "with an exemption": {**CLOCK, "within": "30 hours", "exempt": [{"when": "n = 3", "because": "three"}]},
    "exempt by when it was done": {
        **CLOCK,
        "within": "30 hours",
        "exempt": [{"when": "d > s + interval 50 hours", "because": "the customer moved it"}],
    },
    "exempt while it runs": {
        **CLOCK,
        "less_than": "2 calendar days",
        "exempt": [{"when": "d is null and c is null and n = 3", "because": "three"}],
    },
    "only by its ends": {
        **CLOCK,
        "within": "30 hours",
        "only": "d is null or d < s + interval 90 hours or c < d",
    },
    "only what was done on a day": {
        **CLOCK,
        "by": "by_day",
        "done": "day_done",
        "only": "dayname(day_done) = 'Monday' or n > 1",
    },
    "kept by when it was cancelled": {
        **CHECK,
        "kept_when": "n > 1 and (c is null or c > s + interval 99 hours)",
    },
    "check": CHECK,
    "check with an exemption": {**CHECK, "exempt": [{"when": "n = 3", "because": "three"}]},
    "counts": {"items": "items", "at": "s", "kept": "n", "total": "5"},
    "repeat": {"items": "items", "id": "id", "at": "s", "same": ["who"], "not_again_within": "50 hours"},
    "repeat of few": {"items": "items", "id": "id", "at": "s", "same": ["n"], "not_again_within": "9 hours"},
}
SHOP = Calendar.model_validate({"open": {"mon-sat": ["08:00-12:00", "13:00-17:00"]}})
CASES = [
    (name, counted, cancelled)
    for name, measure in MEASURES.items()
    for counted in ("due", "started", "done")
    for cancelled in (("exempt", "broken") if "cancelled" in measure else (None,))
    if not (counted == "started" and name == "by, never started")
]


def drawn(seed: int, number: int = 60) -> list[tuple[Any, ...]]:
    """Return items at random: hours until each began, and from then until it was done, cancelled, held; and so on."""
    any_ = random.Random(seed)

    def some(most: int) -> int | None:
        return any_.choice([None, any_.randint(1, most), any_.randint(1, most)])

    return [
        (any_.randint(0, 24 * 14), some(150), some(300), some(60), *map(any_.randrange, (40, 4, 5)))
        for _ in range(number)
    ]


def rows(given: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    found = []
    for number, (hours, takes, cancelled, held, pause, who, n) in enumerate(given):
        at = FIRST + timedelta(hours=hours)
        done, called_off, stopped = (at + timedelta(hours=h) if h else None for h in (takes, cancelled, held))
        freed = stopped + timedelta(hours=pause) if stopped and n else None
        by = (at + timedelta(days=n)).date()
        found.append((number, at, done, called_off, done and done.date(), by, stopped, freed, who, n))
    return found


def rows_that_lack(seed: int) -> list[tuple[Any, ...]]:
    """Return items without a start, a date or both, each cancelled and, most of them, done hours later or earlier."""
    any_, found = random.Random(seed), []
    for number, row in enumerate(rows(drawn(seed + 1, 30)), 1000):
        called_off = row[1] + timedelta(hours=any_.randint(1, 60))
        done = any_.choice([None, called_off + timedelta(hours=any_.randint(-40, 90))])
        start, by = any_.choice([(None, None), (None, row[5]), (row[1], None)])
        found.append((number, start, done, called_off, done and done.date(), by, *row[6:]))
    return found


def small(name: str, counted: str, cancelled: str | None, found: list[tuple[Any, ...]]) -> World:
    measure = MEASURES[name] | ({"if_cancelled": cancelled} if cancelled else {})
    promise = {
        "claim": "c", "made_by": "a", "kept_by": "b", "target": "90%", "counted": counted, "measure": measure,
    }  # fmt: skip
    gate = {"gate": "holding", "promise": "p", "kept_at_least": "60%", "over": f"{OVER} days"}
    launch = {"launched": "2026-04-05", "leans_on": ["p"], "ready_when": [gate]}
    made = world({"spring": launch}, tables={"items": (TYPES, found)}, promises={"p": promise})
    storm = {
        "promises": ["p"],
        "from": "2026-03-28",
        "to": "2026-03-28",
        "because": "storm",
        "only": "who = 1",
    }
    made.workspace.corrections["storm"] = Correction.model_validate(storm)  # type: ignore[index]
    made.workspace.calendars["shop"] = SHOP  # type: ignore[index]
    return made


def rate_on_the_evening_before(made: World, day: date) -> float | None:
    """Return the kept rate of the gate's days, judged at the end of the day before; None where open items could turn it."""
    made.judged(str(day - timedelta(days=1)))
    assert made.con.execute("select problem from out.promise where promise_id = 'p'").fetchall() == [(None,)]
    counts = made.con.execute(
        "select sum(kept), sum(broken), sum(open) from out.verdict_cell where day between ? and ?",
        [day - timedelta(days=OVER), day - timedelta(days=1)],
    ).fetchall()[0]
    kept, broken, still_open = (int(n or 0) for n in counts)
    whole = kept + broken + still_open
    is_told = whole and (5 * kept >= 3 * whole or 5 * (kept + still_open) < 3 * whole)
    return kept / (kept + broken) if kept + broken and is_told else None


@pytest.mark.parametrize(("name", "counted", "cancelled"), CASES)
def test_a_gate_on_any_day_is_what_was_known_the_evening_before(name, counted, cancelled):
    made = small(name, counted, cancelled, rows(drawn(len(name))) + rows_that_lack(len(name)))
    later = {row["day"]: row["value"] for row in made.judged(str(LAST + timedelta(days=30))).daily}
    for looked in (date(2026, 3, 28), date(2026, 4, 2), date(2026, 4, 6)):
        then = {row["day"]: row["value"] for row in made.judged(str(looked)).daily}
        assert (then[looked], later[looked]) == (rate_on_the_evening_before(made, looked),) * 2, looked
    assert len({value for value in later.values() if value is not None}) > 3


LOADED = TYPES | {"loaded": "timestamptz", "changed": "integer"}
ARRIVING = [
    (name, counted, cancelled)
    for name, counted, cancelled in CASES
    if cancelled != "broken" and (counted == "due" or name in ("hours", "check", "repeat", "repeat of few"))
]


def arriving(name: str, counted: str, cancelled: str | None, seed: int, keeps_versions: bool) -> World:
    """Return the same world in which rows arrive days after what they tell, some in several versions."""
    any_ = random.Random(seed)
    given = drawn(seed)
    versions: list[list[tuple[Any, ...]]] = []
    for number, row in enumerate(rows(given)):
        late = row[1] + timedelta(hours=any_.choice([0, 1, 30, 90]))
        told = [(*row, any_.choice([None, late, late, late]), 9)]
        if keeps_versions and any_.random() < 0.6:
            other = rows([given[number - 1]])[0]
            before = (number, row[1], *other[2:], *told[0][9:10])
            told.append((*before[:10], late - timedelta(hours=any_.choice([0, 20, 60])), 1))
        versions.append(told)
    return _laid(name, counted, cancelled, versions, keeps_versions)


def _laid(
    name: str,
    counted: str,
    cancelled: str | None,
    versions: list[list[tuple[Any, ...]]],
    keeps_versions: bool,
) -> World:
    """Return a world loaded as the store loads it: the latest of each id, and the versions it gave way to."""
    made = small(name, counted, cancelled, [])
    con = made.con
    columns = ", ".join(f"{column} {kind}" for column, kind in LOADED.items())
    con.execute(f"drop table source.items; create table source.items ({columns}); create schema earlier")
    every = [row for told in versions for row in told]
    con.executemany(f"insert into source.items values ({', '.join('?' * len(LOADED))})", every)
    declared = {"files": "items.csv", "key": "id", "arrived": "loaded"}
    if keeps_versions:
        declared["latest_by"] = "changed"
        keep(con, "items", Source(**declared), list(LOADED))
        con.execute(
            "delete from source.items where changed = 1 and id in (select id from source.items where changed = 9)"
        )
    made.workspace.sources["items"] = Source(**declared)  # type: ignore[index]
    return made


@pytest.mark.parametrize("keeps_versions", [False, True])
@pytest.mark.parametrize(("name", "counted", "cancelled"), ARRIVING)
def test_a_gate_is_blind_to_what_arrived_later(name, counted, cancelled, keeps_versions):
    if keeps_versions and name == "counts":
        pytest.skip("counts have no versions")
    made = arriving(name, counted, cancelled, len(name), keeps_versions)
    later = {row["day"]: row["value"] for row in made.judged(str(LAST + timedelta(days=30))).daily}
    for looked in (date(2026, 3, 28), date(2026, 4, 2), date(2026, 4, 6)):
        then = {row["day"]: row["value"] for row in made.judged(str(looked)).daily}
        assert (then[looked], later[looked]) == (rate_on_the_evening_before(made, looked),) * 2, looked


@pytest.mark.parametrize("declared", [None, "2026-04-04", "2026-03-20"])
def test_a_correction_counts_from_the_day_it_was_declared(declared):
    made = small("hours", "due", "exempt", rows(drawn(4)))
    storm = {
        "promises": ["p"],
        "from": "2026-03-26",
        "to": "2026-03-30",
        "because": "storm",
        "declared": declared,
    }
    made.workspace.corrections["storm"] = Correction.model_validate(storm)  # type: ignore[index]
    later = {row["day"]: row["value"] for row in made.judged(str(LAST + timedelta(days=30))).daily}
    for looked in (date(2026, 3, 29), date(2026, 4, 2), date(2026, 4, 4), date(2026, 4, 6)):
        then = {row["day"]: row["value"] for row in made.judged(str(looked)).daily}
        assert (then[looked], later[looked]) == (rate_on_the_evening_before(made, looked),) * 2, looked
