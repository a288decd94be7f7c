"""One writer at a time; a warehouse that is damaged is made again."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pytest

from aspromised.store import warehouse
from aspromised.store.layout import Layout
from aspromised.store.warehouse import LAYOUT_VERSION, reading_warehouse, writing
from aspromised.words.problems import AsPromisedError
from tests.store.shop import Shop

HOLD = """
import sys, fcntl, os
file = open(sys.argv[1], "a+")
fcntl.flock(file, fcntl.LOCK_EX)
file.truncate(0); file.write(str(os.getpid())); file.flush()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_refresh_is_told_who_has_the_warehouse(shop: Shop) -> None:
    layout = Layout(shop.root)
    layout.home.mkdir()
    command = [sys.executable, "-c", HOLD, str(layout.lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdout.readline() == "held\n"
        with (
            pytest.raises(AsPromisedError, match=rf"another refresh .* \(process {other.pid}\)"),
            writing(shop.workspace),
        ):
            pass
        other.kill()
    with writing(shop.workspace) as con:
        assert con.execute("select 1").fetchall() == [(1,)]


@pytest.mark.parametrize("damage", ["garbage", "empty", "cut", "flipped"])
def test_a_damaged_warehouse_is_made_again(shop: Shop, damage: str) -> None:
    shop.file("o.csv", "n\n" + "7\n" * 5000)
    shop.source("o", files="o.csv")
    shop.load()
    path = Layout(shop.root).warehouse
    whole = path.read_bytes()
    path.write_bytes({
        "garbage": b"x" * 5000, "empty": b"", "cut": whole[: len(whole) // 2],
        "flipped": whole[:12_288] + bytes(byte ^ 255 for byte in whole[12_288:]),
    }[damage])  # fmt: skip
    assert _load_again(shop) == 5000


def _load_again(shop: Shop) -> int:
    try:
        return shop.load()["o"].rows_kept
    except AsPromisedError as error:
        assert "was damaged and has been deleted: run `aspromised refresh` again" in str(error)
        return shop.load()["o"].rows_kept


def test_a_leftover_log_of_another_warehouse_is_no_obstacle(shop: Shop) -> None:
    path = Layout(shop.root).warehouse
    path.parent.mkdir()
    path.with_name(path.name + ".wal").write_bytes(b"left over")
    with writing(shop.workspace) as con:
        assert con.execute("select count(*) from loaded").fetchall() == [(0,)]


def test_a_warehouse_of_an_older_shape_is_made_again(shop: Shop) -> None:
    with writing(shop.workspace) as con:
        con.execute("update warehouse_version set version = 0")
        con.execute("create table old (n integer)")
    assert shop.query("select version from warehouse_version") == [(LAYOUT_VERSION,)]
    assert shop.query("select count(*) from duckdb_tables() where table_name = 'old'") == [(0,)]


def test_a_warehouse_of_an_older_shape_is_not_read(shop: Shop) -> None:
    with writing(shop.workspace) as con:
        con.execute("update warehouse_version set version = 0")
    with pytest.raises(AsPromisedError, match="run `aspromised refresh`"), reading_warehouse(shop.workspace):
        pass


def test_an_error_of_the_caller_is_not_taken_for_damage(shop: Shop) -> None:
    with pytest.raises(duckdb.CatalogException), writing(shop.workspace) as con:
        con.execute("select * from nowhere")
    assert Layout(shop.root).warehouse.exists()


def test_a_reader_is_told_to_refresh_where_nothing_is_loaded(shop: Shop) -> None:
    with pytest.raises(AsPromisedError, match="run `aspromised refresh`"), reading_warehouse(shop.workspace):
        pass


@pytest.mark.parametrize(
    "sql",
    [
        "delete from source.o",
        "select * from read_csv('/etc/passwd')",
        "attach 'other.duckdb'",
        "copy source.o to 'out.csv'",
        "set memory_limit = '100GB'",
        "set TimeZone = 'UTC'",
        "install httpfs",
    ],
)
def test_a_reader_can_only_look(shop: Shop, sql: str) -> None:
    shop.file("o.csv", "n\n1\n")
    shop.source("o", files="o.csv")
    shop.load()
    with reading_warehouse(shop.workspace) as con:
        assert con.execute("select n, current_setting('TimeZone') from source.o").fetchall() == [
            (1, "Europe/London")
        ]
        with pytest.raises(duckdb.Error):
            con.execute(sql)


def test_every_cursor_and_every_later_reader_has_the_companys_zone(shop: Shop) -> None:
    zone = "select current_setting('TimeZone')"
    with writing(shop.workspace) as con, con.cursor() as cursor:
        assert cursor.execute(zone).fetchall() == [("Europe/London",)]
    with (
        reading_warehouse(shop.workspace) as con,
        reading_warehouse(shop.workspace) as later,
        later.cursor() as cursor,
    ):
        assert con.execute(zone).fetchall() == cursor.execute(zone).fetchall() == [("Europe/London",)]


def test_a_reader_is_told_that_a_refresh_is_running(shop: Shop) -> None:
    with (
        writing(shop.workspace),
        pytest.raises(AsPromisedError, match="in use"),
        reading_warehouse(shop.workspace),
    ):
        pass


def test_a_workspace_that_cannot_be_written_says_so(shop: Shop) -> None:
    Path(Layout(shop.root).home).write_text("a file where the folder should be")
    with (
        pytest.raises(AsPromisedError, match="a file stands where a folder is needed: move it away"),
        writing(shop.workspace),
    ):
        pass


@pytest.mark.parametrize(
    "foreign",
    ["create table t (n integer)", "create table loaded (n integer)", "create view loaded as select 1 as n",
     "create table warehouse_version as select 'x' as version", "create table warehouse_version as select 4 as version"],
)  # fmt: skip
def test_a_database_of_anothers_is_made_again(shop: Shop, foreign: str) -> None:
    path = Layout(shop.root).warehouse
    path.parent.mkdir()
    with duckdb.connect(str(path)) as con:
        con.execute(foreign)
    with pytest.raises(AsPromisedError, match="run `aspromised refresh`"), reading_warehouse(shop.workspace):
        pass
    shop.file("o.csv", "n\n7\n")
    shop.source("o", files="o.csv")
    assert shop.load()["o"].rows_kept == 1


OPEN = """
import duckdb, sys
con = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "reader")
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def held(shop: Shop) -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    """Return what lets another process open the warehouse, as a reader or a writer."""
    with writing(shop.workspace):
        pass
    with ExitStack() as stack:

        def hold(how: str) -> "subprocess.Popen[str]":
            command = [sys.executable, "-c", OPEN, str(Layout(shop.root).warehouse), how]
            other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            stack.enter_context(other)
            stack.callback(other.kill)
            assert other.stdout and other.stdout.readline() == "open\n"
            return other

        yield hold


Hold = Callable[[str], "subprocess.Popen[str]"]


def test_a_refresh_waits_for_a_reader_and_says_so(
    shop: Shop, held: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, told = held("reader"), list[str]()
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            other.communicate()

    monkeypatch.setattr(warehouse, "_pause", pause)
    with writing(shop.workspace, told.append) as con:
        assert con.execute("select 1").fetchall() == [(1,)]
    assert len(pauses) == 3
    [said] = told
    assert f"is in use by another process (PID {other.pid}): waiting" in said


def test_a_reader_waits_for_a_refresh(shop: Shop, held: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    other = held("writer")
    monkeypatch.setattr(warehouse, "_pause", lambda _: other.communicate())
    with reading_warehouse(shop.workspace) as con:
        assert con.execute("select 1").fetchall() == [(1,)]


def test_neither_waits_for_ever(shop: Shop, held: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    held("reader")
    pauses: list[float] = []
    monkeypatch.setattr(warehouse, "_pause", pauses.append)
    with pytest.raises(AsPromisedError, match="in use by another process"), writing(shop.workspace):
        pass
    assert sum(pauses) == pytest.approx(120, abs=1)
