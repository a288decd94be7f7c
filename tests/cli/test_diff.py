"""`diff` on the shop of ten orders, in a git repository of its own.

By the old terms, as if they had always stood, orders 1, 2, 4 and 5 are kept, 3 and 6 broken: 4 of 6. Within two days order
3 is kept as well: 5 of 6. Orders 7 to 10 are exempt, open and unknown by either.
"""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aspromised.analyse.what_if import Effect, Tally
from aspromised.cli.declared.diffed import effect_words
from aspromised.declare import revision
from tests.cli.run import Ran, process, run
from tests.cli.shop import COMPANY, MOMENT, PROMISES, open_shop

TWO_DAYS = PROMISES.replace("within: 1 calendar day", "within: 2 calendar days")
REWRITES = "! this rewrites the past: add a version"


def git(root: Path, *words: str) -> str:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(root), *who, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def kept(shop: Path, tmp_path: Path) -> Path:
    """Return the refreshed shop, committed, for a test to change."""
    root = tmp_path / "repository" / "shop"
    shutil.copytree(shop, root)
    git(root.parent, "init", "-q", "-b", "main")
    git(root.parent, "add", "shop/promises", "shop/data")
    git(root.parent, "commit", "-q", "-m", "As promised")
    return root


def write(root: Path, promises: str) -> None:
    (root / "promises" / "promises.yaml").write_text(promises, encoding="utf-8")


def diff(root: Path, *words: str | Path) -> Ran:
    return run("diff", "--workspace", root, *words)


def test_nothing_changed_is_fine(kept: Path) -> None:
    done = diff(kept)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"no change since HEAD ({git(kept, 'rev-parse', '--short=7', 'HEAD')})\n"


def test_a_longer_length_is_told_with_what_it_would_have_been(kept: Path) -> None:
    write(kept, TWO_DAYS)
    done = diff(kept)
    assert done.code == 1, "the past is rewritten"
    assert done.out.splitlines()[:4] == [
        "next-day",
        "  loosened   within 1 → 2 calendar days, from 5 Jan 2026",
        f"             {REWRITES}",
        "  on the last 90 days it would have been 83.3 %, not 66.7 % (of 6 orders; 1 judged otherwise):"
        " too close to call, not missed, at a target of 95 %",
    ]
    assert done.out.splitlines()[-1].endswith(": 1 loosened; 1 thing to mend")


def test_a_version_added_from_a_day_to_come_is_fine(kept: Path) -> None:
    version = "[{from: 2026-01-05}, {from: 2026-02-01, within: 2 calendar days}]"
    write(kept, PROMISES.replace("[{from: 2026-01-05}]", version))
    done = diff(kept)
    assert (done.code, done.out.splitlines()[1:3]) == (
        0,
        [
            "  loosened   within 1 → 2 calendar days, from 1 Feb 2026",
            "  on the last 90 days, by its last terms throughout, it would have been 83.3 %, not 66.7 % (of 6 orders; 1 judged otherwise):"
            " too close to call, not missed, at a target of 95 %",
        ],
    )


def test_a_target_is_held_against_the_same_rate(kept: Path) -> None:
    write(kept, PROMISES.replace("target: 95%", "target: 40%"))
    assert diff(kept).out.splitlines()[3] == (
        "  on the last 90 days it was 66.7 % of 6 orders, and would have been too close to call at a target of 40 %;"
        " missed at a target of 95 %"
    )


def test_as_many_that_turn_each_way_are_told_as_the_json_does() -> None:
    """The rate is the same by both, and is not "all the same"."""
    tally = Tally(250, 50, 0.9, 0)
    turned = Effect("p", date(2026, 1, 1), date(2026, 3, 31), tally, tally, 100, "items")
    assert effect_words(turned) == (
        "on the last 90 days it would have been 83.3 %, as it was (of 300 items; 100 judged otherwise):"
        " missed at a target of 90 %"
    )
    other = replace(turned, after=replace(tally, target=0.5))
    assert "83.3 %, as it was (of 300 items; 100 judged otherwise): kept at a target of 50 %" in effect_words(
        other
    )
    assert effect_words(replace(turned, moved=0)).endswith(
        "it was 83.3 % of 300 items, and would have been all the same"
    )


