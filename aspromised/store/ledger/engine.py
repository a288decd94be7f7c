"""Where a ledger is and how it is reached: a SQLite file of the workspace, or the PostgreSQL database of a URL."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from aspromised.store.ledger.server import for_the_driver, mend
from aspromised.store.postgres.address import SHAPE, Address, from_environment
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
    scheme = given.strip().partition("://")[0].partition("+")[0].lower()
    if "://" not in given:
        raise AsPromisedError(f"{URL_VARIABLE} is not a database URL: write it as {SHAPE}")
    if scheme not in ("postgresql", "postgres"):
        raise AsPromisedError(f"{URL_VARIABLE} names {scheme[:20]}: a ledger is kept in PostgreSQL, {SHAPE}")
    return _url_of(from_environment(URL_VARIABLE))


def _url_of(address: Address) -> URL:
    """Return an address as a URL; AsPromisedError where it names no one place."""
    settings = dict(address.settings)
    hosts = settings.pop("host", "") or address.hosts
    host, _, port = hosts.rpartition(":") if re.search(r":\d+$", hosts) else (hosts, "", "")
    port = settings.pop("port", "") or port or "5432"
    if "," in host or host.startswith("/"):
        raise AsPromisedError(f"{URL_VARIABLE} must name one host, reached by its name or address: {SHAPE}")
    if not port.isdecimal() or not 0 < int(port[:9]) < 65536:
        raise AsPromisedError(f"{URL_VARIABLE} gives a port that is none: write a number from 1 to 65535")
    user = settings.pop("user", "") or address.user
    if not user:
        raise AsPromisedError(f"{URL_VARIABLE} names no user: {SHAPE}")
    password = settings.pop("password", "") or address.password or None
    database = settings.pop("dbname", "") or address.database or user
    return URL.create(
        "postgresql+pg8000", user, password, host.strip("[]") or "localhost", int(port), database, settings
    )


def make_engine(url: URL) -> Engine:
    """Return the engine of a ledger; nothing is opened yet."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    bare, arguments = for_the_driver(url, URL_VARIABLE)
    engine = create_engine(bare, pool_pre_ping=True, connect_args=arguments)
    event.listen(engine, "connect", _wait_for_answers)
    return engine


@contextmanager
def reading_ledger(engine: Engine) -> Iterator[Connection]:
    """Give a connection to look with; AsPromisedError where the ledger cannot be reached."""
    with translate_database_errors(engine), engine.connect() as con, con.begin():
        yield con


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """Give a connection that no other writer shares, and commit at the end: what was written then is on disk."""
    with (
        translate_database_errors(engine),
        engine.connect().execution_options(begin="begin immediate") as con,
        con.begin(),
    ):
        if con.dialect.name == "postgresql":
            con.execute(text(f"set local lock_timeout = '{WAIT_SECONDS}s'"))
            con.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield con


@contextmanager
def translate_database_errors(engine: Engine) -> Iterator[None]:
    """Turn what a database complains of into an AsPromisedError, without the password."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError, UnicodeError) as error:
        said = _words_of(error)
        where = engine.url.render_as_string(hide_password=True)
        why = mend(said, URL_VARIABLE) or said.partition("\n")[0].strip() or "it does not say why"
        raise AsPromisedError(f"the ledger {where} cannot be used: {why}") from error


def _words_of(error: BaseException) -> str:
    """Return what the database said, or why it could not be asked; PostgreSQL's message alone, of all it sends."""
    first = error.orig if isinstance(error, DBAPIError) and error.orig else error
    sent = first.args[0] if first.args else ""
    if isinstance(sent, dict):
        return str(sent.get("M", ""))
    return str(first.__cause__ or first)


def _wait_for_answers(raw: Any, _: Any) -> None:
    """End the limit on connecting: a statement may wait for its turn."""
    raw._usock.settimeout(None)


def _prepare_sqlite(raw: Any, _: Any) -> None:
    """Take over transactions from the driver, and have every commit on disk before it is answered."""
    raw.isolation_level = None
    raw.execute("pragma synchronous = full")


def _begin_sqlite(con: Connection) -> None:
    con.exec_driver_sql(con.get_execution_options().get("begin", "begin"))
