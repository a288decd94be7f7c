"""Streamlit's settings of the current folder, of the user and of the environment are not the app's."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import serving

LOOK = """
from aspromised.app.launcher import keep_to_own_settings
keep_to_own_settings()
from streamlit import config
config._main_script_path = "app.py"
for name in ("theme.base", "browser.serverAddress", "theme.fontFaces", "server.sslCertFile", "client.toolbarMode"):
    print(name, config.get_option(name), config.get_where_defined(name).rpartition("/")[2])
"""

SESSIONS = """
from aspromised.app.launcher import keep_to_own_settings
keep_to_own_settings()
from streamlit import config
config._main_script_path = "app.py"
print(config.get_option("server.fileWatcherType"), config.get_option("runner.postScriptGC"))
"""


def hostile(folder: Path, address: str) -> None:
    """Write settings that name an address and files."""
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "config.toml").write_text(
        f'[theme]\nbase = "{address}"\nfontFaces = [{{family = "f", url = "{address}"}}]\n'
        f'[browser]\nserverAddress = "evil.example"\n[server]\nsslCertFile = "/x"\nsslKeyFile = "/x"\n'
        '[client]\ntoolbarMode = "developer"\n'
    )


def test_no_foreign_file_or_variable_sets_anything(tmp_path: Path) -> None:
    for name in ("here", "home"):
        (tmp_path / name).mkdir()
        hostile(tmp_path / name, "http://127.0.0.1:9/x.toml")
    variables = {
        "HOME": str(tmp_path / "home"),
        "STREAMLIT_THEME_BASE": "/x.toml",
        "STREAMLIT_BROWSER_SERVER_ADDRESS": "evil.example",
    }
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env=os.environ | variables, cwd=tmp_path / "here", capture_output=True, text=True
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "theme.base None <default>",
        "browser.serverAddress localhost <default>",
        "theme.fontFaces None <default>",
        "server.sslCertFile None <default>",
        "client.toolbarMode minimal config.toml",
    ], done.stderr


def test_no_session_holds_up_the_others_by_watching_files_or_collecting(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SESSIONS], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == "none False", done.stderr


def test_starting_the_app_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        address = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/x.toml"
        hostile(tmp_path, address)
        monkeypatch.setenv("STREAMLIT_THEME_BASE", address)
        with serving(tmp_path / "none", folder=tmp_path), pytest.raises(BlockingIOError):
            elsewhere.accept()