def test_a_promise_that_is_new_is_judged_on_its_own(kept: Path) -> None:
    write(
        kept,
        PROMISES
        + PROMISES.partition("\n")[2]
        .replace("next-day:", "second-day:")
        .replace("right-item:", "same-item:"),
    )
    assert diff(kept).out.splitlines()[:3] == [
        "same-item",
        '  added      "The right item", 90 %, said by marketing, kept by dispatch',
        "  on the last 90 days it would have been 88.9 % of 9 orders: too few at a target of 90 %",
    ]


def test_a_correction_is_told_with_the_promise_it_exempts(kept: Path) -> None:
    write(
        kept,
        PROMISES
        + "\ncorrections:\n  snow: {promises: [next-day], from: 2026-01-07, to: 2026-01-07, because: snow}\n",
    )
    done = diff(kept)
    # only the correction is new, so versions stand and order 1 is not promised; 5 and 6, due on the 7th, are exempt now
    assert (
        "correction snow\n  loosened   added: next-day from 7 Jan 2026 to 7 Jan 2026, because snow"
        in done.out
    )
    assert (
        "next-day\n  on the last 90 days it would have been 66.7 %, not 60.0 % (of 3 orders, not 5; 2 judged otherwise)"
        in done.out
    )
    assert done.code == 0


def test_json_holds_counts_and_intervals(kept: Path) -> None:
    write(kept, TWO_DAYS)
    answer: dict[str, Any] = diff(kept, "--json").json
    assert answer["differences"] == [
        {"kind": "promise", "id": "next-day", "what": "length", "direction": "loosened",
         "words": "within 1 → 2 calendar days, from 5 Jan 2026", "warning": REWRITES.removeprefix("! ")}
    ]  # fmt: skip
    (effect,) = answer["effects"]
    assert (effect["from"], effect["to"], effect["moved"]) == ("2025-10-12", "2026-01-09", 1)
    sides = [
        (side["kept"], side["broken"], side["target"], side["status"])
        for side in (effect["before"], effect["after"])
    ]
    assert sides == [(4, 2, 0.95, "missed"), (5, 1, 0.95, "too close to call")]
    assert effect["after"]["low"] < 5 / 6 < effect["after"]["high"]
    assert answer["as_of"] == "2026-01-09T23:59:59.999999+00:00"
    assert answer["problems"] == 1


def test_a_comment_for_a_pull_request_is_a_table_with_details_folded_away(kept: Path) -> None:
    write(kept, TWO_DAYS.replace("Yours tomorrow", "Yours | tomorrow, says @team <b>"))
    lines = diff(kept, "--format", "comment").out.splitlines()
    assert lines[0] == "<!-- aspromised diff -->"
    assert (
        "> - **!** next-day: within 1 → 2 calendar days, from 5 Jan 2026: this rewrites the past: add a version"
        in lines
    )
    (row,) = [line for line in lines if line.startswith("| next-day")]
    assert row == (
        '| next-day | ✎ reworded: "Yours tomorrow" → "Yours &#124; tomorrow, says @<!-- -->team &lt;b&gt;", from 5 Jan 2026'
        "<br>▼ loosened: within 1 → 2 calendar days, from 5 Jan 2026 | 66.7 % | 83.3 % |"
    )
    assert "<details><summary>What the last days would have been, as of 9 Jan 2026</summary>" in lines
    assert lines[-1] == "</details>"


def test_a_comment_is_never_longer_than_github_takes(kept: Path) -> None:
    body = PROMISES.partition("\n")[2].partition("\n  right-item")[0]
    more = "".join(
        body.replace("next-day:", f"p{number}:").replace("Yours tomorrow", f"Yours {'very ' * 60} soon")
        for number in range(150)
    )
    write(kept, PROMISES + more)
    shutil.rmtree(kept / ".aspromised")
    said = diff(kept, "--format", "comment").out
    assert len(said) < 65_536
    assert said.rstrip().endswith("run `aspromised diff`.")


def test_any_revision_or_another_folder_can_be_compared_with(kept: Path, tmp_path: Path) -> None:
    git(kept, "tag", "promised")
    write(kept, TWO_DAYS)
    git(kept, "commit", "-q", "-a", "-m", "Two days")
    assert diff(kept).code == 0
    for since in ("promised", "HEAD~1", git(kept, "rev-parse", "promised")):
        assert "within 1 → 2 calendar days" in diff(kept, "--since", since).out
    copy = open_shop(tmp_path / "copy")
    assert "within 1 → 2 calendar days" in diff(kept, "--since", copy).out


