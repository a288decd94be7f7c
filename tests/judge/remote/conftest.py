"""A session of Spark's to ask: Sail's, a server that speaks Spark Connect without Java, or one whose address is given."""

import os
from collections.abc import Iterator

import pytest

from aspromised.sql.on_spark.session import Spark, connected
from tests.judge.remote.sail import serving


@pytest.fixture(scope="session")
def spark_url() -> Iterator[str]:
    """Return the address of the Spark to test with: that of ASPROMISED_TEST_SPARK, else Sail's."""
    if url := os.environ.get("ASPROMISED_TEST_SPARK"):
        yield url
    else:
        with serving() as url:
            yield url


@pytest.fixture(scope="session")
def spark(spark_url: str) -> Iterator[Spark]:
    """Return a session there."""
    with connected(spark_url) as session:
        yield session
