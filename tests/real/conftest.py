"""Public data beside the project, and a way to judge it by declarations alone."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from examples.flights.make_data import write

DATA = Path(__file__).parents[3] / "shared" / "data"
WORKSPACES = Path(__file__).parent / "workspaces"


def aspromised(*words: str) -> str:
    """Return what a command prints; the test fails with what it says where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "aspromised", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory) -> Callable[[str, str, str], Path]:
    """Return a function: judge public data by a workspace's declarations, and give the workspace."""

    def made(name: str, file: str, as_of: str) -> Path:
        if not (DATA / file).exists():
            pytest.skip(f"the public data set {file} is not beside the project")
        root = tmp_path_factory.mktemp(name) / name
        shutil.copytree(WORKSPACES / name, root)
        shutil.copy(DATA / file, root / "data" / file)
        aspromised("refresh", "--workspace", str(root), "--as-of", as_of)
        return root

    return made


@pytest.fixture
def ledger(refreshed) -> Callable[[str, str, str], dict[str, Any]]:
    """Return a function: judge public data, give each promise's row of `status`."""

    def judged(name: str, file: str, as_of: str) -> dict[str, Any]:
        answer = json.loads(
            aspromised("status", "--workspace", str(refreshed(name, file, as_of)), "--json", "--all")
        )
        return {row["id"]: row for row in answer["promises"]}

    return judged


@pytest.fixture(scope="session")
def flights(tmp_path_factory) -> Path:
    """Return the flights example, refreshed."""
    root = tmp_path_factory.mktemp("flights")
    example = Path(__file__).parents[2] / "examples" / "flights"
    for folder in ("promises", "data"):
        shutil.copytree(example / folder, root / folder, ignore=shutil.ignore_patterns("*.parquet"))
    write(root)
    aspromised("refresh", "--workspace", str(root))
    return root
