"""Starts the app in place of the running program."""

import errno
import os
import socket
import sys
import webbrowser
from asyncio import to_thread
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from streamlit import config

from aspromised.app.doors import CLOSED, HOST, UNSAFE, Doors, is_loopback
from aspromised.app.house import HOUSE
from aspromised.notebook.context import ROOT_VARIABLE
from aspromised.words.problems import AsPromisedError, MisuseError

_PORT_MENDS = {
    errno.EADDRINUSE: "another program does: give another --port, or none for the next free one",
    errno.EACCES: "you have no right to that port: give one above 1023",
}
OPEN_BROWSER = "--open-browser"
"""The word of the app's own command line that says so; Streamlit's way to say it lets it put its own notices on pages."""

_SAFE = {
    "server.headless": "true",
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.enableStaticServing": "false",
    "server.enableAgentApi": "false",
    "server.scriptHealthCheckEnabled": "false",
    "server.enableExpensiveMemoryStats": "false",
    "server.baseUrlPath": "",
    "server.customComponentBaseUrlPath": "",
    "global.developmentMode": "false",
    "global.unitTest": "false",
    "global.e2eTest": "false",
    "global.appTest": "false",
    "runner.magicEnabled": "false",
    "browser.gatherUsageStats": "false",
}
"""Said on the command line, where no environment variable and no `config.toml` of the current folder overrides it."""


def serve(
    root: Path,
    port: int | None = None,
    address: str = "localhost",
    browser: bool = True,
    doors: Doors = CLOSED,
) -> None:
    """Become the Streamlit server of the workspace at `root`; does not return.

    It listens on `address` only, which must be this machine's own unless `doors` are public: MisuseError otherwise.
    Without `port` it takes 8501, or the next free one.
    """
    if not (doors.is_public or is_loopback(address)):
        raise MisuseError(
            f"'{address}' can be reached from other machines, and the app has no sign-in: listen on localhost behind a"
            f" proxy that signs people in ({HOST} NAME), or give {UNSAFE} to let everyone in"
        )
    arguments = command(root, port, address, browser, doors)
    if port is not None:
        refuse_taken(address, port)
    environment = {**os.environ, ROOT_VARIABLE: str(root.resolve())}
    os.execve(arguments[0], arguments, environment)


def refuse_taken(address: str, port: int) -> None:
    """Raise AsPromisedError where nothing can listen on a port of an address, with how to mend it."""
    try:
        places = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, place in places[:1]:
            with socket.socket(family, kind, protocol) as trying:
                trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trying.bind(place)
    except OSError as error:
        mend = _PORT_MENDS.get(error.errno or 0, f"'{address}' is no address of this machine: give another")
        raise AsPromisedError(f"the app cannot listen on {address}:{port}: {mend}") from error


def command(
    root: Path, port: int | None, address: str = "localhost", browser: bool = False, doors: Doors = CLOSED
) -> list[str]:
    """Return the command line that serves `root`; -P, so that no file of the current folder stands in for a module."""
    app = HOUSE / "app.py"
    if not app.is_file():
        raise AsPromisedError(f"The app's pages are not in {HOUSE}: install AsPromised again.")
    watched = [folder for folder in (HOUSE / "notebooks", root.resolve() / "notebooks") if folder.is_dir()]
    options = {"server.address": address, "server.port": port, **_SAFE}
    flags = [f"--{name}={value}" for name, value in options.items() if value is not None]
    flags += [f"--server.folderWatchList={folder}" for folder in dict.fromkeys(watched)]
    words = [*doors.arguments(), *([OPEN_BROWSER] if browser else [])]
    return [sys.executable, "-P", "-m", "aspromised.app.launcher", "run", str(app), *flags, "--", *words]


@asynccontextmanager
async def browsing(_: object) -> AsyncIterator[None]:
    """Open a browser once the server listens, where it was asked for.

    Streamlit is always told that nobody sits before it: otherwise it offers its readers, on every page and in print,
    to install software of its own beside the app, and does so for whoever presses the button.
    """
    if OPEN_BROWSER in sys.argv[1:]:
        await to_thread(webbrowser.open, _url())
    yield


def _url() -> str:
    address = str(config.get_option("server.address") or "localhost")
    shown = "localhost" if address in ("0.0.0.0", "::") else f"[{address}]" if ":" in address else address
    return f"http://{shown}:{config.get_option('server.port')}"
