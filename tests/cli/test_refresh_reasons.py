"""A refresh says why rows were set aside, blames the right column, and fails where a source lost all of its rows."""

from pathlib import Path

import pytest

from aspromised.declare.publish.scaffold import scaffold
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
    assert ran.code == 0
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
