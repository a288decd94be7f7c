"""What holds for every test: the same examples on every machine and day, and none that fails for being slow."""

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

from aspromised.chart.base import figure

_ANY_PACE = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("gate", derandomize=True, **_ANY_PACE)
settings.register_profile("explore", print_blob=True, **_ANY_PACE)
settings.load_profile("gate")  # `make test ARGS=--hypothesis-profile=explore` looks for new examples

# Tests side by side are given one; tables are as wide as they are unless a test says so.
os.environ.pop("COLUMNS", None)


@pytest.fixture(autouse=True)
def _main_stays_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put `__main__` back: the app under test leaves its page there, and a new process would run that page."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(autouse=True)
def _every_chart_is_validated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold every chart that is shown against Vega-Lite's schema, also those of ours that a page trusts us with."""
    monkeypatch.setattr(figure, "_is_validated", lambda _: True)
