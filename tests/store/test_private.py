"""What the program makes is its user's alone, whatever the umask: every file 0600, every folder 0700."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from aspromised.store import private
from aspromised.store.layout import Layout
from aspromised.store.ledger import backup, open_ledger
from aspromised.store.snapshot import publish
from aspromised.store.warehouse import reading_warehouse, scratch, writing
from aspromised.words.problems import AsPromisedError
from aspromised.words.trouble import TroubleError
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


def warehouse_files(root: Path) -> list[Path]:
    layout = Layout(root)
    return [layout.warehouse, layout.warehouse.with_name("warehouse.duckdb.wal"), layout.lock, layout.spill]


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("how", ["link", "dangling", "hard link"])
def test_a_link_in_place_of_a_file_of_ours_is_not_followed(shop: Shop, how: str, number: int) -> None:
    place, foreign = warehouse_files(shop.root)[number], shop.root / "foreign"
    if place.name == "spill" and how == "hard link":
        pytest.skip("a folder has none")
    if how != "dangling":
        with duckdb.connect(str(foreign)) as con:
            con.execute("create table precious (n integer)")
        foreign.chmod(0o644)
    before = foreign.read_bytes() if foreign.exists() else None
    place.parent.mkdir()
    place.hardlink_to(foreign) if how == "hard link" else place.symlink_to(foreign)
    with pytest.raises(TroubleError, match=place.name), writing(shop.workspace):
        pass
    assert (foreign.read_bytes() if foreign.exists() else None) == before
    assert before is None or stat.S_IMODE(foreign.stat().st_mode) == 0o644


@pytest.mark.parametrize("name", ["ledger.db", "ledger.db-wal", "ledger.db-journal", "ledger.lock"])
@pytest.mark.parametrize("how", ["link", "dangling", "hard link"])
def test_a_link_in_place_of_a_file_of_the_ledger_is_not_followed(how: str, name: str, tmp_path: Path) -> None:
    foreign, place = tmp_path / "foreign", tmp_path / "ledger" / name
    place.parent.mkdir()
    if how != "dangling":
        foreign.write_bytes(b"")
        foreign.chmod(0o644)
    place.hardlink_to(foreign) if how == "hard link" else place.symlink_to(foreign)
    with pytest.raises(AsPromisedError, match=name), open_ledger(tmp_path) as ledger:
        ledger.append("note", "a", {}, "Ada")
    assert foreign.exists() == (how != "dangling")
    if foreign.exists():
        assert (foreign.read_bytes(), stat.S_IMODE(foreign.stat().st_mode)) == (b"", 0o644)


def test_no_foreign_warehouse_is_read_through_a_link(shop: Shop) -> None:
    Layout(shop.root).home.mkdir()
    Layout(shop.root).warehouse.symlink_to(shop.root / "foreign")
    with pytest.raises(TroubleError, match="it is a link"), reading_warehouse(shop.workspace):
        pass


def test_a_link_in_place_of_a_snapshot_or_the_pointer_gives_way(shop: Shop) -> None:
    layout, foreign = Layout(shop.root), shop.root / "foreign"
    foreign.write_text("precious")
    with writing(shop.workspace) as con:
        layout.snapshots.mkdir()
        for link in (layout.unfinished, layout.pointer, layout.home / ".CURRENT.x"):
            link.symlink_to(foreign)
        publish(con, shop.workspace, lambda to, schema: to.execute(f"create table {schema}.meta (key varchar, value varchar)"))  # fmt: skip
    assert foreign.read_text() == "precious"
    assert not layout.pointer.is_symlink()
