"""What the program makes is its user's alone, whatever the umask: every file 0600, every folder 0700."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aspromised.store import private
from aspromised.store.layout import Layout
from aspromised.store.ledger import backup, open_ledger
from aspromised.store.snapshot import publish
from aspromised.store.warehouse import scratch, writing
from tests.store.shop import Shop


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> dict[str, str]:
    """Return what others may do anything with, below a folder and with it."""
    modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    return {str(path): stat.filemode(mode) for path, mode in modes.items() if mode & 0o077}


def test_the_warehouse_its_log_its_spill_and_the_snapshots_are_private(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASPROMISED_MEMORY", "60MB")
    with writing(shop.workspace) as con:
        con.execute(
            "create table big as select range as n, hash(range)::varchar || range as t from range(200000)"
        )
        answer = con.execute("select * from (select t, n, md5(t) as m from big, range(10)) order by m, t")
        answer.fetchmany(10)
        made = {path.suffix or path.name for path in shop.root.rglob("*")}
        assert ".wal" in made
        assert "spill" in made
        assert open_to_others(Layout(shop.root).home) == {}
        publish(con, shop.workspace, lambda to, schema: to.execute(f"create table {schema}.meta (key varchar, value varchar)"))  # fmt: skip
    assert open_to_others(Layout(shop.root).home) == {}
    assert os.umask(0) == 0


def test_what_was_left_open_is_closed(shop: Shop) -> None:
    with writing(shop.workspace):
        pass
    for path in (Layout(shop.root).home, Layout(shop.root).warehouse, Layout(shop.root).lock):
        path.chmod(0o777)
    with writing(shop.workspace):
        assert open_to_others(Layout(shop.root).home) == {}


def test_what_a_check_spills_is_private(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASPROMISED_MEMORY", "60MB")
    with scratch(shop.workspace) as con:
        answer = con.execute("select md5(range::varchar) as m, * from range(4000000) order by m")
        answer.fetchmany(10)
        spill = Path(con.execute("select current_setting('temp_directory')").fetchall()[0][0])
        assert list(spill.iterdir())
        assert open_to_others(spill) == {}
    assert not spill.exists()
    assert not Layout(shop.root).home.exists()


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_the_ledger_and_what_lies_beside_it_are_private(journal: str, tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append("note", "a", {}, "Ada")
    with closing(sqlite3.connect(tmp_path / "ledger" / "ledger.db", isolation_level=None)) as con:
        con.execute(f"pragma journal_mode = {journal}")
        con.execute("begin immediate")
        con.execute("create table more (n integer)")
        beside = {path.name.partition("-")[2] for path in (tmp_path / "ledger").iterdir()} - {""}
        assert beside == ({"wal", "shm"} if journal == "wal" else {"journal"})
        assert open_to_others(tmp_path / "ledger") == {}


def test_a_backup_is_private(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append("note", "a", {}, "Ada")
        backup.backup(ledger, tmp_path / "kept.jsonl")
    assert open_to_others(tmp_path / "kept.jsonl") == {}


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError):
        private.write(tmp_path / "taken", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
