"""Where a ledger is and how it is reached: a SQLite file of the workspace, or the PostgreSQL database of a URL."""

import os
import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from aspromised.words.problems import AsPromisedError

URL_VARIABLE = "ASPROMISED_LEDGER_URL"
WAIT_SECONDS = 30
"""How long a writer waits for its turn."""
_LOCK = 4_157_201_611
"""The number of the advisory lock that writers of a PostgreSQL ledger take in turn."""


def ledger_file(root: Path) -> Path:
    """Return a workspace's ledger: beside the data, not among what can be deleted and made again."""
    return root / "ledger" / "ledger.db"


def ledger_url(root: Path) -> URL:
    """Return where the ledger of a workspace is; AsPromisedError where the environment names no database of ours."""
    given = os.environ.get(URL_VARIABLE)
    if not given:
        return URL.create("sqlite", database=str(ledger_file(root)))
    try:
        url = make_url(given)
    except ArgumentError:
        raise AsPromisedError(f"{URL_VARIABLE} is not a database URL: postgresql://…") from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise AsPromisedError(
            f"{URL_VARIABLE} names {url.get_backend_name()}: a ledger is kept in PostgreSQL"
        )
    return url.set(drivername="postgresql+pg8000")


def make_engine(url: URL) -> Engine:
    """Return the engine of a ledger; nothing is opened yet."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    secured, arguments = without_ssl_mode(url)
    return create_engine(secured, pool_pre_ping=True, connect_args=arguments)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection to look with; AsPromisedError where the ledger cannot be reached."""
    with told(engine), engine.connect() as con, con.begin():
        yield con


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """Give a connection that no other writer shares, and commit at the end: what was written then is on disk."""
    with told(engine), engine.connect().execution_options(begin="begin immediate") as con, con.begin():
        if con.dialect.name == "postgresql":
            con.execute(text(f"set local lock_timeout = '{WAIT_SECONDS}s'"))
            con.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield con


@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Turn what a database complains of into an AsPromisedError, without the password."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        said = str(error.orig if isinstance(error, DBAPIError) and error.orig else error).strip().splitlines()
        where = engine.url.render_as_string(hide_password=True)
        raise AsPromisedError(f"the ledger {where} cannot be used: {said[0] if said else error!r}") from error


def _prepare_sqlite(raw: Any, _: Any) -> None:
    """Take over transactions from the driver, and have every commit on disk before it is answered."""
    raw.isolation_level = None
    raw.execute("pragma synchronous = full")


def _begin_sqlite(con: Connection) -> None:
    con.exec_driver_sql(con.get_execution_options().get("begin", "begin"))


def without_ssl_mode(url: URL) -> tuple[URL, dict[str, Any]]:
    """Return the URL without `sslmode`, which libpq's URLs carry, and what it means to our driver."""
    mode = str(url.query.get("sslmode", "disable"))
    bare = url.difference_update_query(["sslmode"])
    if mode in ("disable", "allow", "prefer"):
        return bare, {}
    context = ssl.create_default_context()
    if mode != "verify-full":
        context.check_hostname = False
    if mode == "require":
        context.verify_mode = ssl.CERT_NONE
    return bare, {"ssl_context": context}
