"""Runs Streamlit by the app's own settings alone: `python -m aspromised.app.launcher run …`, in place of `python -m streamlit run …`.

Streamlit takes settings from the current folder's `.streamlit/config.toml`, the user's and the environment, and some of them
name addresses that it fetches or files that it reads (`theme.base`) before anything of the app runs.
"""

import os

from streamlit import config
from streamlit.web import cli

from aspromised.app.house import HOUSE

PREFIX = "STREAMLIT_"
KEPT = ("STREAMLIT_SERVER_RUN_ON_SAVE", "STREAMLIT_SERVER_FILE_WATCHER_TYPE", "STREAMLIT_LOGGER_LEVEL")
"""What the environment may say to Streamlit: whether it watches files, and how much it tells in the log."""


def keep_to_own_settings() -> None:
    """Have Streamlit read no `config.toml` but the app's own, and nothing of the environment but what is KEPT."""
    for name in [name for name in os.environ if name.upper().startswith(PREFIX) and name not in KEPT]:
        del os.environ[name]
    usual = config.get_config_files

    def own(file_name: str) -> list[str]:
        return [str(HOUSE / ".streamlit" / file_name)] if file_name == "config.toml" else usual(file_name)

    config.get_config_files = own


if __name__ == "__main__":
    keep_to_own_settings()
    cli.main(prog_name="streamlit")
