"""The demo companies that tests of the demo share; each is built once."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aspromised.demo import build

UNTIL = "2026-10"


@dataclass(frozen=True)
class Demo:
    """A built demo workspace and the truth it was written with."""

    root: Path
    truth: dict[str, Any]


def built(root: Path, orders: int, until: str = UNTIL, seed: int = 20) -> Demo:
    """Build a demo under `root`."""
    build(root, until=until, seed=seed, orders=orders)
    return Demo(root, json.loads((root / "data/stories.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A company of 4,000 orders: enough for every kind of row."""
    return built(tmp_path_factory.mktemp("small"), 4_000)


@pytest.fixture(scope="session")
def middling(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A company of 120,000 orders: enough for its stories to stand out from noise."""
    return built(tmp_path_factory.mktemp("middling"), 120_000)
