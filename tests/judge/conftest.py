"""What every test of the judge may ask for."""

import pytest

from tests.judge.world import make_world


@pytest.fixture
def world():
    """Return the function that makes a small world."""
    return make_world
