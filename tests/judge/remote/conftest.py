"""A session of Spark's to ask: Sail's, a server that speaks Spark Connect without Java, a cluster started for it, or one whose address is given."""

import os
import sys
from collections.abc import Iterator

import pytest

from aspromised.sql.on_spark.session import Spark, connected
from bench.cluster import Cluster, cluster
from tests.judge.remote.sail import serving

SPARK = "ASPROMISED_TEST_SPARK"
"""Names the address to test with, or CLUSTER; Sail is started where it is not set."""
CLUSTER = "cluster"


@pytest.fixture(scope="package", autouse=True)
def at_a_prompt() -> Iterator[None]:
    """Pass for an interactive process: Spark's client takes a worker of the tests for its own doctests, and leaves it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "ps1", ">>> ", raising=False)
        yield


@pytest.fixture(scope="package")
def real() -> Iterator[Cluster]:
    """Return a cluster on this machine."""
    with cluster() as made:
        yield made


@pytest.fixture(scope="package")
def spark_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of the Spark to test with."""
    url = os.environ.get(SPARK)
    if url == CLUSTER:
        yield request.getfixturevalue("real").connect
    elif url:
        yield url
    else:
        with serving() as url:
            yield url


@pytest.fixture(scope="package")
def spark(spark_url: str) -> Iterator[Spark]:
    """Return a session there."""
    with connected(spark_url) as session:
        yield session
