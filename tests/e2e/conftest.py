"""The demo company, made and judged once through the commands."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

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
    """Return a company of 6,000 orders, made by `demo` and judged by `refresh`; tests only look at it."""
    root = tmp_path_factory.mktemp("e2e") / "fernway"
    made = run("demo", "--workspace", root, "--orders", "6000", "--until", UNTIL)
    assert made.code == 0, made.err
    assert f"refresh --as-of {AS_OF}" in made.out
    refreshed = run("refresh", "--workspace", root, "--as-of", AS_OF)
    assert (refreshed.code, refreshed.err) == (0, "")
    return Demo(root, json.loads((root / "data" / "stories.json").read_text(encoding="utf-8")))


@pytest.fixture
def copied(demo: Demo, tmp_path: Path) -> Callable[[], Path]:
    """Return a function that copies the demo's files, without what was published."""

    def copy() -> Path:
        for folder in ("promises", "data"):
            shutil.copytree(demo.root / folder, tmp_path / "copy" / folder)
        return tmp_path / "copy"

    return copy
