"""A session of Spark's to ask: Sail's, a server that speaks Spark Connect without Java, or one whose address is given."""

import os
import sys
from collections.abc import Iterator

import pytest

from aspromised.sql.on_spark.session import Spark, connected
from tests.judge.remote.sail import serving


@pytest.fixture(scope="package", autouse=True)
def at_a_prompt() -> Iterator[None]:
    """Pass for an interactive process: Spark's client takes a worker of the tests for its own doctests, and leaves it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "ps1", ">>> ", raising=False)
        yield


@pytest.fixture(scope="package")
def spark_url() -> Iterator[str]:
    """Return the address of the Spark to test with: that of ASPROMISED_TEST_SPARK, else Sail's."""
    if url := os.environ.get("ASPROMISED_TEST_SPARK"):
        yield url
    else:
        with serving() as url:
            yield url


@pytest.fixture(scope="package")
def spark(spark_url: str) -> Iterator[Spark]:
    """Return a session there."""
    with connected(spark_url) as session:
        yield session
