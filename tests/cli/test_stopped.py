"""Records that are older than promised are told wherever their numbers stand, in one sentence."""

from pathlib import Path

from aspromised.analyse.health import stopped_sources
from aspromised.store.snapshot import open_snapshot
from tests.cli.run import run
from tests.cli.shop import SOURCES, open_shop

TOLD = (
    "The records of orders (to Fri 9 Jan 2026 10:00) are older than promised: what was done since is in no number, and may"
    " stand here as missed."
)


def test_a_feed_that_stopped_is_told_by_refresh_and_by_every_command_on_its_numbers(tmp_path: Path) -> None:
    root = open_shop(
        tmp_path, sources=SOURCES.replace("key: order_id", "key: order_id\n    fresh_within: 26 hours")
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
