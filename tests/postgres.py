"""A PostgreSQL server of the tests' own: on loopback, on a free port, in a temporary folder, gone afterwards.

    with serving_postgres() as server:
        server.run("create table t (n integer)")
        create_engine(server.url)

The server refuses to run as root, so root's tests run it as `nobody`. Tests that need it carry `@needs_postgres`.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import pytest

from tests.patience import PATIENCE

USER, PASSWORD, DATABASE = "shop", "a:b/c@d %41", "postgres"
"""The password holds every sign that has to be written otherwise in a URL."""

WRITTEN_PASSWORD = "a%3Ab%2Fc%40d%20%2541"


def binaries() -> Path | None:
    """Return the folder of the server's programs, the newest where there are several."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: float(each.parent.name))
    return next((each for each in reversed(places) if (each / "postgres").exists()), None)


needs_postgres = pytest.mark.skipif(
    binaries() is None, reason="no PostgreSQL server is installed (Debian's package `postgresql`)"
)


@dataclass
class Server:
    """A running server; `stop` and `start` it to see what happens."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of a superuser."""
        return self.address()

    def address(self, user: str = USER, password: str = WRITTEN_PASSWORD, database: str = DATABASE) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def run(self, *statements: str) -> None:
        """Run statements, each for itself."""
        with adbc.connect(self.url, autocommit=True) as con, con.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with adbc.connect(self.url) as con, con.cursor() as cursor:
            cursor.execute(query)
            return [tuple(row) for row in cursor.fetchall()]

    def start(self) -> None:
        settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
            "shared_buffers=16MB",
        ]
        words = ["postgres", "-D", "data", "-p", str(self.port), *(f"-c{each}" for each in settings)]
        with (self.folder / "log").open("ab") as log:
            self.process = _run(self.folder, words, stdout=log, stderr=log)
        for _ in range(20 * PATIENCE):
            if self._answers():
                return
            assert self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.05)
        raise TimeoutError((self.folder / "log").read_text())

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE)
            self.process = None

    def _answers(self) -> bool:
        try:
            adbc.connect(self.url).close()
        except adbc.Error:
            return False
        return True


@contextmanager
def serving_postgres() -> Iterator[Server]:
    """Give a new, empty server that takes passwords only."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    server = Server(folder, _free_port())
    try:
        (folder / "password").write_text(PASSWORD)
        if os.getuid() == 0:
            for each in (folder, folder / "password"):
                os.chown(each, *_nobody())
        words = [
            "initdb",
            "-D",
            "data",
            "-U",
            USER,
            "--pwfile=password",
            "--auth=scram-sha-256",
            "-EUTF8",
            "--locale=C",
        ]
        made = _run(folder, [*words, "--no-sync"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        told = made.communicate(timeout=PATIENCE)[0]
        assert made.returncode == 0, told.decode()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _run(folder: Path, words: list[str], **more: Any) -> subprocess.Popen[bytes]:
    home = binaries()
    assert home, "no server is installed"
    if os.getuid() == 0:
        user, group = _nobody()
        more |= {"user": user, "group": group, "extra_groups": []}
    return subprocess.Popen([home / words[0], *words[1:]], cwd=folder, **more)


def _nobody() -> tuple[int, int]:
    known = pwd.getpwnam("nobody")
    return known.pw_uid, known.pw_gid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
