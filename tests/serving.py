"""A real server of the app, started as `aspromised app` starts it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aspromised.app.doors import CLOSED, Doors
from aspromised.app.house import HOUSE
from aspromised.app.serve import command
from tests.patience import PATIENCE

_STILL = {"STREAMLIT_SERVER_RUN_ON_SAVE": "false", "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none"}


@contextmanager
def serving(
    workspace: Path,
    address: str = "localhost",
    doors: Doors = CLOSED,
    plain: Mapping[str, str] | None = None,
    folder: Path | None = None,
    script: str = "app.py",
) -> Iterator[str]:
    """Serve `workspace` on a free port, started in `folder`; the address is good inside the block.

    With `plain`, a mapping of environment variables, it is started as `streamlit run app.py`, or another `script`.
    """
    port = _free_port()
    words = command(workspace, port, address, doors=doors)
    if plain is not None:
        words = [sys.executable, "-m", "streamlit", "run", str(HOUSE / script), f"--server.port={port}"]
    environment = {**os.environ, **_STILL, **(plain or {}), "ASPROMISED_WORKSPACE": str(workspace)}
    environment.setdefault("PYTHONPATH", str(HOUSE))
    server = subprocess.Popen(
        words, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        _wait(f"http://localhost:{port}/_stcore/health", server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return int(free.getsockname()[1])


def _wait(url: str, server: subprocess.Popen[str]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"the app ended: {server.stdout.read() if server.stdout else ''}")
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the app did not answer within {PATIENCE} s")
