"""What the machine refuses is said in one sentence that says how to mend it, and an ordinary refresh recovers."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from aspromised.store.layout import Layout
from aspromised.store.ledger import open_ledger
from aspromised.store.snapshot import published
from tests.cli.run import Ran, run
from tests.cli.shop import MOMENT, open_shop
from tests.cli.test_sign import spring as spring

LIMITED = """
import resource, sys
most = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
from aspromised.cli import main
main()
"""
MEND = "no file may grow that large here: raise the limit (`ulimit -f unlimited`), and run it again"


def limited(most: int, *words: str | Path) -> Ran:
    """Return what a command does where no file may be longer than so many bytes."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(most), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a shop of 20,000 orders."""
    root = open_shop(tmp_path_factory.mktemp("large") / "shop")
    orders = root / "data" / "orders.csv"
    more = "".join(
        f"x{i},north,2026-01-0{5 + i % 3} 10:00,2026-01-0{6 + i % 4} 10:00,,false,false\n"
        for i in range(20_000)
    )
    orders.write_text(orders.read_text(encoding="utf-8").rstrip("\n") + "\n" + more, encoding="utf-8")
    return root


@pytest.mark.parametrize("most", [0, 20_000, 300_000, 1_500_000, 3_000_000])
def test_a_refresh_that_may_not_write_says_so_harms_nothing_and_recovers(large: Path, most: int) -> None:
    refresh = ["refresh", "--workspace", large, "--as-of", MOMENT, "--force"]
    ran = limited(most, *refresh)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("aspromised: cannot use ") and ran.err.endswith(f"{MEND}\n")
    assert ran.err.count("\n") == 1 and "damaged" not in ran.err
    assert not list(Layout(large).snapshots.glob(".*"))
    again = run(*refresh)
    assert (again.code, "20,010 rows in from 1 source" in again.out) == (0, True), again.err
    status = limited(0, "status", "--workspace", large)
    assert (status.code, status.err) == (0, ""), "what was published serves where nothing can be written"


def test_a_source_that_finds_no_room_is_not_blamed_and_keeps_its_rows(large: Path) -> None:
    assert run("refresh", "--workspace", large, "--as-of", MOMENT).code == 0
    orders = large / "data" / "orders.csv"
    os.utime(orders, (0, 0))
    assert limited(50_000, "refresh", "--workspace", large, "--as-of", MOMENT).code == 1
    status = run("status", "--workspace", large, "--json", "--as-of", MOMENT)
    assert status.json["promises"][0]["kept"] + status.json["promises"][0]["broken"] > 10_000


def test_data_that_was_loaded_and_not_published_answers_nothing(tmp_path: Path) -> None:
    root = open_shop(tmp_path / "shop")
    assert run("refresh", "--workspace", root, "--as-of", MOMENT).code == 0
    orders, pointer = root / "data" / "orders.csv", Layout(root).pointer
    before = run("status", "--workspace", root).out
    served = pointer.read_text()
    orders.write_text(orders.read_text().replace("2026-01-06 20:00", "2026-01-08 20:00"))
    pointer.unlink()
    pointer.mkdir()
    assert run("refresh", "--workspace", root, "--as-of", MOMENT).code == 1
    pointer.rmdir()
    pointer.write_text(served)
    assert run("status", "--workspace", root).out == before
    for words in (
        ["status", "--as-of", MOMENT],
        ["launches", "--as-of", MOMENT],
        ["why", "next-day"],
        ["why", "next-day", "--item", "2"],
        ["why", "next-day", "--item", "2", "--as-of", MOMENT],
    ):
        ran = run(*words, "--workspace", root)
        assert (ran.code, ran.out) == (1, ""), words
        assert f"is not what the snapshot {served.strip()} was judged from (orders)" in ran.err
    assert run("check", "--workspace", root).code == 0
    assert run("refresh", "--workspace", root, "--as-of", MOMENT).code == 0
    told = run("why", "next-day", "--item", "2", "--workspace", root)
    assert "broken" in told.out and run("status", "--workspace", root).out != before


@pytest.mark.parametrize("words", [["init"], ["demo", "--orders", "1000"], ["check"], ["refresh"]])
def test_a_command_that_may_not_write_says_how_to_mend_it(words: list[str], tmp_path: Path) -> None:
    root = tmp_path / "new" if words[0] in ("init", "demo") else open_shop(tmp_path / "shop")
    ran = limited(0, *words, "--workspace", root)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert ("no folder for temporary files can be written" if words == ["check"] else MEND) in ran.err


def test_a_backup_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append("note", "spring", {"words": "x" * 200_000}, "Ann")
    (tmp_path / "promises").mkdir()
    ran = limited(150_000, "ledger", "backup", tmp_path / "book.txt", "--workspace", tmp_path)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert MEND in ran.err
    assert not list(tmp_path.glob("*book*")), "nothing half written is left"


NO_ROOM = "the disk takes no more there: free some space, or raise the limit on file sizes (`ulimit -f unlimited`), and run it again\n"


