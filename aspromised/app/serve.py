"""Starts the app in place of the running program."""

import os
import sys
from pathlib import Path

from aspromised.app.house import HOUSE
from aspromised.notebook.context import ROOT_VARIABLE
from aspromised.words.problems import AsPromisedError


def serve(root: Path, port: int | None = None, address: str = "localhost", browser: bool = True) -> None:
    """Become the Streamlit server of the workspace at `root`; does not return.

    It listens on `address` only. Without `port` it takes 8501, or the next free one.
    """
    arguments = command(root, port, address, browser)
    environment = {**os.environ, ROOT_VARIABLE: str(root.resolve())}
    os.execve(arguments[0], arguments, environment)


def command(root: Path, port: int | None, address: str, browser: bool) -> list[str]:
    """Return the command line that serves `root`."""
    app = HOUSE / "app.py"
    if not app.is_file():
        raise AsPromisedError(f"The app's pages are not in {HOUSE}: run it from a checkout of AsPromised.")
    watched = [folder for folder in (HOUSE / "notebooks", root.resolve() / "notebooks") if folder.is_dir()]
    options = {
        "server.address": address,
        "server.port": port,
        "server.headless": "false" if browser else "true",
    }
    flags = [f"--{name}={value}" for name, value in options.items() if value is not None]
    flags += [f"--server.folderWatchList={folder}" for folder in dict.fromkeys(watched)]
    return [sys.executable, "-m", "aspromised.app", "run", str(app), *flags]
