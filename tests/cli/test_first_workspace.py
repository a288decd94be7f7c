"""The five minutes of the README: from nothing to where the first promise stands."""

import os
import re
from pathlib import Path

import pytest

from tests.cli.run import run


def test_from_nothing_to_the_story_of_one_order(tmp_path: Path) -> None:
    acme = tmp_path / "acme"

    made = run("init", "--workspace", acme, "--name", "Acme", "--timezone", "Europe/Berlin")
    assert made.code == 0
    assert f"wrote {acme}/promises/company.yaml" in made.out
    assert f"next: aspromised refresh --workspace {acme}" in made.out

    assert run("check", "--workspace", acme) == run("check", "--workspace", acme, "--no-data")
    assert run("check", "--workspace", acme).out == "no problems\n"

    refreshed = run("refresh", "--workspace", acme, "--as-of", "2026-01-10")
    assert (refreshed.code, refreshed.err) == (0, "")
    assert refreshed.out.splitlines()[:2] == [
        "12 rows in from 1 source, 0 set aside",
        "1 promise judged: 8 kept, 2 broken, 2 open, 0 exempt, 0 unknown",
    ]

    status = run("status", "--workspace", acme, "--month", "2026-01")
    assert status.code == 0
    assert "January 2026, not closed yet (to 10 Jan 2026), as of 2026-01-10 23:59" in status.out
    assert "✕ missed" in status.out
    assert re.search(r"77\.8 % +45\.3 % to 93\.7 %", status.out)

    why = run("why", "two-day-delivery", "--workspace", acme)
    assert "= 7 ÷ 9 = 77.78 %" in why.out
    assert "done already for days to come, and in no figure until then: 1" in why.out
    assert "1 item done already for days to come is in no figure until then" in status.out
    assert 'FROM source."orders"' in why.out

    story = run("why", "two-day-delivery", "--item", "example-03", "--workspace", acme)
    assert story.out.splitlines() == [
        "two-day-delivery, item example-03",
        "  promised: “Delivered to your door within 2 days”, target 95 %",
        "  started Mon 5 Jan 2026 15:20",
        "  due the end of Wed 7 Jan (2 calendar days)",
        "  done Thu 8 Jan 09:45",
        "  region = north",
        "  2 d 18 h of 2 d 8 h (2 calendar days); 9 h 45 min over",
        "  broken by 9 h 45 min: done late",
    ]


def test_init_says_what_git_leaves_alone_and_what_must_be_kept(tmp_path: Path) -> None:
    assert run("init", "--workspace", tmp_path / "new").code == 0
    ignored = (tmp_path / "new" / ".gitignore").read_text().splitlines()
    assert [each for each in ignored if not each.startswith("#")] == [".aspromised/"]
    assert any("ledger/" in each for each in ignored)
    (tmp_path / ".gitignore").write_text("*.log\n")
    assert run("init", "--workspace", tmp_path).code == 0
    assert (tmp_path / ".gitignore").read_text() == "*.log\n"


def test_init_never_writes_over_a_workspace(tmp_path: Path) -> None:
    assert run("init", "--workspace", tmp_path).code == 0
    again = run("init", "--workspace", tmp_path)
    assert (again.code, again.out) == (1, "")
    assert "is there already: nothing was written" in again.err


def test_what_has_not_been_refreshed_says_what_to_run(tmp_path: Path) -> None:
    run("init", "--workspace", tmp_path)
    for words in (["status"], ["why", "two-day-delivery"], ["status", "--as-of", "2026-01-10"]):
        said = run(*words, "--workspace", tmp_path)
        assert (said.code, said.out) == (1, ""), words
        assert "run `aspromised refresh`" in said.err, words


def test_where_there_is_no_workspace_every_command_says_so(tmp_path: Path) -> None:
    for words in (["check"], ["refresh"], ["why", "x"], ["status", "--as-of", "2026-01-10"]):
        said = run(*words, "--workspace", tmp_path)
        assert (said.code, said.out) == (2, ""), words
        assert "`aspromised init` makes one" in said.err, words


@pytest.mark.parametrize(("umask", "expected"), [(0, 0o664), (0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_a_first_workspace_is_written_by_everybody_never(tmp_path: Path, umask: int, expected: int) -> None:
    before = os.umask(umask)
    try:
        assert run("init", "--workspace", tmp_path / "acme").code == 0
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "acme").rglob("*") if path.is_file()}
    assert modes == {expected}
