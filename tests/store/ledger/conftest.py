"""A ledger in each database: a SQLite file, and a database of a real PostgreSQL server on loopback."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from aspromised.store.ledger import LedgerBook, open_ledger
from aspromised.store.ledger.engine import URL_VARIABLE
from tests.postgres import Server, binaries, serving_postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """Return a running server, one for all tests."""
    if binaries() is None:
        pytest.skip("no PostgreSQL server is installed (Debian's package `postgresql`)")
    with serving_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace's folder whose ledger is empty, in one database after the other."""
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres_server")
        name = f"ledger_{uuid4().hex}"
        server.run(f"create database {name}")
        monkeypatch.setenv(URL_VARIABLE, server.address(database=name))
    return tmp_path


@pytest.fixture
def ledger(home: Path) -> Iterator[LedgerBook]:
    """Return the open ledger of that workspace."""
    with open_ledger(home) as book:
        yield book
