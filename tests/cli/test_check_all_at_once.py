"""A workspace broken in several places at once: one run of `check` tells what a run for each would."""

import random
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from aspromised.cli.declared.check import problems_of
from aspromised.declare.load import load

Path_ = tuple[str | int, ...]
Said = frozenset[tuple[Path_, str]]

DATA = {
    "orders": "order_id,region,ordered_at,delivered_at,given_at,days,sold_to,ok\n1,north,2026-01-05 10:00,2026-01-06 10:00,2026-01-07 10:00,2,a,true\n",
    "pauses": "order_id,from_at,to_at\n1,2026-01-05 11:00,2026-01-05 12:00\n",
    "terms": "sold_to,hours,valid_from,valid_to,by_whom\na,4,2026-01-01,,b\n",
    "desk": "day,agents\n2026-01-05,4\n",
}
TYPES = {"timestamp": ("ordered_at", "delivered_at", "given_at", "from_at", "to_at"), "date": ("valid_from", "valid_to", "day"), "integer": ("days", "hours", "agents"), "boolean": ("ok",)}  # fmt: skip


def _columns(header: str) -> dict[str, str]:
    kinds = {column: kind for kind, columns in TYPES.items() for column in columns}
    return {column: kinds.get(column, "text") for column in header.split(",")}


def _promise(**more: Any) -> dict[str, Any]:
    return {"claim": "C", "made_by": "sales", "kept_by": "care", "target": "90%", **more}


GOOD: dict[str, Any] = {
    "company": {"name": "X", "timezone": "Europe/London", "week_starts": "monday", "teams": ["sales", "care"]},
    "calendars": {
        "shop": {"timezone": "Europe/Paris", "open": {"mon-fri": ["09:00-12:00", "13:00-17:00"]}, "holidays": {"country": "GB", "subdivision": "ENG", "extra": ["2026-12-24"]}},
        "desk": {"open": {"mon-sun": ["08:00-20:00"]}},
    },
    "sources": {
        name: {"files": f"{name}.csv", "columns": _columns(text.splitlines()[0])} for name, text in DATA.items()
    } | {"late": {"sql": "select order_id, ordered_at, ok from orders", "must": ["ok is not null"]}},
    "promises": {
        "clocked": _promise(
            about="speed", said_in=["web"], window="month", counted="due", at_least=5, review_by="2027-01-01",
            measure={
                "items": "orders", "id": "order_id", "only": "region <> 'x'", "started": "ordered_at", "done": "delivered_at",
                "within": "4 business hours", "calendar": "shop", "cut_off": "14:00",
                "paused": {"source": "pauses", "id": "order_id", "from": "from_at", "to": "to_at"},
                "exempt": [{"when": "not ok", "because": "B"}, {"when": "days > 9", "because": "D"}],
                "segments": ["region", {"weekday": "dayname(ordered_at)"}],
            },
            versions=[{"from": "2026-01-01", "target": "80%"}, {"from": "2026-02-01", "within": "5 business hours", "claim": "V"}],
        ),
        "given": _promise(measure={"items": "orders", "id": "order_id", "started": "ordered_at", "done": "delivered_at", "by": "given_at", "if_cancelled": "broken"}),
        "quoted": _promise(measure={"items": "orders", "id": "order_id", "started": "ordered_at", "done": "delivered_at", "within": {"column": "days", "unit": "days"}}),
        "sold": _promise(measure={"items": "orders", "id": "order_id", "started": "ordered_at", "done": "delivered_at", "calendar": "desk",
                                  "within": {"terms": "terms", "match": "sold_to", "value": "hours", "unit": "business hours", "from": "valid_from", "to": "valid_to"}}),
        "right": _promise(measure={"items": "late", "id": "order_id", "at": "ordered_at", "kept_when": "ok"}),
        "counted": _promise(measure={"items": "desk", "at": "day", "kept": "agents", "total": "agents + 1"}),
        "once": _promise(measure={"items": "orders", "id": "order_id", "at": "ordered_at", "same": ["sold_to", "region"], "not_again_within": "7 days"}),
        "alike": _promise(measure={"spread_of": "clocked", "across": "region", "at_most": "5 points"}),
    },
    "capacity": {"desk": {"source": "desk", "day": "day", "available": "agents", "load": {"source": "orders", "at": "ordered_at", "units": "days"}, "outside": {"region": "south"}}},
    "promotions": {
        "spring": {
            "says": "S", "launched": "2026-02-01", "ends": "2026-02-10", "announced": "2026-01-20", "leans_on": ["clocked", "given"], "run_by": "sales",
            "items": {"source": "orders", "only": "region = 'a'"}, "expects": {"demand": "+10%", "on": "orders"},
            "ready_when": [
                {"gate": "held", "promise": "clocked", "kept_at_least": "90%", "over": "28 days"},
                {"gate": "room", "capacity": "desk", "headroom_at_least": "10%"},
                {"gate": "stock", "sql": "select count(*) from desk where day = :day", "at_least": 1},
                {"gate": "trained", "signed_off_by": "care", "on": "2026-01-20"},
            ],
        }
    },
    "corrections": {"snow": {"promises": ["clocked"], "from": "2026-01-05", "to": "2026-01-06", "declared": "2026-01-07", "only": "region = 'a'", "because": "B"}},
    "changes": {"moved": {"on": "2026-01-05", "what": "W", "touches": {"region": "a"}}},
}  # fmt: skip


