"""Readers see one whole snapshot; a refresh never disturbs them."""

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import duckdb
import pytest

from aspromised.store.layout import Layout
from aspromised.store.snapshot import LAYOUT, NoSnapshot, next_id, open_snapshot, publish, published, serving
from aspromised.store.warehouse import writing
from aspromised.words.problems import AsPromisedError, BrokenSnapshot
from tests.store.shop import Shop


def put(shop: Shop, number: int) -> Path:
    """Publish a snapshot that holds one number in many rows."""

    def fill(con: duckdb.DuckDBPyConnection, schema: str) -> None:
        con.execute(f"create table {schema}.meta as select 'number' as key, '{number}' as value")
        con.execute(f"create table {schema}.rows as select {number} as n from range(10000)")

    with writing(shop.workspace) as con:
        return publish(con, shop.workspace, fill)


def test_without_a_snapshot_the_reader_is_told_to_refresh(shop: Shop) -> None:
    with pytest.raises(NoSnapshot, match="run `aspromised refresh`"):
        open_snapshot(shop.root)
    assert serving(shop.root) is None


def test_what_is_published_is_what_is_read(shop: Shop) -> None:
    path = put(shop, 1)
    with open_snapshot(shop.root) as snapshot:
        assert snapshot.path == path
        assert snapshot.id == serving(shop.root)
        assert snapshot.meta == {"id": snapshot.id, "layout": LAYOUT, "number": "1"}
        assert snapshot.query("select count(*) as rows from rows where n = ?", [1])["rows"].tolist() == [
            10_000
        ]
        assert snapshot.query("select $a as a", {"a": "x"})["a"].tolist() == ["x"]


def test_a_reader_keeps_its_snapshot_while_newer_ones_are_published(shop: Shop) -> None:
    put(shop, 0)
    with open_snapshot(shop.root) as reader:
        for number in range(1, 6):
            put(shop, number)
            with open_snapshot(shop.root) as newest:
                assert newest.query("select distinct n from rows")["n"].tolist() == [number]
            assert reader.query("select distinct n from rows")["n"].tolist() == [0]


def test_readers_that_come_while_snapshots_are_published_each_see_a_whole_one(shop: Shop) -> None:
    put(shop, 0)
    over = Event()

    def read() -> set[tuple[int, int]]:
        seen = set()
        while not over.is_set():
            with open_snapshot(shop.root) as snapshot:
                rows = snapshot.query("select min(n) as low, max(n) as high, count(*) as rows from rows")
                assert rows["rows"].item() == 10_000
                seen.add((rows["low"].item(), rows["high"].item()))
        return seen

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        for number in range(1, 8):
            put(shop, number)
        over.set()
        assert all(low == high for reader in readers for low, high in reader.result())


def test_only_the_newest_three_are_kept_and_their_names_sort_by_time(shop: Shop) -> None:
    paths = [put(shop, number) for number in range(5)]
    assert paths == sorted(paths)
    assert published(Layout(shop.root)) == paths[-3:]


def test_a_fill_that_fails_changes_nothing(shop: Shop) -> None:
    put(shop, 1)

    def fill(con: duckdb.DuckDBPyConnection, schema: str) -> None:
        con.execute("begin")
        con.execute(f"create table {schema}.meta (key varchar, value varchar)")
        raise ValueError("half way")

    with writing(shop.workspace) as con:
        with pytest.raises(ValueError, match="half way"):
            publish(con, shop.workspace, fill)
        assert con.execute("select 1").fetchall() == [(1,)]
    assert len(list(Layout(shop.root).snapshots.iterdir())) == 1
    with open_snapshot(shop.root) as snapshot:
        assert snapshot.meta["number"] == "1"


def test_what_a_killed_refresh_left_is_cleared_by_the_next(shop: Shop) -> None:
    put(shop, 1)
    layout = Layout(shop.root)
    left = [
        layout.snapshots / ".x.unfinished",
        layout.snapshots / ".x.unfinished.wal",
        layout.home / ".CURRENT.x",
    ]
    for path in left:
        path.write_bytes(b"half")
    put(shop, 2)
    assert not any(path.exists() for path in left)


