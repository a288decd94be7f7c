"""The commands as a shell runs them: a process of its own, pipes, logs and help."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.run import process, run


def test_python_m_aspromised_is_the_command() -> None:
    told = process("--help", COLUMNS="80", TERM="dumb")
    assert told.code == 0
    for command in ("init", "demo", "check", "refresh", "status", "why", "schema", "app"):
        assert f" {command} " in told.out
    assert "Usage: aspromised [OPTIONS] COMMAND" in told.out


def test_the_schema_is_json_on_stdout() -> None:
    schema = process("schema")
    assert (schema.code, schema.err) == (0, "")
    assert {"company", "promises", "sources"} <= set(json.loads(schema.out)["properties"])


def test_json_on_stdout_stays_clean_while_bars_are_drawn(shop: Path) -> None:
    told = process(
        "refresh", "--workspace", shop, "--as-of", "2026-01-09", "--json", FORCE_COLOR="1", TERM="xterm"
    )
    assert told.code == 0
    assert "\x1b" in told.err, "bars are drawn on stderr"
    assert json.loads(told.out)["verdicts"] == {"kept": 11, "broken": 3, "open": 1, "exempt": 2, "unknown": 2}


def test_a_problem_is_told_on_stderr_without_a_traceback(tmp_path: Path) -> None:
    told = process("status", "--workspace", tmp_path)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("aspromised: No workspace in ")


@pytest.mark.parametrize("command", [["schema"], ["status", "--json"]])
def test_a_reader_that_stops_reading_is_met_with_silence(shop: Path, command: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    words = [*command, *([] if command == ["schema"] else ["--workspace", str(shop)])]
    with os.fdopen(write, "w") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "aspromised", *words],
            stdout=gone,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.stderr == ""
    assert done.returncode in (0, 1)


def test_the_workspace_may_come_from_the_environment(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASPROMISED_WORKSPACE", str(shop))
    assert run("status", "--json") == run("status", "--json", "--workspace", shop)
