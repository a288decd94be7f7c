"""`status` answers in the shape of the contract, for the days and the moment asked for."""

import math
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import run
from tests.cli.shop import MOMENT, open_shop

COUNTS = ("kept", "broken", "open", "exempt", "unknown", "not_promised")
CONTRACT = ["id", "window", *COUNTS, "rate", "low", "high", "target", "gap", "status", "segments"]


def answer(shop: Path, *words: str) -> dict[str, Any]:
    ran = run("status", "--workspace", shop, "--json", *words)
    assert (ran.code, ran.err) == (0, "")
    return ran.json


def row(shop: Path, promise: str, *words: str) -> dict[str, Any]:
    (found,) = answer(shop, promise, *words)["promises"]
    return found


def counts(found: dict[str, Any]) -> tuple[int, ...]:
    return tuple(found[name] for name in COUNTS)


def test_every_promise_is_a_row_with_the_keys_of_the_contract(shop: Path) -> None:
    whole = answer(shop)
    assert list(whole) == ["as_of", "promises"]
    assert whole["as_of"] == "2026-01-09T23:59:59.999999+00:00"
    assert [found["id"] for found in whole["promises"]] == ["next-day", "right-item"]
    for found in whole["promises"]:
        assert set(CONTRACT) <= set(found)
        assert found["window"].keys() == {"from", "to"}


def test_the_ten_orders_are_counted_as_the_eye_counts_them(shop: Path) -> None:
    found = row(shop, "next-day")
    assert counts(found) == (3, 2, 1, 2, 1, 1)
    assert (found["rate"], found["target"], found["status"]) == (0.6, 0.95, "missed")
    assert found["gap"] == pytest.approx(0.6 - 0.95)
    assert counts(row(shop, "right-item")) == (8, 1, 0, 0, 1, 0)


def test_the_interval_is_wilsons(shop: Path) -> None:
    found, z, n, p = row(shop, "next-day"), 1.959963984540054, 5, 0.6
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert found["low"] == pytest.approx((middle - half) / (1 + z * z / n))
    assert found["high"] == pytest.approx((middle + half) / (1 + z * z / n))


def test_each_segment_adds_up_to_the_whole_and_a_null_is_a_value_of_its_own(shop: Path) -> None:
    found = row(shop, "next-day")
    regions = {part["value"]: counts(part) for part in found["segments"] if part["name"] == "region"}
    assert regions == {"(none)": (1, 1, 0, 0, 0, 0), "north": (1, 1, 1, 0, 1, 1), "south": (1, 0, 0, 2, 0, 0)}
    for name in ("region", "weekday"):
        parts = [counts(part) for part in found["segments"] if part["name"] == name]
        assert tuple(map(sum, zip(*parts, strict=True))) == counts(found), name
    for part in found["segments"]:
        assert set(part) >= {"name", "value", *COUNTS, "rate", "low", "high", "target", "gap", "status"}


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-01-06", "2026-01-06", (2, 1, 0, 0, 0, 0)),
        ("2026-01-06", "2026-01-07", (3, 2, 0, 1, 0, 0)),
        ("2026-01-07", "2026-01-08", (1, 1, 0, 2, 0, 0)),
        ("2026-01-09", "2026-01-10", (0, 0, 1, 0, 1, 0)),
        ("2026-01-11", "2026-01-31", (0, 0, 0, 0, 0, 0)),
    ],
)
def test_from_and_to_are_local_days_both_included(
    shop: Path, first: str, last: str, expected: tuple[int, ...]
) -> None:
    found = row(shop, "next-day", "--from", first, "--to", last)
    assert found["window"] == {"from": first, "to": last}
    assert counts(found) == expected


def test_a_month_is_its_first_to_its_last_day(shop: Path) -> None:
    assert row(shop, "next-day", "--month", "2026-01") == row(
        shop, "next-day", "--from", "2026-01-01", "--to", "2026-01-31"
    )


def test_absence_is_no_data_and_few_is_too_few(shop: Path) -> None:
    empty = row(shop, "next-day", "--month", "2020-02")
    assert (empty["status"], empty["segments"]) == ("no data", [])
    assert [empty[name] for name in ("rate", "low", "high", "gap", "gap_items")] == [None] * 5
    assert row(shop, "right-item")["status"] == "too few"


@pytest.mark.parametrize("moment", ["2026-01-07T08:00", "2026-01-06", "2026-01-12", "2025-06-01"])
def test_another_moment_is_judged_again_as_a_refresh_of_that_moment_would(
    shop: Path, tmp_path: Path, moment: str
) -> None:
    other = open_shop(tmp_path / "shop")
    assert run("refresh", "--workspace", other, "--as-of", moment).code == 0
    assert answer(shop, "--as-of", moment) == answer(other)


def test_a_past_moment_knows_only_what_was_known_then(shop: Path) -> None:
    assert counts(row(shop, "next-day", "--as-of", "2026-01-07T08:00")) == (2, 1, 2, 1, 0, 1)
    assert answer(shop, "--as-of", MOMENT) == answer(shop)


def test_by_names_the_segments_to_show(shop: Path) -> None:
    found = row(shop, "next-day", "--by", "region")
    assert {part["name"] for part in found["segments"]} == {"region"}
    told = run("status", "next-day", "--workspace", shop, "--by", "region").out
    assert "region = (none)" in told and "region = north" in told


def test_a_ledger_for_people_says_the_status_in_words(shop: Path) -> None:
    told = run("status", "--workspace", shop).out
    assert "✕ missed" in told and "… too few" in told
    assert "−35.0 points" in told
    assert "60.0 %" in told
