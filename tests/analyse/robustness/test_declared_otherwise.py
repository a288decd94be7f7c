"""Every definition told beside a rate is what a promise that is declared so would give."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from aspromised.analyse.rates.status import statuses
from aspromised.analyse.robustness.definitions import definitions
from aspromised.analyse.windows.window import Window
from tests.analyse.robustness.test_definitions import Judged
from tests.judge.world import make_world

AS_OF = "2026-04-02"
WINDOWS = [Window.month("2026-03"), Window.month("2026-04")]
TYPES = {
    "id": "integer", "s": "timestamptz", "d": "timestamptz", "c": "timestamptz", "moved": "boolean",
    "region": "varchar", "latest": "date", "first": "date",
}  # fmt: skip
CLOCK = {"items": "items", "id": "id", "started": "s", "done": "d"}
CHECK = {"items": "items", "id": "id", "at": "s", "kept_when": "region <> 'west'"}
EXEMPT = {"exempt": [{"when": "moved", "because": "the customer moved it"}]}
CANCELLED = {"cancelled": "c", "if_cancelled": "exempt"}
BROKEN = {"cancelled": "c", "if_cancelled": "broken"}
DATES = {"by": "latest", "originally_by": "first"}
STORM = {"promises": ["p"], "from": "2026-03-10", "to": "2026-03-13", "because": "storm"}
STRIKE = {"promises": ["p"], "from": "2026-03-24", "to": "2026-04-03", "only": "region = 'north'", "because": "strike"}  # fmt: skip
Declared = dict[str, Any]


def some_items(seed: int) -> list[tuple[Any, ...]]:
    """Return items of a few weeks that take from no time to six days, some not done, moved or cancelled."""
    random = Random(seed)
    rows: list[tuple[Any, ...]] = []
    for number in range(150):
        began = datetime(2026, 3, 1, 0, 30) + timedelta(hours=random.randrange(32 * 24))
        done = began + timedelta(hours=random.choice([0, 48, random.randrange(48), random.randrange(144)]))
        gone = began + timedelta(hours=random.randrange(120)) if random.random() < 0.2 else None
        first = (began + timedelta(days=random.randrange(4))).date()
        latest = first + timedelta(days=random.choice([0, 0, 3]))
        row = (began, done if random.random() < 0.8 else None, gone, random.random() < 0.2,
               random.choice(["north", "south", "west"]), latest, first)  # fmt: skip
        rows.append((number, *(str(value) if value is not None else None for value in row)))
    return rows


def judged(promise: Declared, rows: list[tuple[Any, ...]], corrections: Declared) -> Judged:
    at_least = {"at_least": 5, "target": "70%"}
    return Judged(make_world({**at_least, **promise}, TYPES, rows, corrections=corrections), AS_OF)


def without(measure: Declared, *keys: str, **more: Any) -> Declared:
    return {**{key: value for key, value in measure.items() if key not in keys}, **more}


def declared_otherwise(promise: Declared, corrections: Declared) -> dict[str, tuple[Declared, Declared]]:
    """Return by definition the promise and the corrections that say so themselves."""
    measure = promise["measure"]
    found = {"declared": (promise, corrections)}
    if corrections:
        found["no corrections"] = (promise, {})
    if measure.get("if_cancelled") != "exempt":  # cancelled before due, nothing was left to keep
        found["no exemptions"] = ({**promise, "measure": without(measure, "exempt")}, {})
    if "started" not in measure:
        return found
    found |= {
        f"counted {day}": ({**promise, "counted": day}, corrections) for day in ("due", "started", "done")
    }
    if "by" in measure:
        given = without(measure, "originally_by", by="first")
        found["original"] = ({**promise, "measure": given}, corrections)
    else:
        length = without(measure, "within", less_than=measure["within"])
        found["boundary"] = ({**promise, "measure": length}, corrections)
    return found


@pytest.mark.parametrize(
    "corrections", [{}, {"storm": STORM}, {"storm": STORM, "strike": STRIKE}], ids=["none", "all", "some"]
)
@pytest.mark.parametrize(
    ("measure", "day"),
    [
        ({**CLOCK, "within": "48 hours", **EXEMPT, **BROKEN}, "due"),
        ({**CLOCK, "within": "48 hours", **EXEMPT}, "started"),
        ({**CLOCK, "within": "48 hours", **CANCELLED}, "done"),
        ({**CLOCK, "within": "48 hours", **EXEMPT, **CANCELLED}, "started"),
        ({**CLOCK, **DATES, **BROKEN}, "due"),
        ({**CLOCK, **DATES, **EXEMPT}, "started"),
        ({**CLOCK, **DATES}, "done"),
        ({**CHECK, **EXEMPT, **BROKEN}, None),
        ({**CHECK, **CANCELLED}, None),
    ],
)  # fmt: skip
def test_every_definition_is_what_a_promise_declared_so_gives(
    measure: Declared, day: str | None, corrections: Declared
) -> None:
    promise: Declared = {"measure": measure, **({"counted": day} if day else {})}
    rows = some_items(len(measure) + len(corrections))
    snapshot, others, compared = (
        judged(promise, rows, corrections),
        declared_otherwise(promise, corrections),
        set(),
    )
    same = {name: judged(each[0], rows, each[1]) for name, each in others.items()}
    for window in WINDOWS:
        table = definitions(snapshot, "p", window, 0.7).set_index("definition")
        for name in set(table.index) & set(others):
            row = table.loc[name]
            told = int(row["kept"]), int(row["decided"]), row["status"], int(row["waits_for"])
            real = statuses(same[name], window).iloc[0]
            assert told == (real["kept"], real["decided"], real["status"], real["waits_for"]), (
                name,
                window.label,
            )
            compared.add(name)
    assert compared >= {"declared"} | ({"no corrections"} if corrections else set())
    assert not day or len(compared & {"counted due", "counted started", "counted done"}) == 2
