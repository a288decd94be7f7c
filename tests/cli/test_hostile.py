"""Whatever rows, files and authors say is text on a terminal, in a comment, in JSON and in a CSV file."""

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from aspromised.notebook import Download
from tests.cli.run import run
from tests.hostile import OUTSIDE, SHOWN, bait, hostile, seen

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the hostile company, refreshed."""
    made = hostile(tmp_path_factory.mktemp("hostile") / "company")
    done = run("refresh", "--as-of", "2026-01-09", "--workspace", made)
    assert (done.code, "not judged: =other" in done.out) == (1, True)
    assert_is_text(done.out + done.err)
    return made


def assert_is_text(said: str) -> None:
    assert not CONTROL.search(said)
    forged = [line for line in said.splitlines() if re.match(r"not judged: \w+: forged", line)]
    assert not forged, "a line break of theirs begins a line of ours"


COMMANDS = [
    ["check"],
    ["check", "--json"],
    ["check", "--format", "github"],
    ["check", "--format", "sarif"],
    ["status"],
    ["status", "--all", "--by", "region"],
    ["status", "--json"],
    ["status", bait("promise"), "--periods", "3"],
    ["status", bait("promisse")],
    ["status", "--by", bait("sgment")],
    ["why", bait("promise")],
    ["why", bait("promise"), "--json"],
    ["why", bait("promise"), "--item", "nobody"],
    ["why", bait("other")],
    ["launches"],
    ["launches", seen("promotion")],
    ["launches", "--json"],
    ["launches", bait("promotin")],
    ["sign", seen("promotion"), bait("gat"), "--by", seen("team"), "--who", "x"],
    ["ledger", "show"],
    ["ledger", "show", "--json"],
    ["refresh", "--as-of", "2026-01-09"],
    ["refresh", "--as-of", "2026-01-09", "--json"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words)[:40].split("=")[0])
def test_a_command_prints_text(root: Path, words: list[str]) -> None:
    ran = run(*words, "--workspace", root)
    assert "Traceback" not in ran.err
    told, _, _ = ran.out.partition("every item is judged by:")  # the SQL's own lines follow, to be copied
    assert_is_text(told + ran.err)
    assert not CONTROL.search(ran.out)
    if "--json" in words:
        json.loads(ran.out)


def test_one_item_is_told_as_text(root: Path) -> None:
    item = next(json.loads(line)["id"] for line in (root / "data" / "orders.jsonl").read_text().splitlines())
    ran = run("why", bait("promise"), "--item", item, "--workspace", root)
    assert (ran.code, SHOWN in ran.out) == (0, True)
    assert_is_text(ran.out)


def test_json_says_the_very_words(root: Path) -> None:
    rows = run("status", "--json", "--workspace", root).json["promises"]
    assert {row["claim"] for row in rows} == {bait("claim"), bait("again")}


def test_what_changed_is_text_on_a_terminal_and_on_github(root: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    shutil.copytree(root / "promises", before / "promises")
    shutil.copytree(root / "data", before / "data")
    declared = before / "promises" / "all.yaml"
    declared.write_text(declared.read_text().replace("95%", "90%").replace("=claim", "=claimed"))
    said = run("diff", "--since", before, "--workspace", root)
    assert_is_text(said.out + said.err)
    comment = run("diff", "--since", before, "--format", "comment", "--workspace", root).out
    assert_is_text(comment)
    assert "claimed" in comment
    for live in (OUTSIDE, "@team", "<img", "<b>", "](", " #12"):
        assert live not in comment.replace("\\[", "").replace("\\]", ""), live
    rows = [line for line in comment.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {5}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", " =", "\n=", "＝"])
def test_no_cell_of_a_csv_file_is_a_formula_and_numbers_stay_numbers(sign: str) -> None:
    frame = pd.DataFrame(
        {f"{sign}A1": [f"{sign}HYPERLINK(1)", 'x;=1,"=2'], "n": [-1.5, 2], "as text": ["-3", "+4.5 %"]}
    )
    made = Download("All", frame, "all.csv").csv().decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(made, newline=""))
    assert head == [f"'{sign}A1", "n", "as text"]
    assert rows == [[f"'{sign}HYPERLINK(1)", "-1.5", "-3"], ['x;=1,"=2', "2.0", "+4.5 %"]]
    assert '"x;=1,""=2",2.0,' in made, "words are quoted, numbers are not"
