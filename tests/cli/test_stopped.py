"""Records that are older than promised, or lacking, are told wherever their numbers stand, in one sentence."""

from pathlib import Path

from aspromised.analyse.health import stopped_sources
from aspromised.store.snapshot import open_snapshot
from tests.cli.run import run
from tests.cli.shop import HEADER, ORDERS, PROMISES, SOURCES, open_shop

TOLD = (
    "The records of orders (to Fri 9 Jan 2026 10:00) are older than promised: what was done since is in no number, and may"
    " stand here as missed."
)


def test_a_feed_that_stopped_is_told_by_refresh_and_by_every_command_on_its_numbers(tmp_path: Path) -> None:
    promised = SOURCES.replace("key: order_id", "key: order_id\n    fresh_within: 26 hours")
    root = open_shop(tmp_path / "shop", sources=promised)
    other = open_shop(
        tmp_path / "other", sources=promised, promises=PROMISES.replace("1 calendar", "3 calendar")
    )
    fresh = run("refresh", "--as-of", "2026-01-09", "--workspace", root)
    assert (fresh.code, fresh.err, run("status", "--workspace", root).err) == (0, "", "")
    old = run("refresh", "--as-of", "2026-01-20", "--workspace", root)
    assert (old.code, TOLD in old.err) == (0, True), (
        "the refresh did what it could: it is told, and no failure"
    )
    assert (
        run("refresh", "--as-of", "2026-01-20", "--json", "--workspace", root).json["older_than_promised"]
        == TOLD
    )
    for words in (["status"], ["status", "next-day", "--periods", "2"], ["launches"]):
        assert run(*words, "--workspace", root).err == f"{TOLD}\n"
    with open_snapshot(root) as snapshot:
        assert stopped_sources(snapshot) == TOLD
    asked = (["status"], ["status", "next-day", "--periods", "2"], ["launches"], ["why", "next-day"])
    for words in (*asked, ["why", "next-day", "--item", "6"], ["diff", "--since", str(other)]):
        assert TOLD in run(*words, "--as-of", "2026-01-15", "--workspace", root).err, words
        assert run(*words, "--as-of", "2026-01-09", "--workspace", root).err == "", words


def _spoilt(rows: str) -> str:
    return rows.replace("2026-01-05 1", "on the 5th at 1")  # three of ten


LOST = "3 of 10 rows of orders (30 %) were set aside: they are in no number, and the numbers may be wrong without them."


def test_a_large_share_of_rows_set_aside_is_told_wherever_their_numbers_stand_and_fails_the_refresh(
    tmp_path: Path,
) -> None:
    root = open_shop(tmp_path, orders=f"{HEADER}\n{_spoilt(ORDERS)}")
    done = run("refresh", "--as-of", "2026-01-09", "--workspace", root)
    assert (done.code, LOST in done.err) == (1, True)
    assert run("refresh", "--as-of", "2026-01-09", "--json", "--workspace", root).json["lost_rows"] == LOST
    for words in (
        ["status"],
        ["status", "next-day", "--periods", "2"],
        ["launches"],
        ["why", "next-day"],
        ["why", "next-day", "--item", "6"],
        ["status", "--as-of", "2026-01-08"],
    ):
        assert LOST in run(*words, "--workspace", root).err, words


def test_check_says_what_the_last_refresh_set_aside_where_it_is_declared(tmp_path: Path) -> None:
    """Three of ten rows have no time that can be read: the declarations are right, and the numbers are not."""
    root = open_shop(tmp_path, orders=f"{HEADER}\n{_spoilt(ORDERS)}")
    before = run("check", "--workspace", root)
    assert (before.code, "set aside" in before.out) == (0, False), "nothing was refreshed yet"
    run("refresh", "--as-of", "2026-01-09", "--workspace", root)
    told = run("check", "--workspace", root, "--json").json
    (note,) = (each for each in told["problems"] if each["code"] == "rows-set-aside")
    assert (note["severity"], note["path"], note["line"]) == ("note", "data/sources.yaml", 3)
    assert note["message"].startswith(
        "3 of 10 rows of orders (30 %) were set aside at the last refresh, most for this reason: column 'ordered_at'"
    )
    assert note["message"].endswith("what is declared of their columns, and run `aspromised refresh`")
    assert "1 note" in run("check", "--workspace", root).out


def test_an_export_that_was_emptied_fails_each_refresh_until_it_has_rows_or_is_taken_so(
    tmp_path: Path,
) -> None:
    root = open_shop(tmp_path)
    refresh = ("refresh", "--as-of", "2026-01-09", "--workspace", root)
    assert run(*refresh).code == 0
    orders = root / "data" / "orders.csv"
    whole = orders.read_text()
    orders.write_text(f"{HEADER}\n")
    for _ in range(2):
        done = run(*refresh)
        assert (done.code, "orders had 10 rows, now none: " in done.err) == (1, True)
        assert "`aspromised refresh --force` takes it so" in done.err
    for words in (["status"], ["status", "--as-of", "2026-01-08"], ["launches", "--as-of", "2026-01-08"]):
        assert "orders had 10 rows, now none: " in run(*words, "--workspace", root).err
    orders.write_text(whole)
    assert (run(*refresh).code, run("status", "--workspace", root).err) == (0, "")
    orders.write_text(f"{HEADER}\n")
    assert run(*refresh).code == 1
    assert (run(*refresh, "--force").code, run(*refresh).code) == (0, 0)


def test_of_one_promise_only_the_sources_that_it_reads_are_told(tmp_path: Path) -> None:
    views = SOURCES + (
        "  parcels: {files: parcels.csv, key: parcel_id, columns: {parcel_id: text, sent: timestamp}}\n"
        '  seen: {sql: "select o.* from orders o left join parcels p on p.parcel_id = o.order_id", key: order_id}\n'
    )
    viewed = PROMISES.replace("measure: {items: orders, id", "measure: {items: seen, id")
    root = open_shop(tmp_path, sources=views, promises=viewed)
    (root / "data" / "parcels.csv").write_text("parcel_id,sent\n1,soon\n2,2026-01-05\n")
    assert run("refresh", "--as-of", "2026-01-09", "--workspace", root).code == 1
    told = "1 of 2 rows of parcels (50 %) were set aside"
    for words, is_told in (
        (["status"], True),
        (["status", "right-item"], True),
        (["why", "right-item"], True),
        (["status", "next-day"], False),
        (["why", "next-day"], False),
        (["why", "next-day", "--item", "6"], False),
        (["status", "next-day", "--as-of", "2026-01-08"], False),
    ):
        assert (told in run(*words, "--workspace", root).err) is is_told, words
