"""What holds for every test: the same examples on every machine and day, and none that fails for being slow."""

import gc
import os
import sys

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from aspromised.chart.base import figure

_ANY_PACE = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("gate", derandomize=True, **_ANY_PACE)
settings.register_profile("explore", print_blob=True, **_ANY_PACE)
settings.load_profile("gate")  # `make test ARGS=--hypothesis-profile=explore` looks for new examples

# Tests side by side are given one; tables are as wide as they are unless a test says so.
os.environ.pop("COLUMNS", None)


_BUILT_ONCE = ("tests/browser/", "tests/demo/")
"""Folders whose files share what is slow to build: the browser and its servers, the demo companies."""


class BySharing(LoadFileScheduling):
    """Tests side by side: a worker takes a whole file, or the whole of a folder that builds something once for its files."""

    def _split_scope(self, nodeid: str) -> str:
        return next((each for each in _BUILT_ONCE if nodeid.startswith(each)), super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> BySharing | None:
    return BySharing(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """Leave what every test shares, a million objects, out of all later searches for garbage: Streamlit begins one after each run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _main_stays_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put `__main__` back: the app under test leaves its page there, and a new process would run that page."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(autouse=True)
def _every_chart_is_validated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold every chart that is shown against Vega-Lite's schema, also those of ours that a page trusts us with."""
    monkeypatch.setattr(figure, "_is_validated", lambda _: True)
