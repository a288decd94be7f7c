"""A promise of consistency and the doubts about a number, from the YAML to what readers see.

Four regions of 200 orders each, one with 6 besides; promised within 2 days; by region 196, 190, 170 and 150 are on time.
Ten more were exempt: six moved by the customer (two of them in time), four cancelled, three of these past due.
"""

import csv
from pathlib import Path
from typing import Any

import pytest

from aspromised.display.html import HtmlRenderer, html_page
from aspromised.notebook.cells import read_notebook
from aspromised.notebook.context import reading
from aspromised.notebook.runner import run as run_notebook
from aspromised.store.snapshot import open_snapshot
from tests.cli.run import run

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
IN_TIME = {"north": 196, "east": 190, "south": 170, "west": 150}
YAML = """
company: {name: Four Corners, timezone: Europe/London}
promises:
  two-days:
    claim: Here in 2 days
    made_by: marketing
    kept_by: fulfilment
    target: 90%
    measure:
      items: orders
      id: id
      started: ordered
      done: came
      cancelled: cancelled
      within: 2 calendar days
      exempt: [{when: moved, because: the customer moved it}]
      segments: [region]
  same-everywhere:
    claim: The same wherever you live
    made_by: marketing
    kept_by: fulfilment
    target: 90%
    measure: {spread_of: two-days, across: region, at_most: 5 points}
"""
SOURCES = """
sources:
  orders:
    files: orders.csv
    key: id
    columns: {id: text, region: text, ordered: timestamp, came: timestamp, cancelled: timestamp, moved: boolean}
"""
ORDERED, SOON, LATE = "2026-10-05 09:00", "2026-10-06 09:00", "2026-10-09 09:00"


def rows() -> list[tuple[str, ...]]:
    orders = [
        (f"{region}{n}", region, ORDERED, SOON if n < in_time else LATE, "", "false")
        for region, in_time in IN_TIME.items()
        for n in range(200)
    ]
    orders += [(f"isles{n}", "isles", ORDERED, SOON, "", "false") for n in range(6)]
    orders += [(f"moved{n}", "north", ORDERED, SOON if n < 2 else LATE, "", "true") for n in range(6)]
    orders += [(f"off{n}", "north", ORDERED, "", LATE if n < 3 else SOON, "false") for n in range(4)]
    return orders


@pytest.fixture(scope="module")
def corners(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("corners")
    (root / "promises").mkdir()
    (root / "data").mkdir()
    (root / "promises" / "all.yaml").write_text(YAML)
    (root / "data" / "sources.yaml").write_text(SOURCES)
    with (root / "data" / "orders.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("id", "region", "ordered", "came", "cancelled", "moved"), *rows()])
    done = run("refresh", "--workspace", root, "--as-of", "2026-10-31")
    assert done.code == 0, done.err
    return root


def found(root: Path, promise: str) -> dict[str, Any]:
    told = run("status", promise, "--workspace", root, "--json", "--month", "2026-10")
    assert (told.code, told.err) == (0, "")
    (row,) = told.json["promises"]
    return dict(row)


def shown(root: Path, notebook: str, **chosen: str) -> str:
    renderer = HtmlRenderer()
    with reading(open_snapshot(root)):
        ran = run_notebook(read_notebook(NOTEBOOKS / notebook), renderer, chosen)
    assert [failure.told for _, failure in ran.failures] == []
    return html_page("test", renderer.pieces)


def test_status_tells_the_spread_and_never_names_the_small_unit(corners: Path) -> None:
    row = found(corners, "same-everywhere")
    assert (row["kind"], row["spread_of"], row["across"], row["at_most"]) == (
        "spread",
        "two-days",
        "region",
        0.05,
    )
    assert row["low"] <= row["sd"] <= row["high"]
    assert row["status"] == "missed"
    assert row["gap"] == pytest.approx(0.05 - row["sd"])
    assert row["raw"]["range"] == pytest.approx(0.25)
    assert {unit["value"] for unit in row["units"]} == set(IN_TIME)
    assert row["too_few_to_tell_apart"] == {"units": 1, "items": 6}
    assert (row["target"], row["rate"], row["exemptions"]) == (None, None, None)
    words = run("status", "--workspace", corners, "--month", "2026-10")
    assert "same-everywhere: Between 75.0 % (" in words.out and "by a standard deviation of 10." in words.out
    assert "isles" not in words.out


def test_status_tells_what_is_exempt_and_the_rate_with_and_without(corners: Path) -> None:
    told = found(corners, "two-days")["exemptions"]
    assert (told["items"], told["cancelled"], told["cancelled_overdue"]) == (10, 4, 3)
    assert told["rate"] == pytest.approx(712 / 806)
    assert (told["kept_without"], told["broken_without"]) == (714, 94 + 7)
    assert told["rate_without"] == pytest.approx(714 / 815)
    assert [(each["by"] if "by" in each else each["exempt_by"], each["items"]) for each in told["reasons"]] == [
        ("rule", 6), ("cancelled", 3), ("cancelled", 1),
    ]  # fmt: skip


def test_why_says_where_the_spread_comes_from(corners: Path) -> None:
    told = run("why", "same-everywhere", "--workspace", corners, "--month", "2026-10")
    assert told.code == 0
    assert "Kleinman (1973)" in told.out
    assert "from verdict_daily" in told.out
    assert "isles" not in told.out


def test_the_opened_claim_names_the_units_that_can_be_told_and_counts_the_rest(corners: Path) -> None:
    page = shown(corners, "promise.py", month="2026-10", promise="same-everywhere")
    assert "1 region: too few to tell apart" in page
    assert "isles" not in page
    assert all(region in page for region in IN_TIME)


def test_the_ledger_and_the_review_have_a_row_for_it(corners: Path) -> None:
    for page in (
        shown(corners, "compliance.py", month="2026-10"),
        shown(corners, "review.py", month="2026-10"),
    ):
        assert "of 5 regions;<br>standard deviation" in page
        assert "at most 5 points" in page
        assert "isles" not in page


def test_the_doubts_stand_below_an_opened_claim_and_nothing_below_a_spread(corners: Path) -> None:
    page = shown(corners, "doubts.py", month="2026-10", promise="two-days")
    assert "How sure are we of this number?" in page
    assert "Closed ones only" in page
    assert "3 were already past due when cancelled" in page
    assert "How sure" not in shown(corners, "doubts.py", month="2026-10", promise="same-everywhere")
    assert "How sure" not in shown(corners, "doubts.py", month="2026-10")


def test_a_spread_of_what_cannot_be_judged_says_so_and_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "promises").mkdir()
    (tmp_path / "data").mkdir()
    wrong = (
        YAML.replace("done: came", "done: cane")
        + YAML.split("promises:\n")[1].replace("two-days:", "fine:").split("  same-everywhere")[0]
    )
    (tmp_path / "promises" / "all.yaml").write_text(wrong)
    (tmp_path / "data" / "sources.yaml").write_text(SOURCES)
    with (tmp_path / "data" / "orders.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("id", "region", "ordered", "came", "cancelled", "moved"), *rows()])
    run("refresh", "--workspace", tmp_path, "--as-of", "2026-10-31")
    row = found(tmp_path, "same-everywhere")
    assert (row["status"], row["problem"]) == (None, "'two-days' could not be judged, and this is its spread")
    assert found(tmp_path, "fine")["status"] == "too close to call"
