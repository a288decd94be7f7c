"""What every test of the store may ask for."""

from pathlib import Path

import pytest

from tests.store.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Return an empty workspace in London."""
    return Shop(tmp_path / "shop")
