"""A refresh says why rows were set aside, blames the right column, and fails where a source lost all of its rows."""

from pathlib import Path

import pytest

from aspromised.analyse.health import IMPOSSIBLE_COLUMNS, impossible_lengths
from aspromised.declare.publish.scaffold import scaffold
from aspromised.store import snapshot as snapshots
from aspromised.store.snapshot import Snapshot, open_snapshot
from tests.cli.run import Ran, run

SOURCE = """
  parcels:
    files: parcels.csv
    columns: {Promised Day: date, Weight (kg): number}
"""


def refreshed(root: Path, rows: str, more: str = "") -> Ran:
    scaffold(root, "Acme", "Europe/Berlin")
    (root / "data" / "parcels.csv").write_text(f"id;Promised Day;Weight (kg)\n{rows}", encoding="utf-8")
    sources = root / "data" / "sources.yaml"
    sources.write_text(sources.read_text(encoding="utf-8") + SOURCE + more, encoding="utf-8")
    return run("refresh", "--workspace", root)


def line(ran: Ran) -> str:
    (found,) = [line for line in ran.out.splitlines() if line.startswith("parcels:")]
    return found


def test_the_reasons_are_told_with_their_counts_and_their_columns(tmp_path: Path) -> None:
    rows = "1;2026-01-02;1.5\n2;2026-01-02;heavy\n3;2026-01-02;it's is\n4;soon;1\n5;soon;' is, 1,5\n"
    ran = refreshed(tmp_path, rows)
    assert ran.code == 1, "more than a twentieth of the rows is in no number"
    assert line(ran) == (
        "parcels: 4 of 5 rows set aside: 2 × column 'Weight (kg)' is not a number, 1 × column 'Promised Day' is not"
        " a date, 1 × column 'Promised Day' is not a date; column 'Weight (kg)' is not a number"
    )


def test_a_source_that_lost_all_of_its_rows_fails_the_refresh(tmp_path: Path) -> None:
    ran = refreshed(tmp_path, "1;2026-01-02;1,5\n2;2026-01-03;2,5\n")
    assert ran.code == 1
    assert line(ran) == (
        "parcels: all 2 rows set aside: 2 × column 'Weight (kg)' is not a number: give the source decimal: ','"
    )
    told = run("refresh", "--json", "--workspace", tmp_path)
    assert told.code == 1
    assert told.json["sources"]["parcels"]["reasons"] == [
        {"reason": "column 'Weight (kg)' is not a number: give the source decimal: ','", "rows": 2}
    ]


def test_a_refresh_opens_once_what_it_finds_published_and_once_what_it_publishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    real = snapshots._opened

    def spied(root: Path, path: Path) -> Snapshot | None:
        opened.append(path.stem)
        return real(root, path)

    monkeypatch.setattr(snapshots, "_opened", spied)
    rows = "1;2026-01-02;heavy\n2;2026-01-03;2\n"
    refreshed(tmp_path, rows)
    first = opened[0]
    assert opened == [first]
    again = run("refresh", "--workspace", tmp_path)
    assert "1 of 2 rows set aside" in again.out
    found = [stem for stem in opened[1:] if stem == first]
    assert len(found) == 2, "before the turn of this writer for the ledger, and in it for all the rest"
    assert len(opened) == 4


def test_the_same_rows_are_kept_where_the_decimal_comma_is_declared(tmp_path: Path) -> None:
    ran = refreshed(tmp_path, "1;2026-01-02;1,5\n2;2026-01-03;2,5\n", '    decimal: ","\n')
    assert (ran.code, "set aside:" in ran.out) == (0, False)


@pytest.mark.parametrize("decimal", ["comma", ";", "''"])
def test_another_decimal_sign_is_a_mistake(tmp_path: Path, decimal: str) -> None:
    ran = refreshed(tmp_path, "1;2026-01-02;1\n", f"    decimal: {decimal}\n")
    assert ran.code == 1
    assert "'decimal'" in run("check", "--workspace", tmp_path).out


def test_one_sign_cannot_part_thousands_and_decimals(tmp_path: Path) -> None:
    refreshed(tmp_path, "1;2026-01-02;1\n", '    decimal: ","\n    thousands: ","\n')
    ran = run("check", "--workspace", tmp_path)
    assert ran.code == 1
    assert "',' cannot part thousands and be the decimal sign as well: with `decimal: '.'` it may" in ran.out


LENGTHS = """
company: {name: Acme, timezone: Europe/Berlin}
promises:
  quoted:
    claim: As quoted
    made_by: a
    kept_by: b
    target: 90%
    measure: {items: orders, id: id, started: started, done: done, within: {column: hours, unit: hours}}
"""


def test_lengths_that_are_none_are_told_by_refresh_and_data_health(tmp_path: Path) -> None:
    (tmp_path / "promises").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "promises" / "all.yaml").write_text(LENGTHS, encoding="utf-8")
    (tmp_path / "data" / "sources.yaml").write_text(
        "sources: {orders: {files: orders.csv}}", encoding="utf-8"
    )
    rows = "1,2026-01-05 10:00,2026-01-05 11:00,-3\n2,2026-01-05 10:00,,-3\n3,2026-01-05 10:00,2026-01-05 11:00,2\n"
    (tmp_path / "data" / "orders.csv").write_text(f"id,started,done,hours\n{rows}", encoding="utf-8")
    ran = run("refresh", "--as-of", "2026-01-31", "--workspace", tmp_path)
    assert (ran.code, ran.out.splitlines()[0]) == (0, "quoted: 2 items unknown: -3 hours is less than none")
    with open_snapshot(tmp_path) as snapshot:
        found = impossible_lengths(snapshot)
    assert tuple(found.columns) == IMPOSSIBLE_COLUMNS
    assert found.to_dict("records") == [
        {"promise": "quoted", "length": "-3 hours is less than none", "items": 2}
    ]
    told = run("refresh", "--json", "--as-of", "2026-01-31", "--workspace", tmp_path)
    assert told.json["no_lengths"] == found.to_dict("records")