def test_a_workspace_that_is_new_in_the_repository_is_all_added(kept: Path) -> None:
    git(kept, "rm", "-r", "-q", "--cached", "promises", "data")
    git(kept, "commit", "-q", "-m", "Not yet")
    done = diff(kept)
    assert done.code == 0
    assert [line for line in done.out.splitlines() if line and not line.startswith(" ")] == [
        "next-day",
        "right-item",
        "source orders",
        "company",
        f"4 changes since HEAD ({git(kept, 'rev-parse', '--short=7', 'HEAD')}): 4 added",
    ]


def nothing_loaded(root: Path) -> None:
    shutil.rmtree(root / ".aspromised")


def column_gone(root: Path) -> None:
    write(root, TWO_DAYS.replace("done: delivered_at", "done: handed_over_at"))


@pytest.mark.parametrize(("change", "why"), [
    (nothing_loaded, "nothing is loaded yet"), (column_gone, "the source 'orders' has no column 'handed_over_at'"),
])  # fmt: skip
def test_an_effect_that_cannot_be_judged_says_so(
    kept: Path, change: Callable[[Path], None], why: str
) -> None:
    write(kept, TWO_DAYS)
    change(kept)
    (line,) = [line for line in diff(kept).out.splitlines() if "cannot be judged" in line]
    assert line.startswith("  the effect cannot be judged: ")
    assert why in line


def test_what_cannot_be_read_in_either_state_is_told(kept: Path) -> None:
    write(kept, TWO_DAYS.replace("target: 90%", "targit: 90%"))
    done = diff(kept)
    assert done.code == 1
    assert "! cannot be read now: promises/promises.yaml:23:5: unknown key 'targit'" in done.out
    assert "within 1 → 2 calendar days" in done.out
    git(kept, "commit", "-q", "-a", "-m", "A slip")
    write(kept, TWO_DAYS)
    again = diff(kept)
    assert again.code == 1
    assert "! cannot be read in HEAD" in again.out


@pytest.mark.parametrize("since", ["nowhere", "--output=x", "", "HEAD:shop", "HEAD~9"])
def test_a_revision_that_is_not_there_is_misuse(kept: Path, since: str) -> None:
    done = diff(kept, f"--since={since}")
    assert (done.code, done.out) == (2, "")
    assert f"there is no revision '{since}', nor a folder of that name" in done.err


def test_outside_of_git_a_folder_is_asked_for(shop: Path, tmp_path: Path) -> None:
    root = tmp_path / "alone"
    shutil.copytree(shop, root)
    done = process("diff", "--workspace", root, GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert done.code == 2
    assert "not a git repository" in done.err
    assert "give --since a folder" in done.err
    assert diff(root, "--since", shop).code == 0


def test_without_git_a_folder_is_asked_for(kept: Path, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    done = diff(kept)
    assert (done.code, done.err) == (
        2,
        "aspromised: git is not installed: give --since a folder with another copy\n",
    )
    assert diff(kept, "--since", shop).code == 0


def test_a_company_that_moves_is_told_and_so_is_what_moves_with_it(kept: Path) -> None:
    (kept / "promises" / "company.yaml").write_text(
        COMPANY.replace("Europe/London", "Asia/Tokyo"), encoding="utf-8"
    )
    done = diff(kept, "--as-of", MOMENT)
    assert "company\n  changed    timezone Europe/London → Asia/Tokyo" in done.out
    assert "next-day\n  on the last 90 days" in done.out


def test_a_git_that_never_answers_is_not_waited_for(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = tmp_path / "bin" / "git"
    waiting.parent.mkdir()
    waiting.write_text("#!/bin/sh\nexec sleep 600\n")
    waiting.chmod(0o755)
    monkeypatch.setenv("PATH", f"{waiting.parent}:/usr/bin:/bin")
    monkeypatch.setattr(revision, "_SECONDS", 1)
    told = run("diff", "--workspace", kept, "--since", "HEAD")
    assert (told.code, "git did not answer in time" in told.err) == (2, True)
