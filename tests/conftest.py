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

LONGEST = (
    "tests/browser/",
    "tests/demo/",
    "tests/refreshing/test_adding.py",
    "tests/judge/readiness/test_known_then.py",
    "tests/judge/remote/test_demo_there.py",
    "tests/refreshing/test_fingerprint.py",
    "tests/e2e/test_one_answer.py",
    "tests/e2e/test_demo.py",
    "tests/app/test_edge_days.py",
    "tests/app/test_doors.py",
    "tests/e2e/test_bad_input.py",
    "tests/e2e/test_launches.py",
    "tests/cli/test_check_all_at_once.py",
    "tests/judge/clocks/test_elapsed.py",
    "tests/e2e/test_wheel.py",
    "tests/store/test_kill.py",
    "tests/analyse/test_harm_demo.py",
    "tests/refreshing/test_formats_agree.py",
)
"""What takes longest, longest first. It is begun first: begun last, by one worker, it would keep the other waiting."""


class BySharing(LoadFileScheduling):
    """Tests side by side: a worker takes a whole file, or the whole of a folder that builds something once for its files."""

    def _split_scope(self, nodeid: str) -> str:
        return _taken_whole(nodeid)


def _taken_whole(nodeid: str) -> str:
    """Return the folder or file that one worker takes with this test."""
    return next((each for each in _BUILT_ONCE if nodeid.startswith(each)), nodeid.split("::", 1)[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> BySharing | None:
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # files of few tests are not the short ones
    return BySharing(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Side by side, what takes longest comes first; else tests stay in their order."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: longest_first(item.nodeid))


def longest_first(nodeid: str) -> int:
    """Return the place of a test among the longest, which is behind all of them for any other."""
    taken = _taken_whole(nodeid)
    return LONGEST.index(taken) if taken in LONGEST else len(LONGEST)


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
