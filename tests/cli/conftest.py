"""The shop, refreshed once for all tests that only look at it."""

from pathlib import Path

import pytest

from tests.cli.run import run
from tests.cli.shop import MOMENT, open_shop


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shop, refreshed as of the end of 9 January; tests only look at it."""
    root = open_shop(tmp_path_factory.mktemp("cli") / "shop")
    done = run("refresh", "--workspace", root, "--as-of", MOMENT)
    assert done.code == 0, done.err
    return root
