"""What every test of the store may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Server, serving_postgres
from tests.store.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Return an empty workspace in London."""
    return Shop(tmp_path / "shop")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Give a running database server."""
    with serving_postgres() as server:
        yield server
