"""Wherever authors' SQL runs, a statement without end is stopped and told; so is one that spills without end."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb
import pytest

from aspromised.declare.load import load
from aspromised.declare.workspace import Workspace
from aspromised.sql.connect import lock
from aspromised.sql.duckdb import DuckDB
from aspromised.sql.limits import MEMORY_VARIABLE, SECONDS_VARIABLE, SPILL_VARIABLE, too_much
from aspromised.store.snapshot import open_snapshot
from aspromised.store.warehouse import reading_warehouse, scratch, writing
from aspromised.words.problems import AsPromisedError
from tests.cli.run import run
from tests.cli.shop import MOMENT, open_shop

CROSSED = ", ".join(f"range(100000) r{n}(i)" for n in range(5))
ENDLESS = f"select count(*), r0.i % 7 from {CROSSED} group by 2"
SPILLING = f"select r0.i, r1.i, r2.i from {CROSSED} order by r2.i, r1.i % 7, r0.i"

OPENED: dict[str, Callable[[Workspace], AbstractContextManager[DuckDB]]] = {
    "refresh": writing,
    "check": scratch,
    "why --item, --as-of, launches, diff": reading_warehouse,
}
"""Every connection that runs authors' SQL, by what opens it."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a shop that has been refreshed."""
    root = open_shop(tmp_path_factory.mktemp("limits") / "shop")
    assert run("refresh", "--workspace", root, "--as-of", MOMENT).code == 0
    return load(root)


@pytest.mark.parametrize("where", OPENED)
@pytest.mark.parametrize("how", ["run", "frame", "cursor"])
def test_a_statement_without_end_is_stopped_and_told(
    where: str, how: str, shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECONDS_VARIABLE, "1")
    with pytest.raises(AsPromisedError, match="it took longer than it may"), OPENED[where](shop) as con:
        (con.cursor().run if how == "cursor" else getattr(con, how))(ENDLESS)


@pytest.mark.parametrize("where", OPENED)
def test_a_statement_that_spills_without_end_is_stopped_and_told(
    where: str, shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MEMORY_VARIABLE, "60MB")
    monkeypatch.setenv(SPILL_VARIABLE, "5MB")
    with pytest.raises(AsPromisedError, match="more memory and disk than"), OPENED[where](shop) as con:
        con.run(SPILLING)


def test_what_is_asked_of_a_snapshot_is_stopped_too(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECONDS_VARIABLE, "1")
    with open_snapshot(shop.root) as snapshot, pytest.raises(duckdb.InterruptException) as stopped:
        snapshot.query(ENDLESS)
    assert "longer than it may" in str(too_much(stopped.value))


@pytest.mark.parametrize("where", OPENED)
def test_no_statement_lifts_its_limits(where: str, shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECONDS_VARIABLE, "77")
    monkeypatch.setenv(MEMORY_VARIABLE, "64MB")
    with OPENED[where](shop) as con:
        lock(con)
        for each in (con, con.cursor()):
            said = "select current_setting('max_execution_time'), current_setting('memory_limit')"
            assert each.run(said) == [(77_000, "61.0 MiB")]
            for name in ("max_execution_time", "max_temp_directory_size", "memory_limit"):
                with pytest.raises(duckdb.InvalidInputException, match="locked"):
                    each.run(f"set global {name} = '1GB'")


GATE = """promotions:
  sale:
    says: Everything tomorrow
    launched: 2026-01-06T08:00
    leans_on: [next-day]
    ready_when:
      - {gate: endless, sql: "select count(*) from CROSSED where o0.order_id <> :day::text", at_least: 1}
      - {gate: came, sql: "select count(*) from orders where cast(ordered_at as date) = :day", at_least: 1}
""".replace("CROSSED", ", ".join(f"orders o{n}" for n in range(16)))


def test_a_gate_without_end_is_stopped_and_told_at_refresh_and_as_of_another_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = open_shop(tmp_path / "shop")
    (root / "promises/promotions.yaml").write_text(GATE, encoding="utf-8")
    monkeypatch.setenv(SECONDS_VARIABLE, "2")
    assert "Traceback" not in run("refresh", "--workspace", root, "--as-of", MOMENT).err
    for more in ([], ["--as-of", "2026-01-08"]):
        told = run("launches", "--workspace", root, "--json", *more)
        gates = {gate["gate"]: gate for gate in told.json["promotions"][0]["gates"]}
        assert "make it simpler, or give it more" in str(gates["endless"]), "whichever limit it meets first"
        assert "longer" not in str(gates["came"])