def write(root: Path, declared: dict[str, Any]) -> Path:
    """Write a workspace with a file for each kind of object, and its data."""
    for folder in ("promises", "data"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for kind, objects in declared.items():
        text = yaml.safe_dump({kind: objects}, sort_keys=False, width=1000)
        (root / "promises" / f"{kind}.yaml").write_text(text, encoding="utf-8")
    for name, text in DATA.items():
        (root / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
    return root


def said(root: Path, declared: dict[str, Any]) -> Said:
    """Return the errors of one run, each by what it is about."""
    found = problems_of(load(write(root, declared)))
    assert len({(each.message, each.place) for each in found}) == len(found), "each is told once"
    return frozenset((each.at, each.message) for each in found if each.severity == "error")


Break = tuple[Path_, str]
"""Where, and how: its key is misspelt, its value is a mapping where none belongs, or a word that is none there."""


@cache
def breaks() -> tuple[Break, ...]:
    """Every key of the workspace misspelt, every value of another kind, every word another."""
    found: list[Break] = []

    def walk(value: Any, at: Path_) -> None:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            here = (*at, key)
            if len(here) > 2 or (here[0] == "company" and len(here) > 1):
                found.extend(
                    (here, how) for how in ("key", "kind", "word") if isinstance(key, str) or how != "key"
                )
            if isinstance(inner, dict | list):
                walk(inner, here)

    walk(GOOD, ())
    return tuple(found)


def broken(declared: dict[str, Any], at: Path_, how: str) -> None:
    around = declared
    for part in at[:-1]:
        around = around[part]  # type: ignore[index]
    key: Any = at[-1]
    if how == "key":
        renamed = {f"{name}q" if name == key else name: value for name, value in around.items()}
        around.clear()
        around.update(renamed)
    else:
        around[key] = {"zz": ["a"]} if how == "kind" else "zzz 1"


@cache
def alone(root: Path, one: Break) -> Said:
    declared = deepcopy(GOOD)
    broken(declared, *one)
    return said(root, declared)


def touch(one: Path_, other: Path_) -> bool:
    """Whether one lies in the other."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


NEEDS = (
    ("company's teams", ("company", "teams")),
    *(
        ("a segment", ("promises", name, "measure", key))
        for name in GOOD["promises"]
        for key in ("items", "segments")
    ),
    *(
        (words, ("sources", name, key))
        for words in ("source '", "the column '", "the data")
        for name in GOOD["sources"]
        for key in ("files", "columns", "sql")
    ),
)
"""What cannot be told without knowing something else: a part of the message, and where that is declared."""


def could_not_be_told(message: str, others: list[Path_]) -> bool:
    """Whether what the message is about can only be known by what is broken besides."""
    return any(words in message and touch(at, other) for words, at in NEEDS for other in others)


def hidden(root: Path, chosen: list[Break]) -> list[str]:
    """Return what is told of one breakage alone, and not where the others stand beside it."""
    declared = deepcopy(GOOD)
    for at, how in sorted(chosen, key=lambda each: len(each[0]), reverse=True):
        broken(declared, at, how)
    together = said(root, declared)
    return [
        f"{one} beside {chosen}: {at}: {message}"
        for one in chosen
        for at, message in alone(root, one)
        if (at, message) not in together
        and not any(touch(at, other) for other in beside(one, chosen))
        and not could_not_be_told(message, beside(one, chosen))
    ]


def beside(one: Break, chosen: list[Break]) -> list[Path_]:
    return [at for at, _ in chosen if at != one[0]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("broken")


def test_the_workspace_is_good_as_it_is(root: Path) -> None:
    assert said(root, GOOD) == frozenset()


def test_several_breakages_at_once_are_each_told(root: Path) -> None:
    draw = random.Random(20)
    for _ in range(8):
        chosen: list[Break] = []
        for one in draw.sample(breaks(), 20):
            if len(chosen) < draw.randint(2, 6) and not any(touch(one[0], other[0]) for other in chosen):
                chosen.append(one)
        assert hidden(root, chosen) == []
