"""The demo company, made and judged once through the commands."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aspromised.store.layout import Layout
from tests.cli.run import run

UNTIL, AS_OF = "2026-10", "2026-10-31"


@dataclass(frozen=True)
class Demo:
    """A refreshed demo workspace, and what was planted in it."""

    root: Path
    truth: dict[str, Any]

    def status(self, *words: str) -> dict[str, Any]:
        """Return what `status --json` answers."""
        return status(self.root, *words)


def status(root: Path, *words: str) -> dict[str, Any]:
    """Return what `status --json` answers of a workspace."""
    ran = run("status", "--workspace", root, "--json", *words)
    assert (ran.code, ran.err) == (0, "")
    return ran.json


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Return a company of 6,000 orders, made by `demo` and judged by `refresh`; tests only look at it.

    Workers that test side by side share it: the first to come makes it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    root = shared / "fernway"
    with (shared / "fernway.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not Layout(root).pointer.exists():
            make(root)
    return Demo(root, json.loads((root / "data" / "stories.json").read_text(encoding="utf-8")))


def make(root: Path) -> None:
    """Make and judge the company."""
    made = run("demo", "--workspace", root, "--orders", "6000", "--until", UNTIL)
    assert made.code == 0, made.err
    assert f"refresh --as-of {AS_OF}" in made.out
    refreshed = run("refresh", "--workspace", root, "--as-of", AS_OF)
    assert (refreshed.code, refreshed.err) == (0, "")


@pytest.fixture
def copied(demo: Demo, tmp_path: Path) -> Callable[[], Path]:
    """Return a function that copies the demo's files, without what was published."""

    def copy() -> Path:
        for folder in ("promises", "data"):
            shutil.copytree(demo.root / folder, tmp_path / "copy" / folder)
        return tmp_path / "copy"

    return copy
