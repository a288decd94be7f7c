"""Sail as the Spark of daily tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from pysail.spark import SparkConnectServer


@contextmanager
def serving() -> Iterator[str]:
    """Give the address of a server of this process."""
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    try:
        yield f"sc://127.0.0.1:{server.listening_address[1]}"
    finally:
        server.stop()