def test_what_was_left_unfinished_is_cleared_before_anything_is_loaded(shop: Shop) -> None:
    put(shop, 1)
    left = Layout(shop.root).unfinished
    left.write_bytes(b"half")
    with writing(shop.workspace):
        assert not left.exists()


@pytest.mark.parametrize(
    "step", ["shutil.copyfile", "aspromised.store.snapshot._sync", "aspromised.store.snapshot._checksum"]
)
def test_a_full_disk_at_any_step_of_publishing_leaves_only_what_was_there(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    base = put(shop, 1)
    before = sorted(base.parent.iterdir())

    def refuse(*paths: Path) -> None:
        if len(paths) > 1:
            paths[1].write_bytes(b"half")
        raise OSError(errno.ENOSPC, "")

    with writing(shop.workspace) as con:
        monkeypatch.setattr(step, refuse)
        with pytest.raises(OSError):
            publish(con, shop.workspace, lambda to, schema: None, base)
    assert sorted(base.parent.iterdir()) == before
    assert serving(shop.root) == base.stem


@pytest.mark.parametrize("pointer", ["", "gone", "../../etc/passwd", None])
def test_a_pointer_that_leads_nowhere_is_no_obstacle(shop: Shop, pointer: str | None) -> None:
    put(shop, 1)
    path = Layout(shop.root).pointer
    path.unlink() if pointer is None else path.write_text(pointer)
    with open_snapshot(shop.root) as snapshot:
        assert snapshot.meta["number"] == "1"
        assert snapshot.warning == f"{path} names no snapshot; {snapshot.id} serves: run `aspromised refresh`"
    assert put(shop, 2).stem == serving(shop.root) == path.read_text().strip()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\0" * 30, b"x" * 100_000, b"../CURRENT"])
def test_a_pointer_of_any_bytes_is_no_obstacle(shop: Shop, content: bytes) -> None:
    put(shop, 1)
    Layout(shop.root).pointer.write_bytes(content)
    with open_snapshot(shop.root) as snapshot:
        assert snapshot.meta["number"] == "1"
        assert "names no snapshot" in snapshot.warning


def test_a_pointer_to_an_older_snapshot_is_followed(shop: Shop) -> None:
    older, _ = put(shop, 1), put(shop, 2)
    Layout(shop.root).pointer.write_text(older.stem)
    with open_snapshot(shop.root) as snapshot:
        assert (snapshot.meta["number"], snapshot.warning) == ("1", "")


OTHER_VERSIONS = {
    "no tables": "drop table meta",
    "another layout": "update meta set value = '0' where key = 'layout'",
    "no layout": "delete from meta where key = 'layout'",
}


@pytest.mark.parametrize("damage", ["garbage", "empty", "cut", *OTHER_VERSIONS])
def test_a_damaged_snapshot_gives_way_to_the_one_before_and_that_is_said(shop: Shop, damage: str) -> None:
    put(shop, 1)
    path = put(shop, 2)
    harm(path, damage)
    why = "was written by another version of AsPromised" if damage in OTHER_VERSIONS else "is damaged"
    with open_snapshot(shop.root) as snapshot:
        assert snapshot.meta["number"] == "1"
        assert (
            snapshot.warning == f"snapshot {path.stem} {why}; {snapshot.id} serves: run `aspromised refresh`"
        )
    put(shop, 3)
    with open_snapshot(shop.root) as snapshot:
        assert (snapshot.meta["number"], snapshot.warning) == ("3", "")


def harm(path: Path, damage: str) -> None:
    """Do to a snapshot what a disk, or another version, might."""
    if done := OTHER_VERSIONS.get(damage):
        with duckdb.connect(str(path)) as con:
            con.execute(done)
        return
    whole = path.read_bytes()
    path.write_bytes({"garbage": b"x" * 5000, "empty": b"", "cut": whole[: len(whole) // 2]}[damage])


def test_damage_that_shows_only_later_is_told_and_then_passed_over(shop: Shop) -> None:
    put(shop, 1)
    path = put(shop, 2)
    with duckdb.connect(str(path)) as con:
        con.execute("create table many as select hash(range) as n from range(200000)")
    whole = bytearray(path.read_bytes())
    whole[12_288 + 4 * 262_144 + 5_000] ^= 255  # in a block of rows; the first hold what opening reads
    path.write_bytes(whole)
    with pytest.raises(BrokenSnapshot, match=rf"snapshot {path.stem} is damaged: run `aspromised refresh`"):
        for _ in range(2):
            with open_snapshot(shop.root) as snapshot:
                assert snapshot.path == path, "it opens"
                snapshot.query("select sum(n % 7) from many")
    with open_snapshot(shop.root) as snapshot:
        assert snapshot.meta["number"] == "1"


def test_a_snapshot_that_lacks_a_table_is_of_another_version(shop: Shop) -> None:
    put(shop, 1)
    with open_snapshot(shop.root) as snapshot, pytest.raises(BrokenSnapshot, match="another version"):
        snapshot.query("select * from a_table_of_tomorrow")
    with pytest.raises(
        NoSnapshot, match=r"was written by another version of AsPromised, and none before it serves"
    ):
        open_snapshot(shop.root)


def test_many_threads_may_ask_one_snapshot(shop: Shop) -> None:
    put(shop, 7)
    with open_snapshot(shop.root) as snapshot, ThreadPoolExecutor(8) as pool:
        sums = pool.map(
            lambda k: snapshot.query("select sum(n + ?) as s from rows", [k])["s"].item(), range(80)
        )
        assert list(sums) == [(7 + k) * 10_000 for k in range(80)]


@pytest.mark.parametrize(
    "sql", ["drop table rows", "select * from read_text('/etc/passwd')", "set threads = 1"]
)
def test_a_snapshot_can_only_be_looked_at(shop: Shop, sql: str) -> None:
    put(shop, 1)
    with open_snapshot(shop.root) as snapshot, pytest.raises(duckdb.Error):
        snapshot.query(sql)


def _elsewhere(path: Path) -> None:
    path.symlink_to(path.parent.parent / "warehouse.duckdb")


IN_THE_WAY = [Path.mkdir, os.mkfifo, _elsewhere]


@pytest.mark.parametrize("put_there", IN_THE_WAY)
def test_what_is_no_file_of_its_own_is_no_snapshot(shop: Shop, put_there: Callable[[Path], None]) -> None:
    older, newer = put(shop, 1), put(shop, 2)
    newer.unlink()
    put_there(newer)
    assert published(Layout(shop.root)) == [older]
    with open_snapshot(shop.root) as snapshot:
        assert (snapshot.path, "names no snapshot" in snapshot.warning) == (older, True)
    with open_snapshot(shop.root) as snapshot:
        assert put(shop, 3) != snapshot.path


@pytest.mark.parametrize("put_there", IN_THE_WAY)
def test_a_pointer_that_is_no_file_of_its_own_points_nowhere(
    shop: Shop, put_there: Callable[[Path], None]
) -> None:
    newest, pointer = put(shop, 1), Layout(shop.root).pointer
    pointer.unlink()
    put_there(pointer)
    with open_snapshot(shop.root) as snapshot:
        assert (snapshot.path, "names no snapshot" in snapshot.warning) == (newest, True)
    if pointer.is_dir() and not pointer.is_symlink():
        with pytest.raises(AsPromisedError, match="a folder stands where a file is needed: move it away"):
            put(shop, 2)
        assert published(Layout(shop.root)) == [newest]
        return
    put(shop, 2)
    with open_snapshot(shop.root) as snapshot:
        assert snapshot.warning == ""


@pytest.mark.parametrize(
    "id", ["99991231T235959999999Z-ffff", "20261399T000000000000Z-0000", "00000101T000000000000Z-0000"]
)
def test_a_name_that_tells_no_moment_is_no_snapshots(shop: Shop, id: str) -> None:
    layout = Layout(shop.root)
    layout.snapshots.mkdir(parents=True)
    (layout.snapshots / f"{id}.duckdb").touch()
    assert published(layout) == []
    assert next_id(layout)[:2] == "20"


def test_the_last_moment_of_a_clock_that_ran_ahead_is_gone_on_from(shop: Shop) -> None:
    layout = Layout(shop.root)
    layout.snapshots.mkdir(parents=True)
    (layout.snapshots / "29981231T235959999999Z-ffff.duckdb").touch()
    assert next_id(layout).startswith("29990101T000000000000Z")
