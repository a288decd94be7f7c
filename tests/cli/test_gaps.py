"""`gaps` answers in the shape of the contract: the parts of a promise against all its other items."""

from pathlib import Path

from aspromised.declare.load import load
from aspromised.store.ledger import open_ledger
from aspromised.store.ledger.causes import name_cause
from tests.cli.run import run
from tests.cli.shop import open_shop

CONTRACT = {"where", "broken", "expected", "excess", "low", "high", "p", "stands_out"}


def shop(folder: Path) -> Path:
    """Forty orders to the north, half of them late, and eighty elsewhere, two of them late."""
    place = open_shop(folder / "shop")
    rows = [
        f"{n},{region},2026-01-0{5 + n % 3} 10:00,2026-01-{(8 if late else 6) + n % 3:02} 10:00,,false,false"
        for n, region, late in (
            *((n, "north", n % 2 == 0) for n in range(40)),
            *((n, "south", n < 42) for n in range(40, 80)),
            *((n, "", False) for n in range(80, 120)),
        )
    ]
    head = (place / "data" / "orders.csv").read_text().splitlines()[0]
    (place / "data" / "orders.csv").write_text("\n".join([head, *rows]) + "\n")
    assert run("refresh", "--workspace", place, "--as-of", "2026-01-20").code == 0
    return place


def test_the_part_that_breaks_it_comes_first_with_the_keys_of_the_contract(tmp_path: Path) -> None:
    found = run("gaps", "next-day", "--workspace", shop(tmp_path), "--json").json
    assert found["promise"] == "next-day" and found["window"] == {"from": "2026-01-01", "to": "2026-01-31"}
    first = found["parts"][0]
    assert set(first) >= CONTRACT
    assert (first["where"], first["broken"], first["decided"]) == ({"region": "north"}, 20, 40)
    assert first["expected"] == 40 * 2 / 80 and first["excess"] == 19
    assert first["stands_out"] and first["low"] < 19 < first["high"]
    assert {"region": "(none)"} in [each["where"] for each in found["parts"]]


def test_in_words_and_inside_a_part(tmp_path: Path) -> None:
    place = shop(tmp_path)
    said = run("gaps", "next-day", "--workspace", place).out
    assert "Region north breaks it most beyond its share: 19 more broken" in said
    assert "region north" in said and "excess: broken beyond" in said
    inside = run("gaps", "next-day", "--workspace", place, "--where", "region:north", "--json").json
    assert inside["where"] == {"region": "north"} and inside["parts"][0]["decided"] < 40
    assert "(region north) was kept for 50.0 % of 40 orders" in inside["sentence"]


def test_causes_that_people_named_stand_below_with_who_and_when(tmp_path: Path) -> None:
    place = shop(tmp_path)
    with open_ledger(place) as ledger:
        first = name_cause(
            ledger, load(place), "next-day", {"region": "north"}, "late vans", who="Ann", window="w"
        )
        name_cause(
            ledger, load(place), "next-day", {}, "one van", who="Bo", window="w", supersedes=first.event
        )
    found = run("gaps", "next-day", "--workspace", place, "--json").json["causes"]
    assert [(each["cause"], each["who"], each["superseded_by"]) for each in found] == [
        ("late vans", "Ann", 2),
        ("one van", "Bo", None),
    ]
    said = run("gaps", "next-day", "--workspace", place).out
    assert "cause of the whole: one van (Bo, " in said and "late vans" not in said


def test_mistakes_are_told_with_what_was_meant(tmp_path: Path) -> None:
    place = shop(tmp_path)
    for words, said in (
        (("next-dya",), "Did you mean 'next-day'?"),
        (("next-day", "--where", "regoin:north"), "there is no segment 'regoin'. Did you mean 'region'?"),
        (("next-day", "--where", "north"), "write it as in carrier:Arrowline,region:north"),
    ):
        ran = run("gaps", *words, "--workspace", place)
        assert ran.code == 2 and said in ran.err and not ran.out


def test_a_promise_without_segments_says_what_to_declare(tmp_path: Path) -> None:
    ran = run("gaps", "right-item", "--workspace", shop(tmp_path))
    assert ran.code == 0 and ("declare `segments`" in ran.out or "weekday" in ran.out)