@pytest.mark.parametrize("signed_before", [False, True])
@pytest.mark.parametrize("most", [0, 5_000, 20_000])
def test_a_sign_off_that_finds_no_room_says_so_and_is_not_half_written(
    most: int, signed_before: bool, spring: Path
) -> None:
    words = ["sign", "spring", "agents trained", "--by", "dispatch", "--who", "Ann", "--workspace", spring]
    before = int(signed_before)
    if signed_before:
        assert run(*words).code == 0
    ran = limited(most, *words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert ran.err.startswith("aspromised: the ledger ") and ran.err.endswith(NO_ROOM)
    assert run(*words).code == 0
    written = run("ledger", "verify", "--workspace", spring)
    assert (written.code, written.out.split(",")[0]) == (0, f"{before + 1} event{'s' if before else ''}")


def test_a_certificate_that_finds_no_room_says_so_and_is_frozen_once_there_is_some(spring: Path) -> None:
    out = spring / "kept"
    words = ["certificate", "spring", "--who", "Ann", "--out", out, "--workspace", spring]
    assert run("refresh", "--as-of", MOMENT, "--workspace", spring).code == 0
    ran = limited(20_000, *words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert ran.err.startswith("aspromised: the ledger ") and ran.err.endswith(NO_ROOM)
    assert not out.exists()
    assert run(*words).code == 0 and len(list(out.iterdir())) == 2
    assert run("ledger", "verify", "--workspace", spring).out.startswith("1 event,")


def test_a_disk_full_of_what_is_printed_is_said(shop: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "aspromised", "status", "--json", "--workspace", str(shop)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "aspromised: the disk is full: free some space on it, and run it again\n"


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EMFILE, errno.EIO]
)
def test_every_refusal_of_the_machine_is_a_sentence(
    number: int, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "/somewhere/file")

    monkeypatch.setattr("aspromised.cli.opening.open_or_exit", refuse)
    ran = run("status", "--workspace", shop)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert ran.err.startswith("aspromised: cannot use /somewhere/file: ")
    assert os.strerror(number) not in ran.err, "it says what to do, not what the system calls it"


def test_a_file_where_the_folder_of_snapshots_should_be_is_said(tmp_path: Path) -> None:
    root = open_shop(tmp_path / "shop")
    layout = Layout(root)
    layout.home.mkdir()
    layout.snapshots.write_text("not a folder")
    for words in (["refresh"], ["status"], ["why", "next-day"]):
        ran = run(*words, "--workspace", root)
        assert (ran.code, ran.out) == (1, "")
        assert (
            ran.err
            == f"aspromised: cannot use {layout.snapshots}: a file stands where a folder is needed: move it away\n"
        )


def flipped(path: Path) -> None:
    """Do to each block of rows of a snapshot what a failing disk does."""
    whole = bytearray(path.read_bytes())
    for block in range(12_288 + 2 * 262_144, len(whole), 262_144):
        whole[block + 5_000] ^= 255
    path.write_bytes(whole)


def test_a_snapshot_damaged_anywhere_gives_way_and_an_ordinary_refresh_recovers(tmp_path: Path) -> None:
    root = open_shop(tmp_path / "shop")
    refresh = ["refresh", "--workspace", root, "--as-of", MOMENT]
    status = ["status", "--workspace", root, "--json"]
    assert run(*refresh).code == 0
    right = run(*status)
    assert run(*refresh).code == 0
    newest = published(Layout(root))[-1]
    flipped(newest)
    told = run(*status)
    assert (told.code, told.out) == (0, right.out)
    assert told.err.startswith(f"aspromised: snapshot {newest.stem} is damaged; ")
    assert told.err.endswith(" serves: run `aspromised refresh`\n") and told.err.count("\n") == 1
    assert run(*refresh).code == 0
    with duckdb.connect(str(published(Layout(root))[-1]), read_only=True) as con:
        for (table,) in con.execute("select table_name from duckdb_tables()").fetchall():
            con.execute(f'select count(columns(*)::varchar) from "{table}"').fetchall()
    assert run(*status) == Ran(0, right.out, "")


@pytest.mark.parametrize("words", [["status"], ["why", "next-day"], ["launches"], ["check"], ["diff"]])
def test_snapshots_that_no_one_can_read_are_said_with_their_mend(tmp_path: Path, words: list[str]) -> None:
    root = open_shop(tmp_path / "shop")
    assert run("refresh", "--workspace", root, "--as-of", MOMENT).code == 0
    for path in published(Layout(root)):
        path.write_bytes(b"x" * 5000)
    ran = run(*words, "--workspace", root)
    assert "Traceback" not in ran.err
    if words[0] in ("status", "why", "launches"):
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.endswith("is damaged, and none before it serves: run `aspromised refresh`\n")


@pytest.mark.parametrize("port", ["99999", "0", "-1", "http"])
def test_a_port_that_is_none_is_misuse(shop: Path, port: str) -> None:
    ran = run("app", "--workspace", shop, "--port", port, "--no-browser")
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err and "--port" in ran.err


def test_a_port_that_is_taken_is_said(shop: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run("app", "--workspace", shop, "--address", "127.0.0.1", "--port", str(port), "--no-browser")
    assert (ran.code, ran.out) == (1, "")
    assert (
        ran.err
        == f"aspromised: the app cannot listen on 127.0.0.1:{port}: another program does: give another --port, or none for the next free one\n"
    )
