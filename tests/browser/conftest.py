"""One browser and one server a workspace for all browser tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.app.tiny import declared, refreshed, with_notebook
from tests.browser.harness import chromium, launched
from tests.e2e.conftest import Demo, demo
from tests.serving import serving

__all__ = ["demo"]

SAMPLE = Path(__file__).parents[1] / "notebook" / "notebooks" / "sample.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium; its tests are skipped only where it is not installed."""
    if not chromium():
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        running = launched(playwright)
        yield running
        running.close()


@pytest.fixture(scope="session")
def demo_url(demo: Demo, browser: Browser) -> Iterator[str]:
    """Return the address of the demo company's app."""
    with serving(demo.root) as url:
        yield url


@pytest.fixture(scope="session")
def tiny_url(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """Return the address of an app on a tiny workspace with two notebooks of its own, one with a failing cell."""
    root = with_notebook(refreshed(declared(tmp_path_factory.mktemp("browser") / "tiny")))
    shutil.copy(SAMPLE, root / "notebooks" / "sample.py")
    with serving(root) as url:
        yield url


@pytest.fixture(scope="session")
def empty_url(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """Return the address of an app where there is no workspace."""
    with serving(tmp_path_factory.mktemp("empty")) as url:
        yield url
